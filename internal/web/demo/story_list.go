package demo

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/web/ui"
)

// Stories are the page on which a visitor takes a part, as it begins and with a name that nobody bears.
func Stories() []ui.Story {
	page := func(name, typed, problem string) ui.Story {
		return ui.Story{Group: "demo", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			v := startView{parts: parts(), password: Password, typed: typed}
			if problem != "" {
				v.problem = loc.T(problem)
			}
			return startPage(ui.Page{Title: loc.T("demo.title"), Loc: loc, NoIndex: true, Path: "/demo",
				Demo:  ribbon(loc, "/demo"),
				Now:   time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC),
				Place: ui.Place{Name: "성수동", Href: "/regions"}, Seller: ui.Seller{Name: "두레", Broker: true}}, v)
		}}
	}
	return []ui.Story{page("start", "", ""), page("start-error", "옆집 사는 아무개 아주머니의 큰조카", "demo.nobody")}
}
