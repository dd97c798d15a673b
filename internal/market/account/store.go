package account

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, email, email_key, name, password_hash, locale, staff_role, home_region, confirmed_at, blocked_at,
	created_at, session_epoch, version`

func scan(r db.Row) (Account, error) {
	var a Account
	err := r.Scan(&a.ID, &a.Email, &a.EmailKey, &a.Name, &a.PasswordHash, &a.Locale, &a.Staff, &a.HomeRegion,
		db.Time(&a.ConfirmedAt), db.Time(&a.BlockedAt), db.Time(&a.CreatedAt), &a.Epoch, &a.Version)
	return a, err
}

func unknown(err error) error {
	if db.IsNoRow(err) {
		return ErrUnknown
	}
	return err
}

// Find gives an account, or ErrUnknown.
func Find(ctx context.Context, q db.Querier, id market.AccountID) (Account, error) {
	a, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM account WHERE id = $1`, string(id))
	return a, unknown(err)
}

// FindByEmail gives the account of an address's key, or ErrUnknown.
func FindByEmail(ctx context.Context, q db.Querier, key string) (Account, error) {
	a, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM account WHERE email_key = $1`, key)
	return a, unknown(err)
}

// ListByIDs gives the accounts of a set of ids, in no order; missing ones are left out.
func ListByIDs(ctx context.Context, q db.Querier, ids []market.AccountID) ([]Account, error) {
	return db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM account WHERE id IN `+db.IDsMark, ids)
}

// ListStaff gives the operator's people by name.
func ListStaff(ctx context.Context, q db.Querier) ([]Account, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM account WHERE staff_role <> '' ORDER BY name, id`)
}

// StaffExists reports whether the instance has anybody to run it.
func StaffExists(ctx context.Context, q db.Querier) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM account WHERE staff_role <> ''`)
	return n > 0, err
}

// Insert writes a new account at version 1, or answers ErrTaken when the address has one.
func Insert(ctx context.Context, tx *db.Tx, a Account) error {
	n, err := db.Exec(ctx, tx, `INSERT INTO account (id, email, email_key, name, password_hash, locale, staff_role,
		home_region, confirmed_at, blocked_at, created_at, session_epoch, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, 0, 1) ON CONFLICT (email_key) DO NOTHING`,
		string(a.ID), a.Email, a.EmailKey, a.Name, a.PasswordHash, a.Locale, string(a.Staff), string(a.HomeRegion),
		db.Micros(a.ConfirmedAt), db.Micros(a.CreatedAt))
	if err == nil && n == 0 {
		return ErrTaken
	}
	return err
}

func one(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrUnknown
	}
	return err
}

// SetProfile changes name, language and home region.
func SetProfile(ctx context.Context, tx *db.Tx, a Account) error {
	return one(db.Exec(ctx, tx, `UPDATE account SET name = $1, locale = $2, home_region = $3, version = version + 1
		WHERE id = $4`, a.Name, a.Locale, string(a.HomeRegion), string(a.ID)))
}

// SetPassword stores a new hash and ends every sign-in.
func SetPassword(ctx context.Context, tx *db.Tx, id market.AccountID, hash string) error {
	return one(db.Exec(ctx, tx, `UPDATE account SET password_hash = $1, session_epoch = session_epoch + 1,
		version = version + 1 WHERE id = $2`, hash, string(id)))
}

// Rehash stores the same password at another cost; it changes nothing if the hash was replaced meanwhile.
func Rehash(ctx context.Context, tx *db.Tx, id market.AccountID, old, fresh string) error {
	_, err := db.Exec(ctx, tx, `UPDATE account SET password_hash = $1 WHERE id = $2 AND password_hash = $3`,
		fresh, string(id), old)
	return err
}

// EndSessions ends every sign-in of an account at once.
func EndSessions(ctx context.Context, tx *db.Tx, id market.AccountID) error {
	return one(db.Exec(ctx, tx, `UPDATE account SET session_epoch = session_epoch + 1, version = version + 1
		WHERE id = $1`, string(id)))
}

// Block shuts an account and ends its sign-ins; blocking twice keeps the first instant.
func Block(ctx context.Context, tx *db.Tx, id market.AccountID) error {
	if err := keepAnAdmin(ctx, tx, id); err != nil {
		return err
	}
	return one(db.Exec(ctx, tx, `UPDATE account SET blocked_at = COALESCE(blocked_at, $1),
		session_epoch = session_epoch + 1, version = version + 1 WHERE id = $2`, db.Micros(tx.Now()), string(id)))
}

// Unblock opens an account again.
func Unblock(ctx context.Context, tx *db.Tx, id market.AccountID) error {
	return one(db.Exec(ctx, tx, `UPDATE account SET blocked_at = NULL, version = version + 1 WHERE id = $1`, string(id)))
}

