package town

import (
	"fmt"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/town/lore"
	"github.com/dure-commerce/dure/internal/web/demo"
)

// How many live in the town.
const (
	regulars  = 250 // neighbours who buy every few weeks
	neighbors = 900 // all who buy now and then, regulars among them
	guests    = 50  // accounts kept free for visitors: buyer1 … buyer50
)

// cast is everybody who acts.
type cast struct {
	operator, finance, support market.Actor
	people                     []market.Actor // neighbours, regulars first
	guests                     []market.Actor
	shops                      []*shop
	sales                      []*sale
}

// rest is the cast without the script it played by.
func (c cast) rest() cast {
	for _, s := range c.sales {
		s.open = nil
	}
	return c
}

// admit makes the accounts. One hash serves them all: the password is printed on the start page.
func (w *world) admit() error {
	hash, err := w.server.Hasher.Hash(w.ctx, demo.Password)
	if err != nil {
		return err
	}
	var cmds []signup.AdmitCmd
	add := func(name, email, hash string, role market.Role) {
		cmds = append(cmds, signup.AdmitCmd{Email: email, Name: name, Locale: "ko", PasswordHash: hash, Staff: role})
	}
	add("운영자 나누리", "operator@demo.dure", hash, market.RoleAdmin)
	add("정산 담당 곽세희", "finance@demo.dure", hash, market.RoleFinance)
	add("상담 담당 도가람", "support@demo.dure", hash, market.RoleSupport)
	for i := range guests {
		add(w.name(), fmt.Sprintf("buyer%d@demo.dure", i+1), hash, "")
	}
	for i, s := range w.data.Shops {
		add(s.Owner, fmt.Sprintf("merchant%d@demo.dure", i+1), hash, "")
	}
	for i := range scanners {
		add(w.name(), fmt.Sprintf("scan%d@demo.dure", i+1), hash, "")
	}
	for i := range managers {
		add(w.name(), fmt.Sprintf("manager%d@demo.dure", i+1), hash, "")
	}
	for i := range neighbors {
		add(w.name(), fmt.Sprintf("neighbor%d@people.demo.dure", i+1), "", "")
	}
	ids, err := w.server.Signup.AdmitMany(w.ctx, market.System(), cmds)
	if err != nil {
		return err
	}
	return w.assign(ids, cmds)
}

// assign gives everybody their part.
func (w *world) assign(ids []market.AccountID, cmds []signup.AdmitCmd) error {
	next := 0
	take := func() market.Actor {
		a := market.Actor{AccountID: ids[next], Name: cmds[next].Name, Locale: "ko", Confirmed: true,
			Staff: cmds[next].Staff}
		next++
		return a
	}
	c := &w.cast
	c.operator, c.finance, c.support = take(), take(), take()
	for range guests {
		c.guests = append(c.guests, take())
	}
	for i := range w.data.Shops {
		c.shops = append(c.shops, &shop{Shop: w.data.Shops[i], number: i + 1, owner: take()})
	}
	for i := range scanners {
		c.shops[i].scanner = take()
	}
	for i := range managers {
		c.shops[i].manager = take()
	}
	for range neighbors {
		c.people = append(c.people, take())
	}
	return nil
}

func (w *world) name() string {
	return lore.Pick(&w.dice, w.data.Words.Family) + lore.Pick(&w.dice, w.data.Words.Given)
}

// again reads a person's memberships anew.
func (w *world) again(a *market.Actor) error {
	fresh, err := account.LoadActor(w.ctx, w.db(), a.AccountID)
	if err == nil {
		*a = fresh
	}
	return err
}
