package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// assertion is a query that must answer no row; the row names what is broken.
type assertion struct{ what, text string }

// nameAccounts lets every buyer who is owed interest say where it goes.
func (w *world) nameAccounts() error {
	people := w.buyers
	if w.village != nil {
		people = slices.Concat(people, w.village.People())
	}
	for n, buyer := range people {
		err := w.core.Custody.Interest.Name(w.ctx, buyer, merchant.Bank{Code: "004", Account: fmt.Sprintf("%011d", n+1),
			Holder: "손님"})
		w.note("name %s: %s", buyer.AccountID, code(err))
		if err := unexpected(err, payment.ErrNoInterest); err != nil {
			return err
		}
	}
	return nil
}

// capitalize lets the operator bring the money that interest is paid from: a bank sends nothing from an empty account.
func (w *world) capitalize() error {
	if err := w.core.Custody.PayIn(w.ctx, operator(), 1_000_000, "capital-at-rest"); err != nil {
		return err
	}
	if err := w.settleAll(); err != nil {
		return err
	}
	if _, err := w.core.Custody.TopUp(w.ctx, operator(), 500_000); err != nil {
		return err
	}
	return w.settleAll()
}

// cheap holds after every step.
func cheap() []assertion {
	return []assertion{
		{"an entry's debits equal its credits", `SELECT entry_id FROM ledger_posting GROUP BY entry_id
 HAVING sum(CASE WHEN side = 'D' THEN amount ELSE -amount END) <> 0`},
		{"a balance is the fold of its postings", `SELECT b.account || ' ' || b.party FROM ledger_balance b
 WHERE b.balance <> (SELECT coalesce(sum(CASE WHEN (p.side = 'C') = (b.account <> '1160') THEN p.amount
 ELSE -p.amount END), 0) FROM ledger_posting p WHERE p.account = b.account AND p.party = b.party)`},
		{"held units are the held orders", `SELECT d.id FROM deal d WHERE d.held_units <>
 (SELECT coalesce(sum(quantity), 0) FROM orders o WHERE o.deal_id = d.id AND o.state = 'held')`},
		{"paid units are the paid vouchers not given back unused", `SELECT d.id FROM deal d WHERE d.paid_units <>
 (SELECT count(*) FROM voucher v WHERE v.deal_id = d.id AND (v.refund_id IS NULL OR v.units_used > 0))`},
		{"people are the accounts with a paid unit", `SELECT d.id FROM deal d WHERE d.people <>
 (SELECT count(*) FROM order_limit l WHERE l.deal_id = d.id AND l.paid_units > 0)`},
		{"a limit's units are its orders'", `SELECT l.id FROM order_limit l WHERE l.held_units <>
 (SELECT coalesce(sum(quantity), 0) FROM orders o WHERE o.deal_id = l.deal_id AND o.account_id = l.account_id
 AND o.state = 'held') OR l.paid_units <> (SELECT count(*) FROM voucher v WHERE v.deal_id = l.deal_id
 AND v.account_id = l.account_id AND (v.refund_id IS NULL OR v.units_used > 0))`},
		{"a deal's units are its options'", `SELECT d.id FROM deal d WHERE EXISTS (SELECT 1 FROM deal_option x
 WHERE x.deal_id = d.id) AND (d.held_units <> (SELECT sum(held_units) FROM deal_option o WHERE o.deal_id = d.id)
 OR d.paid_units <> (SELECT sum(paid_units) FROM deal_option o WHERE o.deal_id = d.id))`},
		{"a voucher's uses are its accepted redemptions", `SELECT v.id FROM voucher v WHERE v.units_used <>
 (SELECT coalesce(sum(units), 0) FROM redemption r WHERE r.voucher_id = v.id AND r.state = 'accepted')`},
		{"a paid order has a voucher a unit", `SELECT o.id FROM orders o WHERE o.state IN ('paid', 'refunded')
 AND o.quantity <> (SELECT count(*) FROM voucher v WHERE v.order_id = o.id)`},
		{"captured money has a place or goes back", `SELECT p.id FROM payment p WHERE p.state = 'captured' AND NOT EXISTS
 (SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.state IN ('paid', 'refunded')) AND NOT EXISTS
 (SELECT 1 FROM escrow_share s WHERE s.order_id = p.order_id) AND NOT EXISTS
 (SELECT 1 FROM bid_deposit d WHERE d.id = p.order_id AND d.paid_at IS NOT NULL) AND NOT EXISTS
 (SELECT 1 FROM refund r WHERE r.payment_id = p.id AND r.amount = p.amount)`},
		{"a payment's rest is what was not given back", `SELECT p.id FROM payment p WHERE p.state = 'captured'
 AND p.refundable <> p.amount - (SELECT coalesce(sum(amount), 0) FROM refund r WHERE r.payment_id = p.id)`},
		{"a redemption's won add up", `SELECT id FROM redemption WHERE price <> commission + commission_vat + net`},
	}
}

func (w *world) check() error {
	if err := w.noneOf(w.always); err != nil {
		return err
	}
	return w.stillTipped()
}

