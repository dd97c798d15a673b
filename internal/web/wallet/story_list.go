package wallet

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/wallet"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands.
func storyNow() time.Time { return time.Date(2026, time.November, 20, 12, 4, 0, 0, voucher.Zone) }

// Stories are the pages of the wallet from fixtures: every state of a voucher and of an order, empty, long, huge and
// wrong.
func Stories() []ui.Story {
	list := []ui.Story{
		page("voucher-list", func(loc ui.Loc, p ui.Page) templ.Component {
			return voucherListPage(p, storyVouchers(loc, false))
		}),
		page("voucher-list-ended", func(loc ui.Loc, p ui.Page) templ.Component {
			return voucherListPage(p, storyVouchers(loc, true))
		}),
		page("voucher-list-empty", func(_ ui.Loc, p ui.Page) templ.Component {
			return voucherListPage(p, voucherListView{})
		}),
		page("orders", func(loc ui.Loc, p ui.Page) templ.Component { return orderListPage(p, storyOrders(loc), ui.Pager{}) }),
		page("orders-empty", func(_ ui.Loc, p ui.Page) templ.Component { return orderListPage(p, nil, ui.Pager{}) }),
		page("refund", func(loc ui.Loc, p ui.Page) templ.Component { return refundPage(p, storyRefund(loc, nil)) }),
		page("refund-error", func(loc ui.Loc, p ui.Page) templ.Component {
			text := loc.T("wallet.refund.changed", "Won", int64(19_900))
			return refundPage(p, storyRefund(loc, []ui.FieldError{{Message: text}}))
		}),
		page("feedback-list", func(loc ui.Loc, p ui.Page) templ.Component {
			return feedbackListPage(p, []askView{storyAsk(loc)}, []askView{{Href: "#", Title: "2026년 10월", Shop: "할매손칼국수"}})
		}),
		page("feedback-list-empty", func(_ ui.Loc, p ui.Page) templ.Component { return feedbackListPage(p, nil, nil) }),
		page("feedback", func(loc ui.Loc, p ui.Page) templ.Component { return feedbackPage(p, storyAsk(loc)) }),
		page("feedback-error", func(loc ui.Loc, p ui.Page) templ.Component {
			v := storyAsk(loc)
			v.Problems = []ui.FieldError{{Field: "satisfaction", Message: loc.T("feedback.satisfaction")}}
			return feedbackPage(p, v)
		}),
		page("feedback-shop", func(loc ui.Loc, p ui.Page) templ.Component { return feedbackShopPage(p, storyAsk(loc)) }),
		page("feedback-done", func(loc ui.Loc, p ui.Page) templ.Component {
			return feedbackDonePage(p, storyAsk(loc), bothOf(loc, catalog.Satisfaction{GuestsAnswered: 132, GuestsSum: 634,
				ShopAnswered: 4, ShopSum: 18}))
		}),
	}
	list = append(list, interestStories()...)
	tickets, receipts := storyTickets(), storyReceipts()
	for _, name := range slices.Sorted(maps.Keys(tickets)) {
		t := tickets[name]
		list = append(list, page("voucher-"+name, func(loc ui.Loc, p ui.Page) templ.Component {
			v, err := newTicketView(loc, t, storyNow())
			return orError(ticketPage(p, v), err)
		}))
	}
	for _, name := range slices.Sorted(maps.Keys(receipts)) {
		o := receipts[name]
		list = append(list, page("order-"+name, func(loc ui.Loc, p ui.Page) templ.Component {
			v := newReceiptView(loc, o, storyNow())
			if o.State == order.Held {
				v.PayHref = "#"
			}
			p.Back, p.Heading = "/orders", loc.T("wallet.receipt")
			return orderPage(p, v)
		}))
	}
	return list
}

func page(name string, render func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Group: "wallet", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
		return render(loc, ui.Page{Title: name, Loc: loc, Now: storyNow(), NoIndex: true, Path: "/vouchers",
			Viewer: &ui.Viewer{Name: "서연", Href: "/me", Unread: 2}, Seller: ui.Seller{Name: "성수상인회"}})
	}}
}

func orError(content templ.Component, err error) templ.Component {
	if err == nil {
		return content
	}
	return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
}

func storyBought(title string) catalog.Bought {
	return catalog.Bought{OrderID: "ord_story", DealID: "dea_story", MerchantID: "mer_story", Title: title,
		Option: "두 그릇 세트", Uses: 1, MerchantName: "할매손칼국수", EndsAt: storyNow().Add(50 * time.Hour)}
}

const storyTitle = "손칼국수 두 그릇에 만두 한 접시"

func storyPlaces() []catalog.Place {
	return []catalog.Place{{ID: "brn_story", Name: "성수 본점", Address: "서울 성동구 성수이로 18길 7", Phone: "0212345678"}}
}

