package signin_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/signin"
)

const (
	address  = "kim@example.com"
	password = "우리동네 국수집 할머니"
)

type world struct {
	*requesttest.Browser
	t     *testing.T
	d     *db.DB
	w     *dbtest.World
	s     *signup.Signup
	queue *queue.Queue
}

// open serves the doors over SQLite; demo opens those of the demonstration too.
func open(t *testing.T, demo bool) *world {
	t.Helper()
	d, w := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	f.Demo, f.Base = demo, "https://dure.example"
	box := mail.NewBox(d)
	s := signup.New(signup.Deps{
		DB: d, Hasher: account.NewHasher(d.IDs(), account.Cost{MemoryKiB: 64, Passes: 1, Threads: 1}, 2),
		Limits: limit.NewCounter(d), Post: letter.Post{Mailer: box, Words: f.Bundle, Base: f.Base, DB: d}, Demo: demo,
	})
	q := queue.New(d, queue.Options{Node: "a"})
	q.Handle(letter.Kind, queue.Policy{}, s.Post.Deliver)
	q.Handle(signup.KindGreet, queue.Policy{}, s.Greet)
	q.Handle(signup.KindReset, queue.Policy{}, s.MailReset)
	mux := http.NewServeMux()
	world := &world{t: t, d: d, w: w, s: s, queue: q}
	signin.Routes(mux, signin.Deps{Frame: f, Signup: s, Box: box})
	mux.Handle("/", f.Missing())
	world.Browser = requesttest.Open(t, f, mux)
	return world
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) see(a requesttest.Answer, status int, texts ...string) {
	w.t.Helper()
	if a.Status != status || !a.Has(texts...) {
		w.t.Fatalf("%d (to %s), want %d with %q in:\n%s", a.Status, a.Location, status, texts, visible(a.Body))
	}
}

var (
	tags  = regexp.MustCompile(`(?s)<(script|style|svg).*?</(script|style|svg)>|<[^>]*>`)
	blank = regexp.MustCompile(`\s+`)
)

func visible(page string) string {
	return blank.ReplaceAllString(tags.ReplaceAllString(page, " "), " ")
}

func (w *world) leads(a requesttest.Answer, to string) {
	w.t.Helper()
	if a.Status != http.StatusSeeOther || a.Location != to {
		w.t.Fatalf("%d to %s, want to %s:\n%s", a.Status, a.Location, to, visible(a.Body))
	}
}

// link runs the queue and gives the local address of the newest mail's link.
func (w *world) link() string {
	w.t.Helper()
	for {
		worked, err := w.queue.RunOnce(w.t.Context())
		w.must(err)
		if !worked {
			break
		}
	}
	mails, err := mail.NewBox(w.d).Newest(w.t.Context(), 1)
	if err != nil || len(mails) == 0 {
		w.t.Fatalf("no mail, %v", err)
	}
	found := regexp.MustCompile(`https://dure.example(/\S+)`).FindStringSubmatch(mails[0].Text)
	if found == nil {
		w.t.Fatalf("no link in %s", mails[0].Text)
	}
	return found[1]
}

func secret(link string) string {
	parsed, _ := url.Parse(link)
	return parsed.Query().Get("t")
}

// member signs somebody up with the pages and leaves them signed in.
func (w *world) member() {
	w.t.Helper()
	w.leads(w.Post("/signup", "email", address, "name", "김이웃", "password", password), "/signup/sent")
	link := w.link()
	w.see(w.Get(link), 200, address)
	w.leads(w.Post("/signup/confirm", "t", secret(link)), "/")
}

func TestSignUpInOneBrowser(t *testing.T) {
	w := open(t, false)
	w.see(w.Get("/signup?next=/vouchers"), 200, "이메일 하나면 돼요", `name="next" value="/vouchers"`)
	w.leads(w.Post("/signup", "email", "Kim@Example.com", "name", "김이웃", "password", password, "next", "/vouchers"),
		"/signup/sent")
	w.see(w.Get("/signup/sent"), 200, "Kim@Example.com", "메일함을 열어")
	link := w.link()
	page := w.Get(link)
	w.see(page, 200, "Kim@example.com", "가입 마치기")
	if page.Has(`name="password"`) || !page.Has("noindex") {
		t.Error("the browser that signed up is asked for the password again")
	}
	if again := w.Get(link); again.Status != 200 {
		t.Errorf("looking at a link used it up: %d", again.Status)
	}
	w.leads(w.Post("/signup/confirm", "t", secret(link)), "/vouchers")
	w.see(w.Get("/me"), 200, "김이웃님", "가입을 마쳤어요")
	w.see(w.Get(link), http.StatusGone, "더 쓸 수 없어요")
	w.leads(w.Get("/signin"), "/me")
}

