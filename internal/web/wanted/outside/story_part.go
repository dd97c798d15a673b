package outside

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// Stories are the card for foreign pages: gathering, long with huge numbers, and over.
func Stories() []ui.Story {
	one := func(name string, w wish.Wish) ui.Story {
		return ui.Story{Group: "outside", Name: name, Render: func(loc ui.Loc) templ.Component {
			return small(cardOf(loc, "https://dure.example", w, storyNow()))
		}}
	}
	w := wish.Wish{ID: "wsh_1", Name: "무선 청소기", State: wish.Gathering, Threshold: 30, Firm: 27, Watching: 41,
		Until: storyNow().Add(time.Hour)}
	long, over := w, w
	long.Name, long.State = strings.Repeat("조용한 무선 청소기와 거치대 ", 4), wish.Bidding
	long.Firm, long.Watching = 123_456, 9_876_543
	over.State = wish.Closed
	return []ui.Story{one("embed", w), one("embed-long", long), one("embed-over", over)}
}
