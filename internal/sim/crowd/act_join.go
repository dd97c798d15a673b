package crowd

import (
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// openAtOnce wishes keep a village busy.
const openAtOnce = 2

// post begins a wish, in the open or sealed, with a top price or without.
func (c *Crowd) post() error {
	if c.count(`SELECT count(*) FROM wish WHERE state NOT IN ('done', 'closed', 'merged')`) >= openAtOnce {
		return nil
	}
	author := pick(c, c.people)
	cmd := wanted.PostCmd{Draft: wish.Draft{Name: "함께 쓸 연장", CategoryID: category}, Key: c.Key(),
		Bids: pick(c, []bid.Kind{bid.InTheOpen, bid.InTheOpen, bid.Sealed})}
	if c.chance(30) {
		cmd.Draft.TopPrice = 20_000
	}
	if c.chance(15) {
		cmd.Draft.Until = c.clock.Now().Add(30 * time.Hour)
	}
	one, err := c.Core().Wanted.Post(c.ctx, author, cmd)
	c.Note("wish %s by %s, %s: %s", one.ID, author.AccountID, cmd.Bids, code(err))
	if err != nil {
		return err
	}
	again, err := c.Core().Wanted.Post(c.ctx, author, cmd)
	if err != nil || again.ID != one.ID {
		return fmt.Errorf("the same wish again: %s instead of %s: %w", again.ID, one.ID, fault(err))
	}
	return nil
}

// join moves one person's place in a wish, and compares the answer with what the rows say.
func (c *Crowd) join() error {
	one, ok := c.anyOne(wish.States()...)
	if !ok {
		return nil
	}
	kinds := []wish.Kind{wish.Firm, wish.Firm, wish.Firm, wish.Firm, wish.Watching, wish.Away}
	return c.joinAs(one.ID, pick(c, c.people), pick(c, kinds))
}

// rush lets many come one after the other, as after a word in the neighbourhood's chat.
func (c *Crowd) rush() error {
	one, ok := c.anyOne(wish.Gathering)
	if !ok {
		return nil
	}
	for _, p := range c.people {
		if c.chance(85) {
			if err := c.joinAs(one.ID, p, wish.Firm); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Crowd) joinAs(id market.WishID, who market.Actor, kind wish.Kind) error {
	want := c.mayJoin(id, who, kind)
	got, err := c.Core().Wanted.Join(c.ctx, wanted.JoinCmd{Actor: who, WishID: id, Kind: kind})
	c.Note("join %s %s %s: %s", id, who.AccountID, kind, code(err))
	c.Met("join." + code(err))
	if fault := differs("join", err, want); fault != nil || err != nil {
		return fault
	}
	firm := c.count(`SELECT count(*) FROM wish_member WHERE wish_id = $1 AND kind = 'firm'`, string(id))
	if got.Firm != firm {
		return fmt.Errorf("broken: told %d firm members of %s, who are %d", got.Firm, id, firm)
	}
	return nil
}

// mayJoin is what should be answered to somebody who wants a place, by the rows alone.
func (c *Crowd) mayJoin(id market.WishID, who market.Actor, kind wish.Kind) error {
	one, err := wish.Find(c.ctx, c.db, id)
	readable(err)
	was, err := wish.FindMember(c.ctx, c.db, wish.MemberKey{WishID: id, AccountID: who.AccountID})
	readable(err)
	switch open := one.State == wish.Bidding || one.State == wish.Gathering && c.clock.Now().Before(one.Until); {
	case was.Kind == kind, was.Kind == "" && kind == wish.Away:
		return nil
	case !open:
		return wish.ErrOver
	case kind == wish.Firm && !who.Confirmed:
		return wish.ErrConfirmed
	}
	return nil
}

// withdrawWish takes a wish back, by its lead or by somebody else.
func (c *Crowd) withdrawWish() error {
	one, ok := c.anyOne(wish.Gathering, wish.Bidding)
	if !ok {
		return nil
	}
	who := pick(c, c.people)
	for _, p := range c.people {
		if p.AccountID == one.LeadID && c.chance(70) {
			who = p
		}
	}
	others := c.count(`SELECT count(*) FROM wish_member WHERE wish_id = $1 AND kind = 'firm' AND account_id <> $2`,
		string(one.ID), string(who.AccountID))
	err := c.Core().Wanted.Withdraw(c.ctx, who, one.ID)
	c.Note("call back %s by %s: %s", one.ID, who.AccountID, code(err))
	c.Met("call back." + code(err))
	may := who.AccountID == one.LeadID && (others == 0 || one.Round > 1) && one.State == wish.Gathering
	if err == nil && one.Round > 1 {
		c.Met("let be.ok")
	}
	if may != (err == nil) {
		return fmt.Errorf("wish %s of %s, with %d others, called back by %s: %w", one.ID, one.LeadID, others,
			who.AccountID, fault(err))
	}
	return nil
}

func (c *Crowd) count(text string, args ...any) int64 {
	n, err := db.One(c.ctx, c.db, db.Scalar[int64], text, args...)
	readable(err)
	return n
}
