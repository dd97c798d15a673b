package crowd

import (
	"errors"
	"fmt"

	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// pay lets one person pay the offer that has won, with a random instrument; the node may die on the way.
func (c *Crowd) pay() error {
	one, ok := c.anyOne(wish.Paying)
	if !ok {
		return nil
	}
	instrument := pick(c, []string{gateway.InstrumentOK, gateway.InstrumentOK, gateway.InstrumentOK,
		gateway.InstrumentDecline, gateway.InstrumentTimeoutCharged, gateway.InstrumentErrorAfterCharge,
		gateway.InstrumentErrorBeforeCharge, gateway.InstrumentSlow})
	return c.payAs(one.ID, pick(c, c.people), instrument)
}

// payTogether lets most members pay at once, or so few that their seller is asked whether they will do.
func (c *Crowd) payTogether() error {
	one, ok := c.anyOne(wish.Paying)
	if !ok {
		return nil
	}
	most := 10 + c.Below(90)
	if c.chance(40) {
		most = 12
	}
	for _, p := range c.people {
		if c.chance(most) {
			if err := c.payAs(one.ID, p, gateway.InstrumentOK); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *Crowd) payAs(id market.WishID, who market.Actor, instrument string) error {
	e, err := escrow.Find(c.ctx, c.db, id)
	if errors.Is(err, escrow.ErrNotFound) {
		return nil // the time to pay has not begun
	}
	readable(err)
	cmd := fund.StartCmd{WishID: id, Quantity: int64(1 + c.Below(2)), UnitPrice: e.UnitPrice, Agreed: true, Above: true,
		To:    collect.Address{Name: "나누리", Phone: "01012345678", Postcode: "04766", Line: "서울 성동구 성수이로 18길 7"},
		Title: "함께 쓸 연장"}
	if c.chance(4) {
		cmd.UnitPrice--
	}
	walkAway := c.chance(8)
	var paid fund.Paid
	err = c.Survive(func() error {
		started, err := c.Core().Fund.Start(c.ctx, who, cmd)
		if err != nil {
			return err
		}
		key, err := c.Core().Simulator.Authorize(c.ctx, gateway.AuthorizeRequest{CheckoutKey: started.Payment.CheckoutKey,
			Instrument: instrument})
		if err != nil || walkAway {
			return err
		}
		paid, err = c.Core().Fund.Pay(c.ctx, started.Payment.ID, key)
		return err
	})
	c.Note("pay %s by %s with %s: %s", id, who.AccountID, instrument, code(err))
	c.Met("share." + code(err))
	if paid.Late {
		c.Met("share.late")
	}
	var refused *gateway.Error
	if errors.As(err, &refused) {
		return nil // the payer's page answered with an error: nothing of ours was asked
	}
	if err == nil && cmd.UnitPrice != e.UnitPrice {
		return fmt.Errorf("broken: %s paid %d for what costs %d", who.AccountID, cmd.UnitPrice, e.UnitPrice)
	}
	return unexpected(err, c.Died(), payment.ErrDeclined, payment.ErrPending, payment.ErrLate, payment.ErrOver,
		payment.ErrUnreachable, collect.ErrFirm, collect.ErrOver, collect.ErrPaid, collect.ErrPrice, collect.ErrQuantity,
		collect.ErrNotFound)
}

// answer is the word of a seller for whom too few have paid.
func (c *Crowd) answer() error {
	ids, err := db.All(c.ctx, c.db, db.Scalar[market.WishID], `SELECT wish_id FROM collect WHERE state = 'asking'
 ORDER BY wish_id`)
	readable(err)
	if len(ids) == 0 {
		return nil
	}
	e, err := escrow.Find(c.ctx, c.db, pick(c, ids))
	readable(err)
	s := seller{id: e.MerchantID, owner: c.ownerOf(e.MerchantID)}
	mine := !c.chance(10)
	if !mine {
		s = pick(c, c.sellers)
		mine = s.id == e.MerchantID
	}
	take := c.chance(50)
	err = c.Core().Fund.Answer(c.ctx, s.owner, fund.AnswerCmd{WishID: e.WishID, MerchantID: s.id, Take: take})
	c.Note("answer %s by %s, take %t: %s", e.WishID, s.id, take, code(err))
	c.Met(fmt.Sprintf("short.%t.%s", take, code(err)))
	if err == nil && !mine {
		return fmt.Errorf("broken: %s answered for %s", s.id, e.MerchantID)
	}
	if !mine {
		return nil
	}
	return unexpected(err, collect.ErrOver, collect.ErrState, escrow.ErrUnsettled)
}
