package storefront

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/listing"
	"github.com/dure-commerce/dure/internal/web/storefront/purchase"
	"github.com/dure-commerce/dure/internal/web/storefront/room"
	"github.com/dure-commerce/dure/internal/web/storefront/trust"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// StoryNow is the instant at which every fixture stands.
func StoryNow() time.Time { return time.Date(2026, time.November, 20, 12, 4, 0, 0, deal.Zone) }

// Stories are the states of every page, from fixtures alone.
func Stories() []ui.Story {
	whole := func(group, name string, render func(ui.Page) templ.Component) ui.Story {
		return ui.Story{Group: group, Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			return render(purchase.StoryPage(loc, StoryNow()))
		}}
	}
	out := []ui.Story{
		whole("home", "normal", func(p ui.Page) templ.Component { return homePage(p, storyWindow(storyCards())) }),
		whole("home", "empty", func(p ui.Page) templ.Component { return homePage(p, storyWindow(nil)) }),
		whole("home", "country", func(p ui.Page) templ.Component {
			w := storyWindow(storyCards())
			w.Of, p.Place = country(), ui.Place{Name: "전국", Href: "/regions"}
			return homePage(p, w)
		}),
		whole("home", "long", func(p ui.Page) templ.Component {
			cards := storyCards()
			for i := range cards {
				cards[i].Title, cards[i].MerchantName = longTitle, longShop
				cards[i].Price, cards[i].ListPrice = 1_234_567_890, 9_876_543_210
			}
			w := storyWindow(cards)
			w.Adopt = true
			return homePage(p, w)
		}),
		whole("regions", "normal", func(p ui.Page) templ.Component { return regionsPage(p, storyRegions()) }),
		whole("regions", "empty", func(p ui.Page) templ.Component {
			return regionsPage(p, regionList{Query: "없는동네", Asked: true, In: country()})
		}),
		whole("search", "normal", func(p ui.Page) templ.Component { return searchPage(p, storyFinding(storyCards())) }),
		whole("search", "wishes", func(p ui.Page) templ.Component {
			v := storyFinding(nil)
			v.Wishes = []wish.Wish{{ID: "wsh_1", Name: "무선 청소기", Firm: 27, Threshold: 30},
				{ID: "wsh_2", Name: strings.Repeat("조용한 무선 청소기 ", 6), Firm: 1_204, Threshold: 30}}
			return searchPage(p, v)
		}),
		whole("search", "empty", func(p ui.Page) templ.Component { return searchPage(p, storyFinding(nil)) }),
		whole("search", "error", func(p ui.Page) templ.Component {
			v := storyFinding(nil)
			v.Problems = request.Problems{{Field: "max", Message: p.Loc.T("form.too_large", "Max", int64(priceTop))}}
			return searchPage(p, v)
		}),
	}
	for _, one := range storyDeals() {
		out = append(out, whole("deal", one.name, func(p ui.Page) templ.Component {
			p.Back = "/"
			return dealPage(p, one.sheet)
		}))
	}
	out = append(out, listing.Stories(StoryNow(), purchase.StoryPage)...)
	out = append(out, room.Stories(StoryNow(), purchase.StoryPage)...)
	out = append(out, trust.Stories(StoryNow(), purchase.StoryPage)...)
	return append(out, purchase.Stories(StoryNow())...)
}

const (
	longTitle = "아주아주 오래 끓인 멸치 육수에 손으로 민 칼국수 두 그릇과 김치만두 고기만두 반반 한 접시, 계절 겉절이까지"
	longShop  = "할머니의손맛을그대로이어온성수동골목안쪽두번째집칼국수와만두전문점본점"
)

type storyOf struct {
	id, title, shop string
	kind            market.CategoryID
	people, goal    int64
}

