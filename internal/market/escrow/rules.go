package escrow

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// Rules are the figures of policy by which shares wait, in days. A day ends at 24:00 in Korea and the first is not
// counted.
type Rules struct {
	ConfirmDays     int // of silence after evidence of delivery
	ConfirmDaysMax  int // when the member asks for more time
	UndeliveredDays int // after the day promised, or after a later sending, until what was not proven goes back
	EvidenceDays    int // each side's time to speak in a dispute
	DisputeDays     int // a dispute lasts no longer
	AddressDays     int // after the delivery, that the seller may see an address
}

// after gives 24:00 of the day so many days after an instant's.
func after(t time.Time, days int) time.Time { return bizday.EndOfDay(t).AddDate(0, 0, days) }

// LapseAt is when shares go back that were never sent.
func (r Rules) LapseAt(shipBy time.Time) time.Time { return shipBy.AddDate(0, 0, r.UndeliveredDays) }

// UndeliveredAt is when a share goes back that was sent and never proven to arrive. Sending again cannot put it off for
// ever: twice the days after the day promised is the end.
func (r Rules) UndeliveredAt(shipBy, sentAt time.Time) time.Time {
	at := r.LapseAt(shipBy)
	if later := after(sentAt, r.UndeliveredDays); later.After(at) {
		at = later
	}
	if last := shipBy.AddDate(0, 0, 2*r.UndeliveredDays+1); at.After(last) {
		return last
	}
	return at
}

// SilenceAt is when silence after a delivery releases.
func (r Rules) SilenceAt(deliveredAt time.Time, waited bool) time.Time {
	if waited {
		return after(deliveredAt, r.ConfirmDaysMax)
	}
	return after(deliveredAt, r.ConfirmDays)
}

// Late tells whether a share was sent after the time promised, or not at all.
func (e Escrow) Late(s Share) bool {
	return !s.ShippedAt.IsZero() && !s.ShippedAt.Before(e.ShipBy) || s.Outcome == OutUnsent
}

// Check refuses an award that cannot be served.
func (a Award) Check(now time.Time) error {
	if !a.ShipBy.After(now) {
		return ErrShipBy.On("ship_by")
	}
	return nil
}

// Payment is one member's money that the gateway has captured.
type Payment struct {
	OrderID   market.OrderID
	AccountID market.AccountID
	Quantity  int64
	Amount    money.Won
}

// MayPay answers whether money makes a share. It may be more than the units are worth: the price fell while the member
// paid, and the difference goes back as everybody's does.
func (e Escrow) MayPay(p Payment) error {
	switch {
	case e.Phase != Paying:
		return ErrClosed
	case p.Quantity < 1 || p.Amount < e.UnitPrice*p.Quantity:
		return ErrPrice.With("Amount", e.UnitPrice*max(1, p.Quantity))
	}
	return nil
}

// Falls is what a share is worth more than its units.
func (e Escrow) Falls(s Share) money.Won {
	if e.Phase != Paying || s.State != Held {
		return 0
	}
	return max(0, s.Amount-e.UnitPrice*s.Quantity)
}

// Underpaid tells whether the price has risen above what the member has paid: another bid took the place of a lower
// one.
func (e Escrow) Underpaid(s Share) bool {
	return e.Phase == Paying && s.State == Held && s.Amount < e.UnitPrice*s.Quantity
}

// Act is somebody's act on one share. Who acts is named by the account or the merchant; branch, operator and clock are
// checked by the flow.
type Act struct {
	OrderID    market.OrderID
	Action     Action
	By         By
	AccountID  market.AccountID  // of ByBuyer
	MerchantID market.MerchantID // of BySeller and ByBranch
}

