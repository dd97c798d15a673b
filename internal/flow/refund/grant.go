package refund

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// GrantCmd gives the price of a use back although it was made.
type GrantCmd struct {
	RedemptionID market.RedemptionID
	Won          int64 // 0 for all that is left of the use
	Reason       string
	Key          string // the same key gives back once
}

func (c GrantCmd) subject() string { return string(c.RedemptionID) + "/" + c.Key }

// Grant is R9: by the operator's decision the buyer gets the price of a use back. Merchant and operator give back what
// they earned by it: from pending money while the use is on no issued statement, else from payable money that no payout
// was promised, and what is short becomes a debt. The merchant's next statement shows it.
func (r *Refunds) Grant(
	ctx context.Context, actor market.Actor, cmd GrantCmd,
) (f payment.Refund, err error) {
	if err := right.Check(actor, right.OrderGrant, right.Resource{}); err != nil {
		return f, err
	}
	if cmd.Reason, err = settlement.CheckReason(cmd.Reason); err != nil {
		return f, err
	}
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		var done bool
		if f, done, err = granted(ctx, tx, cmd); err != nil || done {
			return err
		}
		g, err := loadGrant(ctx, tx, cmd)
		if err != nil {
			return err
		}
		if f, err = r.grant(ctx, tx, g, cmd); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Act{Action: string(right.OrderGrant), Resource: string(g.use.ID),
			Detail: cmd})
	})
	return f, err
}

// granted finds the refund that the same command made before.
func granted(ctx context.Context, tx *db.Tx, cmd GrantCmd) (f payment.Refund, done bool, err error) {
	use, err := voucher.FindRedemption(ctx, tx, cmd.RedemptionID)
	if err != nil {
		return f, false, err
	}
	if err := settlement.Lock(ctx, tx, use.MerchantID); err != nil {
		return f, false, err
	}
	refunds, err := payment.RefundsOf(ctx, tx, use.OrderID)
	for _, f := range refunds {
		if f.Subject == cmd.subject() {
			return f, true, err
		}
	}
	return f, false, err
}

// grant is what a decision is made of.
type grant struct {
	use     voucher.Redemption
	order   order.Order
	paid    payment.Payment
	draft   settlement.Statement
	before  int64 // won given back of this use earlier
	won     int64
	pending int64 // won of the merchant's pending money that this use stands for
	payable int64 // won of the merchant's payable money that no payout was promised
}

// loadGrant reads everything under the merchant's lock. A use that is on no statement is put on the draft at once, so
// that it cannot be undone as well.
func loadGrant(ctx context.Context, tx *db.Tx, cmd GrantCmd) (g grant, err error) {
	if g.use, err = voucher.FindRedemption(ctx, tx, cmd.RedemptionID); err != nil {
		return g, err
	}
	if err := settlement.Lock(ctx, tx, g.use.MerchantID); err != nil {
		return g, err
	}
	if g.draft, err = settlement.OpenDraft(ctx, tx, g.use.MerchantID); err != nil {
		return g, err
	}
	if err := g.state(ctx, tx); err != nil {
		return g, err
	}
	lines, err := settlement.OfRedemption(ctx, tx, g.use.ID)
	if err != nil {
		return g, err
	}
	before, taken := settlement.TakenOf(lines)
	g.before = before
	if g.won, err = g.use.GiveBack(cmd.Won, before); err != nil {
		return g, err
	}
	if g.draft.Holds(g.use.StatementID) {
		g.pending = g.use.Net - taken
	}
	if g.payable, err = free(ctx, tx, g.use.MerchantID); err != nil {
		return g, err
	}
	if g.order, err = order.Find(ctx, tx, g.use.OrderID); err != nil {
		return g, err
	}
	payments, err := payment.CapturedOf(ctx, tx, []market.OrderID{g.use.OrderID})
	paid, ok := payments[g.use.OrderID]
	if err == nil && !ok {
		err = order.ErrUnpaid
	}
	g.paid = paid
	return g, err
}

// state puts the use on the draft if it is on no statement.
func (g *grant) state(ctx context.Context, tx *db.Tx) (err error) {
	// Read again under the lock: the run of the night may have been at it.
	if g.use, err = voucher.FindRedemption(ctx, tx, g.use.ID); err != nil {
		return err
	}
	if g.use.Undone() {
		return voucher.ErrUndone
	}
	if g.use.Stated() {
		return nil
	}
	put, err := voucher.PutOn(ctx, tx, g.draft.ID, []voucher.Redemption{g.use})
	if err != nil {
		return err
	}
	if len(put) == 0 {
		return voucher.ErrUndone
	}
	if g.draft, err = settlement.Append(ctx, tx, g.draft, []settlement.Line{g.line(settlement.Use)}); err != nil {
		return err
	}
	g.use, err = voucher.FindRedemption(ctx, tx, g.use.ID)
	return err
}