// storyTicket is an active voucher; change makes it another.
func storyTicket(change func(*wallet.Ticket)) wallet.Ticket {
	now := storyNow()
	t := wallet.Ticket{Mine: true, Bought: storyBought(storyTitle), Places: storyPlaces(),
		Seller: catalog.Seller{Name: "할매손칼국수", Phone: "0212345678"},
		Deal: deal.Deal{ID: "dea_story", ThresholdKind: deal.ThresholdPeople, Threshold: 30, People: 43,
			TippedAt: now.Add(-20 * time.Hour), EndsAt: now.Add(50 * time.Hour)}}
	t.Voucher = voucher.Voucher{ID: "vch_01jcstory0000000000000000a", OrderID: "ord_story", DealID: "dea_story",
		Price: 19_900, UnitsTotal: 1, State: voucher.Active, ValidDays: 375, PaidAt: now.Add(-51 * time.Hour),
		ActiveAt: now.Add(-20 * time.Hour), ValidUntil: time.Date(2027, time.December, 1, 0, 0, 0, 0, voucher.Zone),
		Rules: hours.Rules{Weekdays: []int{0, 2, 3, 4, 5, 6}, From: "11:00", To: "21:00",
			Blackout: []string{"2027-02-06", "2027-09-15"}}}
	if change != nil {
		change(&t)
	}
	if t.Open() {
		keys := voucher.NewKeys([]byte(strings.Repeat("stories!", 4)))
		t.Face, t.Code = keys.Face(t.ID), keys.Code(t.ID)
		t.FaceB, _ = keys.FaceB(t.Voucher, now) // the fixture's id is well formed
	}
	return t
}

func storyTickets() map[string]wallet.Ticket {
	now := storyNow()
	use := func(state voucher.RedemptionState) voucher.Redemption {
		return voucher.Redemption{BranchID: "brn_story", Units: 1, Price: 19_900, State: state, At: now.Add(-2 * time.Hour),
			AnnulledAt: now.Add(-110 * time.Minute), AnnulReason: "메뉴를 바꾸셔서"}
	}
	back := payment.Refund{Amount: 19_900, Cause: payment.CauseBuyer, State: payment.RefundSent,
		RequestedAt: now.Add(-time.Hour), DueAt: now.Add(80 * time.Hour)}
	done := back
	done.State, done.AcceptedAt, done.Interest = payment.RefundAccepted, now.Add(-time.Minute), 12
	return map[string]wallet.Ticket{
		"active": storyTicket(nil),
		"issued": storyTicket(func(t *wallet.Ticket) {
			t.State, t.ActiveAt, t.ValidUntil = voucher.Issued, time.Time{}, time.Time{}
			t.Deal.TippedAt, t.Deal.People = time.Time{}, 23
		}),
		"used": storyTicket(func(t *wallet.Ticket) {
			t.State, t.UnitsUsed, t.Uses = voucher.Used, 1, []voucher.Redemption{use(voucher.Accepted)}
			t.Asks = []feedback.Ask{{ID: "ask_story", State: feedback.Open, AskedAt: now.Add(-2 * time.Hour)}}
		}),
		"undone":         storyTicket(func(t *wallet.Ticket) { t.Uses = []voucher.Redemption{use(voucher.Annulled)} }),
		"refund-pending": storyTicket(func(t *wallet.Ticket) { t.State, t.Refund = voucher.RefundPending, &back }),
		"refunded":       storyTicket(func(t *wallet.Ticket) { t.State, t.Refund = voucher.Refunded, &done }),
		"expired": storyTicket(func(t *wallet.Ticket) {
			t.State, t.ValidUntil = voucher.Expired, now.Add(-72*time.Hour)
		}),
		"blocked": storyTicket(func(t *wallet.Ticket) { t.State = voucher.Blocked }),
		"many-uses": storyTicket(func(t *wallet.Ticket) {
			t.UnitsTotal, t.UnitsUsed, t.Price, t.Bought.Option = 10, 3, 90_000, "아메리카노 열 잔"
			t.Bought.Title = "동네 커피 열 잔 이용권"
			x := use(voucher.Accepted)
			x.Price = 9_000
			t.Uses = []voucher.Redemption{x, x, x}
		}),
		"long-huge": storyTicket(func(t *wallet.Ticket) {
			t.Bought.Title = "아주아주긴이름의손칼국수와왕만두와수육과보쌈과막걸리까지한상가득차린잔치상네사람몫"
			t.Bought.MerchantName = "서울특별시성동구성수동할매할배손칼국수와만두와수육의집"
			t.UnitsTotal, t.Price = 100, 100_000_000
			t.Rules = hours.Rules{Weekdays: []int{2, 4}, From: "22:00", To: "04:00", Blackout: []string{"2026-12-24",
				"2026-12-25", "2026-12-31", "2027-01-01", "2027-02-06", "2027-02-07", "2027-02-08", "2027-09-15"}}
			t.Places = append(t.Places, catalog.Place{ID: "brn_2", Name: "세상에서이름이가장긴지점인뚝섬유원지역앞둘째가게",
				Address: "서울특별시 광진구 자양동 강변북로 아래 한강공원 안내센터 옆 두 번째 건물 지하 1층 102호"})
		}),
	}
}

