package listing

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Stories are the states of the pages, from fixtures alone.
func Stories(now time.Time, frame func(ui.Loc, time.Time) ui.Page) []ui.Story {
	var out []ui.Story
	add := func(name string, render func(p ui.Page) templ.Component) {
		out = append(out, ui.Story{Group: "listing", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			return render(frame(loc, now))
		}})
	}
	lists := map[string]list{}
	full := storyList()
	full.Next, full.First = listHref(full.Of.ID)+"?after=x&id=y", listHref(full.Of.ID)
	lists["normal"] = full
	lists["empty"] = list{Of: full.Of}
	lists["unfound"] = list{Of: full.Of, Asked: true, Query: "없는 가게"}
	found := storyList()
	found.Asked, found.Query = true, "국수"
	lists["found"] = found
	long := storyList()
	for i := range long.Rows {
		long.Rows[i].Name = strings.Repeat("할머니의손맛을그대로이어온", 4)
		long.Rows[i].Address = strings.Repeat("서울특별시 성동구 성수이로7가길 ", 4)
	}
	lists["long"] = long
	district := list{Of: region.Region{ID: "district_11040", Level: region.District, Name: "성동구", NameEN: "Seongdong-gu"},
		Rows: storyList().Rows[:2]}
	for i, name := range []string{"성수1가1동", "성수1가2동", "왕십리도선동", "금호2·3가동", "옥수동"} {
		district.Inside = append(district.Inside, ui.Link{Label: name,
			Href: listHref(market.RegionID("neighbourhood_" + strconv.Itoa(i)))})
	}
	lists["district"] = district
	for _, name := range []string{"normal", "empty", "unfound", "found", "long", "district"} {
		add(name, func(p ui.Page) templ.Component { return listPage(p, lists[name]) })
	}
	add("error", func(p ui.Page) templ.Component {
		v := list{Of: full.Of}
		v.Problems = request.Problems{{Field: "q",
			Message: p.Loc.T("form.too_long", "Max", int64(queryMax), "Length", int64(61))}}
		return listPage(p, v)
	})
	bare := sign{Entry: directory.Entry{ID: "dir_1", Name: long.Rows[0].Name}, Where: country(), Claimed: true}
	add("entry", func(p ui.Page) templ.Component { return entryPage(p, sign{Entry: full.Rows[0], Where: full.Of}) })
	add("entry-bare", func(p ui.Page) templ.Component { return entryPage(p, bare) })
	return out
}

func storyList() list {
	v := list{Of: region.Region{ID: "neighbourhood_1104068", ParentID: "district_11040", Level: region.Neighbourhood,
		Name: "성수동", NameEN: "Seongsu-dong", FullName: "서울특별시 성동구 성수동", FullNameEN: "Seongsu-dong, Seoul"}}
	for i, one := range [][2]string{{"가람커피", "카페"}, {"금성철물", "철물/공구"}, {"도담분식", "분식"}, {"옛날손칼국수", "국수/칼국수"},
		{"월화세탁", "세탁소"}, {"Kim's Hair", "미용실"}} {
		v.Rows = append(v.Rows, directory.Entry{ID: directory.EntryID("dir_MA01012208" + strconv.Itoa(i)), Name: one[0],
			Industry: one[1], Address: "서울특별시 성동구 성수이로 " + strconv.Itoa(20+i), LotAddress: "서울특별시 성동구 성수동2가 3-1",
			Floor: "1", Building: "성수빌딩", State: directory.Unclaimed, RegionID: v.Of.ID, Matched: "name"})
	}
	return v
}

// StoryShelf is the shelf for the stories of a neighbourhood's page.
func StoryShelf() Shelf {
	v := storyList()
	return Shelf{Rows: v.Rows[:3], Around: around(v.Of), More: listHref(v.Of.ID)}
}
