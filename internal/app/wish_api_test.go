package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/takedown"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
)

const potter = market.MerchantID("mer_potter")

// fair is a site with a shop that bids, members of a crowd, and the description against which answers are held.
type fair struct {
	t             *testing.T
	s             *app.Server
	now           *clock.Fake
	guest, seller *caller
	members       []*caller
	description   map[string]any
}

func newFair(t *testing.T) *fair {
	t.Helper()
	now := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	s, guest := site(t, now)
	f := &fair{t: t, s: s, now: now, guest: guest}
	employ(t, s, potter, admit(t, s, "potter@demo.dure"))
	f.seller = guest.as("potter@demo.dure")
	for n := range 12 {
		email := fmt.Sprintf("member%d@demo.dure", n)
		admit(t, s, email)
		f.members = append(f.members, guest.as(email))
	}
	f.description = guest.want(http.StatusOK, http.MethodGet, "/openapi.json", nil)
	return f
}

// ask calls and holds the answer against the description of its operation.
func (f *fair) ask(c *caller, status int, a to, body any) map[string]any {
	f.t.Helper()
	got := c.want(status, a.method, a.path, body)
	schema := at(f.description, "paths", a.operation, strings.ToLower(a.method), "responses", fmt.Sprint(status),
		"content", "application/json", "schema")
	if schema == nil {
		f.t.Fatalf("%s %s has no description of %d", a.method, a.operation, status)
	}
	f.holds(a.operation, got, schema)
	return got
}

// to is an address, and the operation as it is described.
type to struct{ method, path, operation string }

func at(from any, path ...string) any {
	for _, name := range path {
		m, ok := from.(map[string]any)
		if !ok {
			return nil
		}
		from = m[name]
	}
	return from
}

// holds compares a value with its schema: types, wanted names, and no others.
func (f *fair) holds(where string, value, schema any) {
	f.t.Helper()
	s, _ := schema.(map[string]any)
	if ref, ok := s["$ref"].(string); ok {
		f.holds(where, value, at(f.description, "components", "schemas", ref[strings.LastIndex(ref, "/")+1:]))
		return
	}
	kinds := fmt.Sprint(s["type"])
	switch v := value.(type) {
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		wanted, _ := s["required"].([]any)
		for _, name := range wanted {
			if _, ok := v[name.(string)]; !ok {
				f.t.Errorf("%s lacks %s", where, name)
			}
		}
		for name, one := range v {
			if properties[name] == nil {
				f.t.Errorf("%s has %s, which is not described", where, name)
				continue
			}
			f.holds(where+"."+name, one, properties[name])
		}
	case []any:
		for _, one := range v {
			f.holds(where+"[]", one, s["items"])
		}
	case string:
		f.kind(where, kinds, "string")
	case float64:
		f.kind(where, kinds, "integer")
	case bool:
		f.kind(where, kinds, "boolean")
	}
}

func (f *fair) kind(where, got, want string) {
	f.t.Helper()
	if !strings.Contains(got, want) {
		f.t.Errorf("%s is described as %s, and is a %s", where, got, want)
	}
}

func (f *fair) post(bids string) string {
	f.t.Helper()
	got := f.ask(f.members[0], http.StatusCreated, to{http.MethodPost, "/wishes", "/wishes"}, map[string]any{
		"name": "주말 도예 수업", "category_id": "learn.art", "bids": bids})
	if got["firm"] != 1.0 || got["threshold"] != 12.0 || got["own_place"] != "firm" {
		f.t.Fatalf("%v", got)
	}
	return got["id"].(string)
}

func (f *fair) gather(id string) {
	f.t.Helper()
	for _, m := range f.members[1:] {
		f.ask(m, http.StatusOK, to{http.MethodPost, "/wishes/" + id + "/joins", "/wishes/{wish}/joins"},
			map[string]any{"kind": "firm"})
	}
}

