package board

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// storyNow is the instant at which every fixture stands.
func storyNow() time.Time { return time.Date(2026, time.November, 20, 12, 4, 0, 0, deal.Zone) }

// Stories are the lists in their states, from fixtures alone.
func Stories() []ui.Story {
	var out []ui.Story
	whole := func(name string, render func(ui.Page) templ.Component) {
		out = append(out, ui.Story{Group: "wishes", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			return render(ui.Page{Title: loc.T("wanted.title"), Loc: loc, Now: storyNow(), NoIndex: true, Path: "/wanted",
				Base: "https://dure.example", Place: ui.Place{Name: "성동구", Href: "/regions"}})
		}})
	}
	whole("list", func(p ui.Page) templ.Component { return listPage(p, storyBoard()) })
	whole("list-empty", func(p ui.Page) templ.Component { return listPage(p, board{Now: storyNow()}) })
	whole("list-filtered", func(p ui.Page) templ.Component {
		b := storyBoard()
		b.Rows, b.Stage, b.Filters = nil, wish.Choosing, true
		b.Place.Asked, b.Place.Of = hereAsked, b.Here
		return listPage(p, b)
	})
	whole("list-picked", func(p ui.Page) templ.Component {
		b := storyBoard()
		b.Filters, b.Place, b.Picks = true, storyPlace(), true
		return listPage(p, b)
	})
	whole("list-picked-empty", func(p ui.Page) templ.Component {
		b := storyBoard()
		b.Rows, b.Filters, b.Place, b.Here = nil, true, storyPlace(), region.Region{}
		return listPage(p, b)
	})
	whole("mine", func(p ui.Page) templ.Component {
		b := storyBoard()
		for i := range b.Rows {
			b.Rows[i].Own.Kind = wish.Firm
		}
		return minePage(p, b)
	})
	whole("mine-empty", func(p ui.Page) templ.Component { return minePage(p, board{Now: storyNow()}) })
	for i, name := range []string{"strip", "strip-lead"} {
		lead := i == 1
		out = append(out, ui.Story{Group: "wishes", Name: name, Render: func(ui.Loc) templ.Component {
			return shelf(storyBoard().Rows[:3], lead, storyNow())
		}})
	}
	return out
}

// storyPlace is a district that was picked in a province of many.
func storyPlace() place {
	p := place{Asked: "district_31011", Of: region.Region{ID: "district_31011", Level: region.District,
		Name: "수원시 장안구", NameEN: "Jangan-gu, Suwon-si"}}
	for _, x := range []struct{ id, name, english string }{{"11", "서울특별시", "Seoul"}, {"21", "부산광역시", "Busan"},
		{"31", "경기도", "Gyeonggi-do"}, {"32", "강원특별자치도", "Gangwon State"}, {"39", "제주특별자치도", "Jeju"}} {
		p.Provinces = append(p.Provinces, region.Region{ID: market.RegionID("province_" + x.id), Level: region.Province,
			Name: x.name, NameEN: x.english})
	}
	for _, x := range []struct{ id, name, english string }{{"31011", "수원시 장안구", "Jangan-gu, Suwon-si"},
		{"31030", "의정부시", "Uijeongbu-si"}, {"31050", "부천시", "Bucheon-si"}, {"31380", "양평군", "Yangpyeong-gun"}} {
		p.Districts = append(p.Districts, region.Region{ID: market.RegionID("district_" + x.id), Level: region.District,
			Name: x.name, NameEN: x.english})
	}
	p.Path = []region.Region{p.Provinces[2], p.Of}
	return p
}

func storyBoard() board {
	now := storyNow()
	b := board{Now: now, Next: "/wanted?after=x", Place: place{Provinces: storyPlace().Provinces}}
	b.Kinds = []category.Category{{ID: "eat", Name: "먹거리", NameEN: "Food"}, {ID: "life", Name: "생활", NameEN: "Home"}}
	b.Here = region.Region{ID: "district_11040", Level: region.District, Name: "성동구", NameEN: "Seongdong-gu"}
	for i, x := range []struct {
		name, scene          string
		state                wish.State
		firm, watching, goal int64
		lowest               int64
	}{
		{"해남 절임배추 20kg, 김장용", "vegetables", wish.Gathering, 27, 41, 30, 0},
		{"조용한 무선 청소기, 강아지 털 잘 되는 걸로", "wish", wish.Gathering, 3, 5, 30, 0},
		{"공기청정기 필터 정품 1년 치", "shop", wish.Bidding, 32, 27, 30, 48_500},
		{"동네 요가 열 번, 평일 저녁반", "gym", wish.Bidding, 14, 6, 12, 0},
		{"캠핑 장작 20kg, 텐트 앞까지", "camp", wish.Choosing, 23, 14, 20, 18_900},
		{"원두 1kg, 산미 적고 갓 볶은 걸로", "coffee", wish.Paying, 34, 9, 30, 25_500},
		{"아이 겨울 부츠 180mm", "shop", wish.Fulfilling, 31, 12, 30, 42_000},
		{"귤 10kg, 제주에서 바로", "fruit", wish.Done, 40, 22, 30, 21_900},
		{"밤에도 조용하고 가볍고 강아지 털까지 한 번에 빨아들이면서 거치대와 여분 배터리까지 함께 오는 무선 청소기 한 대", "wish",
			wish.Bidding, 1_234_567, 9_876_543, 1_000_000, 99_999_900},
	} {
		w := wish.Wish{ID: market.WishID("wsh_" + x.scene), Name: x.name, Photo: art.URL(x.scene, uint64(i)), State: x.state,
			Firm: x.firm, Watching: x.watching, Threshold: x.goal, Until: now.AddDate(0, 0, 9)}
		a := bid.Auction{Kind: bid.InTheOpen, LowestPrice: x.lowest, ClosesAt: now.Add(46 * time.Hour)}
		if x.lowest > 0 {
			a.Bids = 4
		} else if x.state == wish.Bidding {
			a.Kind, a.Bids = bid.Sealed, 2
		}
		if x.state != wish.Gathering {
			w.ReachedAt = now.AddDate(0, 0, -2)
		}
		b.Rows = append(b.Rows, Row{Wish: w, Auction: a})
	}
	return b
}
