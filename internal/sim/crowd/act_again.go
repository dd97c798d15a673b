package crowd

import (
	"fmt"

	"github.com/dure-commerce/dure/internal/flow/takedown"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// gathered picks a wish that gathers, one that does so again when there is any, and who speaks about it: mostly its
// lead.
func (c *Crowd) gathered() (wish.Wish, market.Actor, bool) {
	one, ok := c.anyOne(wish.Gathering, wish.Bidding)
	for range 4 {
		if ok && one.Again() {
			break
		}
		one, ok = c.anyOne(wish.Gathering)
	}
	if !ok {
		return one, market.Actor{}, false
	}
	who := pick(c, c.people)
	for _, p := range c.people {
		if p.AccountID == one.LeadID && c.chance(80) {
			who = p
		}
	}
	return one, who, true
}

// goOn ends the pause of a wish that gathers again, by its lead or by somebody else.
func (c *Crowd) goOn() error {
	one, who, ok := c.gathered()
	if !ok {
		return nil
	}
	err := c.Core().Wanted.GoOn(c.ctx, who, one.ID)
	c.Note("go on %s by %s: %s", one.ID, who.AccountID, code(err))
	if may := who.AccountID == one.LeadID; may != (err == nil) {
		return fmt.Errorf("wish %s of %s told to go on by %s: %w", one.ID, one.LeadID, who.AccountID, fault(err))
	}
	c.Met("go on." + metAs(err))
	if ended := err == nil && one.Paused(); ended {
		return c.pausedNoMore(one)
	}
	return nil
}

// fewer asks for fewer people, also where that may not be asked.
func (c *Crowd) fewer() error {
	one, who, ok := c.gathered()
	if !ok {
		return nil
	}
	least := int64(5)
	threshold := one.Threshold - int64(c.Below(4))
	if c.chance(20) {
		threshold = least - int64(c.Below(3))
	}
	err := c.Core().Wanted.Fewer(c.ctx, who, one.ID, threshold)
	c.Note("fewer %s by %s, %d of %d: %s", one.ID, who.AccountID, threshold, one.Threshold, code(err))
	c.Met("fewer." + metAs(err))
	may := who.AccountID == one.LeadID && one.Again() && (threshold == one.Threshold ||
		threshold < one.Threshold && threshold >= least)
	if may != (err == nil) {
		return fmt.Errorf("wish %s of %s asked for %d instead of %d by %s: %w", one.ID, one.LeadID, threshold,
			one.Threshold, who.AccountID, fault(err))
	}
	if lower := err == nil && threshold < one.Threshold; lower {
		return c.pausedNoMore(one)
	}
	return nil
}

// pausedNoMore looks at a wish whose pause its lead has ended: it bids when enough are firm, and gathers when not.
func (c *Crowd) pausedNoMore(was wish.Wish) error {
	is, err := wish.Find(c.ctx, c.db, was.ID)
	readable(err)
	if is.Paused() || is.Full() != (is.State == wish.Bidding) {
		return fmt.Errorf("broken: %s is %s with %d of %d, paused %t", is.ID, is.State, is.Firm, is.Threshold, is.Paused())
	}
	return nil
}

// takeDown puts a wish out of sight, by the operator or by somebody who may not, now and then while members pay.
func (c *Crowd) takeDown() error {
	one, ok := c.anyOne(wish.Gathering, wish.Bidding, wish.Choosing, wish.Paying, wish.Fulfilling, wish.Done)
	if !ok || one.State != wish.Paying && c.chance(60) {
		return nil
	}
	by := pick(c, []market.Actor{operator(), operator(), pick(c, c.people)})
	cmd := takedown.Cmd{WishID: one.ID, Ground: pick(c, wish.Grounds()), Words: "법원이 내리라고 했습니다", Key: c.Key()}
	err := c.Core().TakeDown.Do(c.ctx, by, cmd)
	c.Note("take down %s by %s: %s", one.ID, by.AccountID, code(err))
	c.Met("take down." + metAs(err))
	if (err == nil) != (by.Staff != "" && !one.TakenDown()) {
		return fmt.Errorf("wish %s taken down by %s: %w", one.ID, by.AccountID, fault(err))
	}
	if done := err == nil; done {
		return c.isDown(one, cmd)
	}
	return nil
}

// isDown looks at a wish that was taken down: nobody reads it, and no second act takes it down again.
func (c *Crowd) isDown(was wish.Wish, cmd takedown.Cmd) error {
	is, err := wish.Find(c.ctx, c.db, was.ID)
	readable(err)
	_, refused := wish.Next(was.State, wish.ActTakeDown, wish.ByOperator)
	if closed := is.State == wish.Closed; (refused == nil) != closed || !is.TakenDown() || is.Name == was.Name {
		return fmt.Errorf("broken: %s was %s and is %s", was.ID, was.State, is.State)
	}
	if err := c.Core().TakeDown.Do(c.ctx, operator(), cmd); err != nil {
		return fmt.Errorf("the same act again: %w", err)
	}
	cmd.Key = c.Key()
	err = c.Core().TakeDown.Do(c.ctx, operator(), cmd)
	c.Met("take down." + code(err))
	return differs("another act", err, wish.ErrDownAlready)
}

// metAs is the code of an answer; refusals of rights are all one.
func metAs(err error) string {
	if unexpected(err, right.ErrForbidden, right.ErrHidden) == nil && err != nil {
		return "wish.lead"
	}
	return code(err)
}
