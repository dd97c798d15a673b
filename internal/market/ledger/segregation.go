package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
)

// Custody is how the clients' money must be covered; market/policy holds the figures.
type Custody struct {
	ExternalGateways []string          // whose balances stand outside the operator's reach and count as assets
	CoverageBP       money.BasisPoints // of the liabilities, 10,000 for all of them
	BufferMin        money.Won         // of the operator's own money in custody
}

// Segregation is the equation between what is owed to clients and what stands outside for them.
type Segregation struct {
	Liabilities money.Won         // L
	Assets      money.Won         // A
	Required    money.Won         // the part of L that must be covered
	TopUp       money.Won         // what is missing to Required and the least buffer; of a day: what its task asks for
	Lines       []SegregationLine // the accounts that make up A and L
}

// SegregationLine is an account's part of the equation, on its normal side.
type SegregationLine struct {
	Account Account
	Client  Client
	Amount  money.Won
}

// Buffer is the operator's own money in custody, A − L; below zero the clients' money is not covered.
func (s Segregation) Buffer() money.Won { return s.Assets - s.Liabilities }

// CoverageBP is A / L in basis points, down; false when nothing is owed.
func (s Segregation) CoverageBP() (money.BasisPoints, bool) {
	if s.Liabilities <= 0 {
		return 0, false
	}
	bp, _ := money.MulDiv(max(s.Assets, 0), 10_000, s.Liabilities)
	return bp, true
}

// Broken tells that less stands outside than must.
func (s Segregation) Broken() bool { return s.Assets < s.Required }

// Segregate reckons the equation. It is prudent: balances of gateways count only when they stand outside, and what the
// suspense account owes us counts for nothing.
func (t Totals) Segregate(c Custody) Segregation {
	var s Segregation
	for _, info := range chart {
		if info.Client == NotClient {
			continue
		}
		amount := t.Balance(info.Account)
		switch {
		case info.Account == GatewayReceivable:
			amount = t.external(c.ExternalGateways)
		case info.Either:
			amount = max(amount, 0)
		}
		if amount == 0 {
			continue
		}
		s.Lines = append(s.Lines, SegregationLine{info.Account, info.Client, amount})
		if info.Client == ClientAsset {
			s.Assets += amount
		} else {
			s.Liabilities += amount
		}
	}
	s.Required = money.RateUp(max(s.Liabilities, 0), c.CoverageBP)
	s.TopUp = max(0, s.Required+c.BufferMin-s.Assets)
	return s
}

func (t Totals) external(gateways []string) money.Won {
	var own Totals
	for _, x := range t {
		if x.Account == GatewayReceivable && slices.Contains(gateways, x.Party) {
			own = append(own, x)
		}
	}
	return own.Balance(GatewayReceivable)
}

// Sweep is what bounds R19.
type Sweep struct {
	Custody
	Stated   money.Won // commission and its VAT on issued statements, corrections taken off: what is past R7
	InFlight money.Won // sweeps that were sent and not yet confirmed
}

// SweepLimit gives the most that may leave custody for the operator's account: no more than A − L − the least buffer,
// no more than stated commission not swept yet, and nothing while clients' money is not covered.
func (t Totals) SweepLimit(w Sweep) money.Won {
	s := t.Segregate(w.Custody)
	if s.TopUp > 0 {
		return 0
	}
	swept, returned := t.By(BankOperating, RuleSweep)
	limit := min(s.Buffer()-w.BufferMin, w.Stated-(swept-returned))
	return max(0, limit-w.InFlight)
}

// SegregationDay is the equation as it was written down for a day.
type SegregationDay struct {
	Day string
	At  time.Time
	Segregation
	DueDay     string    // until which the missing money must be there; "" when none is missing
	ToppedUpAt time.Time // zero while the task is open
}

// Open tells that the day's top-up is still to be made.
func (d SegregationDay) Open() bool { return d.TopUp > 0 && d.ToppedUpAt.IsZero() }

// Checkpoint names a day to write the equation down for.
type Checkpoint struct {
	Day    string // 2026-03-04
	DueDay string // until which a top-up must be made, the next business day by policy
	Custody
}

