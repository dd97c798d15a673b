package fund

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/flow/fund/tell"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/again"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Why a winner does not go through, beside refusals of bidders and of escrow.
const (
	whyRoom     = "fund.room"     // it has no room for the units that are paid already
	whyShort    = "fund.short"    // too few have paid for it, and it does not take fewer
	whyWithdrew = "fund.withdrew" // too few have paid, and it stepped back
)

// Open lets the firm members of a wish pay for the offer that has won. Done before, or for a wish that nobody pays for,
// it does nothing.
func (f *Fund) Open(ctx context.Context, id market.WishID) error {
	return f.write(ctx, func(tx *db.Tx) error {
		w, err := wish.Find(ctx, tx, id)
		if err != nil || !w.Pays() {
			return err
		}
		past, err := collect.Find(ctx, tx, id)
		asked := err == nil
		if asked && !past.Failed() || err != nil && !errors.Is(err, collect.ErrNotFound) {
			return err
		}
		a, err := bid.Find(ctx, tx, id)
		if err != nil || !a.In(bid.Awarded) { // of a round that came to nothing, and is being paid back
			return err
		}
		s, err := f.seating(ctx, tx, w)
		if err != nil {
			return err
		}
		if asked {
			s.past = &past
		}
		return s.seat(ctx, a, collect.ByClock)
	})
}

// seating is the search for a seller whom members may pay.
type seating struct {
	*Fund
	tx    *db.Tx
	wish  wish.Wish
	was   *collect.Collect // the round before, nil for none
	past  *collect.Collect // the paying of an earlier round of the wish, which came to nothing; nil for none
	units int64            // that are paid for already
	facts award.Facts
}

func (f *Fund) seating(ctx context.Context, tx *db.Tx, w wish.Wish) (*seating, error) {
	s := &seating{Fund: f, tx: tx, wish: w}
	bids, err := bid.Bids(ctx, tx, w.ID)
	if err != nil {
		return nil, err
	}
	sellers := make([]market.MerchantID, len(bids))
	for i, b := range bids {
		sellers[i] = b.MerchantID
	}
	slices.Sort(sellers)
	known, err := catalog.Bidders(ctx, tx, w.ID, slices.Compact(sellers))
	if err != nil {
		return nil, err
	}
	bidders := make(map[market.MerchantID]bid.Bidder, len(known))
	for id, k := range known {
		bidders[id] = bid.Bidder{Registered: k.Registered, Verified: k.Verified, Member: k.Member, Deposit: k.Deposit}
	}
	p := policy.At(tx.Now()).Wanted
	s.facts = award.Facts{Firm: w.Firm, Bidders: bidders, Now: tx.Now(),
		Rules: bid.Rules{OutlierBP: p.Bid.OutlierBP, QuorumPart: p.Filter.QuorumPart, FlagsPart: p.Filter.FlagsPart}}
	s.units, err = escrow.HeldUnits(ctx, tx, w.ID)
	return s, err
}

// seat asks the members to pay the winner of an auction. One who may not be paid is passed over, with the reason beside
// its bid; when nobody is left everybody is paid back.
func (s *seating) seat(ctx context.Context, a bid.Auction, by collect.By) error {
	for a.Winner != "" {
		b, err := bid.FindBid(ctx, s.tx, a.Winner)
		if err != nil {
			return err
		}
		terms, err := s.termsOf(ctx, b, a.Firm)
		if err != nil {
			return err
		}
		why := s.against(b, terms)
		if why == "" {
			return s.begin(ctx, b, terms, by)
		}
		if a, err = s.pass(ctx, a, bid.ByClock, why); err != nil {
			return err
		}
	}
	return s.nobody(ctx, by, collect.OutcomeNoSeller)
}

// pass takes a winner out, with the reason that everybody reads.
func (s *seating) pass(ctx context.Context, a bid.Auction, by bid.By, why string) (bid.Auction, error) {
	a, _, err := award.Pass(ctx, s.tx, s.wish.ID, award.Failure{Bid: a.Winner, By: by, Reason: why}, s.facts)
	return a, err
}

// against names what keeps members from paying a winner, "" for nothing. It was asked at the award, and is asked again.
func (s *seating) against(b bid.Bid, terms escrow.Award) string {
	if err := s.facts.Bidders[b.MerchantID].MayWin(b.Deposit); err != nil {
		return fail.CodeOf(err)
	}
	if err := terms.Check(s.tx.Now()); err != nil {
		return fail.CodeOf(err)
	}
	if !offerOf(b, terms).Holds(s.units) {
		return whyRoom
	}
	return ""
}

// termsOf are what is frozen with a winning bid: the commission is that of the day on which it was made, which its
// seller was shown.
func (s *seating) termsOf(ctx context.Context, b bid.Bid, firm int64) (escrow.Award, error) {
	set := policy.At(s.tx.Now())
	t, err := bid.TermsOf(ctx, s.tx, b.ID, bid.Terms{CommissionBP: set.Commission.DefaultBP, PolicyID: set.ID})
	return escrow.Award{BidID: b.ID, MerchantID: b.MerchantID, Delivery: escrow.Delivery(b.Offer.Delivery),
		BranchID: b.Offer.BranchID, UnitPrice: b.Offer.PriceAt(firm), CommissionBP: t.CommissionBP, PolicyID: set.ID,
		MadeToOrder: b.Offer.MadeToOrder, ShipBy: bizday.EndOfDay(b.Offer.PromisedBy.Add(-time.Second))}, err
}