// SetStaffRole gives or takes ("") a role at the operator's; the last admin keeps theirs (ErrLastAdmin).
func SetStaffRole(ctx context.Context, tx *db.Tx, id market.AccountID, role market.Role) error {
	if role != market.RoleAdmin {
		if err := keepAnAdmin(ctx, tx, id); err != nil {
			return err
		}
	}
	return one(db.Exec(ctx, tx, `UPDATE account SET staff_role = $1, session_epoch = session_epoch + 1,
		version = version + 1 WHERE id = $2`, string(role), string(id)))
}

// keepAnAdmin answers ErrLastAdmin when nobody else could run the instance. It writes every admin's row first, so that
// two admins who take each other's role at the same moment meet there and not in an instance without any.
func keepAnAdmin(ctx context.Context, tx *db.Tx, id market.AccountID) error {
	_, err := db.Exec(ctx, tx, `UPDATE account SET version = version WHERE staff_role = 'admin'`)
	if err != nil {
		return err
	}
	others, err := db.All(ctx, tx, db.Scalar[string], `SELECT id FROM account
		WHERE staff_role = 'admin' AND blocked_at IS NULL`)
	if err != nil {
		return err
	}
	if len(others) == 1 && others[0] == string(id) {
		return ErrLastAdmin
	}
	return nil
}

// LoadActor gives who an account is to the market: its name, staff role and shops. It answers ErrUnknown and
// ErrBlocked.
func LoadActor(ctx context.Context, q db.Querier, id market.AccountID) (market.Actor, error) {
	a, err := Find(ctx, q, id)
	if err != nil {
		return market.Actor{}, err
	}
	return actorOf(ctx, q, a)
}

func actorOf(ctx context.Context, q db.Querier, a Account) (market.Actor, error) {
	if a.Blocked() {
		return market.Actor{}, ErrBlocked
	}
	places, err := membershipsOf(ctx, q, []market.AccountID{a.ID})
	return a.actor(places[a.ID]), err
}

// actor is who the account acts as, with its places in shops.
func (a Account) actor(places []market.Membership) market.Actor {
	return market.Actor{AccountID: a.ID, Name: a.Name, Confirmed: !a.ConfirmedAt.IsZero(), Staff: a.Staff,
		Locale: a.Locale, Memberships: places}
}

// membershipsOf gives the places of accounts in shops, the oldest first.
func membershipsOf(
	ctx context.Context, q db.Querier, ids []market.AccountID,
) (map[market.AccountID][]market.Membership, error) {
	type place struct {
		id market.AccountID
		m  market.Membership
	}
	places, err := db.ByIDs(ctx, q, func(r db.Row) (p place, err error) {
		return p, r.Scan(&p.id, &p.m.MerchantID, &p.m.BranchID, &p.m.Role)
	}, `SELECT account_id, merchant_id, branch_id, role FROM merchant_member WHERE account_id IN {ids}
		ORDER BY added_at, merchant_id`, ids)
	out := make(map[market.AccountID][]market.Membership, len(places))
	for _, p := range places {
		out[p.id] = append(out[p.id], p.m)
	}
	return out, err
}

// purgeMax is how many dead rows Purge takes at once, so that the writer is not held long.
const purgeMax = 500

// PurgeDue tells whether Purge would find something, without taking the writer.
func PurgeDue(ctx context.Context, q db.Querier, now time.Time) (bool, error) {
	_, err := db.One(ctx, q, db.Scalar[string], `SELECT id FROM account_token WHERE expires_at < $1 AND purpose <> 'api'
		UNION ALL SELECT id FROM account_pending p WHERE expires_at < $1
			AND NOT EXISTS (SELECT 1 FROM account_token t WHERE t.pending_id = p.id)
		UNION ALL SELECT id FROM account_session WHERE seen_at < $1 LIMIT 1`,
		db.Micros(now.Add(-SessionDays*24*time.Hour)))
	if db.IsNoRow(err) {
		return false, nil
	}
	return err == nil, err
}

// Purge forgets expired sign-ups and tokens and old sign-ins, some at a time, and tells how many rows went.
func Purge(ctx context.Context, tx *db.Tx, now time.Time) (int64, error) {
	var sum int64
	for _, text := range []string{
		`DELETE FROM account_token WHERE id IN (SELECT id FROM account_token
			WHERE expires_at < $1 AND purpose <> 'api' LIMIT $2)`,
		`DELETE FROM account_pending WHERE id IN (SELECT id FROM account_pending p
			WHERE expires_at < $1 AND NOT EXISTS (SELECT 1 FROM account_token t WHERE t.pending_id = p.id) LIMIT $2)`,
		`DELETE FROM account_session WHERE id IN (SELECT id FROM account_session WHERE seen_at < $1 LIMIT $2)`,
	} {
		before := now.Add(-SessionDays * 24 * time.Hour)
		n, err := db.Exec(ctx, tx, text, db.Micros(before), purgeMax)
		if err != nil {
			return sum, err
		}
		sum += n
	}
	return sum, nil
}