func (f *fair) offer(price int64) map[string]any {
	return map[string]any{"merchant_id": string(potter), "delivery": "shipping", "unit_price": price, "quantity_min": 5,
		"promised_by": f.now.Now().AddDate(0, 0, 30)}
}

func (f *fair) close() {
	f.now.Advance(72*time.Hour + time.Second)
	apptest.Over(f.t, f.s.Core, f.now).Work()
}

func TestAPIFromWishToAward(t *testing.T) {
	f := newFair(t)
	id := f.post("open")
	one := "/wishes/" + id
	if a := f.guest.call(http.MethodPost, one+"/joins", "", map[string]any{"kind": "firm"}); a.status != 401 {
		t.Errorf("a guest joined: %d", a.status)
	}
	left := f.members[1]
	f.ask(left, http.StatusOK, to{http.MethodPost, one + "/joins", "/wishes/{wish}/joins"}, map[string]any{"kind": "firm"})
	for range 2 {
		got := f.ask(left, http.StatusOK, to{http.MethodPost, one + "/joins/leave", "/wishes/{wish}/joins/leave"}, nil)
		if got["own"] != "away" || got["firm"] != 1.0 {
			t.Errorf("%v", got)
		}
	}
	f.gather(id)
	for path, operation := range map[string]string{one: "/wishes/{wish}", one + "/timeline": "/wishes/{wish}/timeline",
		one + "/joins": "/wishes/{wish}/joins", one + "/bids": "/wishes/{wish}/bids", "/wishes": "/wishes",
		"/wishes?state=bidding&category=learn": "/wishes", "/wishes?q=ㄷㅇ": "/wishes",
		"/wishes?region=district_11040": "/wishes"} {
		got := f.ask(f.guest, http.StatusOK, to{http.MethodGet, path, operation}, nil)
		if list, ok := got["wishes"].([]any); ok && len(list) != 1 {
			t.Errorf("%s: %v", path, got)
		}
	}
	if a := f.guest.call(http.MethodGet, "/wishes?region=gu_1", "", nil); a.status != http.StatusNotFound {
		t.Errorf("a place that there is not: %v", a)
	}
	key := "bid-key-0001"
	first := f.seller.call(http.MethodPost, one+"/bids", key, f.offer(50_000))
	again := f.seller.call(http.MethodPost, one+"/bids", key, f.offer(50_000))
	if first.status != 201 || again.status != 201 || first.body["id"] != again.body["id"] {
		t.Fatalf("%v, %v", first, again)
	}
	if other := f.seller.call(http.MethodPost, one+"/bids", key, f.offer(40_000)); other.status != http.StatusConflict {
		t.Errorf("another bid under the key: %v", other)
	}
	bid := one + "/bids/" + first.body["id"].(string)
	const bidAt = "/wishes/{wish}/bids/{bid}"
	asked := f.ask(f.members[2], http.StatusCreated, to{http.MethodPost, bid + "/questions", bidAt + "/questions"},
		map[string]any{"words": "재료비도 들어 있나요?"})
	f.ask(f.seller, http.StatusCreated, to{http.MethodPost, bid + "/questions/" + asked["id"].(string) + "/answer",
		bidAt + "/questions/{question}/answer"}, map[string]any{"merchant_id": string(potter),
		"words": "네, 들어 있어요."})
	f.ask(f.members[3], http.StatusOK, to{http.MethodPost, bid + "/votes", bidAt + "/votes"}, map[string]any{})
	if got := f.ask(f.guest, http.StatusOK, to{http.MethodGet, bid + "/questions", bidAt + "/questions"}, nil); len(
		got["words"].([]any)) != 2 {
		t.Errorf("%v", got)
	}
	got := f.ask(f.guest, http.StatusOK, to{http.MethodGet, bid + "/votes", bidAt + "/votes"}, nil)
	if got["voters"] != 1.0 {
		t.Errorf("%v", got)
	}
	f.close()
	f.now.Advance(25 * time.Hour)
	apptest.Over(t, f.s.Core, f.now).Work()
	got = f.ask(f.guest, http.StatusOK, to{http.MethodGet, one, "/wishes/{wish}"}, nil)
	if got["state"] != "paying" || at(got, "auction", "winner") != first.body["id"] {
		t.Errorf("%v", got)
	}
	way := f.ask(f.guest, http.StatusOK, to{http.MethodGet, one + "/timeline", "/wishes/{wish}/timeline"}, nil)
	var steps []string
	for _, s := range way["steps"].([]any) {
		steps = append(steps, fmt.Sprint(at(s, "step")))
	}
	if want := []string{"posted", "reached", "bids_closed", "awarded"}; !slices.Equal(steps, want) {
		t.Errorf("%v, want %v", steps, want)
	}
}

