package fund

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands.
func storyNow() time.Time { return time.Date(2026, time.November, 20, 12, 4, 0, 0, bizday.Seoul()) }

// Stories are the pages of paying from fixtures: by parcel, at a branch, risen, long and huge, wrong, and each result.
func Stories() []ui.Story {
	list := []ui.Story{
		story("fund-pay", func(_ ui.Loc, v *view) {}),
		story("fund-pay-branch", func(_ ui.Loc, v *view) {
			v.Escrow.Delivery, v.Branch, v.Collect.Most, v.Escrow.MadeToOrder = escrow.AtBranch, "성수 본점", 1, true
			v.Quantity = "1"
		}),
		story("fund-pay-rose", func(_ ui.Loc, v *view) {
			v.Own.Paid = &collect.Order{ID: "ord_1", State: collect.OrderPaid}
			v.Share = escrow.Share{OrderID: "ord_1", State: escrow.Held, Quantity: 2, Paid: 59_800, Amount: 59_800}
			v.Collect.ConsentUntil, v.Escrow.UnitPrice = storyNow().Add(20*time.Hour), 31_000
		}),
		story("fund-pay-huge", func(_ ui.Loc, v *view) {
			v.Wish.Name = "아주 오래 기다린 끝에 함께 들이기로 한 업소용 무선 진공 청소기와 물걸레 한 벌"
			v.Seller.Name = "주식회사 한강이남생활가전유통협동조합연합회"
			v.Escrow.UnitPrice, v.Wish.TopPrice, v.Units, v.Collect.Needs = 99_999_900, 90_000_000, 123_456, 1_000_000
		}),
		story("fund-pay-error", func(loc ui.Loc, v *view) {
			v.Problem, v.Quantity = loc.T("payment.unreachable"), "많이"
			v.Problems = request.Problems{{Field: "quantity", Message: loc.T("fund.quantity", "Max", int64(10))},
				{Field: "name", Message: loc.T("escrow.address", "Max", int64(60))},
				{Field: "agree", Message: loc.T("fund.agree")}}
		}),
	}
	for _, state := range []payment.State{payment.Confirming, payment.Declined, payment.Captured, payment.Expired,
		payment.Intent} {
		list = append(list, page("fund-paid-"+string(state), func(_ ui.Loc, p ui.Page) templ.Component {
			t := storyTill()
			t.Last = payment.Payment{ID: "pay_1", State: state, Amount: 59_800}
			return resultPage(p, t)
		}))
	}
	return list
}

func story(name string, change func(ui.Loc, *view)) ui.Story {
	return page(name, func(loc ui.Loc, p ui.Page) templ.Component {
		v := view{till: storyTill(), typed: typed{Quantity: "2", To: collect.Address{Name: "김서연", Phone: "01012345678",
			Postcode: "04790", Line: "서울 성동구 성수이로 18길 7"}}, Key: "k"}
		change(loc, &v)
		return payPage(p, v)
	})
}

func page(name string, render func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Group: "fund", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
		return render(loc, ui.Page{Title: loc.T("fund.title"), Heading: loc.T("fund.title"), Loc: loc, Now: storyNow(),
			NoIndex: true, Path: "/w/wsh_1/pay", Back: "/w/wsh_1", Viewer: &ui.Viewer{Name: "서연", Href: "/me"},
			Seller: ui.Seller{Name: "성수상인회"}})
	}}
}

func storyTill() till {
	now := storyNow()
	return till{Wish: wish.Wish{ID: "wsh_1", Name: "무선 청소기", State: wish.Paying}, Firm: true, Units: 14, Now: now,
		Collect: collect.Collect{WishID: "wsh_1", Round: 1, State: collect.Open, Needs: 20, Most: 10,
			OpenedAt: now.Add(-20 * time.Hour), Until: now.Add(28 * time.Hour)},
		Escrow: escrow.Escrow{WishID: "wsh_1", Phase: escrow.Paying, Award: escrow.Award{Delivery: escrow.ByParcel,
			UnitPrice: 29_900, ShipBy: now.AddDate(0, 0, 12)}},
		Seller: catalog.Seller{Name: "한강생활", Representative: "박한강", Number: "1234567891", Phone: "0212345678"}}
}
