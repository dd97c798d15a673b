package e2e_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestAHotDealIsBoughtThroughTheWaitingRoom lets three come before the start of a deal of two. Who draws the last place
// waits for her turn and buys; who comes later reads that probably nothing is left, goes onto the waiting list, and is
// told at the bell when a unit comes back.
func TestAHotDealIsBoughtThroughTheWaitingRoom(t *testing.T) {
	w := begin(t)
	d := scarce(w)
	w.at(seoul(14, 23, 50))
	crowd := map[market.AccountID]*person{}
	first := w.visitor(e2e.Options{}).signIn("buyer")
	crowd[w.buyer.AccountID] = first
	crowd[w.second.AccountID] = first.beside(e2e.Options{}).signIn("second")
	crowd[w.third.AccountID] = first.beside(e2e.Options{}).signIn("third")
	late := first.beside(e2e.Options{}).signIn("fourth")
	here := "/d/" + string(d.ID) + "/room"
	for _, one := range crowd {
		one.to(here)
		one.Click("추첨에 들어가기")
		one.See("추첨에 이름을 올렸어요")
	}

	w.at(seoul(15, 0, 0))
	drawn := drawn(w, d)
	lucky, other, waiter := drawn[0], drawn[1], crowd[drawn[2].AccountID]
	crowd[lucky.AccountID].See("내 차례예요")
	waiter.See("바로 다음 차례예요", "내 순서는 3번이에요")
	late.to(here)
	late.Click("줄 서기")
	late.See("앞에 1명이 있어요", "아마 다 팔릴 거예요")
	late.stand("room-likely-gone")
	late.Click("‘두 그릇 세트’ 빈자리 기다리기")
	late.See("빈자리 대기에 이름을 올렸어요")

	bought, _ := w.buy(lucky, d, optionOf(w, d))
	crowd[other.AccountID].Click("나가기")
	waiter.See("내 차례예요") // by the stream: nothing was loaded again
	waiter.stand("room-turn")
	waiter.Click("고르러 가기")
	waiter.plain = true // the pages of a purchase were looked at elsewhere
	payFor(waiter, d)
	waiter.See("이용권이 준비됐어요")

	late.See("빈자리를 기다리고 있어요. 바로 다음이에요")
	_, err := w.Refunds.Cancel(w.ctx, lucky, bought.ID)
	w.must(err)
	late.See("기다리시던 한 장이 돌아왔어요")
	late.stand("room-offered")
	late.to("/notices")
	late.See("빈자리가 나서 30분 동안 잡아 두었어요", "빈자리를 기다리고 계셨어요")
	late.Click("빈자리가 나서")
	late.See("자리를 잡아 두었어요", "19,900원 결제하기")
}

// scarce puts a deal of two units on sale from next Monday.
func scarce(w *world) deal.Deal {
	w.t.Helper()
	one := offer()
	one.StartsAt, one.EndsAt = seoul(15, 0, 0), seoul(29, 0, 0)
	one.Threshold, one.Capacity, one.PerPerson, one.Options[0].Quantity = 1, 2, 1, 2
	d, err := w.Publish.SaveDraft(w.ctx, w.owner, publish.DraftCmd{MerchantID: w.shop, Offer: one})
	w.must(err)
	_, err = w.Publish.Submit(w.ctx, w.owner, d.ID)
	w.must(err)
	d, err = w.Publish.Schedule(w.ctx, w.operator, publish.ScheduleCmd{DealID: d.ID})
	w.must(err)
	return d
}

func optionOf(w *world, d deal.Deal) deal.Option {
	w.t.Helper()
	options, err := deal.Options(w.ctx, w.DB, d.ID)
	w.must(err)
	return options[0]
}

// drawn gives those who came before the start in the order of the draw.
func drawn(w *world, d deal.Deal) [3]market.Actor {
	w.t.Helper()
	var out [3]market.Actor
	for _, who := range []market.Actor{w.buyer, w.second, w.third} {
		v, err := w.Admit.Look(w.ctx, who, d.ID)
		w.must(err)
		if v.Room.State != room.Open || v.Place.Number < 1 || v.Place.Number > int64(len(out)) {
			w.t.Fatalf("drawn %+v in %+v", v.Place, v.Room)
		}
		out[v.Place.Number-1] = who
	}
	return out
}
