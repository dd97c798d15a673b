package admin_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// listed writes a shop of the register.
func (w *world) listed(key, name string) directory.EntryID {
	w.t.Helper()
	d := directory.Draft{Entry: directory.Entry{ID: directory.EntryID(directory.Prefix + key), Name: name,
		CategoryID: "eat.korean", Industry: "백반/한정식", RegionID: "neighbourhood_1", Matched: "name",
		Address: "서울특별시 마포구 동교로 1"}}
	d.Seal()
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		return directory.Insert(w.t.Context(), tx, []directory.Draft{d})
	}))
	return d.ID
}

// claim makes a shop claim an entry before the operator.
func (w *world) claim(id market.MerchantID, entry directory.EntryID) directory.Claim {
	w.t.Helper()
	var c directory.Claim
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) (err error) {
		c, err = directory.OpenClaim(w.t.Context(), tx, directory.Claim{EntryID: entry, MerchantID: id, AccountID: "acc_1",
			State: directory.ClaimAsked})
		return err
	}))
	return c
}

func (w *world) state(id market.MerchantID) string {
	w.t.Helper()
	m, err := merchant.Find(w.t.Context(), w.d, id)
	w.must(err)
	list, err := directory.ClaimsOf(w.t.Context(), w.d, id)
	w.must(err)
	words := []string{string(m.State)}
	for _, c := range list {
		words = append(words, string(c.State))
	}
	return strings.Join(words, " ")
}

var keyField = regexp.MustCompile(`name="key" value="([^"]+)"`)

func TestTwoClaimsOnOneShop(t *testing.T) {
	w := open(t)
	one, two := w.account("kim@example.com", ""), w.account("lee@example.com", "")
	entry := w.listed("A1", "두레국수 <i>")
	first, second := w.shop("두레 국수", one), w.shop("가람 국수", two)
	w.claim(first, entry)
	w.w.Clock.Advance(time.Hour)
	w.claim(second, entry)
	w.SignIn(w.d, w.account("adm@example.com", market.RoleSupport))
	w.see(w.Get("/admin/merchants"), 200, "확인을 기다리는 상가 정보 2곳", "/admin/claims")
	w.see(w.Get("/admin/claims"), 200, "두레국수 &lt;i&gt;", "두레 국수", "가람 국수", "마포구 동교로 1")
	at := "/admin/merchants/" + string(first)
	w.see(w.Get(at), 200, "상가 정보와 견주기", "두레국수 &lt;i&gt;", "백반/한정식", "다른 등록 1곳", "가람 국수",
		"다른 신청 1건은 거절되고")
	w.see(w.Get("/admin/merchants/"+string(second)), 200, "가지가 상가 정보와 달라요", "다름")
	w.leads(w.Post(at+"/approve"), "/admin/merchants")
	if got := w.state(first) + ", " + w.state(second); got != "approved granted, returned refused" {
		t.Error(got)
	}
	w.see(w.Get("/admin/merchants/"+string(second)), 200, "다른 등록이 확인됐어요", "다른 분의 가게로 확인됐어요")
	w.see(w.Post("/admin/merchants/"+string(second)+"/approve"), 409)
	w.see(w.Get("/admin/claims"), 200, "기다리는 신청이 없어요")
}

func TestAClaimOfAMember(t *testing.T) {
	w := open(t)
	id := w.shop("두레 국수", w.account("kim@example.com", ""))
	w.must(w.d.Write(t.Context(), func(tx *db.Tx) error {
		m, err := merchant.Find(t.Context(), tx, id)
		if err != nil {
			return err
		}
		return merchant.Move(t.Context(), tx, m, merchant.Approved, "")
	}))
	w.SignIn(w.d, w.account("adm@example.com", market.RoleAdmin))
	at := "/admin/merchants/" + string(id)
	c := w.claim(id, w.listed("A1", "두레국수"))
	page := w.Get(at)
	w.see(page, 200, "이 가게가 맞아요", "신청만 거절하기")
	w.see(w.Post(at+"/claim/refuse", "claim", string(c.ID), "reason", "음"), 422, ">음</textarea>", "까닭을 다섯 자 이상")
	key := keyField.FindStringSubmatch(page.Body)[1]
	for range 2 { // the same press again
		w.leads(w.Post(at+"/claim/grant", "claim", string(c.ID), "key", key), at)
	}
	w.see(w.Get(at), 200, "확인함", "확인을 취소해야 하나요?")
	w.see(w.Post(at+"/claim/grant", "claim", string(c.ID), "key", "other"), 409)
	w.leads(w.Post(at+"/claim/release", "claim", string(c.ID), "reason", "다른 가게였습니다."), at)
	w.see(w.Get(at), 200, "확인을 취소함", "다른 가게였습니다.")
	again := w.claim(id, c.EntryID)
	w.leads(w.Post(at+"/claim/refuse", "claim", string(again.ID), "reason", "간판이 다릅니다."), at)
	if got := w.state(id); got != "approved released refused" {
		t.Error(got)
	}
}

func TestWhoMayDecideClaims(t *testing.T) {
	w := open(t)
	owner := w.account("kim@example.com", "")
	id := w.shop("두레 국수", owner)
	c := w.claim(id, w.listed("A1", "두레국수"))
	at := "/admin/merchants/" + string(id)
	for name, who := range map[string]struct {
		id         market.AccountID
		list, step int
	}{
		"owner": {owner, 404, 403}, "stranger": {w.account("x@example.com", ""), 404, 404},
		"finance": {w.account("fin@example.com", market.RoleFinance), 200, 403},
	} {
		b := w.Another()
		b.SignIn(w.d, who.id)
		if a := b.Get("/admin/claims"); a.Status != who.list {
			t.Errorf("%s, list: %d", name, a.Status)
		}
		for _, step := range []string{"grant", "refuse", "release"} {
			a := b.Post(at+"/claim/"+step, "claim", string(c.ID), "reason", "까닭이 있어요", "key", "k")
			if a.Status != who.step && a.Status != who.list {
				t.Errorf("%s, %s: %d", name, step, a.Status)
			}
		}
	}
	for _, step := range []string{"grant", "refuse", "release"} {
		a := w.Another().Send(http.MethodPost, at+"/claim/"+step, http.Header{"Origin": {"https://evil.example"}}, nil)
		if a.Status != 403 {
			t.Errorf("%s from elsewhere: %d", step, a.Status)
		}
	}
	w.SignIn(w.d, w.account("adm@example.com", market.RoleSupport))
	for name, fields := range map[string][]string{
		"none": {}, "nul": {"claim", "a\x00"}, "emoji": {"claim", "🍜"}, "foreign": {"claim", "clm_x"},
		"ten megabytes": {"claim", strings.Repeat("x", 10<<20)},
	} {
		for _, step := range []string{"grant", "refuse", "release"} {
			a := w.Post(at+"/claim/"+step, append(fields, "reason", "까닭이 있어요")...)
			if a.Status < 400 || a.Status >= 500 {
				t.Errorf("%s, %s: %d", step, name, a.Status)
			}
		}
	}
	w.see(w.Post(at+"/claim/grant", "claim", string(c.ID)), 409, "승인") // its registration is not approved
	if got := w.state(id); got != "submitted asked" {
		t.Error(got)
	}
	w.see(w.Get("/admin/claims?after=x&at=-5"), 200)
	e := enroll.New(enroll.Deps{DB: w.d})
	if _, err := e.Claim(context.Background(), market.Actor{}, enroll.ClaimCmd{EntryID: c.EntryID}); err == nil {
		t.Error("a guest claimed")
	}
}
