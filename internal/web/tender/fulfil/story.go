package fulfil

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyWork is a wish of a seller in a phase.
func storyWork(phase escrow.Phase, times int64) fulfilView {
	return fulfilView{Now: tender.StoryNow(), Fund: collect.Collect{State: collect.Open, Needs: 20,
		Until: tender.StoryNow().Add(30 * time.Hour), AnswerBy: tender.StoryNow().Add(20 * time.Hour)},
		Stand: escrow.Stand{Held: 381_600 * times},
		Work: deliver.Work{Wish: wish.Wish{ID: "wsh_1", Name: "백자 달항아리, 손바닥만 한 것", Threshold: 30, Firm: 34},
			Tallies: []escrow.Tally{{State: escrow.Held, Shares: 2}, {State: escrow.Shipped, Shares: 1}},
			Escrow: escrow.Escrow{WishID: "wsh_1", Phase: phase, Shares: 24 * times, Units: 24 * times, Version: 3,
				Award: escrow.Award{MerchantID: "mer_1", Delivery: escrow.ByParcel, UnitPrice: 15_900 * times,
					ShipBy: tender.EndOf("2026-12-18")}}}}
}

func storyMember(n string, name string, state escrow.State) deliver.Member {
	return deliver.Member{Name: name, Share: escrow.Share{WishID: "wsh_1",
		OrderID: market.OrderID("ord_01hzzzzzzzzzzzzzzzzzzz" + n), Quantity: 1, Paid: 15_900, Amount: 15_900, State: state}}
}

// storyBoard is a board with members in every state, their addresses shown.
func storyBoard() fulfilView {
	v := storyWork(escrow.Fulfilling, 1)
	v.Stand = escrow.Stand{Held: 333_900, Released: 15_900, Frozen: 15_900, Refunded: 15_900}
	sent := storyMember("4kxq9m2q", "박하나", escrow.Shipped)
	sent.Parcel = &escrow.Shipment{Name: parcel.Name{Carrier: "cj", Number: "612345678901"},
		Track: parcel.Track{MovingAt: tender.StoryNow()}}
	released := storyMember("4kxq9m2r", "이새봄", escrow.Released)
	released.Outcome = escrow.OutConfirmed
	refunded := storyMember("4kxq9m2t", "최가을", escrow.Refunded)
	refunded.Outcome = escrow.OutGivenBack
	home := storyMember("4kxq9m2p", "김두레", escrow.Held)
	home.Address = &address.Address{Name: "김두레", Phone: "010-1234-5678", Postcode: "14547", Line: "경기도 부천시 길주로 210",
		Detail: "3층", Note: "문 앞에 놓아 주세요"}
	v.Addresses, v.Work.NoAddress = true, 2
	v.Members = []deliver.Member{home, sent, released, storyMember("4kxq9m2s", "정○", escrow.Disputed), refunded}
	v.Disputes = []deliver.Quarrel{{Dispute: storyDispute(escrow.TurnSeller), Wish: v.Work.Wish}}
	return v
}

