package tender

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/lookout"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// StoryNow is the instant at which the stories play: a Thursday evening in Seoul.
func StoryNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

func storyPage(loc ui.Loc, title string) ui.Page {
	return ui.Page{Title: title, Loc: loc, Now: StoryNow(), NoIndex: true, Path: Path, NavTitle: "연남 공방",
		Viewer: &ui.Viewer{Name: "정여름", Href: "/me"}, Seller: ui.Seller{Name: "두레", Broker: true},
		Nav: []ui.NavItem{{Label: loc.T("desk.nav.board"), Href: "/office", Icon: "activity"},
			{Label: loc.T("desk.nav.wanted"), Href: Path, Icon: "hand-heart", Here: true},
			{Label: loc.T("desk.nav.shop"), Href: "/office/shop", Icon: "store"}}}
}

func Story(name, title string, render func(loc ui.Loc, p ui.Page) templ.Component) ui.Story {
	return ui.Story{Group: "tender", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
		return render(loc, storyPage(loc, loc.T(title)))
	}}
}

func LongName() string {
	return "손으로 하나씩 빚은 아주 길고 긴 이름의 백자 달항아리 작은 것으로 서른 개쯤 있으면 좋겠어요"
}

func storyShop(state merchant.State) merchant.Merchant {
	return merchant.Merchant{ID: "mer_1", State: state, ReturnReason: "사업자등록증과 상호가 달라요. 확인해 주세요.",
		Business: merchant.Business{Name: "연남 공방", Number: "2208162517", Phone: "01012345678"}}
}

// storyRow is a wish of thirty people in a state of its auction.
func storyRow(name string, state bid.State, times int64) row {
	w := wish.Wish{ID: "wsh_1", Name: name, Threshold: 30, Firm: 34, State: wish.Bidding, ReachedAt: StoryNow(),
		TopPrice: 20_000 * times, Details: "선물할 거라 상자에 담겨 오면 좋겠어요.\n12월 20일 전에는 꼭 받고 싶어요.",
		Link: "https://shop.example/moon-jar"}
	a := bid.Auction{WishID: w.ID, Kind: bid.InTheOpen, State: state, Quantity: 30, Ceiling: 20_000 * times, Step: 100,
		ClosesAt: StoryNow().Add(26 * time.Hour), Seq: 3, Bids: 3, Lowest: "bid_2", LowestPrice: 15_900 * times, Version: 7}
	switch state {
	case bid.Planned:
		w.State, w.ReachedAt, w.Firm, a.Lowest, a.LowestPrice, a.Bids = wish.Gathering, time.Time{}, 12, "", 0, 0
	case bid.Awarded:
		w.State, a.Winner, a.Firm = wish.Paying, "bid_1", 34
	case bid.Closed:
		w.State = wish.Choosing
	case bid.Open, bid.Revealing, bid.Done, bid.Void:
	}
	return row{Wish: w, Auction: a, Kind: "선물·공예", Where: "서울특별시 마포구"}
}

func (v row) with(state bid.BidState, price int64) row {
	v.HasOwn = true
	v.Own = bid.Bid{ID: "bid_1", WishID: v.Wish.ID, Seq: 1, MerchantID: "mer_1", State: state, At: StoryNow(),
		Offer: bid.Offer{Delivery: bid.Shipping, UnitPrice: price, QuantityMin: 20, QuantityMax: 100, MadeToOrder: true,
			Steps:      []bid.PriceStep{{From: 40, UnitPrice: price - price/20}, {From: 60, UnitPrice: price - price/10}},
			PromisedBy: EndOf("2026-12-18"), Note: "물레로 하나씩 빚어요. 오동나무 상자에 담아 보내요."}}
	return v
}

func (v row) sealed() row {
	v.Auction.Kind, v.Auction.Lowest, v.Auction.LowestPrice = bid.Sealed, "", 0
	return v
}

func listStories() []ui.Story {
	open := storyRow("백자 달항아리, 손바닥만 한 것", bid.Open, 1)
	early := storyRow("겨울 딸기 2kg", bid.Planned, 1)
	first := open.with(bid.Standing, 15_900)
	first.Auction.Lowest = "bid_1"
	asked := open.with(bid.Standing, 16_500)
	asked.Asked = 2
	list := func(name, tab string, state merchant.State, rows ...row) ui.Story {
		return Story(name, "tender.title", func(_ ui.Loc, p ui.Page) templ.Component {
			return listPage(p, listView{Tab: tab, Rows: rows, Now: StoryNow(), Shop: storyShop(state)})
		})
	}
	return []ui.Story{
		list("list", tabFit, merchant.Approved, open, early, first, open.sealed()),
		list("list-empty", tabFit, merchant.Approved), list("list-all-empty", tabAll, merchant.Submitted),
		list("list-mine", TabMine, merchant.Approved, first, asked,
			storyRow("겨울 딸기 2kg", bid.Awarded, 1).with(bid.Winner, 15_900), open.with(bid.Withdrawn, 17_000),
			open.with(bid.Disqualified, 9_000)),
		list("list-mine-empty", TabMine, merchant.Draft),
		list("list-long", tabAll, merchant.Returned, storyRow(LongName(), bid.Open, 4_321).with(bid.Standing, 99_999_999)),
	}
}

