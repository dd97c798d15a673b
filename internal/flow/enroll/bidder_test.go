package enroll_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// TestAStrangerEnlistsInOneStep: three facts make a bidder, who is unverified and may not sell.
func TestAStrangerEnlistsInOneStep(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		who := w.account("potter@example.com", "")
		cmd := enroll.EnlistCmd{Name: "연남 공방", Number: "220-81-62517", Phone: "010-1234-5678"}
		id, err := w.e.Enlist(ctx, w.actor(who), cmd)
		w.must(err)
		again, err := w.e.Enlist(ctx, w.actor(who), cmd)
		if w.must(err); again != id {
			t.Errorf("the same again is %s, not %s", again, id)
		}
		m, err := merchant.Find(ctx, w.d, id)
		w.must(err)
		if m.Business.Email != "potter@example.com" || m.State != merchant.Draft || m.Public() {
			t.Errorf("%+v", m)
		}
		w.wants(m.CheckSell(), merchant.ErrNotApproved)
		known, err := catalog.Bidders(ctx, w.d, "wsh_1", []market.MerchantID{id})
		w.must(err)
		if known[id] != (catalog.Bidder{Registered: true}) {
			t.Errorf("%+v", known[id])
		}
		owner := w.actor(who)
		for action, may := range map[right.Action]bool{right.BidPlace: true, right.BidAnswer: true, right.MerchantEdit: true,
			right.MerchantReview: false, right.BidDisqualify: false} {
			if right.Can(owner, action, right.Of(id)) != may {
				t.Errorf("%s: %v", action, !may)
			}
		}
		if right.Can(w.actor(w.account("other@example.com", "")), right.BidPlace, right.Of(id)) {
			t.Error("a stranger bids for the shop")
		}
		_, err = w.e.Approve(ctx, market.System(), id)
		w.wants(err, merchant.ErrState)
	})
}

// TestWhatEnlistingRefuses: each missing or wrong part beside its field, numbers of shops that were handed in, and
// other people's registrations.
func TestWhatEnlistingRefuses(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		who := w.account("potter@example.com", "")
		_, err := w.e.Enlist(ctx, w.actor(who), enroll.EnlistCmd{Number: "123-45-67890"})
		fields := map[string]string{}
		for _, one := range fail.All(err) {
			fields[one.Field] = one.Code
		}
		if len(fields) != 3 || fields["number"] != merchant.ErrNumber.Code || fields["name"] != merchant.ErrMissing.Code ||
			fields["phone"] != merchant.ErrMissing.Code {
			t.Errorf("%v", fields)
		}
		w.approved(w.account("owner@example.com", ""), "1248100998")
		_, err = w.e.Enlist(ctx, w.actor(who), enroll.EnlistCmd{Name: "가짜", Number: "124-81-00998", Phone: "0212345678"})
		w.wants(err, merchant.ErrNumberTaken)

		begun, err := w.e.Begin(ctx, w.actor(who), "연남 공방")
		w.must(err)
		cmd := enroll.EnlistCmd{MerchantID: begun, Name: "연남 공방", Number: "220-81-62517", Phone: "010-1234-5678"}
		if _, err = w.e.Enlist(ctx, w.actor(w.account("other@example.com", "")), cmd); !errors.Is(err, right.ErrHidden) {
			t.Errorf("somebody else's: %v", err)
		}
		id, err := w.e.Enlist(ctx, w.actor(who), cmd)
		if w.must(err); id != begun {
			t.Errorf("a registration begun before becomes another one: %s", id)
		}
		_, err = w.e.Enlist(ctx, market.Actor{}, enroll.EnlistCmd{Name: "손님", Number: "2208162517", Phone: "0212345678"})
		w.wants(err, right.ErrSignIn)
	})
}
