package counter_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/counter"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

const shop = market.MerchantID("mer_noodle")

// site is a world with the counter over it: an owner of two branches and a person who only scans at the first.
type site struct {
	*apptest.World
	door     *requesttest.Browser
	mux      *http.ServeMux
	branches []market.BranchID
	owner    market.Actor
	scanner  market.Actor
	vouchers []voucher.Voucher
}

func open(t *testing.T, change func(*deal.Offer)) *site {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	s := &site{World: apptest.New(t, d, tw.Clock), mux: http.NewServeMux()}
	s.branches = s.Shop(shop, "할매손칼국수", "성수 본점", "뚝섬점")
	s.Approve(shop)
	s.owner = s.Account(apptest.Owner(shop), "김순자")
	s.scanner = s.Account(apptest.Staff(shop, s.branches[0]), "이영수")
	names := []string{"김나영", "이솔", "박한별"}
	sale, option := s.OnSale(shop, change)
	for n := range 3 {
		paid := s.Buy(s.Account(apptest.Buyer(n+1), names[n]), sale, option, 1)
		list, err := voucher.OfOrder(s.Ctx, s.DB, paid.ID)
		s.Must(err)
		s.vouchers = append(s.vouchers, list...)
	}
	s.Work()
	frame := requesttest.Frame(t, d)
	counter.Routes(s.mux, counter.Deps{Frame: frame, Redeem: s.Redeem, Limits: s.Limits})
	s.door = requesttest.Open(t, frame, s.mux)
	return s
}

func (s *site) as(actor market.Actor) *requesttest.Browser {
	b := s.door.Another()
	b.SignIn(s.DB, actor.AccountID)
	return b
}

// script posts as the page's script does and gets a fragment.
func script(b *requesttest.Browser, path string, pairs ...string) requesttest.Answer {
	var body []string
	for i := 0; i+1 < len(pairs); i += 2 {
		body = append(body, pairs[i]+"="+strings.NewReplacer(" ", "+", "%", "%25", "+", "%2B").Replace(pairs[i+1]))
	}
	return b.Send(http.MethodPost, path, http.Header{"Hx-Request": {"true"},
		"Content-Type": {"application/x-www-form-urlencoded"}}, strings.NewReader(strings.Join(body, "&")))
}

func (s *site) face(n int) string { return s.Keys.Face(s.vouchers[n].ID) }

var nonceField = regexp.MustCompile(`name="nonce" value="([^"]+)"`)

func TestWithoutScriptATypedNumberIsSeenThenUsed(t *testing.T) {
	s := open(t, nil)
	b := s.as(s.scanner)
	if a := b.Get("/counter"); a.Status != 303 || a.Location != "/counter/scan" {
		t.Fatalf("one place needs no choice: %d %s", a.Status, a.Location)
	}
	page := b.Get("/counter/scan")
	if !page.Has("할매손칼국수 · 성수 본점", "이용권 번호", "아직 오늘 받은 이용권이 없어요", `action="/counter/look"`) ||
		!strings.Contains(page.Header.Get("Permissions-Policy"), "camera=(self)") ||
		!strings.Contains(page.Header.Get("Content-Security-Policy"), "wasm-unsafe-eval") {
		t.Fatalf("%d %v %s", page.Status, page.Header, page.Body)
	}
	code := strings.ToLower(voucher.Grouped(s.Keys.Code(s.vouchers[0].ID)))
	look := b.Post("/counter/look", "code", code)
	nonce := nonceField.FindStringSubmatch(look.Body)
	if look.Status != 200 || !look.Has("<html", "바로 쓸 수 있음", "김○영 님", "더 받을 돈 없음", "첫 방문이에요", "썼습니다") || nonce == nil {
		t.Fatalf("%d %s", look.Status, look.Body)
	}
	if look.Has("19,900", "17,2") {
		t.Error("a person who only scans sees money")
	}
	for range 2 { // sent twice, counted once
		used := b.Post("/counter/use", "code", code, "nonce", nonce[1])
		if used.Status != 303 || !strings.HasPrefix(used.Location, "/counter/scan?done=red_") {
			t.Fatalf("%d %s", used.Status, used.Body)
		}
		done := b.Get(used.Location)
		if !done.Has("썼어요", "오늘 1장 받았어요", "김○영", "되돌리기") || done.Has("17,2") {
			t.Errorf("%s", done.Body)
		}
	}
	again := b.Post("/counter/look", "code", code)
	if !again.Has("이미 쓴 이용권이에요", "성수 본점에서 썼어요", "같은 화면을 두 번") {
		t.Errorf("%s", again.Body)
	}
	refused := b.Post("/counter/use", "code", code, "nonce", "another-nonce")
	if refused.Status != http.StatusConflict || !refused.Has("이미 쓴 이용권이에요", "다음 손님") {
		t.Errorf("%d %s", refused.Status, refused.Body)
	}
	if next := b.Post("/counter/look", "code", s.face(1)); !next.Has("바로 쓸 수 있음", "이○ 님") {
		t.Errorf("a refusal stops the next guest: %s", next.Body)
	}
}

