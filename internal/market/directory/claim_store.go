package directory

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const claimColumns = `id, entry_id, merchant_id, account_id, state, reason, lost_to, created_at, asked_at, decided_at,
	version`

func scanClaim(row db.Row) (Claim, error) {
	var c Claim
	err := row.Scan(&c.ID, &c.EntryID, &c.MerchantID, &c.AccountID, &c.State, &c.Reason, &c.LostTo, db.Time(&c.CreatedAt),
		db.Time(&c.AskedAt), db.Time(&c.DecidedAt), &c.Version)
	return c, err
}

// FindClaim gives a claim of a shop, or ErrNoClaim; another shop's claim is not found.
func FindClaim(ctx context.Context, q db.Querier, id ClaimID, merchant market.MerchantID) (Claim, error) {
	c, err := db.One(ctx, q, scanClaim, `SELECT `+claimColumns+` FROM directory_claim WHERE id = $1 AND merchant_id = $2`,
		id, merchant)
	if db.IsNoRow(err) {
		return c, ErrNoClaim
	}
	return c, err
}

// ClaimsOf gives every claim of a shop, the oldest first.
func ClaimsOf(ctx context.Context, q db.Querier, merchant market.MerchantID) ([]Claim, error) {
	return db.All(ctx, q, scanClaim, `SELECT `+claimColumns+` FROM directory_claim WHERE merchant_id = $1 ORDER BY id`,
		merchant)
}

// Rivals gives the live claims on an entry, the oldest first, at most RivalsMax.
func Rivals(ctx context.Context, q db.Querier, entry EntryID) ([]Claim, error) {
	return db.All(ctx, q, scanClaim, `SELECT `+claimColumns+` FROM directory_claim
		WHERE entry_id = $1 AND state IN ('begun', 'asked') ORDER BY id LIMIT $2`, entry, RivalsMax)
}

// LiveOf gives the live claim that a person made on an entry, whatever the shop, or ErrNoClaim.
func LiveOf(ctx context.Context, q db.Querier, entry EntryID, account market.AccountID) (Claim, error) {
	c, err := db.One(ctx, q, scanClaim, `SELECT `+claimColumns+` FROM directory_claim
		WHERE entry_id = $1 AND account_id = $2 AND state IN ('begun', 'asked') ORDER BY id LIMIT 1`, entry, account)
	if db.IsNoRow(err) {
		return c, ErrNoClaim
	}
	return c, err
}

// AskedCursor is where a page of Asked goes on; the zero value begins.
type AskedCursor struct {
	At time.Time
	ID ClaimID
}

// Asked gives the claims before the operator, the longest waiting first.
func Asked(ctx context.Context, q db.Querier, after AskedCursor, limit int) ([]Claim, error) {
	from := int64(-1)
	if !after.At.IsZero() {
		from = db.Micros(after.At)
	}
	return db.All(ctx, q, scanClaim, `SELECT `+claimColumns+` FROM directory_claim
		WHERE state = 'asked' AND (asked_at, id) > ($1, $2) ORDER BY asked_at, id LIMIT $3`,
		from, after.ID, min(max(limit, 1), PageMax))
}

// AskedCount tells how many claims are before the operator.
func AskedCount(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM directory_claim WHERE state = 'asked'`)
}

// hold writes an unclaimed entry's row unchanged, so that whoever asks for it and whoever is given it meet there:
// ErrClaimed when somebody has it, ErrNotFound when there is none.
func hold(ctx context.Context, tx *db.Tx, id EntryID) error {
	n, err := db.Exec(ctx, tx, `UPDATE directory_entry SET version = version WHERE id = $1 AND state = 'unclaimed'`, id)
	if err != nil || n == 1 {
		return err
	}
	if _, err := Find(ctx, tx, id); err != nil {
		return err
	}
	return ErrClaimed
}

// OpenClaim writes a claim on an unclaimed entry and gives it as it stands; a live one of the same shop is given
// instead of a second. It refuses with ErrClaimed, ErrNotFound or ErrManyClaims.
func OpenClaim(ctx context.Context, tx *db.Tx, c Claim) (Claim, error) {
	if err := hold(ctx, tx, c.EntryID); err != nil {
		return c, err
	}
	live, err := db.All(ctx, tx, scanClaim, `SELECT `+claimColumns+` FROM directory_claim
		WHERE merchant_id = $1 AND state IN ('begun', 'asked') ORDER BY id LIMIT $2`, c.MerchantID, ClaimsMax)
	if err != nil {
		return c, err
	}
	for _, one := range live {
		if one.EntryID == c.EntryID {
			return one, nil
		}
	}
	if len(live) >= ClaimsMax {
		return c, ErrManyClaims.With("Max", ClaimsMax)
	}
	c.ID, c.CreatedAt, c.Version = ClaimID(tx.NewID(PrefixClaim)), tx.Now(), 1
	if c.State == ClaimAsked {
		c.AskedAt = tx.Now()
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO directory_claim (id, entry_id, merchant_id, account_id, state, created_at,
		asked_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`,
		c.ID, c.EntryID, c.MerchantID, c.AccountID, c.State, db.Micros(c.CreatedAt), db.TimeArg(c.AskedAt))
	return c, err
}

