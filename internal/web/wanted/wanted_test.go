package wanted_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/load"
	flow "github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
	"github.com/dure-commerce/dure/internal/web/wanted"
)

// world is an instance without a merchant and without a deal, and browsers of people in it.
type world struct {
	*apptest.World
	*requesttest.Browser
}

func open(t *testing.T) *world { t.Helper(); return openAt(t, nil) }

// openAt is open for readers of a neighbourhood.
func openAt(t *testing.T, here func(*request.Request) (region.Region, error)) *world {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	w := &world{World: apptest.New(t, d, tw.Clock)}
	f := requesttest.Frame(t, d)
	f.Base = "http://dure.test"
	mux := http.NewServeMux()
	wanted.Routes(mux, wanted.Deps{Frame: f, DB: d, Wanted: w.Wanted, Auction: w.Auction, Media: w.Media,
		Maker: picture.NewMaker(picture.Limits{}), Limits: w.Limits, Painter: poster.NewPainter(),
		Similar: w.SimilarWishes, Here: here})
	mux.HandleFunc("GET /signin", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	_, err := load.New(d).Seed(w.Ctx, market.System())
	w.Must(err)
	w.Browser = requesttest.Open(t, f, mux)
	for _, who := range []struct{ id, name string }{{"acc_1", "김나영"}, {"acc_2", "이새봄"}, {"acc_3", "한가을"}} {
		w.Must(d.Write(w.Ctx, func(tx *db.Tx) error {
			return account.Insert(context.Background(), tx, account.Account{ID: market.AccountID(who.id),
				Email: who.id + "@example.com", EmailKey: who.id + "@example.com", Name: who.name, Locale: "ko",
				ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
		}))
	}
	return w
}

// as gives a browser of somebody.
func (w *world) as(id market.AccountID) *requesttest.Browser {
	b := w.Another()
	b.SignIn(w.DB, id)
	return b
}

func (w *world) find(id market.WishID) wish.Wish {
	w.T.Helper()
	one, err := wish.Find(w.Ctx, w.DB, id)
	w.Must(err)
	return one
}

func (w *world) post(name string) wish.Wish {
	w.T.Helper()
	one, err := w.Wanted.Post(w.Ctx, market.Actor{AccountID: "acc_1", Confirmed: true},
		flow.PostCmd{Draft: wish.Draft{Name: name}, Key: name})
	w.Must(err)
	return one
}

// to follows a redirect.
func to(t *testing.T, a requesttest.Answer) string {
	t.Helper()
	if a.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", a.Status, a.Body)
	}
	return a.Header.Get("Location")
}

func wanting(t *testing.T, a requesttest.Answer, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !a.Has(text) {
			t.Errorf("%d, without %q: %s", a.Status, text, a.Body)
		}
	}
}

func drawing(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewRGBA(image.Rect(0, 0, 640, 480))); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestAGuestFindsTheirWordsAgainAfterTheSignIn: nothing that was typed is lost, the photo included.
func TestAGuestFindsTheirWordsAgainAfterTheSignIn(t *testing.T) {
	w := open(t)
	b := w.Browser
	wanting(t, b.Get("/wanted"), "첫 글을 기다리고 있어요")
	wanting(t, b.Get("/wanted/new?name="+url.QueryEscape("조용한 청소기")), "조용한 청소기")
	sent := b.Upload("/wanted/new", "photo", "a.png", drawing(t), "key", "k1", "name", "조용한 무선 청소기", "details", "흰색이면 좋아요",
		"top_price", "150,000", "bids", "sealed")
	if got := to(t, sent); got != "/signin?next=/wanted/new" {
		t.Fatal(got)
	}
	b.SignIn(w.DB, "acc_1")
	form := b.Get("/wanted/new")
	wanting(t, form, "조용한 무선 청소기", "흰색이면 좋아요", "150,000", "적어 두신 그대로예요", "/photos/")
	_, kept, _ := strings.Cut(form.Body, `name="kept" value="`)
	kept, _, _ = strings.Cut(kept, `"`)
	fields := []string{"key", "k1", "name", "조용한 무선 청소기", "details", "흰색이면 좋아요", "top_price", "150,000",
		"bids", "sealed", "kept", kept}
	page := to(t, b.Post("/wanted/new", fields...))
	if again := to(t, b.Post("/wanted/new", fields...)); again != page {
		t.Errorf("sent twice: %s and %s", page, again)
	}
	one := w.find(market.WishID(strings.TrimPrefix(page, "/w/")))
	a, err := bid.Find(w.Ctx, w.DB, one.ID)
	w.Must(err)
	if one.Photo != kept || one.TopPrice != 150_000 || one.Firm != 1 || a.Kind != bid.Sealed || a.Ceiling != 150_000 {
		t.Errorf("%+v %+v", one, a)
	}
	wanting(t, b.Get(page), "올렸어요!", "관심 0 · 확정 1/30", "김○영", "이 글을 이끌고 있어요")
	wanting(t, b.Get("/wanted/new"), "무엇을 사고 싶으세요?")
	if b.Get("/wanted/new").Has("적어 두신 그대로예요") {
		t.Error("the draft is still there")
	}
}

// TestAWrongFieldKeepsEverythingElse: each refusal beside its field, in words.
func TestAWrongFieldKeepsEverythingElse(t *testing.T) {
	w := open(t)
	b := w.as("acc_1")
	a := b.Post("/wanted/new", "key", "k1", "name", "한", "link", "javascript:alert(1)", "top_price", "12", "until",
		"2020-01-01", "details", "꼭 흰색")
	if a.Status != http.StatusUnprocessableEntity {
		t.Fatal(a.Status)
	}
	wanting(t, a, "2자에서 60자", "https://로 시작해요", "100원부터", "꼭 흰색", "<details class=\"fold\" open")
	if a := b.Post("/wanted/new", "key", "k2", "name", "무선 청소기", "top_price", "많이"); a.Status != 422 ||
		!a.Has("무선 청소기") {
		t.Errorf("%d: %s", a.Status, a.Body)
	}
	if a := b.Post("/wanted/new", "key", "k3", "name", "무선 청소기", "category", "none"); a.Status == http.StatusSeeOther {
		t.Errorf("a kind that is none: %d", a.Status)
	}
}

// TestOneClickJoins: as a member, and as a guest whose click is done after the sign-in. Leaving is as easy.
func TestOneClickJoins(t *testing.T) {
	w := open(t)
	one := w.post("무선 청소기")
	page := "/w/" + string(one.ID)
	b := w.as("acc_2")
	wanting(t, b.Get(page), "나도 함께할게요", "결제가 아니에요.")
	if got := to(t, b.Post(page+"/join", "kind", "firm")); got != page {
		t.Fatal(got)
	}
	wanting(t, b.Get(page), "확정으로 함께해요", "확정 2/30", "나가기")
	to(t, b.Post(page+"/join", "kind", "away"))
	wanting(t, b.Get(page), "나왔어요", "확정 1/30", "나도 함께할게요")

	guest := w.Another()
	if got := to(t, guest.Post(page+"/join", "kind", "firm")); got != "/signin?next="+page+"/join" {
		t.Fatal(got)
	}
	guest.SignIn(w.DB, "acc_3")
	if got := to(t, guest.Get(page+"/join")); got != page || w.find(one.ID).Firm != 2 {
		t.Errorf("%s, %d firm", got, w.find(one.ID).Firm)
	}
	to(t, guest.Post(page+"/join", "kind", "away"))
	if a := guest.Get(page + "/join"); a.Status != http.StatusOK || w.find(one.ID).Firm != 1 {
		t.Errorf("the click was done twice: %d, %d firm", a.Status, w.find(one.ID).Firm)
	}
	if a := guest.Post("/w/wsh_none/join", "kind", "firm"); a.Status != http.StatusNotFound {
		t.Errorf("%d", a.Status)
	}
}

// TestAForeignPageJoinsNobody: its form leads to the question, whoever is signed in.
func TestAForeignPageJoinsNobody(t *testing.T) {
	w := open(t)
	one := w.post("무선 청소기")
	page := "/w/" + string(one.ID)
	b := w.as("acc_2")
	for name, header := range map[string]http.Header{
		"other origin": {"Origin": {"https://blog.example"}}, "cross site": {"Origin": nil, "Sec-Fetch-Site": {"cross-site"}},
	} {
		a := b.Send(http.MethodPost, page+"/join", header, strings.NewReader("kind=firm"))
		if got := to(t, a); got != page+"/join" || w.find(one.ID).Firm != 1 {
			t.Errorf("%s: %s, %d firm", name, got, w.find(one.ID).Firm)
		}
		ask := b.Get(page + "/join")
		wanting(t, ask, "함께할까요?")
		if w.find(one.ID).Firm != 1 {
			t.Errorf("%s: looking at the question joined", name)
		}
	}
	for _, address := range []string{"/wanted/new", page + "/ask", page + "/vote", page + "/lead", page + "/edit"} {
		a := b.Send(http.MethodPost, address, http.Header{"Origin": {"https://blog.example"}}, strings.NewReader("x=1"))
		if a.Status != http.StatusForbidden {
			t.Errorf("%s from abroad: %d", address, a.Status)
		}
	}
}

// TestTheLeadWordsHandsOverAndWithdraws, and nobody else does.
func TestTheLeadWordsHandsOverAndWithdraws(t *testing.T) {
	w := open(t)
	one := w.post("무선 청소기")
	page := "/w/" + string(one.ID)
	lead, other := w.as("acc_1"), w.as("acc_2")
	if a := other.Get(page + "/edit"); a.Status != http.StatusNotFound {
		t.Errorf("%d", a.Status)
	}
	wanting(t, lead.Get(page+"/edit"), "‘무선 청소기’ 고치기")
	to(t, lead.Post(page+"/edit", "details", "거치대가 있으면 좋아요"))
	wanting(t, other.Get(page), "거치대가 있으면 좋아요")
	to(t, lead.Post(page+"/lead", "do", "hand_over"))
	wanting(t, lead.Get(page), "함께하는 다른 사람이 아직 없어서")
	to(t, other.Post(page+"/join", "kind", "firm"))
	to(t, lead.Post(page+"/lead", "do", "hand_over"))
	wanting(t, other.Get(page), "이 글을 이끌고 있어요")
	if a := lead.Post(page+"/lead", "do", "withdraw"); a.Status != http.StatusNotFound {
		t.Errorf("who no longer leads: %d", a.Status)
	}
	to(t, lead.Post(page+"/join", "kind", "away"))
	wanting(t, other.Get(page), "글 거두기")
	to(t, other.Post(page+"/lead", "do", "withdraw"))
	wanting(t, w.Get(page), "글쓴이가 거뒀어요", "나도 하나 시작하기")
}

func TestTheListChoosesAndGoesOn(t *testing.T) {
	w := open(t)
	for i := range 5 {
		w.post("청소기 " + string(rune('가'+i)))
	}
	wanting(t, w.Get("/wanted"), "청소기 가", "29명 더 모이면 열려요", "확정 1/30", "관심 0")
	wanting(t, w.Get("/wanted?stage=bidding"), "여기에는 아직 없어요")
	wanting(t, w.Get("/wanted?sort=near&kind=eat"), "여기에는 아직 없어요")
	wanting(t, w.Get("/wanted?sort=ending"), "청소기 가")
	wanting(t, w.as("acc_1").Get("/wanted?mine=1"), "청소기 가", "29명 더 필요해요")
	wanting(t, w.as("acc_2").Get("/wanted?mine=1"), "아직 함께하는 글이 없어요")
	if got := to(t, w.Get("/wanted?mine=1")); !strings.HasPrefix(got, "/signin?next=") {
		t.Error(got)
	}
	wanting(t, w.Get("/wanted/similar?name="+url.QueryEscape("청소기")), "이미 이런 글이 있어요")
	if a := w.Get("/w/wsh_none"); a.Status != http.StatusNotFound {
		t.Error(a.Status)
	}
	w.Clock.Advance(40 * 24 * time.Hour)
	w.Must(w.RunAll(w.Ctx))
	wanting(t, w.Get("/wanted"), "첫 글을 기다리고 있어요")
}

func TestTheCardIsAPicture(t *testing.T) {
	w := open(t)
	one := w.post("무선 청소기")
	a := w.Get("/w/" + string(one.ID) + "/card.png")
	picture, err := png.Decode(strings.NewReader(a.Body))
	if err != nil || picture.Bounds().Dx() != poster.Width {
		t.Errorf("%d: %v", a.Status, err)
	}
}
