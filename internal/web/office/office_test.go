package office_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/office"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

type world struct {
	*requesttest.Browser
	t     *testing.T
	d     *db.DB
	w     *dbtest.World
	e     *enroll.Enroll
	post  *mail.Memory
	queue *queue.Queue

	entries *search.Index
}

func open(t *testing.T) *world {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	w := &world{t: t, d: d, w: tw, post: &mail.Memory{}, queue: queue.New(d, queue.Options{Node: "a"})}
	w.e = enroll.New(enroll.Deps{
		DB: d, Post: letter.Post{Mailer: w.post, Words: f.Bundle, Base: "https://dure.example", DB: d},
		Maker: picture.NewMaker(picture.Limits{}), Media: &blob.Memory{},
		BankWait: func(time.Time) time.Duration { return 72 * time.Hour },
	})
	w.queue.Handle(letter.Kind, queue.Policy{}, w.e.Post.Deliver)
	w.queue.Handle(enroll.KindInvite, queue.Policy{}, w.e.MailInvitation)
	list, err := category.Shipped()
	w.must(err)
	plan, err := region.Seed(nil)
	w.must(err)
	w.must(d.Write(t.Context(), func(tx *db.Tx) error {
		if err := category.Put(t.Context(), tx, list); err != nil {
			return err
		}
		return region.Insert(t.Context(), tx, plan.New)
	}))
	mux := http.NewServeMux()
	w.entries = search.New(d.Engine(), directory.Kind)
	office.Routes(mux, office.Deps{Frame: f, DB: d, Enroll: w.e, Entries: w.entries})
	mux.Handle("/", f.Missing())
	w.Browser = requesttest.Open(t, f, mux)
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) account(email string) market.AccountID {
	w.t.Helper()
	var id market.AccountID
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		id = market.AccountID(tx.NewID("acc"))
		return account.Insert(w.t.Context(), tx, account.Account{
			ID: id, Email: email, EmailKey: email, Name: "김두레", Locale: "ko", ConfirmedAt: tx.Now(), CreatedAt: tx.Now(),
		})
	}))
	return id
}

var (
	tags  = regexp.MustCompile(`(?s)<(script|style|svg).*?</(script|style|svg)>|<[^>]*>`)
	blank = regexp.MustCompile(`\s+`)
)

func visible(page string) string {
	return blank.ReplaceAllString(tags.ReplaceAllString(page, " "), " ")
}

func (w *world) see(a requesttest.Answer, status int, texts ...string) {
	w.t.Helper()
	if a.Status != status || !a.Has(texts...) {
		w.t.Fatalf("%d (to %s), want %d with %q in:\n%s", a.Status, a.Location, status, texts, visible(a.Body))
	}
}

func (w *world) leads(a requesttest.Answer, to string) {
	w.t.Helper()
	if a.Status != http.StatusSeeOther || a.Location != to {
		w.t.Fatalf("%d to %s, want to %s:\n%s", a.Status, a.Location, to, visible(a.Body))
	}
}

// begin signs an owner in and begins a registration; it gives the shop and where its pages begin.
func (w *world) begin() (market.MerchantID, string) {
	w.t.Helper()
	w.SignIn(w.d, w.account("kim@example.com"))
	w.see(w.Get("/office/new"), 200, "10분쯤 걸려요")
	a := w.Post("/office/new", "name", "두레 국수")
	base := a.Location
	if a.Status != 303 || !strings.HasPrefix(base, "/office/shop/mer_") {
		w.t.Fatalf("%d to %s", a.Status, base)
	}
	return market.MerchantID(strings.TrimPrefix(base, "/office/shop/")), base
}

func photograph(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 600, 400))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var week = []string{"h1_open", "11:00", "h1_close", "21:00", "h1_break", "15:00", "h1_back", "17:00"}

