package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// Money is what a shop has and had, in won: the balances of the ledger and the payouts that arrived.
type Money struct {
	Pending int64 // earned, in no statement yet
	Payable int64 // in statements, on its way
	Reserve int64
	Owed    int64 // by the shop, taken from later statements
	Paid    int64 // arrived, altogether
	Payouts int64 // that arrived
}

// MoneyOf reads a shop's balances.
func MoneyOf(ctx context.Context, q db.Querier, shop market.MerchantID) (Money, error) {
	var m Money
	for _, part := range []struct {
		account ledger.Account
		won     *int64
	}{{ledger.Pending, &m.Pending}, {ledger.Payable, &m.Payable}, {ledger.Reserve, &m.Reserve},
		{ledger.MerchantReceivable, &m.Owed}} {
		won, err := ledger.Balance(ctx, q, part.account, string(shop))
		if err != nil {
			return m, err
		}
		*part.won = won
	}
	_, err := db.One(ctx, q, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&m.Paid, &m.Payouts)
	}, `SELECT CAST(coalesce(sum(amount), 0) AS bigint), count(*) FROM payout
 WHERE merchant_id = $1 AND state = 'confirmed'`, string(shop))
	return m, err
}

// Statement is one day's statement as a list shows it.
type Statement struct {
	ID          market.StatementID
	MerchantID  market.MerchantID
	Number      int64
	Day         string
	State       string
	Lines       int64
	Price       int64
	Commission  int64
	VAT         int64
	Net         int64
	Apart       int64 // won that goes its own way, such as under objection
	FirstSeq    int64
	LastSeq     int64
	PayableDay  string
	IssuedAt    time.Time
	ObjectUntil time.Time
	ConfirmedAt time.Time
	ConfirmedBy string
	PayoutID    market.PayoutID
	PayoutState string
	PaidAt      time.Time
}

const statementColumns = `s.id, s.merchant_id, s.number, s.day, s.state, s.lines, s.price, s.commission,
 s.commission_vat, s.net, s.apart, s.first_seq, s.last_seq, s.payable_day, s.issued_at, s.object_until, s.confirmed_at,
 s.confirmed_by, s.payout_id, coalesce(p.state, ''), p.confirmed_at
 FROM statement s LEFT JOIN payout p ON p.id = s.payout_id`

func scanStatement(r db.Row) (Statement, error) {
	var s Statement
	err := r.Scan(&s.ID, &s.MerchantID, &s.Number, &s.Day, &s.State, &s.Lines, &s.Price, &s.Commission, &s.VAT, &s.Net,
		&s.Apart, &s.FirstSeq, &s.LastSeq, &s.PayableDay, db.Time(&s.IssuedAt), db.Time(&s.ObjectUntil),
		db.Time(&s.ConfirmedAt), &s.ConfirmedBy, db.Text(&s.PayoutID), &s.PayoutState, db.Time(&s.PaidAt))
	return s, err
}

// Statements lists a shop's issued statements before a number, newest first; before 0 begins at the newest.
func Statements(
	ctx context.Context, q db.Querier, shop market.MerchantID, before int64, limit int,
) ([]Statement, error) {
	if before <= 0 {
		before = 1 << 62
	}
	return db.All(ctx, q, scanStatement, `SELECT `+statementColumns+`
 WHERE s.merchant_id = $1 AND s.number < $2 AND s.state <> 'draft' ORDER BY s.number DESC LIMIT $3`,
		string(shop), before, int64(limit))
}

// FindStatement reads one issued statement.
func FindStatement(ctx context.Context, q db.Querier, id market.StatementID) (Statement, bool, error) {
	s, err := db.One(ctx, q, scanStatement, `SELECT `+statementColumns+` WHERE s.id = $1 AND s.state <> 'draft'`,
		string(id))
	if db.IsNoRow(err) {
		return s, false, nil
	}
	return s, err == nil, err
}

// Payout is one transfer to the shop.
type Payout struct {
	ID          market.PayoutID
	Day         string
	Amount      int64
	State       string
	HoldCode    string
	HoldReason  string
	BankCode    string
	BankAccount string // its last digits
	SentAt      time.Time
	ConfirmedAt time.Time
}

// Payouts lists a shop's transfers, newest first.
func Payouts(ctx context.Context, q db.Querier, shop market.MerchantID, limit int) ([]Payout, error) {
	return db.All(ctx, q, func(r db.Row) (Payout, error) {
		var p Payout
		var account string
		err := r.Scan(&p.ID, &p.Day, &p.Amount, &p.State, &p.HoldCode, &p.HoldReason, &p.BankCode, &account,
			db.Time(&p.SentAt), db.Time(&p.ConfirmedAt))
		p.BankAccount = account[max(0, len(account)-accountShown):]
		return p, err
	}, `SELECT id, day, amount, state, hold_code, hold_reason, bank_code, bank_account, sent_at, confirmed_at FROM payout
 WHERE merchant_id = $1 ORDER BY id DESC LIMIT $2`, string(shop), int64(limit))
}

// accountShown is how many digits of an account a page shows.
const accountShown = 4
