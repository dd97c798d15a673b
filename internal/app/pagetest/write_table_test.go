package pagetest_test

import (
	"net/url"

	"github.com/dure-commerce/dure/internal/market/right"
)

// write is a line of the table of writes: what its address names, who may, and how it is sent where no page shows its
// form. Everybody the rule does not let is refused; those it lets are answered with ok, whatever the page says.
type write struct {
	kind   string
	wanted rule
	as     string // who besieges it, where no page shows the form
	fields url.Values
	body   map[string]any // of the interface
}

func one(name, value string) url.Values { return url.Values{name: {value}} }

// writes is the table of everything that can be written.
func writes() map[string]write {
	list := map[string]write{
		"POST /signup": {wanted: open()}, "POST /signin": {wanted: open()}, "POST /forgot": {wanted: open()},
		"POST /signup/confirm": {wanted: open(), as: "visitor",
			fields: one("t", "x")},
		"POST /reset": {wanted: open(), as: "visitor",
			fields: url.Values{"t": {"x"}, "password": {"느티나무 아래"}}},
		"POST /setup": {wanted: open(), as: "visitor",
			fields: url.Values{"t": {"x"}, "email": {"a@b.kr"}, "name": {"나"}, "password": {"느티나무 아래"}}},
		"POST /letters/off": {wanted: open(), as: "visitor",
			fields: one("t", "x")},
		"POST /wanted/preview": {wanted: signed(), as: "newcomer",
			fields: one("link", "http://127.0.0.1/")},
		"POST /letters/off/wishes": {wanted: open(), as: "visitor",
			fields: one("who", "x")},
		"POST /hooks/gateway": {wanted: open(), as: "visitor",
			fields: one("x", "y")},
		"POST /demo/enter": {wanted: open()},
		"POST /regions":    {wanted: open()},
		"POST /invitation": {wanted: signed(), as: "newcomer",
			fields: one("t", "x")},
		"POST /signout": {wanted: open(), as: "newcomer",
			fields: url.Values{}},
		"POST /account/profile":             {wanted: signed()},
		"POST /account/password":            {wanted: signed()},
		"POST /account/tokens":              {wanted: signed()},
		"POST /account/tokens/revoke":       {wanted: signed()},
		"POST /account/sessions/end":        {wanted: signed()},
		"POST /account/sessions/end-others": {wanted: signed(), as: "newcomer", fields: url.Values{}},
		"POST /api/v1/sessions": {wanted: open(), as: "visitor",
			body: map[string]any{"email": "buyer40@demo.dure", "password": "demo-only"}},
		"POST /api/v1/orders": {wanted: token(open()), as: "buyer",
			body: map[string]any{"deal_id": "{deal}", "option_id": "{option}", "quantity": 1}},
		"POST /api/v1/orders/{id}/cancel": {kind: "order", wanted: token(mine(right.OrderCancel)), as: "buyer",
			body: map[string]any{}},
		"POST /api/v1/orders/{id}/payments": {kind: "order", wanted: token(mine(right.OrderPay)), as: "buyer",
			body: map[string]any{"method": "sandbox", "instrument": "ok"}},
		"POST /api/v1/redemptions": {wanted: token(open()), as: "scan",
			body: map[string]any{"code": "{code}", "units": 1, "nonce": "nonce-0001"}},
		"POST /api/v1/redemptions/check": {wanted: token(open()), as: "scan",
			body: map[string]any{"code": "{code}", "units": 1}},
		"POST /api/v1/redemptions/{id}/undo": {kind: "redemption", as: "owner",
			wanted: token(either(right.RedemptionUndoOwn, right.RedemptionUndo)),
			body:   map[string]any{"reason": "잘못 눌렀어요"}},
	}
	for _, more := range []map[string]write{shopperWrites(), shopWrites(), operatorWrites(), wishWrites(),
		shareWrites(), fundWrites(), wantedWrites(), tenderWrites()} {
		for pattern, line := range more {
			list[pattern] = line
		}
	}
	return list
}

