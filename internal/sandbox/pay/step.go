package pay

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/clearing"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

// Authorize is the payer choosing an instrument on the page. Choosing again before the confirm replaces the choice.
func (d *Desk) Authorize(tx *record.Tx, checkout, instrument string) (Payment, *refusal.Refusal) {
	p, ok := d.FindByCheckout(checkout)
	if !ok {
		return Payment{}, refusal.NotFoundPayment()
	}
	if !slices.Contains(Instruments(), instrument) {
		return p, refusal.InvalidRequest("알 수 없는 결제수단입니다.")
	}
	if no := d.openFor(p, tx.Now()); no != nil {
		return p, no
	}
	d.crash.Reach(fault.AuthorizeBefore)
	p.Status, p.Instrument, p.ExpiresAt = InProgress, instrument, tx.Now().Add(inProgressLife)
	d.put(tx, p)
	return p, nil
}

// Abandon is the payer closing the page.
func (d *Desk) Abandon(tx *record.Tx, checkout string) (Payment, *refusal.Refusal) {
	p, ok := d.FindByCheckout(checkout)
	if !ok {
		return Payment{}, refusal.NotFoundPayment()
	}
	if no := d.openFor(p, tx.Now()); no != nil {
		return p, no
	}
	p = p.aborted("PAY_PROCESS_CANCELED", "결제를 취소하셨습니다.")
	d.put(tx, p)
	return p, nil
}

// openFor says why the payer can no longer decide, nil when they can.
func (d *Desk) openFor(p Payment, now time.Time) *refusal.Refusal {
	switch {
	case p.Status != Ready && p.Status != InProgress:
		if p.Status == Expired {
			return refusal.NotFoundSession()
		}
		return refusal.AlreadyProcessed()
	case !p.ExpiresAt.After(now):
		return refusal.NotFoundSession()
	}
	if _, taken := d.paid[p.OrderID]; taken {
		return refusal.DuplicatedOrder()
	}
	return nil
}

func (p Payment) aborted(code, message string) Payment {
	p.Status, p.ExpiresAt, p.FailureCode, p.FailureMessage = Aborted, time.Time{}, code, message
	return p
}

// Confirm asks for the capture of an authorised payment.
type Confirm struct {
	PaymentKey string `json:"paymentKey"`
	OrderID    string `json:"orderId"`
	Amount     int64  `json:"amount"`
}

// chargeMark begins the keys that callers make for payments without a page: "direct.INSTRUMENT.ORDER".
const chargeMark = "direct."

// Present makes the authorised payment that a caller's own key names, unless it is there already: the payer has handed
// over an instrument and sees no page.
func (d *Desk) Present(tx *record.Tx, c Confirm) *refusal.Refusal {
	if _, known := d.payments.Get(c.PaymentKey); known {
		return nil
	}
	instrument, order, _ := strings.Cut(strings.TrimPrefix(c.PaymentKey, chargeMark), ".")
	switch {
	case !strings.HasPrefix(c.PaymentKey, chargeMark) || order != c.OrderID || !orderIDOK(c.OrderID):
		return refusal.InvalidRequest("결제 키가 주문번호와 맞지 않습니다.")
	case !slices.Contains(Instruments(), instrument):
		return refusal.InvalidRequest("알 수 없는 결제수단입니다.")
	case c.Amount < amountMin:
		return refusal.BelowMinimum()
	case c.Amount > amountMax:
		return refusal.InvalidRequest("결제 금액이 너무 큽니다.")
	}
	if _, taken := d.paid[c.OrderID]; taken {
		return refusal.DuplicatedOrder()
	}
	d.put(tx, Payment{Key: c.PaymentKey, OrderID: c.OrderID, OrderName: c.OrderID, Amount: c.Amount, Balance: c.Amount,
		Method: methodCard, Status: InProgress, Instrument: instrument, RequestedAt: tx.Now(),
		ExpiresAt: tx.Now().Add(inProgressLife)})
	return nil
}

// ConfirmFault gives what the payer's instrument does to this confirm, and notes that it was done: an instrument gives
// its server error before the charge only once. A payment that would be refused anyway meets no fault.
func (d *Desk) ConfirmFault(tx *record.Tx, c Confirm) fault.Mode {
	p, ok := d.payments.Get(c.PaymentKey)
	if !ok || p.Status != InProgress {
		return fault.None
	}
	switch p.Instrument {
	case InstrumentDecline:
		return fault.Decline
	case InstrumentSlow:
		return fault.Slow
	case InstrumentTimeout:
		return fault.TimeoutAfter
	case InstrumentErrorAfter:
		return fault.ErrorAfter
	case InstrumentErrorBefore:
		if !p.Spoiled {
			p.Spoiled = true
			d.payments.Put(tx, p.Key, p)
			return fault.ErrorBefore
		}
	}
	return fault.None
}

