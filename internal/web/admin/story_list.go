package admin

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands: a Thursday evening in Seoul.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// Stories are the operator's pages about shops from fixtures: normal, empty, long, huge and wrong.
func Stories() []ui.Story {
	list := append(lineStories(), dossierStories()...)
	for i := range list {
		list[i].Group, list[i].Whole = "admin", true
	}
	return list
}

func story(name string, content func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Name: name, Render: func(loc ui.Loc) templ.Component {
		return content(loc, ui.Page{Title: loc.T("admin.shops.title"), Loc: loc, Now: storyNow(), NoIndex: true, Path: home,
			NavTitle: loc.T("console.title"), NavNote: loc.T("console.note"), Nav: storyNav(loc),
			Viewer: &ui.Viewer{Name: "나누리", Href: "/me"}, Seller: ui.Seller{Name: "성수상인회", Broker: true}})
	}}
}

// storyNav is the console's menu, which the program hands in.
func storyNav(loc ui.Loc) []ui.NavItem {
	return []ui.NavItem{
		{Label: loc.T("console.nav.home"), Href: "/admin", Icon: "house"},
		{Label: loc.T("console.nav.deals"), Href: "/admin/deals", Icon: "ticket"},
		{Label: loc.T("console.nav.merchants"), Href: home, Icon: "store", Here: true},
		{Label: loc.T("console.nav.money"), Href: "/admin/money", Icon: "wallet"},
		{Label: loc.T("console.nav.work"), Href: "/admin/work", Icon: "settings"},
		{Label: loc.T("console.nav.audit"), Href: "/admin/audit", Icon: "clipboard-list"},
	}
}

func storyShop(id market.MerchantID, state merchant.State) merchant.Merchant {
	return merchant.Merchant{ID: id, State: state, Slug: "할매손칼국수", RegionID: "dong_1",
		CreatedAt: storyNow().Add(-60 * time.Hour), SubmittedAt: storyNow().Add(-30 * time.Hour),
		Business: merchant.Business{Number: "1234567890", Name: "할매손칼국수", Representative: "김주인", Phone: "024691234",
			Email: "halmae@example.com"},
		Profile: merchant.Profile{CategoryID: "eat.noodle", Pictures: []photo.Ref{"/art/noodle/1.svg", "/art/shop/2.svg"},
			Story: "스무 해째 새벽마다 육수를 내고, 주문이 들어오면 그때 면을 밀어요."},
		Bank: merchant.Bank{Code: "004", Account: "123456789012", Holder: "김주인"}}
}

func longShop(id market.MerchantID) merchant.Merchant {
	m := storyShop(id, merchant.Submitted)
	m.Business.Name = "새벽 다섯 시부터 국수를 미는 성수동 뚝섬역 앞 할매손칼국수와 손만두 본점"
	m.Business.Representative = "김하늘빛나라별님이보우하사우리나라만세"
	m.Profile.Story = strings.Repeat("멸치와 디포리를 밤새 우려 맑은 육수를 내고, 반죽은 하루를 재워요. ", 12)
	return m
}

func storyEntry() directory.Entry {
	return directory.Entry{ID: "dir_MA0101202210A0084321", Name: "할매손칼국수", Branch: "성수점", Industry: "칼국수/만두",
		Address: "서울 성동구 성수이로18길 7", Floor: "1", RegionID: "dong_1", CategoryID: "eat.noodle",
		LatitudeE7: 375_471_200, LongitudeE7: 1_270_472_300, Matched: string(region.ByName)}
}

func lineStories() []ui.Story {
	unnamed := merchant.Merchant{ID: "mer_3", State: merchant.Draft, CreatedAt: storyNow().Add(-time.Minute)}
	shops := func(name string, v line) ui.Story {
		return story(name, func(_ ui.Loc, p ui.Page) templ.Component { return listPage(p, v) })
	}
	waits := func(name string, v claimLine) ui.Story {
		return story(name, func(_ ui.Loc, p ui.Page) templ.Component { return claimsPage(p, v) })
	}
	return []ui.Story{
		shops("merchants", line{State: merchant.Submitted, Asked: 2, Counts: map[merchant.State]int64{merchant.Submitted: 2,
			merchant.Approved: 41, merchant.Draft: 7}, Shops: []merchant.Merchant{storyShop("mer_1", merchant.Submitted),
			storyShop("mer_2", merchant.Submitted)}}),
		shops("merchants-empty", line{State: merchant.Submitted}),
		shops("merchants-long", line{State: merchant.Submitted, Asked: 12_345, After: home + "?after=mer_1",
			Counts: map[merchant.State]int64{merchant.Submitted: 12_345, merchant.Approved: 987_654, merchant.Draft: 1},
			Shops:  []merchant.Merchant{longShop("mer_1"), unnamed}}),
		waits("claims", claimLine{Count: 2, Claims: []directory.Claim{
			{ID: "clm_1", EntryID: storyEntry().ID, MerchantID: "mer_1", AskedAt: storyNow().Add(-9 * time.Hour)},
			{ID: "clm_2", EntryID: storyEntry().ID, MerchantID: "mer_2", AskedAt: storyNow().Add(-time.Hour)}},
			Entries: map[directory.EntryID]directory.Entry{storyEntry().ID: storyEntry()},
			Shops: map[market.MerchantID]merchant.Merchant{"mer_1": storyShop("mer_1", merchant.Approved),
				"mer_2": longShop("mer_2")}}),
		waits("claims-empty", claimLine{}),
	}
}

