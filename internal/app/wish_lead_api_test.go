package app_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
)

// TestAPILetsWhoLeadsDecide: over two rounds that came to nothing a lead asks for fewer and goes on, and nobody else.
func TestAPILetsWhoLeadsDecide(t *testing.T) {
	f := newFair(t)
	id := f.post("open")
	lead := to{http.MethodPost, "/wishes/" + id + "/lead", "/wishes/{wish}/lead"}
	refuse := func(who *caller, status int, code, key string, body map[string]any) {
		t.Helper()
		if a := who.call(lead.method, lead.path, key, body); a.status != status || code != "" && a.body["code"] != code {
			t.Errorf("%v: %d %v, want %d %s", body, a.status, a.body, status, code)
		}
	}
	goOn := map[string]any{"step": "go_on"}
	few := func(n int) map[string]any { return map[string]any{"step": "fewer", "threshold": n} }
	f.gather(id)
	refuse(f.members[0], http.StatusConflict, "wish.state", "lead-early", few(8))
	f.fails()
	one := f.ask(f.guest, http.StatusOK, to{http.MethodGet, "/wishes/" + id, "/wishes/{wish}"}, nil)
	if one["state"] != "gathering" || one["round"] != 2.0 || one["pause_until"] == nil {
		t.Fatalf("%v", one)
	}
	refuse(f.guest, http.StatusUnauthorized, "", "lead-guest", goOn)
	refuse(f.members[1], http.StatusNotFound, "", "lead-other", goOn)
	refuse(f.members[0], http.StatusUnprocessableEntity, "", "", goOn)
	refuse(f.members[0], http.StatusUnprocessableEntity, "", "lead-step", map[string]any{"step": "close"})
	refuse(f.members[0], http.StatusUnprocessableEntity, "wish.fewer", "lead-more", few(13))
	refuse(f.members[0], http.StatusUnprocessableEntity, "wish.fewer", "lead-none", map[string]any{"step": "fewer"})

	first := f.members[0].call(lead.method, lead.path, "lead-fewer", few(8))
	again := f.members[0].call(lead.method, lead.path, "lead-fewer", few(8))
	if first.status != http.StatusOK || first.body["state"] != "bidding" || first.body["threshold"] != 8.0 {
		t.Errorf("%v", first)
	}
	if again.status != http.StatusOK || again.body["version"] != first.body["version"] {
		t.Errorf("asked twice: %v, then %v", first, again)
	}
	refuse(f.members[0], http.StatusConflict, "", "lead-fewer", few(7))
	f.fails()
	if got := f.ask(f.members[0], http.StatusOK, lead, goOn); got["state"] != "bidding" || got["round"] != 3.0 {
		t.Errorf("%v", got)
	}

	second := f.post("open")
	mine := to{http.MethodPost, "/wishes/" + second + "/lead", "/wishes/{wish}/lead"}
	f.gather(second)
	f.ask(f.members[0], http.StatusOK, mine, map[string]any{"step": "hand_over"})
	if a := f.members[0].call(mine.method, mine.path, "lead-gone", map[string]any{"step": "hand_over"}); a.status !=
		http.StatusNotFound {
		t.Errorf("who led once: %v", a)
	}
	f.fails()
	if got := f.ask(f.members[1], http.StatusOK, mine, map[string]any{"step": "withdraw"}); got["state"] != "closed" ||
		got["outcome"] != "withdrawn" {
		t.Errorf("%v", got)
	}
}

// TestOffersOfEarlierRoundsAreShown: what a round that came to nothing was offered stays to be seen, and what is sealed
// in the next one does not show.
func TestOffersOfEarlierRoundsAreShown(t *testing.T) {
	f := newFair(t)
	id := f.post("sealed")
	bids := to{http.MethodPost, "/wishes/" + id + "/bids", "/wishes/{wish}/bids"}
	f.gather(id)
	offer := f.offer(50_000)
	offer["quantity_min"] = 50
	f.ask(f.seller, http.StatusCreated, bids, offer)
	f.fails()
	offer = f.offer(48_137)
	offer["promised_by"] = f.now.Now().AddDate(0, 0, 30)
	f.ask(f.seller, http.StatusCreated, bids, offer)
	page := f.page("/w/" + id)
	for text, there := range map[string]bool{"지난 모집에 온 제안 1건": true, "50,000원": true,
		"모인 분보다 최소 수량이 많아요": true, "48,137": false} {
		if strings.Contains(page, text) != there {
			t.Errorf("%s is there: %t, in\n%s", text, !there, page)
		}
	}
}

// fails lets a round end whose offers come to nothing: the bidding, and the time to choose.
func (f *fair) fails() {
	f.close()
	f.now.Advance(25 * time.Hour)
	apptest.Over(f.t, f.s.Core, f.now).Work()
}

// page reads a page as a guest.
func (f *fair) page(path string) string {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.guest.url+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil || res.StatusCode != http.StatusOK {
		f.t.Fatalf("%s: %d %v", path, res.StatusCode, err)
	}
	return string(body)
}
