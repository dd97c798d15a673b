package check

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

// Result is what the look at the books before a day's payouts found (decision 31).
type Result struct {
	Day    string
	At     time.Time
	Found  int64     // faults, kept in Faults or not
	Faults []Fault   // the first ones
	Since  time.Time // of the first look that found something, zero when all is well
}

// recheckAfter is the wait before books that were not sound are looked at again.
const recheckAfter = 10 * time.Minute

// Sound reports books that break no invariant.
func (c Result) Sound() bool { return c.Found == 0 }

// Holds tells that a look need not be repeated: sound books for their day, others for some minutes.
func (c Result) Holds(now time.Time) bool {
	if c.Sound() {
		return c.Day == bizday.Day(now)
	}
	return now.Before(c.At.Add(recheckAfter))
}

// Next is the look that follows.
func (c Result) Next(now time.Time, found int64, faults []Fault) Result {
	next := Result{Day: bizday.Day(now), At: now, Found: found, Faults: faults, Since: c.Since}
	switch {
	case next.Sound():
		next.Since = time.Time{}
	case c.Sound():
		next.Since = now
	}
	return next
}

// Turned tells that sound books became unsound, or the other way round.
func (c Result) Turned(next Result) bool { return c.Sound() != next.Sound() }

// Err is why nothing may be paid out by itself, nil when all is well. A merchant reads it: it names what broke and
// nobody's row.
func (c Result) Err() error {
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

// Last gives the newest look at the books; the zero look, which holds for no day, before the first.
func Last(ctx context.Context, q db.Querier) (Result, error) {
	c, err := db.One(ctx, q, func(r db.Row) (Result, error) {
		var c Result
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
		return Result{}, nil
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

// Put writes a look at the books down, in place of the day's earlier one.
func Put(ctx context.Context, tx *db.Tx, c Result) error {
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
