package crowd

import (
	"fmt"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
	"github.com/dure-commerce/dure/internal/market/right"
)

// anyShare picks a share in one of the states.
func (c *Crowd) anyShare(states ...escrow.State) (escrow.Share, bool) {
	all := make([]string, len(states))
	for i, s := range states {
		all[i] = "'" + string(s) + "'"
	}
	ids, err := db.All(c.ctx, c.db, db.Scalar[market.OrderID], `SELECT order_id FROM escrow_share WHERE state IN (`+
		strings.Join(all, ", ")+`) ORDER BY order_id`)
	readable(err)
	if len(ids) == 0 {
		return escrow.Share{}, false
	}
	s, err := escrow.FindShare(c.ctx, c.db, pick(c, ids))
	readable(err)
	return s, true
}

func (c *Crowd) sellerOf(s escrow.Share) seller {
	e, err := escrow.Find(c.ctx, c.db, s.WishID)
	readable(err)
	return seller{id: e.MerchantID, owner: c.ownerOf(e.MerchantID)}
}

func (c *Crowd) memberOf(s escrow.Share) market.Actor {
	for _, p := range c.people {
		if p.AccountID == s.AccountID {
			return p
		}
	}
	return market.Actor{}
}

// ship sends a few parcels of a wish, some of them named twice and some of them wrong.
func (c *Crowd) ship() error {
	s, ok := c.anyShare(escrow.Held)
	if !ok {
		return nil
	}
	held, err := escrow.ListShares(c.ctx, c.db, s.WishID, "", 100)
	readable(err)
	var parcels []escrow.Sent
	for _, x := range held {
		if x.State != escrow.Held || !c.chance(60) {
			continue
		}
		name, err := parcel.Read("cj", fmt.Sprintf("6%011d", c.Below(1_000_000_000)))
		if err != nil {
			name = parcel.Name{Carrier: parcel.Other, Number: fmt.Sprintf("%012d", c.Below(1_000_000_000))}
		}
		parcels = append(parcels, escrow.Sent{OrderID: x.OrderID, Name: name})
	}
	by := c.sellerOf(s)
	if c.chance(5) {
		by = pick(c, c.sellers)
	}
	shipped, err := c.Core().Deliver.Ship(c.ctx, by.owner, deliver.ShipCmd{WishID: s.WishID, Parcels: parcels})
	c.Note("ship %d of %s by %s: %s, %d noted", len(parcels), s.WishID, by.id, code(err), len(shipped.Sent))
	c.Met("ship." + code(err))
	if err == nil && by.id != c.sellerOf(s).id {
		return fmt.Errorf("broken: %s sent for %s", by.id, s.WishID)
	}
	return unexpected(err, right.ErrForbidden, right.ErrHidden, escrow.ErrNotFound, escrow.ErrNotBegun)
}

// tell lets a carrier speak of a parcel: forward, twice, late, or that it comes back.
func (c *Crowd) tell() error {
	s, ok := c.anyShare(escrow.Shipped, escrow.Shipped, escrow.Delivered, escrow.Disputed, escrow.Released)
	if !ok {
		return nil
	}
	list, err := escrow.Parcels(c.ctx, c.db, s.OrderID)
	readable(err)
	if len(list) == 0 {
		return nil
	}
	p, now := pick(c, list), c.clock.Now()
	kinds := []parcel.Kind{parcel.Accepted, parcel.Moving, parcel.Delivered, parcel.Delivered, parcel.Delivered}
	if c.chance(8) {
		kinds = []parcel.Kind{parcel.Returned}
	}
	told := track.Told{Name: p.Name, Events: []parcel.Event{{Kind: pick(c, kinds),
		At: now.Add(-time.Duration(c.Below(5)) * time.Hour), Place: "성동"}}}
	list2 := []track.Told{told}
	if c.chance(20) {
		list2 = append(list2, told)
	}
	err = c.Core().Deliver.Heard(c.ctx, list2)
	c.Note("carrier of %s: %s, %s", s.OrderID, told.Events[0].Kind, code(err))
	c.Met("carrier." + string(told.Events[0].Kind) + "." + code(err))
	return err
}

