package pagetest_test

import (
	"net/http"
	"slices"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
)

// rule tells which answers a reader may get.
type rule func(who *person, s sample) []int

// page is a line of the table: what its address names, and who gets what. A kind "" names nothing.
type page struct {
	kind   string
	wanted rule
	query  []string // visited besides the bare address
}

const (
	ok      = http.StatusOK
	led     = http.StatusSeeOther
	nothing = http.StatusNoContent
	unasked = http.StatusUnprocessableEntity
	no401   = http.StatusUnauthorized
	no403   = http.StatusForbidden
	no404   = http.StatusNotFound
	gone    = http.StatusGone
)

// open is for everybody.
func open(statuses ...int) rule {
	return func(_ *person, s sample) []int {
		if s.none {
			return []int{no404}
		}
		if len(statuses) == 0 {
			return []int{ok}
		}
		return statuses
	}
}

// signed is for everybody who has signed in; guests are led there.
func signed(statuses ...int) rule {
	return func(who *person, s sample) []int {
		if !who.actor.SignedIn() {
			return []int{led}
		}
		return open(statuses...)(who, s)
	}
}

// may asks the matrix of rights. What the state of a thing may answer to those who may stands in also.
func may(action right.Action, also ...int) rule {
	return func(who *person, s sample) []int {
		switch verdict := right.Judge(who.actor, action, s.on); {
		case verdict == right.SignIn:
			return []int{led}
		case verdict == right.Forbidden && s.none:
			return []int{no403, no404} // asked before or after it is found not to be
		case verdict == right.Forbidden:
			return []int{no403}
		case verdict == right.Hidden || s.none:
			return []int{no404}
		}
		return append([]int{ok}, also...)
	}
}

// either lets those whom the first action lets, and answers the others as the second does.
func either(first, second right.Action) rule {
	return func(who *person, s sample) []int {
		if right.Can(who.actor, first, s.on) {
			return may(first)(who, s)
		}
		return may(second)(who, s)
	}
}

// mine is may for what belongs to a person alone, whichever shop it came from.
func mine(action right.Action, also ...int) rule {
	return func(who *person, s sample) []int {
		s.on = right.Mine(s.on.AccountID)
		return may(action, also...)(who, s)
	}
}

// own is mine for what does not exist for anybody else, the operator's people included.
func own(action right.Action, also ...int) rule {
	return func(who *person, s sample) []int {
		answers := mine(action, also...)(who, s)
		if answers[0] == no403 {
			return []int{no404}
		}
		return answers
	}
}

// console is may for the operator's pages, which do not exist for others.
func console(action right.Action) rule {
	return func(who *person, s sample) []int {
		s.on = right.Resource{}
		return may(action)(who, s)
	}
}

// desk is may for the pages of the shop that one leads: who leads none is led elsewhere, foreign things do not exist.
func desk(action right.Action, also ...int) rule {
	return func(who *person, s sample) []int {
		leads := slices.ContainsFunc(who.actor.Memberships, func(m market.Membership) bool {
			return m.Role != market.RoleScan
		})
		if !leads {
			return []int{led}
		}
		mine := who.actor.Memberships[0].MerchantID
		if s.kind != "" && s.on.MerchantID != mine {
			return []int{no404}
		}
		s.on = right.Of(mine)
		return may(action, also...)(who, s)
	}
}

// leaders is desk for what does not exist for people who lead no shop.
func leaders(action right.Action) rule {
	return func(who *person, s sample) []int {
		answers := desk(action)(who, s)
		if who.actor.SignedIn() && answers[0] == led {
			return []int{no404}
		}
		return answers
	}
}

// outsiders is another rule for all but the people of the shop, whose own part in it decides.
func outsiders(then rule) rule {
	return func(who *person, s sample) []int {
		if _, member := who.actor.Membership(s.on.MerchantID); member {
			return []int{ok}
		}
		return then(who, s)
	}
}