// TestASealedPriceIsNowhereBeforeTheReveal looks for it in every answer, in the feed and in what is kept under keys.
func TestASealedPriceIsNowhereBeforeTheReveal(t *testing.T) {
	const price = "48137"
	f := newFair(t)
	id := f.post("sealed")
	one := "/wishes/" + id
	f.gather(id)
	placed := f.ask(f.seller, http.StatusCreated, to{http.MethodPost, one + "/bids", "/wishes/{wish}/bids"},
		f.offer(48_137))
	if placed["commitment"] == nil || placed["offer"] != nil {
		t.Fatalf("%v", placed)
	}
	own := f.ask(f.seller, http.StatusOK, to{http.MethodGet, one + "/bids/own?merchant_id=" + string(potter),
		"/wishes/{wish}/bids/own"}, nil)
	if at(own, "offer", "unit_price") != 48_137.0 || own["seal_salt"] == nil {
		t.Errorf("the seller does not see its own: %v", own)
	}
	seen := func() (hits []string) {
		for _, who := range []*caller{f.guest, f.members[0], f.members[5]} {
			for _, path := range []string{one, one + "/bids", one + "/timeline", one + "/joins", "/wishes",
				one + "/bids/own?merchant_id=" + string(potter), one + "/bids/" + placed["id"].(string) + "/questions",
				one + "/bids/" + placed["id"].(string) + "/votes"} {
				raw, err := json.Marshal(who.call(http.MethodGet, path, "", nil).body)
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(string(raw), price) {
					hits = append(hits, path)
				}
			}
		}
		return append(hits, f.kept(price)...)
	}
	apptest.Over(t, f.s.Core, f.now).Work()
	if hits := seen(); len(hits) != 0 {
		t.Errorf("told before the reveal by %v", hits)
	}
	if list := f.ask(f.guest, http.StatusOK, to{http.MethodGet, one + "/bids", "/wishes/{wish}/bids"}, nil); len(
		list["bids"].([]any)) != 0 || len(list["commitments"].([]any)) != 1 ||
		strings.Contains(fmt.Sprint(list), string(potter)) {
		t.Errorf("%v", list)
	}
	f.close()
	list := f.ask(f.guest, http.StatusOK, to{http.MethodGet, one + "/bids", "/wishes/{wish}/bids"}, nil)
	shown := list["bids"].([]any)
	if len(shown) != 1 || at(shown[0], "offer", "unit_price") != 48_137.0 || at(shown[0], "seal_text") == nil {
		t.Errorf("after the reveal: %v", list)
	}
}

// kept looks for a text in the feed, in answers under keys and in jobs.
func (f *fair) kept(text string) (hits []string) {
	f.t.Helper()
	for _, table := range []string{"kit_event WHERE payload", "kit_answer WHERE answer", "kit_job WHERE payload"} {
		n, err := db.One(context.Background(), f.s.DB, db.Scalar[int64], `SELECT count(*) FROM `+table+` LIKE $1`,
			"%"+text+"%")
		if err != nil {
			f.t.Fatal(err)
		}
		if n > 0 {
			hits = append(hits, table)
		}
	}
	return hits
}