// move takes a claim one step from the state it was read in; ErrClaimState when the step is not allowed or it left that
// state meanwhile.
func move(ctx context.Context, tx *db.Tx, c Claim, action ClaimAction, reason string) error {
	to, err := c.State.Next(action)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE directory_claim SET state = $1, reason = $2, decided_at = $3,
		version = version + 1 WHERE id = $4 AND state = $5`, to, reason, db.Micros(tx.Now()), c.ID, c.State)
	if err == nil && n == 0 {
		return ErrClaimState.With("State", string(c.State), "Action", string(action))
	}
	return err
}

// AskClaims brings a shop's claims before the operator, with the registration that is handed in.
func AskClaims(ctx context.Context, tx *db.Tx, merchant market.MerchantID) error {
	_, err := db.Exec(ctx, tx, `UPDATE directory_claim SET state = 'asked', asked_at = $2, version = version + 1
		WHERE merchant_id = $1 AND state = 'begun'`, merchant, db.Micros(tx.Now()))
	return err
}

// ReturnClaims takes a shop's claims back to their owner, with the registration that is given back.
func ReturnClaims(ctx context.Context, tx *db.Tx, merchant market.MerchantID) error {
	_, err := db.Exec(ctx, tx, `UPDATE directory_claim SET state = 'begun', version = version + 1
		WHERE merchant_id = $1 AND state = 'asked'`, merchant)
	return err
}

// Grant gives an entry to the shop that claims it and refuses every other live claim on it, which it gives back:
// ErrClaimed when another shop has the entry.
func Grant(ctx context.Context, tx *db.Tx, c Claim) (lost []Claim, err error) {
	if _, err := c.State.Next(ActGrant); err != nil {
		return nil, err
	}
	// The entry first: two grants of it meet here, and the second one finds it taken.
	n, err := db.Exec(ctx, tx, `UPDATE directory_entry SET state = 'claimed', merchant_id = $2, claimed_at = $3,
		version = version + 1 WHERE id = $1 AND state = 'unclaimed'`, c.EntryID, c.MerchantID, db.Micros(tx.Now()))
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, ErrClaimed
	}
	if err := move(ctx, tx, c, ActGrant, ""); err != nil {
		return nil, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE directory_claim SET state = 'refused', lost_to = $2, decided_at = $3,
		version = version + 1 WHERE entry_id = $1 AND state IN ('begun', 'asked')`,
		c.EntryID, c.ID, db.Micros(tx.Now()))
	if err != nil {
		return nil, err
	}
	return db.All(ctx, tx, scanClaim, `SELECT `+claimColumns+` FROM directory_claim WHERE lost_to = $1 AND lost_to <> ''
		ORDER BY id`, c.ID)
}

// Refuse ends a live claim with a reason.
func Refuse(ctx context.Context, tx *db.Tx, c Claim, reason string) error {
	return move(ctx, tx, c, ActRefuse, reason)
}

// Withdraw ends a live claim by its owner.
func Withdraw(ctx context.Context, tx *db.Tx, c Claim) error {
	return move(ctx, tx, c, ActWithdraw, "")
}

// Release takes an entry back from the shop that was given it, with a reason; others may ask for it again.
func Release(ctx context.Context, tx *db.Tx, c Claim, reason string) error {
	if err := move(ctx, tx, c, ActRelease, reason); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE directory_entry SET state = 'unclaimed', merchant_id = NULL, claimed_at = NULL,
		version = version + 1 WHERE id = $1 AND state = 'claimed' AND merchant_id = $2`, c.EntryID, c.MerchantID)
	if err == nil && n == 0 {
		return ErrNotYours
	}
	return err
}