func storyTerms() bid.Terms { return bid.Terms{CommissionBP: 1_200, PolicyID: "pol_20200101"} }

func storyDesk(v row, place int64) offerView {
	return offerView{Line: v, Shop: storyShop(merchant.Approved), Now: StoryNow(), Key: "key_story",
		Places: []report.Place{{ID: "brn_1", Name: "연남 본점"}}, Desk: auction.Desk{Wish: v.Wish, Auction: v.Auction,
			Own: v.Own, HasOwn: v.HasOwn, OwnLeft: auction.LeftOf(v.Own.Offer, 30, storyTerms()), Place: place,
			PriceMax: v.Auction.LowestPrice - 160, Undercut: 160,
			Bidder: bid.Bidder{Registered: true, Verified: true},
			Rules:  bid.Rules{StepBP: 100, ExtendTime: 3 * time.Minute, ExtensionsMax: 10}}}
}

func offerStories() []ui.Story {
	show := func(name string, make func(loc ui.Loc) offerView) ui.Story {
		return Story(name, "tender.title", func(loc ui.Loc, p ui.Page) templ.Component { return offerPage(p, make(loc)) })
	}
	plain := func(name string, v offerView) ui.Story { return show(name, func(ui.Loc) offerView { return v }) }
	open := storyRow("백자 달항아리, 손바닥만 한 것", bid.Open, 1)
	fresh := storyDesk(open, 0)
	fresh.Fields = fresh.fresh()
	behind := storyDesk(open.with(bid.Standing, 16_500), 3)
	behind.Fields = fieldsOf(behind.Own.Offer)
	behind.Words, behind.Switch = storyWords(), "/office/choose?next=%2Foffice%2Fwanted%2Fwsh_1"
	sealed := storyDesk(open.sealed().with(bid.Standing, 14_200), 0)
	sealed.Own.Commitment = strings.Repeat("5f3a9c", 10) + "7b21"
	sealed.Line.Own = sealed.Own
	sealed.Seal = bid.SealOf(sealed.Own, sealed.Own.Offer, strings.Repeat("0e", 32))
	sealed.Fields = fieldsOf(sealed.Own.Offer)
	early := storyDesk(storyRow("겨울 딸기 2kg", bid.Planned, 1), 0)
	early.Fields, early.Shop, early.Bidder.Verified = early.fresh(), storyShop(merchant.Draft), false
	won := storyDesk(storyRow("백자 달항아리, 손바닥만 한 것", bid.Awarded, 1).with(bid.Winner, 15_900), 1)
	won.Own.Outcome = bid.ReasonLowest
	long := storyDesk(storyRow(LongName(), bid.Open, 4_321).with(bid.Standing, 99_999_999), 12)
	long.Own.Offer.Note, long.Wish.Details = strings.Repeat("아주 정성껏 만들어요. ", 60), strings.Repeat("꼭 갖고 싶어요. ", 80)
	long.Fields = fieldsOf(long.Own.Offer)
	return []ui.Story{
		plain("offer", behind), plain("offer-new", fresh), plain("offer-sealed", sealed), plain("offer-early", early),
		plain("offer-won", won), plain("offer-huge", long),
		show("offer-error", func(loc ui.Loc) offerView {
			v := fresh
			v.Fields = fields{Price: "싸게", Least: "30", Most: "10", Delivery: "shipping", Promised: "2026-11-01",
				Steps: []stepFields{{"40", "18,000"}}}
			v.Problems = Wrong(loc, fail.List{bid.ErrPrice.With("Min", int64(100), "Max", int64(100_000_000)).On("unit_price"),
				bid.ErrQuantity.With("Max", int64(1_000_000)).On("quantity"), bid.ErrPriceStep.On("steps"),
				bid.ErrPromisedBy.With("Days", int64(180)).On("promised_by")})
			return v
		}),
		show("offer-tried", func(ui.Loc) offerView {
			v := fresh
			v.Fields.Price = "15,700"
			v.Tried, v.Trial = true, auction.Trial{Price: 15_700, Sum: 471_000, Lowest: true}
			v.Left = auction.LeftOf(bid.Offer{UnitPrice: 15_700, QuantityMin: 15, QuantityMax: 80,
				Steps: []bid.PriceStep{{From: 40, UnitPrice: 15_100}}}, 30, storyTerms())
			return v
		}),
		plain("offer-deposit", asksStory(fresh)), plain("offer-deposits", downStory(behind)),
		show("answer-error", func(loc ui.Loc) offerView {
			v := behind
			v.Answer = typedAnswer{To: "bwd_2", Words: "네", Problems: Among(Wrong(loc, fail.List{
				voice.ErrWords.With("Max", int64(500)).On("words")}), "bwd_2")}
			return v
		}),
	}
}