func TestAScriptGetsPartsAndTheOwnerSeesTheWon(t *testing.T) {
	s := open(t, nil)
	b := s.as(s.owner)
	if a := b.Get("/counter"); !a.Has("어느 곳에서 받을까요?", "성수 본점", "뚝섬점") {
		t.Fatalf("%s", a.Body)
	}
	if a := b.Post("/counter/place", "place", "mer_other|"); a.Status != 303 || a.Location != "/counter?change=1" {
		t.Errorf("a foreign place: %d %s", a.Status, a.Location)
	}
	b.Post("/counter/place", "place", string(shop)+"|"+string(s.branches[1]))
	look := script(b, "/counter/look", "code", s.face(0))
	if look.Status != 200 || look.Has("<html") || !look.Has(`data-kind="usable"`) {
		t.Fatalf("%d %s", look.Status, look.Body)
	}
	used := script(b, "/counter/use", "code", s.face(0), "units", "1", "nonce", "11111111-2222")
	if used.Status != 200 || used.Has("<html") || !used.Has(`data-kind="done"`, "벌었어요") {
		t.Fatalf("%d %s", used.Status, used.Body)
	}
	if a := script(b, "/counter/use", "code", s.face(0), "units", "1", "nonce", "11111111-2222"); a.Status != 200 ||
		!a.Has("방금 그대로 처리돼 있어요") {
		t.Errorf("the same nonce: %d %s", a.Status, a.Body)
	}
	if a := script(b, "/counter/use", "code", s.face(1), "units", "1", "nonce", "11111111-2222"); a.Status != 409 {
		t.Errorf("the same nonce with another voucher: %d %s", a.Status, a.Body)
	}
	today := b.Send(http.MethodGet, "/counter/today", http.Header{"Hx-Request": {"true"}}, nil)
	id := regexp.MustCompile(`name="redemption" value="([^"]+)"`).FindStringSubmatch(today.Body)
	if today.Has("<html") || !today.Has("오늘 1장 받았어요", "오늘 번 돈") || id == nil {
		t.Fatalf("%s", today.Body)
	}
	undone := script(b, "/counter/undo", "redemption", id[1])
	if undone.Status != 200 || !undone.Has(`data-kind="undone"`, "되돌렸어요") {
		t.Errorf("%d %s", undone.Status, undone.Body)
	}
	if a := script(b, "/counter/look", "code", s.face(0)); !a.Has(`data-kind="usable"`) {
		t.Errorf("after the undo: %s", a.Body)
	}
	late := script(b, "/counter/use", "code", s.face(1), "nonce", "22222222-2222")
	id = regexp.MustCompile(`name="redemption" value="([^"]+)"`).FindStringSubmatch(late.Body)
	s.Clock.Advance(25 * time.Hour)
	if a := script(b, "/counter/undo", "redemption", id[1]); a.Status != 409 || !a.Has("되돌릴 수 있는 시간이 지났어요") {
		t.Errorf("a day later: %d %s", a.Status, a.Body)
	}
}