// fill writes every page of the registration.
func (w *world) fill(base string) {
	w.t.Helper()
	w.leads(w.Post(base+"/business", "number", "124-81-00998", "name", "두레 국수", "representative", "김두레",
		"phone", "02-123-4567", "email", "shop@example.com"), base)
	place := append([]string{"branch_name", "본점", "address", "서울 마포구 연남로 1", "region_name", "마포구"}, week...)
	w.leads(w.Post(base+"/places/new", place...), base)
	w.leads(w.Post(base+"/story", "category", "eat.korean", "story", "국수를 삶아요.", "own_colour", "on",
		"colour", "#aa3311"), base)
	w.leads(w.Upload(base+"/photos", "pictures", "a.png", photograph(w.t)), base+"/photos")
	w.leads(w.Post(base+"/bank", "bank_code", "004", "bank_account", "123-456-789012", "bank_holder", "김두레"), base)
}

func TestRegistrationPageByPage(t *testing.T) {
	w := open(t)
	id, base := w.begin()
	w.see(w.Get(base), 200, "두레 국수, 5가지 남았어요", "disabled", "더 필요해요: 사업자등록번호")
	w.see(w.Post(base+"/submit"), 422, "아직 비어 있어요")
	w.fill(base)
	w.see(w.Get(base), 200, "이제 낼 수 있어요")
	m, err := merchant.Find(t.Context(), w.d, id)
	w.must(err)
	if m.Profile.Colour != "#aa3311" || m.Bank.Account != "123456789012" || len(m.Profile.Pictures) != 1 {
		t.Errorf("%+v", m)
	}
	w.leads(w.Post(base+"/submit"), base)
	w.see(w.Get(base), 200, "살펴보고 있어요", "등록을 냈어요")
	w.see(w.Post(base+"/submit"), 409, "지금 상태에서는")
	_, err = w.e.Return(t.Context(), market.System(), id, "<b>사진</b>을 밝게 찍어 주세요.")
	w.must(err)
	w.see(w.Get(base), 200, "&lt;b&gt;사진&lt;/b&gt;을 밝게", "이것을 고쳐 주세요")
	w.leads(w.Post(base+"/submit"), base)
	_, err = w.e.Approve(t.Context(), market.System(), id)
	w.must(err)
	w.see(w.Get(base), 200, "/m/두레-국수")
}

func TestFaultsStandBesideTheirFieldsAndNothingTypedIsLost(t *testing.T) {
	w := open(t)
	_, base := w.begin()
	a := w.Post(base+"/business", "number", "123-45-67890", "name", "두레 국수", "representative", "김두레",
		"phone", "전화", "email", "x")
	w.see(a, 422, `id="f-number-error"`, `id="f-phone-error"`, `id="f-email-error"`, `value="123-45-67890"`,
		`value="전화"`)
	a = w.Post(base+"/story", "category", "no.such", "story", "이야기 <script>", "slug", "../x", "own_colour", "on",
		"colour", "red;}")
	w.see(a, 422, `id="f-slug-error"`, `id="f-colour-error"`, "이야기 &lt;script&gt;")
	a = w.Post(base+"/bank", "bank_code", "999", "bank_account", "1", "bank_holder", "")
	w.see(a, 422, `id="f-bank_code-error"`, `id="f-bank_account-error"`, `id="f-bank_holder-error"`)
	a = w.Post(base+"/places/new", "branch_name", "", "address", "x", "region_name", "없는동네", "place", "파리",
		"h1_open", "11:00", "h2_open", "11시", "h2_close", "12시", "x0_date", "2026-02-30", "m0_nth", "2")
	w.see(a, 422, `id="f-region_name-error"`, `id="f-place-error"`, `id="f-x0_date-error"`, `value="11:00"`,
		`value="11시"`, "여는 때와 닫는 때를 다시 봐 주세요")
	for _, bad := range []string{"\u202e국수", strings.Repeat("국수", 400), "🍜\n🍜", "' OR 1=1 --<img src=x>"} {
		a := w.Post(base+"/business", "name", bad, "number", bad, "phone", bad, "email", bad)
		if a.Status != 422 || a.Has("<img src=x>") {
			t.Errorf("%.20q: %d", bad, a.Status)
		}
	}
	if a := w.Post(base+"/business", "name", "국\x00수"); a.Status != 422 {
		t.Errorf("nul: %d", a.Status)
	}
	if a := w.Post(base+"/story", "story", strings.Repeat("x", 2<<20)); a.Status != 413 {
		t.Errorf("two megabytes of story: %d", a.Status)
	}
}

