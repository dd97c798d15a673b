package pagetest_test

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/market/right"
)

// wishPages are the parts of the interface about what people want together, and what surrounds its pages.
func wishPages() map[string]page {
	return map[string]page{
		"GET /wanted.atom":                               {"", open(), []string{"?category=eat"}},
		"GET /wanted.rss":                                {"", open(), []string{"?category=eat"}},
		"GET /w/{wish}/embed":                            {"wish", open(), nil},
		"GET /w/{wish}/merge":                            {"wish", signed(), nil},
		"GET /api/v1/escrows":                            {"", token(open()), nil},
		"GET /api/v1/escrows/{order}":                    {"share", token(may(right.ShareView)), nil},
		"GET /oembed":                                    {"", open(no404), []string{"?url=https://b.example/w/wsh_1"}},
		"GET /api/v1/wishes":                             {"", open(), []string{"?q=국수", "?after=x"}},
		"GET /api/v1/wishes/{wish}":                      {"wish", open(), nil},
		"GET /api/v1/wishes/{wish}/timeline":             {"wish", open(), nil},
		"GET /api/v1/wishes/{wish}/joins":                {"wish", open(), nil},
		"GET /api/v1/wishes/{wish}/bids":                 {"wish", open(), nil},
		"GET /api/v1/wishes/{wish}/bids/own":             {"wish", token(unnamed), nil},
		"GET /api/v1/wishes/{wish}/deposits":             {"wish", token(unnamed), nil},
		"GET /api/v1/wishes/{wish}/bids/{bid}/questions": {"bid", open(ok, no403), nil},
		"GET /api/v1/wishes/{wish}/bids/{bid}/votes":     {"bid", open(ok, no403), nil},
	}
}

// unnamed is for an address that lacks what it must name.
func unnamed(*person, sample) []int { return []int{unasked} }

// noShop is for a shop that never was: the operator's people may not do it for anybody, others find no such thing.
func noShop(who *person, _ sample) []int {
	if who.actor.Staff != "" {
		return []int{no403}
	}
	return []int{no404}
}

// late are the answers that the stage of a wish may give to those who may.
func late() []int { return []int{http.StatusOK, http.StatusGone, http.StatusConflict, no403, unasked} }

func wishWrites() map[string]write {
	return map[string]write{
		"POST /api/v1/escrows/parcels": {wanted: token(open(no404)), as: "buyer", body: map[string]any{"wish_id": no,
			"parcels": []any{map[string]any{"order_id": no, "carrier": "cj", "number": "1"}}}},
		"POST /api/v1/escrows/{order}/confirm": {kind: "share", as: "buyer",
			wanted: token(may(right.ShareReceive, stale()...)), body: map[string]any{}},
		"POST /api/v1/escrows/{order}/dispute": {kind: "share", as: "buyer",
			wanted: token(may(right.DisputeOpen, stale()...)), body: map[string]any{"reason": "broken", "words": "깨져 있었어요."}},
		"POST /w/{wish}/merge": {kind: "wish", wanted: signed(no403, no404, led, unasked), as: "buyer",
			fields: one("what", "agree")},
		"POST /api/v1/wishes": {wanted: token(open()), as: "buyer", body: map[string]any{"name": "무선 청소기"}},
		"POST /api/v1/wishes/{wish}/joins": {kind: "wish", wanted: token(open(late()...)), as: "buyer",
			body: map[string]any{"kind": "watching"}},
		"POST /api/v1/wishes/{wish}/joins/leave": {kind: "wish", wanted: token(open(late()...)), as: "buyer",
			body: map[string]any{}},
		"POST /api/v1/wishes/{wish}/lead": {kind: "wish", wanted: token(mine(right.WishLead, stale()...)), as: "newcomer",
			body: map[string]any{"step": "hand_over"}},
		"POST /api/v1/wishes/{wish}/bids": {kind: "wish", wanted: token(noShop), as: "buyer",
			body: map[string]any{"merchant_id": no, "delivery": "shipping", "unit_price": 1000, "quantity_min": 1,
				"promised_by": "2026-12-24T00:00:00Z"}},
		"POST /api/v1/wishes/{wish}/deposits": {kind: "wish", wanted: token(noShop), as: "buyer",
			body: map[string]any{"merchant_id": no, "total": 5000}},
		"POST /api/v1/wishes/{wish}/bids/{bid}/withdraw": {kind: "bid", wanted: token(noShop), as: "buyer",
			body: map[string]any{"merchant_id": no}},
		"POST /api/v1/wishes/{wish}/bids/{bid}/questions": {kind: "bid", wanted: token(open(late()...)), as: "buyer",
			body: map[string]any{"words": "언제 받을 수 있나요?"}},
		"POST /api/v1/wishes/{wish}/bids/{bid}/questions/{question}/answer": {kind: "bid", wanted: token(noShop),
			as: "buyer", body: map[string]any{"merchant_id": no, "words": "다음 주예요."}},
		"POST /api/v1/wishes/{wish}/bids/{bid}/votes": {kind: "bid", wanted: token(open(append(late(), no404)...)),
			as: "buyer", body: map[string]any{}},
	}
}
