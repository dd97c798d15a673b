package desk

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/desk/choice"
	"github.com/dure-commerce/dure/internal/web/desk/wishes"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// chooseStories ask for which of several shops somebody comes.
func chooseStories() []ui.Story {
	ask := func(name, title string, v choice.View) ui.Story {
		return ui.Story{Group: "desk", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			return choice.Page(StoryPage(loc, AtBoard, loc.T(title)), v)
		}}
	}
	long := []report.Shop{{ID: "mer_1", Name: "할매손칼국수"}, {ID: "mer_2", Name: longName()}}
	return []ui.Story{ask("choose", "desk.choose.title", choice.View{Shops: long}),
		ask("choose-offer", "desk.choose.offer", choice.View{Shops: long, Next: wishes.Path + "/wsh_1", Offer: true})}
}

// wishStories are boards of shops for which something waits among wishes.
func wishStories() []ui.Story {
	board := func(name string, w report.WishWork) ui.Story {
		return ui.Story{Group: "desk", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			v := boardOf(loc, report.Shop{ID: "mer_1", Name: "연남 공방", State: "approved"}, report.Board{At: StoryNow()}, nextDay)
			v.Wishes = w
			p := StoryPage(loc, AtBoard, v.Title)
			for i := range p.Nav {
				if p.Nav[i].Href == wishes.Path {
					p.Nav[i].Count = w.Todo()
				}
			}
			return boardPage(p, v)
		}}
	}
	return []ui.Story{
		board("board-wishes", report.WishWork{New: 3, Questions: 2, Choosing: 1, Paying: 1, Asking: 1, ToSend: 34,
			SendToday: 12, Disputes: 1}),
		board("board-wishes-huge", report.WishWork{New: 200, Questions: 1_234, Choosing: 88, Paying: 1_000, Asking: 12,
			ToSend: 98_765, Disputes: 321}),
	}
}
