package e2e_test

import (
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestABuyerJoinsAndTheDealOpens walks from a stranger to a voucher that can be used; the one who makes the deal open
// has no script in her browser.
func TestABuyerJoinsAndTheDealOpens(t *testing.T) {
	w := begin(t)
	d, o := w.onSale(func(o *deal.Offer) { o.Threshold = 4 })
	w.buy(w.second, d, o)
	w.buy(w.third, d, o)

	buyer := w.visitor(e2e.Options{})
	findDeal(buyer)
	signUpFromDeal(buyer)
	order := payFor(buyer, d)
	buyer.See("함께하고 있어요", "1명 더 모이면 열려요", "19,900원")
	buyer.look("paid")
	buyer.to("/vouchers")
	buyer.look("vouchers")
	buyer.Click("손칼국수 두 그릇과 만두 한 접시")
	buyer.See("열리면 여기에 QR이 나와요")
	buyer.look("ticket-waiting")

	plain := w.visitor(e2e.Options{NoScript: true}).signIn("fourth")
	plain.to("/d/" + string(d.ID))
	plain.Click("19,900원에 함께하기")
	payFor(plain, d)
	plain.See("이용권이 준비됐어요")
	plain.NoSideways()
	plain.Screenshot("paid-without-script")

	buyer.See("직원에게 보여 주세요", "4명 모여 열렸어요") // by the stream: nothing was loaded again
	buyer.look("ticket")
	buyer.Dark(true)
	buyer.stand("ticket-dark")
	buyer.Dark(false)
	buyer.to("/orders/" + order)
	buyer.See("이용권 1장을 쓸 수 있어요", "19,900원")
	buyer.look("order")
	sameWonForAll(buyer, d, order)
}

func findDeal(buyer *person) {
	buyer.to("/r/" + region)
	buyer.See("2명 더 모이면 열려요", "할매손칼국수", "19,900원")
	buyer.look("home")
	buyer.Click("손칼국수 두 그릇과 만두 한 접시")
	buyer.See("2명이 이미 값을 냈어요", "안 모이면 전액 돌려드려요", "새벽 네 시에 반죽")
	buyer.look("deal")
	buyer.Dark(true)
	buyer.stand("deal-dark")
	buyer.Dark(false)
	buyer.Click("19,900원에 함께하기")
}

// signUpFromDeal makes an account on the way; the mail's link leads back to the order.
func signUpFromDeal(buyer *person) {
	buyer.See("다시 오셨네요")
	buyer.look("signin")
	buyer.Click("가입하기")
	buyer.See("이메일 하나면 돼요")
	buyer.look("signup")
	buyer.Fill("이메일", mail4("newcomer"))
	buyer.Fill("부를 이름", "최하늘")
	buyer.Fill("비밀번호", password)
	buyer.Click("확인 메일 받기")
	buyer.See("메일함을 열어 주세요")
	buyer.w.work()
	buyer.to("/signup/confirm?t=" + buyer.w.mailed("newcomer", "/signup/confirm?t="))
	buyer.Click("가입 마치기")
	buyer.See("몇 장 살까요?")
}

// payFor goes from the order's form over the gateway's page to the thanks, and gives the order.
func payFor(buyer *person, d deal.Deal) string {
	buyer.w.t.Helper()
	buyer.See("몇 장 살까요?", "결제하기 전에 한 번 더")
	scripted := !buyer.plain // pictures and axe once; without script it is the same way, shorter
	if scripted {
		buyer.Click("10분 동안 자리 잡기")
		buyer.See("내용을 읽고 동의해야 함께할 수 있어요")
		buyer.stand("order-refused")
		buyer.to("/d/" + string(d.ID) + "/order")
		buyer.look("order-form")
	}
	buyer.Click("구성, 이용 조건, 환불 조건과 대금 보관 방식을 읽었고")
	buyer.Click("10분 동안 자리 잡기")
	buyer.See("자리를 잡아 두었어요")
	order, _, _ := strings.Cut(strings.TrimPrefix(buyer.path(), "/o/"), "/")
	if scripted {
		buyer.look("pay")
	}
	buyer.Click("19,900원 결제하기")
	buyer.See("19,900원")
	buyer.Until("the gateway's page", func() bool { return !strings.HasPrefix(buyer.URL(), buyer.w.line.url()) })
	if scripted {
		buyer.stand("gateway")
	}
	buyer.Click("19,900원 결제하기")
	return order
}

// sameWonForAll reads what was paid from the shop's and the operator's pages and through the API.
func sameWonForAll(buyer *person, d deal.Deal, order string) {
	w := buyer.w
	owner := buyer.beside(e2e.Options{}).signIn("owner")
	owner.to("/office")
	owner.See("지금 4명이 함께하고 있어요", "79,600원")
	owner.look("board-gathered")
	operator := buyer.beside(e2e.Options{}).signIn("operator")
	operator.to("/admin")
	operator.See("79,600원")
	operator.look("console-home")

	var seen struct {
		PaidPeople int64 `json:"paid_people"`
		Tipped     bool  `json:"tipped"`
	}
	w.api("").get("/deals/"+string(d.ID), &seen)
	if seen.PaidPeople != 4 || !seen.Tipped {
		w.t.Errorf("the API says %+v", seen)
	}
	var bought struct {
		Amount int64  `json:"amount"`
		State  string `json:"state"`
	}
	w.api("newcomer").get("/orders/"+order, &bought)
	if bought.Amount != 19_900 || bought.State != "paid" {
		w.t.Errorf("the API says of the order %+v", bought)
	}
}
