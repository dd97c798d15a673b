package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/market/report"
)

func TestSalesNameEveryGuestWithoutTellingWho(t *testing.T) {
	w := open(t)
	w.buyers("김서연", "=HYPERLINK(\"x\")", "박준")
	d, o := w.OnSale(shop, nil)
	address := "/office/deals/" + string(d.ID) + "/sales"
	owner := w.as("acc_owner")
	if a := owner.Get(address); !a.Has("아직 산 손님이 없어요") {
		t.Fatalf("%s", a.Body)
	}
	first := w.Buy(apptest.Buyer(1), d, o, 2)
	w.Buy(apptest.Buyer(2), d, o, 1)
	w.Buy(apptest.Buyer(3), d, o, 1)
	w.use(first)
	a := owner.Get(address)
	if !a.Has("주문 3건", "김○연", "박○", "39,800", "17,274", "2번 가운데 1번") || a.Has("김서연", "HYPERLINK") {
		t.Fatalf("%s", a.Body)
	}
	file := owner.Get(address + ".csv")
	if file.Status != 200 || !strings.HasPrefix(file.Body, "\ufeff번호,손님,") || file.Has("HYPERLINK", "김서연") ||
		!strings.Contains(file.Header.Get("Content-Disposition"), ".csv") || strings.Count(file.Body, "\r\n") != 4 {
		t.Fatalf("%q", file.Body)
	}
	for _, line := range strings.Split(file.Body, "\r\n") {
		for _, cell := range strings.Split(line, ",") {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a formula: %s", cell)
			}
		}
	}
	for _, query := range []string{"?after=x&passed=-1", "?passed=9999999999999999999999", "?after=%00&passed=1"} {
		if a := owner.Get(address + query); a.Status != 200 {
			t.Errorf("%s: %d", query, a.Status)
		}
	}
}

func TestMoneyIsFollowedFromUseToAccount(t *testing.T) {
	w := open(t)
	w.buyers("김서연", "이하준", "박준")
	d, o := w.OnSale(shop, nil)
	first := w.Buy(apptest.Buyer(1), d, o, 1)
	second := w.Buy(apptest.Buyer(2), d, o, 1)
	w.Buy(apptest.Buyer(3), d, o, 1)
	w.use(first)
	w.use(second)
	owner := w.as("acc_owner")
	if a := owner.Get("/office/money"); !a.Has("34,548원을 벌었어요", "오늘 밤", "김○연") {
		t.Fatalf("%s", a.Body)
	}
	w.Clock.Set(midnightAfter(w.Clock.Now()).Add(15 * time.Minute))
	w.Work()
	list, err := report.Statements(w.Ctx, w.DB, shop, 0, 10)
	if err != nil || len(list) != 1 || list[0].Net != 34_548 || list[0].State != "issued" {
		t.Fatalf("%+v %v", list, err)
	}
	address := "/office/money/" + string(list[0].ID)
	if a := owner.Get("/office/money"); !a.Has(address, "34,548", "살펴봐 주세요", "빠진 번호 없음") {
		t.Fatalf("%s", a.Body)
	}
	a := owner.Get(address)
	if !a.Has("39,800원", "34,548원", "1번부터 2번까지", "모두 맞아요", `name="line"`, "김○연", "이○준") {
		t.Fatalf("%s", a.Body)
	}
	managerLooks(w, address)
	if a := w.as("acc_other").Get(address); a.Status != 404 {
		t.Errorf("a foreign statement: %d", a.Status)
	}
	if a := w.as("acc_other").Post(address, "act", "confirm"); a.Status != 404 {
		t.Errorf("a foreign confirmation: %d", a.Status)
	}
	if a := owner.Post(address, "act", "object", "reason", ""); a.Status != 422 || !a.Has("f-reason-error") {
		t.Errorf("no reason: %d", a.Status)
	}
	if a := owner.Post(address, "act", "object", "reason", "두 번 찍힌 것 같아요", "line", "lin_foreign"); a.Status < 400 {
		t.Errorf("a foreign line: %d", a.Status)
	}
	lines, err := report.LinesOf(w.Ctx, w.DB, list[0].ID, 0, 10)
	if err != nil || len(lines) != 2 {
		t.Fatalf("%+v %v", lines, err)
	}
	if a := owner.Post(address, "act", "object", "reason", "두 번 찍힌 것 같아요", "line", lines[0].ID); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := owner.Get(address); !a.Has("살펴보는 중", "가게: 두 번 찍힌 것 같아요") {
		t.Fatalf("%s", a.Body)
	}
	if a := owner.Post(address, "act", "confirm"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := owner.Get(address); !a.Has("맞다고 확인하셨어요") || a.Has("모두 맞아요") {
		t.Errorf("%s", a.Body)
	}
	file := owner.Get(address + "/lines.csv")
	if file.Status != 200 || strings.Count(file.Body, "\r\n") != 3 || !file.Has("17274") {
		t.Errorf("%q", file.Body)
	}
	if sheet := owner.Get(address + "/lines.xlsx"); sheet.Status != 200 || !strings.HasPrefix(sheet.Body, "PK") {
		t.Errorf("%d %.40q", sheet.Status, sheet.Body)
	}
}

// managerLooks reads an open statement as a manager: everything, and that only the owner answers.
func managerLooks(w *world, address string) {
	w.T.Helper()
	w.person("acc_manager", "정매니", "manager", shop)
	manager := w.as("acc_manager")
	if a := manager.Get(address); a.Status != 200 || !a.Has("사장님만 할 수 있어요") || a.Has(`name="line"`) {
		w.T.Errorf("a manager reads %d %s", a.Status, a.Body)
	}
	if a := manager.Post(address, "act", "confirm"); a.Status != 403 {
		w.T.Errorf("a manager's confirmation: %d", a.Status)
	}
}

func midnightAfter(now time.Time) time.Time {
	y, m, d := now.In(report.Zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, report.Zone)
}
