package e2e_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/e2e/camera"
)

// liveWithin is how soon a use must stand on everybody's page; nobody loads anything again for it.
const liveWithin = 2 * time.Second

// TestAUseStandsOnEverybodysPageAtOnce holds a voucher before a camera, and watches four screens.
func TestAUseStandsOnEverybodysPageAtOnce(t *testing.T) {
	w := begin(t)
	d, o := w.onSale(func(o *deal.Offer) { o.Threshold = 1 })
	_, v := w.buy(w.buyer, d, o)
	_, typed := w.buy(w.second, d, o)
	_, keyed := w.buy(w.third, d, o)
	w.work()
	held := camera.QR(t, w.Keys.Face(v.ID))
	held.Frames = 60 // two seconds before the camera, then put away for as long as makes it another guest's
	film := camera.Film(t, held, camera.Nothing(110))

	scanner := w.visitor(e2e.Options{CameraFile: film}).signIn("scanner")
	buyer, owner, operator := watchers(scanner, v)

	scanner.to("/counter/scan")
	seen := clock.System().Now()
	scanner.See("바로 쓸 수 있음", "손칼국수 두 그릇과 만두 한 접시", "이○봄 님", "첫 방문이에요", "더 받을 돈 없음")
	t.Logf("from opening the counter to a verdict: %v", clock.System().Now().Sub(seen).Round(time.Millisecond))
	scanner.stand("counter-look")
	moveTogether(t, func() { scanner.Click("썼습니다") }, map[string]glance{
		"counter": {scanner, "썼어요"}, "buyer": {buyer, "성수 본점에서 썼어요"},
		"owner": {owner, "+17,274"}, "operator": {operator, "이용권 1번을 썼어요"},
	})
	scanner.stand("counter-used")
	buyer.See("다녀와 주셔서 고마워요")
	buyer.stand("ticket-used")
	owner.See("17,274원", "1명이 썼고")
	owner.stand("board-used")
	operator.stand("console-used")

	scanAgain(scanner)
	moveTogether(t, func() { undo(scanner) }, map[string]glance{
		"buyer": {buyer, "가게에서 되돌렸어요"}, "owner": {owner, "쓰기를 되돌렸어요"},
		"operator": {operator, "쓴 것을 되돌렸어요"},
	})
	buyer.See("직원에게 보여 주세요")
	owner.See("오늘은 아직 쓴 손님이 없어요")

	till := w.visitor(e2e.Options{Width: 1440}).signIn("scanner") // a counter without a camera
	till.to("/counter/scan")
	till.Click("카메라 켜기")
	till.See("카메라를 쓸 수 없어요")
	useTyped(till, w.Keys.Code(typed.ID))
	useKeyed(till, w.Keys.Face(keyed.ID))
	usedWon(w, owner, operator)
}

// watchers open the pages that must move by themselves.
func watchers(scanner *person, v voucher.Voucher) (buyer, owner, operator *person) {
	buyer = scanner.beside(e2e.Options{}).signIn("buyer")
	buyer.to("/vouchers/" + string(v.ID))
	buyer.See("직원에게 보여 주세요")
	owner = scanner.beside(e2e.Options{Width: 1440}).signIn("owner")
	owner.to("/office")
	owner.See("59,700원", "오늘은 아직 쓴 손님이 없어요")
	operator = scanner.beside(e2e.Options{Width: 1440}).signIn("operator")
	operator.to("/admin")
	operator.See("59,700원")
	return buyer, owner, operator
}

// glance is what somebody must see on the page that is open.
type glance struct {
	who  *person
	text string
}

// moveTogether acts, and measures until when everybody sees it.
func moveTogether(t *testing.T, act func(), all map[string]glance) {
	t.Helper()
	for _, one := range all {
		one.who.NotSee(one.text)
		one.who.Evaluate("window.notLoadedAgain = true", nil)
	}
	began := clock.System().Now()
	act()
	var group sync.WaitGroup
	var mu sync.Mutex
	took := map[string]time.Duration{}
	for name, one := range all {
		group.Go(func() {
			one.who.See(one.text)
			mu.Lock()
			defer mu.Unlock()
			took[name] = clock.System().Now().Sub(began)
		})
	}
	group.Wait()
	for name, one := range all {
		var same bool
		one.who.Evaluate("window.notLoadedAgain === true", &same)
		if !same {
			t.Errorf("the page of the %s was loaded again", name)
		}
		t.Logf("%s saw %q after %v", name, one.text, took[name].Round(time.Millisecond))
		if took[name] > liveWithin {
			t.Errorf("the %s saw it after %v", name, took[name])
		}
	}
}

// scanAgain shows the same code once more: the answer says when and where it was used.
func scanAgain(scanner *person) {
	scanner.w.t.Helper()
	scanner.Click("다음 손님")
	scanner.See("이미 쓴 이용권이에요", "성수 본점에서 썼어요")
	scanner.stand("counter-again")
	scanner.Click("다음 손님")
}

func undo(scanner *person) {
	scanner.w.t.Helper()
	scanner.Evaluate(`document.querySelector("#today [data-undo] button").click()`, nil)
}

// useTyped types the number under a code, wrongly first.
func useTyped(scanner *person, code string) {
	scanner.w.t.Helper()
	scanner.Allow("status of 404")
	scanner.Fill("이용권 번호", "ABCD-1234-56C")
	scanner.Click("찾기")
	scanner.See("모르는 코드예요", "QR을 다시 비추거나")
	scanner.Click("다음 손님")
	scanner.Fill("이용권 번호", strings.ToLower(voucher.Grouped(code)))
	scanner.Click("찾기")
	scanner.See("정○름 님")
	scanner.Click("썼습니다")
	scanner.See("썼어요")
	scanner.Click("다음 손님")
}

// useKeyed reads a code with a scanner that types, as many counters have.
func useKeyed(scanner *person, face string) {
	scanner.w.t.Helper()
	scanner.Evaluate("document.activeElement?.blur()", nil)
	scanner.Scan(face)
	scanner.See("한○을 님")
	scanner.Click("썼습니다")
	scanner.See("썼어요")
	scanner.look("counter-day")
}

// usedWon reads what two uses earned from the pages and through the API.
func usedWon(w *world, owner, operator *person) {
	w.t.Helper()
	owner.See("34,548원", "2명이 썼고")
	operator.to("/admin/money")
	operator.See("54,448원", "1,059,700원", "1,005,252원 더 있어요") // owed: one voucher and two uses
	operator.look("console-money")
	var all struct {
		Balances struct{ Pending int64 }
	}
	w.api("owner").get("/statements", &all)
	if all.Balances.Pending != 34_548 {
		w.t.Errorf("the API says the shop earned %d won", all.Balances.Pending)
	}
}
