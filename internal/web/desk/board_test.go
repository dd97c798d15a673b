package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

func TestTheBoardSaysWhatHappenedInWon(t *testing.T) {
	w := open(t)
	owner := w.as("acc_owner")
	if a := owner.Get("/office"); a.Status != 200 || !a.Has("첫 딜을 만들어 볼까요?", "할매손칼국수", "/office/deals/new") {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	w.buyers("김서연", "이하준", "박 준")
	d, o := w.OnSale(shop, nil)
	first := w.Buy(apptest.Buyer(1), d, o, 2)
	w.Buy(apptest.Buyer(2), d, o, 1)
	a := owner.Get("/office")
	if !a.Has("지금 2명이 함께하고 있어요", "1명 더 모이면 열려요", "59,700원", "이○준", "19,900") || a.Has("이하준", "김서연") {
		t.Fatalf("%s", a.Body)
	}
	w.Buy(apptest.Buyer(3), d, o, 1)
	used := w.use(first)
	w.Work()
	a = owner.Get("/office")
	for _, text := range []string{"지금 3명이 함께하고 있어요", "3명을 넘어 열렸어요", "17,274원", "+17,274", "김○연", "본점", "오늘 밤",
		"59,700원", "딜이 열렸어요! 3명이 함께해요", "한 장씩", "2,388", "238"} {
		if !a.Has(text) {
			t.Errorf("the board does not say %q", text)
		}
	}
	held, err := ledger.Balance(w.Ctx, w.DB, ledger.Unredeemed, string(d.ID))
	if err != nil || held != 3*19_900 {
		t.Fatalf("%d %v", held, err)
	}
	if used.Net != 17_274 {
		t.Fatalf("net %d", used.Net)
	}
	part := owner.Send("GET", "/office", map[string][]string{"Hx-Request": {"true"}}, nil)
	if part.Status != 200 || part.Has("<html") || !part.Has(`id="board"`, `data-live="merchant:mer_noodle"`) {
		t.Errorf("fragment %d %.300s", part.Status, part.Body)
	}
	w.exec(`UPDATE account SET locale = 'en' WHERE id = 'acc_owner'`)
	if a := owner.Get("/office"); !a.Has("3 people are in it now", "Your share today") {
		t.Errorf("%s", a.Body)
	}
}

func TestTheDeskIsForThoseWhoLead(t *testing.T) {
	w := open(t)
	d, _ := w.OnSale(shop, nil)
	guest := w.Another()
	for _, address := range []string{"/office", "/office/deals", "/office/money", "/office/words", "/office/deals/new",
		"/office/deals/" + string(d.ID), "/office/deals/" + string(d.ID) + "/sales"} {
		if a := guest.Get(address); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("guest at %s: %d %s", address, a.Status, a.Location)
		}
		if a := w.as("acc_scan").Get(address); a.Status != 303 || a.Location != "/counter" {
			t.Errorf("scanner at %s: %d %s", address, a.Status, a.Location)
		}
		if a := w.as("acc_nobody").Get(address); a.Status != 303 || a.Location != "/office/new" {
			t.Errorf("stranger at %s: %d %s", address, a.Status, a.Location)
		}
	}
	theirs := w.as("acc_other")
	for _, address := range []string{"", "/sales", "/sales.csv", "/short", "/change"} {
		if a := theirs.Get("/office/deals/" + string(d.ID) + address); a.Status != 404 {
			t.Errorf("foreign deal%s: %d", address, a.Status)
		}
		if a := theirs.Get("/office/deals/dea_none" + address); a.Status != 404 {
			t.Errorf("no deal%s: %d", address, a.Status)
		}
	}
	for _, address := range []string{"", "/short", "/change", "/withdraw", "/preview"} {
		if a := theirs.Post("/office/deals/"+string(d.ID)+address, "act", "save", "answer", "refund"); a.Status != 404 {
			t.Errorf("post on a foreign deal%s: %d", address, a.Status)
		}
	}
}

func TestWhoRunsSeveralShopsChoosesOne(t *testing.T) {
	w := open(t)
	w.exec(`INSERT INTO merchant_member (merchant_id, account_id, role, added_by, added_at)
 VALUES ($1, 'acc_owner', 'manager', 'x', 1)`, string(other))
	b := w.as("acc_owner")
	if a := b.Get("/office/deals"); a.Location != "/office/choose?next=%2Foffice%2Fdeals" {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	if a := b.Get("/office/choose"); !a.Has("할매손칼국수", "느린물") {
		t.Fatalf("%s", a.Body)
	}
	if a := b.Post("/office/choose", "shop", "mer_foreign"); a.Status != 404 {
		t.Errorf("a foreign shop: %d", a.Status)
	}
	b.Post("/office/choose", "shop", string(other))
	if a := b.Get("/office"); a.Status != 200 || !a.Has("느린물") {
		t.Errorf("%d", a.Status)
	}
}

func TestAShortSaleIsDecidedWithTheWonInSight(t *testing.T) {
	w := open(t)
	w.buyers("김서연")
	d, o := w.OnSale(shop, func(x *deal.Offer) { x.AskWhenShort = true })
	w.Buy(apptest.Buyer(1), d, o, 2)
	w.Clock.Set(d.EndsAt)
	w.Pass(0)
	w.Pass(time.Minute)
	if got := w.Deal(d.ID).State; got != deal.Asking {
		t.Fatalf("deal is %s", got)
	}
	owner, address := w.as("acc_owner"), "/office/deals/"+string(d.ID)+"/short"
	if a := owner.Get("/office"); !a.Has("조금 모자라요", address) {
		t.Errorf("%s", a.Body)
	}
	a := owner.Get(address)
	if !a.Has("2명 모자라요", "2장, 39,800원이 이용권이 돼요", "34,548원", "모두 돌려드리기") {
		t.Fatalf("%s", a.Body)
	}
	for name, form := range map[string][]string{
		"nothing": {}, "unknown": {"answer", "burn"}, "no day": {"answer", "extend", "until", ""},
		"no date": {"answer", "extend", "until", "모레"}, "too far": {"answer", "extend", "until", "2027-12-31"},
		"past": {"answer", "extend", "until", "2020-01-01"},
	} {
		if a := owner.Post(address, form...); a.Status != 422 && a.Status != 409 || !a.Has("고쳐 주세요", "모두 돌려드리기") {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	last := w.Clock.Now().In(deal.Zone).AddDate(0, 0, 7).Format(time.DateOnly)
	if a := owner.Post(address, "answer", "extend", "until", last); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	now := w.Deal(d.ID)
	if now.State != deal.OnSale || !now.Extended || deal.LastDay(now.EndsAt) != last {
		t.Fatalf("%+v", now)
	}
	w.Clock.Set(now.EndsAt)
	w.Pass(0)
	w.Pass(time.Minute)
	if got := w.Deal(d.ID).State; got != deal.Failed {
		t.Fatalf("an extended deal is %s", got)
	}
	if a := owner.Get("/office/deals/" + string(d.ID)); !a.Has("모자라서 모두 돌려드렸어요") {
		t.Errorf("%s", a.Body)
	}
}