// seen is open for things that are public; others do not exist.
func seen(also ...int) rule {
	return func(_ *person, s sample) []int {
		if s.public {
			return append([]int{ok}, also...)
		}
		return []int{no404}
	}
}

// guestsLed leads guests to the sign-in.
func guestsLed(then rule) rule {
	return func(who *person, s sample) []int {
		if !who.actor.SignedIn() {
			return []int{led}
		}
		return then(who, s)
	}
}

// token is for the interface: guests hear that a token is missing.
func token(then rule) rule {
	return func(who *person, s sample) []int {
		if !who.actor.SignedIn() {
			return []int{no401}
		}
		return then(who, s)
	}
}

// pages is the table of everything that can be read.
func pages() map[string]page {
	list := map[string]page{
		"GET /card.png": {"", open(), nil}, "GET /r/{region}/card.png": {"region", open(), nil},
		"GET /m/{slug}/card.png": {"slug", seen(), nil},
		"GET /r/{region}/shops":  {"region", open(), []string{"?q=국밥", "?category=cafe", "?after=dir_A1"}},
		"GET /shops/{entry}":     {"entry", open(), nil},
		"GET /robots.txt":        {"", open(), nil}, "GET /sitemap.xml": {"", open(), nil},
		"GET /sitemap/{page}":       {"sitemap", open(ok, no404), nil},
		"GET /letters/off":          {"", open(no404), []string{"?t=x"}},
		"GET /letters/off/wishes":   {"", open(no404), []string{"?who=x"}},
		"GET /notices":              {"", signed(), nil},
		"GET /office/claim/{entry}": {"entry", signed(), nil},
		"/api/v1/":                  {"", open(no404), nil},
		"GET /assets/":              {"", open(ok, no404), []string{"app.css", "no.css"}},
		"GET /art/":                 {"", open(ok, no404), []string{"noodle/1.svg", "x"}},
		"GET /photos/":              {"", open(no404), []string{"x"}},
		"GET /stories/{$}":          {"", open(), nil}, "GET /stories/{group}/{name}": {"story", open(), nil},
		"/":                  {"", func(*person, sample) []int { return []int{no404} }, nil},
		"GET /healthz":       {"", open(nothing), nil},
		"GET /readyz":        {"", open(), nil},
		"GET /lang/{lang}":   {"lang", open(led), nil},
		"GET /api":           {"", open(), nil},
		"GET /live":          {"", open(ok, unasked), []string{"?topics=deal:x", "?topics=deal:x,region:y"}},
		"GET /live/delay":    {"", open(), nil},
		"GET /outbox":        {"", open(), nil},
		"GET /outbox/{mail}": {"mail", open(), nil},
		"GET /demo":          {"", open(), nil},
		"GET /{$}":           {"", open(), []string{"?region=district_11040", "?tab=all"}},
		"GET /trust":         {"", open(), nil},
		"GET /regions":       {"", open(), []string{"?q=성수", "?near=37.5,127.0"}},
		"GET /search":        {"", open(), []string{"?q=국수", "?q=커피+성수", "?q=ㄱㅅ", "?q=noodle&sort=price"}},
		"GET /r/{region}":    {"region", open(), nil},
		"GET /signin":        {"", open(ok, led), []string{"?next=%2Foffice"}},
		"GET /signup":        {"", open(ok, led), nil},
		"GET /signup/sent":   {"", open(), nil}, "GET /signup/confirm": {"", open(gone), []string{"?t=x"}},
		"GET /forgot": {"", open(), nil}, "GET /forgot/sent": {"", open(), nil},
		"GET /reset": {"", open(gone), []string{"?t=x"}}, "GET /setup": {"", open(gone), []string{"?t=x"}},
		"GET /me": {"", open(ok, led), nil}, "GET /account": {"", signed(), nil},
		"GET /invitation": {"", open(gone), []string{"?t=x"}},

		"GET /d/{deal}": {"deal", seen(), nil}, "GET /d/{deal}/card.png": {"deal", seen(), nil},
		"GET /d/{deal}/part/{part}": {"part", seen(), nil},
		"GET /kept":                 {"", signed(), nil}, "GET /m/{slug}": {"slug", seen(), nil},
		"GET /m/{slug}/colour.css": {"slug", seen(), nil},
	}
	for _, more := range []map[string]page{shopperPages(), shopPages(), operatorPages(), interfacePages(), wishPages(),
		sharePages(), fundPages(), wantedPages(), tenderPages()} {
		for pattern, line := range more {
			list[pattern] = line
		}
	}
	return list
}

