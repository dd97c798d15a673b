package tender

import (
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (v offerView) takesBids() bool { return v.Auction.TakesBids(v.Now) == nil }

// sealed reports offers of which nobody sees a price yet.
func (v offerView) sealed() bool { return v.Auction.Kind == bid.Sealed && !v.Auction.Shown() }

// closedTo says why the shop cannot offer now, "" when it can.
func (v offerView) closedTo(loc ui.Loc) string {
	switch {
	case !v.takesBids():
		return loc.T("tender.stage." + string(v.Wish.State))
	case v.Bidder.Member:
		return loc.T("bid.own_crowd")
	case !v.Bidder.Registered && v.Shop.State == merchant.Suspended:
		return loc.T("tender.shop.suspended")
	case !v.Bidder.Registered:
		return loc.T("tender.shop.returned")
	}
	return ""
}

// headline is the sentence the seller came for.
func (v offerView) headline(loc ui.Loc) string {
	switch {
	case v.Own.Won():
		return loc.T("tender.head.won")
	case !v.takesBids():
		return loc.T("tender.stage." + string(v.Wish.State))
	case v.sealed():
		return loc.T("tender.head.sealed", "Count", v.Auction.Bids)
	case v.HasOwn && v.Auction.Lowest == v.Own.ID:
		return loc.T("tender.head.first", "Won", v.Auction.LowestPrice)
	case v.Auction.LowestPrice > 0:
		return loc.T("tender.head.lowest", "Won", v.Auction.LowestPrice)
	}
	return loc.T("tender.head.none")
}

// meaning says what the headline asks of the seller.
func (v offerView) meaning(loc ui.Loc) string {
	switch {
	case v.Own.Won():
		return loc.T("tender.mean.won")
	case !v.takesBids():
		return loc.T("tender.mean.over")
	case v.sealed():
		return loc.T("tender.mean.sealed")
	case v.HasOwn && v.Auction.Lowest == v.Own.ID:
		return loc.T("tender.mean.first")
	case v.Auction.LowestPrice > 0:
		return loc.T("tender.mean.undercut", "Max", v.PriceMax, "Step", v.Undercut)
	case v.Auction.Ceiling > 0:
		return loc.T("tender.mean.ceiling", "Won", v.Auction.Ceiling)
	}
	return loc.T("tender.mean.none")
}

// facts are the figures of the auction.
func (v offerView) facts(loc ui.Loc) []ui.Pair {
	pairs := []ui.Pair{{Key: loc.T("tender.fact.crowd"), Value: loc.T("tender.people", "Count", v.Wish.Firm),
		Note: v.Line.crowd(loc)}}
	if !v.sealed() && v.Auction.LowestPrice > 0 {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.fact.lowest"), Value: loc.Won(v.Auction.LowestPrice),
			Note: loc.T("tender.fact.lowest_note", "Quantity", v.Auction.Compared(), "Count", v.Auction.Bids)})
	}
	if v.takesBids() && !v.sealed() && v.Auction.LowestPrice > 0 {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.fact.next"), Value: loc.T("tender.fact.next_most", "Won",
			v.PriceMax), Note: loc.T("tender.fact.next_note", "Step", v.Undercut)})
	}
	if v.Auction.Ceiling > 0 {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.fact.ceiling"), Value: loc.Won(v.Auction.Ceiling),
			Note: loc.T("tender.fact.ceiling_note")})
	}
	if v.Place > 0 {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.fact.place"), Value: loc.T("tender.place", "Place", v.Place)})
	}
	return append(pairs, ui.Pair{Key: loc.T("tender.fact.until"), Value: v.Line.until(loc, v.Now), Note: v.extends(loc)})
}

// extends tells how a late offer moves the close.
func (v offerView) extends(loc ui.Loc) string {
	switch {
	case v.Auction.In(bid.Planned):
		return loc.T("tender.fact.early_note", "Goal", v.Wish.Threshold)
	case v.Auction.Kind == bid.InTheOpen && v.takesBids():
		return loc.T("tender.fact.extend_note", "Minutes", int64(v.Rules.ExtendTime/time.Minute), "Times",
			v.Rules.ExtensionsMax)
	}
	return ""
}

