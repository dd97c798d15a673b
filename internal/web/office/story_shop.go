package office

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands: a Thursday evening in Seoul.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// Stories are a shop's registration and its pages from fixtures: normal, empty, long, huge and wrong.
func Stories() []ui.Story {
	list := append(shopStories(), pageStories()...)
	list = append(list, placeStories()...)
	list = append(list, peopleStories()...)
	list = append(list, claimStories()...)
	for i := range list {
		list[i].Group, list[i].Whole = "office", true
	}
	return list
}

// story is a page of a shop: in the shoppers' frame while it registers, in the desk's once it is public.
func story(name string, m merchant.Merchant, title string, content func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Name: name, Render: func(loc ui.Loc) templ.Component {
		p := ui.Page{Title: loc.T(title), Loc: loc, Now: storyNow(), NoIndex: true, Path: "/office/shop",
			NavTitle: shopName(loc, m), NavNote: loc.T("merchant.state_" + string(m.State)),
			Viewer: &ui.Viewer{Name: "김주인", Href: "/me", Unread: 2}, Seller: ui.Seller{Name: "성수상인회", Broker: true}}
		if m.Public() {
			p.Nav = storyNav(loc)
		}
		if title != "enroll.shop" {
			p.Crumbs = []ui.Link{{Label: loc.T("enroll.shop"), Href: base(m.ID)}, {Label: p.Title}}
		}
		return content(loc, p)
	}}
}

// storyNav is the menu of a shop's desk, which the program hands in.
func storyNav(loc ui.Loc) []ui.NavItem {
	return []ui.NavItem{
		{Label: loc.T("desk.nav.board"), Href: "/office", Icon: "activity"},
		{Label: loc.T("desk.nav.deals"), Href: "/office/deals", Icon: "tag"},
		{Label: loc.T("desk.nav.money"), Href: "/office/money", Icon: "wallet"},
		{Label: loc.T("desk.nav.words"), Href: "/office/words", Icon: "message-circle"},
		{Label: loc.T("desk.nav.shop"), Href: "/office/shop", Icon: "store", Here: true},
		{Label: loc.T("desk.nav.counter"), Href: "/counter", Icon: "scan-line"},
	}
}

func wrong(loc ui.Loc, field, key string, max int) request.Problems {
	return request.Problems{{Field: field, Message: loc.T(key, "Max", max)}}
}

// draft is a registration that was just begun, written one of which nothing is missing.
func draft() merchant.Merchant {
	return merchant.Merchant{ID: "mer_1", State: merchant.Draft, CreatedAt: storyNow().Add(-time.Hour),
		Business: merchant.Business{Name: "할매손칼국수"}}
}

func written(state merchant.State) merchant.Merchant {
	m := draft()
	m.State, m.Slug, m.Profile.Slug = state, "할매손칼국수", "할매손칼국수"
	m.Business = merchant.Business{Number: "1234567890", Name: "할매손칼국수", Representative: "김주인", Phone: "024691234",
		Email: "halmae@example.com"}
	m.Profile.Story = "스무 해째 새벽마다 육수를 내고, 주문이 들어오면 그때 면을 밀어요."
	m.Profile.CategoryID, m.Profile.Colour = "eat.noodle", "#7a4a1f"
	m.Profile.Pictures = []photo.Ref{"/art/noodle/1.svg", "/art/shop/2.svg", "/art/table/3.svg"}
	m.Bank = merchant.Bank{Code: "004", Account: "123456789012", Holder: "김주인"}
	m.RegionID, m.SubmittedAt = "dong_1", storyNow().Add(-30*time.Hour)
	return m
}

func longShop(state merchant.State) merchant.Merchant {
	m := written(state)
	m.Business.Name = "새벽 다섯 시부터 국수를 미는 성수동 뚝섬역 앞 할매손칼국수와 손만두 본점"
	m.Profile.Story = strings.Repeat("멸치와 디포리를 밤새 우려 맑은 육수를 내고, 반죽은 하루를 재워요. ", 8)
	return m
}