// asksStory is an offer that could be made but for its deposit, with some of it down.
func asksStory(v offerView) offerView {
	v.Rules.DepositBP, v.Rules.DepositMin, v.Rules.DepositMax, v.Rules.DepositFree = 500, 5_000, 300_000, 200_000
	v.Fields.Price, v.Fields.Promised, v.Bidder.Deposit = "15,700", "2026-12-18", 5_000
	v.Deposits = []deposit.Deposit{{State: deposit.Held, Amount: 5_000}}
	v.Tried, v.Trial = true, auction.Trial{Deposit: 11_775, Refusal: bid.ErrDeposit.With("Deposit", int64(11_775))}
	return v
}

// downStory has deposits in every state.
func downStory(v offerView) offerView {
	v = asksStory(v)
	v.Tried, v.Trial = false, auction.Trial{}
	v.Deposits = append(v.Deposits, deposit.Deposit{State: deposit.Open, Amount: 1_000})
	for i, cause := range deposit.Causes() {
		x := deposit.Deposit{State: deposit.Returned, Amount: 12_000, Cause: cause}
		if i > 4 {
			x.State, x.Amount, x.Shared = deposit.Kept, 300_000, 300_000
		}
		v.Deposits = append(v.Deposits, x)
	}
	return v
}

func storyWords() []voice.Word {
	return []voice.Word{
		{ID: "bwd_1", BidID: "bid_1", Words: "유약은 납이 없는 것인가요?", At: StoryNow().Add(-5 * time.Hour)},
		{ID: "bwd_2", BidID: "bid_1", Words: "상자 크기를 알 수 있을까요?", At: StoryNow().Add(-time.Hour)},
		{ID: "bwd_3", BidID: "bid_1", Answers: "bwd_1", Words: "네, 식품용 무연 유약만 써요.", At: StoryNow().Add(-2 * time.Hour)},
	}
}

// Wrong puts refusals into a story's language.
func Wrong(loc ui.Loc, list fail.List) request.Problems {
	var out request.Problems
	for _, one := range list {
		var pairs []any
		for name, value := range one.Args {
			pairs = append(pairs, name, value)
		}
		out = append(out, ui.FieldError{Field: one.Field, Message: loc.T(one.Code, pairs...)})
	}
	return out
}

func enlistStories() []ui.Story {
	return []ui.Story{
		Story("enlist", "tender.enlist.title", func(_ ui.Loc, p ui.Page) templ.Component {
			return enlistPage(p, enlistView{Wish: "wsh_1", WishName: "백자 달항아리, 손바닥만 한 것"})
		}),
		Story("enlist-error", "tender.enlist.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return enlistPage(p, enlistView{Wish: market.WishID("wsh_1"), WishName: LongName(), Name: LongName(),
				Number: "123-45-6789", Problems: Wrong(loc, fail.List{merchant.ErrNumber.On("number"),
					merchant.ErrMissing.On("phone").With("What", "phone")})})
		}),
	}
}

func kindStories() []ui.Story {
	show := func(name string, make func(loc ui.Loc) kindsView) ui.Story {
		return Story(name, "tender.kinds.title", func(loc ui.Loc, p ui.Page) templ.Component {
			v := make(loc)
			v.Categories = []ui.Choice{{Value: "eat.noodle", Label: "음식 · 국수"}, {Value: "learn.class", Label: "배움 · 수업"}}
			v.Regions = []ui.Choice{{Value: "district_11140", Label: "서울특별시 마포구"}, {Value: "province_11", Label: "서울특별시"}}
			return kindsPage(p, v)
		})
	}
	lines := []kindLine{{ID: "lko_1", Kind: "배움 · 수업", Where: "서울특별시 마포구"}, {ID: "lko_2", Kind: "선물·공예"}, {ID: "lko_3"}}
	return []ui.Story{
		show("kinds", func(ui.Loc) kindsView { return kindsView{Lines: lines, Letters: true} }),
		show("kinds-empty", func(ui.Loc) kindsView { return kindsView{} }),
		show("kinds-error", func(loc ui.Loc) kindsView {
			return kindsView{Lines: []kindLine{{ID: "lko_1", Kind: LongName(), Where: LongName()}},
				Problems: Wrong(loc, fail.List{lookout.ErrRegion})}
		}),
	}
}
