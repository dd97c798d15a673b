package wanted

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/qr"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/record"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/wanted/board"
	"github.com/dure-commerce/dure/internal/web/wanted/joined"
	"github.com/dure-commerce/dure/internal/web/wanted/round"
)

// storyNow is the instant at which every fixture stands.
func storyNow() time.Time { return time.Date(2026, time.November, 20, 12, 4, 0, 0, deal.Zone) }

const (
	longName  = "밤에도 조용하고 가볍고 강아지 털까지 한 번에 빨아들이면서 거치대와 여분 배터리까지 함께 오는 무선 청소기 한 대"
	longWords = "아래층에 아이가 있어서 소리가 작아야 하고, 계단이 많아서 가벼워야 해요. 색은 흰색이나 회색이면 좋고 검은색만 아니면 돼요."
)

// Stories are the states of every page, from fixtures alone.
func Stories() []ui.Story {
	var out []ui.Story
	whole := func(name string, render func(ui.Page) templ.Component) {
		out = append(out, ui.Story{Group: "wanted", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			return render(storyPage(loc))
		}})
	}
	for _, one := range storyViews() {
		whole(one.name, func(p ui.Page) templ.Component { return wishPage(one.view.frame(p), one.view) })
	}
	whole("new", func(p ui.Page) templ.Component { return newPage(p, storyDraft(typed{})) })
	whole("new-guest", func(p ui.Page) templ.Component {
		d := storyDraft(typed{Name: "조용한 무선 청소기"})
		d.Guest, d.Like = true, []board.Row{{Wish: storyView(wish.Gathering, 12).Wish}}
		return newPage(p, d)
	})
	whole("new-back", func(p ui.Page) templ.Component {
		d := storyDraft(typed{Name: "조용한 무선 청소기", Details: longWords, TopPrice: "150,000", Bids: "sealed",
			Photo: art.URL("coffee", 3)})
		d.Back = true
		return newPage(p, d)
	})
	whole("new-error", func(p ui.Page) templ.Component {
		d := storyDraft(typed{Name: "한", Link: "청소기", TopPrice: "12"})
		for _, e := range []struct {
			field, key string
			pairs      []any
		}{{"name", "wish.name", []any{"Min", 2, "Max", 60}}, {"link", "wish.link", []any{"Max", 500}},
			{"top_price", "wish.price", []any{"Min", 100, "Max", 100_000_000}}} {
			d.Problems = append(d.Problems, ui.FieldError{Field: e.field, Message: p.Loc.T(e.key, e.pairs...)})
		}
		return newPage(p, d)
	})
	whole("join", func(p ui.Page) templ.Component { return joinPage(p, storyView(wish.Gathering, 27)) })
	whole("edit", func(p ui.Page) templ.Component {
		v := storyView(wish.Gathering, 3)
		return editPage(p, editing{view: v, Typed: typed{Details: v.Wish.Details, Link: "https://example.kr/청소기"},
			Problems: request.Problems{}})
	})
	return out
}

func storyPage(loc ui.Loc) ui.Page {
	return ui.Page{Title: loc.T("wanted.title"), Loc: loc, Now: storyNow(), NoIndex: true, Path: "/wanted",
		Base: "https://dure.example", Place: ui.Place{Name: "성동구", Href: "/regions"}}
}

func storyDraft(t typed) draftPage {
	t.Key = "key_1"
	return draftPage{Typed: t, Now: storyNow(), Figures: policy.At(storyNow()).Wanted, PreviewHref: "/wanted/preview",
		Here:  region.Region{ID: "district_11040", Level: region.District, Name: "성동구", NameEN: "Seongdong-gu"},
		Kinds: storyKinds()}
}

func storyKinds() []category.Category {
	return []category.Category{{ID: "eat", Name: "먹거리", NameEN: "Food"}, {ID: "life", Name: "생활", NameEN: "Home"},
		{ID: "learn", Name: "배움", NameEN: "Learning"}}
}

type storyOf struct {
	name string
	view view
}

