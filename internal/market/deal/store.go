package deal

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Insert writes a new deal in the state draft.
func Insert(ctx context.Context, tx *db.Tx, d Deal) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO deal (id, merchant_id, state, terms_version, threshold_kind, threshold,
 capacity, per_person, starts_at, ends_at, ask_when_short, created_at, version)
 VALUES ($1, $2, 'draft', 1, $3, $4, $5, $6, $7, $8, $9, $10, 1)`,
		string(d.ID), string(d.MerchantID), string(d.ThresholdKind), d.Threshold, d.Capacity, d.PerPerson,
		db.TimeArg(d.StartsAt), db.TimeArg(d.EndsAt), d.AskWhenShort, db.Micros(tx.Now()))
	return err
}

// Rewrite replaces the numbers of a draft or a returned deal; false when it is neither any more.
func Rewrite(ctx context.Context, tx *db.Tx, d Deal) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE deal SET threshold_kind = $2, threshold = $3, capacity = $4, per_person = $5,
 starts_at = $6, ends_at = $7, ask_when_short = $8, version = version + 1
 WHERE id = $1 AND state IN ('draft', 'returned')`,
		string(d.ID), string(d.ThresholdKind), d.Threshold, d.Capacity, d.PerPerson, db.TimeArg(d.StartsAt),
		db.TimeArg(d.EndsAt), d.AskWhenShort)
	return n == 1, err
}

// ReplaceOptions writes the options of a deal that has sold nothing.
func ReplaceOptions(ctx context.Context, tx *db.Tx, id market.DealID, options []Option) error {
	if _, err := db.Exec(ctx, tx,
		`DELETE FROM deal_option WHERE deal_id = $1 AND held_units = 0 AND paid_units = 0`, string(id)); err != nil {
		return err
	}
	rows := make([][]any, len(options))
	for i, o := range options {
		rows[i] = []any{string(o.ID), string(id), o.Position, o.Name, o.ListPrice, o.Price, o.Quantity, o.Uses}
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "deal_option", Columns: []string{
		"id", "deal_id", "position", "name", "list_price", "price", "quantity", "uses"}}, rows)
	return err
}

// ReplaceRegions writes where a deal is shown.
func ReplaceRegions(ctx context.Context, tx *db.Tx, id market.DealID, regions []market.RegionID) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM deal_region WHERE deal_id = $1`, string(id)); err != nil {
		return err
	}
	rows := make([][]any, len(regions))
	for i, r := range regions {
		rows[i] = []any{string(id), string(r)}
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "deal_region", Columns: []string{"deal_id", "region_id"},
		OnConflict: "ON CONFLICT (deal_id, region_id) DO NOTHING"}, rows)
	return err
}

// Regions lists where a deal is shown.
func Regions(ctx context.Context, q db.Querier, id market.DealID) ([]market.RegionID, error) {
	return db.All(ctx, q, db.Scalar[market.RegionID],
		`SELECT region_id FROM deal_region WHERE deal_id = $1 ORDER BY region_id`, string(id))
}

// Step is a guarded change of state. Values that are zero keep what stands.
type Step struct {
	ID           market.DealID
	From         State
	To           State
	StartsAt     time.Time
	EndsAt       time.Time
	PublicFrom   time.Time
	PublicUntil  time.Time
	AskUntil     time.Time
	SubmittedAt  time.Time
	Decided      bool
	Extended     bool
	Tipped       bool // the point was lowered in public to what was reached
	ReturnReason string
	TermsVersion int64
}

// Move changes a deal's state under the guard of the state it leaves; false when another was first.
func Move(ctx context.Context, tx *db.Tx, s Step) (bool, error) {
	now := db.Micros(tx.Now())
	var decided, tipped any
	if s.Decided {
		decided = now
	}
	if s.Tipped {
		tipped = now
	}
	n, err := db.Exec(ctx, tx, `UPDATE deal SET state = $3,
 starts_at = coalesce(CAST($4 AS bigint), starts_at), ends_at = coalesce(CAST($5 AS bigint), ends_at),
 public_from = coalesce(CAST($6 AS bigint), public_from), public_until = coalesce(CAST($7 AS bigint), public_until),
 ask_until = coalesce(CAST($8 AS bigint), ask_until), submitted_at = coalesce(CAST($9 AS bigint), submitted_at),
 decided_at = coalesce(CAST($10 AS bigint), decided_at), tipped_at = coalesce(tipped_at, CAST($11 AS bigint)),
 extended = CASE WHEN $12 = 1 THEN TRUE ELSE extended END, return_reason = $13,
 terms_version = CASE WHEN $14 > 0 THEN $14 ELSE terms_version END, version = version + 1
 WHERE id = $1 AND state = $2`,
		string(s.ID), string(s.From), string(s.To), db.TimeArg(s.StartsAt), db.TimeArg(s.EndsAt),
		db.TimeArg(s.PublicFrom), db.TimeArg(s.PublicUntil), db.TimeArg(s.AskUntil), db.TimeArg(s.SubmittedAt), decided,
		tipped, number(s.Extended), s.ReturnReason, s.TermsVersion)
	return n == 1, err
}

func number(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// LowerPoint sets the point to what was reached, for a short deal that its merchant accepts in public.
func LowerPoint(ctx context.Context, tx *db.Tx, id market.DealID) error {
	_, err := db.Exec(ctx, tx, `UPDATE deal SET version = version + 1,
 threshold = CASE threshold_kind WHEN 'people' THEN people WHEN 'units' THEN paid_units ELSE paid_won END
 WHERE id = $1 AND state = 'asking' AND paid_units > 0`, string(id))
	return err
}

// SetScore writes a deal's place in the operator's sorting.
func SetScore(ctx context.Context, tx *db.Tx, id market.DealID, score int64, parts string) error {
	_, err := db.Exec(ctx, tx, `UPDATE deal SET score = $2, score_parts = $3 WHERE id = $1`, string(id), score, parts)
	return err
}

// ListByMerchant lists a merchant's deals, newest first.
func ListByMerchant(ctx context.Context, q db.Querier, id market.MerchantID, limit int) ([]Deal, error) {
	return db.All(ctx, q, scanDeal, `SELECT `+dealColumns+` FROM deal WHERE merchant_id = $1
 ORDER BY created_at DESC, id DESC LIMIT $2`, string(id), limit)
}

// Queue lists submitted deals in order of arrival: their place in the line.
func Queue(ctx context.Context, q db.Querier, limit int) ([]Deal, error) {
	return db.All(ctx, q, scanDeal, `SELECT `+dealColumns+` FROM deal WHERE state = 'submitted'
 ORDER BY submitted_at, id LIMIT $1`, limit)
}

// Place is a submitted deal's place in the line, from 1.
func Place(ctx context.Context, q db.Querier, d Deal) (int64, error) {
	ahead, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM deal WHERE state = 'submitted'
 AND (submitted_at < $1 OR (submitted_at = $1 AND id < $2))`, db.TimeArg(d.SubmittedAt), string(d.ID))
	return ahead + 1, err
}

