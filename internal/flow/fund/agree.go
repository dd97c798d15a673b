package fund

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// agreeCmd is a member who wants to pay.
type agreeCmd struct {
	actor market.Actor
	StartCmd
}

func (c agreeCmd) seat() collect.Seat {
	return collect.Seat{WishID: c.WishID, AccountID: c.actor.AccountID}
}

func (c agreeCmd) member() wish.MemberKey {
	return wish.MemberKey{WishID: c.WishID, AccountID: c.actor.AccountID}
}

func (c agreeCmd) wish() market.WishID { return c.WishID }

// agree writes what a member agrees to, with the attempt to pay it.
func (f *Fund) agree(ctx context.Context, actor market.Actor, cmd StartCmd) (Started, error) {
	if err := mayPay(actor); err != nil {
		return Started{}, err
	}
	return f.agreed.Do(ctx, string(cmd.WishID), agreeCmd{actor, cmd})
}

func mayPay(actor market.Actor) error {
	return right.Check(actor, right.WishJoin, right.Mine(actor.AccountID))
}

// agreeing is the memory of one batch of members who want to pay.
type agreeing struct {
	*Fund
	*books
	members map[wish.MemberKey]wish.Member
	wishes  map[market.WishID]*wish.Wish
	pages   map[market.OrderID][]payment.Payment

	fresh   map[market.OrderID]*collect.Order
	news    []*collect.Order
	changes map[market.OrderID]*collect.Change
	moved   []*collect.Change
	left    []collect.Order
	firsts  []payment.Payment
	endings []payment.Ending
}

// agreeBatch brings members' open orders to what they want now, each with the attempt that can be paid.
func (f *Fund) agreeBatch(ctx context.Context, tx *db.Tx, cmds []agreeCmd) ([]lane.Answer[Started], error) {
	a, err := f.readAgreeing(ctx, tx, cmds)
	if err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[Started], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = a.decide(cmd)
	}
	return answers, anew(a.write(ctx))
}

func (f *Fund) readAgreeing(ctx context.Context, tx *db.Tx, cmds []agreeCmd) (*agreeing, error) {
	wishes, seats := distinct(cmds, agreeCmd.wish), distinct(cmds, agreeCmd.seat)
	a := &agreeing{Fund: f, fresh: map[market.OrderID]*collect.Order{}, changes: map[market.OrderID]*collect.Change{}}
	var err error
	if a.books, err = readBooks(ctx, tx, wishes, true); err != nil {
		return nil, err
	}
	if a.members, err = wish.LoadMembers(ctx, tx, distinct(cmds, agreeCmd.member)); err != nil {
		return nil, err
	}
	if a.wishes, err = wish.Load(ctx, tx, wishes); err != nil {
		return nil, err
	}
	if err := a.readSeats(ctx, seats); err != nil {
		return nil, err
	}
	var open []market.OrderID
	for _, s := range seats {
		if o := a.own[s].Open; o != nil {
			open = append(open, o.ID)
		}
	}
	a.pages, err = payment.OfOrders(ctx, tx, open)
	return a, err
}

// decide answers one member in memory. Who asks again for the same has the same page; who asks for something else makes
// the page before good for nothing.
func (a *agreeing) decide(cmd agreeCmd) (Started, error) {
	wanted, err := a.wants(cmd)
	if err != nil {
		return Started{}, err
	}
	seat := cmd.seat()
	if err := a.mayPayAnew(seat); err != nil {
		return Started{}, err
	}
	if err := a.fits(&wanted); err != nil {
		return Started{}, err
	}
	var page payment.Payment
	ready := false
	if open := a.own[seat].Open; open != nil {
		if page, ready, err = payment.Open(a.pages[open.ID]); err != nil {
			return Started{}, err
		}
		if ready && !open.Same(wanted) {
			a.close(page)
			ready = false
		}
	}
	a.leave(seat)
	o := a.order(wanted)
	if !ready {
		page = a.page(o)
	}
	return Started{Order: o, Payment: page}, nil
}

