package settlement

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// Fault is a row of our books that breaks an invariant, as doctor names it.
type Fault struct {
	Invariant int            `json:"invariant"`
	Code      string         `json:"code"`
	Row       string         `json:"row"`
	Args      map[string]any `json:"args,omitempty"`
}

// Check is what the look at the books before a day's payouts found (decision 31).
type Check struct {
	Day    string
	At     time.Time
	Found  int64     // faults, kept in Faults or not
	Faults []Fault   // the first ones
	Since  time.Time // of the first look that found something, zero when all is well
}

// recheckAfter is the wait before books that were not sound are looked at again.
const recheckAfter = 10 * time.Minute

// Sound reports books that break no invariant.
func (c Check) Sound() bool { return c.Found == 0 }

// Holds tells that a look need not be repeated: sound books for their day, others for some minutes.
func (c Check) Holds(now time.Time) bool {
	if c.Sound() {
		return c.Day == bizday.Day(now)
	}
	return now.Before(c.At.Add(recheckAfter))
}

// Next is the look that follows.
func (c Check) Next(now time.Time, found int64, faults []Fault) Check {
	next := Check{Day: bizday.Day(now), At: now, Found: found, Faults: faults, Since: c.Since}
	switch {
	case next.Sound():
		next.Since = time.Time{}
	case c.Sound():
		next.Since = now
	}
	return next
}

// Turned tells that sound books became unsound, or the other way round.
func (c Check) Turned(next Check) bool { return c.Sound() != next.Sound() }

// Err is why nothing may be paid out by itself, nil when all is well. A merchant reads it: it names what broke and
// nobody's row.
func (c Check) Err() error {
	if c.Sound() {
		return nil
	}
	var codes []string
	seen := map[string]bool{}
	for _, f := range c.Faults {
		if !seen[f.Code] {
			seen[f.Code] = true
			codes = append(codes, fmt.Sprintf("%d %s", f.Invariant, f.Code))
		}
	}
	return unsound(strings.Join(codes, ", "))
}

// unsound is a reason to hold payouts.
type unsound string

// Error gives the invariants that are broken.
func (u unsound) Error() string { return string(u) }

// LastCheck gives the newest look at the books; the zero look, which holds for no day, before the first.
func LastCheck(ctx context.Context, q db.Querier) (Check, error) {
	c, err := db.One(ctx, q, func(r db.Row) (Check, error) {
		var c Check
		var detail string
		if err := r.Scan(&c.Day, db.Time(&c.At), &c.Found, &detail, db.Time(&c.Since)); err != nil {
			return c, err
		}
		decoder := json.NewDecoder(strings.NewReader(detail))
		decoder.UseNumber() // won stay whole
		err := decoder.Decode(&c.Faults)
		for _, f := range c.Faults {
			whole(f.Args)
		}
		return c, err
	}, `SELECT day, at, found, detail, since FROM payout_check ORDER BY day DESC LIMIT 1`)
	if db.IsNoRow(err) {
		return Check{}, nil
	}
	return c, err
}

// whole turns numbers as they were written into won and counts.
func whole(args map[string]any) {
	for name, value := range args {
		if n, ok := value.(json.Number); ok {
			if won, err := n.Int64(); err == nil {
				args[name] = won
			}
		}
	}
}

// PutCheck writes a look at the books down, in place of the day's earlier one.
func PutCheck(ctx context.Context, tx *db.Tx, c Check) error {
	faults := c.Faults
	if faults == nil {
		faults = []Fault{}
	}
	detail, err := json.Marshal(faults)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO payout_check (day, at, found, detail, since) VALUES ($1, $2, $3, $4, $5)
 ON CONFLICT (day) DO UPDATE SET at = excluded.at, found = excluded.found, detail = excluded.detail,
 since = excluded.since`, c.Day, db.Micros(c.At), c.Found, string(detail), db.TimeArg(c.Since))
	return err
}

// HeldForBooks lists payouts after an id that wait because our books did not agree, the oldest first.
func HeldForBooks(ctx context.Context, q db.Querier, after string, limit int) ([]Payout, error) {
	return db.All(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payout
 WHERE state = 'held' AND hold_code = 'books' AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// HoldOtherwise gives a held payout the reason that a plan finds for it now; the first reason is past.
func HoldOtherwise(ctx context.Context, tx *db.Tx, p Payout) error {
	_, err := db.Exec(ctx, tx, `UPDATE payout SET hold_code = $2, hold_reason = $3, version = version + 1
 WHERE id = $1 AND state = 'held' AND hold_code = 'books'`, string(p.ID), string(p.HoldCode), p.HoldReason)
	return err
}

// Books reports a payout that waits because our books do not agree.
func (p Payout) Books() bool { return p.State == PayoutHeld && p.HoldCode == HoldBooks }
