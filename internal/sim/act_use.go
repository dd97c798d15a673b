package sim

import (
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// redeem shows a voucher somewhere, sometimes at the wrong counter, and compares the answer with rules and rows.
func (w *world) redeem() error {
	v, ok := w.anyVoucher()
	if !ok {
		return nil
	}
	s := w.shopOf(v.MerchantID)
	if w.chance(8) {
		s = pick(w.dice, w.shops)
	}
	branch := pick(w.dice, s.branches)
	by := s.owner
	if branch == s.branches[0] && w.chance(50) {
		by = s.staff
	}
	text := w.core.Keys.Face(v.ID)
	switch {
	case w.chance(30):
		text = voucher.Grouped(w.core.Keys.Code(v.ID))
	case w.chance(4):
		text = "V1" + text[3:] + "0"
	}
	cmd := redeem.Cmd{Actor: by, MerchantID: s.id, BranchID: branch, Text: text, Units: int64(1 + w.below(2)),
		Nonce: w.key()}
	return w.show(v, cmd)
}

// show takes one scan to the counter.
func (w *world) show(v voucher.Voucher, cmd redeem.Cmd) error {
	want := w.mayRedeem(v, cmd)
	got, err := w.core.Redeem.Do(w.ctx, cmd)
	w.note("redeem %s at %s ×%d: %s", v.ID, cmd.BranchID, cmd.Units, code(err))
	w.met("redeem." + code(err))
	if !same(err, want) {
		return differs("redeem", err, want)
	}
	if err == nil && w.chance(30) {
		twice, err := w.core.Redeem.Do(w.ctx, cmd)
		if err != nil || !twice.Again || twice.Redemption.ID != got.Redemption.ID {
			return wrong("the same scan again, with "+string(twice.Redemption.ID)+",", err)
		}
		cmd.Units++
		if _, err := w.core.Redeem.Do(w.ctx, cmd); !errors.Is(err, voucher.ErrNonceReused) {
			return wrong("the same nonce with another body", err)
		}
	}
	return nil
}

// undo takes a use back, by whoever scanned, by the owner, or by a stranger; sometimes one that a later use stands on,
// sometimes twice.
func (w *world) undo() error {
	text := `SELECT id FROM redemption ORDER BY id DESC LIMIT 12`
	if w.chance(40) {
		text = `SELECT r.id FROM redemption r WHERE EXISTS (SELECT 1 FROM redemption x WHERE x.voucher_id = r.voucher_id
 AND x.id > r.id AND x.state = 'accepted') ORDER BY r.id DESC LIMIT 12`
	}
	ids, err := db.All(w.ctx, w.DB, db.Scalar[market.RedemptionID], text)
	readable(err)
	if len(ids) == 0 {
		return nil
	}
	x, err := voucher.FindRedemption(w.ctx, w.DB, pick(w.dice, ids))
	readable(err)
	s := w.shopOf(x.MerchantID)
	by := pick(w.dice, []market.Actor{s.owner, s.owner, s.staff, pick(w.dice, w.buyers)})
	if err := w.undoBy(by, x); err != nil || w.chance(50) {
		return err
	}
	return w.undoBy(s.owner, x)
}

func (w *world) undoBy(by market.Actor, x voucher.Redemption) error {
	_, err := w.core.Redeem.Undo(w.ctx, by, redeem.UndoCmd{RedemptionID: x.ID, Reason: "시험"})
	w.note("undo %s by %s: %s", x.ID, by.AccountID, code(err))
	w.met("undo." + code(err))
	if _, member := by.Membership(x.MerchantID); !member && err == nil {
		return wrong("a stranger's undo", err)
	}
	return unexpected(err, voucher.ErrUndone, voucher.ErrUndoLate, voucher.ErrStated, voucher.ErrLaterUse,
		voucher.ErrMoved, right.ErrHidden, right.ErrForbidden)
}

// outlive waits until a voucher has run out and shows it all the same.
func (w *world) outlive() error {
	ids, err := db.All(w.ctx, w.DB, db.Scalar[market.VoucherID],
		`SELECT id FROM voucher WHERE state = 'active' ORDER BY id LIMIT 5`)
	readable(err)
	if len(ids) == 0 {
		return nil
	}
	v, err := voucher.Find(w.ctx, w.DB, pick(w.dice, ids))
	readable(err)
	if now := w.Clock.Now(); v.ValidUntil.After(now) {
		w.Clock.Set(v.ValidUntil.Add(-time.Second))
		if w.chance(70) {
			w.Clock.Set(v.ValidUntil)
		}
	}
	s := w.shopOf(v.MerchantID)
	return w.show(v, redeem.Cmd{Actor: s.owner, MerchantID: s.id, BranchID: s.branches[1], Text: w.core.Keys.Face(v.ID),
		Units: 1, Nonce: w.key()})
}

// anyVoucher picks among all vouchers, the newest more often.
func (w *world) anyVoucher() (voucher.Voucher, bool) {
	limit := 25
	if w.chance(20) {
		limit = 1000
	}
	ids, err := db.All(w.ctx, w.DB, db.Scalar[market.VoucherID], `SELECT id FROM voucher ORDER BY id DESC LIMIT $1`,
		limit)
	readable(err)
	if len(ids) == 0 {
		return voucher.Voucher{}, false
	}
	v, err := voucher.Find(w.ctx, w.DB, pick(w.dice, ids))
	readable(err)
	return v, true
}
