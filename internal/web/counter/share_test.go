package counter_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/deliver/delivertest"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/pass"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/web/counter"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

const rival = market.MerchantID("mer_rival")

// handing is a counter at which members of a wish are handed over what they bought together at the first of two
// branches, beside a shop with a wish of its own.
type handing struct {
	*site
	orders []market.OrderID // of the shop's members
	others []market.OrderID // of the rival's
	rival  market.Actor
}

func hand(t *testing.T) *handing {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	s := &site{World: apptest.New(t, d, tw.Clock), mux: http.NewServeMux()}
	h := &handing{site: s}
	s.branches = s.Shop(shop, "할매손칼국수", "성수 본점", "뚝섬점")
	s.owner = s.Account(apptest.Owner(shop), "김순자")
	s.scanner = s.Account(apptest.Staff(shop, s.branches[0]), "이영수")
	far := s.Shop(rival, "다른 가게", "지점")
	h.rival = s.Account(apptest.Owner(rival), "다른 주인")
	crowd := func(id market.WishID, seller market.MerchantID, at market.BranchID, from int) []market.OrderID {
		c := delivertest.Crowd{Wish: id, Seller: seller, Branch: at, Way: escrow.AtBranch}
		var ids []market.OrderID
		for n := from; n < from+4; n++ {
			m := delivertest.Paid{OrderID: market.OrderID(fmt.Sprintf("ord_%026d", n)),
				AccountID: s.Account(apptest.Buyer(n), "박한별").AccountID}
			c.Members, ids = append(c.Members, m), append(ids, m.OrderID)
		}
		s.Must(c.Begin(s.Ctx, d))
		return ids
	}
	h.orders = crowd("wsh_own", shop, s.branches[0], 11)
	h.others = crowd("wsh_other", rival, far[0], 21)
	frame := requesttest.Frame(t, d)
	counter.Routes(s.mux, counter.Deps{Frame: frame, Redeem: s.Redeem, Limits: s.Limits, Deliver: s.Deliver})
	s.door = requesttest.Open(t, frame, s.mux)
	return h
}

func (h *handing) keys() pass.Keys { return h.Deliver.Passes }

func (h *handing) share(id market.OrderID) escrow.Share {
	h.T.Helper()
	s, err := escrow.FindShare(h.Ctx, h.DB, id)
	h.Must(err)
	return s
}

// earned is what the book says the shop has earned.
func (h *handing) earned() int64 {
	h.T.Helper()
	won, err := ledger.Balance(h.Ctx, h.DB, ledger.Pending, string(shop))
	h.Must(err)
	return won
}

// TestAShareIsHandedOverOnce: looked at, handed over by camera, by a typed code and without script; scanning releases
// the share, and a second scan says so and releases nothing.
func TestAShareIsHandedOverOnce(t *testing.T) {
	h := hand(t)
	b := h.as(h.scanner)
	one := ledger.Earn(delivertest.Price, delivertest.Rate).Net()
	for n, text := range []string{h.keys().Face(h.orders[0]), strings.ToLower(h.keys().Code(h.orders[1]))} {
		look := script(b, "/counter/look", "code", text)
		if look.Status != 200 || look.Has("<html") || !look.Has(`data-kind="usable"`, "무선 청소기", "박○별", "함께 산 물건 전달",
			"1개", "전달했습니다") {
			t.Fatalf("%d %s", look.Status, look.Body)
		}
		if s := h.share(h.orders[n]); s.State != escrow.Held || h.earned() != int64(n)*one {
			t.Errorf("a look moved %+v", s)
		}
		done := script(b, "/counter/use", "code", text, "units", "1", "nonce", "11111111-2222")
		if done.Status != 200 || done.Has("<html") || !done.Has(`data-kind="done"`, "전달했어요", "무선 청소기") {
			t.Fatalf("%d %s", done.Status, done.Body)
		}
		if done.Has("벌었어요", "원") {
			t.Error("a person who only scans hears what was earned")
		}
		if s := h.share(h.orders[n]); s.Outcome != escrow.OutUsed || s.Released != delivertest.Price {
			t.Errorf("%+v", s)
		}
		for _, again := range []string{h.keys().Face(h.orders[n]), h.keys().Code(h.orders[n])} {
			if a := script(b, "/counter/look", "code", again); !a.Has(`data-kind="refused"`, "이미 전달한 몫이에요", "무선 청소기") {
				t.Errorf("a second look: %d %s", a.Status, a.Body)
			}
			if a := script(b, "/counter/use", "code", again, "nonce", "33333333-4444"); a.Status != 200 ||
				!a.Has("이미 전달한 몫이에요") {
				t.Errorf("a second scan: %d %s", a.Status, a.Body)
			}
		}
		if got := h.earned(); got != int64(n+1)*one {
			t.Errorf("earned %d after %d shares", got, n+1)
		}
	}
	owner := h.as(h.owner)
	owner.Post("/counter/place", "place", string(shop)+"|"+string(h.branches[0]))
	plain := owner.Post("/counter/use", "code", h.keys().Code(h.orders[2]), "nonce", "55555555-6666")
	if plain.Status != 200 || !plain.Has("<html", "전달했어요", "17,711원 벌었어요") {
		t.Errorf("without script, the owner: %d %s", plain.Status, plain.Body)
	}
}