func TestPlaces(t *testing.T) {
	w := open(t)
	id, base := w.begin()
	w.leads(w.Get(base+"/places"), base+"/places/new")
	fields := append([]string{"branch_name", "본점", "address", "서울 어딘가 1번지", "region_name", "중구"}, week...)
	a := w.Post(base+"/places/new", fields...)
	w.see(a, 422, "어느 중구인가요?", "서울특별시 중구", "부산광역시 중구")
	picked := regexp.MustCompile(`name="region" value="([^"]+)"`).FindStringSubmatch(a.Body)[1]
	was := append([]string{"region", picked, "region_was", "중구"}, fields...)
	w.leads(w.Post(base+"/places/new", was...), base)
	copied := w.Post(base+"/places/new", append([]string{"copy", "on"}, fields...)...)
	w.see(copied, 200, `name="h0_close"`, `value="21:00"`)
	if strings.Count(copied.Body, `value="21:00"`) != 7 {
		t.Error("Monday was not copied to every day")
	}
	branches, err := merchant.Branches(t.Context(), w.d, id)
	if err != nil || len(branches) != 1 || string(branches[0].RegionID) != picked {
		t.Fatalf("%+v, %v", branches, err)
	}
	at := base + "/places/" + string(branches[0].ID)
	w.see(w.Get(at), 200, "본점", `value="15:00"`, "중구")
	w.leads(w.Post(at, "branch_name", "본점", "address", "서울 어딘가 2번지", "region", picked, "region_name", "서울특별시 중구",
		"region_was", "서울특별시 중구", "place", "37.5665, 126.978", "h6_open", "17:00", "h6_close", "02:00",
		"m0_nth", "2", "m0_day", "0", "x0_date", "2026-02-17", "x0_note", "설날"), base)
	branches, err = merchant.Branches(t.Context(), w.d, id)
	w.must(err)
	b := branches[0]
	if b.LatitudeE7 != 375665000 || b.LongitudeE7 != 1269780000 || len(b.Hours.Week[1]) != 0 ||
		b.Hours.Week[6][0].To != 26*60 || len(b.Hours.Dates) != 1 || len(b.Hours.Monthly) != 1 {
		t.Errorf("%+v", b)
	}
	w.see(w.Get(at), 200, "37.5665, 126.9780", `value="02:00"`, `value="설날"`)
	w.see(w.Post(at+"/close"), 409)
	w.see(w.Get(base+"/places/brn_foreign"), 404)
}

func TestPhotos(t *testing.T) {
	w := open(t)
	_, base := w.begin()
	w.see(w.Upload(base+"/photos", "pictures", "a.svg", []byte(`<svg onload="alert(1)"/>`)), 422, "사진을 읽지 못했어요")
	w.see(w.Upload(base+"/photos", "pictures", "a.png", photograph(t)[:60]), 422, "깨져 있어요")
	w.see(w.Upload(base+"/photos", "other", "a.png", nil), 422)
	w.see(w.Upload(base+"/photos", "pictures", "a.png", make([]byte, picture.BytesMaxDefault+1)), 413)
	w.leads(w.Upload(base+"/photos", "pictures", "a.png", photograph(t)), base+"/photos")
	page := w.Get(base + "/photos")
	w.see(page, 200, "/photos/", "대표 사진")
	ref := regexp.MustCompile(`name="picture" value="([^"]+)"`).FindStringSubmatch(page.Body)[1]
	w.see(w.Post(base+"/photos/change", "picture", ref, "do", "explode"), 422)
	w.leads(w.Post(base+"/photos/change", "picture", ref, "do", "remove"), base+"/photos")
	if w.Get(base + "/photos").Has(ref) {
		t.Error("the photo is still there")
	}
}

