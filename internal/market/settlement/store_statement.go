package settlement

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, merchant_id, number, day, state, lines, price, commission, commission_vat, net, apart, first_seq,
 last_seq, payable_day, table_ended, opened_at, from_at, issued_at, object_until, confirmed_at, confirmed_by, payout_id,
 version`

func scan(r db.Row) (Statement, error) {
	var s Statement
	err := r.Scan(&s.ID, &s.MerchantID, &s.Number, &s.Day, &s.State, &s.Lines, &s.Price, &s.Commission,
		&s.CommissionVAT, &s.Net, &s.Apart, &s.FirstSeq, &s.LastSeq, &s.PayableDay, &s.TableEnded, db.Time(&s.OpenedAt),
		db.Time(&s.FromAt), db.Time(&s.IssuedAt), db.Time(&s.ObjectUntil), db.Time(&s.ConfirmedAt), &s.ConfirmedBy,
		db.Text(&s.PayoutID), &s.Version)
	return s, err
}

var lock = db.Insert{Table: "statement_seq", Columns: []string{"merchant_id", "last_seq", "last_number"},
	OnConflict: `ON CONFLICT (merchant_id) DO UPDATE SET last_seq = statement_seq.last_seq`}

// Lock makes every other change of these merchants' settlements wait until the transaction ends. It comes first, before
// anything of theirs is read to be changed.
func Lock(ctx context.Context, tx *db.Tx, merchants ...market.MerchantID) error {
	merchants = slices.Compact(slices.Sorted(slices.Values(merchants)))
	rows := make([][]any, len(merchants))
	for i, id := range merchants {
		rows[i] = []any{string(id), int64(0), int64(0)}
	}
	_, err := db.InsertMany(ctx, tx, lock, rows)
	return err
}

// OpenDraft gives the merchant's draft, a new one when there is none. The merchant is locked.
func OpenDraft(ctx context.Context, tx *db.Tx, id market.MerchantID) (Statement, error) {
	s, err := FindDraft(ctx, tx, id)
	if err == nil || !isNotFound(err) {
		return s, err
	}
	last, err := db.One(ctx, tx, func(r db.Row) ([2]int64, error) {
		var n [2]int64
		err := r.Scan(&n[0], &n[1])
		return n, err
	}, `SELECT last_seq, last_number FROM statement_seq WHERE merchant_id = $1`, string(id))
	if err != nil {
		return Statement{}, err
	}
	s = Statement{ID: market.StatementID(tx.NewID(market.PrefixStatement)), MerchantID: id, Number: last[1] + 1,
		State: Draft, FirstSeq: last[0] + 1, LastSeq: last[0], OpenedAt: tx.Now(), Version: 1}
	_, err = db.Exec(ctx, tx, `INSERT INTO statement (id, merchant_id, number, day, state, lines, price, commission,
 commission_vat, net, first_seq, last_seq, opened_at, version)
 VALUES ($1, $2, $3, '', 'draft', 0, 0, 0, 0, 0, $4, $5, $6, 1)`,
		string(s.ID), string(id), s.Number, s.FirstSeq, s.LastSeq, db.Micros(tx.Now()))
	if err != nil {
		return s, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE statement_seq SET last_number = $2 WHERE merchant_id = $1`, string(id), s.Number)
	return s, err
}

// FindDraft gives the merchant's draft, or ErrNotFound.
func FindDraft(ctx context.Context, q db.Querier, id market.MerchantID) (Statement, error) {
	return found(db.One(ctx, q, scan, `SELECT `+columns+` FROM statement WHERE merchant_id = $1 AND state = 'draft'`,
		string(id)))
}

// Find gives a statement, or ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.StatementID) (Statement, error) {
	return found(db.One(ctx, q, scan, `SELECT `+columns+` FROM statement WHERE id = $1`, string(id)))
}

// FindDay gives a merchant's issued statement of a day, or ErrNotFound.
func FindDay(ctx context.Context, q db.Querier, id market.MerchantID, day string) (Statement, error) {
	return found(db.One(ctx, q, scan, `SELECT `+columns+` FROM statement
 WHERE merchant_id = $1 AND day = $2 AND state <> 'draft'`, string(id), day))
}