func TestSignUpConfirmedOnThePhone(t *testing.T) {
	w := open(t, false)
	w.leads(w.Post("/signup", "email", address, "name", "김이웃", "password", password), "/signup/sent")
	link := w.link()
	phone := w.Another()
	w.see(phone.Get(link), 200, "가입할 때 정한 비밀번호")
	w.see(phone.Post("/signup/confirm", "t", secret(link), "password", "아닌데요"), 422, "지금 비밀번호가 맞지 않아요", address)
	w.leads(phone.Post("/signup/confirm", "t", secret(link), "password", password), "/")
	w.see(phone.Get("/me"), 200, "김이웃님")
	w.see(w.Get("/me"), 200, "로그인하지 않았어요")
}

func TestEveryFaultIsToldBesideItsField(t *testing.T) {
	w := open(t, false)
	a := w.Post("/signup", "email", "kim", "name", "", "password", "1234")
	w.see(a, 422, `id="f-email-error"`, `id="f-name-error"`, `id="f-password-error"`, "3곳을 고쳐 주세요", `value="kim"`)
	if a.Has("1234") {
		t.Error("the password is shown again")
	}
	for _, bad := range []string{
		"<script>alert(1)</script>", "\u202ekim", strings.Repeat("가", 2000), "' OR 1=1 --", "🍜@국수", "kim@example.com\r\nX: y",
	} {
		a := w.Post("/signup", "email", bad, "name", bad, "password", password)
		if a.Status != 422 || a.Has("<script>alert") {
			t.Errorf("%.20q: %d", bad, a.Status)
		}
	}
	if a := w.Post("/signup", "email", "kim\x00@example.com"); a.Status != 422 {
		t.Errorf("nul: %d", a.Status)
	}
	w.see(w.Post("/signin", "email", "x", "password", "y"), 422, "이메일 주소를 다시 봐 주세요")
}

// TestAnswersAlike compares whole pages: an address with an account and one without must read the same.
func TestAnswersAlike(t *testing.T) {
	w := open(t, false)
	w.member()
	stranger := "lee@example.com"
	for _, c := range []struct {
		address string
		pairs   []string
		then    string
	}{
		{"/signup", []string{"name", "이이웃", "password", password}, "/signup/sent"},
		{"/forgot", nil, "/forgot/sent"},
		{"/signin", []string{"password", "아니에요 아니에요"}, ""},
	} {
		answer := func(email string) string {
			b := w.Another()
			a := b.Post(c.address, append([]string{"email", email}, c.pairs...)...)
			text := visible(a.Body) + a.Location + a.Header.Get("Content-Type") + http.StatusText(a.Status)
			if c.then != "" {
				text += visible(b.Get(c.then).Body)
			}
			return strings.ReplaceAll(text, email, "…")
		}
		if known, unknown := answer(address), answer(stranger); known != unknown {
			t.Errorf("%s\n%s\n%s", c.address, known, unknown)
		}
	}
}

func TestGuessingIsRefusedKindly(t *testing.T) {
	w := open(t, false)
	w.member()
	b := w.Another()
	for range 5 {
		w.see(b.Post("/signin", "email", address, "password", "아니에요 아니에요"), 401, "맞지 않아요")
	}
	w.see(b.Post("/signin", "email", address, "password", password), 429)
}