func TestPayoutAccountWaits(t *testing.T) {
	w := open(t)
	id, base := w.begin()
	w.fill(base)
	w.leads(w.Post(base+"/submit"), base)
	_, err := w.e.Approve(t.Context(), market.System(), id)
	w.must(err)
	page := w.Get(base + "/bank")
	w.see(page, 200, "KB국민은행", "···9012", "사흘 뒤에")
	if page.Has("123456789012") {
		t.Error("the whole number stands on the screen")
	}
	w.leads(w.Post(base+"/bank", "bank_code", "088", "bank_account", "99988877766", "bank_holder", "김두레"), base+"/bank")
	w.see(w.Get(base+"/bank"), 200, "계좌가 바뀌어요", "신한은행 ···7766")
	w.leads(w.Post(base+"/bank/cancel"), base+"/bank")
	w.see(w.Get(base+"/bank"), 200, "바꾸지 않기로")
	w.see(w.Post(base+"/bank/cancel"), 409)
	w.see(w.Post(base+"/business", "phone", "02-987-6543", "email", "shop@example.com", "name", "다른 이름"), 303)
	m, err := merchant.Find(t.Context(), w.d, id)
	if err != nil || m.Business.Name != "두레 국수" || m.Business.Phone != "029876543" {
		t.Errorf("%+v, %v", m.Business, err)
	}
}

func (w *world) invitation() string {
	w.t.Helper()
	for {
		worked, err := w.queue.RunOnce(w.t.Context())
		w.must(err)
		if !worked {
			break
		}
	}
	sent := w.post.Sent()
	link := regexp.MustCompile(`/invitation\?t=\S+`).FindString(sent[len(sent)-1].Text)
	if link == "" {
		w.t.Fatalf("no link in %s", sent[len(sent)-1].Text)
	}
	return link
}

func TestPeople(t *testing.T) {
	w := open(t)
	id, base := w.begin()
	w.see(w.Get(base+"/people"), 200, "1명이 함께 일해요", "대표")
	w.see(w.Post(base+"/people/invite", "email", "x", "role", "owner"), 422, `id="f-email-error"`, `id="f-role-error"`)
	w.leads(w.Post(base+"/people/invite", "email", "lee@example.com", "role", "scan"), base+"/people")
	w.see(w.Get(base+"/people"), 200, "기다리는 초대", "lee@example.com", "확인 담당")
	link := w.invitation()
	secret := strings.TrimPrefix(link, "/invitation?t=")

	lee := w.Another()
	w.see(lee.Get(link), 200, "두레 국수에서 함께 일하자고", "/signin?next=")
	w.leads(lee.Post("/invitation", "t", secret), "/signin?next=%2F")
	leeID := w.account("lee@example.com")
	lee.SignIn(w.d, leeID)
	w.see(lee.Get(link), 200, "계정으로 받기")
	w.leads(lee.Post("/invitation", "t", secret), "/counter")
	w.see(lee.Get(link), http.StatusGone, "더 쓸 수 없어요")
	w.see(lee.Post("/invitation", "t", secret), http.StatusGone)

	w.see(lee.Get(base), 200) // may look, and no more
	for _, page := range []string{"/business", "/story", "/photos", "/places/new", "/bank", "/people"} {
		if a := lee.Get(base + page); a.Status != 403 {
			t.Errorf("who only scans opens %s: %d", page, a.Status)
		}
	}
	page := w.Get(base + "/people")
	w.see(page, 200, "2명이 함께 일해요")
	w.leads(w.Post(base+"/people/remove", "account", string(leeID)), base+"/people")
	w.see(lee.Get(base), 404)
	w.leads(w.Post(base+"/people/invite", "email", "cho@example.com", "role", "manager"), base+"/people")
	waiting := regexp.MustCompile(`name="invitation" value="([^"]+)"`).FindStringSubmatch(w.Get(base + "/people").Body)[1]
	w.leads(w.Post(base+"/people/revoke", "invitation", waiting), base+"/people")
	if members, err := merchant.Members(t.Context(), w.d, id); err != nil || len(members) != 1 {
		t.Errorf("%v, %v", members, err)
	}
}