func (g *grant) line(kind settlement.Kind) settlement.Line {
	u := g.use
	return settlement.Line{Kind: kind, SourceID: string(u.ID), RedemptionID: u.ID, VoucherID: u.VoucherID,
		OrderID: u.OrderID, DealID: u.DealID, BranchID: u.BranchID, Units: u.Units, Price: u.Price,
		Commission: u.Commission, CommissionVAT: u.CommissionVAT, Net: u.Net, At: u.At}
}

func free(ctx context.Context, q db.Querier, id market.MerchantID) (int64, error) {
	standing, err := ledger.Balance(ctx, q, ledger.Payable, string(id))
	if err != nil {
		return 0, err
	}
	promised, err := settlement.Promised(ctx, q, id)
	return settlement.FreePayable(standing, promised), err
}

func (r *Refunds) grant(ctx context.Context, tx *db.Tx, g grant, cmd GrantCmd) (payment.Refund, error) {
	f := payment.Refund{ID: market.RefundID(tx.NewID(market.PrefixRefund)), OrderID: g.order.ID, PaymentID: g.paid.ID,
		DealID: g.order.DealID, AccountID: g.order.AccountID, Subject: cmd.subject(),
		Amount: g.won, Cause: payment.CauseShop, RequestedAt: tx.Now(), DueAt: r.Due(tx.Now())}
	entry := ledger.TakenBack(ledger.TakeBack{
		Return: ledger.Return{About: ledger.About{DealID: g.order.DealID, OrderID: g.order.ID, VoucherID: g.use.VoucherID,
			MerchantID: g.use.MerchantID, PolicyID: g.order.PolicyID}, RefundID: f.ID, Amount: f.Amount},
		Use:    ledger.Earning{Price: g.use.Price, Commission: g.use.Commission, VAT: g.use.CommissionVAT},
		Before: g.before, Pending: g.pending, Payable: g.payable})
	if err := g.show(ctx, tx, f, entry, cmd.Reason); err != nil {
		return f, err
	}
	if err := payBack(ctx, tx, f); err != nil {
		return f, err
	}
	if err := ledger.Post(ctx, tx, []ledger.Entry{entry}); err != nil {
		return f, err
	}
	tellBack(tx, f, g.use.MerchantID, g.use.VoucherID)
	return f, nil
}

// show adds the correction to the merchant's draft as the entry books it.
func (g *grant) show(ctx context.Context, tx *db.Tx, f payment.Refund, e ledger.Entry, reason string) error {
	commission, _ := e.Moved(ledger.Commission)
	vat, _ := e.Moved(ledger.VATOutput)
	early, _ := e.Moved(ledger.Payable)
	owed, _ := e.Moved(ledger.MerchantReceivable)
	lines := settlement.TakeBack{RefundID: f.ID, Use: g.line(settlement.Correction), Price: f.Amount,
		Commission: commission, CommissionVAT: vat, Early: early, Owed: owed, At: tx.Now(), Note: reason}.Lines()
	if _, err := settlement.Append(ctx, tx, g.draft, lines); err != nil {
		return err
	}
	if early == 0 {
		return nil
	}
	return settlement.TakeEarly(ctx, tx, lines[0], early)
}

// payBack writes a refund of money that no voucher stands for any more: the payment's and the order's guards hold.
func payBack(ctx context.Context, tx *db.Tx, f payment.Refund) error {
	back := []order.Back{{ID: f.OrderID, Units: f.Units, Won: f.Amount}}
	if ok, err := order.GiveBack(ctx, tx, back); err != nil || !ok {
		return changed(err)
	}
	if ok, err := payment.DecideRefund(ctx, tx, []payment.Refund{f}); err != nil || !ok {
		return changed(err)
	}
	return nil
}

func tellBack(tx *db.Tx, f payment.Refund, merchant market.MerchantID, v market.VoucherID) {
	version := db.Micros(tx.Now())
	tx.Emit(event.Of(event.OrderRefundDecided{OrderID: f.OrderID, DealID: f.DealID, MerchantID: merchant,
		AccountID: f.AccountID, RefundID: f.ID, VoucherID: v, Units: f.Units, Amount: f.Amount,
		Cause: string(f.Cause)}, version))
	tx.Enqueue(db.Job{Kind: event.JobRefundSend, Key: string(f.ID), Payload: event.RefundJob{RefundID: f.ID}})
	for _, topic := range []string{"voucher:" + string(v), "order:" + string(f.OrderID), "merchant:" + string(merchant),
		"account:" + string(f.AccountID), "console"} {
		tx.Touch(topic, version)
	}
}
