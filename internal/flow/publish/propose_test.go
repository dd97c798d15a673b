package publish_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/right"
)

const shop = market.MerchantID("mer_noodle")

func TestAChangeMayOnlyGiveMore(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, func(x *deal.Offer) { x.Rules = hours.Rules{Weekdays: []int{1, 2}} })
		terms, err := deal.FindTerms(w.Ctx, w.DB, d.ID, 1)
		w.Must(err)
		try := func(change func(*deal.Revision)) error {
			r := deal.RevisionOf(terms)
			r.Why = "점심에도 받기로 했어요"
			change(&r)
			_, err := w.Publish.Propose(w.Ctx, apptest.Owner(shop), publish.ProposeCmd{DealID: d.ID, Change: r})
			return err
		}
		for name, c := range map[string]struct {
			change func(*deal.Revision)
			want   error
		}{
			"nothing":     {func(*deal.Revision) {}, deal.ErrUnchanged},
			"shorter":     {func(r *deal.Revision) { r.ValidDays = 399 }, deal.ErrShorter},
			"fewer days":  {func(r *deal.Revision) { r.Rules.Weekdays = []int{1} }, deal.ErrNarrower},
			"one branch":  {func(r *deal.Revision) { r.Branches = []market.BranchID{"brn_1"} }, deal.ErrNarrower},
			"no reason":   {func(r *deal.Revision) { r.Title, r.Why = "새 이름", "" }, deal.ErrReason},
			"empty title": {func(r *deal.Revision) { r.Title = "" }, deal.ErrTitle},
		} {
			if err := try(c.change); !has(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		stranger := apptest.Owner("mer_other")
		_, err = w.Publish.Propose(w.Ctx, stranger, publish.ProposeCmd{DealID: d.ID, Change: deal.RevisionOf(terms)})
		if !errors.Is(err, right.ErrHidden) {
			t.Errorf("a stranger: %v", err)
		}

		before := w.Buy(apptest.Buyer(1), d, o, 1)
		w.Must(try(func(r *deal.Revision) { r.Title, r.ValidDays = "처음 쓴 이름", 420 }))
		w.Must(try(func(r *deal.Revision) { r.Title, r.ValidDays = "고쳐 쓴 이름", 500 }))
		if next, err := deal.Proposal(w.Ctx, w.DB, d.ID); err != nil || next.Version != 2 || next.Title != "고쳐 쓴 이름" {
			t.Fatalf("%+v %v", next, err)
		}
		if _, err := w.Publish.Accept(w.Ctx, apptest.Owner(shop), d.ID); !errors.Is(err, right.ErrForbidden) {
			t.Errorf("the shop accepts its own change: %v", err)
		}
		got, err := w.Publish.Accept(w.Ctx, apptest.Operator(), d.ID)
		if err != nil || got.TermsVersion != 2 {
			t.Fatalf("%+v %v", got, err)
		}
		after := w.Buy(apptest.Buyer(2), d, o, 1)
		old, err := order.Find(w.Ctx, w.DB, before.ID)
		w.Must(err)
		if old.TermsVersion != 1 || after.TermsVersion != 2 {
			t.Errorf("earlier order %d, later %d", old.TermsVersion, after.TermsVersion)
		}
		if _, err := w.Publish.Accept(w.Ctx, apptest.Operator(), d.ID); !errors.Is(err, deal.ErrNoProposal) {
			t.Errorf("again: %v", err)
		}
	})
}

func TestARefusedChangeChangesNothing(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d := w.Scheduled(shop, nil)
		terms, err := deal.FindTerms(w.Ctx, w.DB, d.ID, 1)
		w.Must(err)
		r := deal.RevisionOf(terms)
		r.Title, r.Why = "새 이름", "이름이 너무 길었어요"
		refuse := publish.RefuseCmd{DealID: d.ID, Reason: "뜻이 달라져요"}
		if _, err := w.Publish.Refuse(w.Ctx, apptest.Operator(), refuse); !errors.Is(
			err, deal.ErrNoProposal) {
			t.Errorf("nothing to refuse: %v", err)
		}
		_, err = w.Publish.Propose(w.Ctx, apptest.Owner(shop), publish.ProposeCmd{DealID: d.ID, Change: r})
		w.Must(err)
		now, err := w.Publish.Refuse(w.Ctx, apptest.Operator(), refuse)
		if err != nil || now.TermsVersion != 1 {
			t.Fatalf("%+v %v", now, err)
		}
		versions, err := deal.Versions(w.Ctx, w.DB, d.ID)
		if err != nil || len(versions) != 2 || versions[0].State != deal.TermsRefused || versions[0].Reason != "뜻이 달라져요" ||
			versions[1].State != deal.TermsInForce {
			t.Fatalf("%+v %v", versions, err)
		}
		_, err = w.Publish.Propose(w.Ctx, apptest.Owner(shop), publish.ProposeCmd{DealID: d.ID, Change: r})
		w.Must(err)
		if next, err := deal.Proposal(w.Ctx, w.DB, d.ID); err != nil || next.Version != 3 {
			t.Fatalf("%+v %v", next, err)
		}
	})
}

// has finds a refusal among several.
func has(err, want error) bool {
	for _, one := range fail.All(err) {
		if errors.Is(one, want) {
			return true
		}
	}
	return false
}
