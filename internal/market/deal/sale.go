package deal

import (
	"context"
	"sort"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Sale is what a sale step needs of a deal, kept up to date in memory while a batch decides.
type Sale struct {
	Deal    Deal
	Options map[market.OptionID]*Option
}

// MayHold answers whether n units of an option can be held at this instant.
func (s *Sale) MayHold(option market.OptionID, n int64, now time.Time) error {
	d := &s.Deal
	if err := d.TakesHolds(now); err != nil {
		return err
	}
	o, ok := s.Options[option]
	if !ok {
		return ErrNoOption
	}
	left := min(d.Free(), o.Free())
	if left <= 0 {
		return ErrSoldOut
	}
	if n > left {
		return ErrFewerLeft.With("Left", left)
	}
	return nil
}

// FreeOf is how many units of an option could be held; false for an option that the deal does not have.
func (s *Sale) FreeOf(option market.OptionID) (int64, bool) {
	o, ok := s.Options[option]
	if !ok {
		return 0, false
	}
	return max(0, min(s.Deal.Free(), o.Free())), true
}

// Gathers is the start of a sale for whose beginning people may gather: zero for a deal that is not announced.
func (d *Deal) Gathers() time.Time {
	if d.State == Scheduled || d.State == OnSale {
		return d.StartsAt
	}
	return time.Time{}
}

// TakesHolds answers whether the window is open at this instant: it is half-open, [StartsAt, EndsAt).
func (d *Deal) TakesHolds(now time.Time) error {
	switch {
	case d.State == Scheduled, d.State == OnSale && now.Before(d.StartsAt):
		return ErrNotYet
	case d.State != OnSale, !now.Before(d.EndsAt):
		return ErrOver
	}
	return nil
}

// TakesMoney answers whether captured money may still become a place: until the deal is decided.
func (d *Deal) TakesMoney() bool { return d.State == OnSale || d.State == Closing }

// Move changes the counters in memory, so that the next command of a batch sees them.
func (s *Sale) Move(option market.OptionID, c Change) {
	s.Deal.HeldUnits += c.Held
	s.Deal.PaidUnits += c.Paid
	s.Deal.People += c.People
	s.Deal.PaidWon += c.Won
	if o, ok := s.Options[option]; ok {
		o.HeldUnits += c.Held
		o.PaidUnits += c.Paid
	}
}

// Change is what a batch does to one deal's counters.
type Change struct {
	DealID market.DealID
	Held   int64
	Paid   int64
	People int64
	Won    int64
	// Opening marks a change that takes units that were free: only an open sale may do so.
	Opening bool
	Options map[market.OptionID]OptionChange
}

// OptionChange is what a batch does to one option's counters.
type OptionChange struct {
	Held int64
	Paid int64
}

// Changes collects the changes of a batch, deal by deal.
type Changes map[market.DealID]*Change

// Add adds to a deal's and an option's counters.
func (c Changes) Add(dealID market.DealID, option market.OptionID, step Change) {
	at, ok := c[dealID]
	if !ok {
		at = &Change{DealID: dealID, Options: map[market.OptionID]OptionChange{}}
		c[dealID] = at
	}
	at.Held += step.Held
	at.Paid += step.Paid
	at.People += step.People
	at.Won += step.Won
	at.Opening = at.Opening || step.Opening
	o := at.Options[option]
	o.Held += step.Held
	o.Paid += step.Paid
	at.Options[option] = o
}

const dealColumns = `id, merchant_id, state, terms_version, threshold_kind, threshold, capacity, per_person,
 starts_at, ends_at, public_from, public_until, ask_when_short, ask_until, extended, held_units, paid_units, people,
 paid_won, tipped_at, decided_at, submitted_at, score, score_parts, return_reason, created_at, version`

func scanDeal(r db.Row) (Deal, error) {
	var d Deal
	err := r.Scan(&d.ID, &d.MerchantID, &d.State, &d.TermsVersion, &d.ThresholdKind, &d.Threshold, &d.Capacity,
		&d.PerPerson, db.Time(&d.StartsAt), db.Time(&d.EndsAt), db.Time(&d.PublicFrom), db.Time(&d.PublicUntil),
		&d.AskWhenShort, db.Time(&d.AskUntil), &d.Extended, &d.HeldUnits, &d.PaidUnits, &d.People, &d.PaidWon,
		db.Time(&d.TippedAt), db.Time(&d.DecidedAt), db.Time(&d.SubmittedAt), &d.Score, &d.ScoreParts,
		&d.ReturnReason, db.Time(&d.CreatedAt), &d.Version)
	return d, err
}

const optionColumns = `id, deal_id, position, name, list_price, price, quantity, uses, held_units, paid_units`

func scanOption(r db.Row) (Option, error) {
	var o Option
	err := r.Scan(&o.ID, &o.DealID, &o.Position, &o.Name, &o.ListPrice, &o.Price, &o.Quantity, &o.Uses, &o.HeldUnits,
		&o.PaidUnits)
	return o, err
}

// LoadSales reads the deals of a batch with their options; a missing deal is missing in the answer.
func LoadSales(ctx context.Context, q db.Querier, ids []market.DealID) (map[market.DealID]*Sale, error) {
	deals, err := db.ByIDs(ctx, q, scanDeal, `SELECT `+dealColumns+` FROM deal WHERE id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	options, err := db.ByIDs(ctx, q, scanOption,
		`SELECT `+optionColumns+` FROM deal_option WHERE deal_id IN {ids} ORDER BY deal_id, position`, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[market.DealID]*Sale, len(deals))
	for _, d := range deals {
		out[d.ID] = &Sale{Deal: d, Options: map[market.OptionID]*Option{}}
	}
	for i := range options {
		if s, ok := out[options[i].DealID]; ok {
			s.Options[options[i].ID] = &options[i]
		}
	}
	return out, nil
}

var (
	dealClaim = db.Update{
		Table: "deal",
		Columns: []db.Column{
			{Name: "id", Type: "text"}, {Name: "held", Type: "bigint"}, {Name: "paid", Type: "bigint"},
			{Name: "people", Type: "bigint"}, {Name: "won", Type: "bigint"}, {Name: "opening", Type: "bigint"},
			{Name: "at", Type: "bigint"},
		},
		Set: `held_units = deal.held_units + v.held, paid_units = deal.paid_units + v.paid,
 people = deal.people + v.people, paid_won = deal.paid_won + v.won, version = deal.version + 1`,
		Where: `deal.id = v.id AND deal.held_units + deal.paid_units + v.held + v.paid <= deal.capacity
 AND deal.held_units + v.held >= 0 AND deal.paid_units + v.paid >= 0 AND deal.people + v.people >= 0
 AND deal.paid_won + v.won >= 0
 AND (v.opening = 0 OR (deal.state = 'on_sale' AND deal.starts_at <= v.at AND v.at < deal.ends_at))
 AND (v.paid <= 0 OR deal.state IN ('on_sale', 'closing'))`, // who gives money back after a cancellation must miss none
		Returning: "deal.id",
	}
	optionClaim = db.Update{
		Table: "deal_option",
		Columns: []db.Column{
			{Name: "id", Type: "text"}, {Name: "held", Type: "bigint"}, {Name: "paid", Type: "bigint"},
		},
		Set: `held_units = deal_option.held_units + v.held, paid_units = deal_option.paid_units + v.paid`,
		Where: `deal_option.id = v.id
 AND deal_option.held_units + deal_option.paid_units + v.held + v.paid <= deal_option.quantity
 AND deal_option.held_units + v.held >= 0 AND deal_option.paid_units + v.paid >= 0`,
		Returning: "deal_option.id",
	}
)

// Apply claims the changes under their guards. It answers false when any guard answered no row: the caller decides
// anew with fresh numbers.
func Apply(ctx context.Context, tx *db.Tx, changes Changes) (bool, error) {
	if len(changes) == 0 {
		return true, nil
	}
	now := db.Micros(tx.Now())
	var deals, options [][]any
	for _, c := range changes {
		opening := int64(0)
		if c.Opening {
			opening = 1
		}
		deals = append(deals, []any{string(c.DealID), c.Held, c.Paid, c.People, c.Won, opening, now})
		for id, o := range c.Options {
			options = append(options, []any{string(id), o.Held, o.Paid})
		}
	}
	byKey := func(rows [][]any) {
		sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	}
	byKey(deals)
	byKey(options)
	passed, err := db.UpdateMany(ctx, tx, optionClaim, options)
	if err != nil || len(passed) != len(options) {
		return false, err
	}
	passed, err = db.UpdateMany(ctx, tx, dealClaim, deals)
	return len(passed) == len(deals), err
}

// Tip decides the tipping point, once: true for the one call that reached it.
func Tip(ctx context.Context, tx *db.Tx, id market.DealID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE deal SET tipped_at = $2, version = version + 1
 WHERE id = $1 AND tipped_at IS NULL AND state IN ('on_sale', 'closing')
 AND CASE threshold_kind WHEN 'people' THEN people WHEN 'units' THEN paid_units ELSE paid_won END >= threshold`,
		string(id), db.Micros(tx.Now()))
	return n == 1, err
}

// HasTipped tells whether the point was reached, by whichever node.
func HasTipped(ctx context.Context, q db.Querier, id market.DealID) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64],
		`SELECT count(*) FROM deal WHERE id = $1 AND tipped_at IS NOT NULL`, string(id))
	return n == 1, err
}

