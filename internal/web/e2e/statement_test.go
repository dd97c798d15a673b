package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestTheNextMorningThereIsAStatement follows three uses to the shop's account, one of them objected to.
func TestTheNextMorningThereIsAStatement(t *testing.T) {
	w := begin(t)
	d, o := w.onSale(func(o *deal.Offer) { o.Threshold = 1 })
	_, first := w.buy(w.buyer, d, o)
	_, second := w.buy(w.second, d, o)
	_, third := w.buy(w.third, d, o)
	w.work()
	w.use(first, second, third)
	w.at(seoul(10, 0, 12))

	owner := w.visitor(e2e.Options{}).signIn("owner")
	owner.to("/office/money")
	owner.See("51,822원", "1호", "살펴봐 주세요")
	owner.look("money")
	owner.Click("1호")
	owner.See("51,822원", "1번부터 3번까지 3장, 빠진 번호 없음", "모두 맞나요?")
	owner.look("statement")
	statement := owner.path()
	file := csv(owner, statement+"/lines.csv")
	for _, want := range []string{"19900", "2388", "238", "17274"} {
		if !strings.Contains(file, want) {
			t.Errorf("the file lacks %s: %s", want, file)
		}
	}
	object(owner)
	owner.See("34,548원, 6월 10일") // what is under objection does not come with the rest
	owner.Click("모두 맞아요")
	owner.See("확인했어요")

	w.at(seoul(10, 10, 30))
	w.at(seoul(10, 15, 0))
	owner.to("/office/money")
	owner.Until("the money in the account", func() bool {
		w.work()
		owner.Reload()
		return strings.Contains(owner.Text(), "들어왔어요")
	})
	owner.See("34,548원")
	owner.look("money-paid")
	owner.to(statement)
	owner.See("34,548원이 들어왔어요", "살펴보는 중", "두 장이라고 하셨는데 한 장만 주셨어요")
	owner.look("statement-paid")
	sameWonPaid(owner)
}

// use lets the counter use vouchers.
func (w *world) use(all ...voucher.Voucher) {
	w.t.Helper()
	for _, v := range all {
		w.keys++
		_, err := w.Redeem.Do(w.ctx, redeem.Cmd{Actor: w.scanner, MerchantID: w.shop, BranchID: w.branch,
			Text: w.Keys.Face(v.ID), Units: 1, Nonce: fmt.Sprintf("nonce-%06d", w.keys)})
		w.must(err)
	}
	w.work()
}

// csv fetches a file as the button does.
func csv(owner *person, path string) string {
	owner.w.t.Helper()
	var text string
	owner.Evaluate(`fetch("`+path+`").then((r) => r.ok ? r.text() : "answered " + r.status)`, &text)
	return text
}

// object stops one line: without a reason first.
func object(owner *person) {
	owner.w.t.Helper()
	owner.Evaluate(`document.querySelector("input[name=line]").click()`, nil)
	owner.Click("고른 줄 멈추기")
	owner.See("곳을 고쳐 주세요")
	owner.stand("statement-refused")
	owner.Evaluate(`(() => { const box = document.querySelector("input[name=line]"); if (!box.checked) box.click(); })()`,
		nil)
	owner.Fill("무엇이 다른가요?", "두 장이라고 하셨는데 한 장만 주셨어요")
	owner.Click("고른 줄 멈추기")
	owner.See("고른 줄을 멈추고 운영자에게 알렸어요", "살펴보는 중")
}

// sameWonPaid reads what was paid out on the operator's and the buyer's pages and through the API.
func sameWonPaid(owner *person) {
	w := owner.w
	operator := owner.beside(e2e.Options{Width: 1440}).signIn("operator")
	operator.to("/admin")
	operator.See("34,548")
	buyer := owner.beside(e2e.Options{}).signIn("buyer")
	buyer.to("/orders")
	buyer.See("19,900원")
	var all struct {
		Statements []struct {
			Net   int64
			Lines int64
			State string
		}
	}
	w.api("owner").get("/statements", &all)
	if len(all.Statements) != 1 || all.Statements[0].Net != 51_822 || all.Statements[0].Lines != 3 {
		w.t.Errorf("the API says %+v", all)
	}
}
