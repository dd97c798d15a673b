package report

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// Happened is what a moment tells.
type Happened string

// What can happen to a shop. Each but Tipped is an entry of the ledger.
const (
	Bought   Happened = "bought"
	Tipped   Happened = "tipped"
	Used     Happened = "used"
	Undone   Happened = "undone"
	Refunded Happened = "refunded"
	Earned   Happened = "earned" // a statement made it payable
	Sent     Happened = "sent"
	PaidOut  Happened = "paid"
	Bounced  Happened = "bounced"  // a payout came back
	Released Happened = "released" // a member of a wish has what was promised
	Disputed Happened = "disputed" // a member of a wish says that something is wrong
)

// Moment is one line of what just happened, with its won.
type Moment struct {
	Kind   Happened
	At     time.Time
	Won    int64 // as the shop feels it: below zero when it goes
	Name   string
	Units  int64
	Title  string // of the deal, or what was wished for
	Branch string
	DealID market.DealID
}

// momentRules are the entries that a shop is told of. Tipping has one entry a voucher, so it is told once, by the deal.
const momentRules = `'R2', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R14', 'R15',
 'R16', 'R17'`

// Moments lists what happened to a shop last, newest first.
func Moments(ctx context.Context, q db.Querier, shop market.MerchantID, limit int) ([]Moment, error) {
	list, err := db.All(ctx, q, scanMoment, `SELECT e.bytes, e.at, coalesce(o.quantity, s.quantity, 0),
 coalesce(a.name, ''),
 coalesce(t.title, w.name, ''), coalesce(b.name, ''), coalesce(r.units, 0) FROM ledger_entry e
 LEFT JOIN orders o ON o.id = e.order_id
 LEFT JOIN escrow_share s ON s.order_id = e.order_id
 LEFT JOIN wish w ON w.id = s.wish_id
 LEFT JOIN account a ON a.id = coalesce(o.account_id, s.account_id)
 LEFT JOIN deal_terms t ON t.deal_id = e.deal_id AND t.version = o.terms_version
 LEFT JOIN redemption r ON r.id = substr(e.scope, 4) AND e.rule IN ('R5', 'R6')
 LEFT JOIN merchant_branch b ON b.id = r.branch_id
 WHERE e.merchant_id = $1 AND e.merchant_id <> '' AND e.rule IN (`+momentRules+`)
 AND e.scope NOT LIKE 'R8/%/accepted' AND e.scope NOT LIKE 'R8/%/settled'
 ORDER BY e.id DESC LIMIT $2`, string(shop), int64(limit))
	if err != nil {
		return nil, err
	}
	tipped, err := db.All(ctx, q, func(r db.Row) (Moment, error) {
		m := Moment{Kind: Tipped}
		err := r.Scan(&m.DealID, db.Time(&m.At), &m.Units, &m.Title)
		return m, err
	}, `SELECT d.id, d.tipped_at, d.people, t.title FROM deal d
 JOIN deal_terms t ON t.deal_id = d.id AND t.version = d.terms_version
 WHERE d.merchant_id = $1 AND d.tipped_at IS NOT NULL ORDER BY d.tipped_at DESC LIMIT $2`, string(shop), int64(limit))
	if err != nil {
		return nil, err
	}
	list = append(list, tipped...)
	slices.SortStableFunc(list, func(a, b Moment) int { return cmp.Compare(b.At.UnixMicro(), a.At.UnixMicro()) })
	return list[:min(limit, len(list))], nil
}

func scanMoment(r db.Row) (Moment, error) {
	var m Moment
	var bytes []byte
	var used int64
	if err := r.Scan(&bytes, db.Time(&m.At), &m.Units, &m.Name, &m.Title, &m.Branch, &used); err != nil {
		return m, err
	}
	e, err := ledger.Decode(bytes)
	if err != nil {
		return m, err
	}
	if used > 0 {
		m.Units = used
	}
	m.DealID, m.Name = e.DealID, Masked(m.Name)
	m.Kind, m.Won = happened(e)
	return m, nil
}

// happened reads an entry with the eyes of a shop.
func happened(e ledger.Entry) (Happened, int64) {
	sum := func(side ledger.Side, accounts ...ledger.Account) int64 {
		var won int64
		for _, l := range e.Lines {
			if l.Side == side && slices.Contains(accounts, l.Account) {
				won += l.Amount
			}
		}
		return won
	}
	switch e.Rule {
	case ledger.RulePaid:
		return Bought, sum(ledger.Credit, ledger.Pledge, ledger.Unredeemed, ledger.EscrowHeld)
	case ledger.RuleRedeemed:
		return Used, sum(ledger.Credit, ledger.Pending)
	case ledger.RuleUndone:
		return Undone, -sum(ledger.Debit, ledger.Pending)
	case ledger.RuleDue:
		return Earned, sum(ledger.Credit, ledger.Payable, ledger.Reserve)
	case ledger.RulePayout:
		switch {
		case strings.HasSuffix(e.Scope, "/returned"):
			return Bounced, -sum(ledger.Credit, ledger.Payable, ledger.PayoutTransit)
		case strings.HasSuffix(e.Scope, "/sent"):
			return Sent, sum(ledger.Debit, ledger.Payable)
		}
		return PaidOut, sum(ledger.Debit, ledger.PayoutTransit)
	case ledger.RuleReleased:
		return Released, sum(ledger.Credit, ledger.Pending)
	case ledger.RuleDisputed:
		if frozen := sum(ledger.Credit, ledger.EscrowDisputed); frozen > 0 {
			return Disputed, -frozen
		}
		if earned := sum(ledger.Credit, ledger.Pending); earned > 0 {
			return Released, earned
		}
		return Refunded, -sum(ledger.Debit, ledger.EscrowDisputed)
	case ledger.RuleTakenBack, ledger.RulePartRefunded:
		return Refunded, -sum(ledger.Debit, ledger.Pending, ledger.Payable, ledger.MerchantReceivable)
	default: // of the other rules the query chooses only those that owe a pledge back
	}
	return Refunded, -sum(ledger.Debit, ledger.Pledge, ledger.Unredeemed, ledger.EscrowHeld)
}