func offerOf(b bid.Bid, terms escrow.Award) collect.Offer {
	return collect.Offer{BidID: b.ID, MerchantID: b.MerchantID, Needs: b.Offer.Needs(terms.UnitPrice),
		QuantityMax: b.Offer.QuantityMax}
}

// begin opens a round of paying for a bid.
func (s *seating) begin(ctx context.Context, b bid.Bid, terms escrow.Award, by collect.By) error {
	now := s.tx.Now()
	c := collect.Begin(s.wish.ID, offerOf(b, terms), s.wish.Firm, times(now), now)
	open := s.first
	switch {
	case s.was != nil:
		open = s.reassign
	case s.past != nil:
		open = s.reopen
	}
	c, err := open(ctx, c, terms, by)
	if err != nil {
		return err
	}
	if s.was != nil {
		s.tx.Emit(event.Of(event.AuctionAwarded{WishID: s.wish.ID, BidID: b.ID, MerchantID: b.MerchantID,
			UnitPrice: terms.UnitPrice, Firm: s.wish.Firm, Round: s.wish.Round}, s.wish.Version+1))
	}
	s.tx.Emit(event.Of(event.FundOpened{WishID: s.wish.ID, BidID: b.ID, MerchantID: b.MerchantID, Round: c.Round,
		UnitPrice: terms.UnitPrice, Until: db.Micros(c.Until)}, db.Micros(now)))
	plan(s.tx, c)
	touch(s.tx, s.wish.ID, b.MerchantID)
	return nil
}

// first opens the paying of a wish for which nobody was asked to pay before.
func (s *seating) first(ctx context.Context, c collect.Collect, terms escrow.Award, _ collect.By) (collect.Collect,
	error,
) {
	if err := escrow.Open(ctx, s.tx, s.wish.ID, terms, rules(s.tx.Now())); err != nil {
		return c, err
	}
	return c, collect.Insert(ctx, s.tx, c)
}

// reopen opens the paying of a wish that has gathered on, after all of its earlier one has ended.
func (s *seating) reopen(ctx context.Context, c collect.Collect, terms escrow.Award, _ collect.By) (collect.Collect,
	error,
) {
	if err := again.Open(ctx, s.tx, s.wish.ID, terms, rules(s.tx.Now())); err != nil {
		return c, err
	}
	c, err := s.past.Reopened(c)
	if err != nil {
		return c, err
	}
	return c, collect.Save(ctx, s.tx, *s.past, c)
}

// reassign gives the members another seller, while they pay.
func (s *seating) reassign(ctx context.Context, c collect.Collect, terms escrow.Award, by collect.By) (collect.Collect,
	error,
) {
	if err := escrow.Reassign(ctx, s.tx, s.wish.ID, terms, rules(s.tx.Now())); err != nil {
		return c, err
	}
	short, err := escrow.Underpaid(ctx, s.tx, s.wish.ID, "", 1)
	if err != nil {
		return c, err
	}
	if len(short) > 0 {
		c = c.Consenting(times(s.tx.Now()))
	}
	if c, err = s.was.Again(c, by); err != nil {
		return c, err
	}
	if err := collect.Save(ctx, s.tx, *s.was, c); err != nil {
		return c, err
	}
	return c, moved(wish.Pass(ctx, s.tx, s.wish, wish.ActNext, wish.ByClock))
}

// moved turns a wish that another step has moved meanwhile into "look again".
func moved(_ wish.State, ok bool, err error) error {
	if err == nil && !ok {
		return collect.ErrMoved
	}
	return err
}

// plan writes the deadlines of a round, and who is to be told of it.
func plan(tx *db.Tx, c collect.Collect) {
	later(tx, c, event.JobFundClose, "", c.Until)
	later(tx, c, event.JobFundTell, tell.StepOpen, time.Time{})
	for i, before := range times(tx.Now()).Remind {
		if at := c.Until.Add(-before); at.After(tx.Now()) {
			later(tx, c, event.JobFundTell, tell.StepRemind+strconv.Itoa(i+1), at)
		}
	}
	if !c.ConsentUntil.IsZero() {
		later(tx, c, event.JobFundConsent, "", c.ConsentUntil)
	}
}

// later writes one job of a round.
func later(tx *db.Tx, c collect.Collect, kind, step string, due time.Time) {
	key := string(c.WishID) + ":" + strconv.FormatInt(c.Round, 10)
	if step != "" {
		key += ":" + step
	}
	tx.Enqueue(db.Job{Kind: kind, Key: key, Payload: event.FundJob{WishID: c.WishID, Round: c.Round, Step: step},
		Due: due})
}