// storyViews are wishes in every stage, as different readers see them.
func storyViews() []storyOf {
	fresh := storyView(wish.Gathering, 1)
	fresh.Wish.Watching, fresh.Wish.Details, fresh.Wish.Photo = 0, "", ""
	fresh.Wish.LeadID, fresh.Own, fresh.Actor = "acc_me", member(wish.Firm), me()
	close := storyView(wish.Gathering, 27)
	guest := storyView(wish.Gathering, 27)
	watching := storyView(wish.Gathering, 12)
	watching.Own, watching.Actor = member(wish.Watching), me()
	watching.Actor.Confirmed = false
	close.Own, close.Actor = member(wish.Firm), me()
	open := storyBids(storyView(wish.Bidding, 33), bid.Open)
	open.Own, open.Actor = member(wish.Firm), me()
	sealed := storyView(wish.Bidding, 31)
	sealed.Auction.Kind, sealed.Auction.State, sealed.Auction.Bids = bid.Sealed, bid.Open, 2
	sealed.Auction.Digest = strings.Repeat("4f", 32)
	sealed.Sealed = []bid.Commitment{{Seq: 1, Hash: strings.Repeat("a1", 32), At: storyNow().Add(-26 * time.Hour)},
		{Seq: 2, Hash: strings.Repeat("7e", 32), At: storyNow().Add(-2 * time.Hour)}}
	choosing := storyBids(storyView(wish.Choosing, 33), bid.Closed)
	choosing.Own, choosing.Actor = member(wish.Firm), me()
	revealed := storyRevealed(storyBids(storyView(wish.Choosing, 33), bid.Closed))
	paying := storyAwarded(storyView(wish.Paying, 33))
	paying.Own, paying.Actor, paying.Shares = member(wish.Firm), me(), []escrow.Tally{{State: escrow.Held, Shares: 19}}
	fulfilling := storyAwarded(storyView(wish.Fulfilling, 33))
	fulfilling.Shares = []escrow.Tally{{State: escrow.Shipped, Shares: 17}, {State: escrow.Released, Shares: 14}}
	done := storyAwarded(storyView(wish.Done, 33))
	done.Shares = []escrow.Tally{{State: escrow.Released, Shares: 31}}
	closed := storyView(wish.Closed, 8)
	closed.Wish.Outcome = wish.OutcomeExpired
	again := storyAgain(storyView(wish.Gathering, 31))
	again.Own, again.Actor = member(wish.Firm), me()
	leads := storyAgain(storyView(wish.Gathering, 24))
	leads.Wish.LeadID, leads.Own, leads.Actor = "acc_me", member(wish.Firm), me()
	leads.Pasts[0].Outcome, leads.Pasts[0].Sellers = wish.OutcomeNoBid, 3
	for _, o := range storyBids(leads, bid.Planned).Offers[1:] {
		o.Bid.Round, o.Bid.Outcome = 1, bid.ReasonMinimum
		leads.Before = append(leads.Before, round.Offer{Bid: o.Bid, Seller: o.Seller, Quantity: 40})
	}
	merged := storyView(wish.Merged, 8)
	merged.Wish.MergedInto, merged.Into = "wsh_2", wish.Wish{ID: "wsh_2", Name: "조용한 무선 청소기"}
	open.Joined = []joined.Wish{{Wish: wish.Wish{ID: "wsh_2", Name: "털 잘 빨리는 청소기", Firm: 9, Watching: 4,
		EndedAt: storyNow().AddDate(0, 0, -4)}, Came: 7}}
	long := storyBids(storyView(wish.Bidding, 1_234_567), bid.Open)
	long.Wish.Name, long.Wish.Details, long.Wish.Threshold, long.Wish.Watching = longName, longWords, 1_000_000, 9_876_543
	long.Author, long.Where = "기○○○○○○○○○○음", "경기도 성남시 분당구"
	for i := range long.Offers {
		long.Offers[i].Seller.Business.Name = "할머니의손맛을그대로이어온성수동골목안쪽두번째집전자제품전문점본점"
		long.Offers[i].Price = 99_999_900
	}
	return []storyOf{{"gathering-new", fresh}, {"gathering-guest", guest}, {"gathering-near", close},
		{"gathering-watching", watching}, {"bidding-open", open}, {"bidding-sealed", sealed}, {"choosing", choosing},
		{"choosing-revealed", revealed}, {"paying", paying}, {"fulfilling", fulfilling}, {"done", done}, {"closed", closed},
		{"merged", merged}, {"long", long}, {"again", again}, {"again-lead", leads}}
}

