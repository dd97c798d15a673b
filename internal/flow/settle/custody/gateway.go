package custody

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// againAfter is the wait before a gateway's list that is not complete, or not to be had, is asked for again.
const againAfter = 10 * time.Minute

// GatewayOnce reads the gateway's settlement file of the next day of pay-out, classes its rows, and closes the day once
// the bank has paid it or the day is over.
func (c *Custody) GatewayOnce(ctx context.Context) (bool, error) {
	now := c.Now()
	run, over, err := settlement.NextRun(ctx, c.DB, settlement.RunGateway, bizday.Day(now), now)
	if err != nil || over {
		return false, err
	}
	rows, err := c.readFile(ctx, run.Day)
	if err != nil {
		c.Log.Warn("settlement file not read", "day", run.Day, "error", err)
		return true, c.Advance(ctx, run, settlement.Progress{Wait: againAfter, Note: gateway.CodeOf(err)})
	}
	for start := 0; start < len(rows); start += rowsAtOnce {
		part := rows[start:min(start+rowsAtOnce, len(rows))]
		if err := c.DB.Write(ctx, func(tx *db.Tx) error { return c.keepRows(ctx, tx, part) }); err != nil {
			return false, err
		}
	}
	return true, c.DB.Write(ctx, func(tx *db.Tx) error { return c.closeFile(ctx, tx, run, rows) })
}

func (c *Custody) readFile(ctx context.Context, day string) ([]payment.SettledRow, error) {
	var out []payment.SettledRow
	for page := 1; ; page++ {
		rows, more, err := c.Gateway.Settlements(ctx, day, day, page)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out = append(out, payment.SettledRow{Gateway: c.GatewayName, TransactionKey: r.TransactionKey,
				PaymentKey: r.PaymentKey, OrderID: r.OrderID, Gross: r.Amount, Fee: r.FeeSupply + r.InterestFee,
				FeeVAT: r.FeeVAT, Net: r.PayOut, SoldDay: r.SoldDate, PaidDay: r.PaidOutDate})
		}
		if !more {
			return out, nil
		}
	}
}

// soldOn is the instant whose contract a row of the file follows: the day on which was sold.
func soldOn(r payment.SettledRow, now time.Time) time.Time {
	if at, err := bizday.ParseDay(r.SoldDay); err == nil {
		return at
	}
	return now
}

// keepRows keeps rows of the file with their class, notes what differs, and books the third step of R8 for cancels.
func (c *Custody) keepRows(ctx context.Context, tx *db.Tx, rows []payment.SettledRow) error {
	known, err := c.ours(ctx, tx, keysOf(rows))
	if err != nil {
		return err
	}
	var differences []settlement.Difference
	var entries []ledger.Entry
	for i := range rows {
		r := &rows[i]
		subject, ours := known.of(*r)
		d := settlement.Compare(settlement.Pair{Source: settlement.SourceSettlement, Day: r.SoldDay,
			Key: r.TransactionKey, Subject: subject, Ours: ours, Theirs: r.Gross,
			FeeFits: c.Contract(soldOn(*r, tx.Now())).FeeFits(r.Gross, r.Fee, r.FeeVAT)})
		r.Class, r.Note = d.Stored()
		if d.Found() {
			differences = append(differences, d)
		}
		e, err := c.refundSettled(ctx, tx, known, *r)
		if err != nil {
			return err
		}
		entries = append(entries, e...)
	}
	if _, err := payment.InsertSettled(ctx, tx, rows); err != nil {
		return err
	}
	if _, err := settlement.Note(ctx, tx, differences); err != nil {
		return err
	}
	return ledger.Post(ctx, tx, entries)
}

// known is what we have of what the gateway names.
type known struct {
	payments map[string]payment.Payment // by the payment's key
	refunds  map[string]payment.Refund  // by the cancel's key
}

// keys are the names under which the gateway knows captures and cancels.
type keys struct{ captures, cancels []string }

