package api

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/pay"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

type checkoutAnswer struct {
	CheckoutKey string     `json:"checkoutKey"`
	CheckoutURL string     `json:"checkoutUrl"`
	OrderID     string     `json:"orderId"`
	Amount      int64      `json:"amount"`
	Status      pay.Status `json:"status"`
}

type authorizedAnswer struct {
	PaymentKey string `json:"paymentKey"`
	OrderID    string `json:"orderId"`
	Amount     int64  `json:"amount"`
}

// openCheckout prepares a payment and gives the address of its page.
func (s *Server) openCheckout(w http.ResponseWriter, r *http.Request) {
	var in pay.Checkout
	if !readJSON(w, r, &in) {
		return
	}
	s.perform(w, r, call{step: fault.Prepare, target: in.OrderID, after: fault.CheckoutAfter,
		act: func(tx *record.Tx, _ fault.Mode) (any, *refusal.Refusal) {
			p, no := s.Desk.Open(tx, in)
			return checkoutAnswer{p.Checkout, s.base(r) + "/pay/" + p.Checkout, p.OrderID, p.Amount, p.Status}, no
		}})
}

// authorizeCheckout plays the payer, for programs that have no browser.
func (s *Server) authorizeCheckout(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Instrument string `json:"instrument"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	checkout := r.PathValue("key")
	s.perform(w, r, call{step: fault.Authorize, target: checkout, after: fault.AuthorizeAfter,
		act: func(tx *record.Tx, _ fault.Mode) (any, *refusal.Refusal) {
			p, no := s.Desk.Authorize(tx, checkout, in.Instrument)
			return authorizedAnswer{p.Key, p.OrderID, p.Amount}, no
		}})
}

// authorizeDirectly makes a checkout and plays its payer in one step, for programs that have no use for the page.
func (s *Server) authorizeDirectly(w http.ResponseWriter, r *http.Request) {
	var in struct {
		pay.Checkout
		Instrument string `json:"instrument"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	s.perform(w, r, call{step: fault.Authorize, target: in.OrderID, after: fault.AuthorizeAfter,
		act: func(tx *record.Tx, _ fault.Mode) (any, *refusal.Refusal) {
			p, no := s.Desk.Open(tx, in.Checkout)
			if no == nil {
				p, no = s.Desk.Authorize(tx, p.Checkout, in.Instrument)
			}
			return authorizedAnswer{p.Key, p.OrderID, p.Amount}, no
		}})
}

// confirmPayment captures an authorised payment.
func (s *Server) confirmPayment(w http.ResponseWriter, r *http.Request) {
	var in pay.Confirm
	if !readJSON(w, r, &in) {
		return
	}
	s.perform(w, r, call{step: fault.Confirm, target: in.OrderID, after: fault.ConfirmAfter,
		own: func(tx *record.Tx) fault.Mode { return s.Desk.ConfirmFault(tx, in) },
		act: func(tx *record.Tx, mode fault.Mode) (any, *refusal.Refusal) {
			p, no := s.Desk.Confirm(tx, in, mode == fault.Decline)
			return p.Wire(s.base(r)), no
		}})
}

// charge takes money at once with the instrument that the payment's key names, for programs that buy without a page.
func (s *Server) charge(w http.ResponseWriter, r *http.Request) {
	var in pay.Confirm
	if !readJSON(w, r, &in) {
		return
	}
	s.perform(w, r, call{step: fault.Confirm, target: in.OrderID, after: fault.ConfirmAfter,
		own: func(tx *record.Tx) fault.Mode {
			if s.Desk.Present(tx, in) != nil {
				return fault.None // the step itself says why not
			}
			return s.Desk.ConfirmFault(tx, in)
		},
		act: func(tx *record.Tx, mode fault.Mode) (any, *refusal.Refusal) {
			if no := s.Desk.Present(tx, in); no != nil {
				return nil, no
			}
			p, no := s.Desk.Confirm(tx, in, mode == fault.Decline)
			return p.Wire(s.base(r)), no
		}})
}

// findPayment shows a payment by its key.
func (s *Server) findPayment(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("paymentKey")
	s.view(w, r, fault.Lookup, s.orderOf(r, key), func() (any, *refusal.Refusal) {
		p, ok := s.Desk.Find(key)
		return s.shown(r, p, ok)
	})
}

// findPaymentByOrder shows the captured payment of an order, else the latest try.
func (s *Server) findPaymentByOrder(w http.ResponseWriter, r *http.Request) {
	order := r.PathValue("orderId")
	s.view(w, r, fault.Lookup, order, func() (any, *refusal.Refusal) {
		p, ok := s.Desk.FindByOrder(order)
		return s.shown(r, p, ok)
	})
}

func (s *Server) shown(r *http.Request, p pay.Payment, ok bool) (any, *refusal.Refusal) {
	if !ok {
		return nil, refusal.NotFoundPayment()
	}
	return p.Wire(s.base(r)), nil
}

// cancelPayment gives the rest, or a part, of a captured payment back.
func (s *Server) cancelPayment(w http.ResponseWriter, r *http.Request) {
	var in struct {
		CancelReason string `json:"cancelReason"`
		CancelAmount *int64 `json:"cancelAmount"`
	}
	if !readJSON(w, r, &in) {
		return
	}
	order := pay.CancelOrder{PaymentKey: r.PathValue("paymentKey"), Reason: in.CancelReason}
	if in.CancelAmount != nil {
		if order.Amount = *in.CancelAmount; order.Amount <= 0 {
			order.Amount = -1 // an explicit nothing is refused, only a missing amount means all
		}
	}
	s.perform(w, r, call{step: fault.Cancel, target: s.orderOf(r, order.PaymentKey), after: fault.CancelAfter,
		act: func(tx *record.Tx, mode fault.Mode) (any, *refusal.Refusal) {
			if mode == fault.Decline {
				return nil, refusal.NotCancelablePayment()
			}
			p, no := s.Desk.Cancel(tx, order)
			return p.Wire(s.base(r)), no
		}})
}