func storyCard(o storyOf) catalog.Card {
	id, title, shop, kind, people, goal := o.id, o.title, o.shop, o.kind, o.people, o.goal
	now := StoryNow()
	c := catalog.Card{Title: title, Summary: "점심 두 사람", CategoryID: kind, MerchantName: shop, MerchantSlug: id,
		Option: "두 그릇 세트", Price: 19_900, ListPrice: 32_000, Options: 1,
		Asked: catalog.Satisfaction{GuestsAnswered: 132, GuestsSum: 634, WouldReturn: 120, ShopAnswered: 4, ShopSum: 18,
			Visits: 412},
		Deal: deal.Deal{ID: market.DealID(id), MerchantID: "mer_1", State: deal.OnSale, TermsVersion: 1,
			ThresholdKind: deal.ThresholdPeople, Threshold: goal, People: people, PaidUnits: people + 4, Capacity: 100,
			PerPerson: 2, PaidWon: people * 19_900, StartsAt: now.AddDate(0, 0, -4),
			EndsAt: time.Date(2026, time.November, 23, 0, 0, 0, 0, deal.Zone), PublicFrom: now.AddDate(0, 0, -20),
			PublicUntil: now.AddDate(0, 0, 31), Version: 9}}
	if people >= goal {
		c.Deal.TippedAt = now.Add(-26 * time.Hour)
	}
	return c
}

func storyCards() []catalog.Card {
	camp := storyCard(storyOf{"dea_camp", "한강 야영 하룻밤, 장작과 아침까지", "강바람 야영장", "play.camp", 412, 100})
	camp.Price, camp.ListPrice, camp.Deal.Capacity = 89_000, 140_000, 900
	next := storyCard(storyOf{"dea_flower", "겨울 꽃다발 한 아름", "들풀", "shop.flower", 0, 20})
	next.Deal.State, next.Deal.StartsAt = deal.Scheduled, StoryNow().AddDate(0, 0, 3)
	over := storyCard(storyOf{"dea_cake", "딸기 케이크와 홍차 두 잔", "달무리", "cafe", 31, 30})
	over.Deal.State, over.Deal.EndsAt = deal.Ended, StoryNow().AddDate(0, 0, -2)
	short := storyCard(storyOf{"dea_book", "헌책 열 권 꾸러미", "책등", "shop.hobby", 8, 30})
	short.Deal.State, short.Deal.EndsAt = deal.Failed, StoryNow().AddDate(0, 0, -2)
	return []catalog.Card{camp, storyCard(storyOf{"dea_noodle", "손칼국수 두 그릇에 만두", "할매손칼국수", "eat.noodle", 23, 30}),
		storyCard(storyOf{"dea_coffee", "핸드드립 열 잔 묶음", "느린물", "cafe", 28, 30}),
		storyCard(storyOf{"dea_pot", "물레 체험과 그릇 하나", "흙집", "learn.art", 19, 30}),
		storyCard(storyOf{"dea_hair", "머리 다듬기와 두피 관리", "가위바람", "beauty.hair", 44, 30}),
		storyCard(storyOf{"dea_bread", "시골빵 다섯 덩이", "밀밭", "cafe.bakery", 36, 30}),
		storyCard(storyOf{"dea_gym", "아침 요가 열 번", "숨", "learn.body", 4, 30}), next, over, short}
}

func storyWindow(cards []catalog.Card) window {
	w := window{Of: region.Region{ID: "neighbourhood_1104068", ParentID: "district_11040", Level: region.Neighbourhood,
		Name: "성수동", NameEN: "Seongsu-dong", FullName: "서울특별시 성동구 성수동", FullNameEN: "Seongsu-dong, Seoul"},
		Now: StoryNow(), Shelves: catalog.Sort(cards, func(catalog.Card) bool { return true }, StoryNow())}
	w.Kinds = []category.Category{{ID: "eat", Name: "먹거리", NameEN: "Food"}, {ID: "cafe", Name: "카페·디저트",
		NameEN: "Cafés"}, {ID: "beauty", Name: "뷰티", NameEN: "Beauty"}, {ID: "learn", Name: "배움", NameEN: "Learning"},
		{ID: "play", Name: "여가·숙박", NameEN: "Leisure"}, {ID: "life", Name: "생활", NameEN: "Services"}}
	if len(cards) == 0 {
		return w
	}
	w.Moments = []moment{
		{catalog.Moment{Kind: "order.paid", DealID: "dea_noodle", Units: 1, At: w.Now.Add(-time.Minute)}, cards[1]},
		{catalog.Moment{Kind: "voucher.redeemed", DealID: "dea_coffee", Units: 1, At: w.Now.Add(-4 * time.Minute)}, cards[2]},
		{catalog.Moment{Kind: "deal.tipped", DealID: "dea_hair", Units: 30, At: w.Now.Add(-2 * time.Hour)}, cards[4]},
	}
	w.Others = listing.StoryShelf()
	for _, c := range cards[1:6] {
		w.Shops = append(w.Shops, catalog.Shop{ID: c.Deal.MerchantID, Slug: c.MerchantSlug, Name: c.MerchantName,
			Asked: c.Asked})
	}
	return w
}