func keysOf(rows []payment.SettledRow) keys {
	var k keys
	for _, r := range rows {
		if r.Gross < 0 {
			k.cancels = append(k.cancels, r.TransactionKey)
		} else {
			k.captures = append(k.captures, r.PaymentKey)
		}
	}
	return k
}

func (c *Custody) ours(ctx context.Context, q db.Querier, k keys) (known, error) {
	payments, err := payment.ByKeys(ctx, q, c.GatewayName, k.captures)
	if err != nil {
		return known{}, err
	}
	refunds, err := payment.RefundsByTransactions(ctx, q, k.cancels)
	return known{payments, refunds}, err
}

// of gives what a row is about and what we booked for it, in won; "" when we know nothing of it.
func (k known) of(r payment.SettledRow) (subject string, ours int64) {
	if r.Gross < 0 {
		f, ok := k.refunds[r.TransactionKey]
		if !ok {
			return "", 0
		}
		return string(f.ID), -f.Amount
	}
	p, ok := k.payments[r.PaymentKey]
	if !ok || p.Got() == 0 {
		return "", 0
	}
	return string(p.ID), p.Got()
}

// refundSettled is the third step of R8: the gateway's line of a cancel was seen, once.
func (c *Custody) refundSettled(
	ctx context.Context, tx *db.Tx, k known, r payment.SettledRow,
) ([]ledger.Entry, error) {
	f, ok := k.refunds[r.TransactionKey]
	if !ok || r.Gross >= 0 || !f.Accepted() {
		return nil, nil
	}
	return settleRefund(ctx, tx, f, c.GatewayName)
}

func settleRefund(ctx context.Context, tx *db.Tx, f payment.Refund, name string) ([]ledger.Entry, error) {
	if first, err := payment.SettleRefund(ctx, tx, f.ID); err != nil || !first {
		return nil, err
	}
	under, err := policyOf(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	return []ledger.Entry{ledger.RefundSettled(ledger.Return{About: ledger.About{DealID: f.DealID, OrderID: f.OrderID,
		PolicyID: under}, RefundID: f.ID, Amount: f.Amount}, name)}, nil
}

// policyOf gives the id of the policies under which was bought what a refund gives back.
func policyOf(ctx context.Context, tx *db.Tx, f payment.Refund) (string, error) {
	if f.OfDeposit() {
		d, err := deposit.Find(ctx, tx, f.OrderID)
		return d.PolicyID, err
	}
	if f.OfWish() {
		e, err := escrow.Find(ctx, tx, f.WishID)
		return e.PolicyID, err
	}
	policies, err := order.PoliciesOf(ctx, tx, []market.OrderID{f.OrderID})
	return policies[f.OrderID], err
}

// closeFile ends the day of a file when the bank has paid it, when there was nothing to pay, or when the day is over;
// otherwise it is read again later. At the end what should have been in it is looked for.
func (c *Custody) closeFile(ctx context.Context, tx *db.Tx, run settlement.Run, rows []payment.SettledRow) error {
	paid, err := settlement.EntriesBy(ctx, tx, gateway.AccountCustody, settlement.SettlementReference(run.Day))
	if err != nil {
		return err
	}
	sum := payment.SumSettled(rows)
	from, to, payDay := c.Times(tx.Now()).SoldIn(run.Day, c.Contract(tx.Now()).BusinessDays)
	end := settlement.Closing{Day: run.Day, Today: bizday.Day(tx.Now()), PayDay: payDay, Rows: len(rows), Net: sum.Net}
	for _, e := range paid {
		end.Paid += e.Amount
	}
	if !end.Over(len(paid) > 0) {
		_, err := settlement.Advance(ctx, tx, run, settlement.Progress{Wait: againAfter})
		return err
	}
	if end.Silent() && sum.Moves() {
		if err := ledger.Post(ctx, tx, []ledger.Entry{c.settled(run.Day, sum)}); err != nil {
			return err
		}
	}
	differences := end.Differences()
	if payDay {
		missing, err := c.missingThere(ctx, tx, from, to)
		if err != nil {
			return err
		}
		differences = append(differences, missing...)
	}
	if _, err := settlement.Note(ctx, tx, differences); err != nil {
		return err
	}
	if err := c.recheck(ctx, tx); err != nil {
		return err
	}
	tx.Touch("console", db.Micros(tx.Now()))
	_, err = settlement.Advance(ctx, tx, run, settlement.Progress{Done: int64(len(rows)), Over: true})
	return err
}

// missingThere finds captures and refunds of ours, made between two instants, that no settlement file has named.
func (c *Custody) missingThere(ctx context.Context, tx *db.Tx, from, to time.Time) ([]settlement.Difference, error) {
	payments, err := payment.CapturedIn(ctx, tx, c.GatewayName, from, to)
	if err != nil {
		return nil, err
	}
	refunds, err := payment.AcceptedIn(ctx, tx, from, to)
	if err != nil {
		return nil, err
	}
	named, err := payment.SettledKeys(ctx, tx, paymentKeys(payments), refundKeys(refunds))
	if err != nil {
		return nil, err
	}
	var out []settlement.Difference
	for _, p := range payments {
		if !named[p.PaymentKey] {
			out = append(out, settlement.Difference{Source: settlement.SourceSettlement, Class: settlement.MissingThere,
				Day: bizday.Day(p.CapturedAt), GatewayKey: p.PaymentKey, SubjectID: string(p.ID), Ours: p.Amount})
		}
	}
	for _, f := range refunds {
		if !named[f.TransactionKey] {
			out = append(out, settlement.Difference{Source: settlement.SourceSettlement, Class: settlement.MissingThere,
				Day: bizday.Day(f.AcceptedAt), GatewayKey: f.TransactionKey, SubjectID: string(f.ID), Ours: -f.Amount})
		}
	}
	return out, nil
}

func paymentKeys(list []payment.Payment) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.PaymentKey
	}
	return out
}