// Confirm captures the payment when order and amount are the prepared ones; declined is the card saying no.
func (d *Desk) Confirm(tx *record.Tx, c Confirm, declined bool) (Payment, *refusal.Refusal) {
	p, ok := d.payments.Get(c.PaymentKey)
	if !ok {
		return Payment{}, refusal.NotFoundPayment()
	}
	if p.OrderID != c.OrderID || p.Amount != c.Amount {
		return p, refusal.InvalidRequest("주문번호나 금액이 결제 요청과 다릅니다.")
	}
	if p.Status == Ready {
		return p, refusal.NotFoundSession()
	}
	if no := d.openFor(p, tx.Now()); no != nil {
		return p, no
	}
	if declined {
		no := refusal.RejectedCard()
		p = p.aborted(no.Code, no.Message)
		d.put(tx, p)
		return p, no
	}
	d.crash.Reach(fault.ConfirmBefore)
	p.Status, p.ApprovedAt, p.ExpiresAt = Done, tx.Now(), time.Time{}
	p.TransactionKey = tx.NewID("trx")
	d.put(tx, p)
	d.book(tx, p, clearing.Transaction{Key: p.TransactionKey, After: p.Amount})
	return p, nil
}

// CancelOrder asks for money back: Amount 0 means all that is left.
type CancelOrder struct {
	PaymentKey string
	Reason     string
	Amount     int64
}

// Cancel gives back the whole rest or a part of it.
func (d *Desk) Cancel(tx *record.Tx, c CancelOrder) (Payment, *refusal.Refusal) {
	p, ok := d.payments.Get(c.PaymentKey)
	switch {
	case !ok:
		return Payment{}, refusal.NotFoundPayment()
	case c.Reason == "" || len(c.Reason) > 800:
		return p, refusal.InvalidRequest("취소 사유는 200자 이내로 적어야 합니다.")
	case p.Status == Canceled:
		return p, refusal.AlreadyCanceled()
	case p.Status != Done && p.Status != PartialCanceled:
		return p, refusal.NotCancelablePayment()
	}
	won := c.Amount
	if won == 0 {
		won = p.Balance
	}
	if won < 0 || won > p.Balance {
		return p, refusal.NotCancelableAmount()
	}
	d.crash.Reach(fault.CancelBefore)
	before := p.Balance
	p.Balance -= won
	p.Status = PartialCanceled
	if p.Balance == 0 {
		p.Status = Canceled
	}
	part := Cancel{TransactionKey: tx.NewID("trx"), Reason: c.Reason, Amount: won, BalanceAfter: p.Balance, At: tx.Now()}
	p.Cancels = append(slices.Clone(p.Cancels), part)
	d.put(tx, p)
	d.book(tx, p, clearing.Transaction{Key: part.TransactionKey, Before: before, After: p.Balance, CancelReason: c.Reason})
	return p, nil
}

func (d *Desk) book(tx *record.Tx, p Payment, t clearing.Transaction) {
	t.PaymentKey, t.OrderID, t.Customer = p.Key, p.OrderID, p.Customer
	t.Method, t.Status, t.ApprovedAt = p.Method, string(p.Status), p.ApprovedAt
	d.house.Book(tx, t)
}

// Worker lets unfinished payments expire.
type Worker struct {
	Store *record.Store
	Desk  *Desk
}

// RunOnce expires the next payment whose time is over; worked is false when there is none.
func (w *Worker) RunOnce(ctx context.Context) (worked bool, err error) {
	err = w.Store.Do(ctx, func(tx *record.Tx) { worked = w.Desk.expireNext(tx) })
	return worked, err
}

func (d *Desk) expireNext(tx *record.Tx) bool {
	key, ok := d.expiry.Take(tx.Now())
	if !ok {
		return false
	}
	p, _ := d.payments.Get(key)
	p.Status, p.ExpiresAt = Expired, time.Time{}
	p.FailureCode, p.FailureMessage = "PAY_PROCESS_EXPIRED", "결제 시간이 지났습니다."
	d.put(tx, p)
	return true
}