func TestForgottenPassword(t *testing.T) {
	w := open(t, false)
	w.member()
	other := w.Another()
	w.leads(other.Post("/forgot", "email", address), "/forgot/sent")
	link := w.link()
	w.see(other.Get(link), 200, "새 비밀번호를 정해")
	w.see(other.Post("/reset", "t", secret(link), "password", "12345678"), 422, "쉽게 뚫려요", secret(link))
	w.leads(other.Post("/reset", "t", secret(link), "password", "새로운 국수집 할머니"), "/me")
	w.see(other.Get("/me"), 200, "김이웃님", "비밀번호를 바꿨어요")
	w.see(w.Get("/me"), 200, "로그인하지 않았어요")
	w.see(other.Post("/reset", "t", secret(link), "password", "또 다른 할머니 국수"), http.StatusGone, "새 링크 받기")
	w.see(other.Get("/reset?t="), http.StatusGone)
}

func TestSignInComesBackAndOut(t *testing.T) {
	w := open(t, false)
	w.member()
	b := w.Another()
	w.leads(b.Get("/account"), "/signin?next="+url.QueryEscape("/account"))
	w.see(b.Get("/signin?next=https://evil.example"), 200, "다시 오셨네요")
	w.leads(b.Post("/signin", "email", address, "password", password, "next", "//evil.example"), "/")
	w.leads(b.Post("/signout"), "/")
	w.see(b.Get("/me"), 200, "로그인하지 않았어요")
	w.leads(b.Post("/signin", "email", address, "password", password, "next", "/account"), "/account")
	w.leads(b.Post("/signout"), "/")
	w.leads(b.Post("/signout"), "/") // twice, as an impatient finger does
}

func TestAccountPage(t *testing.T) {
	w := open(t, false)
	w.member()
	phone := w.Another()
	agent := http.Header{
		"User-Agent":   {"Mozilla/5.0 (Linux; Android 16) Chrome/150.0"},
		"Content-Type": {"application/x-www-form-urlencoded"},
	}
	body := url.Values{"email": {address}, "password": {password}}.Encode()
	w.leads(phone.Send(http.MethodPost, "/signin", agent, strings.NewReader(body)), "/")
	page := w.Get("/account")
	w.see(page, 200, "김이웃", address, "지금 이 기기", "Android · Chrome", "다른 기기 모두 로그아웃")

	w.see(w.Post("/account/profile", "name", "", "locale", "fr"), 422, `id="f-name-error"`)
	w.leads(w.Post("/account/profile", "name", "김단골", "locale", "ko"), "/account")
	w.see(w.Get("/account"), 200, "김단골", "저장했어요")

	w.see(w.Post("/account/password", "old", "아니에요", "password", "새로운 국수집 할머니"), 422, `id="f-old-error"`)
	w.leads(w.Post("/account/password", "old", password, "password", "새로운 국수집 할머니"), "/account")
	w.leads(phone.Get("/account"), "/signin?next=%2Faccount")
	w.see(w.Get("/account"), 200, "비밀번호를 바꿨고")

	w.see(w.Post("/account/tokens", "label", "", "days", "7", "password", "새로운 국수집 할머니"), 422, `id="f-token-label-error"`)
	made := w.Post("/account/tokens", "label", "1번 계산대", "days", "30", "password", "새로운 국수집 할머니")
	w.see(made, 200, "1번 계산대", "dure_")
	if again := w.Get("/account"); again.Has("dure_") || !again.Has("1번 계산대") {
		t.Error("a token is shown a second time, or not listed")
	}
	id := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(made.Body)[1]
	w.leads(w.Post("/account/tokens/revoke", "token", id), "/account#tokens")
	w.see(w.Post("/account/tokens/revoke", "token", "tok_foreign"), 404)
	w.see(w.Post("/account/sessions/end", "session", "ses_foreign"), 404)
}

func TestDevicesEndOneByOneAndTogether(t *testing.T) {
	w := open(t, false)
	w.member()
	phone := w.Another()
	signIn := func() {
		w.leads(phone.Post("/signin", "email", address, "password", password), "/")
	}
	signIn()
	ids := regexp.MustCompile(`name="session" value="([^"]+)"`).FindAllStringSubmatch(phone.Get("/account").Body, -1)
	if len(ids) != 2 {
		t.Fatalf("%d devices", len(ids))
	}
	w.leads(w.Post("/account/sessions/end", "session", ids[0][1]), "/account#sessions")
	w.leads(phone.Get("/account"), "/signin?next=%2Faccount")
	signIn()
	w.leads(w.Post("/account/sessions/end-others"), "/account#sessions")
	w.leads(phone.Get("/account"), "/signin?next=%2Faccount")
	w.see(w.Get("/account"), 200, "모두 로그아웃했어요")
}