// Tipped tells which of the deals have reached their point.
func Tipped(ctx context.Context, q db.Querier, ids []market.DealID) (map[market.DealID]bool, error) {
	rows, err := db.ByIDs(ctx, q, db.Scalar[market.DealID],
		`SELECT id FROM deal WHERE id IN {ids} AND tipped_at IS NOT NULL`, ids)
	out := make(map[market.DealID]bool, len(rows))
	for _, id := range rows {
		out[id] = true
	}
	return out, err
}

// FindOption reads one option.
func FindOption(ctx context.Context, q db.Querier, id market.OptionID) (Option, error) {
	o, err := db.One(ctx, q, scanOption, `SELECT `+optionColumns+` FROM deal_option WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return o, ErrNoOption
	}
	return o, err
}

// Find reads one deal.
func Find(ctx context.Context, q db.Querier, id market.DealID) (Deal, error) {
	d, err := db.One(ctx, q, scanDeal, `SELECT `+dealColumns+` FROM deal WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return d, ErrNotFound
	}
	return d, err
}

// Options reads a deal's options in their order.
func Options(ctx context.Context, q db.Querier, id market.DealID) ([]Option, error) {
	return db.All(ctx, q, scanOption,
		`SELECT `+optionColumns+` FROM deal_option WHERE deal_id = $1 ORDER BY position`, string(id))
}