func shopperPages() map[string]page {
	return map[string]page{
		"GET /d/{deal}/order": {"deal", guestsLed(seen(led)), nil},
		"GET /d/{deal}/room":  {"deal", seen(), nil}, "GET /d/{deal}/room/part": {"deal", seen(), nil},
		"GET /d/{deal}/draw": {"deal", seen(), nil}, "GET /d/{deal}/draw.txt": {"deal", seen(), nil},
		"GET /o/{order}/pay":  {"order", own(right.OrderPay, led), nil},
		"GET /o/{order}/done": {"order", own(right.OrderPay, led), nil},
		"GET /o/{order}/part": {"order", own(right.OrderPay), nil},
		"GET /pay/{payment}/return": {"payment", own(right.OrderPay, led, http.StatusConflict),
			[]string{"?orderId=x&amount=-1&paymentKey=x"}},
		"GET /pay/{payment}/fail": {"payment", own(right.OrderPay, led), []string{"?code=PAY_PROCESS_CANCELED"}},
		"GET /interest":           {"", signed(), nil},
		"GET /orders":             {"", signed(), []string{"?before=ord_5"}},
		"GET /orders/{order}":     {"order", mine(right.OrderView), nil},
		"GET /orders/{order}/refund": {"order", mine(right.OrderRefund, led, http.StatusConflict),
			nil},
		"GET /vouchers":                  {"", signed(), []string{"?show=ended", "?show=ended&before=vou_5"}},
		"GET /vouchers/{voucher}":        {"voucher", mine(right.VoucherView), nil},
		"GET /vouchers/{voucher}/part":   {"voucher", mine(right.VoucherView), nil},
		"GET /vouchers/{voucher}/refund": {"voucher", mine(right.VoucherRefund, led, http.StatusConflict), nil},
		"GET /vouchers/worker.js":        {"", open(), nil},
		"GET /feedback":                  {"", signed(), nil},
		"GET /feedback/{ask}":            {"ask", mine(right.FeedbackGive), []string{"?satisfaction=4"}},
		"GET /feedback/{ask}/shop":       {"shopask", may(right.FeedbackAnswer), nil},
	}
}

