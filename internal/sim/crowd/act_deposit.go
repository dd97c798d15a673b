package crowd

import (
	"fmt"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/market/bid"
	held "github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// putDown lets a seller pay what its offer asks for, or some of it, with a random instrument; the node may die on the
// way.
func (c *Crowd) putDown(one wish.Wish, s seller, o bid.Offer) error {
	total := auction.Figures(c.clock.Now()).DepositFor(o)
	if total == 0 {
		return nil
	}
	if c.chance(10) {
		total = max(1, total-1)
	}
	instrument := pick(c, []string{gateway.InstrumentOK, gateway.InstrumentOK, gateway.InstrumentOK,
		gateway.InstrumentOK, gateway.InstrumentDecline, gateway.InstrumentTimeoutCharged,
		gateway.InstrumentErrorAfterCharge, gateway.InstrumentErrorBeforeCharge})
	var paid deposit.Paid
	err := c.Survive(func() (err error) {
		paid, err = c.Core().Deposits.PayDirectly(c.ctx, s.owner, deposit.StartCmd{WishID: one.ID, MerchantID: s.id,
			Total: total, Title: "보증금"}, instrument)
		return err
	})
	c.Note("put down %d by %s on %s with %s: %s", total, s.id, one.ID, instrument, code(err))
	c.Met("deposit." + code(err))
	if err == nil && paid.Late && one.State != wish.Choosing {
		return fmt.Errorf("broken: a deposit of %s is late while bids are taken", s.id)
	}
	return unexpected(err, c.Died(), bid.ErrOver, bid.ErrOwnCrowd, held.ErrDown, payment.ErrDeclined, payment.ErrPending,
		payment.ErrUnreachable, payment.ErrLate)
}

// dear reports a history in which offers ask for deposits: most are so large there that they do.
func (c *Crowd) dear() bool { return auction.Figures(c.clock.Now()).DepositMax > 0 && c.chance(80) }
