package pagetest_test

import (
	"net/http"
	"net/url"

	"github.com/dure-commerce/dure/internal/market/right"
)

// wantedPages are the pages on which buyers begin.
func wantedPages() map[string]page {
	return map[string]page{
		"GET /wanted": {"", open(), []string{"?stage=bidding", "?sort=near&region=here", "?sort=ending&kind=eat",
			"?region=province_11&pick=1", "?after=1.wsh_9"}},
		"GET /wanted/new":           {"", open(), []string{"?name=국수+기계"}},
		"GET /wanted/similar":       {"", open(), []string{"?name=배추"}},
		"GET /w/{wish}":             {"wish", open(), nil},
		"GET /w/{wish}/part/{part}": {"wishpart", open(), nil},
		"GET /w/{wish}/join":        {"wish", open(ok, led), nil},
		"GET /w/{wish}/edit":        {"wish", mine(right.WishLead, led), nil},
		"GET /w/{wish}/card.png":    {"wish", open(), nil},
	}
}

// wantedWrites are what people say and do about wishes. What a stage may refuse is said on the wish's own page.
func wantedWrites() map[string]write {
	return map[string]write{
		"POST /wanted/new": {wanted: open(ok, led)},
		"POST /w/{wish}/join": {kind: "wish", wanted: clicked, as: "buyer",
			fields: one("kind", "watching")},
		"POST /w/{wish}/ask": {kind: "wish", wanted: guestsLed(said), as: "buyer",
			fields: url.Values{"bid": {no}, "words": {"언제 받을 수 있나요?"}}},
		"POST /w/{wish}/vote": {kind: "wish", wanted: guestsLed(said), as: "buyer",
			fields: url.Values{"bid": {no}, "flag": {"fine"}}},
		"POST /w/{wish}/edit": {kind: "wish", wanted: mine(right.WishLead, led, http.StatusConflict), as: "newcomer",
			fields: one("details", "흰색이면 좋아요")},
		"POST /w/{wish}/lead": {kind: "wish", wanted: mine(right.WishLead, led, http.StatusConflict), as: "newcomer",
			fields: one("do", "hand_over")},
	}
}

// clicked is for a click that a guest finds done after the sign-in.
func clicked(_ *person, s sample) []int {
	if s.none {
		return []int{no404}
	}
	return []int{ok, led}
}

// said is for words about an offer: a stage, or a place in the crowd, may refuse them.
func said(*person, sample) []int { return []int{ok, led, no403, no404} }
