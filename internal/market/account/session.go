package account

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Open notes a new sign-in at the account's present epoch and gives its id, which the browser's session carries.
func Open(ctx context.Context, tx *db.Tx, a Account, device, address string) (string, error) {
	id := tx.NewID(PrefixSession)
	now := db.Micros(tx.Now())
	_, err := db.Exec(ctx, tx, `INSERT INTO account_session (id, account_id, device, address, created_at, epoch, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, string(a.ID), shorten(device), shorten(address), now, a.Epoch, now)
	return id, err
}

// shorten keeps what a browser says of itself printable and small.
func shorten(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	for len(text) > deviceMax {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return text
}

// Seen is a believed sign-in: who it is, and whether its last sight is due to be written.
type Seen struct {
	Actor market.Actor
	Due   bool
}

// ActorBySession gives who is behind a sign-in. It answers ErrSignedOut when it ended, grew old, or belongs to an older
// epoch, and ErrBlocked.
func ActorBySession(ctx context.Context, q db.Querier, id string, now time.Time) (Seen, error) {
	type row struct {
		account market.AccountID
		epoch   int64
		seen    time.Time
	}
	s, err := db.One(ctx, q, func(r db.Row) (row, error) {
		var s row
		err := r.Scan(&s.account, &s.epoch, db.Time(&s.seen))
		return s, err
	}, `SELECT account_id, epoch, seen_at FROM account_session WHERE id = $1 AND ended_at IS NULL`, id)
	if db.IsNoRow(err) {
		return Seen{}, ErrSignedOut
	}
	if err != nil {
		return Seen{}, err
	}
	a, err := Find(ctx, q, s.account)
	if err != nil {
		return Seen{}, err
	}
	if a.Epoch != s.epoch || now.Sub(s.seen) > SessionDays*24*time.Hour {
		return Seen{}, ErrSignedOut
	}
	actor, err := actorOf(ctx, q, a)
	return Seen{Actor: actor, Due: now.Sub(s.seen) > SeenMinutes*time.Minute}, err
}

// KnowsDevice tells whether an account signed in from a device that said the same of itself, or never signed in at all.
func KnowsDevice(ctx context.Context, q db.Querier, id market.AccountID, device string) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM account_session
		WHERE account_id = $1 AND device = $2`, string(id), shorten(device))
	if err != nil || n > 0 {
		return n > 0, err
	}
	n, err = db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM account_session WHERE account_id = $1`, string(id))
	return n == 0, err
}

// Touch writes that a sign-in is in use.
func Touch(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `UPDATE account_session SET seen_at = $1 WHERE id = $2 AND ended_at IS NULL`,
		db.Micros(tx.Now()), id)
	return err
}

// End ends one sign-in of an account, or answers ErrUnknown; ending twice keeps the first instant.
func End(ctx context.Context, tx *db.Tx, id market.AccountID, session string) error {
	return one(db.Exec(ctx, tx, `UPDATE account_session SET ended_at = COALESCE(ended_at, $1)
		WHERE id = $2 AND account_id = $3`, db.Micros(tx.Now()), session, string(id)))
}

// ListSessions gives an account's living sign-ins, newest first.
func ListSessions(ctx context.Context, q db.Querier, id market.AccountID, now time.Time) ([]Session, error) {
	return db.All(ctx, q, func(r db.Row) (Session, error) {
		var s Session
		err := r.Scan(&s.ID, &s.AccountID, &s.Device, &s.Address, db.Time(&s.CreatedAt), db.Time(&s.SeenAt))
		return s, err
	}, `SELECT s.id, s.account_id, s.device, s.address, s.created_at, s.seen_at
		FROM account_session s JOIN account a ON a.id = s.account_id
		WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.epoch = a.session_epoch AND s.seen_at > $2
		ORDER BY s.created_at DESC, s.id DESC LIMIT 100`,
		string(id), db.Micros(now.Add(-SessionDays*24*time.Hour)))
}
