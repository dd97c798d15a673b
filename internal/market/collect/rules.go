package collect

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// mostUnits bounds the units of one member where the seller names no bound: a wish is for its people, not for dealers.
const mostUnits = 10

// Offer is what has won, as paying needs it.
type Offer struct {
	BidID       market.BidID
	MerchantID  market.MerchantID
	Needs       int64 // units from which its price holds
	QuantityMax int64 // 0 for as many as come
}

// Most is how many units one member may take, so that there is one share at least for each of the firm members, and all
// of them together never take more than the seller has offered.
func (o Offer) Most(firm int64) int64 {
	if o.QuantityMax == 0 {
		return mostUnits
	}
	return min(mostUnits, max(1, o.QuantityMax/max(1, firm)))
}

// Holds answers whether an offer has room for the units that members have paid for already.
func (o Offer) Holds(units int64) bool { return o.QuantityMax == 0 || units <= o.QuantityMax }

// Bounded reports a seller who cannot serve as many as come.
func (c Collect) Bounded() bool { return c.Room > 0 }

// Fits answers whether units can be served beside those that are taken already. Each member's part alone does not say
// so: under the next seller asked, some keep what they have taken of an earlier one that offered more.
func (c Collect) Fits(taken, units int64) error {
	if c.Bounded() && taken+units > c.Room {
		return ErrFull.With("Left", max(0, c.Room-taken))
	}
	return nil
}

// Times are the figures of policy by which members and sellers are waited for.
type Times struct {
	Pay     time.Duration
	Remind  []time.Duration // before the end
	Answer  time.Duration   // of a seller who is asked
	Consent time.Duration   // of members for whom the price rose
	Capture time.Duration   // after the end, for payments that the gateway is being asked about
}

// Begin is the first round.
func Begin(id market.WishID, o Offer, firm int64, t Times, now time.Time) Collect {
	return Collect{WishID: id, BidID: o.BidID, MerchantID: o.MerchantID, Round: 1, State: Open, Needs: o.Needs,
		Most: o.Most(firm), Room: o.QuantityMax, OpenedAt: now, Until: now.Add(t.Pay), Version: 1}
}

// Consenting is a round whose price is above what somebody has paid: there is a time to agree to it.
func (c Collect) Consenting(t Times) Collect {
	c.ConsentUntil = c.OpenedAt.Add(t.Consent)
	if c.ConsentUntil.After(c.Until) {
		c.ConsentUntil = c.Until
	}
	return c
}

// Again is the round after this one.
func (c Collect) Again(next Collect, by By) (Collect, error) {
	state, err := Next(c.State, ActNext, by)
	next.State, next.Round, next.Version = state, c.Round+1, c.Version
	return next, err
}

// Reopened is the first round for the winner of another auction round, after all of this one came to nothing.
func (c Collect) Reopened(next Collect) (Collect, error) {
	state, err := Next(c.State, ActReopen, ByClock)
	if err == nil && !c.Failed() {
		err = ErrState.With("State", c.Outcome, "Action", string(ActReopen))
	}
	next.State, next.Round, next.Version = state, c.Round+1, c.Version
	return next, err
}

// Live reports paying that has not ended.
func (c Collect) Live() bool { return c.State != Over }

// Failed reports paying that came to nothing: everybody is paid back.
func (c Collect) Failed() bool {
	return c.State == Over && (c.Outcome == OutcomeNobody || c.Outcome == OutcomeNoSeller)
}

// Asked is the collect when too few have paid and the seller is asked.
func (c Collect) Asked(t Times, now time.Time) (Collect, error) {
	state, err := Next(c.State, ActAsk, ByClock)
	c.State, c.AnswerBy = state, now.Add(t.Answer)
	return c, err
}

// Ended is the collect after its last step.
func (c Collect) Ended(action Action, by By, outcome string, now time.Time) (Collect, error) {
	state, err := Next(c.State, action, by)
	c.State, c.AnswerBy, c.EndedAt, c.Outcome = state, time.Time{}, now, outcome
	return c, err
}