func TestAPIOfWishesRefusesStrangers(t *testing.T) {
	f := newFair(t)
	id := f.post("open")
	one := "/wishes/" + id
	f.gather(id)
	placed := f.ask(f.seller, http.StatusCreated, to{http.MethodPost, one + "/bids", "/wishes/{wish}/bids"},
		f.offer(50_000))
	bid := one + "/bids/" + placed["id"].(string)
	stranger := f.guest.as("member7@demo.dure")
	for _, c := range []struct {
		who          *caller
		method, path string
		body         any
		status       int
	}{
		{f.guest, "POST", "/wishes", map[string]any{"name": "청소기"}, 401},
		{f.guest, "POST", one + "/bids", f.offer(40_000), 401},
		{stranger, "POST", one + "/bids", f.offer(40_000), 404},
		{stranger, "POST", bid + "/withdraw", map[string]any{"merchant_id": string(potter)}, 404},
		{stranger, "GET", one + "/bids/own?merchant_id=" + string(potter), nil, 404},
		{f.guest, "GET", "/wishes/wsh_none", nil, 404}, {f.guest, "GET", "/wishes/wsh_none/bids", nil, 404},
		{f.guest, "GET", "/wishes/wsh_none/timeline", nil, 404}, {f.guest, "GET", "/wishes/wsh_none/joins", nil, 404},
		{f.guest, "GET", "/wishes/wsh_none/bids/" + placed["id"].(string) + "/votes", nil, 404},
		{stranger, "POST", "/wishes/wsh_none/joins", map[string]any{"kind": "firm"}, 404},
		{stranger, "POST", one + "/joins", map[string]any{"kind": "leader"}, 422},
		{stranger, "POST", "/wishes", map[string]any{"name": "x"}, 422},
		{f.guest, "GET", "/wishes?limit=1000", nil, 422},
	} {
		a := c.who.call(c.method, c.path, "stranger-"+fmt.Sprint(c.status)+c.path[max(0, len(c.path)-20):], c.body)
		if a.status != c.status || a.body["code"] == nil {
			t.Errorf("%s %s: %d %v, want %d", c.method, c.path, a.status, a.body, c.status)
		}
	}
	mine := map[string]any{"merchant_id": string(potter)}
	if a := f.seller.call("POST", bid+"/withdraw", "withdraw-1", mine); a.status != 200 {
		t.Errorf("its own bid: %v", a)
	}
}

// TestAPIOfWishesKeepsWhatWasTakenDown: neither the wish nor what sellers and members said of it is answered any more,
// only why; its page says so too.
func TestAPIOfWishesKeepsWhatWasTakenDown(t *testing.T) {
	f := newFair(t)
	id := f.post("open")
	one := "/wishes/" + id
	f.gather(id)
	placed := f.ask(f.seller, http.StatusCreated, to{http.MethodPost, one + "/bids", "/wishes/{wish}/bids"},
		f.offer(50_000))
	err := f.s.TakeDown.Do(t.Context(), apptest.Operator(),
		takedown.Cmd{WishID: market.WishID(id), Ground: wish.GroundGoods, Words: "팔 수 없는 물건이에요", Key: "down-1"})
	if err != nil {
		t.Fatal(err)
	}
	bid := one + "/bids/" + placed["id"].(string)
	for _, path := range []string{one, one + "/timeline", one + "/bids", bid + "/votes", bid + "/questions"} {
		a := f.guest.call(http.MethodGet, path, "", nil)
		if a.status != http.StatusGone || a.body["code"] != "wish.down" || !strings.Contains(fmt.Sprint(a.body), "팔 수 없는") {
			t.Errorf("%s: %d %v", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/w/" + id, "/w/" + id + "/card.png", "/w/" + id + "/embed"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.guest.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(res.Body)
		if err = errors.Join(err, res.Body.Close()); err != nil || res.StatusCode != http.StatusGone {
			t.Errorf("%s: %d %v", path, res.StatusCode, err)
		}
		if strings.Contains(string(page), "주말 도예 수업") || path == "/w/"+id && !strings.Contains(string(page), "팔 수 없는") {
			t.Errorf("%s:\n%s", path, page)
		}
	}
}
