package pagetest_test

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
)

// leading reports somebody who leads a shop, which may offer on wishes.
func leading(who *person) bool {
	return slices.ContainsFunc(who.actor.Memberships, func(m market.Membership) bool { return m.Role != market.RoleScan })
}

// offering is for wishes at the office: everybody may come to offer, and who has no shop is led to register one.
func offering(who *person, s sample) []int {
	switch {
	case !who.actor.SignedIn():
		return []int{led}
	case s.none:
		return []int{no404}
	case !leading(who):
		return []int{led}
	}
	return []int{ok, led}
}

// sellers is offering for what is sent: who leads no shop may not, whatever the wish.
func sellers(who *person, s sample) []int {
	if who.actor.SignedIn() && !leading(who) {
		return []int{no403}
	}
	return offering(who, s)
}

// leadersOnly is for what only who leads a shop may send.
func leadersOnly(who *person, _ sample) []int {
	switch {
	case !who.actor.SignedIn():
		return []int{led}
	case !leading(who):
		return []int{no403}
	}
	return []int{ok}
}

// quarrels is for a dispute at the office, which exists for those alone who send for its seller.
func quarrels(who *person, s sample) []int {
	switch {
	case !who.actor.SignedIn():
		return []int{led}
	case right.Can(who.actor, right.ShareSend, s.on) && !s.none:
		return []int{ok}
	}
	return []int{no404, no403}
}

// tenderPages are the sellers' and the operator's pages about wishes.
func tenderPages() map[string]page {
	return map[string]page{
		"GET /office/wanted": {"", desk(right.BidPlace),
			[]string{"?tab=all", "?tab=mine", "?after=0.x"}},
		"GET /office/wanted/kinds":                   {"", desk(right.WishFollow), nil},
		"GET /office/wanted/{wish}":                  {"wish", offering, nil},
		"GET /office/wanted/{wish}/enlist":           {"wish", signed(), nil},
		"GET /office/wanted/{wish}/fulfil":           {"served", may(right.ShareSend), []string{"?after=ord_5"}},
		"GET /office/wanted/{wish}/disputes/{order}": {"case", quarrels, nil},
		"GET /admin/disputes":                        {"", console(right.ConsoleView), []string{"?turn=seller", "?turn=x"}},
		"GET /admin/disputes/{order}":                {"quarrel", console(right.ConsoleView), nil},
		"GET /admin/wishes": {"", console(right.ConsoleView),
			[]string{"?state=paying", "?after=0.x", "?state=down"}},
		"GET /admin/wishes/{wish}":           {"wish", console(right.ConsoleView), nil},
		"GET /admin/wishes/{wish}/take-down": {"wish", console(right.WishTakeDown), nil},
	}
}

// tenderWrites are what they send.
func tenderWrites() map[string]write {
	return map[string]write{
		"POST /office/wanted/kinds":         {wanted: leadersOnly},
		"POST /office/wanted/kinds/letters": {wanted: leadersOnly},
		"POST /office/wanted/kinds/drop":    {wanted: leadersOnly, as: "owner", fields: one("kind", no)},
		"POST /office/wanted/{wish}": {kind: "wish", wanted: sellers, as: "owner", fields: url.Values{"unit_price": {"9000"},
			"quantity": {"5"}, "delivery": {"shipping"}, "promised_by": {"2026-12-24"}, "act": {"place"}}},
		"POST /office/wanted/{wish}/preview": {kind: "wish", wanted: sellers, as: "owner",
			fields: one("unit_price", "9000")},
		"POST /office/wanted/{wish}/withdraw": {kind: "wish", wanted: sellers, as: "owner", fields: one("bid", no)},
		"POST /office/wanted/{wish}/answer": {kind: "wish", wanted: sellers, as: "owner",
			fields: url.Values{"question": {no}, "words": {"다음 주예요."}}},
		"POST /office/wanted/{wish}/enlist": {kind: "wish", wanted: signed(), as: "newcomer",
			fields: url.Values{"name": {"여름 공방"}, "number": {"220-81-62517"}, "phone": {"010-1234-5678"}}},
		"POST /office/wanted/{wish}/fulfil/answer":    fulfils(one("act", "take")),
		"POST /office/wanted/{wish}/fulfil/addresses": fulfils(one("after", "")),
		"POST /office/wanted/{wish}/fulfil/ship": fulfils(url.Values{"order": {no}, "carrier": {"cj"},
			"number": {"612345678901"}}),
		"POST /office/wanted/{wish}/fulfil/back":      fulfils(one("order", no)),
		"POST /office/wanted/{wish}/fulfil/sheet":     fulfils(one("rows", "주문번호,택배사,송장번호\n")),
		"POST /office/wanted/{wish}/fulfil/sheet.csv": fulfils(url.Values{}),
		"POST /office/wanted/{wish}/disputes/{order}": {kind: "case", wanted: quarrels, as: "owner",
			fields: url.Values{"act": {"more"}, "words": {"사진을 더 올려요."}}},
		"POST /admin/disputes/{order}": {kind: "quarrel", wanted: console(right.DisputeDecide), as: "admin",
			fields: url.Values{"refunded": {"1000"}, "note": {"양쪽의 말을 보고 정했습니다."}, "act": {"look"}}},
		"POST /admin/wishes/{wish}/take-down": {kind: "wish", wanted: console(right.WishTakeDown), as: "admin",
			fields: url.Values{"ground": {"none"}, "words": {"근거 없이는 내리지 않아요."}}},
		"POST /admin/wishes/{wish}/offers/{bid}": {kind: "bid", wanted: console(right.BidDisqualify), as: "admin",
			fields: one("reason", "다른 가게의 사진이에요.")},
	}
}

// fulfils is a write of the shop that serves a wish.
func fulfils(fields url.Values) write {
	return write{kind: "served", wanted: may(right.ShareSend, http.StatusConflict), as: "owner", fields: fields}
}