// ownFacts are the terms of the shop's own offer.
func (v offerView) ownFacts(loc ui.Loc) []ui.Pair {
	o := v.Own.Offer
	most := loc.T("tender.own.up")
	if o.QuantityMax > 0 {
		most = loc.T("tender.own.most", "Count", o.QuantityMax)
	}
	pairs := []ui.Pair{
		{Key: loc.T("tender.form.price"), Value: loc.Won(o.UnitPrice)},
		{Key: loc.T("tender.form.quantity"), Value: loc.T("tender.own.least", "Count", o.QuantityMin) + " " + most},
	}
	for _, s := range o.Steps {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.own.step", "Count", s.From), Value: loc.Won(s.UnitPrice)})
	}
	pairs = append(pairs, ui.Pair{Key: loc.T("tender.form.delivery"), Value: loc.T("tender.way." + string(o.Delivery))},
		ui.Pair{Key: loc.T("tender.form.promised"), Value: loc.Date(o.PromisedBy.Add(-time.Second), v.Now)})
	if o.MadeToOrder {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.form.made_short"), Value: loc.T("tender.yes")})
	}
	if v.Own.Deposit > 0 {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.fact.deposit"), Value: loc.Won(v.Own.Deposit)})
	}
	return pairs
}

// ownOutcome says why the offer won or did not, once that is decided.
func (v offerView) ownOutcome(loc ui.Loc) string {
	if v.Own.Outcome == "" {
		return ""
	}
	return loc.T("bid.outcome." + string(v.Own.Outcome))
}

// verdict says what the typed offer would be.
func (v offerView) verdict(loc ui.Loc) string {
	switch {
	case !v.Tried:
		return loc.T("tender.try.none")
	case errors.Is(v.Trial.Refusal, bid.ErrOwnLowest):
		return loc.T("bid.own_lowest")
	case v.asksDeposit():
		return loc.T("tender.try.deposit", "Won", v.missing())
	case v.Trial.Refusal != nil:
		return loc.T("tender.try.refused")
	case v.sealed():
		return loc.T("tender.try.sealed")
	case v.Trial.Lowest:
		return loc.T("tender.try.lowest")
	case v.Trial.Price == 0:
		return loc.T("tender.try.beside", "Count", v.Auction.Compared())
	}
	return loc.T("tender.try.behind")
}

func (v offerView) verdictTone() ui.Tone {
	switch {
	case !v.Tried:
		return ui.Quiet
	case v.Trial.Refusal != nil:
		return ui.Warn
	case v.Trial.Lowest, v.sealed():
		return ui.Act
	}
	return ui.Info
}

// sums are what the typed offer means in won.
func (v offerView) sums(loc ui.Loc) []ui.Pair {
	var pairs []ui.Pair
	if v.Trial.Price > 0 {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.try.unit", "Count", v.Auction.Compared()),
			Value: loc.Won(v.Trial.Price)}, ui.Pair{Key: loc.T("tender.try.sum"), Value: loc.Won(v.Trial.Sum), Total: true})
	}
	if v.Trial.Deposit > 0 {
		p := ui.Pair{Key: loc.T("tender.fact.deposit"), Value: loc.Won(v.Trial.Deposit),
			Note: loc.T("tender.fact.deposit_note")}
		if v.asksDeposit() && v.Bidder.Deposit > 0 {
			p.Note = loc.T("tender.fact.deposit_part", "Won", v.Bidder.Deposit)
		}
		pairs = append(pairs, p)
	}
	return pairs
}

func (v offerView) branchChoices() []ui.Choice {
	var out []ui.Choice
	for _, p := range v.Places {
		out = append(out, ui.Choice{Value: string(p.ID), Label: p.Name})
	}
	return out
}

func (v offerView) deliveries(loc ui.Loc) []ui.Choice {
	out := []ui.Choice{{Value: string(bid.Shipping), Label: loc.T("tender.form.ship"), Icon: "truck"}}
	if len(v.Places) > 0 {
		out = append(out, ui.Choice{Value: string(bid.AtBranch), Label: loc.T("tender.form.branch_way"), Icon: "store"})
	}
	return out
}

// soonest is the first day that can be promised.
func (v offerView) soonest() string {
	from := v.Now
	if v.Auction.ClosesAt.After(from) {
		from = v.Auction.ClosesAt
	}
	return lastDay(from.Add(time.Second))
}

// weighs says when the typed offer is weighed; a page that is drawn again does it once more by itself, since somebody
// may type on before the page can listen.
func (v offerView) weighs() string {
	const typing = "input from:#offer delay:600ms, change from:#offer delay:300ms"
	if v.Drawn {
		return "load delay:200ms, " + typing
	}
	return typing
}

// formTitle is the key of what the form is for.
func (v offerView) formTitle() string {
	if v.HasOwn {
		return "tender.form.title_again"
	}
	return "tender.form.title"
}

func (v offerView) submitLabel(loc ui.Loc) string {
	switch {
	case v.HasOwn && v.sealed():
		return loc.T("tender.form.replace_sealed")
	case v.HasOwn:
		return loc.T("tender.form.replace")
	case v.sealed():
		return loc.T("tender.form.place_sealed")
	}
	return loc.T("tender.form.place")
}