func found[T any](value T, err error) (T, error) {
	if db.IsNoRow(err) {
		return value, ErrNotFound
	}
	return value, err
}

// List gives a merchant's statements below a number, 0 for the newest of all, newest first; a draft is among them.
func List(ctx context.Context, q db.Querier, id market.MerchantID, below int64, limit int) ([]Statement, error) {
	if below <= 0 {
		below = 1 << 62
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM statement WHERE merchant_id = $1 AND number < $2
 ORDER BY number DESC LIMIT $3`, string(id), below, limit)
}

// OfPayout lists the statements whose bodies a payout pays.
func OfPayout(ctx context.Context, q db.Querier, id market.PayoutID) ([]Statement, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM statement WHERE payout_id = $1 ORDER BY number`, string(id))
}

var insertLine = db.Insert{Table: "statement_line", Columns: []string{
	"id", "statement_id", "merchant_id", "seq", "kind", "source_id", "redemption_id", "voucher_id", "order_id", "deal_id",
	"branch_id", "units", "price", "commission", "commission_vat", "net", "at", "note",
}}

// Append adds lines to a draft and gives it as it then stands; the lines take their ids and numbers. The merchant is
// locked.
func Append(ctx context.Context, tx *db.Tx, s Statement, lines []Line) (Statement, error) {
	if len(lines) == 0 {
		return s, nil
	}
	rows := make([][]any, len(lines))
	for i := range lines {
		l := &lines[i]
		l.ID, l.StatementID, l.MerchantID, l.Seq = tx.NewID(market.PrefixLine), s.ID, s.MerchantID, s.LastSeq+int64(i)+1
		rows[i] = []any{l.ID, string(s.ID), string(s.MerchantID), l.Seq, string(l.Kind), l.SourceID,
			string(l.RedemptionID), string(l.VoucherID), string(l.OrderID), string(l.DealID), string(l.BranchID), l.Units,
			l.Price, l.Commission, l.CommissionVAT, l.Net, db.Micros(l.At), l.Note}
	}
	if _, err := db.InsertMany(ctx, tx, insertLine, rows); err != nil {
		return s, err
	}
	sum, n := total(lines), int64(len(lines))
	changed, err := db.Exec(ctx, tx, `UPDATE statement SET lines = lines + $2, price = price + $3,
 commission = commission + $4, commission_vat = commission_vat + $5, net = net + $6, last_seq = last_seq + $2,
 from_at = CASE WHEN from_at < $8 THEN from_at ELSE $8 END, version = version + 1
 WHERE id = $1 AND state = 'draft' AND last_seq = $7`,
		string(s.ID), n, sum.Price, sum.Commission, sum.CommissionVAT, sum.Net, s.LastSeq, db.Micros(sum.At))
	if err := guarded(changed, err); err != nil {
		return s, err
	}
	changed, err = db.Exec(ctx, tx, `UPDATE statement_seq SET last_seq = last_seq + $2
 WHERE merchant_id = $1 AND last_seq = $3`, string(s.MerchantID), n, s.LastSeq)
	if err := guarded(changed, err); err != nil {
		return s, err
	}
	return Find(ctx, tx, s.ID)
}

// guarded turns a guard that answered no row into ErrChanged.
func guarded(changed int64, err error) error {
	if err == nil && changed != 1 {
		return ErrChanged
	}
	return err
}

// Issue ends a draft: it becomes the merchant's statement of a day.
func Issue(ctx context.Context, tx *db.Tx, s Statement, day string, d Deadlines) (Statement, error) {
	changed, err := db.Exec(ctx, tx, `UPDATE statement SET state = 'issued', day = $2, payable_day = $3, table_ended = $4,
 issued_at = $5, object_until = $6, version = version + 1 WHERE id = $1 AND state = 'draft'`,
		string(s.ID), day, d.PayableDay, !d.Known, db.Micros(tx.Now()), db.Micros(d.ObjectUntil))
	if err := guarded(changed, err); err != nil {
		return s, err
	}
	return Find(ctx, tx, s.ID)
}

