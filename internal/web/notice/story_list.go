package notice

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands: a Thursday evening in Seoul.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// Stories are the page of notices and the way out of letters from fixtures: normal, empty, long and many.
func Stories() []ui.Story {
	page := func(name string, content func(ui.Loc, ui.Page) templ.Component) ui.Story {
		return ui.Story{Group: "notice", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			return content(loc, ui.Page{Title: loc.T("notice.title"), Loc: loc, Now: storyNow(), NoIndex: true, Path: "/notices",
				Viewer: &ui.Viewer{Name: "서연", Href: "/me"}, Seller: ui.Seller{Name: "성수상인회", Broker: true}})
		}}
	}
	list := func(name, further string, told ...notice.Notice) ui.Story {
		return page(name, func(loc ui.Loc, p ui.Page) templ.Component {
			p.Back, p.Heading = "/me", p.Title
			return listPage(p, events(loc, told, storyNow()), further)
		})
	}
	off := func(name, shop string, done bool) ui.Story {
		return page(name, func(_ ui.Loc, p ui.Page) templ.Component {
			p.Viewer = nil
			return offPage(p, merchant.Merchant{Business: merchant.Business{Name: shop}}, follow.Off{}, done)
		})
	}
	wishOff := func(name, shop string, done bool) ui.Story {
		return page(name, func(_ ui.Loc, p ui.Page) templ.Component {
			p.Viewer = nil
			return wishOffPage(p, merchant.Merchant{Business: merchant.Business{Name: shop}}, announce.Off{}, done)
		})
	}
	long := "새벽 다섯 시부터 국수를 미는 성수동 뚝섬역 앞 할매손칼국수와 손만두 본점"
	return []ui.Story{
		list("notices", "", told(0, "손칼국수 두 그릇에 만두 한 접시", "할매손칼국수"), told(30, "핸드드립 두 잔", "뚝섬 커피")),
		list("notices-empty", ""),
		list("notices-offer", "", offered("핸드드립 두 잔", "뚝섬 커피"), told(1, "손칼국수 두 그릇에 만두 한 접시", "할매손칼국수")),
		list("notices-wish", "", wishTold(notice.WishSought), wishTold(notice.WishReached), wishTold(notice.WishOffered),
			wishTold(notice.WishClosing), wishTold(notice.WishLook), wishTold(notice.WishAwarded),
			wishTold(notice.WishNothing), wishTold(notice.WishAgain), wishTold(notice.WishAsked), wishTold(notice.WishJoined),
			wishTold(notice.WishPropose)),
		wishOff("wish-letters-off", "할매손칼국수", false), wishOff("wish-letters-off-long", long, false),
		wishOff("wish-letters-off-done", "할매손칼국수", true),
		list("notices-long", "/notices?before=ntc_1", told(0, strings.Repeat(long+" ", 2), long), told(4_000, long, long)),
		off("letters-off", "할매손칼국수", false), off("letters-off-long", long, false), off("letters-off-done", "할매손칼국수", true),
	}
}

// told is a notice some hours old; those of a day ago were looked at.
func told(hours int, title, shop string) notice.Notice {
	n := notice.Notice{Kind: notice.FollowBegins, Subject: "dea_1", Title: title, Sender: shop,
		At: storyNow().Add(-time.Duration(hours)*time.Hour - time.Minute)}
	if hours > 24 {
		n.Kind, n.ReadAt = notice.DealBegins, storyNow()
	}
	return n
}

// offered tells that a unit somebody waited for is held for them.
func offered(title, shop string) notice.Notice {
	n := told(0, title, shop)
	n.Kind, n.Subject = notice.WaitOffer, "ord_1"
	return n
}

// wishTold tells of a step of a wish.
func wishTold(kind notice.Kind) notice.Notice {
	n := told(2, "무선 청소기", "한빛전자")
	n.Kind, n.Subject = kind, notice.WishSubject("wsh_1", kind)
	return n
}
