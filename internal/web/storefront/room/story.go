package room

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/waitlist"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyOf is one state of the page.
type storyOf struct {
	name   string
	change func(*view)
}

// Stories are the states of the waiting room; page frames them.
func Stories(now time.Time, page func(ui.Loc, time.Time) ui.Page) []ui.Story {
	var out []ui.Story
	for _, one := range storyStates(now) {
		out = append(out, ui.Story{Group: "room", Name: one.name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			v := storyView(now)
			one.change(&v)
			p := page(loc, now)
			p.Back, p.Heading = v.href(), loc.T("room.title")
			return roomPage(p, v)
		}})
	}
	return append(out, ui.Story{Group: "room", Name: "draw", Whole: true, Render: func(loc ui.Loc) templ.Component {
		v := storyView(now)
		storyDrawn(&v)
		return drawPage(page(loc, now), v)
	}})
}

func storyView(now time.Time) view {
	d := deal.Deal{ID: "dea_noodle", State: deal.OnSale, ThresholdKind: deal.ThresholdPeople, Threshold: 30, People: 24,
		PaidUnits: 610, HeldUnits: 90, Capacity: 1000, PerPerson: 2, StartsAt: now.Add(-4 * time.Minute),
		EndsAt: now.AddDate(0, 0, 3), PublicFrom: now.AddDate(0, 0, -3)}
	m := room.Room{DealID: d.ID, State: room.Open, Commitment: room.Commitment("seed"), Last: 1480, Called: 812,
		Pace: 60 * 95, CalledAt: now.Add(-time.Second), OpenedAt: now.Add(-4 * time.Minute)}
	v := view{Now: now, Signed: true, Sheet: catalog.Sheet{Card: catalog.Card{Title: "손칼국수 두 그릇에 만두 한 접시",
		MerchantName: "할매손칼국수", Price: 19_900, ListPrice: 32_000, Deal: d},
		Options: []deal.Option{{ID: "opt_1", Name: "두 그릇 세트", Price: 19_900, Quantity: 1000}}}}
	v.View = admit.View{Room: m, Commitment: m.Commitment, Stock: room.Stock{Free: 300, Held: 90, InFlight: 40}}
	v.queue(1003)
	return v
}

// queue puts the reader at a number.
func (v *view) queue(number int64) {
	v.Place = room.Place{DealID: v.Sheet.Deal.ID, AccountID: "acc_1", Number: number, Mark: "5b1e0c47d9a2f8e63310"}
	v.Standing, v.Before = room.Queued, v.Room.Before(number)
	v.From, v.Until, v.Timed = v.Room.Wait(v.Before, v.Now)
	v.LikelyGone, v.Retry = room.LikelyGone(v.Before, v.Stock), v.Room.RetryAfter(v.Before)
	v.MayWish = true
}

func storyDrawn(v *view) {
	v.Room.Seed, v.Room.Digest, v.Room.Drawn = "seed", room.Digest([]string{"a"}), 640
}

func storyComing(in time.Duration) func(*view) {
	return func(v *view) {
		v.Sheet.Deal.State, v.Sheet.Deal.StartsAt = deal.Scheduled, v.Now.Add(in)
		v.Room.State, v.Place, v.Standing = room.Gathering, room.Place{}, room.Outside
	}
}

func storyStates(now time.Time) []storyOf {
	empty := func(v *view) {
		v.Room.State, v.Place, v.Standing = room.Closed, room.Place{}, room.Outside
		v.Sheet.Deal.PaidUnits, v.Sheet.Deal.HeldUnits = 996, 4
		v.Stock = room.Stock{Held: 4}
	}
	called := func(ago time.Duration, s room.Standing) func(*view) {
		return func(v *view) { v.Place.CalledAt, v.Standing = now.Add(-ago), s }
	}
	return []storyOf{
		{"early", storyComing(3 * time.Hour)},
		{"gather", storyComing(11 * time.Minute)},
		{"present", func(v *view) {
			storyComing(4 * time.Minute)(v)
			v.Place, v.Standing = room.Place{AccountID: "acc_1", Mark: "5b1e0c47d9a2f8e63310"}, room.Present
		}},
		{"drawing", func(v *view) { v.Room.State, v.Place.Number, v.Standing = room.Drawing, 0, room.Present }},
		{"queued", func(v *view) { storyDrawn(v) }},
		{"next", func(v *view) { v.queue(813) }},
		{"unknown", func(v *view) { v.Timed = false }},
		{"likely-gone", func(v *view) { v.queue(1470) }},
		{"huge", func(v *view) {
			v.Room.Last, v.Room.Called, v.Room.Pace, v.Stock.Free = 2_000_000, 12_345, 60*4_800, 987_654
			v.queue(1_234_567)
		}},
		{"long", func(v *view) {
			v.queue(1470)
			v.Sheet.Title = "스물네 시간 고아 낸 사골국물에 손으로 빚은 왕만두를 넣은 떡만둣국 네 그릇과 제철 나물 세 가지"
			v.Sheet.MerchantName = "성수동에서 삼대째 이어 온 할머니의 손맛 그대로 만둣집"
			v.Sheet.Options[0].Name = v.Sheet.Title
		}},
		{"turn", called(40*time.Second, room.Turn)},
		{"passed", called(9*time.Minute, room.Passed)},
		{"outside", func(v *view) { v.Place, v.Standing, v.Before = room.Place{}, room.Outside, v.Room.Waiting() }},
		{"guest", func(v *view) { v.Place, v.Standing, v.Signed = room.Place{}, room.Outside, false }},
		{"free", func(v *view) { v.Room.State, v.Place, v.Standing = room.Closed, room.Place{}, room.Outside }},
		{"sold-out", func(v *view) { empty(v); v.MayWish = true }},
		{"listed", func(v *view) {
			empty(v)
			v.Wish, v.WishBefore = waitlist.Entry{ID: "wai_1", State: waitlist.Waiting}, 6
		}},
		{"offered", func(v *view) {
			empty(v)
			v.Wish = waitlist.Entry{ID: "wai_1", State: waitlist.Offered, OrderID: "ord_1", OfferedAt: now.Add(-time.Minute)}
		}},
		{"finished", func(v *view) { v.Sheet.Deal.State, v.Sheet.Deal.EndsAt = deal.Ended, now.Add(-time.Hour) }},
	}
}