// Silent lists statements whose time for objections is over.
func Silent(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Statement, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM statement WHERE state = 'issued' AND object_until <= $1
 ORDER BY object_until, id LIMIT $2`, db.Micros(now), limit)
}

// Confirm makes the body of an issued statement payable; false when it was confirmed before. By is "" for silence.
func Confirm(ctx context.Context, tx *db.Tx, id market.StatementID, by market.AccountID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE statement SET state = 'confirmed', confirmed_at = $2, confirmed_by = $3,
 version = version + 1 WHERE id = $1 AND state = 'issued'`, string(id), db.Micros(tx.Now()), string(by))
	return n == 1, err
}

// DraftMerchants lists merchants with a draft that holds lines up to a day, after an id. A draft that was begun later
// waits for the next night.
func DraftMerchants(
	ctx context.Context, q db.Querier, day string, after market.MerchantID, limit int,
) ([]market.MerchantID, error) {
	_, end := DayBounds(day)
	return db.All(ctx, q, db.Scalar[market.MerchantID], `SELECT merchant_id FROM statement
 WHERE state = 'draft' AND from_at < $1 AND merchant_id > $2 ORDER BY merchant_id LIMIT $3`,
		db.Micros(end), string(after), limit)
}

// Stated is the operator's commission and its VAT on issued statements, corrections taken off, in won: what may leave
// custody once it was not swept yet.
func Stated(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64],
		`SELECT CAST(COALESCE(SUM(commission + commission_vat), 0) AS bigint) FROM statement WHERE state <> 'draft'`)
}

const lineColumns = `id, statement_id, merchant_id, seq, kind, source_id, redemption_id, voucher_id, order_id, deal_id,
 branch_id, units, price, commission, commission_vat, net, at, note`

func scanLine(r db.Row) (Line, error) {
	var l Line
	err := r.Scan(&l.ID, &l.StatementID, &l.MerchantID, &l.Seq, &l.Kind, &l.SourceID, &l.RedemptionID, &l.VoucherID,
		&l.OrderID, &l.DealID, &l.BranchID, &l.Units, &l.Price, &l.Commission, &l.CommissionVAT, &l.Net, db.Time(&l.At),
		&l.Note)
	return l, err
}

// Lines gives a statement's lines after a number in the merchant's sequence.
func Lines(ctx context.Context, q db.Querier, id market.StatementID, after int64, limit int) ([]Line, error) {
	return db.All(ctx, q, scanLine, `SELECT `+lineColumns+` FROM statement_line WHERE statement_id = $1 AND seq > $2
 ORDER BY seq LIMIT $3`, string(id), after, limit)
}

// LoadLines gives lines by id; unknown ids are missing.
func LoadLines(ctx context.Context, q db.Querier, ids []string) ([]Line, error) {
	lines, err := db.ByIDs(ctx, q, scanLine, `SELECT `+lineColumns+` FROM statement_line WHERE id IN `+db.IDsMark, ids)
	slices.SortFunc(lines, func(a, b Line) int { return int(a.Seq - b.Seq) })
	return lines, err
}

// OfRedemption gives the lines about one use, the oldest first: the use itself and what was taken back of it.
func OfRedemption(ctx context.Context, q db.Querier, id market.RedemptionID) ([]Line, error) {
	return db.All(ctx, q, scanLine, `SELECT `+lineColumns+` FROM statement_line
 WHERE redemption_id = $1 AND redemption_id <> '' ORDER BY seq`, string(id))
}

// TakenOf sums up what was taken back of a use before, as amounts above zero.
func TakenOf(lines []Line) (price, net int64) {
	for _, l := range lines {
		if l.Kind == Correction {
			price, net = price-l.Price, net-l.Net
		}
	}
	return price, net
}

func isNotFound(err error) bool { return errors.Is(err, ErrNotFound) }
