package story

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/web/ui"
)

// Now is the instant at which every fixture stands.
func Now() time.Time {
	return time.Date(2026, time.November, 20, 12, 4, 0, 0, time.FixedZone("KST", 9*60*60))
}

// All gives the stories of every part, in the order of the book.
func All() []ui.Story {
	plain := func(group, name string, content templ.Component) ui.Story {
		return ui.Story{Group: group, Name: name, Render: func(ui.Loc) templ.Component { return content }}
	}
	whole := func(group, name string, render func(ui.Loc) templ.Component) ui.Story {
		return ui.Story{Group: group, Name: name, Whole: true, Render: render}
	}
	return []ui.Story{
		plain("button", "all", buttons()), plain("button", "long", longButtons()),
		plain("chip", "all", chips()), plain("tabs", "all", tabs()),
		plain("field", "empty", fields(false)), plain("field", "error", fields(true)),
		plain("field", "choices", choices()),
		plain("card", "all", cards()), plain("meter", "all", meters()), plain("price", "all", prices()),
		plain("facts", "all", facts()), plain("events", "all", events()),
		plain("table", "folds", table(false)), plain("table", "rolls", table(true)), plain("table", "empty", emptyTable()),
		plain("chart", "bars", bars()), plain("chart", "line", line()), plain("chart", "huge", hugeChart()),
		plain("notice", "all", notices()), plain("empty", "all", empties()),
		plain("sheet", "all", sheets()), plain("art", "all", scenes()), plain("map", "all", tileMap()),
		whole("page", "deal", dealPage), whole("page", "deal-long", longDealPage), whole("page", "home", homePage),
		whole("page", "board", boardPage), whole("page", "board-empty", emptyBoardPage),
		whole("page", "board-late", late(boardPage)), whole("page", "home-late", late(homePage)),
		whole("page", "voucher", voucherPage), whole("page", "voucher-spent", spentVoucherPage),
		whole("lost", "403", lost(403)), whole("lost", "404", lost(404)), whole("lost", "410", lost(410)),
		whole("lost", "429", lost(429)), whole("lost", "500", lost(500)), whole("lost", "503", lost(503)),
	}
}

// late puts the strip of late screens into a page, where the script puts it: behind the way past the head.
func late(page func(ui.Loc) templ.Component) func(ui.Loc) templ.Component {
	return func(loc ui.Loc) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			var whole, strip strings.Builder
			err := errors.Join(page(loc).Render(ctx, &whole), ui.Fragment(loc, ui.LiveDelay()).Render(ctx, &strip))
			if err != nil {
				return err
			}
			head, rest, _ := strings.Cut(whole.String(), `<a class="skip"`)
			skip, rest, _ := strings.Cut(rest, `</a>`)
			_, err = io.WriteString(w, head+`<a class="skip"`+skip+`</a><div data-live-delay>`+strip.String()+`</div>`+rest)
			return err
		})
	}
}

func office(loc ui.Loc) ui.Page {
	page := frame(loc)
	page.NavTitle, page.NavNote, page.Place, page.Path = "할매손칼국수", "성수 본점", ui.Place{}, "/office"
	page.Nav = []ui.NavItem{
		{Label: "지금", Href: "#", Icon: "activity", Here: true}, {Label: "딜", Href: "#", Icon: "tag"},
		{Label: "손님", Href: "#", Icon: "users", Count: 3}, {Label: "정산", Href: "#", Icon: "wallet"},
		{Label: "단골", Href: "#", Icon: "heart"}, {Label: "보고서", Href: "#", Icon: "chart-column"},
		{Label: "매장 화면", Href: "#", Icon: "monitor"}, {Label: "가게", Href: "#", Icon: "store"},
	}
	return page
}

func frame(loc ui.Loc) ui.Page {
	return ui.Page{
		Title: "손칼국수 두 그릇에 만두 한 접시", Loc: loc, Now: Now(), Path: "/", NoIndex: true,
		Place:  ui.Place{Name: "성수동", Href: "/places"},
		Viewer: &ui.Viewer{Name: "서연", Href: "/me", Unread: 2},
		Seller: ui.Seller{
			Name: "성수상인회", Head: "김두레", Number: "123-45-67890", MailOrder: "2026-서울성동-0101",
			Address: "서울 성동구 성수이로 18길 7", Phone: "02-000-0000", Email: "help@dure.example", Broker: true,
			Links: []ui.Link{
				{Label: "이용약관", Href: "#"}, {Label: "개인정보처리방침", Href: "#"}, {Label: "지금 보관 중인 돈", Href: "#"},
			},
		},
	}
}

func lost(status int) func(ui.Loc) templ.Component {
	return func(loc ui.Loc) templ.Component {
		content := ui.Lost{Status: status}
		if status >= 429 {
			content.Retry = "/"
		}
		if status == 500 {
			content.Reference = "7K3P-XQ92"
		}
		return lostPage(loc, content)
	}
}