// storyAgain is a wish whose members did not pay, and who gather on.
func storyAgain(v view) view {
	v.Wish.Round, v.Wish.PauseUntil = 2, v.Now.Add(19*time.Hour)
	v.Auction.Round = 2
	v.Pasts = []wish.Past{{Round: 1, Threshold: 30, Firm: v.Wish.Firm, Sellers: 2, ReachedAt: v.Now.AddDate(0, 0, -7),
		EndedAt: v.Now.Add(-5 * time.Hour), Outcome: wish.OutcomeTooFew}}
	return v
}

func me() market.Actor { return market.Actor{AccountID: "acc_me", Name: "이새봄", Confirmed: true} }

func member(kind wish.Kind) wish.Member { return wish.Member{AccountID: "acc_me", Kind: kind} }

// storyView is a wish in a stage, as a guest sees it.
func storyView(state wish.State, firm int64) view {
	now := storyNow()
	w := wish.Wish{ID: "wsh_1", AuthorID: "acc_1", LeadID: "acc_1", Name: "조용한 무선 청소기, 강아지 털 잘 되는 걸로",
		Details: "아래층에 아기가 있어서 소리가 작으면 좋겠어요. 거치대가 있으면 더 좋고요.", Photo: art.URL("wish", 5),
		CategoryID: "life", TopPrice: 180_000, Threshold: 30, State: state, Firm: firm, Watching: 41,
		Until: now.AddDate(0, 0, 9), CreatedAt: now.AddDate(0, 0, -12), Version: 7}
	v := view{Wish: w, Author: "김○영", Kind: "생활", Where: "", Now: now, Figures: policy.At(now).Wanted, BidHref: "/office",
		Pays: true, Rules: bid.Rules{QuorumPart: 3, FlagsPart: 2, OutlierBP: 5000},
		Auction: bid.Auction{WishID: "wsh_1", Kind: bid.InTheOpen, State: bid.Planned, Quantity: 30, Ceiling: 180_000}}
	if code, err := qr.Encode("https://dure.example/w/wsh_1"); err == nil {
		v.QR = code.SVG("QR")
	}
	if state != wish.Gathering && state != wish.Closed && state != wish.Merged {
		v.Wish.ReachedAt, v.Auction.ClosesAt = now.Add(-26*time.Hour), now.Add(46*time.Hour)
	}
	switch {
	case state == wish.Choosing:
		v.Wish.ReachedAt, v.Auction.ClosedAt = now.Add(-80*time.Hour), now.Add(-8*time.Hour)
		v.ChosenBy = now.Add(16 * time.Hour)
	case state == wish.Paying, state == wish.Fulfilling, state == wish.Done:
		v.Wish.ReachedAt, v.Auction.ClosedAt = now.AddDate(0, 0, -9), now.AddDate(0, 0, -6)
		v.Auction.AwardedAt, v.PayUntil = now.AddDate(0, 0, -5), now.Add(20*time.Hour)
	case state == wish.Closed, state == wish.Merged:
		v.Wish.EndedAt = now.AddDate(0, 0, -2)
	}
	if state == wish.Fulfilling || state == wish.Done {
		v.PaidUp = now.AddDate(0, 0, -3)
	}
	if state == wish.Done {
		v.Wish.EndedAt = now.Add(-5 * time.Hour)
	}
	return v
}

