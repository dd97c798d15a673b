package gone

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func storyNow() time.Time { return time.Date(2026, time.November, 23, 3, 0, 0, 0, time.UTC) }

// Stories shows the notice as everybody sees it, and as its author does.
func Stories() []ui.Story {
	one := func(name string, v view) ui.Story {
		v.Wish = wish.Wish{ID: "wsh_1", Down: wish.Down{At: storyNow().Add(-3 * time.Hour), Ground: wish.GroundGoods,
			Words: "약국에서만 팔 수 있는 약이에요. 약사법 50조에 따라 인터넷으로 사고팔 수 없어요."}}
		return ui.Story{Group: "gone", Name: name, Render: func(loc ui.Loc) templ.Component {
			return gonePage(v.frame(ui.Page{Loc: loc, Now: storyNow(), Path: "/w/wsh_1"}), v)
		}}
	}
	known := ui.Seller{Name: "두레", Email: "help@dure.example", Phone: "02-1234-5678", Address: "서울 성동구 성수이로 18길 7"}
	return []ui.Story{one("gone", view{Seller: known}), one("gone-nameless", view{}), one("gone-author", view{
		Seller: known, Said: &wish.Said{Name: "수면제 공동구매", Details: "처방 없이 살 수 있는 곳이면 좋겠어요."}})}
}