func storySheet(c catalog.Card) sheet {
	c.Title = c.Title + " 한 접시"
	week := merchant.Hours{}
	for i := range week.Week {
		if i != 1 {
			week.Week[i] = merchant.Day{{From: 11 * 60, To: 15 * 60}, {From: 17 * 60, To: 21 * 60}}
		}
	}
	return sheet{Sheet: catalog.Sheet{Card: c, Terms: deal.Terms{Version: 1, Title: c.Title, Summary: "점심 두 사람, 만두는 반반",
		Story:      "새벽 네 시에 반죽을 칩니다.\n오시는 분이 많은 날엔 만두를 더 쪄요. 아이와 함께 오시면 면을 조금 더 부드럽게 삶아 드려요.",
		PriceBasis: "가게 차림표", ValidDays: 400, RefundProfile: "std2025", MerchantShareBP: 7000,
		Rules: hours.Rules{Weekdays: []int{2, 3, 4, 5, 6}, From: "11:00", To: "21:00",
			Blackout: []string{"2027-02-06", "2027-02-07"}}},
		Options: []deal.Option{{ID: "opt_1", Name: "두 그릇에 만두 한 접시", ListPrice: c.ListPrice, Price: c.Price, Quantity: 100,
			Uses: 1, PaidUnits: c.Deal.PaidUnits}}, OfDeal: catalog.Satisfaction{Visits: 18, GuestsAnswered: 12, GuestsSum: 57,
			WouldReturn: 11},
		History: []deal.LogLine{{Action: "on_sale", Public: true, At: c.Deal.StartsAt}}},
		Seller: catalog.Seller{ID: "mer_1", Name: c.MerchantName, Representative: "김순자", Number: "1234567891",
			Phone: "024661234", Email: "noodle@example.com", Story: "새벽 네 시에 반죽을 칩니다. 오시는 분이 많은 날엔 만두를 더 쪄요.",
			Since: StoryNow().AddDate(-2, -1, 0)},
		Branches: []catalog.Branch{{ID: "brn_1", Name: "성수 본점", Address: "서울 성동구 성수이로 18길 7", Hours: week,
			LatitudeE7: 375445000, LongitudeE7: 1270560000, Directions: "성수역 3번 출구에서 걸어서 5분, 파란 대문이에요."}},
		Where: "성수동", Category: "국수·냉면", Now: StoryNow()}
}

type storyDeal struct {
	name  string
	sheet sheet
}