// noneOf asks several assertions at once: one statement costs less than a dozen.
func (w *world) noneOf(list []assertion) error {
	type breach struct {
		n  int
		id string
	}
	parts, answers := make([]string, len(list)), make([]string, len(list))
	for i, a := range list {
		parts[i] = fmt.Sprintf(`a%d (id) AS (%s)`, i, a.text)
		answers[i] = fmt.Sprintf(`SELECT %d, id FROM a%d`, i, i)
	}
	rows, err := db.All(w.ctx, w.DB, func(r db.Row) (breach, error) {
		var b breach
		return b, r.Scan(&b.n, &b.id)
	}, `WITH `+strings.Join(parts, ", ")+" "+strings.Join(answers, ` UNION ALL `)+` LIMIT 3`)
	if err != nil {
		return fmt.Errorf("ask what is broken: %w", err)
	}
	var broken []error
	for _, b := range rows {
		broken = append(broken, fmt.Errorf("broken: %s: %s", list[b.n].what, b.id))
	}
	return errors.Join(broken...)
}

// stillTipped sees that no decision is taken back.
func (w *world) stillTipped() error {
	now, err := db.All(w.ctx, w.DB, db.Scalar[market.DealID], `SELECT id FROM deal WHERE tipped_at IS NOT NULL`)
	if err != nil {
		return err
	}
	is := map[market.DealID]bool{}
	for _, id := range now {
		is[id] = true
	}
	for id := range w.tipped {
		if !is[id] {
			return fmt.Errorf("broken: deal %s tipped and does no more", id)
		}
	}
	w.tipped = is
	return nil
}

// checkRest holds once everything has come to an end.
func (w *world) checkRest() error {
	if err := w.noneOf(w.resting); err != nil {
		return err
	}
	if err := w.examine(); err != nil {
		return err
	}
	return w.compareBooks()
}

// restful holds once everything has come to an end.
func restful() []assertion {
	return []assertion{
		{"no hold is left", `SELECT id FROM orders WHERE state = 'held'`},
		{"no capture is open", `SELECT id FROM payment WHERE state = 'confirming'`},
		{"every refund was paid", `SELECT id || ' ' || state || ' ' || last_error FROM refund
 WHERE state IN ('decided', 'sent', 'stuck')`},
		{"nothing is owed back", `SELECT b.party FROM ledger_balance b WHERE b.account = '2170' AND b.balance <> 0`},
		{"every refund's interest was paid", `SELECT f.id FROM refund f WHERE f.interest > 0 AND NOT EXISTS
 (SELECT 1 FROM interest i WHERE i.refund_id = f.id AND i.amount = f.interest AND i.state = 'paid')`},
		{"a failed deal keeps no money", `SELECT d.id FROM deal d JOIN ledger_balance b ON b.party = d.id
 AND b.account = '2100' WHERE d.state = 'failed' AND b.balance > 0`},
		{"no work is stuck", `SELECT kind || ' ' || last_error FROM kit_job WHERE state = 'stuck'`},
		{"no deal is left half-way", `SELECT id || ' ' || state FROM deal WHERE state IN ('on_sale', 'closing', 'asking')`},
		{"every event has its place", `SELECT id FROM kit_event WHERE seq IS NULL`},
	}
}

// over tells that no sale and no money is under way any more, but for payouts that wait for an account or for the
// operator's money: what is left of a history is the turning of days.
func (w *world) over() bool {
	return w.noneOf(w.under) == nil
}

func underWay() []assertion {
	return []assertion{
		{"deals", `SELECT id FROM deal WHERE state IN ('scheduled', 'on_sale', 'closing', 'asking')`},
		{"holds", `SELECT id FROM orders WHERE state = 'held'`},
		{"payments", `SELECT id FROM payment WHERE state = 'confirming'`},
		{"refunds", `SELECT id FROM refund WHERE state IN ('decided', 'sent', 'stuck')`},
		{"interest", `SELECT id FROM interest WHERE state <> 'paid'`},
		{"uses", `SELECT id FROM redemption WHERE state = 'accepted' AND statement_id IS NULL`},
		{"statements", `SELECT id FROM statement WHERE state = 'issued'`},
		{"payouts", `SELECT id FROM payout WHERE state = 'sent'`},
	}
}

// compareBooks compares each captured payment with the gateway's own view of it, to the won.
func (w *world) compareBooks() error {
	type row struct {
		id              string
		amount, settled int64
	}
	rows, err := db.All(w.ctx, w.DB, func(r db.Row) (row, error) {
		var x row
		return x, r.Scan(&x.id, &x.amount, &x.settled)
	}, `SELECT p.id, p.amount, (SELECT coalesce(sum(amount), 0) FROM refund r WHERE r.payment_id = p.id)
 FROM payment p WHERE p.state = 'captured' ORDER BY p.id`)
	if err != nil {
		return err
	}
	for _, x := range rows {
		theirs, err := w.gateway.LookupByOrder(w.ctx, x.id)
		if err != nil {
			return fmt.Errorf("gateway's book of %s: %w", x.id, err)
		}
		if !theirs.Status.Captured() || theirs.Amount != x.amount || theirs.Balance != x.amount-x.settled {
			return fmt.Errorf("broken: books differ on %s: %+v against %+v", x.id, theirs, x)
		}
	}
	return nil
}

// collect adds the transitions that were seen to what was visited.
func (w *world) collect() error {
	rows, err := db.All(w.ctx, w.DB, db.Scalar[string], `SELECT DISTINCT payload FROM kit_event WHERE kind = 'deal.moved'`)
	if err != nil {
		return err
	}
	for _, payload := range rows {
		m, err := readMove(payload)
		if err != nil {
			return err
		}
		w.met("move." + m)
	}
	if w.village == nil {
		return nil
	}
	return w.village.Collect()
}
