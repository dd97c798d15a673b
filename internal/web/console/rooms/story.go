package rooms

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Stories are the states of the page; page frames them under a name and an address.
func Stories(now time.Time, page func(string, string, func(ui.Loc, ui.Page) templ.Component) ui.Story) []ui.Story {
	rooms := func(name string, v view) ui.Story {
		return page(name, Path, func(loc ui.Loc, p ui.Page) templ.Component {
			if v.Sent != "" {
				v.Errors = request.Problems{{Field: "reason", Message: loc.T("room.reason", "Min", 5, "Max", 500)}}
			}
			return roomsPage(p, v)
		})
	}
	gathering, drawing := storyLine("dea_soup", "사골국밥 한 그릇", 1, now), storyLine("dea_cake", "딸기 생크림 케이크", 1, now)
	gathering.Room = room.Room{DealID: "dea_soup", State: room.Gathering, OpenedAt: now.Add(-10 * time.Minute)}
	gathering.Present = 640
	drawing.Room.State, drawing.Present = room.Drawing, 12_400
	held, hot := storyLine("dea_tea", "쌍화차 두 잔", 1, now), storyLine("dea_rice", "곤드레 솥밥", 1, now)
	held.Room.Hand = room.HeldOpen
	hot.Room, hot.Stock.InFlight = room.Room{DealID: "dea_rice"}, 0
	closed := storyLine("dea_old", "약과 열 개", 1, now)
	closed.Room = room.Room{DealID: "dea_old", State: room.Closed, Last: 900, Called: 900}
	closed.Stock, closed.Rush = room.Stock{Free: 41}, room.Rush{Rate: 1_200}
	open := storyLine("dea_noodle", "손칼국수 두 그릇에 만두 한 접시", 1, now)
	huge := storyLine("dea_huge", strings.Repeat("스물네 시간 고아 낸 사골국물에 손으로 빚은 왕만두 ", 2), 12_345, now)
	return []ui.Story{
		rooms("rooms", view{May: true, Lines: []line{open, held, closed, hot}}),
		rooms("rooms-draw", view{May: true, Lines: []line{gathering, drawing}}),
		rooms("rooms-empty", view{May: true}),
		rooms("rooms-huge", view{Lines: []line{huge}}),
		rooms("rooms-refused", view{May: true, Lines: []line{open}, Sent: "dea_noodle", Reason: "네"}),
	}
}

// storyLine is an open room in the middle of a rush.
func storyLine(id market.DealID, title string, times int64, now time.Time) line {
	return line{Title: title, Stock: room.Stock{Free: 300 * times, Held: 90 * times, InFlight: 40 * times},
		Rush: room.Rush{Arrivals: 2_300 * times, Rate: 1_200 * times}, Room: room.Room{DealID: id, State: room.Open,
			Last: 1_480 * times, Called: 812 * times, Pace: 60 * 95 * times, CalledAt: now.Add(-time.Second),
			OpenedAt: now.Add(-4 * time.Minute)}}
}
