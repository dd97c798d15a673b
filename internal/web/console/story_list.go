package console

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/console/rooms"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands: a Thursday evening in Seoul.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// Stories are the console's pages from fixtures: normal, empty, long, huge and wrong.
func Stories() []ui.Story {
	list := append(homeStories(), dealStories()...)
	list = append(list, moneyStories()...)
	list = append(list, workStories()...)
	list = append(list, rooms.Stories(storyNow(), story)...)
	for i := range list {
		list[i].Group, list[i].Whole = "console", true
	}
	return list
}

func story(name, here string, content func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Name: name, Render: func(loc ui.Loc) templ.Component {
		return content(loc, ui.Page{Title: loc.T("console.title"), Loc: loc, Now: storyNow(), NoIndex: true, Path: here,
			NavTitle: loc.T("console.title"), NavNote: loc.T("console.note"), Nav: Nav(loc, here),
			Viewer: &ui.Viewer{Name: "나누리", Href: "/me"}, Seller: ui.Seller{Name: "성수상인회", Broker: true}})
	}}
}

func longName() string {
	return strings.Repeat("아주아주 오래 끓인 멸치 육수에 손으로 민 ", 2) + "칼국수와 만두"
}

func homeStories() []ui.Story {
	home := func(name string, v homeView, times int64, title string) ui.Story {
		return story(name, "/admin", func(loc ui.Loc, p ui.Page) templ.Component {
			if times > 0 {
				v.Coverage, v.Events = loc.Percent(10_240), storyEvents(loc, times, title)
			}
			return homePage(p, v)
		})
	}
	return []ui.Story{
		home("home", homeView{Money: true, Queue: 3, Owed: 48_215_000, Assets: 49_372_160, Buffer: 1_157_160}, 1, "할매손칼국수"),
		home("home-empty", homeView{Money: true}, 0, ""),
		home("home-support", homeView{Queue: 1, Disputes: 2}, 1, "할매손칼국수"),
		home("home-short", homeView{Money: true, Queue: 12, Held: 4, Stuck: 2, Open: 7, Owed: 48_215_000, Assets: 47_000_000,
			Buffer: -1_215_000}, 1, "할매손칼국수"),
		home("home-huge", homeView{Money: true, Queue: 200, Held: 12_345, Stuck: 6_789, Open: 98_765, Owed: 9_876_543_210_000,
			Assets: 9_976_543_210_000, Buffer: 100_000_000_000}, 54_321, longName()),
	}
}

func storyEvents(loc ui.Loc, times int64, shop string) []ui.Event {
	now := storyNow()
	line := func(kind string, tone ui.Tone, won int64, ago time.Duration) ui.Event {
		return ui.Event{Who: shop, Tone: tone, At: now.Add(-ago), Now: now, Won: loc.Won(won * times), Minus: won < 0,
			Plus: tone == ui.Act, Text: loc.T("console.event."+kind, "Units", times, "To", loc.T("console.payout.sent"))}
	}
	return []ui.Event{line("order.paid", ui.Gather, 19_900, time.Minute), line("voucher.redeemed", ui.Act, 17_274,
		9*time.Minute), line("order.refund_decided", ui.Loss, -19_900, time.Hour), line("payout.moved", ui.Info, 310_932,
		9*time.Hour), line("statement.issued", ui.Info, 310_932, 18*time.Hour)}
}

func storyDeal(state deal.State, title string, times int64) catalog.Card {
	return catalog.Card{Title: title, MerchantName: "할매손칼국수", Price: 19_900 * times, ListPrice: 32_000 * times,
		Asked: catalog.Satisfaction{GuestsAnswered: 132, GuestsSum: 634},
		Deal: deal.Deal{ID: market.DealID("dea_" + string(state)), MerchantID: "mer_1", State: state, TermsVersion: 1,
			ThresholdKind: deal.ThresholdPeople, Threshold: 30 * times, Capacity: 100 * times, PerPerson: 2, Score: 87,
			ScoreParts: `{"satisfaction":95,"promises":98,"region":75,"category":66}`, People: 43 * times, PaidUnits: 51 * times,
			PaidWon: 1_014_900 * times, StartsAt: deal.WindowStart("2026-11-23"), EndsAt: deal.WindowEnd("2026-11-29"),
			CreatedAt: storyNow().Add(-50 * time.Hour)}}
}