func fulfilStories() []ui.Story {
	show := func(name string, make func(loc ui.Loc) fulfilView) ui.Story {
		return tender.Story(name, "tender.fulfil.crumb", func(loc ui.Loc, p ui.Page) templ.Component {
			return fulfilPage(p, make(loc))
		})
	}
	plain := func(name string, v fulfilView) ui.Story { return show(name, func(ui.Loc) fulfilView { return v }) }
	short := storyWork(escrow.Paying, 1)
	short.Fund.State, short.Work.Units, short.Work.Shares = collect.Asking, 14, 14
	empty := storyWork(escrow.Paying, 1)
	empty.Work.Shares, empty.Work.Units, empty.Stand = 0, 0, escrow.Stand{}
	huge := storyWork(escrow.Fulfilling, 54_321)
	huge.Work.Wish.Name = tender.LongName()
	huge.Members = []deliver.Member{storyMember("4kxq9m2p", tender.LongName(), escrow.Held)}
	read := storyBoard()
	read.Sheet = &sheetView{Blank: 3, Text: "x", Rows: []parcel.Row{{Order: "ord_01hzzzzzzzzzzzzzzzzzzz4kxq9m2p",
		Name: parcel.Name{Carrier: "hanjin", Number: "512345678901"}}}, Faults: []sheetFault{}}
	return []ui.Story{
		plain("fulfil", storyBoard()), plain("fulfil-paying", storyWork(escrow.Paying, 1)), plain("fulfil-empty", empty),
		plain("fulfil-short", short), plain("fulfil-huge", huge), plain("fulfil-done", storyWork(escrow.Done, 1)),
		show("fulfil-error", func(loc ui.Loc) fulfilView {
			v := storyBoard()
			v.Typed = typedParcel{Order: v.Members[0].OrderID, Carrier: "cj", Number: "12",
				Problems: tender.Among(tender.Wrong(loc, fail.List{parcel.ErrNumber.With("Min", int64(10), "Max",
					int64(12)).On("number")}),
					string(v.Members[0].OrderID))}
			return v
		}),
		show("fulfil-sheet", func(loc ui.Loc) fulfilView {
			v := read
			v.Sheet.Faults = []sheetFault{{Line: 4, Why: loc.T("escrow.parcel.shortened")},
				{Line: 7, Why: loc.T("escrow.unknown_order")}}
			return v
		}),
	}
}

func storyDispute(turn escrow.Turn) escrow.Dispute {
	return escrow.Dispute{OrderID: "ord_01hzzzzzzzzzzzzzzzzzzz4kxq9m2s", WishID: "wsh_1", Reason: escrow.Broken,
		Turn: turn, Amount: 15_900,
		OpenedAt: tender.StoryNow().Add(-20 * time.Hour), DueAt: tender.StoryNow().Add(100 * time.Hour)}
}

func disputeStories() []ui.Story {
	make := func(turn escrow.Turn, words string) disputeView {
		v := disputeView{Now: tender.StoryNow()}
		v.Share = escrow.Share{OrderID: "ord_01hzzzzzzzzzzzzzzzzzzz4kxq9m2s", WishID: "wsh_1", Amount: 15_900}
		v.Wish = wish.Wish{ID: "wsh_1", Name: "백자 달항아리"}
		v.Dispute = &deliver.Case{Dispute: storyDispute(turn), File: []escrow.Evidence{{Side: escrow.ByBuyer, Words: words,
			At: tender.StoryNow().Add(-20 * time.Hour), Pictures: []string{"/art/pottery/1.svg"}}}}
		v.Parcels = []deliver.Parcel{{Shipment: escrow.Shipment{Name: parcel.Name{Carrier: "cj", Number: "612345678901"},
			Track: parcel.Track{DeliveredAt: tender.StoryNow()}}}}
		return v
	}
	show := func(name string, make func(loc ui.Loc) disputeView) ui.Story {
		return tender.Story(name, "tender.dispute.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return disputePage(p, make(loc))
		})
	}
	broken := "상자를 열어 보니 목이 깨져 있었어요. 포장은 멀쩡했어요."
	return []ui.Story{
		show("dispute", func(ui.Loc) disputeView { return make(escrow.TurnSeller, broken) }),
		show("dispute-waits", func(ui.Loc) disputeView {
			v := make(escrow.TurnOperator, strings.Repeat(broken+" ", 30))
			v.Dispute.Offered, v.Dispute.Offer = true, 8_000
			return v
		}),
		show("dispute-over", func(ui.Loc) disputeView {
			v := make(escrow.TurnOver, broken)
			v.Dispute.Outcome, v.Dispute.Refunded = escrow.OutRuled, 10_000
			v.Dispute.Note = "운송 중에 깨진 것으로 보이지만 사진으로는 전부를 알 수 없어 나누었습니다."
			return v
		}),
		show("dispute-error", func(loc ui.Loc) disputeView {
			v := make(escrow.TurnSeller, broken)
			v.Typed.Offer = "99,999"
			v.Problems = tender.Wrong(loc, fail.List{escrow.ErrWords.With("Max", int64(escrow.WordsMax)).On("words"),
				escrow.ErrOffer.With("Max", int64(15_900)).On("offer")})
			return v
		}),
	}
}