// TestForeignShopsDoNotExist asks every route of somebody else's shop, and of one that never was: both answer alike.
func TestForeignShopsDoNotExist(t *testing.T) {
	w := open(t)
	_, base := w.begin()
	w.fill(base)
	stranger := w.Another()
	stranger.SignIn(w.d, w.account("cho@example.com"))
	guest := w.Another()
	never := "/office/shop/mer_00000000000000000000000000"
	for _, path := range []string{"", "/business", "/story", "/photos", "/places", "/places/new", "/bank", "/people"} {
		known, unknown := stranger.Get(base+path), stranger.Get(never+path)
		if known.Status != 404 || unknown.Status != 404 || known.Has("두레 국수") ||
			strings.ReplaceAll(visible(known.Body), base, "") != strings.ReplaceAll(visible(unknown.Body), never, "") {
			t.Errorf("GET %s: %d and %d", path, known.Status, unknown.Status)
		}
		if a := guest.Get(base + path); a.Status != 303 || !strings.HasPrefix(a.Location, "/signin") {
			t.Errorf("guest %s: %d", path, a.Status)
		}
	}
	for _, path := range []string{
		"/submit", "/business", "/story", "/photos/change", "/places/new", "/places/brn_x/close", "/bank", "/bank/cancel",
		"/people/invite", "/people/revoke", "/people/remove",
	} {
		known, unknown := stranger.Post(base+path, "do", "first"), stranger.Post(never+path, "do", "first")
		if known.Status != 404 || unknown.Status != 404 {
			t.Errorf("POST %s: %d and %d", path, known.Status, unknown.Status)
		}
		foreign := w.Send(http.MethodPost, base+path, http.Header{"Origin": {"https://evil.example"}}, nil)
		if foreign.Status != 403 {
			t.Errorf("POST %s from elsewhere: %d", path, foreign.Status)
		}
	}
}

func TestShopHereFindsTheShop(t *testing.T) {
	w := open(t)
	w.SignIn(w.d, w.account("kim@example.com"))
	w.leads(w.Get("/office/shop"), "/office/new")
	w.see(w.Post("/office/new", "name", ""), 422, `id="f-name-error"`)
	first := w.Post("/office/new", "name", "가")
	w.leads(w.Get("/office/shop"), first.Location)
	second := w.Post("/office/new", "name", "나")
	w.leads(w.Get("/office/shop"), second.Location)
}

func TestEnglishPagesAreEnglish(t *testing.T) {
	w := open(t)
	_, base := w.begin()
	w.fill(base)
	w.Get(base) // says "saved" in the language it happened in
	typed := strings.NewReplacer("한국어", "", "두레 국수", "", "김두레", "", "국수를 삶아요", "", "두레", "", "김", "")
	hangul := regexp.MustCompile(`[가-힣]+`)
	for _, path := range []string{"", "/business", "/story", "/photos", "/places", "/places/new", "/bank", "/people"} {
		a := w.Send(http.MethodGet, base+path, http.Header{"Cookie": {"lang=en"}}, nil)
		w.see(a, 200, `lang="en"`)
		text := typed.Replace(visible(a.Body))
		if found := hangul.FindAllString(text, 5); len(found) > 0 && path != "/places" && path != "/places/new" {
			t.Errorf("%s says %v", path, found)
		}
	}
}