func storyOffer(title string, times int64) deal.Offer {
	return deal.Offer{Title: title, Summary: "점심에 두 사람이 든든하게", PriceBasis: "차림표에 적힌 값", ValidDays: 365,
		MerchantShareBP: 10_000, Story: "스무 해째 새벽마다 육수를 내고,\n주문이 들어오면 그때 면을 밀어요.",
		Options: []deal.OptionOffer{
			{Name: "두 그릇에 만두", ListPrice: 32_000 * times, Price: 19_900 * times, Quantity: 80 * times},
			{Name: "한 그릇", ListPrice: 11_000 * times, Price: 7_900 * times, Quantity: 20 * times}}}
}

func storyTables(times int64) []deal.Table {
	return []deal.Table{
		{ListPrice: 32_000 * times, Price: 19_900 * times, CommissionBP: 1200, Commission: 2_388 * times,
			CommissionVAT: 238 * times, Net: 17_274 * times},
		{ListPrice: 11_000 * times, Price: 7_900 * times, CommissionBP: 1200, Commission: 948 * times,
			CommissionVAT: 94 * times, Net: 6_858 * times, Loss: true}}
}

func reviewOf(state deal.State, title string, times int64) dealView {
	card := storyDeal(state, title, times)
	return dealView{Deal: card.Deal, Offer: storyOffer(title, times), Card: card, Tables: storyTables(times), Place: 3,
		Key: "k", Now: storyNow(), History: []deal.LogLine{{Action: "submit", At: storyNow().Add(-40 * time.Hour)},
			{Action: "price_refused", Detail: "19,900 → 9,900", At: storyNow().Add(-30 * time.Hour)}}}
}

// asked is a request to change everything that a shop may change.
func asked(title, why string) *changeView {
	now := deal.Terms{Title: "손칼국수 두 그릇에 만두 한 접시", Summary: "점심 두 사람", Story: "국물이 진해요.", ValidDays: 180,
		Pictures: []string{"/art/noodle/1.svg"},
		Rules:    hours.Rules{Weekdays: []int{1, 2, 3, 4, 5}, From: "11:00", To: "15:00"},
		Branches: []market.BranchID{"bra_1"}}
	next := deal.Terms{Title: title, Summary: "점심이나 저녁 두 사람", ValidDays: 365, Reason: why,
		Pictures: []string{"/art/noodle/1.svg", "/art/table/2.svg"}, Rules: hours.Rules{Blackout: []string{"2026-12-25"}}}
	return &changeView{Now: now, Next: next, Places: []report.Place{{ID: "bra_1", Name: "본점"}}}
}

func dealStories() []ui.Story {
	list := func(name string, state deal.State, rows ...catalog.Card) ui.Story {
		return story(name, "/admin/deals", func(loc ui.Loc, p ui.Page) templ.Component {
			return dealsPage(p, dealsView{State: state, Rows: rows, Now: storyNow(), Tabs: dealTabs(loc, state)})
		})
	}
	one := func(name string, v dealView, change func(ui.Loc, *dealView)) ui.Story {
		return story(name, "/admin/deals", func(loc ui.Loc, p ui.Page) templ.Component {
			change(loc, &v)
			return dealPage(p, v)
		})
	}
	keep := func(ui.Loc, *dealView) {}
	title := "손칼국수 두 그릇에 만두 한 접시"
	changing := reviewOf(deal.OnSale, title, 1)
	changing.Change = asked("손칼국수와 손만두, 점심 저녁 두 사람", "점심에만 받았더니 저녁 손님이 아쉬워해요.")
	long := reviewOf(deal.OnSale, longName(), 1)
	long.Change = asked(longName(), strings.Repeat("저녁에도 받기로 했어요. ", 20))
	fresh := storyDeal(deal.Submitted, title, 1)
	fresh.Asked, fresh.Deal.StartsAt = catalog.Satisfaction{}, time.Time{}
	return []ui.Story{
		list("deals", deal.Submitted, storyDeal(deal.Submitted, title, 1), fresh), list("deals-empty", deal.Submitted),
		list("deals-long", deal.OnSale, storyDeal(deal.OnSale, longName(), 54_321), storyDeal(deal.OnSale, title, 1)),
		one("deal", reviewOf(deal.Submitted, title, 1), keep), one("deal-huge", reviewOf(deal.OnSale, title, 54_321), keep),
		one("deal-ended", reviewOf(deal.Ended, title, 1), keep),
		one("deal-change", changing, keep), one("deal-change-long", long, keep),
		one("deal-error", reviewOf(deal.Submitted, title, 1), func(loc ui.Loc, v *dealView) {
			v.Sent, v.Typed = "return", "음"
			v.Problems = request.Problems{{Field: "reason", Message: loc.T("deal.reason", "Min", 5, "Max", 500)}}
		}),
	}
}
