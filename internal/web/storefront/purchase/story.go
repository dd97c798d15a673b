package purchase

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// StoryPage is the frame around every fixture of the shop window.
func StoryPage(loc ui.Loc, now time.Time) ui.Page {
	return ui.Page{Title: "손칼국수 두 그릇에 만두", Loc: loc, Now: now, Path: "/", NoIndex: true,
		Place: ui.Place{Name: "성수동", Href: "/regions"}, Viewer: &ui.Viewer{Name: "서연", Href: "/me", Unread: 2},
		Seller: ui.Seller{Name: "성수상인회", Head: "김두레", Number: "123-45-67890", Broker: true,
			Links: []ui.Link{{Label: "지금 보관 중인 돈", Href: "/trust"}}}}
}

// Stories are the states of the way to a paid order.
func Stories(now time.Time) []ui.Story {
	whole := func(name string, render func(ui.Page) templ.Component) ui.Story {
		return ui.Story{Group: "purchase", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			page := StoryPage(loc, now)
			page.Back = "/d/dea_noodle"
			return render(page)
		}}
	}
	out := []ui.Story{
		whole("choose", func(p ui.Page) templ.Component { return orderPage(p, storyChoice(now)) }),
		whole("choose-error", func(p ui.Page) templ.Component {
			c := storyChoice(now)
			c.Quantity = "1,000,000"
			c.Problems = request.Problems{
				{Field: "quantity", Message: p.Loc.T("order.limit", "Max", int64(2), "Left", int64(1))},
				{Field: "agree", Message: p.Loc.T("order.agree")},
			}
			return orderPage(p, c)
		}),
		whole("pay", func(p ui.Page) templ.Component { return payPageOf(p, storyPurchase(now, nil)) }),
		whole("pay-unreachable", func(p ui.Page) templ.Component {
			one := storyPurchase(now, nil)
			one.Problem = p.Loc.T("payment.unreachable")
			return payPageOf(p, one)
		}),
	}
	for _, one := range storyEnds() {
		out = append(out, whole(one.name, func(p ui.Page) templ.Component {
			return donePage(p, storyPurchase(now, one.change))
		}))
	}
	return out
}

func storyCard(now time.Time) catalog.Card {
	return catalog.Card{Title: "손칼국수 두 그릇에 만두 한 접시", CategoryID: "eat.noodle", MerchantName: "할매손칼국수",
		Price: 19_900, ListPrice: 32_000, Options: 2, Deal: deal.Deal{ID: "dea_noodle", State: deal.OnSale, TermsVersion: 1,
			ThresholdKind: deal.ThresholdPeople, Threshold: 30, People: 24, PaidUnits: 28, Capacity: 100, PerPerson: 2,
			StartsAt: now.AddDate(0, 0, -4), EndsAt: now.AddDate(0, 0, 3)}}
}

func storyTerms() deal.Terms {
	return deal.Terms{Version: 1, Title: "손칼국수 두 그릇에 만두 한 접시", ValidDays: 400, RefundProfile: "std2025",
		Rules: hours.Rules{Weekdays: []int{2, 3, 4, 5, 6}, From: "11:00", To: "21:00"}}
}

func storyChoice(now time.Time) choice {
	options := []deal.Option{{ID: "opt_1", Name: "한 그릇에 만두 반 접시", Price: 10_900, Quantity: 40, Uses: 1},
		{ID: "opt_2", Name: "두 그릇에 만두 한 접시", Price: 19_900, Quantity: 40, Uses: 1},
		{ID: "opt_3", Name: "네 그릇에 수육까지, 두 번에 나누어", Price: 39_900, Quantity: 9, PaidUnits: 9, Uses: 2}}
	return choice{Sheet: catalog.Sheet{Card: storyCard(now), Terms: storyTerms(), Options: options}, OptionID: "opt_2",
		Quantity: "1", Key: "key_story", Now: now}
}

func storyPurchase(now time.Time, change func(*purchase)) purchase {
	p := purchase{Now: now, Card: storyCard(now), Terms: storyTerms(),
		Option: deal.Option{ID: "opt_2", Name: "두 그릇에 만두 한 접시", Price: 19_900},
		Order: order.Order{ID: market.OrderID("ord_01k0000000000000004kxq9m2p"), DealID: "dea_noodle", State: order.Held,
			Quantity: 2, UnitPrice: 19_900, Amount: 39_800, HoldUntil: now.Add(9 * time.Minute)}}
	if change != nil {
		change(&p)
	}
	return p
}

type storyEnd struct {
	name   string
	change func(*purchase)
}

func storyEnds() []storyEnd {
	ended := func(state payment.State, code string) []payment.Payment {
		return []payment.Payment{{State: state, OutcomeCode: code}}
	}
	return []storyEnd{
		{"done-joined", func(p *purchase) { p.Order.State, p.First = order.Paid, true }},
		{"done-opened", func(p *purchase) {
			p.Order.State, p.First = order.Paid, true
			p.Card.Deal.People, p.Card.Deal.TippedAt = 30, p.Now
		}},
		{"done-pending", func(p *purchase) { p.Attempts = ended(payment.Confirming, "") }},
		{"done-declined", func(p *purchase) { p.Attempts = ended(payment.Declined, "REJECT_CARD_COMPANY") }},
		{"done-late", func(p *purchase) { p.Order.State, p.Attempts = order.Lapsed, ended(payment.Expired, "late") }},
		{"done-back", func(p *purchase) {
			p.Order.State = order.Lapsed
			p.Refunds = []payment.Refund{{Cause: payment.CauseLateMoney, Amount: 39_800}}
		}},
		{"done-lapsed", func(p *purchase) { p.Order.State = order.Lapsed }},
		{"done-huge", func(p *purchase) {
			p.Order.State, p.Order.Quantity, p.Order.Amount = order.Refunded, 100, 123_456_789_000
			p.Order.UnitPrice = 1_234_567_890
		}},
	}
}
