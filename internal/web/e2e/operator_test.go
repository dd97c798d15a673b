package e2e_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestTheOperatorReturnsSchedulesAndNeverPrices walks the line of deals; the price stays the shop's.
func TestTheOperatorReturnsSchedulesAndNeverPrices(t *testing.T) {
	w := begin(t)
	d := submitted(w)
	operator := w.visitor(e2e.Options{}).signIn("operator")
	operator.to("/admin")
	operator.See("딜 1건이 차례를 기다려요")
	operator.to("/admin/deals")
	operator.See("어떤 딜을 먼저 올릴까요?", "할매손칼국수")
	operator.look("console-deals")
	operator.Click("손칼국수 두 그릇과 만두 한 접시")
	operator.See("가게가 받는 돈", "17,274", "값과 수량, 할인은 가게만 정해요")
	operator.look("console-deal")

	operator.Fill("까닭", "음")
	operator.Click("까닭을 적어 돌려보내기")
	operator.See("상대가 읽고 바로 움직일 수 있게요")
	operator.stand("console-deal-refused")
	operator.Fill("까닭", "사진에 다른 가게의 간판이 보여요. 바꿔 주시면 바로 올릴게요.")
	operator.Click("까닭을 적어 돌려보내기")
	operator.See("그렇게 했어요", "돌려보낸 딜")

	owner := operator.beside(e2e.Options{}).signIn("owner")
	owner.to("/office/deals/" + string(d.ID))
	owner.See(owner.say("editor.returned"), "다른 가게의 간판이 보여요")
	owner.look("deal-returned")
	owner.Click(owner.say("editor.submit"))
	owner.See(owner.say("desk.deal.place", "Place", int64(1)))

	tryPrice(operator, d)
	operator.to("/admin/deals/" + string(d.ID))
	operator.Click("날 잡고 알리기")
	operator.See("그렇게 했어요", "예고")
	operator.to("/admin/work")
	operator.See("멈춘 일이 없어요")
	operator.look("console-work")
	operator.to("/admin/money")
	operator.See("막힌 환불이 없어요")
	operator.to("/admin/audit")
	operator.See("누가 무엇을 했나요", "값을 바꾸려다 막혔어요", "딜의 날을 잡았어요", "딜을 돌려보냈어요")
	operator.look("console-audit")
	untouched(operator, d)
}

// submitted is a deal in the line, for the Monday after the next.
func submitted(w *world) deal.Deal {
	w.t.Helper()
	one := offer()
	one.StartsAt, one.EndsAt = seoul(15, 0, 0), seoul(29, 0, 0)
	d, err := w.Publish.SaveDraft(w.ctx, w.owner, publish.DraftCmd{MerchantID: w.shop, Offer: one})
	w.must(err)
	d, err = w.Publish.Submit(w.ctx, w.owner, d.ID)
	w.must(err)
	w.work()
	return d
}

// tryPrice sends the form that no page has: another price, with the operator's own session.
func tryPrice(operator *person, d deal.Deal) {
	operator.w.t.Helper()
	operator.Allow("status of 403")
	var answer struct {
		Status int
		Text   string
	}
	operator.Evaluate(`fetch("/admin/deals/`+string(d.ID)+`", {method: "POST",
		body: new URLSearchParams({act: "price", price: "9900"})})
		.then(async (r) => ({Status: r.status, Text: await r.text()}))`, &answer)
	if answer.Status != 403 {
		operator.w.t.Errorf("an operator's price was answered with %d: %s", answer.Status, answer.Text)
	}
	operator.to("/admin/deals/" + string(d.ID))
	operator.See("다른 사람이 값을 바꾸려 해서 막았어요")
}

// untouched reads the shop's own price everywhere after the attempt.
func untouched(operator *person, d deal.Deal) {
	w := operator.w
	owner := operator.beside(e2e.Options{}).signIn("owner")
	owner.to("/office/deals/" + string(d.ID))
	owner.See("19,900", "값을 바꾸려다 막혔어요")
	buyer := operator.beside(e2e.Options{}).signIn("buyer")
	buyer.to("/d/" + string(d.ID))
	buyer.See("19,900원")
	var seen struct{ Price int64 }
	w.api("").get("/deals/"+string(d.ID), &seen)
	if seen.Price != 19_900 {
		w.t.Errorf("the API says %d won", seen.Price)
	}
}