func shopPages() map[string]page {
	return map[string]page{
		"GET /counter": {"", signed(ok, led), []string{"?change=1"}}, "GET /counter/scan": {"", signed(ok, led), nil},
		"GET /counter/today": {"", signed(ok, http.StatusConflict), nil},

		"GET /office": {"", desk(right.MerchantView), nil}, "GET /office/choose": {"", desk(right.MerchantView), nil},
		"GET /office/new": {"", signed(ok, led), nil}, "GET /office/shop": {"", signed(led, ok), nil},
		"GET /office/words":                        {"", desk(right.FeedbackView), []string{"?before=1800000000000000"}},
		"GET /office/deals":                        {"", desk(right.DealView), []string{"?state=on_sale", "?tab=ended"}},
		"GET /office/deals/new":                    {"", desk(right.DealEdit), nil},
		"GET /office/deals/{deal}":                 {"deal", desk(right.DealView), nil},
		"GET /office/deals/{deal}/change":          {"deal", desk(right.DealEdit, led, http.StatusConflict), nil},
		"GET /office/deals/{deal}/sales":           {"deal", desk(right.DealSales), []string{"?after=ord_9&passed=25"}},
		"GET /office/deals/{deal}/sales.csv":       {"deal", desk(right.DealSales), nil},
		"GET /office/deals/{deal}/short":           {"deal", desk(right.DealView, led), nil},
		"GET /office/money":                        {"", desk(right.StatementView), []string{"?before=9"}},
		"GET /office/money/{statement}":            {"statement", desk(right.StatementView), []string{"?after=1"}},
		"GET /office/money/{statement}/lines.csv":  {"statement", desk(right.StatementView), nil},
		"GET /office/money/{statement}/lines.xlsx": {"statement", desk(right.StatementView), nil},
		"GET /office/shop/{shop}":                  {"shop", may(right.MerchantView), nil},
		"GET /office/shop/{shop}/register":         {"shop", may(right.MerchantClaim, led), []string{"?q=국밥"}},
		"GET /office/shop/{shop}/bank":             {"shop", may(right.MerchantBankView), nil},
		"GET /office/shop/{shop}/business":         {"shop", may(right.MerchantEdit), nil},
		"GET /office/shop/{shop}/people":           {"shop", may(right.MerchantPeople), nil},
		"GET /office/shop/{shop}/photos":           {"shop", may(right.MerchantEdit), nil},
		"GET /office/shop/{shop}/places":           {"shop", may(right.MerchantView), nil},
		"GET /office/shop/{shop}/places/{branch}":  {"branch", may(right.MerchantEdit), nil},
		"GET /office/shop/{shop}/story":            {"shop", may(right.MerchantEdit), nil},
	}
}

func operatorPages() map[string]page {
	return map[string]page{
		"GET /admin":                  {"", console(right.ConsoleView), nil},
		"GET /admin/audit":            {"", console(right.ConsoleAudit), []string{"?before=aud_9", "?q=deal"}},
		"GET /admin/deals":            {"", console(right.ConsoleView), []string{"?state=on_sale", "?state=submitted"}},
		"GET /admin/claims":           {"", console(right.ConsoleView), nil},
		"GET /admin/deals/{deal}":     {"deal", console(right.ConsoleView), nil},
		"GET /admin/merchants":        {"", console(right.ConsoleView), []string{"?state=approved", "?q=국수"}},
		"GET /admin/merchants/{shop}": {"shop", console(right.ConsoleView), nil},
		"GET /admin/money":            {"", console(right.ConsoleMoney), nil},
		"GET /admin/money/interest":   {"", console(right.ConsoleMoney), []string{"?after=itr_5"}},
		"GET /admin/work":             {"", console(right.ConsoleJob), nil},
		"GET /admin/rooms":            {"", console(right.ConsoleView), nil},
	}
}

func interfacePages() map[string]page {
	return map[string]page{
		"GET /api/v1/openapi.json": {"", open(), nil}, "GET /api/v1/openapi.yaml": {"", open(), nil},
		"GET /api/v1/openapi-3.0.json": {"", open(), nil}, "GET /api/v1/openapi-3.0.yaml": {"", open(), nil},
		"GET /api/v1/deals":            {"", open(), []string{"?limit=50", "?region=district_11040", "?q=국수"}},
		"GET /api/v1/deals/{id}":       {"deal", seen(), nil},
		"GET /api/v1/deals/{id}/queue": {"deal", token(seen()), nil},
		"GET /api/v1/events":           {"", token(open()), nil},
		"GET /api/v1/orders":           {"", token(open()), []string{"?before=ord_5"}},
		"GET /api/v1/orders/{id}":      {"order", token(mine(right.OrderView)), nil},
		"GET /api/v1/statements":       {"", token(open(ok, unasked, no403)), nil},
		"GET /api/v1/statements/{id}":  {"statement", token(may(right.StatementView)), nil},
		"GET /api/v1/vouchers":         {"", token(open()), nil},
	}
}
