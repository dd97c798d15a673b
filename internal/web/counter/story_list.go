package counter

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func storyNow() time.Time { return time.Date(2026, time.November, 20, 12, 4, 0, 0, voucher.Zone) }

// Stories are the pages of the counter from fixtures: nothing scanned, a voucher, every refusal, done, long and huge.
func Stories() []ui.Story {
	list := []ui.Story{
		story("choose", func(loc ui.Loc, p ui.Page) templ.Component {
			return placePage(p, placeChoices(loc, []redeem.Place{
				{MerchantID: "mer_a", Merchant: "할매손칼국수", BranchID: "brn_a", Branch: "성수 본점"},
				{MerchantID: "mer_a", Merchant: "할매손칼국수", BranchID: "brn_b", Branch: "뚝섬점"},
				{MerchantID: "mer_b", Merchant: "세상에서이름이가장긴골목커피로스터스"}}, "mer_a|brn_a"))
		}),
		story("choose-empty", func(_ ui.Loc, p ui.Page) templ.Component { return placePage(p, nil) }),
		story("idle-empty", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, sheetView{}, nil))
		}),
		story("idle", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, sheetView{}, storyToday(true)))
		}),
		story("idle-staff", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, sheetView{}, storyToday(false)))
		}),
		story("usable", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, lookSheet(loc, storyLook(1), storyQuestion()), storyToday(false)))
		}),
		story("usable-many", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, lookSheet(loc, storyLook(10), storyQuestion()), storyToday(false)))
		}),
		story("usable-long", func(loc ui.Loc, p ui.Page) templ.Component {
			l := storyLook(100)
			l.Terms.Title = "아주아주긴이름의손칼국수와왕만두와수육과보쌈과막걸리까지한상가득차린잔치상네사람몫"
			l.Guest, l.Visits = "남○○○○○○○○○○○○수", 1_234_567
			return scanPage(p, storyScan(loc, lookSheet(loc, l, storyQuestion()), nil))
		}),
		story("done-owner", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, doneSheet(loc, storyToday(true)[0]), storyToday(true)))
		}),
		story("done-staff", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, doneSheet(loc, storyToday(false)[0]), storyToday(false)))
		}),
		story("undone", func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, sheetView{Kind: undoneKind, Sentence: loc.T("counter.undone"), Tone: ui.Act}, nil))
		}),
	}
	for _, reason := range voucher.Reasons() {
		list = append(list, story("refused-"+reason.Code, func(loc ui.Loc, p ui.Page) templ.Component {
			return scanPage(p, storyScan(loc, refusedSheet(loc, storyRefusal(loc, reason)), nil))
		}))
	}
	return list
}

func story(name string, render func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Group: "counter", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
		return render(loc, ui.Page{Title: name, Loc: loc, Now: storyNow(), NoIndex: true, Path: "/counter/scan",
			Viewer: &ui.Viewer{Name: "영수", Href: "/me"}})
	}}
}

func storyScan(loc ui.Loc, sheet sheetView, today []redeem.Done) scanView {
	return scanView{Place: "할매손칼국수 · 성수 본점", Several: true, Staff: "acc_story", Now: storyNow(), Sheet: sheet,
		Today: newTodayView(loc, "mer_a", today, storyNow())}
}

func storyQuestion() question { return question{Code: "V1", Units: 1, Nonce: "key_story"} }

func storyLook(units int64) redeem.Look {
	return redeem.Look{Guest: "김○영", Voucher: voucher.Voucher{UnitsTotal: units, UnitsUsed: units / 3},
		Terms: deal.Terms{Title: "손칼국수 두 그릇에 만두 한 접시"}, Option: deal.Option{Name: "두 그릇 세트"}}
}

func storyRefusal(loc ui.Loc, reason *fail.Error) refusal {
	why := reason.With("At", storyNow().Add(-3*time.Hour), "Left", int64(2), "From", "17:00", "To", "21:00",
		"Until", storyNow().Add(-72*time.Hour), "Day", storyNow())
	say := loc.T(why.Code, "Left", int64(2), "From", "17:00", "To", "21:00")
	f := refusal{Look: storyLook(1), Err: why, Say: say, Place: "성수 본점", Now: storyNow()}
	if reason.Is(voucher.ErrAlreadyUsed) || reason.Is(voucher.ErrUnitsShort) {
		return f
	}
	without := reason.With("Until", storyNow().Add(-72*time.Hour))
	f.Err = without
	return f
}

func storyToday(money bool) []redeem.Done {
	var out []redeem.Done
	for i, title := range []string{"손칼국수 두 그릇에 만두 한 접시", "손칼국수 두 그릇에 만두 한 접시", "동네 커피 열 잔 이용권"} {
		d := redeem.Done{UsedAt: catalog.UsedAt{Title: title, Option: "두 그릇 세트"}, Guest: []string{"김○영", "이○", "남○○수"}[i],
			Money: money, Undoable: i == 0}
		d.Redemption = voucher.Redemption{ID: []market.RedemptionID{"red_a", "red_b", "red_c"}[i], Units: int64(i + 1),
			Net: 17_275, State: voucher.Accepted, At: storyNow().Add(-time.Duration(i*17) * time.Minute)}
		if i == 1 {
			d.State = voucher.Annulled
		}
		out = append(out, d)
	}
	return out
}