// ListByState lists deals of a state by their end.
func ListByState(ctx context.Context, q db.Querier, state State, limit int) ([]Deal, error) {
	return db.All(ctx, q, scanDeal, `SELECT `+dealColumns+` FROM deal WHERE state = $1 ORDER BY ends_at, id LIMIT $2`,
		string(state), limit)
}

// LogLine is one line of a deal's history; a public one is shown on its page.
type LogLine struct {
	ID     string
	DealID market.DealID
	Actor  string
	Action string
	Public bool
	Detail string
	At     time.Time
}

// Log adds a line to a deal's history.
func Log(ctx context.Context, tx *db.Tx, l LogLine) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO deal_log (id, deal_id, actor, action, public, detail, at)
 VALUES ($1, $2, $3, $4, $5, $6, $7)`, tx.NewID("dlg"), string(l.DealID), l.Actor, l.Action, l.Public, l.Detail,
		db.Micros(tx.Now()))
	return err
}

func scanLog(r db.Row) (LogLine, error) {
	var l LogLine
	err := r.Scan(&l.ID, &l.DealID, &l.Actor, &l.Action, &l.Public, &l.Detail, db.Time(&l.At))
	return l, err
}

// History lists a deal's lines, newest first.
func History(ctx context.Context, q db.Querier, id market.DealID, limit int) ([]LogLine, error) {
	return db.All(ctx, q, scanLog, `SELECT id, deal_id, actor, action, public, detail, at FROM deal_log
 WHERE deal_id = $1 ORDER BY id DESC LIMIT $2`, string(id), limit)
}

// Bookmark keeps a deal for an account; notify asks for a message when its sale begins.
func Bookmark(ctx context.Context, tx *db.Tx, account market.AccountID, id market.DealID, notify bool) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO deal_bookmark (account_id, deal_id, notify, at) VALUES ($1, $2, $3, $4)
 ON CONFLICT (account_id, deal_id) DO UPDATE SET notify = excluded.notify`,
		string(account), string(id), notify, db.Micros(tx.Now()))
	return err
}

// Unbookmark lets a kept deal go.
func Unbookmark(ctx context.Context, tx *db.Tx, account market.AccountID, id market.DealID) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM deal_bookmark WHERE account_id = $1 AND deal_id = $2`,
		string(account), string(id))
	return err
}

// Bookmarked tells whether an account keeps a deal, and whether it asked to be told.
func Bookmarked(
	ctx context.Context, q db.Querier, account market.AccountID, id market.DealID,
) (kept, notify bool, err error) {
	notify, err = db.One(ctx, q, db.Scalar[bool],
		`SELECT notify FROM deal_bookmark WHERE account_id = $1 AND deal_id = $2`, string(account), string(id))
	if db.IsNoRow(err) {
		return false, false, nil
	}
	return err == nil, notify, err
}

// ListBookmarks lists the deals an account keeps, newest first.
func ListBookmarks(ctx context.Context, q db.Querier, account market.AccountID, limit int) ([]market.DealID, error) {
	return db.All(ctx, q, db.Scalar[market.DealID], `SELECT deal_id FROM deal_bookmark WHERE account_id = $1
 ORDER BY at DESC LIMIT $2`, string(account), limit)
}