// storyBids puts four offers on a wish: one far under the others, one of a seller who was not checked.
func storyBids(v view, state bid.State) view {
	v.Auction.State, v.Auction.Bids, v.Auction.Seq, v.Auction.LowestPrice = state, 4, 4, 59_000
	for i, x := range []struct {
		seller string
		state  merchant.State
		price  int64
		note   string
	}{
		{"싸다전자", merchant.Submitted, 59_000, "최저가입니다."},
		{"한빛전자", merchant.Approved, 148_000, "정품이고, 거치대와 강아지 털 솔을 함께 보내요. 2년 무상 수리예요."},
		{"동네가전", merchant.Approved, 152_000, "성수동 매장에서 써 보고 고르실 수 있어요."},
		{"큰손유통", merchant.Approved, 155_000, "수량이 늘면 더 내려 드려요."},
	} {
		b := bid.Bid{ID: market.BidID("bid_" + plain(int64(i+1))), Seq: int64(i + 1), State: bid.Standing,
			Offer: bid.Offer{Delivery: bid.Shipping, UnitPrice: x.price, QuantityMin: 10, Note: x.note,
				PromisedBy: v.Now.AddDate(0, 0, 14)}}
		o := offer{Line: award.Line{Bid: b, Place: int64(i + 1), Price: x.price, Outlier: i == 0},
			Quantity: v.quantity(), Seller: merchant.Merchant{Slug: "shop", State: x.state},
			Verified: x.state == merchant.Approved}
		o.Seller.Business.Name = x.seller
		v.Offers = append(v.Offers, o)
	}
	v.Offers[0].Tally = voice.Tally{Voters: 7, Flags: 6}
	v.Offers[0].Flags = []voice.Vote{{Flag: voice.FlagFake, Words: "다른 곳의 절반도 안 되는 값이에요."}, {Flag: voice.FlagUnclear}}
	v.Offers[1].Facts = record.Facts{Shares: 128, Fulfilled: 121, Late: 3, Disputed: 4, Lost: 1}
	v.Offers[1].Tally = voice.Tally{Voters: 9}
	v.Offers[1].Askers = map[market.AccountID]string{"acc_3": "한○을"}
	v.Offers[1].Words = []voice.Word{{ID: "w1", AccountID: "acc_3", Words: "소음이 몇 데시벨인가요?", At: v.Now.Add(-5 * time.Hour)},
		{ID: "w2", Answers: "w1", Words: "가장 약하게 쓰면 58데시벨이에요.", At: v.Now.Add(-4 * time.Hour)},
		{ID: "w3", AccountID: "acc_3", Words: "필터는 물로 씻을 수 있나요?", At: v.Now.Add(-time.Hour)}}
	v.Offers[2].Bid.Offer.Delivery, v.Offers[2].Branch = bid.AtBranch, "성수점"
	v.Offers[3].Bid.Offer.Steps = []bid.PriceStep{{From: 50, UnitPrice: 149_000}, {From: 100, UnitPrice: 142_000}}
	return v
}

// storyAwarded decides: the cheapest is out by vote, the next one has won.
func storyAwarded(v view) view {
	v = storyBids(v, bid.Awarded)
	v.Auction.Winner, v.Auction.Firm = "bid_2", 33
	for i, r := range []bid.Reason{bid.ReasonVoted, bid.ReasonLowest, bid.ReasonPrice, bid.ReasonPrice} {
		v.Offers[i].Reason, v.Offers[i].Outlier = r, false
	}
	v.Offers[0].Place, v.Offers[0].Bid.State = 0, bid.Disqualified
	v.Offers[1].Place, v.Offers[1].Bid.State = 1, bid.Winner
	v.Offers = append(v.Offers[1:], v.Offers[0])
	return v
}

// storyRevealed opens what was sealed, one of which does not agree.
func storyRevealed(v view) view {
	v.Auction.Kind, v.Auction.Digest = bid.Sealed, strings.Repeat("4f", 32)
	v.Faults = []award.Fault{"seal"}
	for i := range v.Offers {
		o := &v.Offers[i]
		o.Bid.Commitment = strings.Repeat("c"+plain(int64(i)), 32)
		o.Seal = bid.Seal{Salt: strings.Repeat("9a", 32), Text: "dure bid 1\nwish wsh_1\nunit_price " + plain(o.Price)}
		v.Sealed = append(v.Sealed, bid.Commitment{Seq: o.Bid.Seq, Hash: o.Bid.Commitment, At: v.Now.Add(-30 * time.Hour)})
	}
	return v
}
