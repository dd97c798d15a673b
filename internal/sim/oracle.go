package sim

import (
	"errors"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// same compares an answer with the oracle's by code.
func same(got, want error) bool {
	if want == nil {
		return got == nil
	}
	return errors.Is(got, want)
}

func (w *world) count(text string, args ...any) int64 {
	n, err := db.One(w.ctx, w.DB, db.Scalar[int64], text, args...)
	readable(err)
	return n
}

// unitsOf counts taken units of orders by their rows alone: held ones, and paid ones whose vouchers were not given back
// unused. The counters of deal, option and limit are not looked at.
func (w *world) unitsOf(where string, args ...any) int64 {
	held := w.count(`SELECT coalesce(sum(quantity), 0) FROM orders WHERE state = 'held' AND `+where, args...)
	paid := w.count(`SELECT coalesce(sum(quantity), 0) FROM orders WHERE state IN ('paid', 'refunded') AND `+where,
		args...)
	back := w.count(`SELECT count(*) FROM voucher WHERE refund_id IS NOT NULL AND units_used = 0 AND order_id IN
 (SELECT id FROM orders WHERE `+where+`)`, args...)
	return held + paid - back
}

// mayPlace is what should be answered to an order.
func (w *world) mayPlace(cmd checkout.PlaceCmd) error {
	d, err := deal.Find(w.ctx, w.DB, cmd.DealID)
	readable(err)
	o, err := deal.FindOption(w.ctx, w.DB, cmd.OptionID)
	readable(err)
	now := w.Clock.Now()
	if _, own := cmd.Actor.Membership(d.MerchantID); own {
		return deal.ErrOwnPeople
	}
	switch {
	case d.State == deal.Scheduled, now.Before(d.StartsAt):
		return deal.ErrNotYet
	case d.State != deal.OnSale, !now.Before(d.EndsAt):
		return deal.ErrOver
	}
	left := min(d.Capacity-w.unitsOf("deal_id = $1", string(d.ID)),
		o.Quantity-w.unitsOf("option_id = $1", string(o.ID)))
	switch {
	case left <= 0:
		return deal.ErrSoldOut
	case left < cmd.Quantity:
		return deal.ErrFewerLeft
	}
	limits, err := order.LoadLimits(w.ctx, w.DB, []order.LimitKey{{DealID: d.ID, AccountID: cmd.Actor.AccountID}})
	readable(err)
	for _, l := range limits {
		if now.Before(l.PausedUntil) {
			return order.ErrPaused
		}
	}
	mine := w.unitsOf("deal_id = $1 AND account_id = $2", string(d.ID), string(cmd.Actor.AccountID))
	if mine+cmd.Quantity > d.PerPerson {
		return order.ErrLimit
	}
	return nil
}

// mayRedeem is what should be answered to a scan; the number of uses comes from the redemptions, not from the voucher.
func (w *world) mayRedeem(v voucher.Voucher, cmd redeem.Cmd) error {
	scanned, ok := voucher.Read(cmd.Text)
	if !ok || scanned.Face != "" && scanned.Face != w.core.Keys.Face(v.ID) {
		return voucher.ErrUnknown
	}
	if v.MerchantID != cmd.MerchantID && scanned.Face == "" {
		return voucher.ErrUnknown
	}
	used := w.count(`SELECT coalesce(sum(units), 0) FROM redemption WHERE voucher_id = $1 AND state = 'accepted'`,
		string(v.ID))
	tipped := w.count(`SELECT count(*) FROM deal WHERE id = $1 AND tipped_at IS NOT NULL`, string(v.DealID)) == 1
	v.UnitsUsed = used
	return v.MayUse(voucher.Scan{MerchantID: cmd.MerchantID, BranchID: cmd.BranchID, Units: cmd.Units,
		Now: w.Clock.Now(), Tipped: tipped})
}

// orderRow is what an action must know of an order to choose it.
type orderRow struct {
	ID        market.OrderID
	AccountID market.AccountID
	state     order.State
}

// anyOrder picks among the twelve newest orders of each of some states.
func (w *world) anyOrder(states ...order.State) (orderRow, bool) {
	all, err := db.All(w.ctx, w.DB, func(r db.Row) (orderRow, error) {
		var o orderRow
		return o, r.Scan(&o.ID, &o.AccountID, &o.state)
	}, `SELECT id, account_id, state FROM orders ORDER BY id DESC`)
	readable(err)
	var list []orderRow
	for _, s := range states {
		n := 0
		for _, o := range all {
			if o.state == s && n < 12 {
				list = append(list, o)
				n++
			}
		}
	}
	if len(list) == 0 {
		return orderRow{}, false
	}
	return pick(w.dice, list), true
}

// codes of refusals that a complete simulation must have given.
func reasonCodes() []string {
	var out []string
	for _, r := range voucher.Reasons() {
		// Nothing of this loop blocks a voucher or shows an outworn offline face.
		if !errors.Is(r, voucher.ErrBlocked) && !errors.Is(r, voucher.ErrNotYet) && !errors.Is(r, voucher.ErrStaleFace) {
			out = append(out, "redeem."+fail.CodeOf(r))
		}
	}
	return append(out, "place.deal.sold_out", "place.deal.fewer_left", "place.deal.over", "place.deal.not_yet",
		"place.deal.own_people", "place.order.limit", "place.order.paused", "pay.payment.declined", "pay.payment.late",
		"pay.died", "undo.redeem.already_undone", "undo.redeem.later_use", "undo.right.hidden",
		"refund.voucher.not_refundable", "fault.node_died", "fault.die_before", "fault.die_after")
}
