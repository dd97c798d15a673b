package merge

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	flow "github.com/dure-commerce/dure/internal/flow/merge"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merger"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// Stories are the page as each of its readers sees it: normal, empty, long, and with an error.
func Stories() []ui.Story {
	one := func(name string, change func(loc ui.Loc, v *view)) ui.Story {
		return ui.Story{Group: "merge", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			v := view{Now: storyNow(), View: flow.View{From: crowd("wsh_1", "무선 청소기", 7),
				Into: crowd("wsh_2", "조용한 무선 청소기", 24)}}
			change(loc, &v)
			return mergePage(ui.Page{Title: loc.T("merge.title"), Heading: loc.T("merge.title"), Loc: loc, Now: storyNow(),
				NoIndex: true, Path: "/w/wsh_1/merge", Back: "/w/wsh_1", Viewer: &ui.Viewer{Name: "서연", Href: "/me"},
				Seller: ui.Seller{Name: "성수상인회", Broker: true}}, v)
		}}
	}
	asked := merger.Merger{State: merger.Asked, Until: storyNow().Add(50 * time.Hour)}
	return []ui.Story{
		one("ask", func(_ ui.Loc, v *view) { v.Leads, v.Like = true, []wish.Wish{v.Into} }),
		one("ask-none", func(_ ui.Loc, v *view) { v.Leads = true }),
		one("ask-error", func(loc ui.Loc, v *view) {
			v.Leads, v.Typed = true, "https://elsewhere.example/"
			v.Problems = request.Problems{{Message: loc.T("wish.not_found")}}
			v.Merger = merger.Merger{State: merger.Refused}
		}),
		one("waits", func(_ ui.Loc, v *view) { v.Leads, v.Merger = true, asked }),
		one("answer-long", func(_ ui.Loc, v *view) {
			v.LeadsOther, v.Merger = true, asked
			v.From.Name, v.From.Watching = strings.Repeat("새벽에도 조용한 무선 청소기 ", 4), 9_876_543
		}),
		one("asked", func(_ ui.Loc, v *view) { v.Asked = true }),
		one("asked-yes", func(_ ui.Loc, v *view) { v.Asked, v.Answered = true, merger.Yes }),
		one("nothing", func(_ ui.Loc, _ *view) {}),
	}
}

func crowd(id, name string, firm int64) wish.Wish {
	return wish.Wish{ID: market.WishID(id), Name: name, Firm: firm, Watching: 41, Threshold: 30, State: wish.Gathering}
}