// wants gives the order that a member asks for, or refuses it.
func (a *agreeing) wants(cmd agreeCmd) (o collect.Order, err error) {
	if m := a.members[cmd.member()]; !m.Counts() {
		return o, collect.ErrFirm
	}
	w, known := a.wishes[cmd.WishID]
	if !known {
		return o, wish.ErrNotFound
	}
	c, asked := a.collects[cmd.WishID]
	if !asked {
		return o, collect.ErrNotFound
	}
	e, open := a.escrows[cmd.WishID]
	if !open {
		return o, escrow.ErrNotFound
	}
	o, err = c.Take(collect.Wants{AccountID: cmd.actor.AccountID, Quantity: cmd.Quantity, UnitPrice: cmd.UnitPrice,
		Agreed: cmd.Agreed, Above: cmd.Above, To: cmd.To},
		collect.Terms{UnitPrice: e.UnitPrice, TopPrice: w.TopPrice, Parcel: e.Parcel()}, a.tx.Now())
	if err == nil && e.Parcel() {
		err = address.Address(o.To).Check()
	}
	return o, err
}

// leave gives up a member's paid order whose share has ended.
func (a *agreeing) leave(seat collect.Seat) {
	own := a.own[seat]
	if _, live := a.share(seat); live || own.Paid == nil {
		return
	}
	a.left = append(a.left, *own.Paid)
	own.Paid = nil
	a.own[seat] = own
}

// close makes the page of an open attempt good for nothing: what it would pay is wanted no more.
func (a *agreeing) close(page payment.Payment) {
	a.endings = append(a.endings, payment.Ending{ID: page.ID, State: payment.Expired, Code: "changed",
		Version: page.Version})
	list := a.pages[page.OrderID]
	for i := range list {
		if list[i].ID == page.ID {
			list[i].State = payment.Expired
		}
	}
}

// order is the member's open order, made or changed.
func (a *agreeing) order(wanted collect.Order) collect.Order {
	own := a.own[wanted.Seat()]
	switch open := own.Open; {
	case open == nil:
		wanted.ID = market.OrderID(a.tx.NewID(market.PrefixOrder))
		own.Open = &wanted
		a.fresh[wanted.ID], a.news = own.Open, append(a.news, own.Open)
	case a.fresh[open.ID] != nil:
		wanted.ID = open.ID
		*open = wanted
	default:
		c := a.changes[open.ID]
		if c == nil {
			c = &collect.Change{Was: *open}
			a.changes[open.ID], a.moved = c, append(a.moved, c)
		}
		wanted.ID, wanted.Version = open.ID, c.Was.Version+1
		c.Is = wanted
		own.Open = &c.Is
	}
	a.own[wanted.Seat()] = own
	return *own.Open
}

// page is a new attempt to pay an order.
func (a *agreeing) page(o collect.Order) payment.Payment {
	p := payment.Payment{ID: market.PaymentID(a.tx.NewID(market.PrefixPayment)), OrderID: o.ID, WishID: o.WishID,
		AccountID: o.AccountID, Gateway: a.GatewayName, Amount: o.Amount(), State: payment.Intent, CreatedAt: a.tx.Now(),
		Version: 1}
	a.firsts = append(a.firsts, p)
	a.pages[o.ID] = append(a.pages[o.ID], p)
	return p
}

// write claims what was decided. A page that was made and left in the same batch is written before it ends.
func (a *agreeing) write(ctx context.Context) error {
	if err := collect.LeaveOrders(ctx, a.tx, a.left); err != nil {
		return err
	}
	news, changes := make([]collect.Order, len(a.news)), make([]collect.Change, len(a.moved))
	for i, o := range a.news {
		news[i] = *o
	}
	for i, c := range a.moved {
		changes[i] = *c
	}
	if err := collect.InsertOrders(ctx, a.tx, news); err != nil {
		return err
	}
	if err := collect.SetOrders(ctx, a.tx, changes); err != nil {
		return err
	}
	if err := payment.Insert(ctx, a.tx, a.firsts); err != nil {
		return err
	}
	ended, err := payment.End(ctx, a.tx, a.endings)
	return every(ended, len(a.endings), err)
}
