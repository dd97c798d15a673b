package glimpse_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/glimpse"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/fetch"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/linkcard"
	"github.com/dure-commerce/dure/internal/market/right"
)

// shop is a page on the web that counts who asks.
type shop struct {
	*httptest.Server
	asked atomic.Int64
}

func open(t *testing.T) *shop {
	t.Helper()
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewRGBA(image.Rect(0, 0, 600, 400))); err != nil {
		t.Fatal(err)
	}
	s := &shop{}
	mux := http.NewServeMux()
	page := func(picture string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			s.asked.Add(1)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = fmt.Fprintf(w, `<title>x</title><meta property="og:title" content="무선 청소기">
<meta property="og:image" content="%s">`, picture)
		}
	}
	mux.HandleFunc("/item", page("/1.png"))
	mux.HandleFunc("/liar", page("/item"))
	mux.HandleFunc("/spy", page("http://169.254.169.254/latest/meta-data"))
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) {
		s.asked.Add(1)
		w.WriteHeader(http.StatusNotFound)
	})
	mux.HandleFunc("/1.png", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(drawn.Bytes())
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func each(t *testing.T, body func(w *dbtest.World, d *db.DB, s *shop, g *glimpse.Glimpse)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := open(t)
		at := netip.MustParseAddrPort(strings.TrimPrefix(s.URL, "http://"))
		client := fetch.New(fetch.Options{Trust: func(a netip.AddrPort) bool { return a == at }})
		body(w, d, s, glimpse.New(glimpse.Deps{DB: d, Limits: limit.NewCounter(d), Pages: client, Photos: client,
			Maker: picture.NewMaker(picture.Limits{}), Media: &blob.Memory{}}))
	})
}

func person(n int) market.Actor {
	return market.Actor{AccountID: market.AccountID(fmt.Sprint("acc_", n))}
}

func TestALinkIsReadOnceForAWhile(t *testing.T) {
	each(t, func(w *dbtest.World, _ *db.DB, s *shop, g *glimpse.Glimpse) {
		ctx := t.Context()
		for n := range 3 {
			card, err := g.Look(ctx, person(n), s.URL+fmt.Sprintf("/item#%d", n))
			if err != nil || card.Title != "무선 청소기" || photo.Ref(card.Photo).Check() != nil || card.Photo == "" {
				t.Fatalf("%+v, %v", card, err)
			}
		}
		if n := s.asked.Load(); n != 1 {
			t.Errorf("asked %d times", n)
		}
		w.Clock.Advance(8 * 24 * time.Hour)
		if _, err := g.Look(ctx, person(1), s.URL+"/item"); err != nil || s.asked.Load() != 2 {
			t.Errorf("after its time: asked %d times, %v", s.asked.Load(), err)
		}
		w.Clock.Advance(8 * 24 * time.Hour)
		if worked, err := g.ForgetOnce(ctx); err != nil || !worked {
			t.Errorf("a dead card is kept: %t, %v", worked, err)
		}
		if worked, err := g.ForgetOnce(ctx); err != nil || worked {
			t.Errorf("forgot what is not there: %t, %v", worked, err)
		}
	})
}

func TestALinkThatSaysNothingIsNotAskedAgainAtOnce(t *testing.T) {
	each(t, func(w *dbtest.World, _ *db.DB, s *shop, g *glimpse.Glimpse) {
		for range 2 {
			if _, err := g.Look(t.Context(), person(1), s.URL+"/gone"); !errors.Is(err, fetch.ErrAnswer) ||
				fail.KindOf(err) != fail.Unavailable {
				t.Fatal(err)
			}
		}
		w.Clock.Advance(11 * time.Minute)
		_, _ = g.Look(t.Context(), person(1), s.URL+"/gone")
		if n := s.asked.Load(); n != 2 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestWhereALinkMayNotLead(t *testing.T) {
	each(t, func(_ *dbtest.World, _ *db.DB, s *shop, g *glimpse.Glimpse) {
		ctx := t.Context()
		for _, link := range []string{"", "shop.example", "javascript:alert(1)", "file:///etc/passwd",
			"http://a:b@shop.example/",
			"https://shop.example/" + strings.Repeat("x", 600)} {
			if _, err := g.Look(ctx, person(1), link); !errors.Is(err, linkcard.ErrLink) {
				t.Errorf("%q: %v", link, err)
			}
		}
		for _, link := range []string{"http://127.0.0.1:1/", "http://[::1]/", "http://10.0.0.1/",
			"http://169.254.169.254/"} {
			if _, err := g.Look(ctx, person(1), link); !errors.Is(err, fetch.ErrAddress) {
				t.Errorf("%q: %v", link, err)
			}
		}
		for _, path := range []string{"/liar", "/spy"} { // a page is believed its words, not its picture
			if card, err := g.Look(ctx, person(1), s.URL+path); err != nil || card.Photo != "" || card.Title == "" {
				t.Errorf("%s: %+v, %v", path, card, err)
			}
		}
		if _, err := g.Look(ctx, market.Actor{}, s.URL+"/item"); !errors.Is(err, right.ErrSignIn) {
			t.Errorf("a visitor: %v", err)
		}
	})
}

func TestNobodyLetsUsReadTheWholeWeb(t *testing.T) {
	each(t, func(_ *dbtest.World, _ *db.DB, s *shop, g *glimpse.Glimpse) {
		var last error
		for n := range 30 {
			_, last = g.Look(t.Context(), person(1), s.URL+fmt.Sprintf("/item?n=%d", n))
		}
		if fail.KindOf(last) != fail.TooMany || s.asked.Load() != 20 {
			t.Errorf("asked %d times, %v", s.asked.Load(), last)
		}
		if _, err := g.Look(t.Context(), person(1), s.URL+"/item?n=1"); err != nil {
			t.Errorf("a card that is there: %v", err)
		}
	})
}
