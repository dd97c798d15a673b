package account

import (
	"context"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const pendingColumns = `id, email, email_key, name, password_hash, locale, created_at, expires_at`

func scanPending(r db.Row) (Pending, error) {
	var p Pending
	err := r.Scan(&p.ID, &p.Email, &p.EmailKey, &p.Name, &p.PasswordHash, &p.Locale,
		db.Time(&p.CreatedAt), db.Time(&p.ExpiresAt))
	return p, err
}

// InsertPending notes a sign-up. Nobody can confirm it until a confirmation token was issued for it.
func InsertPending(ctx context.Context, tx *db.Tx, p Pending) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO account_pending (id, email, email_key, name, password_hash, locale,
		created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.Email, p.EmailKey, p.Name, p.PasswordHash, p.Locale, db.Micros(p.CreatedAt), db.Micros(p.ExpiresAt))
	return err
}

// FindPending gives a sign-up by its id, or ErrLink.
func FindPending(ctx context.Context, q db.Querier, id string, now time.Time) (Pending, error) {
	p, err := db.One(ctx, q, scanPending, `SELECT `+pendingColumns+` FROM account_pending
		WHERE id = $1 AND expires_at > $2`, id, db.Micros(now))
	return p, dead(err)
}

// CountPending tells how many sign-ups wait for an address since an instant.
func CountPending(ctx context.Context, q db.Querier, key string, since time.Time) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM account_pending
		WHERE email_key = $1 AND created_at > $2`, key, db.Micros(since))
}

// Become turns a sign-up into an account; all other sign-ups of the address die. It answers ErrTaken when the address
// has an account by now.
func Become(ctx context.Context, tx *db.Tx, p Pending) (Account, error) {
	a := Account{
		ID: market.AccountID(tx.NewID(market.PrefixAccount)), Email: p.Email, EmailKey: p.EmailKey, Name: p.Name,
		PasswordHash: p.PasswordHash, Locale: p.Locale, ConfirmedAt: tx.Now(), CreatedAt: tx.Now(), Version: 1,
	}
	if err := Insert(ctx, tx, a); err != nil {
		return Account{}, err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM account_token
		WHERE pending_id IN (SELECT id FROM account_pending WHERE email_key = $1)`, p.EmailKey)
	if err != nil {
		return Account{}, err
	}
	_, err = db.Exec(ctx, tx, `DELETE FROM account_pending WHERE email_key = $1`, p.EmailKey)
	return a, err
}

func dead(err error) error {
	if db.IsNoRow(err) {
		return ErrLink
	}
	return err
}

const tokenColumns = `id, account_id, pending_id, purpose, label, created_at, expires_at, used_at`

func scanToken(r db.Row) (Token, error) {
	var t Token
	err := r.Scan(&t.ID, db.Text(&t.AccountID), db.Text(&t.PendingID), &t.Purpose, &t.Label,
		db.Time(&t.CreatedAt), db.Time(&t.ExpiresAt), db.Time(&t.UsedAt))
	return t, err
}

