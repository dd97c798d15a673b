package award

import (
	"cmp"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
)

// Facts are what an award is decided on besides the bids.
type Facts struct {
	Firm    int64                            // firm members: the quantity at which offers are compared
	Bidders map[market.MerchantID]bid.Bidder // every seller with a standing bid; a missing one is not fit
	Tallies map[market.BidID]voice.Tally     // votes
	Rules   bid.Rules
	Now     time.Time
}

// Line is one bid in the order of an award.
type Line struct {
	Bid     bid.Bid
	Place   int64     // from 1 for the lowest, 0 for a bid that could not win
	Price   money.Won // a unit at the award's quantity, 0 where the offer does not say
	Reason  bid.Reason
	Detail  string // a refusal's code or public words, see bid.Reason
	Outlier bool
	Tally   voice.Tally
}

// Order is every bid of an auction with why it won or did not: first the offers by price, then the rest by arrival.
type Order struct {
	Quantity int64
	Lines    []Line
}

// Winner gives the first line; false when no bid could win.
func (o Order) Winner() (Line, bool) {
	if len(o.Lines) == 0 || o.Lines[0].Place != 1 {
		return Line{}, false
	}
	return o.Lines[0], true
}

// Rank orders all bids of an auction by the price members would pay at the number of firm members. It decides
// nothing by itself but the order: a bid far below the others is marked and stays.
//
// Votes count while nobody has won; afterwards they are advice, and who stood in reserve stays there (decision 40).
func Rank(a bid.Auction, bids []bid.Bid, f Facts) Order {
	o := Order{Quantity: f.Firm}
	outliers := Outliers(bids, f.Firm, f.Rules.OutlierBP)
	var rest []Line
	lines := map[market.BidID]Line{}
	var able []bid.Bid
	for _, b := range bids {
		l := Line{Bid: b, Outlier: outliers[b.ID], Tally: f.Tallies[b.ID]}
		l.Price = priceAt(b, f.Firm)
		l.Reason, l.Detail = f.against(a, b)
		if l.Reason == "" {
			able = append(able, b)
			lines[b.ID] = l
		} else {
			rest = append(rest, l)
		}
	}
	for i, b := range bid.Rank(able, f.Firm) {
		l := lines[b.ID]
		l.Place, l.Reason = int64(i+1), bid.ReasonLowest
		if i > 0 {
			l.Reason = bid.ReasonPrice
			if l.Price == o.Lines[0].Price {
				l.Reason = bid.ReasonLater
			}
		}
		o.Lines = append(o.Lines, l)
	}
	slices.SortFunc(rest, func(x, y Line) int { return cmp.Compare(x.Bid.Seq, y.Bid.Seq) })
	o.Lines = append(o.Lines, rest...)
	return o
}

// Told is the order of the present round's award as it is kept, with what members say now.
func Told(a bid.Auction, bids []bid.Bid, tallies map[market.BidID]voice.Tally, rules bid.Rules) Order {
	o := Order{Quantity: a.Firm}
	outliers := Outliers(bids, a.Firm, rules.OutlierBP)
	for _, b := range bid.InRound(bids, a.Round) {
		o.Lines = append(o.Lines, Line{Bid: b, Place: b.Place, Price: priceAt(b, a.Firm), Reason: b.Outcome, Detail: b.Reason,
			Outlier: outliers[b.ID], Tally: tallies[b.ID]})
	}
	slices.SortFunc(o.Lines, func(x, y Line) int {
		if (x.Place == 0) != (y.Place == 0) {
			return cmp.Compare(y.Place, x.Place)
		}
		return cmp.Or(cmp.Compare(x.Place, y.Place), cmp.Compare(x.Bid.Seq, y.Bid.Seq))
	})
	return o
}

// priceAt is what a unit costs at a quantity, 0 where the offer does not say.
func priceAt(b bid.Bid, quantity int64) money.Won {
	if !b.Shown() || !b.Offer.Covers(quantity) {
		return 0
	}
	return b.Offer.PriceAt(quantity)
}

// against names what keeps a bid from winning, "" for nothing.
func (f Facts) against(a bid.Auction, b bid.Bid) (bid.Reason, string) {
	switch b.State {
	case bid.Replaced:
		return bid.ReasonReplaced, ""
	case bid.Withdrawn:
		return bid.ReasonWithdrawn, ""
	case bid.Disqualified:
		if b.Outcome == bid.ReasonVoted || b.Outcome == bid.ReasonSeal {
			return b.Outcome, b.Reason
		}
		return bid.ReasonOperator, b.Reason
	case bid.Failed:
		return bid.ReasonFailed, b.Reason
	case bid.Lapsed:
		return bid.ReasonLapsed, ""
	case bid.Standing, bid.Winner:
	}
	switch {
	case f.Firm < b.Offer.QuantityMin:
		return bid.ReasonMinimum, ""
	case !b.Offer.Covers(f.Firm):
		return bid.ReasonMaximum, ""
	case !b.Offer.PromisedBy.After(f.Now):
		return bid.ReasonLate, ""
	case a.State == bid.Closed && f.Tallies[b.ID].Excludes(f.Rules, f.Firm):
		return bid.ReasonVoted, ""
	}
	if err := f.Bidders[b.MerchantID].MayWin(b.Deposit); err != nil {
		return bid.ReasonUnfit, fail.CodeOf(err)
	}
	return "", ""
}

// outliersMin is how many offers it takes to call one of them far off.
const outliersMin = 3

// Outliers marks the standing offers for a quantity whose price is below a part of the median of all of them.
func Outliers(bids []bid.Bid, quantity int64, bp money.BasisPoints) map[market.BidID]bool {
	ranked := bid.Rank(bids, quantity)
	if len(ranked) < outliersMin {
		return nil
	}
	price := func(i int) money.Won { return ranked[i].Offer.PriceAt(quantity) }
	// Twice the median, so that the middle of two offers needs no half won.
	twice := price((len(ranked)-1)/2) + price(len(ranked)/2)
	out := map[market.BidID]bool{}
	for i, b := range ranked {
		if 2*10_000*price(i) < twice*bp {
			out[b.ID] = true
		}
	}
	return out
}
