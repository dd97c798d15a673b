package town

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/town/lore"
)

// What life after the past is bounded by: a town that stands for weeks must neither fill the disk nor buy everything.
const (
	beat      = 4 * time.Second // between two acts at speed 1
	speedMax  = 100
	actsMax   = 20_000
	boughtMax = 60 // units of one deal that neighbours buy after the past
)

// life is what the neighbours did since the past ended.
type life struct {
	dice   lore.Dice
	acts   int
	bought map[market.DealID]int64
}

// goOn lets people buy and come until the context ends.
func (t *Town) goOn(ctx context.Context) {
	speed := t.options.Speed
	if speed <= 0 {
		speed = 1
	}
	every := time.Duration(float64(beat) / min(speed, speedMax))
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for t.life.acts < actsMax {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := t.Step(ctx); err != nil && ctx.Err() == nil {
			t.options.Log.Warn("a neighbour stumbled", "error", err)
		}
	}
}

// Step lets one neighbour do one thing: buy, come with a voucher, say how it was, or follow a shop. A refusal is life;
// an error is one of ours.
func (t *Town) Step(ctx context.Context) error {
	if t.life.bought == nil {
		t.life = life{dice: lore.NewDice(t.options.Seed + 1), bought: map[market.DealID]int64{}}
	}
	t.life.acts++
	who := lore.Pick(&t.life.dice, t.cast.people)
	var err error
	switch roll := t.life.dice.Under(100); {
	case roll < 52:
		err = t.buyOne(ctx, who)
	case roll < 84:
		err = t.comeOnce(ctx)
	case roll < 93:
		err = t.sayOne(ctx, who)
	default:
		s := lore.Pick(&t.life.dice, t.cast.shops)
		err = t.Enroll.Follow(ctx, who, s.id, true)
	}
	if err != nil && refusal(err) {
		t.options.Log.Debug("a neighbour was refused", "error", err)
		return nil
	}
	return err
}

// refusal reports an answer that a person could get in any town.
func refusal(err error) bool {
	_, ours := fail.As(err)
	return ours && fail.KindOf(err) != fail.Internal
}

// open reports a sale at which neighbours buy after the past: long ones, and those that are far from their point. The
// others are left as they are, for visitors.
func (s *sale) openFor(d deal.Deal) bool {
	switch s.Plan {
	case lore.PlanTipped:
		return true
	case lore.PlanOnSale:
		return d.Missing() > shyOf
	}
	return false
}

// shyOf is how many people before its point a sale is left alone.
const shyOf = 6

func (t *Town) buyOne(ctx context.Context, who market.Actor) error {
	s := lore.Pick(&t.life.dice, t.cast.sales)
	d, err := deal.Find(ctx, t.DB, s.id)
	if err != nil || !s.openFor(d) || t.life.bought[d.ID] >= boughtMax {
		return err
	}
	t.life.bought[d.ID]++
	now := t.DB.Clock().Now()
	placed, err := t.Checkout.Place(ctx, checkout.PlaceCmd{Actor: who, DealID: s.id,
		OptionID: lore.Pick(&t.life.dice, s.options).ID, Quantity: 1, PolicyID: policy.At(now).ID,
		Key: t.DB.IDs().New("key")})
	if err != nil {
		return err
	}
	started, err := t.Checkout.StartPayment(ctx, who, checkout.StartCmd{OrderID: placed.Order.ID, Title: s.Title})
	if err != nil {
		return err
	}
	key, err := t.Simulator.Authorize(ctx, gateway.AuthorizeRequest{CheckoutKey: started.Payment.CheckoutKey,
		Instrument: gateway.InstrumentOK})
	if err != nil {
		return fmt.Errorf("authorize: %w", err)
	}
	_, err = t.Checkout.Pay(ctx, checkout.PayCmd{PaymentID: started.Payment.ID, PaymentKey: key})
	return err
}

// comeOnce lets somebody with a voucher of a tipped sale use it at a counter.
func (t *Town) comeOnce(ctx context.Context) error {
	for range looksMax {
		who := lore.Pick(&t.life.dice, t.cast.people)
		list, err := voucher.ListByAccount(ctx, t.DB, who.AccountID, "", looksMax)
		if err != nil {
			return err
		}
		for _, v := range list {
			s := t.cast.shopOf(v.MerchantID)
			if s == nil || len(s.branches) == 0 || v.State != voucher.Active {
				continue
			}
			_, err := t.Redeem.Do(ctx, redeem.Cmd{Actor: s.atCounter(), MerchantID: s.id,
				BranchID: lore.Pick(&t.life.dice, s.branches), Text: t.Keys.Face(v.ID), Units: 1, Nonce: t.DB.IDs().New("nce")})
			return err
		}
	}
	return nil
}

// looksMax is how many people are asked whether they have a voucher, and how many of theirs are looked at.
const looksMax = 8

// sayOne lets somebody answer the question about their last visit.
func (t *Town) sayOne(ctx context.Context, who market.Actor) error {
	asks, err := t.Feedback.Mine(ctx, who)
	if err != nil || len(asks) == 0 {
		return err
	}
	_, err = t.Feedback.Give(ctx, who, asks[0].ID, answer(&t.life.dice, t.words))
	return err
}

// shopOf finds a shop of the town by its id, nil for one that a visitor opened.
func (c *cast) shopOf(id market.MerchantID) *shop {
	for _, s := range c.shops {
		if s.id == id {
			return s
		}
	}
	return nil
}
