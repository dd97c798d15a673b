package e2e_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestAShopAsksForAChangeAndTheOperatorAnswers changes a public deal twice: once in vain, once for everybody who buys
// from then on.
func TestAShopAsksForAChangeAndTheOperatorAnswers(t *testing.T) {
	w := begin(t)
	d, o := w.onSale(nil)
	_, early := w.buy(w.second, d, o)
	page, desk := "/d/"+string(d.ID), "/office/deals/"+string(d.ID)
	owner := w.visitor(e2e.Options{}).signIn("owner")
	operator := owner.beside(e2e.Options{Width: 1440}).signIn("operator")
	guest := owner.beside(e2e.Options{})

	askForChange(owner, d, "둘이 먹는 따뜻한 저녁", "저녁에도 열기로 해서 소개를 바꾸고 싶어요.")
	owner.See(owner.say("desk.change.waiting"))
	owner.look("change-waiting")
	guest.to(page)
	guest.See("둘이 먹는 따뜻한 점심")
	guest.NotSee("둘이 먹는 따뜻한 저녁")

	operator.to("/admin/deals/" + string(d.ID))
	operator.See("가게가 바꾸기를 요청했어요", "둘이 먹는 따뜻한 점심", "둘이 먹는 따뜻한 저녁", "저녁에도 열기로 해서")
	operator.look("console-change")
	operator.Fill("받아들이지 않는 까닭", "흠")
	operator.Click("까닭을 적어 거절하기")
	operator.See("상대가 읽고 바로 움직일 수 있게요")
	operator.stand("console-change-refused")
	operator.Fill("받아들이지 않는 까닭", "저녁에 여는지 영업시간을 먼저 고쳐 주세요.")
	operator.Click("까닭을 적어 거절하기")
	operator.See("그렇게 했어요")
	operator.NotSee("요청 받아들이기")
	owner.to(desk)
	owner.See(owner.say("desk.change.refused"), "영업시간을 먼저 고쳐 주세요", owner.say("desk.log.change_refused"))
	owner.look("change-refused")
	guest.to(page)
	guest.See("둘이 먹는 따뜻한 점심")

	askForChange(owner, d, "둘이 먹는 따뜻한 한 끼", "점심에도 저녁에도 오실 수 있어요.")
	operator.to("/admin/deals/" + string(d.ID))
	operator.Click("요청 받아들이기")
	operator.See("그렇게 했어요")
	guest.to(page)
	guest.See("둘이 먹는 따뜻한 한 끼")
	guest.NotSee("둘이 먹는 따뜻한 점심")
	owner.to(desk)
	owner.See(owner.say("desk.log.change_accepted"))
	operator.to("/admin/audit")
	operator.See("고친 조건을 받았어요", "고친 조건을 받지 않았어요")
	soldBefore(w, early.OrderID)
}

// askForChange sends another line of introduction, first without a reason, as people do.
func askForChange(owner *person, d deal.Deal, summary, why string) {
	owner.w.t.Helper()
	owner.to("/office/deals/" + string(d.ID))
	owner.Click(owner.say("desk.deal.change"))
	owner.See(owner.say("editor.change.lead"))
	owner.Fill(owner.say("editor.summary"), summary)
	owner.Click(owner.say("editor.change.send"))
	owner.See("적어 주세요")
	owner.Fill(owner.say("editor.change.why"), why)
	owner.Click(owner.say("editor.change.send"))
	owner.See(owner.say("editor.change.sent"))
}

// soldBefore holds that who bought before the change keeps what was promised then.
func soldBefore(w *world, id market.OrderID) {
	w.t.Helper()
	o, err := order.Find(w.ctx, w.DB, id)
	w.must(err)
	d, err := deal.Find(w.ctx, w.DB, o.DealID)
	w.must(err)
	terms, err := deal.FindTerms(w.ctx, w.DB, o.DealID, o.TermsVersion)
	w.must(err)
	if terms.Summary != "둘이 먹는 따뜻한 점심" || d.TermsVersion == o.TermsVersion {
		w.t.Errorf("an earlier order is held to %q, version %d of %d", terms.Summary, o.TermsVersion, d.TermsVersion)
	}
}