// receive is a member's step on the own share, or on somebody else's.
func (c *Crowd) receive() error {
	s, ok := c.anyShare(escrow.Held, escrow.Shipped, escrow.Delivered, escrow.Released)
	if !ok {
		return nil
	}
	who := c.memberOf(s)
	if c.chance(6) {
		who = pick(c, c.people)
	}
	steps := []struct {
		name string
		do   func() (escrow.Share, error)
	}{
		{"confirm", func() (escrow.Share, error) { return c.Core().Deliver.Confirm(c.ctx, who, s.OrderID) }},
		{"confirm", func() (escrow.Share, error) { return c.Core().Deliver.Confirm(c.ctx, who, s.OrderID) }},
		{"wait", func() (escrow.Share, error) { return c.Core().Deliver.Wait(c.ctx, who, s.OrderID) }},
		{"wait", func() (escrow.Share, error) { return c.Core().Deliver.Wait(c.ctx, who, s.OrderID) }},
		{"withdraw", func() (escrow.Share, error) { return c.Core().Deliver.Withdraw(c.ctx, who, s.OrderID) }},
	}
	step := pick(c, steps)
	_, err := step.do()
	c.Note("%s %s by %s: %s", step.name, s.OrderID, who.AccountID, code(err))
	c.Met(step.name + "." + code(err))
	if err == nil && who.AccountID != s.AccountID {
		return fmt.Errorf("broken: %s moved the share of %s", who.AccountID, s.AccountID)
	}
	return unexpected(err, escrow.ErrState, escrow.ErrWaited, escrow.ErrNotBegun, escrow.ErrMade, escrow.ErrLate,
		right.ErrForbidden, right.ErrHidden, escrow.ErrNotFound)
}

// giveBack is a seller who cannot send.
func (c *Crowd) giveBack() error {
	s, ok := c.anyShare(escrow.Held, escrow.Shipped, escrow.Delivered)
	if !ok {
		return nil
	}
	_, err := c.Core().Deliver.GiveBack(c.ctx, c.sellerOf(s).owner, s.OrderID)
	c.Note("give back %s: %s", s.OrderID, code(err))
	c.Met("give back." + code(err))
	return unexpected(err, escrow.ErrState, escrow.ErrNotBegun)
}

// dispute freezes a share, for a reason that fits or not.
func (c *Crowd) dispute() error {
	s, ok := c.anyShare(escrow.Held, escrow.Shipped, escrow.Delivered)
	if !ok {
		return nil
	}
	reason := pick(c, escrow.Reasons())
	_, err := c.Core().Deliver.OpenDispute(c.ctx, c.memberOf(s), deliver.DisputeCmd{OrderID: s.OrderID, Reason: reason,
		Words: "약속한 것과 달라요."})
	c.Note("dispute %s, %s: %s", s.OrderID, reason, code(err))
	c.Met("dispute." + code(err))
	return unexpected(err, escrow.ErrState, escrow.ErrNotBegun, escrow.ErrReason, escrow.ErrLate)
}

// speak is a word in a dispute, by whose turn it is or by the other side.
func (c *Crowd) speak() error {
	s, ok := c.anyShare(escrow.Disputed)
	if !ok {
		return nil
	}
	if c.chance(25) {
		refunded := pick(c, []int64{0, s.Amount, s.Amount / 3})
		_, err := c.Core().Deliver.Decide(c.ctx, operator(), deliver.DecideCmd{OrderID: s.OrderID, Refunded: refunded,
			Note: "사진을 보니 상자가 젖어 있어 일부를 돌려 드려요."})
		c.Note("decide %s, %d back: %s", s.OrderID, refunded, code(err))
		c.Met("decide." + code(err))
		return unexpected(err, escrow.ErrTurn)
	}
	cmd := deliver.SayCmd{OrderID: s.OrderID, Words: "다시 확인해 주세요.", AsSeller: c.chance(50)}
	by := c.memberOf(s)
	says := []escrow.Say{escrow.SayReply, escrow.SayMore, escrow.SayTake, escrow.SayGiveIn}
	if cmd.AsSeller {
		by = c.sellerOf(s).owner
		says = []escrow.Say{escrow.SayAnswer, escrow.SayAnswer, escrow.SayMore, escrow.SayGiveIn}
		if cmd.Offered = c.chance(50); cmd.Offered {
			cmd.Refunded = s.Amount / 2
		}
	}
	cmd.Say = pick(c, says)
	_, err := c.Core().Deliver.Speak(c.ctx, by, cmd)
	c.Note("speak %s, %s: %s", s.OrderID, cmd.Say, code(err))
	c.Met("speak." + string(cmd.Say) + "." + code(err))
	return unexpected(err, escrow.ErrTurn, escrow.ErrNoOffer, escrow.ErrOffer, escrow.ErrMany, escrow.ErrLate)
}

func operator() market.Actor {
	return market.Actor{AccountID: "acc_operator", Confirmed: true, Staff: market.RoleAdmin, Locale: "ko"}
}
