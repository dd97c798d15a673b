package bid_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
)

// model is an auction as one would keep it on paper: a list of bids, looked through from the top each time.
type model struct {
	kind     bid.Kind
	open     bool
	closed   bool
	closes   time.Time
	extended int64
	bids     []paper
}

type paper struct {
	id     market.BidID
	seller string
	offer  bid.Offer
	gone   bool // replaced, withdrawn or taken out
	out    bool // taken out
}

func (m *model) priceAt(p paper, quantity int64) (int64, bool) {
	o := p.offer
	if p.gone || quantity < o.QuantityMin || o.QuantityMax > 0 && quantity > o.QuantityMax {
		return 0, false
	}
	price := o.UnitPrice
	for _, s := range o.Steps {
		if quantity >= s.From {
			price = s.UnitPrice
		}
	}
	return price, true
}

// lowest looks for the cheapest, and takes the first of equals.
func (m *model) lowest(quantity int64) (best paper, price int64) {
	for _, p := range m.bids {
		if at, ok := m.priceAt(p, quantity); ok && (best.id == "" || at < price) {
			best, price = p, at
		}
	}
	return best, price
}

// expect says what becomes of a bid.
func (m *model) expect(seller string, o bid.Offer, now time.Time) error {
	if m.closed || m.open && now.After(m.closes) {
		return bid.ErrOver
	}
	for _, p := range m.bids {
		if p.seller == seller && p.out {
			return bid.ErrBarred
		}
	}
	switch {
	case o.UnitPrice < 100:
		return bid.ErrPrice
	case o.UnitPrice > 20_000:
		return bid.ErrCeiling
	}
	if m.kind == bid.Sealed {
		return nil
	}
	best, price := m.lowest(30)
	if best.id != "" && best.seller == seller {
		return bid.ErrOwnLowest
	}
	step := max(100, price/100)
	if at, ok := m.priceAt(paper{offer: o}, 30); ok && best.id != "" && at > price-step {
		return bid.ErrTooHigh
	}
	return nil
}

func (m *model) add(id market.BidID, seller string, o bid.Offer, now time.Time) {
	for i, p := range m.bids {
		if p.seller == seller {
			m.bids[i].gone = true
		}
	}
	m.bids = append(m.bids, paper{id: id, seller: seller, offer: o})
	if m.kind == bid.InTheOpen && m.open && m.extended < 10 && !m.closes.After(now.Add(3*time.Minute)) {
		m.extended++
		m.closes = m.closes.Add(3 * time.Minute)
	}
}

// play is one drawn auction on a database, beside its model.
type play struct {
	*rapid.T
	h bidtest.Hall
	m *model
}

// TestAWholeAuctionFollowsTheModel plays auctions, open and sealed, from their plan to their award.
func TestAWholeAuctionFollowsTheModel(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		n, start := 0, h.W.Clock.Now()
		rapid.Check(t, func(t *rapid.T) {
			n++
			h.T, h.Wish = t, market.WishID(fmt.Sprintf("wsh_%05d", n))
			h.W.Clock.Set(start)
			p := &play{t, h, &model{kind: rapid.SampledFrom([]bid.Kind{bid.InTheOpen, bid.Sealed}).Draw(t, "kind")}}
			h.Plan(p.m.kind)
			p.steps(rapid.IntRange(0, 3).Draw(t, "before"))
			h.Do(func(ctx context.Context, tx *db.Tx) error { _, err := bid.Start(ctx, tx, h.Window()); return err })
			p.m.open, p.m.closes = true, h.W.Clock.Now().Add(time.Hour)
			first := p.m.closes
			p.steps(rapid.IntRange(1, 14).Draw(t, "steps"))
			if !p.m.closed {
				h.Over()
				p.m.closed = true
			}
			p.steps(1)
			a := h.Auction()
			if a.Extensions != p.m.extended || a.ClosesAt != p.m.closes || a.ClosesAt.Sub(first) > 30*time.Minute {
				t.Fatalf("extended %d times until %v, the model %d times until %v", a.Extensions, a.ClosesAt,
					p.m.extended, p.m.closes)
			}
			for _, b := range h.Bids() {
				if b.At.After(a.ClosesAt) {
					t.Fatalf("accepted after the close: %+v", b)
				}
			}
			p.award()
		})
	})
}

func (p *play) steps(n int) {
	for range n {
		switch rapid.SampledFrom([]string{"bid", "bid", "bid", "bid", "withdraw", "take out", "wait"}).Draw(p.T, "step") {
		case "bid":
			p.bid(rapid.IntRange(1, 3).Draw(p.T, "batch"))
		case "withdraw":
			p.end(func(ctx context.Context, tx *db.Tx, b paper) error {
				_, err := bid.Withdraw(ctx, tx, p.h.Wish, b.id, market.MerchantID("mer_"+b.seller))
				return err
			}, !p.m.closed && !p.late(), false)
		case "take out":
			p.end(func(ctx context.Context, tx *db.Tx, b paper) error {
				_, err := bid.Disqualify(ctx, tx, p.h.Wish, b.id, "판매자를 확인하지 못했어요")
				return err
			}, true, true)
		case "wait":
			p.wait()
		}
		p.compare()
	}
}