func refundKeys(list []payment.Refund) []string {
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.TransactionKey
	}
	return out
}

// recheck ends differences that have settled themselves: a row that came late, or a payment that we learned of late.
func (c *Custody) recheck(ctx context.Context, tx *db.Tx) error {
	open, err := settlement.Differences(ctx, tx, entriesAtOnce)
	if err != nil {
		return err
	}
	var k keys
	for _, d := range open {
		k.captures, k.cancels = append(k.captures, d.GatewayKey), append(k.cancels, d.GatewayKey)
	}
	named, err := payment.SettledKeys(ctx, tx, k.captures, k.cancels)
	if err != nil {
		return err
	}
	have, err := c.ours(ctx, tx, k)
	if err != nil {
		return err
	}
	for _, d := range open {
		if err := c.recheckOne(ctx, tx, d, named[d.GatewayKey], have); err != nil {
			return err
		}
	}
	return nil
}

func (c *Custody) recheckOne(
	ctx context.Context, tx *db.Tx, d settlement.Difference, named bool, have known,
) error {
	f, refund := have.refunds[d.GatewayKey]
	switch {
	case d.Came(named):
	case d.Learned(-f.Amount, refund && f.Done()):
		entries, err := settleRefund(ctx, tx, f, c.GatewayName)
		if err != nil {
			return err
		}
		if err := ledger.Post(ctx, tx, entries); err != nil {
			return err
		}
	case d.Learned(have.payments[d.GatewayKey].Got(), true):
	default:
		return nil
	}
	_, err := settlement.Resolve(ctx, tx, d.ID, market.System().Key(), "")
	return err
}

// ResolveDifference ends a difference by the operator's word.
func (c *Custody) ResolveDifference(ctx context.Context, actor market.Actor, id, reason string) error {
	return c.byFinance(ctx, actor, id, reason, func(tx *db.Tx, reason string) error {
		ok, err := settlement.Resolve(ctx, tx, id, actor.Key(), reason)
		if err != nil || !ok {
			return orState(err)
		}
		return nil
	})
}