// Issue keeps a new token's hash and gives the token itself, which nobody can read again.
func Issue(ctx context.Context, tx *db.Tx, t Token) (secret string, err error) {
	secret = NewSecret(tx.RandomBytes)
	if t.Purpose == PurposeAPI {
		secret = APIPrefix + secret
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO account_token
		(id, hash, account_id, pending_id, purpose, label, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.NewID(PrefixToken), HashSecret(secret), db.TextArg(t.AccountID), db.TextArg(t.PendingID),
		string(t.Purpose), t.Label, db.Micros(tx.Now()), db.Micros(t.ExpiresAt))
	return secret, err
}

// Peek gives a token that could be used now, without using it, or ErrLink.
func Peek(ctx context.Context, q db.Querier, purpose Purpose, secret string, now time.Time) (Token, error) {
	t, err := db.One(ctx, q, scanToken, `SELECT `+tokenColumns+` FROM account_token
		WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3`,
		HashSecret(secret), string(purpose), db.Micros(now))
	return t, dead(err)
}

// Use spends a token exactly once, or answers ErrLink.
func Use(ctx context.Context, tx *db.Tx, purpose Purpose, secret string) (Token, error) {
	t, err := db.One(ctx, tx, scanToken, `UPDATE account_token SET used_at = $1
		WHERE hash = $2 AND purpose = $3 AND used_at IS NULL AND expires_at > $4 RETURNING `+tokenColumns,
		db.Micros(tx.Now()), HashSecret(secret), string(purpose), db.Micros(tx.Now()))
	return t, dead(err)
}

// RevokeAll ends every unused token of a purpose that an account has; an empty account stands for setup tokens.
func RevokeAll(ctx context.Context, tx *db.Tx, id market.AccountID, purpose Purpose) error {
	_, err := db.Exec(ctx, tx, `UPDATE account_token SET used_at = $1
		WHERE COALESCE(account_id, '') = $2 AND purpose = $3 AND used_at IS NULL`,
		db.Micros(tx.Now()), string(id), string(purpose))
	return err
}

// Revoke ends one token of an account, or answers ErrUnknown.
func Revoke(ctx context.Context, tx *db.Tx, id market.AccountID, token string) error {
	return one(db.Exec(ctx, tx, `UPDATE account_token SET used_at = COALESCE(used_at, $1)
		WHERE id = $2 AND account_id = $3 AND purpose = 'api'`, db.Micros(tx.Now()), token, string(id)))
}

// ListTokens gives an account's living API tokens, newest first.
func ListTokens(ctx context.Context, q db.Querier, id market.AccountID, now time.Time) ([]Token, error) {
	return db.All(ctx, q, scanToken, `SELECT `+tokenColumns+` FROM account_token
		WHERE account_id = $1 AND purpose = 'api' AND used_at IS NULL AND expires_at > $2 ORDER BY id DESC`,
		string(id), db.Micros(now))
}

// ActorByToken gives who speaks through an API token. Whatever is wrong with it, the answer is ErrToken.
func ActorByToken(ctx context.Context, q db.Querier, secret string, now time.Time) (market.Actor, error) {
	found, err := ActorsByTokens(ctx, q, []string{secret}, now)
	if err != nil {
		return market.Actor{}, err
	}
	actor, ok := found[secret]
	if !ok {
		return market.Actor{}, ErrToken
	}
	return actor, nil
}

// ActorTables are the tables that say who somebody is.
func ActorTables() []string { return []string{"account", "account_token", "merchant_member"} }

// ActorsByTokens gives who speaks through each of some API tokens; one that is no good is missing in the answer.
func ActorsByTokens(
	ctx context.Context, q db.Querier, secrets []string, now time.Time,
) (map[string]market.Actor, error) {
	bySecret := make(map[string]string, len(secrets)) // by hash
	hashes := make([]string, 0, len(secrets))
	for _, secret := range secrets {
		if strings.HasPrefix(secret, APIPrefix) {
			hash := HashSecret(secret)
			hashes, bySecret[hash] = append(hashes, hash), secret
		}
	}
	type speaker struct {
		hash    string
		account Account
	}
	speakers, err := db.ByIDsOf(ctx, q, func(r db.Row) (s speaker, err error) {
		a := &s.account
		return s, r.Scan(&s.hash, &a.ID, &a.Name, &a.Locale, &a.Staff, db.Time(&a.ConfirmedAt), db.Time(&a.BlockedAt))
	}, db.Bound{Text: `SELECT t.hash, a.id, a.name, a.locale, a.staff_role, a.confirmed_at, a.blocked_at
		FROM account_token t JOIN account a ON a.id = t.account_id
		WHERE t.purpose = 'api' AND t.used_at IS NULL AND t.expires_at > $1 AND t.hash IN {ids}`,
		Args: []any{db.Micros(now)}}, hashes)
	if err != nil {
		return nil, err
	}
	ids := make([]market.AccountID, len(speakers))
	for i, s := range speakers {
		ids[i] = s.account.ID
	}
	places, err := membershipsOf(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[string]market.Actor, len(speakers))
	for _, s := range speakers {
		if !s.account.Blocked() {
			out[bySecret[s.hash]] = s.account.actor(places[s.account.ID])
		}
	}
	return out, nil
}

// RoomForToken refuses with ErrTooManyTokens when an account has as many living API tokens as it may.
func RoomForToken(ctx context.Context, tx *db.Tx, id market.AccountID) error {
	tokens, err := ListTokens(ctx, tx, id, tx.Now())
	if err == nil && len(tokens) >= TokensMax {
		err = ErrTooManyTokens.With("Max", TokensMax)
	}
	return err
}

// OldestOf is the id of the oldest token with a label, "" when there is none.
func OldestOf(tokens []Token, label string) string {
	oldest := Token{}
	for _, t := range tokens {
		if t.Label == label && (oldest.ID == "" || t.CreatedAt.Before(oldest.CreatedAt)) {
			oldest = t
		}
	}
	return oldest.ID
}
