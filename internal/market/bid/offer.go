package bid

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Delivery is how members get what they paid for.
type Delivery string

// The ways of delivery.
const (
	AtBranch Delivery = "branch"
	Shipping Delivery = "shipping"
)

// Offer is what a seller promises. The price includes delivery and taxes: it is all that a member pays.
type Offer struct {
	Delivery    Delivery
	UnitPrice   money.Won
	QuantityMin int64
	QuantityMax int64 // 0 for as many as come
	Steps       []PriceStep
	PromisedBy  time.Time // everybody has it by then
	BranchID    market.BranchID
	Note        string
	Evidence    []string // keys of pictures
	// MadeToOrder goods are begun for those who ordered them: nobody gives them back for a mere change of mind.
	MadeToOrder bool
}

// PriceStep is a lower price from a quantity on.
type PriceStep struct {
	From      int64 // units
	UnitPrice money.Won
}

// Bid is an offer of a seller in an auction. While it is sealed its Offer and Deposit are empty.
type Bid struct {
	ID          market.BidID
	WishID      market.WishID
	Seq         int64 // order of arrival, which decides ties
	Round       int64
	MerchantID  market.MerchantID
	State       BidState
	Offer       Offer
	Deposit     money.Won
	Commitment  string // in hex, "" for a bid in the open
	At          time.Time
	EndedAt     time.Time // when it no longer stood
	Reason      string    // the operator's words, or what made it fail
	Place       int64     // at the award, from 1; 0 for none
	Outcome     Reason    // at the award
	ConfirmedAt time.Time // the winner said that it stands to the offer
}

// Shown reports that the bid's terms are told, which those of a sealed one are not before they are revealed.
func (b Bid) Shown() bool { return b.Offer.UnitPrice > 0 }

// Opened is a bid with the terms of its seal, for the eyes of its own seller.
func (b Bid) Opened(s Seal) Bid {
	if b.Shown() {
		return b
	}
	if offer, ok := s.Open(b); ok {
		b.Offer, b.Deposit = offer, s.Deposit
	}
	return b
}

// Stands reports a bid that may win.
func (b Bid) Stands() bool { return b.State == Standing }

// Won reports the bid that is the winner now.
func (b Bid) Won() bool { return b.State == Winner }

// Next is the bid after an action at an instant.
func (b Bid) Next(action Action, by By, now time.Time) (Bid, error) {
	state, err := NextBid(b.State, action, by)
	if err != nil {
		return b, err
	}
	b.State = state
	if state != Winner {
		b.EndedAt = now
	}
	return b, nil
}

// Covers reports that the offer holds for a quantity.
func (o Offer) Covers(quantity int64) bool {
	return quantity >= o.QuantityMin && (o.QuantityMax == 0 || quantity <= o.QuantityMax)
}

// PriceAt is what a member pays for a unit when so many units are taken: the more, the less, never the more.
func (o Offer) PriceAt(quantity int64) money.Won {
	price := o.UnitPrice
	for _, s := range o.Steps {
		if quantity >= s.From && s.UnitPrice < price {
			price = s.UnitPrice
		}
	}
	return price
}

// Same reports offers that promise the same.
func (o Offer) Same(other Offer) bool {
	return o.Delivery == other.Delivery && o.UnitPrice == other.UnitPrice && o.QuantityMin == other.QuantityMin &&
		o.QuantityMax == other.QuantityMax && o.PromisedBy.Equal(other.PromisedBy) && o.BranchID == other.BranchID &&
		o.Note == other.Note && o.MadeToOrder == other.MadeToOrder && slices.Equal(o.Steps, other.Steps) &&
		slices.Equal(o.Evidence, other.Evidence)
}

// faults collects refusals, each beside its field.
type faults struct{ list fail.List }

func (f *faults) add(bad bool, e *fail.Error, field string) {
	if bad {
		f.list = append(f.list, e.On(field))
	}
}

// Parse cleans an offer and refuses one that cannot be made now: every fault at once.
func (o Offer) Parse(a Auction, now time.Time) (Offer, error) {
	var f faults
	o.PromisedBy = o.PromisedBy.UTC().Truncate(time.Second)
	from := now
	if a.ClosesAt.After(from) {
		from = a.ClosesAt
	}
	f.add(o.Delivery != AtBranch && o.Delivery != Shipping, ErrDelivery, "delivery")
	f.add((o.Delivery == AtBranch) != (o.BranchID != "") || !plain(string(o.BranchID)), ErrBranch, "branch")
	f.add(o.UnitPrice < priceMin || o.UnitPrice > priceMax, ErrPrice.With("Min", priceMin, "Max", priceMax), "unit_price")
	f.add(a.Ceiling > 0 && o.UnitPrice > a.Ceiling, ErrCeiling.With("Max", a.Ceiling), "unit_price")
	f.add(o.QuantityMin < 1 || o.QuantityMin > quantityMax || o.QuantityMax < 0 || o.QuantityMax > quantityMax ||
		o.QuantityMax != 0 && o.QuantityMax < o.QuantityMin, ErrQuantity.With("Max", quantityMax), "quantity")
	f.add(!o.PromisedBy.After(from) || o.PromisedBy.After(from.AddDate(0, 0, promiseDaysMax)),
		ErrPromisedBy.With("Days", promiseDaysMax), "promised_by")
	note, refusal := form.Lines(o.Note, 0, noteMax)
	f.add(refusal != nil, ErrNote.With("Max", noteMax), "note")
	o.Note = note
	f.add(len(o.Evidence) > evidenceMax, ErrEvidence.With("Max", evidenceMax), "evidence")
	for _, key := range o.Evidence {
		f.add(key == "" || len(key) > evidenceKeyMax || strings.ContainsFunc(key, unprintable), ErrEvidence.With("Max",
			evidenceMax), "evidence")
	}
	f.list = append(f.list, o.checkSteps()...)
	return o, f.list.Err()
}

// checkSteps wants quantities that rise and prices that fall, all inside the offer's own bounds.
func (o Offer) checkSteps() fail.List {
	var f faults
	f.add(len(o.Steps) > stepsMax, ErrSteps.With("Max", stepsMax), "steps")
	from, price := o.QuantityMin, o.UnitPrice
	for _, s := range o.Steps {
		if s.From <= from || s.UnitPrice >= price || s.UnitPrice < priceMin ||
			o.QuantityMax != 0 && s.From > o.QuantityMax || s.From > quantityMax {
			f.add(true, ErrPriceStep, "steps")
			break
		}
		from, price = s.From, s.UnitPrice
	}
	return f.list
}

// plain reports letters of an identifier only, or nothing.
func plain(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z')
	})
}

// unprintable finds what would break a line of the sealed text.
func unprintable(r rune) bool { return r <= ' ' || r == 0x7f || r == utf8.RuneError }