func storyReceipt(change func(*wallet.Receipt)) wallet.Receipt {
	now := storyNow()
	t := storyTicket(nil)
	o := wallet.Receipt{Bought: t.Bought, Deal: t.Deal, Places: t.Places,
		Seller: catalog.Seller{Name: "할매손칼국수", Representative: "김순자", Number: "1234567891", Phone: "0212345678",
			Email: "noodle@example.com"}}
	o.Order = order.Order{ID: "ord_01jcstory0000000004kxq9m2p", DealID: "dea_story", Quantity: 2, UnitPrice: 19_900,
		Amount: 39_800, State: order.Paid, CreatedAt: now.Add(-52 * time.Hour), HoldUntil: now.Add(6 * time.Minute)}
	o.Payments = []payment.Payment{{State: payment.Captured, Gateway: "sandbox", Amount: 39_800,
		CapturedAt: now.Add(-51 * time.Hour)}}
	second := t.Voucher
	second.ID = "vch_01jcstory0000000000000000b"
	o.Vouchers = []voucher.Voucher{t.Voucher, second}
	if change != nil {
		change(&o)
	}
	return o
}

func storyReceipts() map[string]wallet.Receipt {
	now := storyNow()
	back := payment.Refund{Amount: 19_900, Cause: payment.CauseBuyer, State: payment.RefundDecided,
		RequestedAt: now.Add(-time.Hour), DueAt: now.Add(80 * time.Hour)}
	waits := func(o *wallet.Receipt) {
		o.Deal.TippedAt, o.Deal.People = time.Time{}, 23
		for i := range o.Vouchers {
			o.Vouchers[i].State, o.Vouchers[i].ActiveAt, o.Vouchers[i].ValidUntil = voucher.Issued, time.Time{}, time.Time{}
		}
	}
	bare := func(state order.State) func(*wallet.Receipt) {
		return func(o *wallet.Receipt) { o.State, o.Vouchers, o.Payments = state, nil, nil }
	}
	return map[string]wallet.Receipt{
		"paid": storyReceipt(nil), "gathering": storyReceipt(waits), "held": storyReceipt(bare(order.Held)),
		"lapsed": storyReceipt(bare(order.Lapsed)), "cancelled": storyReceipt(bare(order.Cancelled)),
		"confirming": storyReceipt(func(o *wallet.Receipt) {
			o.State, o.Vouchers, o.Payments[0].State = order.Held, nil, payment.Confirming
		}),
		"part-refunded": storyReceipt(func(o *wallet.Receipt) {
			o.RefundedUnits, o.RefundedWon, o.Refunds = 1, 19_900, []payment.Refund{back}
			o.Vouchers[0].State = voucher.RefundPending
		}),
		"failed-to-tip": storyReceipt(func(o *wallet.Receipt) {
			waits(o)
			one := back
			one.Amount, one.Cause = 39_800, payment.CauseFailedToTip
			o.State, o.RefundedUnits, o.RefundedWon, o.Refunds = order.Refunded, 2, 39_800, []payment.Refund{one}
			for i := range o.Vouchers {
				o.Vouchers[i].State = voucher.RefundPending
			}
		}),
		"huge": storyReceipt(func(o *wallet.Receipt) {
			o.Bought.Title, o.Quantity, o.UnitPrice, o.Amount = strings.Repeat("아주긴이름의", 9), 100, 100_000_000, 10_000_000_000
		}),
	}
}

func storyVouchers(loc ui.Loc, ended bool) voucherListView {
	view := voucherListView{Ended: ended}
	for _, name := range []string{"active", "many-uses", "issued", "refund-pending", "long-huge", "used", "refunded",
		"expired"} {
		t := storyTickets()[name]
		if t.Open() {
			view.Live++
		}
		if t.Open() != ended {
			view.Lines = append(view.Lines, voucherLine(loc, wallet.Stub{Voucher: t.Voucher, Bought: t.Bought}, storyNow()))
		}
	}
	return view
}

func storyOrders(loc ui.Loc) []lineView {
	var out []lineView
	for _, name := range []string{"held", "gathering", "paid", "part-refunded", "failed-to-tip", "lapsed", "huge"} {
		o := storyReceipts()[name]
		o.Bought.TippedAt = o.Deal.TippedAt
		out = append(out, orderLine(loc, wallet.Purchase{Order: o.Order, Bought: o.Bought}, storyNow()))
	}
	return out
}

func storyRefund(loc ui.Loc, errors []ui.FieldError) refundView {
	t := storyTickets()["many-uses"]
	v := newRefundView(loc, refund.Preview{Vouchers: []voucher.Voucher{t.Voucher}, Amount: t.LeftWon(),
		DueAt: storyNow().Add(80 * time.Hour)})
	v.Title, v.Back, v.Action, v.Key, v.Errors = t.Bought.Title, "#", "#", "key_story", errors
	return v
}

func storyAsk(loc ui.Loc) askView {
	a := newAskView(loc, feedback.Ask{ID: "ask_story", AskedAt: storyNow().Add(-26 * time.Hour),
		MerchantID: market.MerchantID("mer_story")}, storyBought(storyTitle), storyNow())
	a.Key = "key_story"
	return a
}