func TestFirstSetup(t *testing.T) {
	w := open(t, false)
	secret, err := w.s.PrepareSetup(t.Context())
	w.must(err)
	w.see(w.Get("/setup?t="+secret), 200, "첫 관리자")
	w.see(w.Post("/setup", "t", secret, "email", "x", "name", "운영자", "password", password), 422,
		`id="f-email-error"`, secret)
	w.leads(w.Post("/setup", "t", secret, "email", "admin@example.com", "name", "운영자", "password", password), "/admin")
	w.see(w.Get("/me"), 200, "운영자님", "/admin")
	w.see(w.Another().Get("/setup?t="+secret), http.StatusGone, "서버를 다시 시작하면")
	again := w.Another().Post("/setup", "t", secret, "email", "b@example.com", "name", "b", "password", password)
	w.see(again, http.StatusGone)
}

func TestDemonstrationDoorsAreShutElsewhere(t *testing.T) {
	w := open(t, false)
	for _, address := range []string{"/outbox", "/outbox/eml_1"} {
		if a := w.Get(address); a.Status != 404 {
			t.Errorf("%s: %d", address, a.Status)
		}
	}
	if w.Get("/signin").Has("/demo") {
		t.Error("the sign-in page leads to a demonstration")
	}
}

func TestDemonstration(t *testing.T) {
	w := open(t, true)
	w.see(w.Get("/outbox"), 200, "아직 보낸 메일이 없어요")
	w.leads(w.Post("/signup", "email", address, "name", "김이웃", "password", password), "/signup/sent")
	w.see(w.Get("/signup/sent"), 200, "/outbox")
	link := w.link()
	list := w.Get("/outbox")
	w.see(list, 200, address, "확인해 주세요")
	href := regexp.MustCompile(`href="(/outbox/[^"]+)"`).FindStringSubmatch(list.Body)[1]
	w.see(w.Get(href), 200, `href="`+strings.ReplaceAll(link, "&", "&amp;")+`"`)
	w.see(w.Get("/outbox/eml_nobody"), 404)
	w.leads(w.Post("/signup/confirm", "t", secret(link)), "/")

	w.see(w.Another().Get("/signin"), 200, `href="/demo"`)
}

func TestFormsAreRefusedFromElsewhere(t *testing.T) {
	w := open(t, false)
	w.member()
	for _, address := range []string{
		"/signin", "/signout", "/signup", "/signup/confirm", "/forgot", "/reset", "/setup", "/account/profile",
		"/account/password", "/account/sessions/end", "/account/sessions/end-others", "/account/tokens",
		"/account/tokens/revoke",
	} {
		for name, header := range map[string]http.Header{
			"foreign origin": {"Origin": {"https://evil.example"}, "Content-Type": {"application/x-www-form-urlencoded"}},
			"plain text":     {"Origin": {"null"}, "Content-Type": {"text/plain"}},
			"cross site":     {"Origin": nil, "Sec-Fetch-Site": {"cross-site"}},
		} {
			if a := w.Send(http.MethodPost, address, header, strings.NewReader("x=1")); a.Status != 403 {
				t.Errorf("%s, %s: %d", address, name, a.Status)
			}
		}
	}
	w.see(w.Get("/me"), 200, "김이웃님")
}

func TestEnglishPagesAreEnglish(t *testing.T) {
	w := open(t, true)
	w.Language = "en"
	hangul := regexp.MustCompile(`[가-힣]+`)
	for _, address := range []string{
		"/signup", "/signup/sent", "/signin", "/forgot", "/forgot/sent", "/reset?t=x", "/me", "/outbox",
	} {
		text := visible(w.Get(address).Body)
		if found := hangul.FindAllString(strings.ReplaceAll(text, "한국어", ""), 3); len(found) > 1 {
			t.Errorf("%s says %v", address, found)
		}
	}
}