func shopperWrites() map[string]write {
	return map[string]write{
		"POST /d/{deal}/keep":  {kind: "deal", wanted: guestsLed(seen(led))},
		"POST /d/{deal}/order": {kind: "deal", wanted: guestsLed(seen(led))},
		"POST /d/{deal}/room":  {kind: "deal", wanted: guestsLed(seen(led)), as: "buyer", fields: one("what", "enter")},
		"POST /d/{deal}/wait": {kind: "deal", wanted: guestsLed(seen(led)), as: "buyer",
			fields: url.Values{"what": {"wait"}, "option": {"{option}"}}},
		"POST /m/{slug}/follow": {kind: "slug", wanted: guestsLed(seen(led))},
		"POST /o/{order}/pay": {kind: "order", wanted: own(right.OrderPay), as: "holder",
			fields: url.Values{}},
		"POST /o/{order}/cancel": {kind: "order", wanted: own(right.OrderCancel), as: "holder",
			fields: url.Values{}},
		"POST /orders/{order}/refund":     {kind: "order", wanted: mine(right.OrderRefund)},
		"POST /vouchers/{voucher}/refund": {kind: "voucher", wanted: mine(right.VoucherRefund)},
		"POST /interest": {wanted: signed(), as: "buyer", fields: url.Values{"bank_code": {"004"},
			"bank_account": {"110123456789"}, "bank_holder": {"김두레"}}},
		"POST /feedback/{ask}":         {kind: "ask", wanted: mine(right.FeedbackGive)},
		"POST /feedback/{ask}/decline": {kind: "ask", wanted: mine(right.FeedbackGive)},
		"POST /feedback/{ask}/shop":    {kind: "shopask", wanted: may(right.FeedbackAnswer)},
	}
}

func shopWrites() map[string]write {
	return map[string]write{
		"POST /counter/look": {wanted: signed()}, "POST /counter/place": {wanted: signed()},
		"POST /counter/use": {wanted: signed(), as: "scan",
			fields: url.Values{"code": {"{code}"}, "units": {"1"}, "nonce": {"nonce-00007"}}},
		"POST /counter/undo": {wanted: signed(), as: "owner",
			fields: one("redemption", "{redemption}")},

		"POST /office/choose": {wanted: leaders(right.MerchantView)}, "POST /office/new": {wanted: signed()},
		"POST /office/deals": {wanted: desk(right.DealEdit)},
		"POST /office/deals/preview": {wanted: desk(right.DealEdit), as: "owner",
			fields: one("title", "국수")},
		"POST /office/deals/{deal}": {kind: "deal", wanted: desk(right.DealEdit)},
		"POST /office/deals/{deal}/preview": {kind: "deal", wanted: desk(right.DealEdit), as: "drafter",
			fields: one("title", "국수")},
		"POST /office/deals/{deal}/change": {kind: "deal", wanted: desk(right.DealEdit)},
		"POST /office/deals/{deal}/short": {kind: "deal", wanted: desk(right.DealDecideShort), as: "asked",
			fields: url.Values{"answer": {"extend"}, "until": {"2026-11-25"}}},
		"POST /office/deals/{deal}/withdraw": {kind: "deal", wanted: desk(right.DealWithdraw), as: "drafter",
			fields: url.Values{}},
		"POST /office/money/{statement}": {kind: "statement", wanted: desk(right.StatementAnswer), as: "owner",
			fields: url.Values{"act": {"object"}, "reason": {"금액이 달라요"}, "line": {no}}},
		"POST /office/words/{ask}": {kind: "shopask", wanted: desk(right.FeedbackAnswer)},
		"POST /office/claim/{entry}": {kind: "entry", wanted: signed(), as: "newcomer",
			fields: url.Values{}},
		"POST /office/shop/{shop}/claim/withdraw": {kind: "shop", wanted: may(right.MerchantClaim), as: "owner",
			fields: one("claim", no)},
		"POST /office/shop/{shop}/bank": {kind: "shop", wanted: may(right.MerchantBank)},
		"POST /office/shop/{shop}/submit": {kind: "shop", wanted: may(right.MerchantSubmit), as: "owner",
			fields: url.Values{}},
		"POST /office/shop/{shop}/bank/cancel": {kind: "shop", wanted: may(right.MerchantBank), as: "owner",
			fields: url.Values{}},
		"POST /office/shop/{shop}/business":      {kind: "shop", wanted: may(right.MerchantEdit)},
		"POST /office/shop/{shop}/story":         {kind: "shop", wanted: may(right.MerchantEdit)},
		"POST /office/shop/{shop}/photos":        {kind: "shop", wanted: may(right.MerchantEdit)},
		"POST /office/shop/{shop}/photos/change": {kind: "shop", wanted: may(right.MerchantEdit)},
		"POST /office/shop/{shop}/people/invite": {kind: "shop", wanted: may(right.MerchantPeople)},
		"POST /office/shop/{shop}/people/remove": {kind: "shop", wanted: outsiders(may(right.MerchantPeople))},
		"POST /office/shop/{shop}/people/revoke": {kind: "shop", wanted: may(right.MerchantPeople), as: "owner",
			fields: one("invitation", no)},
		"POST /office/shop/{shop}/places/{branch}":       {kind: "branch", wanted: may(right.MerchantEdit)},
		"POST /office/shop/{shop}/places/{branch}/close": {kind: "branch", wanted: may(right.MerchantEdit)},
	}
}