// Running answers whether members may begin to pay.
func (c Collect) Running(now time.Time) error {
	if c.State != Open || !now.Before(c.Until) {
		return ErrOver
	}
	return nil
}

// Due reports a time to pay that has run out and that nobody has closed.
func (c Collect) Due(now time.Time) bool { return c.State == Open && !now.Before(c.Until) }

// Patient answers whether payments that the gateway is being asked about are waited for still.
func (c Collect) Patient(t Times, now time.Time) bool { return now.Before(c.Until.Add(t.Capture)) }

// Silent reports a seller whose time to answer has run out.
func (c Collect) Silent(now time.Time) bool { return c.State == Asking && !now.Before(c.AnswerBy) }

// Asks reports that the seller's answer is waited for.
func (c Collect) Asks() bool { return c.State == Asking }

// Consents reports that the time has run out in which members may agree to a price that rose.
func (c Collect) Consents(now time.Time) bool {
	return c.State == Open && !c.ConsentUntil.IsZero() && !now.Before(c.ConsentUntil)
}

// In reports the round that a job was made for.
func (c Collect) In(round int64) bool { return c.Round == round && c.State != Over }

// Enough answers whether the units that are paid are what the seller needs.
func (c Collect) Enough(units int64) bool { return units >= c.Needs }

// Terms are what a member agrees to now.
type Terms struct {
	UnitPrice money.Won
	TopPrice  money.Won // that the wish's people had named, 0 for none
	Parcel    bool      // it is sent
}

// Wants is what a member says when paying.
type Wants struct {
	AccountID market.AccountID
	Quantity  int64
	UnitPrice money.Won // as the page showed it
	Agreed    bool
	Above     bool // a yes of its own to a price above the wish's top
	To        Address
}

// Take makes a member's order of what they want, or refuses it. A price that fell meanwhile is taken as it is now; one
// that rose is asked about again.
func (c Collect) Take(w Wants, t Terms, now time.Time) (Order, error) {
	if err := c.Running(now); err != nil {
		return Order{}, err
	}
	switch {
	case w.Quantity < 1 || w.Quantity > c.Most:
		return Order{}, ErrQuantity.With("Max", c.Most)
	case w.UnitPrice < t.UnitPrice:
		return Order{}, ErrPrice.With("Price", t.UnitPrice)
	case !w.Agreed:
		return Order{}, ErrAgree
	case t.TopPrice > 0 && t.UnitPrice > t.TopPrice && !w.Above:
		return Order{}, ErrAbove.With("Top", t.TopPrice)
	}
	if !t.Parcel {
		w.To = Address{}
	}
	return Order{WishID: c.WishID, AccountID: w.AccountID, BidID: c.BidID, Quantity: w.Quantity, UnitPrice: t.UnitPrice,
		State: OrderOpen, To: w.To, CreatedAt: now, Version: 1}, nil
}

// Same reports an order for the same units at the same price: the page that was opened for it serves still.
func (o Order) Same(next Order) bool {
	return o.Open() && o.Quantity == next.Quantity && o.UnitPrice == next.UnitPrice && o.BidID == next.BidID
}

// Payable answers whether an attempt for an amount may be captured now: the order stands, it is for this amount and
// this seller, the price has not risen above it, and the time runs.
func (c Collect) Payable(o Order, amount, unit money.Won, now time.Time) bool {
	return c.Running(now) == nil && o.Open() && o.BidID == c.BidID && o.Amount() == amount && o.UnitPrice >= unit
}

// MayAnswer answers whether a seller may say that fewer will do: it is asked, and its time runs.
func (c Collect) MayAnswer(seller market.MerchantID, now time.Time) error {
	switch {
	case c.MerchantID != seller:
		return ErrNotFound
	case c.State != Asking || !now.Before(c.AnswerBy):
		return ErrState.With("State", string(c.State), "Action", string(ActAccept))
	}
	return nil
}

// Tells reports that a step of a round is still worth telling: the round runs, or the seller has begun in it.
func (c Collect) Tells(round int64, begun bool) bool {
	return c.Round == round && (c.State == Over) == begun
}
