package office_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

const mapo = market.RegionID("district_11140")

// listed writes shops of the register into 마포구, and makes them findable.
func (w *world) listed(names ...string) []directory.EntryID {
	w.t.Helper()
	var ids []directory.EntryID
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		var drafts []directory.Draft
		for i, name := range names {
			d := directory.Draft{Entry: directory.Entry{ID: directory.EntryID(fmt.Sprintf("%sL%d", directory.Prefix, i)),
				Name: name, CategoryID: "eat.korean", Industry: "백반/한정식", RegionID: mapo, DistrictID: mapo, Matched: "name",
				Address: fmt.Sprintf("서울특별시 마포구 동교로 %d", i+1)}}
			d.Seal()
			drafts, ids = append(drafts, d), append(ids, d.ID)
		}
		return directory.Insert(w.t.Context(), tx, drafts)
	}))
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		waiting, err := directory.Pending(w.t.Context(), tx, 100)
		if err != nil {
			return err
		}
		for _, e := range waiting {
			doc := directory.Prepare(w.entries, e, "서울특별시 마포구")
			if err := w.entries.Put(w.t.Context(), tx, doc.ID(), e.Title(), e.Industry, "서울특별시 마포구"); err != nil {
				return err
			}
		}
		return nil
	}))
	return ids
}

func (w *world) claims(shop string) []directory.Claim {
	w.t.Helper()
	list, err := directory.ClaimsOf(w.t.Context(), w.d, market.MerchantID(shop))
	w.must(err)
	return list
}

var keyField = regexp.MustCompile(`name="key" value="([^"]+)"`)

func TestClaimFromTheRegister(t *testing.T) {
	w := open(t)
	entry := w.listed("두레국수 <b>")[0]
	at := "/office/claim/" + string(entry)
	w.leads(w.Get(at), "/signin?next="+strings.ReplaceAll(at, "/", "%2F"))
	w.SignIn(w.d, w.account("kim@example.com"))
	page := w.Get(at)
	w.see(page, 200, "두레국수 &lt;b&gt;, 우리 가게인가요?", "서울특별시 마포구 동교로 1", "이 내용으로 등록 시작하기")
	key := keyField.FindStringSubmatch(page.Body)[1]
	made := w.Post(at, "key", key)
	shop := strings.TrimPrefix(made.Location, "/office/shop/")
	w.see(made, 303)
	if again := w.Post(at, "key", key); again.Location != made.Location {
		t.Errorf("sent twice: %d to %s", again.Status, again.Location)
	}
	w.see(w.Get(made.Location), 200, "두레국수", "상가 정보의 두레국수", "등록을 내면 운영자가", "우리 가게라고 알렸어요")
	// The places begin with the one of the register, whose hours are still to be written.
	places := w.Get(made.Location + "/places")
	branches, err := merchant.Branches(t.Context(), w.d, market.MerchantID(shop))
	if err != nil || len(branches) != 1 {
		t.Fatal(branches, err)
	}
	w.leads(places, made.Location+"/places/"+string(branches[0].ID))
	w.see(w.Get(places.Location), 200, "서울특별시 마포구 동교로 1", "서울특별시 마포구")
	w.see(w.Get(made.Location+"/story"), 200, `value="eat.korean" selected`)
	claim := w.claims(shop)[0]
	w.leads(w.Post(made.Location+"/claim/withdraw", "claim", string(claim.ID), "key", "k1"), made.Location)
	w.see(w.Get(made.Location), 200, "우리 가게가 아니라고 알렸어요", "상가 정보에서 우리 가게 찾기")
	w.see(w.Post(made.Location+"/claim/withdraw", "claim", string(claim.ID), "key", "k2"), 409, "다른 상태가 됐어요")
	w.see(w.Post(made.Location+"/claim/withdraw", "claim", "clm_nobody"), 404)
	w.see(w.Post(made.Location+"/claim/withdraw"), 422)
}

func TestClaimForAShopOfOnesOwn(t *testing.T) {
	w := open(t)
	entry := w.listed("두레 국수")[0]
	id, base := w.begin()
	at := "/office/claim/" + string(entry)
	w.see(w.Get(at), 200, "어느 가게로 알릴까요?", string(id), "새 가게로 등록하기")
	w.see(w.Post(at, "shop", "mer_foreign"), 404)
	w.leads(w.Post(at, "shop", string(id), "key", "k1"), base)
	if list := w.claims(string(id)); len(list) != 1 || list[0].State != directory.ClaimBegun {
		t.Errorf("%+v", list)
	}
	other := w.Another()
	other.SignIn(w.d, w.account("lee@example.com"))
	w.see(other.Post(base+"/claim/withdraw", "claim", string(w.claims(string(id))[0].ID)), 404)
	w.see(other.Get(base+"/register"), 404)
	w.see(other.Send(http.MethodPost, at, http.Header{"Origin": {"https://evil.example"}}, nil), 403)
}

// After the place is written the program asks whether the shop is one that the register knows; a name it does not know
// leads straight on.
func TestThePlaceOffersTheRegister(t *testing.T) {
	w := open(t)
	ids := w.listed("두레국수", "가람커피", "두레국수 분점")
	_, base := w.begin()
	place := append([]string{"branch_name", "본점", "address", "서울 마포구 동교로 1", "region_name", "마포구"}, week...)
	w.leads(w.Post(base+"/places/new", place...), base+"/register")
	page := w.Get(base + "/register")
	w.see(page, 200, "혹시 이 가게인가요?", "두레국수", "동교로 3", "여기에 없어요")
	if page.Has("가람커피") {
		t.Error("another name was offered")
	}
	w.see(w.Get(base+"/register?q=%EA%B0%80%EB%9E%8C"), 200, "가람커피")
	w.see(w.Get(base+"/register?q=nothing"), 200, "비슷한 이름을 찾지 못했어요")
	w.leads(w.Post("/office/claim/"+string(ids[0]), "shop", strings.TrimPrefix(base, "/office/shop/"), "key", "k1"), base)
	w.see(w.Get(base), 200, "상가 정보의 두레국수")
	branches, err := merchant.Branches(t.Context(), w.d, market.MerchantID(strings.TrimPrefix(base, "/office/shop/")))
	w.must(err)
	again := append([]string{"branch_name", "본점", "address", "서울 마포구 동교로 2", "region_name", "마포구"}, week...)
	w.leads(w.Post(base+"/places/"+string(branches[0].ID), again...), base)
}

func TestClaimsOfNonsense(t *testing.T) {
	w := open(t)
	entry := w.listed("두레국수")[0]
	_, base := w.begin()
	at := "/office/claim/" + string(entry)
	for address, want := range map[string]int{
		"/office/claim/dir_none": 404, "/office/claim/%F0%9F%8D%9C": 404, "/office/claim/dir_%27%20OR%201": 404,
		base + "/register?q=" + strings.Repeat("x", 100): 200, base + "/register?q=%F0%9F%8D%9C": 200,
	} {
		if a := w.Get(address); a.Status != want {
			t.Errorf("%s: %d", address, a.Status)
		}
	}
	for name, fields := range map[string][]string{
		"nul": {"key", "a\x00b"}, "long key": {"key", strings.Repeat("k", 100)}, "emoji shop": {"shop", "🍜"},
		"ten megabytes": {"shop", strings.Repeat("x", 10<<20)},
	} {
		if a := w.Post(at, fields...); a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s: %d to %s", name, a.Status, a.Location)
		}
	}
	w.see(w.Post("/office/claim/dir_none", "key", "k"), 404)
}
