package sheet

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// Line is a posting as an account's sheet shows it, with its entry's head.
type Line struct {
	EntryID market.EntryID
	Number  int64 // of the line in the entry, from 1
	At      time.Time
	Day     string
	Rule    ledger.Rule
	Scope   string
	ledger.About
	ledger.Line
}

// Sheet says which account to read. Party may be "" only for accounts without parties. From and To bound the
// instants, half-open, and should be set for accounts that every sale touches (1100, 2200, 4100).
type Sheet struct {
	Account ledger.Account
	Party   string
	From    time.Time
	To      time.Time
	After   Line // the last line that was read
	Limit   int
}

func scan(r db.Row) (Line, error) {
	var l Line
	err := r.Scan(&l.EntryID, &l.Number, db.Time(&l.At), &l.Day, &l.Rule, &l.Scope, &l.DealID, &l.OrderID, &l.VoucherID,
		&l.MerchantID, &l.PolicyID, &l.Account, &l.Party, &l.Side, &l.Amount)
	return l, err
}

const sqlLines = `SELECT e.id, p.line, e.at, e.day, e.rule, e.scope, e.deal_id, e.order_id, e.voucher_id,
 e.merchant_id, e.policy_id, p.account, p.party, p.side, p.amount
 FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
 WHERE p.account = $1 AND p.party = $2 AND e.at >= $3 AND e.at < $4 AND (p.entry_id, p.line) > ($5, $6)`

const sqlEnd = ` ORDER BY p.entry_id, p.line LIMIT $7`

// by narrows the reading to an index: the entry's own id where the party is one, the bank accounts' own index, and
// for all others the range of ids of the time asked for.
func by(a ledger.Account, kind ledger.PartyKind) string {
	switch {
	case kind == ledger.PartyDeal:
		return ` AND e.deal_id = $2 AND e.deal_id <> ''`
	case kind == ledger.PartyOrder:
		return ` AND e.order_id = $2 AND e.order_id <> ''`
	case kind == ledger.PartyVoucher:
		return ` AND e.voucher_id = $2 AND e.rule >= 'R13' AND e.rule < 'R14'` // no other rule moves them
	case kind == ledger.PartyMerchant:
		return ` AND e.merchant_id = $2 AND e.merchant_id <> ''`
	case a >= ledger.BankCustody && a <= ledger.Suspense:
		return ` AND p.account >= '1110' AND p.account <= '1190'`
	}
	return ``
}

// Read gives the lines of an account, or of one party of it, the oldest first.
func Read(ctx context.Context, q db.Querier, s Sheet) ([]Line, error) {
	info, _ := ledger.Lookup(s.Account)
	to := s.To
	if to.IsZero() {
		to = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	from := int64(0)
	after := s.After.EntryID
	if !s.From.IsZero() {
		from = db.Micros(s.From)
		// An id may be made a little before or after its transaction's instant, by a node's clock: a day is plenty.
		if first := market.EntryID(id.From(market.PrefixEntry, s.From.AddDate(0, 0, -1))); after < first {
			after = first
		}
	}
	text := sqlLines + by(s.Account, info.Party) + sqlEnd
	all, err := db.All(ctx, q, scan, text, string(s.Account), s.Party, from, db.Micros(to), string(after),
		s.After.Number, s.Limit)
	if err != nil {
		return nil, fmt.Errorf("sheet of %s %s: %w", s.Account, s.Party, err)
	}
	return all, nil
}
