package pay

import (
	"net/url"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/clearing"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

const (
	amountMin = 100 // won: the card floor
	amountMax = 10_000_000_000
)

// Desk holds the payments.
type Desk struct {
	outbox     *hook.Outbox
	house      *clearing.House
	crash      *fault.Crasher
	payments   *record.Table[Payment]
	byCheckout map[string]string   // checkout → payment key
	byOrder    map[string][]string // order → payment keys, oldest first
	paid       map[string]string   // order → the captured payment's key
	expiry     record.Queue
}

// Options say what a desk works with.
type Options struct {
	Outbox *hook.Outbox
	House  *clearing.House
	Crash  *fault.Crasher
}

// New registers the desk with a store.
func New(s *record.Store, o Options) *Desk {
	d := &Desk{
		outbox: o.Outbox, house: o.House, crash: o.Crash,
		byCheckout: map[string]string{}, byOrder: map[string][]string{}, paid: map[string]string{},
	}
	d.payments = record.NewTable(s, "payment", d.watch)
	d.expiry.Due = func(key string) (time.Time, bool) {
		p, ok := d.payments.Get(key)
		return p.ExpiresAt, ok && !p.ExpiresAt.IsZero()
	}
	return d
}

func (d *Desk) watch(key string, before, after *Payment) {
	if before == nil {
		if after.Checkout != "" {
			d.byCheckout[after.Checkout] = key
		}
		d.byOrder[after.OrderID] = append(d.byOrder[after.OrderID], key)
	}
	if after.Status.Captured() {
		d.paid[after.OrderID] = key
	}
	if !after.ExpiresAt.IsZero() && (before == nil || !before.ExpiresAt.Equal(after.ExpiresAt)) {
		d.expiry.Push(after.ExpiresAt, key)
	}
}

// Checkout says what is to be paid and where the payer returns to.
type Checkout struct {
	OrderID    string `json:"orderId"`
	OrderName  string `json:"orderName"`
	Amount     int64  `json:"amount"`
	Currency   string `json:"currency"`
	SuccessURL string `json:"successUrl"`
	FailURL    string `json:"failUrl"`
	Customer   string `json:"customerKey"`
	Locale     string `json:"locale"`
	Method     string `json:"method"`
}

func (c Checkout) check() *refusal.Refusal {
	switch {
	case !orderIDOK(c.OrderID):
		return refusal.InvalidRequest("주문번호는 영문, 숫자, -, _, = 로 6자 이상 64자 이하여야 합니다.")
	case c.OrderName == "" || len(c.OrderName) > 400:
		return refusal.InvalidRequest("주문 이름이 없거나 너무 깁니다.")
	case c.Currency != "KRW" && c.Currency != "":
		return refusal.InvalidRequest("원화만 결제할 수 있습니다.")
	case c.Amount < amountMin:
		return refusal.BelowMinimum()
	case c.Amount > amountMax:
		return refusal.InvalidRequest("결제 금액이 너무 큽니다.")
	case !addressOK(c.SuccessURL) || !addressOK(c.FailURL):
		return refusal.InvalidRequest("돌아갈 주소가 올바르지 않습니다.")
	case len(c.Customer) > 300:
		return refusal.InvalidRequest("고객 키가 너무 깁니다.")
	}
	return nil
}

func orderIDOK(s string) bool {
	for _, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '-' && c != '_' && c != '=' {
			return false
		}
	}
	return len(s) >= 6 && len(s) <= 64
}

func addressOK(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= 2000 && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil &&
		!strings.ContainsAny(u.Host, ";,' ")
}

// Open makes a READY payment for an order that nobody has paid yet.
func (d *Desk) Open(tx *record.Tx, c Checkout) (Payment, *refusal.Refusal) {
	if no := c.check(); no != nil {
		return Payment{}, no
	}
	if _, taken := d.paid[c.OrderID]; taken {
		return Payment{}, refusal.DuplicatedOrder()
	}
	d.crash.Reach(fault.CheckoutBefore)
	p := Payment{
		Key: tx.NewID("pay"), Checkout: tx.NewID("chk"), OrderID: c.OrderID, OrderName: c.OrderName,
		Customer: c.Customer, Locale: c.Locale, SuccessURL: c.SuccessURL, FailURL: c.FailURL,
		Amount: c.Amount, Balance: c.Amount, Method: methodCard, Status: Ready,
		RequestedAt: tx.Now(), ExpiresAt: tx.Now().Add(readyLife),
	}
	d.payments.Put(tx, p.Key, p)
	return p, nil
}

// Find gives a payment by its key.
func (d *Desk) Find(key string) (Payment, bool) { return d.payments.Get(key) }

// FindByCheckout gives a payment by the key of its page.
func (d *Desk) FindByCheckout(checkout string) (Payment, bool) {
	return d.payments.Get(d.byCheckout[checkout])
}

// FindByOrder gives the captured payment of an order, else the latest try.
func (d *Desk) FindByOrder(orderID string) (Payment, bool) {
	if key, ok := d.paid[orderID]; ok {
		return d.payments.Get(key)
	}
	keys := d.byOrder[orderID]
	if len(keys) == 0 {
		return Payment{}, false
	}
	return d.payments.Get(keys[len(keys)-1])
}

// Counts gives the number of payments in each state.
func (d *Desk) Counts() map[Status]int {
	counts := map[Status]int{}
	for _, key := range d.payments.Keys() {
		p, _ := d.payments.Get(key)
		counts[p.Status]++
	}
	return counts
}

func (d *Desk) put(tx *record.Tx, p Payment) {
	d.payments.Put(tx, p.Key, p)
	if p.Status != Ready && p.Status != InProgress {
		d.outbox.Tell(tx, "PAYMENT_STATUS_CHANGED", p.OrderID, p.Wire(""))
	}
}
