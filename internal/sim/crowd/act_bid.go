package crowd

import (
	"errors"
	"fmt"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// bid offers what a crowd wants, often at the edge of what may be offered.
func (c *Crowd) bid() error {
	states := []wish.State{wish.Gathering, wish.Bidding}
	if c.chance(10) {
		states = []wish.State{wish.Choosing}
	}
	one, ok := c.anyOne(states...)
	if !ok {
		return nil
	}
	for range 1 + c.Below(3) {
		if err := c.bidAs(one, pick(c, c.sellers)); err != nil {
			return err
		}
	}
	return nil
}

func (c *Crowd) bidAs(one wish.Wish, s seller) error {
	price, least := money.Won(9_000+100*c.Below(120)), int64(1+c.Below(12))
	if c.dear() {
		price, least = price+14_000, min(12, least+5)
	}
	lowest, leader := c.lowest(one)
	if lowest > 0 && c.chance(60) {
		price = lowest - max(100, lowest/100) + money.Won(c.Below(3)-1) // at the step, a won above it or below it
	}
	cmd := auction.PlaceCmd{Actor: s.owner, WishID: one.ID, MerchantID: s.id, Offer: bid.Offer{Delivery: bid.Shipping,
		UnitPrice: price, QuantityMin: least, PromisedBy: c.clock.Now().AddDate(0, 0, 20)}}
	if c.chance(20) {
		cmd.Offer.QuantityMin = 2
		cmd.Offer.Steps = []bid.PriceStep{{From: 6, UnitPrice: price - 500}}
	}
	if c.chance(85) {
		if err := c.putDown(one, s, cmd.Offer); err != nil {
			return err
		}
	}
	taken, err := c.Core().Auction.Place(c.ctx, cmd)
	c.Note("bid %s on %s by %s at %d: %s", taken.Bid.ID, one.ID, s.id, price, code(err))
	c.Met("bid." + code(err))
	if err != nil {
		return unexpected(err, bid.ErrOver, bid.ErrOwnLowest, bid.ErrTooHigh, bid.ErrCeiling, bid.ErrTries, bid.ErrBarred,
			bid.ErrOwnCrowd, bid.ErrPromisedBy, bid.ErrDeposit)
	}
	return c.mayHaveBid(one, taken, lowest, leader)
}

// lowest is the price to undercut and whose it is, found among all bids; nothing while they are sealed.
func (c *Crowd) lowest(one wish.Wish) (money.Won, market.MerchantID) {
	a, err := bid.Find(c.ctx, c.db, one.ID)
	readable(err)
	bids, err := bid.Bids(c.ctx, c.db, one.ID)
	readable(err)
	low, who := money.Won(0), market.MerchantID("")
	for _, b := range bids {
		if b.State != bid.Standing || !b.Shown() || b.Offer.QuantityMin > a.Quantity {
			continue
		}
		if p := b.Offer.PriceAt(a.Quantity); low == 0 || p < low {
			low, who = p, b.MerchantID
		}
	}
	return low, who
}

// mayHaveBid looks at a bid that was taken.
func (c *Crowd) mayHaveBid(one wish.Wish, t bid.Taken, lowest money.Won, leader market.MerchantID) error {
	a, err := bid.Find(c.ctx, c.db, one.ID)
	readable(err)
	inCrowd := c.count(`SELECT count(*) FROM wish_member w JOIN merchant_member m ON m.account_id = w.account_id
 WHERE w.wish_id = $1 AND w.kind = 'firm' AND m.merchant_id = $2`, string(one.ID), string(t.Bid.MerchantID))
	price := t.Offer.PriceAt(a.Quantity)
	switch covers := t.Offer.QuantityMin <= a.Quantity; {
	case inCrowd > 0:
		return fmt.Errorf("broken: %s bid for its own people", t.Bid.MerchantID)
	case one.State == wish.Choosing:
		return fmt.Errorf("broken: %s came after the close", t.Bid.ID)
	case one.TopPrice > 0 && t.Offer.UnitPrice > one.TopPrice:
		return fmt.Errorf("broken: %s is above the top price", t.Bid.ID)
	case a.Kind == bid.Sealed:
		return nil
	case leader == t.Bid.MerchantID && lowest > 0:
		return fmt.Errorf("broken: %s undercut itself", leader)
	case covers && lowest > 0 && price > lowest-max(100, lowest/100):
		return fmt.Errorf("broken: %d does not undercut %d by a step", price, lowest)
	}
	return nil
}

// bids picks one of the bids on a wish.
func (c *Crowd) anyBid(one wish.Wish) (bid.Bid, bool) {
	all, err := bid.Bids(c.ctx, c.db, one.ID)
	readable(err)
	if len(all) == 0 {
		return bid.Bid{}, false
	}
	return pick(c, all), true
}

// withdrawBid takes a bid back, sometimes too late.
func (c *Crowd) withdrawBid() error {
	one, ok := c.anyOne(wish.Gathering, wish.Bidding, wish.Choosing)
	if !ok {
		return nil
	}
	b, ok := c.anyBid(one)
	if !ok {
		return nil
	}
	err := c.Core().Auction.Withdraw(c.ctx, c.ownerOf(b.MerchantID), auction.WithdrawCmd{WishID: one.ID, BidID: b.ID,
		MerchantID: b.MerchantID})
	c.Note("take back %s: %s", b.ID, code(err))
	c.Met("take back." + code(err))
	if one.State == wish.Choosing && err == nil {
		return fmt.Errorf("broken: %s was taken back after the close", b.ID)
	}
	return unexpected(err, bid.ErrTooLate, bid.ErrState, bid.ErrOver)
}

func (c *Crowd) ownerOf(id market.MerchantID) market.Actor {
	for _, s := range c.sellers {
		if s.id == id {
			return s.owner
		}
	}
	return market.Actor{}
}

// judge lets several people say what they think of a bid.
func (c *Crowd) judge() error {
	one, ok := c.anyOne(wish.Choosing, wish.Choosing, wish.Bidding)
	if !ok {
		return nil
	}
	b, ok := c.anyBid(one)
	if !ok {
		return nil
	}
	against := c.chance(60)
	for range 1 + c.Below(6) {
		v := voice.Vote{BidID: b.ID}
		if against {
			v.Flag = pick(c, voice.Flags()[:2])
		}
		who := pick(c, c.people)
		member, err := wish.FindMember(c.ctx, c.db, wish.MemberKey{WishID: one.ID, AccountID: who.AccountID})
		readable(err)
		err = c.Core().Auction.Vote(c.ctx, who, one.ID, v)
		c.Note("judge %s by %s %q: %s", b.ID, who.AccountID, v.Flag, code(err))
		c.Met("judge." + code(err))
		if member.Kind != wish.Firm && !errors.Is(err, voice.ErrNotMember) && err == nil {
			return fmt.Errorf("broken: %s judged %s without being a member", who.AccountID, b.ID)
		}
		if err := unexpected(err, voice.ErrNotMember, bid.ErrHidden, bid.ErrState); err != nil {
			return err
		}
	}
	return nil
}

// ask asks a seller something, and lets the seller or a stranger answer.
func (c *Crowd) ask() error {
	one, ok := c.anyOne(wish.Bidding, wish.Choosing)
	if !ok {
		return nil
	}
	b, ok := c.anyBid(one)
	if !ok {
		return nil
	}
	question, err := c.Core().Auction.Ask(c.ctx, pick(c, c.people), one.ID, voice.Word{BidID: b.ID,
		Words: "보증은 얼마나 되나요?"})
	c.Note("ask %s: %s", b.ID, code(err))
	c.Met("ask." + code(err))
	if err != nil {
		return unexpected(err, bid.ErrHidden, voice.ErrNotMember, right.ErrForbidden)
	}
	s := pick(c, c.sellers)
	_, err = c.Core().Auction.Answer(c.ctx, s.owner, s.id, voice.Word{BidID: b.ID, Answers: question.ID,
		Words: "두 해요."})
	c.Note("answer %s by %s: %s", b.ID, s.id, code(err))
	if mine := s.id == b.MerchantID; mine != (err == nil) {
		return fmt.Errorf("an answer of %s on a bid of %s: %w", s.id, b.MerchantID, fault(err))
	}
	return nil
}

// disqualify takes a bid out, by the operator or by somebody who may not.
func (c *Crowd) disqualify() error {
	one, ok := c.anyOne(wish.Bidding, wish.Choosing)
	if !ok {
		return nil
	}
	b, ok := c.anyBid(one)
	if !ok {
		return nil
	}
	by := pick(c, []market.Actor{operator(), pick(c, c.people)})
	err := c.Core().Auction.Disqualify(c.ctx, by, one.ID, b.ID, "사업자 등록이 말소된 판매자입니다")
	c.Note("disqualify %s by %s: %s", b.ID, by.AccountID, code(err))
	c.Met("disqualify." + code(err))
	if by.Staff == "" && err == nil {
		return fmt.Errorf("broken: %s disqualified %s", by.AccountID, b.ID)
	}
	return unexpected(err, bid.ErrState, bid.ErrOver, right.ErrForbidden, right.ErrHidden, db.ErrNoRow)
}