func TestStrangersFindNoCounter(t *testing.T) {
	s := open(t, nil)
	s.Shop("mer_other", "다른 가게", "지점")
	other := s.Account(apptest.Owner("mer_other"), "다른 주인")
	b := s.as(s.scanner)
	used := script(b, "/counter/use", "code", s.face(0), "nonce", "11111111-2222")
	id := regexp.MustCompile(`name="redemption" value="([^"]+)"`).FindStringSubmatch(used.Body)
	if used.Has("벌었어요") {
		t.Error("a person who only scans hears what was earned")
	}
	stranger := s.as(other)
	if a := script(stranger, "/counter/look", "code", s.face(1)); !a.Has("다른 가게의 이용권이에요") || a.Has("손칼국수 두 그릇") {
		t.Errorf("another shop: %s", a.Body)
	}
	if a := script(stranger, "/counter/look", "code", s.Keys.Code(s.vouchers[1].ID)); a.Status != 404 ||
		!a.Has("모르는 코드예요") {
		t.Errorf("a short code of another shop: %d %s", a.Status, a.Body)
	}
	if a := script(stranger, "/counter/undo", "redemption", id[1]); a.Status != 404 {
		t.Errorf("undo of another shop: %d", a.Status)
	}
	if a := stranger.Get("/counter/scan?done=" + id[1]); a.Status != 404 {
		t.Errorf("use of another shop: %d", a.Status)
	}
	buyer := s.as(apptest.Buyer(1))
	if a := buyer.Get("/counter"); !a.Has("받을 수 있는 가게가 없어요") {
		t.Errorf("buyer: %s", a.Body)
	}
	if a := buyer.Get("/counter/scan"); a.Status != 303 || a.Location != "/counter" {
		t.Errorf("buyer: %d %s", a.Status, a.Location)
	}
	if a := script(buyer, "/counter/use", "code", s.face(1), "nonce", "33333333-3"); a.Status < 400 {
		t.Errorf("buyer uses: %d %s", a.Status, a.Body)
	}
	if a := s.door.Another().Get("/counter/scan"); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin") {
		t.Errorf("guest: %d %s", a.Status, a.Location)
	}
}

func TestJunkIsAnsweredPurelyAndGuessingIsSlowed(t *testing.T) {
	s := open(t, nil)
	b := s.as(s.scanner)
	for _, junk := range []string{"", " ", strings.Repeat("A", 4096), strings.Repeat("V", 9000), "https://example.com/",
		"한글", "V1" + strings.Repeat("0", 26), strings.Repeat(":", 158)} {
		if a := script(b, "/counter/look", "code", junk); a.Status != 404 && a.Status != 429 ||
			!a.Has(`data-kind="refused"`) {
			t.Errorf("%.20q: %d %s", junk, a.Status, a.Body)
		}
	}
	slowed := false
	for range 12 {
		slowed = slowed || script(b, "/counter/look", "code", "ABCD12345AB").Status == 429
	}
	if !slowed {
		t.Error("twelve typed numbers in one minute were all looked up")
	}
	if a := script(b, "/counter/look", "code", s.face(0)); !a.Has(`data-kind="usable"`) {
		t.Errorf("guessing stops the camera: %s", a.Body)
	}
	s.Clock.Advance(time.Minute)
	if a := script(b, "/counter/look", "code", s.Keys.Code(s.vouchers[0].ID)); !a.Has(`data-kind="usable"`) {
		t.Errorf("after a minute: %s", a.Body)
	}
}

func TestManyUsesAndTheOfflineFace(t *testing.T) {
	s := open(t, func(o *deal.Offer) { o.Options[0].Uses = 10 })
	b := s.as(s.scanner)
	v, err := voucher.Find(s.Ctx, s.DB, s.vouchers[0].ID)
	s.Must(err)
	faceB, err := s.Keys.FaceB(v, s.Clock.Now())
	s.Must(err)
	if a := script(b, "/counter/look", "code", faceB); !a.Has(`data-kind="usable"`, "10번 가운데 10번 남음", `name="units"`) {
		t.Fatalf("%s", a.Body)
	}
	if a := script(b, "/counter/use", "code", faceB, "units", "4", "nonce", "44444444-4"); !a.Has("앞으로 6번 더") {
		t.Errorf("%s", a.Body)
	}
	if a := script(b, "/counter/use", "code", s.face(0), "units", "7", "nonce", "55555555-5"); a.Status != 409 ||
		!a.Has("남은 횟수가 6번이에요", "줄여서") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for _, bad := range []string{"0", "-1", "x", "1001"} {
		if a := script(b, "/counter/use", "code", s.face(0), "units", bad, "nonce", "66666666-6"); a.Status < 400 {
			t.Errorf("units %q: %d", bad, a.Status)
		}
	}
	if a := script(b, "/counter/use", "code", s.face(0), "units", "1"); a.Status != 422 {
		t.Errorf("without a nonce: %d %s", a.Status, a.Body)
	}
}
