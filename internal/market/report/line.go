package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Line is one voucher's use as a statement tells it. Number 0 has not been written into a statement yet.
type Line struct {
	ID          string
	Number      int64
	Kind        string
	At          time.Time
	Name        string // the guest, masked
	Branch      string
	Title       string // of the deal
	Units       int64
	Price       int64
	Commission  int64
	VAT         int64
	Net         int64
	StatementID market.StatementID
	State       string // of the statement, "" before one
	PayableDay  string // "2026-11-23", "" before it is known
	VoucherID   market.VoucherID
	Apart       string // "frozen" while an objection waits, "ready" once it may be paid, "" when it goes with the rest
	Reason      string // of the objection
	Outcome     string // "upheld" or "granted"
	Answer      string // of the operator
}

// MayObject reports a line of money that came or went by itself, to which nobody objected yet.
func (l Line) MayObject() bool { return l.Apart == "" && l.Kind != "carried" && l.Kind != "netted" }

const lineFrom = ` FROM statement_line l
 JOIN statement s ON s.id = l.statement_id
 LEFT JOIN orders o ON o.id = l.order_id
 LEFT JOIN escrow_share h ON h.order_id = l.order_id
 LEFT JOIN wish w ON w.id = h.wish_id
 LEFT JOIN account a ON a.id = coalesce(o.account_id, h.account_id)
 LEFT JOIN deal_terms t ON t.deal_id = l.deal_id AND t.version = o.terms_version
 LEFT JOIN merchant_branch b ON b.id = l.branch_id
 LEFT JOIN statement_apart x ON x.line_id = l.id`

const lineColumns = `l.id, l.seq, CASE WHEN l.kind = 'share' AND l.voucher_id = '' THEN 'wish' ELSE l.kind END, l.at,
 coalesce(a.name, ''), coalesce(b.name, ''), coalesce(t.title, w.name, ''),
 l.units, l.price, l.commission, l.commission_vat, l.net, l.statement_id, s.state, s.payable_day, l.voucher_id,
 coalesce(x.state, ''), coalesce(x.reason, ''), coalesce(x.outcome, ''), coalesce(x.answer, '')`

func scanLine(r db.Row) (Line, error) {
	var l Line
	err := r.Scan(&l.ID, &l.Number, &l.Kind, db.Time(&l.At), &l.Name, &l.Branch, &l.Title, &l.Units, &l.Price,
		&l.Commission, &l.VAT, &l.Net, &l.StatementID, &l.State, &l.PayableDay, &l.VoucherID,
		&l.Apart, &l.Reason, &l.Outcome, &l.Answer)
	l.Name = Masked(l.Name)
	return l, err
}

// sqlUnstated repeats the condition of the index redemption_unstated and reads it backwards.
const sqlUnstated = `SELECT r.id, 0, 'use', r.at, coalesce(a.name, ''), coalesce(b.name, ''),
 coalesce(t.title, ''), r.units, r.price, r.commission, r.commission_vat, r.net, '', '', '', r.voucher_id,
 '', '', '', ''
 FROM redemption r LEFT JOIN orders o ON o.id = r.order_id
 LEFT JOIN account a ON a.id = r.account_id
 LEFT JOIN deal_terms t ON t.deal_id = r.deal_id AND t.version = o.terms_version
 LEFT JOIN merchant_branch b ON b.id = r.branch_id
 WHERE r.merchant_id = $1 AND r.statement_id IS NULL AND r.state = 'accepted'
 ORDER BY r.day DESC, r.id DESC LIMIT $2`

// Latest gives a shop's newest lines: uses that no statement holds yet first, then numbered ones.
func Latest(ctx context.Context, q db.Querier, shop market.MerchantID, limit int) ([]Line, error) {
	list, err := db.All(ctx, q, scanLine, sqlUnstated, string(shop), int64(limit))
	if err != nil || len(list) >= limit {
		return list, err
	}
	numbered, err := db.All(ctx, q, scanLine, `SELECT `+lineColumns+lineFrom+`
 WHERE l.merchant_id = $1 ORDER BY l.seq DESC LIMIT $2`, string(shop), int64(limit-len(list)))
	return append(list, numbered...), err
}

// LinesOf gives the lines of a statement in their order, after a number.
func LinesOf(
	ctx context.Context, q db.Querier, id market.StatementID, after int64, limit int,
) ([]Line, error) {
	return db.All(ctx, q, scanLine, `SELECT `+lineColumns+lineFrom+`
 WHERE l.statement_id = $1 AND l.seq > $2 ORDER BY l.seq LIMIT $3`, string(id), after, int64(limit))
}

// Gapless reports that the numbered ones among neighbouring lines, newest first, leave out no number.
func Gapless(lines []Line) bool {
	last := int64(0)
	for _, l := range lines {
		if l.Number == 0 {
			continue
		}
		if last != 0 && l.Number != last-1 {
			return false
		}
		last = l.Number
	}
	return true
}