func storyDeals() []storyDeal {
	make := func(name string, change func(*sheet)) storyDeal {
		s := storySheet(storyCard(storyOf{"dea_noodle", "손칼국수 두 그릇에 만두", "할매손칼국수", "eat.noodle", 23, 30}))
		change(&s)
		return storyDeal{name, s}
	}
	state := func(to deal.State, ends time.Duration) func(*sheet) {
		return func(s *sheet) { s.Deal.State, s.Deal.EndsAt = to, StoryNow().Add(ends) }
	}
	tip := func(s *sheet) { s.Deal.People, s.Deal.TippedAt = 43, StoryNow().Add(-26*time.Hour) }
	return []storyDeal{
		make("normal", func(s *sheet) { s.Kept = true }),
		make("coming", func(s *sheet) {
			s.Deal.State, s.Deal.People, s.Deal.PaidUnits = deal.Scheduled, 0, 0
			s.Deal.StartsAt, s.Deal.EndsAt = StoryNow().AddDate(0, 0, 3), StoryNow().AddDate(0, 0, 10)
		}),
		make("open", tip),
		make("full", func(s *sheet) { tip(s); s.Deal.PaidUnits, s.Deal.HeldUnits = 97, 3 }),
		make("sold-out", func(s *sheet) { tip(s); s.Deal.PaidUnits = 100 }),
		make("closing", state(deal.Closing, -time.Minute)),
		make("asking", func(s *sheet) {
			state(deal.Asking, -time.Hour)(s)
			s.Deal.AskUntil = StoryNow().Add(20 * time.Hour)
		}),
		make("failed", state(deal.Failed, -48*time.Hour)),
		make("ended", func(s *sheet) { tip(s); state(deal.Ended, -48*time.Hour)(s) }),
		make("cancelled", state(deal.Cancelled, 24*time.Hour)),
		make("empty", func(s *sheet) {
			s.Deal.People, s.Deal.PaidUnits, s.Branches, s.History, s.Seller.Story = 0, 0, nil, nil, ""
			s.Asked, s.OfDeal, s.Terms.Story, s.Terms.Rules = catalog.Satisfaction{}, catalog.Satisfaction{}, "", hours.Rules{}
		}),
		make("long", func(s *sheet) {
			s.Title, s.MerchantName, s.Terms.Summary = longTitle, longShop, longTitle
			s.Options[0].Name, s.Branches[0].Name = longTitle, longShop
			s.Seller.Story, s.Terms.Story = strings.Repeat(longTitle+". ", 3), strings.Repeat(longTitle+".\n", 8)
		}),
		make("huge", func(s *sheet) {
			s.Deal.ThresholdKind, s.Deal.Threshold, s.Deal.PaidWon = deal.ThresholdWon, 50_000_000_000, 12_345_678_900
			s.Deal.Capacity, s.Deal.PaidUnits, s.Price, s.ListPrice = 1_000_000, 654_321, 1_234_567_890, 9_876_543_210
			s.Options = append(s.Options, s.Options[0])
			s.Card.Options = 2
		}),
	}
}

func storyRegions() regionList {
	v := regionList{In: region.Region{ID: "district_11040", Level: region.District, Name: "성동구", NameEN: "Seongdong-gu"},
		Here: "neighbourhood_1104068", Up: crumbs("ko", []region.Region{{ID: "province_11", Level: region.Province,
			Name:   "서울특별시",
			NameEN: "Seoul"}, {ID: "district_11040", Level: region.District, Name: "성동구", NameEN: "Seongdong-gu"}}),
		Map: ui.TileMap{Label: "성동구 지도"}}
	for i, name := range []string{"왕십리", "마장", "사근", "행당", "응봉", "금호", "옥수", "성수", "송정", "용답"} {
		n := int64(i*7%12) - 2
		tile := ui.Tile{Name: name, X: int64(i % 4), Y: int64(i / 4), Href: "/r/x", Level: level(max(0, n)),
			Here: name == "성수"}
		row := regionRow{ID: market.RegionID(name), Name: name + "동", Here: name == "성수"}
		if n > 0 {
			tile.Note, row.Note = plain(n), "딜 "+plain(n)+"개"
		}
		v.Map.Tiles, v.Rows = append(v.Map.Tiles, tile), append(v.Rows, row)
	}
	return v
}

func storyFinding(cards []catalog.Card) finding {
	v := finding{question: question{Text: "칼국수", Now: len(cards) > 0, PriceMax: 30_000, RegionID: "neighbourhood_1104068"},
		Of: storyWindow(nil).Of, Cards: cards, Kinds: storyWindow(nil).Kinds, At: StoryNow(),
		Notes: map[market.DealID]string{}}
	for i, c := range cards {
		v.Notes[c.Deal.ID] = plain(int64(120+i*90)) + "m"
	}
	for _, name := range []string{"옛날손칼국수", "성수칼국수"} {
		v.Entries = append(v.Entries, directory.Entry{ID: "dir_MA0101220800", Name: name, Industry: "국수/칼국수",
			Address: "서울특별시 성동구 성수이로 20"})
	}
	return v
}
