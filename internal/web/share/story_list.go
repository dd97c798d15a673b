package share

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// storyNow is the instant at which every fixture stands.
func storyNow() time.Time { return time.Date(2026, time.November, 20, 12, 4, 0, 0, bizday.Seoul()) }

// Stories are the pages of shares from fixtures: every state, a dispute, empty, long, huge and wrong.
func Stories() []ui.Story {
	list := []ui.Story{
		page("shares", func(loc ui.Loc, p ui.Page) templ.Component { return listPage(p, storyLines(loc), ui.Pager{}) }),
		page("shares-empty", func(_ ui.Loc, p ui.Page) templ.Component { return listPage(p, nil, ui.Pager{}) }),
		page("share-address", func(_ ui.Loc, p ui.Page) templ.Component {
			return addressPage(p, addressView{Wish: storyWish, Action: "#", Key: "k", Address: storyAddress()})
		}),
		page("share-address-error", func(loc ui.Loc, p ui.Page) templ.Component {
			return addressPage(p, addressView{Wish: storyWish, Action: "#", Key: "k",
				Problems: request.Problems{{Field: "name", Message: loc.T("escrow.address", "Max", int64(60))}}})
		}),
		page("share-dispute-ask", func(loc ui.Loc, p ui.Page) templ.Component { return disputePage(p, storyAsk(loc, nil)) }),
		page("share-dispute-ask-error", func(loc ui.Loc, p ui.Page) templ.Component {
			return disputePage(p, storyAsk(loc, request.Problems{{Field: "reason", Message: loc.T("escrow.dispute_reason")}}))
		}),
	}
	for _, s := range storyDetails() {
		list = append(list, page("share-"+s.name, func(loc ui.Loc, p ui.Page) templ.Component {
			v, err := newView(loc, s.detail, storyNow())
			v.Key = "k"
			p.Back, p.Heading = "/shares", loc.T("share.title")
			return orError(sharePage(p, v), err)
		}))
	}
	return list
}

func page(name string, render func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Group: "share", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
		return render(loc, ui.Page{Title: name, Loc: loc, Now: storyNow(), NoIndex: true, Path: "/shares",
			Viewer: &ui.Viewer{Name: "서연", Href: "/me", Unread: 2}, Seller: ui.Seller{Name: "성수상인회"}})
	}}
}

func orError(content templ.Component, err error) templ.Component {
	if err == nil {
		return content
	}
	return templ.ComponentFunc(func(context.Context, io.Writer) error { return err })
}

const storyWish = "무선 청소기 흡입력 좋은 것"

func storyAddress() address.Address {
	return address.Address{Name: "이서연", Phone: "01012345678", Postcode: "04780", Line: "서울 성동구 성수이로 18길 7",
		Detail: "3층 301호", Note: "문 앞에 놓아 주세요"}
}

func storyAsk(loc ui.Loc, p request.Problems) disputeView {
	return disputeView{Wish: storyWish, Action: "#", Key: "k", Won: loc.Won(189_000), Days: 7, Most: 60, Problems: p}
}

// told is a named fixture.
type told struct {
	name   string
	detail deliver.Detail
}

// storyDetail is a share that was sent; change makes it another.
func storyDetail(change func(*deliver.Detail)) deliver.Detail {
	now := storyNow()
	home := storyAddress()
	x := deliver.Detail{Mine: true, Rules: deliver.RulesAt(now), Address: &home,
		Seller: catalog.Seller{Name: "두레전자", Phone: "0212345678"}}
	x.Share = escrow.Share{OrderID: "ord_01jcstory0000000000000000a", WishID: "wsh_story", Quantity: 1, Paid: 189_000,
		Amount: 189_000, State: escrow.Shipped, PaidAt: now.AddDate(0, 0, -6), ShippedAt: now.AddDate(0, 0, -1),
		DueAt: bizday.EndOfDay(now.AddDate(0, 0, 16))}
	x.Wish = wish.Wish{ID: "wsh_story", Name: storyWish}
	x.Escrow = escrow.Escrow{WishID: "wsh_story", Phase: escrow.Fulfilling, BegunAt: now.AddDate(0, 0, -4),
		LapseAt: bizday.EndOfDay(now.AddDate(0, 0, 16)),
		Award:   escrow.Award{Delivery: escrow.ByParcel, ShipBy: bizday.EndOfDay(now.AddDate(0, 0, 2))}}
	x.Parcels = []deliver.Parcel{{Shipment: escrow.Shipment{Live: true,
		Name: parcel.Name{Carrier: "cj", Number: "612345678901"}}, Events: []parcel.Event{
		{Kind: parcel.Accepted, At: now.Add(-26 * time.Hour), Place: "성수 집배점"},
		{Kind: parcel.Moving, At: now.Add(-9 * time.Hour), Place: "옥천 허브"}}}}
	x.May = deliver.May{Confirm: true, Dispute: true}
	change(&x)
	return x
}

