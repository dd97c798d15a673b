package disputes

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which the stories play: a Thursday evening in Seoul.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

func story(name, here string, render func(loc ui.Loc, p ui.Page) templ.Component) ui.Story {
	return ui.Story{Group: "disputes", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
		return render(loc, ui.Page{Title: loc.T("dispute.nav"), Loc: loc, Now: storyNow(), NoIndex: true, Path: here,
			NavTitle: loc.T("console.title"), Viewer: &ui.Viewer{Name: "나누리", Href: "/me"},
			Seller: ui.Seller{Name: "두레", Broker: true}, Nav: []ui.NavItem{
				{Label: loc.T("dispute.nav"), Href: Path, Icon: "scale", Here: here == Path},
				{Label: loc.T("dispute.wishes.nav"), Href: Wishes, Icon: "hand-heart", Here: here == Wishes}}})
	}}
}

const storyOrder = market.OrderID("ord_01hzzzzzzzzzzzzzzzzzzz4kxq9m2s")

func longName() string {
	return "손으로 하나씩 빚은 아주 길고 긴 이름의 백자 달항아리 작은 것으로 서른 개쯤 있으면 좋겠어요"
}

func storyCase(turn escrow.Turn, times int64) caseView {
	v := caseView{Now: storyNow(), Buyer: "정○", May: turn != escrow.TurnOver}
	ago := func(hours int) time.Time { return storyNow().Add(-time.Duration(hours) * time.Hour) }
	v.Share = escrow.Share{OrderID: storyOrder, WishID: "wsh_1", Quantity: 1, Paid: 15_900 * times, Amount: 15_900 * times,
		PaidAt: ago(200), DeliveredAt: ago(70)}
	v.Wish = wish.Wish{ID: "wsh_1", Name: "백자 달항아리"}
	v.Escrow.CommissionBP, v.Seller = 500, catalog.Seller{Name: "연남 공방"}
	v.Parcels = []deliver.Parcel{{Shipment: escrow.Shipment{Name: parcel.Name{Carrier: "cj", Number: "612345678901"},
		At: ago(100)}, Events: []parcel.Event{{Kind: parcel.Accepted, At: ago(98), Place: "서울 마포"},
		{Kind: parcel.Delivered, At: ago(70), Place: "부천 원미"}}}}
	v.Dispute = &deliver.Case{Dispute: escrow.Dispute{OrderID: storyOrder, WishID: "wsh_1", Reason: escrow.Broken,
		Turn: turn, Amount: 15_900 * times,
		OpenedAt: ago(60), DueAt: storyNow().Add(30 * time.Hour), Offered: true, Offer: 8_000 * times,
		Until: storyNow().AddDate(0, 0, 50)}, File: []escrow.Evidence{
		{Side: escrow.ByBuyer, At: ago(60), Words: "상자를 열어 보니 목이 깨져 있었어요.\n포장은 멀쩡했어요.",
			Pictures: []string{"/art/pottery/1.svg"}},
		{Side: escrow.BySeller, At: ago(40), Words: "보낼 때는 멀쩡했어요. 절반은 돌려 드릴게요.", Pictures: []string{"/art/pottery/2.svg"}},
		{Side: escrow.ByBuyer, At: ago(30), Words: "쓸 수 없어서 전부 돌려받고 싶어요."}}}
	return v
}

// Stories are the pages from fixtures: normal, empty, long, huge, wrong.
func Stories() []ui.Story {
	list := func(name string, rows ...deliver.Quarrel) ui.Story {
		return story(name, Path, func(_ ui.Loc, p ui.Page) templ.Component {
			return listPage(p, listView{Turn: escrow.TurnOperator, Rows: rows, Now: storyNow()})
		})
	}
	one := func(name string, v caseView, change func(loc ui.Loc, v *caseView)) ui.Story {
		return story(name, Path, func(loc ui.Loc, p ui.Page) templ.Component {
			change(loc, &v)
			return casePage(p, v)
		})
	}
	keep := func(ui.Loc, *caseView) {}
	quarrel := func(name string, times int64) deliver.Quarrel {
		return deliver.Quarrel{Dispute: storyCase(escrow.TurnOperator, times).Dispute.Dispute, Wish: wish.Wish{Name: name}}
	}
	weighed := storyCase(escrow.TurnOperator, 1)
	weighed.Back, weighed.Weighed = "10,000", true
	weighed.Split = deliver.Split{ToBuyer: 10_000, ToSeller: 5_576, Commission: 295, VAT: 29}
	over := storyCase(escrow.TurnOver, 1)
	over.Dispute.Outcome, over.Dispute.Refunded, over.Dispute.EndedAt = escrow.OutRuled, 10_000, storyNow()
	over.Dispute.Note = "운송 중에 깨진 것으로 보여 나누었습니다."
	long := storyCase(escrow.TurnOperator, 54_321)
	long.Buyer, long.Seller.Name, long.Wish.Name = longName(), longName(), longName()
	long.Dispute.File[0].Words = strings.Repeat("상자를 열어 보니 깨져 있었어요. ", 60)
	return append([]ui.Story{
		list("list", quarrel("백자 달항아리", 1), quarrel("겨울 딸기 2kg", 3)), list("list-empty"),
		list("list-long", quarrel(longName(), 54_321)),
		one("case", storyCase(escrow.TurnOperator, 1), keep), one("case-weighed", weighed, keep),
		one("case-over", over, keep),
		one("case-huge", long, keep),
		one("case-error", storyCase(escrow.TurnOperator, 1), func(loc ui.Loc, v *caseView) {
			v.Back, v.Note = "99,999", "네"
			v.Problems = request.Problems{
				{Field: "refunded", Message: loc.T("escrow.dispute_ruling", "Max", v.Dispute.Amount)},
				{Field: "note", Message: loc.T("escrow.dispute_note", "Min", int64(10), "Max", int64(2000))}}
		}),
	}, wishStories()...)
}

