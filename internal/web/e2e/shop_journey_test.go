package e2e_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/web/admin"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/office"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/signin"
	"github.com/dure-commerce/dure/internal/web/storefront"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// site is the doors, the office, the operator's shops and the shops' pages over one database.
type site struct {
	t       *testing.T
	address string
	s       *signup.Signup
	queue   *queue.Queue
}

func openSite(t *testing.T) *site {
	t.Helper()
	d, _ := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	f.Demo = true
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	f.Base = server.URL
	media, box := &blob.Memory{}, mail.NewBox(d)
	post := letter.Post{Mailer: box, Words: f.Bundle, Base: f.Base, DB: d}
	w := &site{t: t, address: server.URL, queue: queue.New(d, queue.Options{Node: "a"})}
	w.s = signup.New(signup.Deps{
		DB: d, Hasher: account.NewHasher(d.IDs(), account.Cost{MemoryKiB: 64, Passes: 1, Threads: 1}, 2),
		Limits: limit.NewCounter(d), Post: post, Demo: true,
	})
	e := enroll.New(enroll.Deps{
		DB: d, Post: post, Maker: picture.NewMaker(picture.Limits{}), Media: media,
		Search:   search.New(d.Engine(), "merchant"),
		BankWait: func(time.Time) time.Duration { return 72 * time.Hour },
	})
	for kind, handle := range map[string]queue.Handler{
		letter.Kind: post.Deliver, signup.KindGreet: w.s.Greet, enroll.KindInvite: e.MailInvitation,
	} {
		w.queue.Handle(kind, queue.Policy{}, handle)
	}
	w.seed(d)
	signin.Routes(mux, signin.Deps{Frame: f, Signup: w.s, Box: box})
	office.Routes(mux, office.Deps{Frame: f, DB: d, Enroll: e})
	admin.Routes(mux, admin.Deps{Frame: f, DB: d, Enroll: e})
	storefront.MerchantRoutes(mux, storefront.Deps{Frame: f, DB: d}, e)
	mux.Handle("GET /assets/", asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	mux.Handle("GET "+photo.Prefix, photo.Handler(media))
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.Handle("/", f.Missing())
	return w
}

func (w *site) seed(d *db.DB) {
	w.t.Helper()
	if _, err := load.New(d).Seed(w.t.Context(), market.System()); err != nil {
		w.t.Fatal(err)
	}
}

// work runs the queue dry.
func (w *site) work() {
	w.t.Helper()
	for {
		worked, err := w.queue.RunOnce(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		if !worked {
			return
		}
	}
}

// photograph writes a picture file with a gradient, as a camera's would be.
func photograph(t *testing.T) string {
	t.Helper()
	frame := image.NewRGBA(image.Rect(0, 0, 1200, 800))
	for y := range 800 {
		for x := range 1200 {
			frame.Set(x, y, color.RGBA{uint8(200 - x/12), uint8(120 + y/10), 90, 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, frame, nil); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "shop.jpg")
	if err := os.WriteFile(name, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// look takes a picture and holds the page to what every page must keep.
func look(p *e2e.Page, name string) {
	p.Screenshot(name)
	p.Accessible()
	p.NoSideways()
}

const ownerPassword = "우리동네 국수집 할머니"

// TestAShopIsRegisteredAndApproved walks from a stranger to a shop's public page, in the pages alone.
func TestAShopIsRegisteredAndApproved(t *testing.T) {
	w := openSite(t)
	p := e2e.Browser(t, e2e.Options{})
	p.Allow("Failed to load resource") // refused forms answer 422, and the browser notes it
	signUp(w, p)
	register(w, p)
	approve(w, p)
}

func signUp(w *site, p *e2e.Page) {
	p.Goto(w.address + "/signup?next=/office/new")
	look(p, "signup")
	p.Fill("이메일", "kim@example")
	p.Fill("부를 이름", "김두레")
	p.Fill("비밀번호", "12345678")
	p.Click("확인 메일 받기")
	p.See("2곳을 고쳐 주세요", "쉽게 뚫려요")
	look(p, "signup-refused")
	p.Fill("이메일", "kim@example.com")
	p.Fill("비밀번호", ownerPassword)
	p.Click("확인 메일 받기")
	p.See("메일함을 열어 주세요")
	look(p, "signup-sent")
	w.work()
	p.Goto(w.address + "/outbox")
	look(p, "outbox")
	p.Click("김두레님, 이 이메일이 맞는지")
	p.See("가입 마치기")
	look(p, "outbox-mail")
	p.Click(w.address + "/signup/confirm")
	p.See("이 이메일이 맞나요?")
	look(p, "signup-confirm")
	p.Click("가입 마치기")
}

func register(w *site, p *e2e.Page) {
	p.See("우리 동네 가게로 등록해요")
	look(p, "enroll-begin")
	p.Fill("상호", "두레 국수")
	p.Click("시작하기")
	p.See("5가지 남았어요")
	look(p, "enroll-steps")

	p.Click("사업자 정보")
	p.See("누가 하는 가게인가요?")
	p.Fill("사업자등록번호", "123-45-67890")
	p.Fill("대표자", "김두레")
	p.Fill("가게 전화번호", "02-123-4567")
	p.Fill("이메일", "shop@example.com")
	p.Click("저장")
	p.See("사업자등록번호 열 자리를 다시 봐 주세요")
	look(p, "enroll-business-refused")
	p.Fill("사업자등록번호", "124-81-00998")
	p.Click("저장")
	p.See("4가지 남았어요")

	p.Click("지점과 여는 때")
	p.See("어디에, 언제 열려 있나요?")
	p.Fill("주소", "서울 마포구 연남로 1")
	p.Fill("동네", "중구")
	p.Fill("월요일 여는 때", "11:00")
	p.Fill("월요일 닫는 때", "21:00")
	p.Click("모든 요일을 월요일과 같게")
	p.Until("the times to be copied", func() bool {
		var value string
		p.Evaluate(`document.querySelector("[name=h3_close]")?.value ?? ""`, &value)
		return value == "21:00"
	})
	p.Click("저장")
	p.See("어느 중구인가요?")
	look(p, "enroll-place-which")
	p.Fill("동네", "마포구")
	p.Click("저장")
	p.See("3가지 남았어요")

	p.Click("가게 이야기")
	p.See("어떤 가게인가요?")
	p.Choose("분야", "먹거리 › 한식")
	p.Fill("가게 이야기", "서른 해 동안 국수만 삶았어요. 육수는 새벽 네 시에 올립니다.")
	p.Click("우리 가게 색 쓰기")
	look(p, "enroll-story")
	p.Click("저장")
	p.See("2가지 남았어요")

	p.Click("사진")
	p.See("가게의 얼굴을")
	p.Upload("사진 올리기", photograph(w.t))
	p.Click("올리기")
	p.See("대표 사진")
	look(p, "enroll-photos")
	p.Click("가게로 돌아가기")

	p.Click("정산 계좌")
	p.See("어디로 보내 드릴까요?")
	p.Choose("은행", "KB국민은행")
	p.Fill("계좌번호", "123-456-789012")
	p.Fill("예금주", "김두레")
	look(p, "enroll-bank")
	p.Click("저장")
	p.See("이제 낼 수 있어요")
	look(p, "enroll-ready")
	p.Click("등록 내기")
	p.See("살펴보고 있어요")
	look(p, "enroll-submitted")
}

func approve(w *site, owner *e2e.Page) {
	secret, err := w.s.PrepareSetup(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	staff := owner.Another(e2e.Options{Width: 1440, Height: 900})
	staff.Allow("Failed to load resource")
	staff.Goto(w.address + "/setup?t=" + secret)
	staff.Fill("이메일", "admin@example.com")
	staff.Fill("부를 이름", "운영자")
	staff.Fill("비밀번호", ownerPassword)
	staff.Click("관리자 계정 만들기")
	staff.Until("the sign-in", func() bool { return staff.URL() == w.address+"/admin" })
	staff.Goto(w.address + "/admin/merchants")
	staff.See("심사를 기다리는 가게 1곳")
	look(staff, "admin-shops")
	staff.Click("두레 국수")
	staff.See("124-81-00998", "서울 마포구 연남로 1", "새벽 네 시")
	look(staff, "admin-shop")
	staff.Fill("고칠 것", "음")
	staff.Click("고쳐 달라고 하기")
	staff.See("5자에서 1000자")
	staff.Click("승인하기")
	staff.See("승인했어요")
	w.work()

	owner.Goto(w.address + "/office/shop")
	owner.See("함께 일하는 사람")
	look(owner, "office-shop")
	owner.Click("함께 일하는 사람")
	owner.See("1명이 함께 일해요")
	look(owner, "office-people")
	owner.Goto(w.address + "/m/두레-국수")
	owner.See("두레 국수", "새벽 네 시", "단골 맺기")
	look(owner, "shop-page")
	owner.Click("단골 맺기")
	owner.See("이제 두레 국수 단골이에요", "단골 1명")
	owner.Goto(w.address + "/account")
	owner.See("지금 이 기기")
	look(owner, "account")
	owner.Goto(w.address + "/me")
	look(owner, "me")
	for _, mode := range []e2e.Options{{Dark: true}, {Width: 1440, Height: 900}, {Width: 1440, Height: 900, Dark: true}} {
		guest := owner.Another(mode)
		name := "shop-page-wide"
		if mode.Width == 0 {
			name = "shop-page"
		}
		if mode.Dark {
			name += "-dark"
		}
		guest.Goto(w.address + "/m/두레-국수")
		look(guest, name)
	}
}