func storyDetails() []told {
	now := storyNow()
	ended := func(x *deliver.Detail, s escrow.State, out escrow.Outcome, back int64) {
		x.State, x.Outcome, x.EndedAt, x.DueAt = s, out, now.Add(-time.Hour), time.Time{}
		x.Refunded, x.Released, x.May = back, x.Amount-back, deliver.May{}
	}
	return []told{
		{"shipped", storyDetail(func(*deliver.Detail) {})},
		{"held", storyDetail(func(x *deliver.Detail) {
			x.State, x.ShippedAt, x.DueAt, x.Parcels, x.Address = escrow.Held, time.Time{}, time.Time{}, nil, nil
			x.May = deliver.May{Withdraw: true, Dispute: true, Address: true}
		})},
		{"branch", storyDetail(func(x *deliver.Detail) {
			x.State, x.ShippedAt, x.DueAt, x.Parcels, x.Address = escrow.Held, time.Time{}, time.Time{}, nil, nil
			x.Escrow.Delivery, x.May = escrow.AtBranch, deliver.May{Withdraw: true, Dispute: true}
			x.Branch = &catalog.Place{Name: "성수 본점", Address: "서울 성동구 성수이로 18길 7", Phone: "0212345678"}
			x.Pass = &deliver.Pass{Face: "S101JCSTORY0000000000000000A0123456789ABCDEF", Code: "0000-000A-7WE3QT"}
		})},
		{"delivered", storyDetail(func(x *deliver.Detail) {
			x.State, x.DeliveredAt, x.DueAt = escrow.Delivered, now.Add(-2*time.Hour), bizday.EndOfDay(now.AddDate(0, 0, 7))
			x.May.Wait = true
		})},
		{"disputed", storyDetail(func(x *deliver.Detail) { storyDispute(x, escrow.TurnBuyer) })},
		{"disputed-error", storyDetail(func(x *deliver.Detail) { storyDispute(x, escrow.TurnSeller) })},
		{"released", storyDetail(func(x *deliver.Detail) { ended(x, escrow.Released, escrow.OutSilence, 0) })},
		{"refunded", storyDetail(func(x *deliver.Detail) { ended(x, escrow.Refunded, escrow.OutUndelivered, x.Amount) })},
		{"decided", storyDetail(func(x *deliver.Detail) {
			storyDispute(x, escrow.TurnOver)
			x.Dispute.Note = "사진에서 흡입구 파손이 확인돼요. 수리비만큼 돌려 드려요."
			ended(x, escrow.Decided, escrow.OutRuled, 64_000)
		})},
		{"huge", storyDetail(func(x *deliver.Detail) {
			x.Wish.Name = strings.Repeat("아주긴이름의물건", 9)
			x.Paid, x.Amount, x.Quantity = 98_765_432_100, 98_765_432_100, 1_000_000
		})},
	}
}

func storyDispute(x *deliver.Detail, turn escrow.Turn) {
	now := storyNow()
	x.State, x.DisputedAt, x.DueAt = escrow.Disputed, now.AddDate(0, 0, -3), bizday.EndOfDay(now.AddDate(0, 0, 4))
	x.DeliveredAt, x.May = now.AddDate(0, 0, -4), deliver.May{GiveIn: true, More: turn == escrow.TurnSeller}
	c := &deliver.Case{Dispute: escrow.Dispute{OrderID: x.OrderID, Reason: escrow.Broken, Turn: turn, Amount: x.Amount,
		DueAt: x.DueAt, Until: bizday.EndOfDay(now.AddDate(0, 0, 57))}, File: []escrow.Evidence{
		{Side: escrow.ByBuyer, At: now.AddDate(0, 0, -3), Words: "상자를 열어 보니 흡입구가 깨져 있어요.",
			Pictures: []string{art.URL("package", 7)}}}}
	if turn != escrow.TurnSeller {
		c.Offered, c.Offer = true, 50_000
		c.File = append(c.File, escrow.Evidence{Side: escrow.BySeller, At: now.AddDate(0, 0, -1),
			Words: "죄송합니다. 흡입구를 새로 보내고 5만 원을 돌려 드릴게요."})
		x.May.Reply, x.May.Take = true, true
	}
	x.Dispute = c
}

func storyLines(loc ui.Loc) (out []lineView) {
	for _, s := range storyDetails() {
		out = append(out, newLine(loc, s.detail.Line, storyNow()))
	}
	return out
}
