package counter_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/e2e/camera"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// line is the way between browser and server: it can lose requests, or answers to what was done.
type line struct {
	next        http.Handler
	loseAnswers atomic.Int64 // so many answers of /counter/use get lost after the work is done
	down        atomic.Bool
}

func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.down.Load() {
		panic(http.ErrAbortHandler)
	}
	if r.URL.Path == "/counter/use" && l.loseAnswers.Add(-1) >= 0 {
		l.next.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	}
	l.next.ServeHTTP(w, r)
}

// inBrowser puts the site behind a line and gives a window in which the actor is signed in.
func (s *site) inBrowser(t *testing.T, actor market.Actor, options e2e.Options) (*e2e.Page, *line, string) {
	t.Helper()
	way := &line{next: s.mux}
	mux := http.NewServeMux()
	mux.Handle("GET "+asset.Prefix, asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	mux.Handle("/", way)
	frame := requesttest.Frame(t, s.DB)
	address := requesttest.Open(t, frame, mux).Address()
	var session string
	s.Must(s.DB.Write(s.Ctx, func(tx *db.Tx) error {
		a, err := account.Find(s.Ctx, tx, actor.AccountID)
		if err == nil {
			session, err = account.Open(s.Ctx, tx, a, "browser", "127.0.0.1")
		}
		return err
	}))
	p := e2e.Browser(t, options)
	p.Allow("/live")   // no stream behind these pages
	p.Allow("/signin") // nor a sign-in page
	p.Allow("404")
	p.Goto(address + "/counter")
	var status int
	p.Evaluate(fmt.Sprintf(`fetch("/requesttest/enter", {method: "POST", redirect: "manual",
		headers: {"Requesttest-Session": %q}}).then((a) => a.status)`, session), &status)
	return p, way, address
}

func (s *site) used(n int) int64 {
	s.T.Helper()
	v, err := voucher.Find(s.Ctx, s.DB, s.vouchers[n].ID)
	s.Must(err)
	return v.UnitsUsed
}

func TestTheCameraReadsAVoucherAndOneTapUsesIt(t *testing.T) {
	s := open(t, nil)
	film := camera.Film(t, camera.Nothing(15), camera.QR(t, "https://example.com/menu"), camera.QR(t, s.face(0)))
	p, _, address := s.inBrowser(t, s.scanner, e2e.Options{CameraFile: film})
	p.Goto(address + "/counter/scan")
	p.See("바로 쓸 수 있음", "김○영 님", "썼습니다")
	p.Accessible()
	p.Screenshot("camera-usable")
	if s.used(0) != 0 {
		t.Fatal("a look used the voucher")
	}
	p.Click("썼습니다")
	p.See("썼어요", "오늘 1장 받았어요")
	p.Screenshot("camera-done")
	if s.used(0) != 1 {
		t.Error("the tap did not use it")
	}
	var on bool
	p.Evaluate(`document.querySelector("[data-video]").srcObject !== null`, &on)
	if !on {
		t.Error("the camera is off while the page is looked at")
	}
	p.Evaluate(`Object.defineProperty(document, "hidden", {value: true, configurable: true});
		document.dispatchEvent(new Event("visibilitychange"));
		document.querySelector("[data-video]").srcObject !== null`, &on)
	if on {
		t.Error("the camera is on while nobody looks")
	}
}

func TestALostAnswerIsAmberAndCountedOnce(t *testing.T) {
	s := open(t, func(o *deal.Offer) { o.Options[0].Uses = 10 })
	p, way, address := s.inBrowser(t, s.owner, e2e.Options{})
	p.Allow("ERR_EMPTY_RESPONSE")
	p.Goto(address + "/counter")
	p.Click("할매손칼국수 · 성수 본점")
	p.Click("이용권 받기")
	p.Fill("이용권 번호", voucher.Grouped(s.Keys.Code(s.vouchers[0].ID)))
	p.Click("찾기")
	p.See("10번 가운데 10번 남음")
	way.loseAnswers.Store(8) // a browser itself asks up to three times on lines it had kept open
	p.Click("썼습니다")
	p.See("확인하는 중")
	p.Screenshot("checking")
	p.See("썼어요", "벌었어요")
	if got := s.used(0); got != 1 {
		t.Errorf("used %d times", got)
	}
	p.Click("다음 손님")

	// The line goes for longer than a guest waits: amber, the next guest first, and the answer later.
	p.Fill("이용권 번호", voucher.Grouped(s.Keys.Code(s.vouchers[1].ID)))
	p.Click("찾기")
	p.See("이○ 님")
	way.loseAnswers.Store(1000)
	p.Click("썼습니다")
	p.See("아직 답이 없어요")
	p.Accessible()
	p.Screenshot("unanswered")
	if text := p.Text(); text == "" || s.used(1) != 1 {
		t.Errorf("used %d times: %s", s.used(1), text)
	}
	way.loseAnswers.Store(0)
	p.Click("다시 물어보기")
	p.See("방금 그대로 처리돼 있어요")
	if got := s.used(1); got != 1 {
		t.Errorf("asked again it was used %d times", got)
	}
	var left int
	p.Evaluate(`JSON.parse(localStorage.getItem("dure-uses") ?? "[]").length`, &left)
	if left != 0 {
		t.Errorf("%d uses still wait for an answer", left)
	}
}

func TestAHardwareScannerIsHeardAnywhere(t *testing.T) {
	s := open(t, nil)
	p, _, address := s.inBrowser(t, s.scanner, e2e.Options{Width: 1440})
	p.Goto(address + "/counter/scan")
	p.See("이용권 번호")
	// A Korean keyboard turns letters into Hangul; their places stay.
	p.Evaluate(fmt.Sprintf(`for (const c of %q) document.body.dispatchEvent(new KeyboardEvent("keydown", {bubbles: true,
		key: /[0-9]/.test(c) ? c : "ㅁ", code: /[0-9]/.test(c) ? "Digit" + c : "Key" + c}));
		document.body.dispatchEvent(new KeyboardEvent("keydown", {bubbles: true, key: "Enter", code: "Enter"}))`,
		s.face(2)), nil)
	p.See("박○별 님", "썼습니다")
	p.Click("썼습니다")
	p.See("오늘 1장 받았어요")
	p.Click("되돌리기")
	p.See("되돌렸어요")
	if got := s.used(2); got != 0 {
		t.Errorf("used %d after the undo", got)
	}
}