func operatorWrites() map[string]write {
	return map[string]write{
		"POST /admin/deals/{deal}":             {kind: "deal", wanted: console(right.DealReview)},
		"POST /admin/merchants/{shop}/approve": {kind: "shop", wanted: console(right.MerchantReview)},
		"POST /admin/merchants/{shop}/return":  {kind: "shop", wanted: console(right.MerchantReview)},
		"POST /admin/merchants/{shop}/suspend": {kind: "shop", wanted: console(right.MerchantSuspend)},
		"POST /admin/merchants/{shop}/reinstate": {kind: "shop", wanted: console(right.MerchantSuspend), as: "admin",
			fields: url.Values{}},
		"POST /admin/merchants/{shop}/claim/grant": {kind: "shop", wanted: console(right.MerchantClaimDecide), as: "admin",
			fields: one("claim", no)},
		"POST /admin/merchants/{shop}/claim/refuse": {kind: "shop", wanted: console(right.MerchantClaimDecide), as: "admin",
			fields: url.Values{"claim": {no}, "reason": {"다른 가게예요"}}},
		"POST /admin/merchants/{shop}/claim/release": {kind: "shop", wanted: console(right.MerchantClaimDecide), as: "admin",
			fields: url.Values{"claim": {no}, "reason": {"문을 닫았어요"}}},
		"POST /admin/money/cover":            {wanted: console(right.ConsoleMoney)},
		"POST /admin/money/payouts/{payout}": {kind: "payout", wanted: console(right.StatementHold)},
		"POST /admin/money/refunds/{refund}": {kind: "refund", wanted: console(right.ConsoleMoney), as: "finance",
			fields: url.Values{}},
		"POST /admin/money/differences/{difference}": {kind: "difference", wanted: console(right.ConsoleMoney), as: "finance",
			fields: one("reason", "은행과 맞춰 봤어요")},
		"POST /admin/rooms/{deal}": {kind: "deal", wanted: console(right.RoomSwitch), as: "admin",
			fields: url.Values{"hand": {"auto"}, "reason": {"다시 저절로 해요"}}},
		"POST /admin/work/{job}": {kind: "job", wanted: console(right.ConsoleJob), as: "admin",
			fields: url.Values{}},
	}
}