func storyWish(name string, times int64) wishRow {
	return wishRow{Wish: wish.Wish{ID: "wsh_1", Name: name, Threshold: 30, Firm: 34 * times, State: wish.Bidding},
		Auction: bid.Auction{WishID: "wsh_1", Kind: bid.InTheOpen, State: bid.Open, Quantity: 30, Bids: 2 * times,
			LowestPrice: 15_900 * times, ClosesAt: storyNow().Add(26 * time.Hour)}}
}

func wishStories() []ui.Story {
	late := storyWish("겨울 딸기 2kg", 1)
	late.Auction.ClosesAt = storyNow().Add(-2 * time.Hour)
	sealed := storyWish("도예 수업", 1)
	sealed.Auction.Kind, sealed.Auction.LowestPrice = bid.Sealed, 0
	list := func(name string, rows ...wishRow) ui.Story {
		return story(name, Wishes, func(_ ui.Loc, p ui.Page) templ.Component {
			return wishesPage(p, wishesView{State: wish.Bidding, Rows: rows, Now: storyNow()})
		})
	}
	offer := func(id market.BidID, state bid.BidState, price int64) bid.Bid {
		return bid.Bid{ID: id, WishID: "wsh_1", MerchantID: "mer_1", State: state, At: storyNow().Add(-time.Hour),
			Offer: bid.Offer{UnitPrice: price, QuantityMin: 20, Note: "물레로 하나씩 빚어요."}}
	}
	out := offer("bid_3", bid.Disqualified, 900)
	out.Reason = "다른 가게의 사진을 올렸어요."
	one := func(name string, change func(loc ui.Loc, v *wishView)) ui.Story {
		return story(name, Wishes, func(loc ui.Loc, p ui.Page) templ.Component {
			v := wishView{Row: late, May: true, Now: storyNow(), Sellers: map[market.MerchantID]merchant.Merchant{
				"mer_1": {ID: "mer_1", State: merchant.Draft, Business: merchant.Business{Name: "연남 공방"}}},
				Known: map[market.MerchantID]catalog.Bidder{"mer_1": {Registered: true, Deposit: 12_000}},
				Bids: []bid.Bid{offer("bid_1", bid.Standing, 15_900), {ID: "bid_2", MerchantID: "mer_1", State: bid.Standing,
					Commitment: strings.Repeat("5f", 32), At: storyNow()}, out}}
			change(loc, &v)
			return wishPage(p, v)
		})
	}
	return []ui.Story{
		list("wishes", storyWish("백자 달항아리", 1), late, sealed), list("wishes-empty"),
		list("wishes-long", storyWish(longName(), 12_345)),
		one("wish-down", func(_ ui.Loc, v *wishView) {
			v.MayDown, v.Row.State, v.Row.Outcome = true, wish.Closed, wish.OutcomeTakenDown
			v.Row.Down = wish.Down{At: storyNow(), Ground: wish.GroundGoods, Words: "약국에서만 팔 수 있는 약이에요."}
			v.Said = wish.Said{Name: "수면제 공동구매", Details: "처방 없이 살 수 있는 곳이면 좋겠어요."}
		}),
		one("wish-may", func(_ ui.Loc, v *wishView) { v.MayDown = true }),
		askStory("down", downView{Units: 12}),
		askStory("down-error", downView{Words: "약", Ground: "none", Problems: request.Problems{{Field: "ground",
			Message: "어떤 법에 따라 내리는지 골라 주세요."}, {Field: "words", Message: "10자에서 500자 사이로 적어 주세요."}}}),
		one("wish", func(ui.Loc, *wishView) {}), one("wish-empty", func(_ ui.Loc, v *wishView) { v.Bids = nil }),
		one("wish-error", func(loc ui.Loc, v *wishView) {
			v.Sent, v.Reason = "bid_1", "가짜"
			v.Problems = request.Problems{{Field: reasonField("bid_1"),
				Message: loc.T("bid.reason", "Min", int64(5), "Max", int64(500))}}
		}),
	}
}

// askStory is the question before a wish is taken down.
func askStory(name string, v downView) ui.Story {
	return story(name, Wishes, func(_ ui.Loc, p ui.Page) templ.Component {
		v.wishView = wishView{Row: storyWish("수면제 공동구매", 1), Said: wish.Said{Name: "수면제 공동구매"}, Now: storyNow(),
			Bids: []bid.Bid{{ID: "bid_1", State: bid.Standing}}, Sellers: map[market.MerchantID]merchant.Merchant{"mer_1": {}}}
		v.Row.State, v.Key = wish.Paying, "key_1"
		return downPage(p, v)
	})
}