func (p *play) late() bool { return p.m.open && p.h.W.Clock.Now().After(p.m.closes) }

func (p *play) bid(n int) {
	cmds, now := make([]bid.Command, n), p.h.W.Clock.Now()
	for i := range cmds {
		cmds[i] = bidtest.Asks(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(p.T, "seller"), 0)
		cmds[i].Offer = offers().Draw(p.T, "offer")
		if best, price := p.m.lowest(30); best.id != "" && rapid.Bool().Draw(p.T, "near the lowest") {
			cmds[i].Offer = bidtest.Asks("a", price-rapid.SampledFrom([]int64{-1, 0, 1, 99, 100, 101, 199, 200}).Draw(p.T,
				"below")).Offer
		}
	}
	for i, r := range p.h.Place(cmds...) {
		seller := string(cmds[i].MerchantID)[len("mer_"):]
		offer := cmds[i].Offer
		offer.Note = r.Offer.Note // cleaned
		want := p.m.expect(seller, offer, now)
		if !errors.Is(r.Err, want) || (r.Err == nil) != (want == nil) {
			p.Fatalf("%s asks %+v at %v: %v, the model says %v", seller, offer, now, r.Err, want)
		}
		if r.Err == nil {
			p.m.add(r.Bid.ID, seller, offer, now)
		}
	}
}

// end ends one of the bids by a step that should succeed for a bid that stands, when it is allowed at all.
func (p *play) end(step func(ctx context.Context, tx *db.Tx, b paper) error, allowed, out bool) {
	if len(p.m.bids) == 0 {
		return
	}
	i := rapid.IntRange(0, len(p.m.bids)-1).Draw(p.T, "which")
	b := p.m.bids[i]
	err := p.h.Try(func(ctx context.Context, tx *db.Tx) error { return step(ctx, tx, b) })
	if (err == nil) != (allowed && !b.gone) {
		p.Fatalf("ending %+v: %v", b, err)
	}
	if err == nil {
		p.m.bids[i].gone, p.m.bids[i].out = true, out
	}
}

func (p *play) wait() {
	clock := p.h.W.Clock
	clock.Advance(rapid.SampledFrom([]time.Duration{time.Second, time.Minute, 29 * time.Minute}).Draw(p.T, "time"))
	if p.m.open && !p.m.closed && !p.late() && rapid.Bool().Draw(p.T, "to the last instant") {
		clock.Set(p.m.closes)
	}
	if !p.m.open || p.m.closed {
		return
	}
	err := p.h.Try(func(ctx context.Context, tx *db.Tx) error {
		a, err := bid.Close(ctx, tx, p.h.Wish)
		if err == nil && a.Kind == bid.Sealed {
			_, _, err = bid.Reveal(ctx, tx, p.h.Wish)
		}
		return err
	})
	if (err == nil) != p.late() {
		p.Fatalf("closed at %v of %v: %v", clock.Now(), p.m.closes, err)
	}
	p.m.closed = err == nil
}

// compare holds what is kept against the paper.
func (p *play) compare() {
	a := p.h.Auction()
	stands := int64(0)
	for _, b := range p.m.bids {
		if !b.gone {
			stands++
		}
	}
	best, price := p.m.lowest(30)
	if p.m.kind == bid.Sealed && !p.m.closed {
		best, price = paper{}, 0
	}
	if a.Lowest != best.id || a.LowestPrice != price || a.Bids != stands || a.Seq != int64(len(p.m.bids)) {
		p.Fatalf("kept %+v\nthe model says %s at %d, %d of %d", a, best.id, price, stands, len(p.m.bids))
	}
	p.h.Proven()
}

func (p *play) award() {
	firm := rapid.SampledFrom([]int64{1, 20, 30, 45}).Draw(p.T, "firm")
	want, price := p.m.lowest(firm)
	order := p.h.Award(firm)
	first, won := order.Winner()
	if won != (want.id != "") || first.Bid.ID != want.id || first.Price != price {
		p.Fatalf("%+v won, the model says %s at %d", first, want.id, price)
	}
	if a := p.h.Auction(); a.Winner != want.id || won != (a.State == bid.Awarded) {
		p.Fatalf("%+v", a)
	}
	p.h.Proven()
	// Whoever fails is followed by the cheapest of the rest.
	if !won {
		return
	}
	for i := range p.m.bids {
		if p.m.bids[i].id == want.id {
			p.m.bids[i].gone = true
		}
	}
	next, _ := p.m.lowest(firm)
	facts := p.h.Facts(firm)
	p.h.Do(func(ctx context.Context, tx *db.Tx) error {
		_, _, err := award.Pass(ctx, tx, p.h.Wish, award.Failure{Bid: want.id, By: bid.BySeller, Reason: "gave_up"}, facts)
		return err
	})
	if a := p.h.Auction(); a.Winner != next.id {
		p.Fatalf("%s is asked, the model says %s", a.Winner, next.id)
	}
	p.h.Proven()
}
