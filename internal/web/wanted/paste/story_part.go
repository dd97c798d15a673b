package paste

import (
	"strings"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market/linkcard"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Stories are the part in its states: found, nothing found, refused, long.
func Stories() []ui.Story {
	one := func(name string, f found) ui.Story {
		return ui.Story{Group: "paste", Name: name, Render: func(loc ui.Loc) templ.Component {
			if f.Problem != "" {
				f.Problem = loc.T(f.Problem)
			}
			return part(f)
		}}
	}
	long := strings.Repeat("새벽부터 조용히 돌아가는 가벼운 무선 청소기와 거치대 ", 4)
	return []ui.Story{
		one("found", found{Card: linkcard.Card{URL: "https://shop.example/item", Title: "무선 청소기", Site: "한빛전자",
			Description: "가볍고 조용해요"}}),
		one("long", found{Card: linkcard.Card{URL: "https://a.very.long.shop.example/item", Title: long, Description: long}}),
		one("nothing", found{Card: linkcard.Card{URL: "https://shop.example/item"}}),
		one("refused", found{Problem: "fetch.answer"}),
	}
}