// Segregate reckons the equation at this instant and writes it down for the day. Running again for the same day
// replaces the figures; a task that was opened stays until the money is there, and keeps its date. When nothing is
// missing, the open tasks of all days are closed.
func Segregate(ctx context.Context, tx *db.Tx, c Checkpoint) (SegregationDay, error) {
	totals, err := Sum(ctx, tx)
	if err != nil {
		return SegregationDay{}, err
	}
	s := totals.Segregate(c.Custody)
	due := c.DueDay
	if s.TopUp == 0 {
		due = ""
	}
	text, err := json.Marshal(detailOf(s))
	if err != nil {
		return SegregationDay{}, err
	}
	row := []any{c.Day, db.Micros(tx.Now()), s.Liabilities, s.Assets, string(text), s.TopUp, due}
	if _, err := db.InsertMany(ctx, tx, segregationPut, [][]any{row}); err != nil {
		return SegregationDay{}, fmt.Errorf("segregation of %s: %w", c.Day, err)
	}
	if s.TopUp == 0 {
		if err := closeTopUps(ctx, tx); err != nil {
			return SegregationDay{}, err
		}
	}
	return SegregationOf(ctx, tx, c.Day)
}

var segregationPut = db.Insert{
	Table:   "ledger_segregation",
	Columns: []string{"day", "at", "liabilities", "assets", "detail", "top_up", "due_day"},
	OnConflict: `ON CONFLICT (day) DO UPDATE SET at = excluded.at, liabilities = excluded.liabilities,
  assets = excluded.assets, detail = excluded.detail,
  top_up = CASE WHEN excluded.top_up = 0 THEN ledger_segregation.top_up ELSE excluded.top_up END,
  due_day = CASE WHEN excluded.top_up = 0 OR ledger_segregation.top_up > 0 AND ledger_segregation.topped_up_at IS NULL
    THEN ledger_segregation.due_day ELSE excluded.due_day END,
  topped_up_at = CASE WHEN excluded.top_up > 0 THEN NULL ELSE ledger_segregation.topped_up_at END`,
}

// CloseTopUps closes the open top-up tasks if nothing is missing now: call it after R25 was posted.
func CloseTopUps(ctx context.Context, tx *db.Tx, c Custody) error {
	totals, err := Sum(ctx, tx)
	if err != nil || totals.Segregate(c).TopUp > 0 {
		return err
	}
	return closeTopUps(ctx, tx)
}

func closeTopUps(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE ledger_segregation SET topped_up_at = $1
 WHERE top_up > 0 AND topped_up_at IS NULL`, db.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("close top-ups: %w", err)
	}
	return nil
}

// detail is the stored form of the equation's parts.
type detail struct {
	Required money.Won    `json:"required"`
	Lines    []detailLine `json:"lines"`
}

type detailLine struct {
	Account Account   `json:"account"`
	Client  Client    `json:"client"`
	Amount  money.Won `json:"amount"`
}

func detailOf(s Segregation) detail {
	d := detail{Required: s.Required}
	for _, l := range s.Lines {
		d.Lines = append(d.Lines, detailLine(l))
	}
	return d
}

const segregationColumns = `day, at, liabilities, assets, detail, top_up, due_day, topped_up_at`

func scanSegregation(r db.Row) (SegregationDay, error) {
	var d SegregationDay
	var text string
	err := r.Scan(&d.Day, db.Time(&d.At), &d.Liabilities, &d.Assets, &text, &d.TopUp, &d.DueDay, db.Time(&d.ToppedUpAt))
	if err != nil {
		return SegregationDay{}, err
	}
	var kept detail
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return SegregationDay{}, fmt.Errorf("detail of %s: %w", d.Day, err)
	}
	d.Required = kept.Required
	for _, l := range kept.Lines {
		d.Lines = append(d.Lines, SegregationLine(l))
	}
	return d, nil
}

// SegregationOf gives the row of a day, or ErrDay.
func SegregationOf(ctx context.Context, q db.Querier, day string) (SegregationDay, error) {
	d, err := db.One(ctx, q, scanSegregation, `SELECT `+segregationColumns+` FROM ledger_segregation
 WHERE day = $1`, day)
	if db.IsNoRow(err) {
		return SegregationDay{}, ErrDay.With("Day", day)
	}
	return d, err
}

// SegregationDays gives the newest rows before a day, "" for the newest of all.
func SegregationDays(ctx context.Context, q db.Querier, before string, limit int) ([]SegregationDay, error) {
	if before == "" {
		before = "9999"
	}
	return db.All(ctx, q, scanSegregation, `SELECT `+segregationColumns+` FROM ledger_segregation
 WHERE day < $1 ORDER BY day DESC LIMIT $2`, before, limit)
}

// OpenTopUps gives the days whose top-up is still to be made, the oldest first.
func OpenTopUps(ctx context.Context, q db.Querier) ([]SegregationDay, error) {
	return db.All(ctx, q, scanSegregation, `SELECT `+segregationColumns+` FROM ledger_segregation
 WHERE top_up > 0 AND topped_up_at IS NULL ORDER BY day`)
}