func suspended() merchant.Merchant {
	m := written(merchant.Suspended)
	m.ReturnReason = "이용권을 낸 손님을 여러 번 돌려보냈다는 말이 이어져서 판매를 멈췄습니다. 운영팀에 연락해 주세요."
	return m
}

func returned() merchant.Merchant {
	m := written(merchant.Returned)
	m.ReturnReason = "사업자등록증의 상호와 달라요. 등록증에 적힌 이름 그대로 써 주세요."
	return m
}

func storyBranches() []merchant.Branch {
	day := merchant.Day{{From: 11 * 60, To: 15 * 60}, {From: 17 * 60, To: 21 * 60}}
	h := merchant.Hours{Monthly: []merchant.Monthly{{Nth: 2, Weekday: time.Sunday}},
		Dates: []merchant.Dated{{Date: "2027-02-06", Note: "설 연휴"}}}
	for i := time.Monday; i <= time.Saturday; i++ {
		h.Week[i] = day
	}
	return []merchant.Branch{
		{ID: "bra_1", MerchantID: "mer_1", Name: "본점", Address: "서울 성동구 성수이로 18길 7, 1층", RegionID: "dong_1", Hours: h,
			Phone: "024691234", Directions: "2호선 뚝섬역 8번 출구에서 3분. 파란 대문 옆이에요.", LatitudeE7: 375_471_200,
			LongitudeE7: 1_270_472_300},
		{ID: "bra_2", MerchantID: "mer_1", Name: "서울숲점", Address: "서울 성동구 서울숲2길 32-14", RegionID: "dong_1"},
	}
}

func overviewOf(loc ui.Loc, m merchant.Merchant, branches []merchant.Branch) overview {
	v := overview{Shop: m, Submit: true, People: true, MayClaim: true}
	v.steps(loc, branches, true)
	return v
}

func shopStories() []ui.Story {
	shop := func(name string, m merchant.Merchant, branches []merchant.Branch) ui.Story {
		return story(name, m, "enroll.shop", func(loc ui.Loc, p ui.Page) templ.Component {
			return shopPage(p, overviewOf(loc, m, branches), nil)
		})
	}
	begin := func(name, typed string, problems func(ui.Loc) request.Problems) ui.Story {
		return story(name, merchant.Merchant{}, "enroll.begin.title", func(loc ui.Loc, p ui.Page) templ.Component {
			p.Crumbs = nil
			return beginPage(p, typed, problems(loc))
		})
	}
	return []ui.Story{
		begin("begin", "", func(ui.Loc) request.Problems { return nil }),
		begin("begin-error", "", func(loc ui.Loc) request.Problems {
			return wrong(loc, "name", "merchant.name", merchant.NameMax)
		}),
		shop("shop-empty", draft(), nil),
		shop("shop-ready", written(merchant.Draft), storyBranches()),
		shop("shop-waits", written(merchant.Submitted), storyBranches()),
		shop("shop-returned", returned(), storyBranches()),
		shop("shop", written(merchant.Approved), storyBranches()),
		shop("shop-long", longShop(merchant.Approved), storyBranches()),
		shop("shop-suspended", suspended(), storyBranches()),
		story("shop-error", draft(), "enroll.shop", func(loc ui.Loc, p ui.Page) templ.Component {
			return shopPage(p, overviewOf(loc, draft(), nil), append(wrong(loc, "number", "merchant.missing", 0),
				wrong(loc, "bank_account", "merchant.missing", 0)...))
		}),
		story("shop-claims", written(merchant.Approved), "enroll.shop", func(loc ui.Loc, p ui.Page) templ.Component {
			v := overviewOf(loc, written(merchant.Approved), storyBranches())
			v.Claims = storyClaims()
			return shopPage(p, v, nil)
		}),
	}
}
