package bid

import (
	"cmp"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Rules are the dated figures of policy at the instant of a step.
type Rules struct {
	StepBP        money.BasisPoints // of the lowest bid: it is undercut by so much at least
	ExtendTime    time.Duration     // a bid so near to the close moves the close by as much
	ExtensionsMax int64
	OutlierBP     money.BasisPoints // of the median: a bid below it is marked
	QuorumPart    int64             // one firm member in so many must have voted
	FlagsPart     int64             // one voter in so many must have flagged
	DepositBP     money.BasisPoints // of the offer's least sum
	DepositMin    money.Won
	DepositMax    money.Won
	DepositFree   money.Won // a least sum below it asks for none
}

// Bidder is what is known of a seller at the instant of a step.
type Bidder struct {
	Registered bool
	Verified   bool      // the operator has checked who it is
	Member     bool      // one of its people is a member of the crowd
	Deposit    money.Won // what it has put down for this auction
}

// DepositFor is what an offer asks its seller to put down.
func (r Rules) DepositFor(o Offer) money.Won {
	sum := o.PriceAt(o.QuantityMin) * o.QuantityMin
	if sum < r.DepositFree || r.DepositBP == 0 {
		return 0
	}
	return min(max(money.Rate(sum, r.DepositBP), r.DepositMin), r.DepositMax)
}

// MayBid answers whether a seller may bid: registered, of no crowd of its own, with its deposit down.
func (b Bidder) MayBid(deposit money.Won) error {
	switch {
	case !b.Registered:
		return ErrNotRegistered
	case b.Member:
		return ErrOwnCrowd
	case b.Deposit < deposit:
		return ErrDeposit.With("Deposit", deposit)
	}
	return nil
}

// MayWin asks the same once more before members pay, and that the seller was checked meanwhile (decision 39).
func (b Bidder) MayWin(deposit money.Won) error {
	if err := b.MayBid(deposit); err != nil {
		return err
	}
	if !b.Verified {
		return ErrUnverified
	}
	return nil
}

// Rank sorts offers for a quantity: the lowest price first, then the earliest. It leaves out bids that neither stand
// nor have won, that do not cover the quantity, or that are still sealed.
func Rank(bids []Bid, quantity int64) []Bid {
	ranked := slices.DeleteFunc(slices.Clone(bids), func(b Bid) bool {
		return !b.Stands() && !b.Won() || !b.Shown() || !b.Offer.Covers(quantity)
	})
	slices.SortFunc(ranked, func(x, y Bid) int {
		return cmp.Or(cmp.Compare(x.Offer.PriceAt(quantity), y.Offer.PriceAt(quantity)), cmp.Compare(x.Seq, y.Seq))
	})
	return ranked
}

// InRound are the bids of one round of an auction, in their order.
func InRound(bids []Bid, round int64) []Bid {
	return slices.DeleteFunc(slices.Clone(bids), func(b Bid) bool { return b.Round != round })
}

// Counted is the auction with its standing bids counted and the lowest found anew; the winner stands for it
// once there is one.
func (a Auction) Counted(bids []Bid) Auction {
	a.Bids, a.Lowest, a.LowestPrice = 0, "", 0
	for _, b := range bids {
		if b.Stands() {
			a.Bids++
		}
		if b.Won() {
			a.Lowest, a.LowestPrice = b.ID, b.Offer.PriceAt(a.Firm)
		}
	}
	if ranked := Rank(bids, a.Quantity); a.Lowest == "" && len(ranked) > 0 {
		a.Lowest, a.LowestPrice = ranked[0].ID, ranked[0].Offer.PriceAt(a.Quantity)
	}
	return a
}

// PriceMax is the highest price a unit at which the next open bid for the announced quantity may be made.
func (a Auction) PriceMax(r Rules) money.Won {
	top := money.Won(priceMax)
	if a.Ceiling > 0 {
		top = a.Ceiling
	}
	if a.Lowest != "" {
		top = min(top, a.LowestPrice-a.Undercut(r))
	}
	return top
}

// Undercut is by how much the next open bid must be below the lowest at least.
func (a Auction) Undercut(r Rules) money.Won { return max(a.Step, money.Rate(a.LowestPrice, r.StepBP)) }

// extended is the auction after a bid at an instant: one in the last minutes moves the close (decision 41).
func (a Auction) extended(r Rules, now time.Time) Auction {
	if a.Kind == InTheOpen && a.State == Open && a.Extensions < r.ExtensionsMax && a.ClosesAt.Sub(now) <= r.ExtendTime {
		a.ClosesAt = a.ClosesAt.Add(r.ExtendTime)
		a.Extensions++
	}
	return a
}

// Command is one bid as it arrives.
type Command struct {
	MerchantID market.MerchantID
	Bidder     Bidder
	Offer      Offer
}

// Record is what a seller did in the auction before.
type Record struct {
	Tries int64 // in this round
	// Barred is a seller whose bid was taken out or failed in this round, or was taken out in any for more than its
	// terms: by the operator, or because its seal was broken.
	Barred bool
}

// Round is what a batch of bids is decided on, kept up to date in memory.
type Round struct {
	Auction  Auction
	Standing []Bid // with their offers; without them while sealed
	Records  map[market.MerchantID]Record
}

// Fresh is what a new bid needs from the source of chance.
type Fresh struct {
	ID   market.BidID
	Salt string // of a sealed bid, in hex
}

// Taken is a bid that counts, and what it changed.
type Taken struct {
	Bid      Bid
	Offer    Offer        // as it was cleaned, also of a sealed bid
	Seal     Seal         // of a sealed bid
	Replaced market.BidID // the seller's own older one, "" for none
	Outbid   market.BidID // what was the lowest until now, "" for none or when it still is
	Extended bool
	ClosesAt time.Time
}

// Take decides one bid and moves the round, so that the next command of a batch sees it. A refusal changes nothing.
func (r *Round) Take(c Command, fresh Fresh, rules Rules, now time.Time) (Taken, error) {
	offer, err := r.judge(c, rules, now)
	if err != nil {
		return Taken{}, err
	}
	a := r.Auction.extended(rules, now)
	a.Seq++
	t := Taken{Offer: offer, Extended: a.Extensions > r.Auction.Extensions, ClosesAt: a.ClosesAt}
	t.Bid = Bid{ID: fresh.ID, WishID: a.WishID, Seq: a.Seq, Round: a.Round, MerchantID: c.MerchantID, State: Standing,
		At: now}
	if a.Kind == Sealed {
		t.Seal = SealOf(t.Bid, offer, fresh.Salt)
		t.Seal.Deposit = rules.DepositFor(offer)
		t.Bid.Commitment = t.Seal.Commitment()
		a.Digest = Chain(a.Digest, a.Seq, t.Bid.Commitment)
	} else {
		t.Bid.Offer, t.Bid.Deposit = offer, rules.DepositFor(offer)
	}
	r.Standing = slices.DeleteFunc(r.Standing, func(b Bid) bool {
		mine := b.MerchantID == c.MerchantID
		if mine {
			t.Replaced = b.ID
		}
		return mine
	})
	r.Standing = append(r.Standing, t.Bid)
	was := a.Lowest
	if a = a.Counted(r.Standing); was != a.Lowest {
		t.Outbid = was
	}
	record := r.Records[c.MerchantID]
	record.Tries++
	r.Records[c.MerchantID] = record
	r.Auction = a
	return t, nil
}

// judge refuses what may not be bid, and gives the offer cleaned.
func (r *Round) judge(c Command, rules Rules, now time.Time) (Offer, error) {
	a := r.Auction
	if err := a.TakesBids(now); err != nil {
		return Offer{}, err
	}
	record := r.Records[c.MerchantID]
	switch {
	case record.Barred:
		return Offer{}, ErrBarred
	case record.Tries >= triesMax:
		return Offer{}, ErrTries.With("Max", triesMax)
	case a.Seq >= bidsMax:
		return Offer{}, ErrFull.With("Max", bidsMax)
	}
	offer, err := c.Offer.Parse(a, now)
	if err != nil {
		return Offer{}, err
	}
	if err := c.Bidder.MayBid(rules.DepositFor(offer)); err != nil {
		return Offer{}, err
	}
	if a.Kind == Sealed {
		return offer, nil
	}
	for _, b := range r.Standing {
		if b.ID == a.Lowest && b.MerchantID == c.MerchantID {
			return Offer{}, ErrOwnLowest
		}
	}
	if most := a.PriceMax(rules); offer.Covers(a.Quantity) && offer.PriceAt(a.Quantity) > most {
		return Offer{}, ErrTooHigh.With("Max", most).On("unit_price")
	}
	return offer, nil
}

// Trial is a bid that is only weighed, at an instant.
type Trial struct {
	Command
	WishID market.WishID
	Rules  Rules
	Now    time.Time
}