// Take gives the share after an act that ends it, or the refusal.
func (e Escrow) Take(s Share, a Act, r Rules, now time.Time) (Share, error) {
	if err := e.mine(s, a); err != nil {
		return s, err
	}
	to, err := Next(s.State, a.Action, a.By)
	if err != nil {
		return s, err
	}
	if err := e.fits(s, a, now); err != nil {
		return s, err
	}
	out := map[Action]Outcome{ActConfirm: OutConfirmed, ActUse: OutUsed, ActWithdraw: OutWithdrawn, ActLapse: OutPrice,
		ActGiveBack: OutGivenBack}[a.Action]
	switch {
	case out == "":
		return s, ErrState.With("State", string(s.State), "Action", string(a.Action))
	case out == OutGivenBack && a.By == ByOperator:
		out = OutOperator
	}
	if a.Action == ActUse {
		s.DeliveredAt = now
	}
	refunded := s.Amount
	if to == Released {
		refunded = 0
	}
	return s.end(to, ending{out, refunded}, r, now), nil
}

// mine tells apart whose share it is; a stranger learns nothing of it.
func (e Escrow) mine(s Share, a Act) error {
	switch a.By {
	case ByBuyer:
		if a.AccountID != s.AccountID {
			return ErrNotFound
		}
	case BySeller, ByBranch:
		if a.MerchantID != e.MerchantID {
			return ErrNotFound
		}
	case ByCarrier, ByOperator, ByClock:
	}
	return nil
}

// fits holds an act against the escrow as a whole.
func (e Escrow) fits(s Share, a Act, now time.Time) error {
	leaves := a.Action == ActWithdraw || a.Action == ActGiveBack && a.By == ByOperator
	switch {
	case a.Action == ActLapse && !e.Underpaid(s):
		return ErrState.With("State", string(s.State), "Action", string(a.Action))
	case a.Action == ActLapse, e.Phase == Paying && leaves:
		return nil
	case e.Phase != Fulfilling:
		return ErrNotBegun
	case a.Action == ActUse && e.Delivery != AtBranch:
		return ErrDelivery
	case a.Action == ActUse && !now.Before(e.LapseAt):
		return ErrLate
	case a.Action == ActWithdraw && e.MadeToOrder:
		return ErrMade
	}
	return nil
}

// ending is how a share ends, and what of it goes back.
type ending struct {
	Outcome  Outcome
	Refunded money.Won
}

// end closes a share: the whole of its amount goes somewhere.
func (s Share) end(to State, x ending, r Rules, now time.Time) Share {
	assert.That(!s.State.Ended() && x.Refunded >= 0 && x.Refunded <= s.Amount, "31 a share ends once, and as a whole",
		"order", s.OrderID, "state", s.State, "refunded", x.Refunded, "amount", s.Amount)
	s.State, s.Outcome, s.EndedAt, s.DueAt = to, x.Outcome, now, time.Time{}
	s.Refunded, s.Released = x.Refunded, s.Amount-x.Refunded
	switch {
	case s.ShippedAt.IsZero():
		s.AddressUntil = now // nothing was ever sent there
	case s.DeliveredAt.IsZero():
		s.AddressUntil = after(now, r.AddressDays)
	default:
		s.AddressUntil = after(s.DeliveredAt, r.AddressDays)
	}
	if s.AddressUntil.Before(now) {
		s.AddressUntil = now
	}
	return s
}

// Wait gives the member more time to look at what arrived, once; it answers ErrState or ErrWaited.
func (s Share) Wait(who market.AccountID, r Rules, now time.Time) (Share, error) {
	switch {
	case s.AccountID != who:
		return s, ErrNotFound
	case s.State != Delivered || !now.Before(s.DueAt):
		return s, ErrState.With("State", string(s.State), "Action", "wait")
	case s.Waited:
		return s, ErrWaited
	}
	s.Waited, s.DueAt = true, r.SilenceAt(s.DeliveredAt, true)
	return s, nil
}