func storyDossier(state merchant.State) dossier {
	m := storyShop("mer_1", state)
	day := merchant.Day{{From: 11 * 60, To: 15 * 60}, {From: 17 * 60, To: 21 * 60}}
	h := merchant.Hours{Dates: []merchant.Dated{{Date: "2026-11-20", Note: "김장하는 날"}}}
	for i := time.Monday; i <= time.Saturday; i++ {
		h.Week[i] = day
	}
	v := dossier{Shop: m, Kind: "국수", Review: true, Suspend: true, Decides: true, Whole: true,
		Branches: []merchant.Branch{{ID: "bra_1", Name: "본점", Address: "서울 성동구 성수이로 18길 7, 1층", RegionID: "dong_1",
			Hours: h, Directions: "2호선 뚝섬역 8번 출구에서 3분. 파란 대문 옆이에요.", LatitudeE7: 375_471_900, LongitudeE7: 1_270_471_300}},
		Places: map[market.RegionID]string{"dong_1": "서울 성동구 성수동"},
		Names:  map[string]string{"acc_1": "김주인", "acc_9": "나누리"}}
	for i, action := range []string{"merchant.submit", "merchant.register"} {
		v.History = append(v.History, audit.Entry{Actor: "acc_1", Action: action,
			At: storyNow().Add(time.Duration(-30*(i+1)) * time.Hour)})
	}
	return v
}

// withClaim adds a claim as it waits, is granted or has rivals.
func withClaim(v dossier, state directory.ClaimState, rivals ...rival) dossier {
	c := claim{Entry: storyEntry(), Kind: "국수", Place: "서울 성동구 성수동", Key: "k", Rivals: rivals,
		Claim: directory.Claim{ID: "clm_1", EntryID: storyEntry().ID, MerchantID: "mer_1", State: state}}
	c.compare(&v)
	c.Decide = state == directory.ClaimAsked && v.Shop.MaySell()
	c.Release = state == directory.ClaimGranted
	v.Claims = append(v.Claims, c)
	return v
}

func dossierStories() []ui.Story {
	page := func(name string, v dossier, change func(ui.Loc, *dossier)) ui.Story {
		return story(name, func(loc ui.Loc, p ui.Page) templ.Component {
			v.People = []person{{"김주인", "halmae@example.com", loc.T("merchant.role_owner")}}
			change(loc, &v)
			p.Title = v.Shop.Business.Name
			p.Crumbs = []ui.Link{{Label: loc.T("admin.shops.title"), Href: home}, {Label: p.Title}}
			return dossierPage(p, v)
		})
	}
	keep := func(ui.Loc, *dossier) {}
	rivals := rival{directory.Claim{State: directory.ClaimAsked, MerchantID: "mer_2",
		CreatedAt: storyNow().Add(-time.Hour)}, longShop("mer_2")}
	stopped, back, bare := storyDossier(merchant.Suspended), storyDossier(merchant.Returned), storyDossier(merchant.Draft)
	stopped.Shop.ReturnReason = "이용권을 낸 손님을 여러 번 돌려보냈습니다."
	back.Shop.ReturnReason = "사업자등록증의 상호와 다릅니다. 등록증에 적힌 이름 그대로 써 주세요."
	bare.Shop.Profile, bare.Shop.Bank, bare.Branches, bare.History = merchant.Profile{}, merchant.Bank{}, nil, nil
	long := storyDossier(merchant.Submitted)
	long.Shop = longShop("mer_1")
	long = withClaim(long, directory.ClaimAsked, rivals)
	return []ui.Story{
		page("merchant", withClaim(storyDossier(merchant.Submitted), directory.ClaimAsked), keep),
		page("merchant-empty", bare, keep), page("merchant-long", long, keep),
		page("merchant-error", withClaim(storyDossier(merchant.Submitted), directory.ClaimAsked),
			func(loc ui.Loc, v *dossier) {
				v.Form, v.Reason = "return", "음"
				v.Problems = request.Problems{{Field: "reason", Message: loc.T("merchant.reason", "Max", merchant.ReasonMax)}}
			}),
		page("merchant-approved", withClaim(storyDossier(merchant.Approved), directory.ClaimGranted),
			func(_ ui.Loc, v *dossier) {
				v.Shop.NextBank, v.Shop.NextBankAt = merchant.Bank{Code: "092", Account: "100012345678", Holder: "김주인"},
					storyNow().Add(40*time.Hour)
			}),
		page("merchant-claim", withClaim(storyDossier(merchant.Approved), directory.ClaimAsked, rivals), keep),
		page("merchant-claim-error", withClaim(storyDossier(merchant.Approved), directory.ClaimAsked),
			func(loc ui.Loc, v *dossier) {
				v.Form = "refuseclm_1"
				v.Problems = request.Problems{{Field: "reason", Message: loc.T("directory.reason", "Max",
					directory.ReasonMax)}}
			}),
		page("merchant-returned", back, keep), page("merchant-suspended", stopped, keep),
	}
}