// TestAShareIsRefusedElsewhere: at another branch, at another shop, to strangers, and by a code that is none; nothing
// is released by any of it.
func TestAShareIsRefusedElsewhere(t *testing.T) {
	h := hand(t)
	face, code := h.keys().Face(h.orders[0]), h.keys().Code(h.orders[0])
	owner := h.as(h.owner)
	owner.Post("/counter/place", "place", string(shop)+"|"+string(h.branches[1]))
	if a := script(owner, "/counter/look", "code", face); !a.Has(`data-kind="refused"`, "다른 지점에서 받기로 한") {
		t.Errorf("another branch, looked at: %d %s", a.Status, a.Body)
	}
	if a := script(owner, "/counter/use", "code", face, "nonce", "11111111-1"); a.Status != 409 || !a.Has("다른 지점") {
		t.Errorf("another branch: %d %s", a.Status, a.Body)
	}
	foreign := h.as(h.rival)
	for what, text := range map[string]string{"face": face, "code": code} {
		for _, path := range []string{"/counter/look", "/counter/use"} {
			a := script(foreign, path, "code", text, "nonce", "22222222-2")
			if a.Status != 404 || !a.Has(`data-kind="refused"`, "우리 가게에서 받을 수 있는 코드가 아니에요") ||
				a.Has("무선 청소기") || a.Has("박○별") {
				t.Errorf("another shop, %s at %s: %d %s", what, path, a.Status, a.Body)
			}
		}
	}
	b := h.as(h.scanner)
	if a := script(b, "/counter/look", "code", h.keys().Face(h.others[0])); a.Status != 404 || a.Has("무선 청소기") {
		t.Errorf("another shop's code here: %d %s", a.Status, a.Body)
	}
	forged := face[:len(face)-1] + map[bool]string{true: "0", false: "1"}[face[len(face)-1] != '0']
	if a := script(b, "/counter/use", "code", forged, "nonce", "44444444-4"); a.Status != 404 {
		t.Errorf("a forged code: %d %s", a.Status, a.Body)
	}
	if a := script(h.as(apptest.Buyer(11)), "/counter/use", "code", face, "nonce", "33333333-3"); a.Status < 400 {
		t.Errorf("the member serves himself: %d %s", a.Status, a.Body)
	}
	if s := h.share(h.orders[0]); s.State != escrow.Held || h.earned() != 0 {
		t.Errorf("%+v", s)
	}
}

// TestAShareThatStandsElsewhereIsSaid: disputed, or given back; in words for who stands at the counter.
func TestAShareThatStandsElsewhereIsSaid(t *testing.T) {
	h := hand(t)
	member := func(n int) market.Actor { return apptest.Buyer(11 + n) }
	_, err := h.Deliver.OpenDispute(h.Ctx, member(0), deliver.DisputeCmd{OrderID: h.orders[0], Reason: escrow.Different,
		Words: "색이 달라요. 바꿔 주세요."})
	h.Must(err)
	_, err = h.Deliver.Withdraw(h.Ctx, member(1), h.orders[1])
	h.Must(err)
	b := h.as(h.scanner)
	for n, says := range []string{"멈춰 있는 몫이에요", "돈을 돌려드린 몫이에요"} {
		before := h.share(h.orders[n])
		look := script(b, "/counter/look", "code", h.keys().Face(h.orders[n]))
		if !look.Has(`data-kind="refused"`, says) || look.Has("disputed") {
			t.Errorf("look %d: %d %s", n, look.Status, look.Body)
		}
		used := script(b, "/counter/use", "code", h.keys().Face(h.orders[n]), "nonce", "11111111-1")
		if used.Status != 409 || !used.Has(`data-kind="refused"`, says) {
			t.Errorf("use %d: %d %s", n, used.Status, used.Body)
		}
		if after := h.share(h.orders[n]); after != before {
			t.Errorf("%+v became %+v", before, after)
		}
	}
}

// TestABusyBranchIsNotSlowed: what a camera reads is not counted among guesses, what is typed is.
func TestABusyBranchIsNotSlowed(t *testing.T) {
	h := hand(t)
	b := h.as(h.scanner)
	for n := range 30 {
		if a := script(b, "/counter/look", "code", h.keys().Face(h.orders[0])); a.Status != 200 {
			t.Fatalf("scan %d: %d %s", n, a.Status, a.Body)
		}
	}
	slowed := false
	for range 12 {
		slowed = slowed || script(b, "/counter/look", "code", "4KXQ-9M2P-7WE3QT").Status == 429
	}
	if !slowed {
		t.Error("twelve typed codes in a minute were all looked up")
	}
}