// Ship gives the share after the seller named its parcel. A number may be put right while nothing has arrived; the
// parcel of a disputed share is noted and moves nothing.
func (e Escrow) Ship(s Share, r Rules, now time.Time) (Share, error) {
	switch {
	case s.WishID != e.WishID:
		return s, parcel.ErrUnknown
	case e.over(s, now):
		return s, ErrLate
	case s.State == Held:
		to, err := Next(s.State, ActShip, BySeller)
		s.State, s.ShippedAt, s.DueAt = to, now, r.UndeliveredAt(e.ShipBy, now)
		return s, err
	case s.State == Shipped:
		s.DueAt = r.UndeliveredAt(e.ShipBy, now)
		return s, nil
	case s.State == Disputed:
		if s.ShippedAt.IsZero() {
			s.ShippedAt = now
		}
		return s, nil
	}
	return s, ErrState.With("State", string(s.State), "Action", string(ActShip))
}

// MayShip answers whether the seller may name parcels at all.
func (e Escrow) MayShip(seller market.MerchantID) error {
	switch {
	case e.MerchantID != seller:
		return ErrNotFound
	case e.Phase != Fulfilling:
		return ErrNotBegun
	case e.Delivery != ByParcel:
		return ErrDelivery
	}
	return nil
}

// Follow gives the share after its carrier was heard, and whether that changes it. The time to confirm runs from when
// we heard, not from the carrier's clock.
func (e Escrow) Follow(s Share, t parcel.Track, r Rules, now time.Time) (Share, bool) {
	next := s
	act := ActArrive
	switch {
	case s.State == Disputed && t.Proven() && s.DeliveredAt.IsZero():
		next.DeliveredAt = now
		return next, true
	case t.Proven():
		next.DeliveredAt, next.DueAt = now, r.SilenceAt(now, s.Waited)
	case t.State() == parcel.Returned && !e.over(s, now):
		act = ActBounce
		next.DeliveredAt, next.DueAt = time.Time{}, r.UndeliveredAt(e.ShipBy, now)
	default:
		return s, false
	}
	to, err := Next(s.State, act, ByCarrier)
	if err != nil {
		return s, false
	}
	next.State = to
	return next, true
}

// over tells whether the clock has decided a share already, whenever the sweep comes by: the instant counts, not the
// sweep.
func (e Escrow) over(s Share, now time.Time) bool {
	return s.State == Held && e.Phase == Fulfilling && !now.Before(e.LapseAt) || !s.DueAt.IsZero() && !now.Before(s.DueAt)
}

// Overdue gives the share after its time has run out, and whether it has. Disputes run out by Dispute.Overdue.
func (e Escrow) Overdue(s Share, r Rules, now time.Time) (Share, bool) {
	if !e.over(s, now) && e.Phase != Void {
		return s, false
	}
	act, x := ActLapse, ending{OutUnsent, s.Amount}
	switch {
	case e.Phase == Void:
		x.Outcome = OutVoid
	case s.State == Shipped:
		x.Outcome = OutUndelivered
	case s.State == Delivered:
		act, x = ActSilence, ending{OutSilence, 0}
	}
	to, err := Next(s.State, act, ByClock)
	if err != nil {
		return s, false
	}
	return s.end(to, x, r, now), true
}

// AddressVisible answers whether a merchant may see a member's address: the seller alone, once all have paid, while the
// share lives and some days after the delivery.
func (e Escrow) AddressVisible(s Share, seller market.MerchantID, now time.Time) bool {
	begun := e.Phase == Fulfilling || e.Phase == Done
	alive := s.AddressUntil.IsZero() || now.Before(s.AddressUntil)
	return begun && alive && e.Delivery == ByParcel && seller != "" && seller == e.MerchantID
}

// Changeable answers whether a member may still change the address: nothing was sent to it.
func (s Share) Changeable(who market.AccountID) error {
	switch {
	case s.AccountID != who:
		return ErrNotFound
	case s.State != Held && (s.State != Disputed || !s.ShippedAt.IsZero()):
		return ErrState.With("State", string(s.State), "Action", "address")
	}
	return nil
}
