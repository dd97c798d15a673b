package e2e_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestAnOpenedVoucherStaysWithoutALine cuts the network under a phone at a counter, and mends it.
func TestAnOpenedVoucherStaysWithoutALine(t *testing.T) {
	w := begin(t)
	d, o := w.onSale(func(o *deal.Offer) { o.Threshold = 1 })
	_, v := w.buy(w.buyer, d, o)
	w.work()

	buyer := w.visitor(e2e.Options{}).signIn("buyer")
	buyer.Allow("net::ERR") // that is what is tried here
	buyer.to("/vouchers/" + string(v.ID))
	buyer.See("직원에게 보여 주세요", "인터넷 없이도 열려요")
	code := kept(buyer)

	w.line.cut()
	buyer.Offline(true)
	buyer.Reload()
	buyer.See("직원에게 보여 주세요", "인터넷 없이도 열려요")
	if again := kept(buyer); again != code || code == "" {
		t.Errorf("the kept code reads %q, not %q", again, code)
	}
	buyer.stand("ticket-offline")
	w.use(v) // the counter has a line of its own

	w.line.mend()
	buyer.Offline(false)
	buyer.See("다녀와 주셔서 고마워요", "성수 본점에서 썼어요") // by the stream, once the line is back
	buyer.stand("ticket-back")
	sameWonUsed(buyer)

	buyer.to("/me")
	buyer.Click("로그아웃")
	buyer.See("로그아웃했어요")
	var left int
	buyer.Evaluate(`caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)
		.then((store) => store.keys())))).then((all) => all.flat().filter((r) => r.url.includes("/vouchers/vch_")).length)`,
		&left)
	if left != 0 {
		t.Errorf("%d vouchers stay on a phone that nobody is signed in on", left)
	}
}

// kept is the short code under the picture.
func kept(buyer *person) string {
	buyer.w.t.Helper()
	var code string
	buyer.Evaluate(`document.querySelector(".short")?.textContent.trim() ?? ""`, &code)
	return code
}

func sameWonUsed(buyer *person) {
	w := buyer.w
	owner := buyer.beside(e2e.Options{}).signIn("owner")
	owner.to("/office")
	owner.See("17,274원")
	operator := buyer.beside(e2e.Options{}).signIn("operator")
	operator.to("/admin")
	operator.See("17,274원")
	var all struct {
		Vouchers []struct {
			State string
			Price int64
		}
	}
	w.api("buyer").get("/vouchers", &all)
	if len(all.Vouchers) != 1 || all.Vouchers[0].State != "used" || all.Vouchers[0].Price != 19_900 {
		w.t.Errorf("the API says %+v", all)
	}
}
