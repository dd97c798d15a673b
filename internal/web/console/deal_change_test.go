package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

const shop = market.MerchantID("mer_noodle")

// desk is an operator's browser at the page of a deal that its shop wants to change.
type desk struct {
	*apptest.World
	*requesttest.Browser
	deal deal.Deal
	page string
}

func open(t *testing.T) *desk {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	w := &desk{World: apptest.New(t, d, tw.Clock)}
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	console.Routes(mux, console.Deps{Frame: f, DB: d, Publish: w.Publish, Tipping: w.Tipping, Settle: w.Settle})
	mux.Handle("/", f.Missing())
	w.Browser = requesttest.Open(t, f, mux)
	w.SignIn(d, w.Account(apptest.Operator(), "나누리").AccountID)
	w.deal = w.Scheduled(shop, nil)
	w.page = "/admin/deals/" + string(w.deal.ID)
	return w
}

func (w *desk) propose(change func(*deal.Revision)) {
	w.T.Helper()
	terms, err := deal.FindTerms(w.Ctx, w.DB, w.deal.ID, w.deal.TermsVersion)
	w.Must(err)
	r := deal.RevisionOf(terms)
	r.Why = "점심에도 받기로 했어요"
	change(&r)
	_, err = w.Publish.Propose(w.Ctx, apptest.Owner(shop), publish.ProposeCmd{DealID: w.deal.ID, Change: r})
	w.Must(err)
}

func (w *desk) terms() deal.Terms {
	w.T.Helper()
	d, err := deal.Find(w.Ctx, w.DB, w.deal.ID)
	w.Must(err)
	t, err := deal.FindTerms(w.Ctx, w.DB, d.ID, d.TermsVersion)
	w.Must(err)
	return t
}

const asks = "가게가 바꾸기를 요청했어요"

func TestAnOperatorSeesWhatChangesAndAcceptsIt(t *testing.T) {
	w := open(t)
	if a := w.Get(w.page); a.Status != http.StatusOK || a.Has(asks) {
		t.Fatalf("nothing waits yet: %d", a.Status)
	}
	w.propose(func(r *deal.Revision) { r.Title, r.ValidDays = "칼국수 잔치", 500 })
	a := w.Get(w.page)
	if !a.Has(asks, "칼국수 잔치", "400일", "500일", "점심에도 받기로 했어요", "요청 받아들이기") {
		t.Errorf("the change is not told: %s", a.Body)
	}
	if a.Has("한 줄 소개") || a.Has("쓸 수 있는 지점") {
		t.Error("what stays the same is told as a change")
	}
	if a := w.Post(w.page, "act", "accept_change"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if now := w.terms(); now.Title != "칼국수 잔치" || now.ValidDays != 500 {
		t.Errorf("in force: %+v", now)
	}
	if a := w.Get(w.page); a.Has("요청 받아들이기") || !a.Has("바꾼 내용으로 팔기 시작했어요") {
		t.Error("the answered request still waits, or its answer is not in the history")
	}
}

func TestARefusalOfAChangeNeedsAReason(t *testing.T) {
	w := open(t)
	before := w.terms()
	w.propose(func(r *deal.Revision) { r.Summary = "" })
	a := w.Post(w.page, "act", "refuse_change", "reason", "음")
	once := strings.Count(a.Body, `id="f-reason"`) == 1
	if a.Status != http.StatusUnprocessableEntity || !once || !a.Has(`>음</textarea>`) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	reason := "무엇을 파는지 손님이 알 수 없게 돼요."
	if a := w.Post(w.page, "act", "refuse_change", "reason", reason); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if now := w.terms(); now.Version != before.Version || now.Summary != before.Summary {
		t.Errorf("in force: %+v", now)
	}
	if a := w.Get(w.page); a.Has("요청 받아들이기") || !a.Has(reason, "바꾸기 요청을 받아들이지 않았어요") {
		t.Error("the refused request still waits, or its answer is not in the history")
	}
}
