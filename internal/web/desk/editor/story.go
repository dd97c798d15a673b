package editor

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Stories are the editor's pages from fixtures: new, filled in, losing, long, huge, wrong, and the change of a deal.
func Stories() []ui.Story {
	story := func(name string, change func(*sheet, ui.Loc)) ui.Story {
		return ui.Story{Group: "desk", Name: name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			s := storySheet(loc)
			change(&s, loc)
			s.Fields = typedOf(s)
			s.Tables = tables(s)
			page := desk.StoryPage(loc, desk.AtDeals, s.title(loc))
			return editorPage(page, s)
		}}
	}
	return []ui.Story{
		story("editor", func(*sheet, ui.Loc) {}),
		story("editor-new", func(s *sheet, _ ui.Loc) {
			s.Offer = fresh(s.Limits, desk.StoryNow())
			s.Offer.Options = []deal.OptionOffer{{}}
			s.Row = report.Row{}
		}),
		story("editor-loss", func(s *sheet, _ ui.Loc) {
			s.Offer.StatedCost, s.Offer.MerchantShareBP = 21_000, 7_000
			s.Offer.Options = append(s.Offer.Options, deal.OptionOffer{Name: "네 그릇 세트", ListPrice: 60_000, Price: 36_000,
				Quantity: 20, Uses: 2})
		}),
		story("editor-long", func(s *sheet, _ ui.Loc) {
			s.Offer.Title, s.Offer.Summary = strings.Repeat("아주 오래 끓인 멸치 육수 ", 4), strings.Repeat("손으로 민 칼국수와 만두 ", 9)
		}),
		story("editor-huge", func(s *sheet, _ ui.Loc) {
			s.Offer.Options[0] = deal.OptionOffer{Name: "특별", ListPrice: 100_000_000, Price: 99_999_900, Quantity: 1_000_000,
				Uses: 100}
			s.Offer.ThresholdKind, s.Offer.Threshold, s.Offer.Capacity = deal.ThresholdWon, 99_999_900_000_000, 1_000_000
		}),
		story("editor-error", func(s *sheet, loc ui.Loc) {
			for field, key := range map[string]string{"title": "deal.draft.title", "option_0_price": "deal.draft.price",
				"ends_at": "deal.draft.window", "valid_days": "deal.draft.valid_days", "pictures": "picture.broken"} {
				s.Problems = append(s.Problems, ui.FieldError{Field: field,
					Message: loc.T(key, "Min", int64(365), "Max", int64(1825))})
			}
			s.Problems = ordered(s.Problems)
			s.Row.Deal.State, s.Row.Deal.ReturnReason = deal.Returned, "제값을 확인할 수 있는 차림표 사진을 올려 주세요."
		}),
		{Group: "desk", Name: "change", Whole: true, Render: func(loc ui.Loc) templ.Component {
			s := storySheet(loc)
			s.Row.Title = s.Offer.Title
			return changePage(desk.StoryPage(loc, desk.AtDeals, loc.T("editor.change.title")), revision{Row: s.Row,
				Fields: typedOf(s), Terms: deal.Terms{ValidDays: 365}, Places: s.Places})
		}},
	}
}

// ordered keeps a story the same however a map is walked.
func ordered(p request.Problems) request.Problems {
	for i := range p {
		for j := i + 1; j < len(p); j++ {
			if p[j].Field < p[i].Field {
				p[i], p[j] = p[j], p[i]
			}
		}
	}
	return p
}

func typedOf(s sheet) fields {
	x := fieldsOf(s.Offer)
	x.Regions = []string{"dong_1104068"}
	return x
}

func tables(s sheet) []deal.Table {
	out := make([]deal.Table, len(s.Offer.Options))
	use := s.Offer.ExampleUse(desk.StoryNow())
	for i, o := range s.Offer.Options {
		out[i] = deal.TableOf(deal.TableFacts{Option: o, CommissionBP: 1200, MerchantShareBP: s.Offer.MerchantShareBP,
			StatedCost: s.Offer.StatedCost, Capacity: s.Offer.Capacity, LastUse: use, PayoutDay: use.Add(24 * time.Hour)})
	}
	return out
}

func storySheet(loc ui.Loc) sheet {
	now := desk.StoryNow()
	start := deal.NextMonday(now)
	s := sheet{Now: now, Set: policy.At(now), Shop: report.Shop{Name: "할매손칼국수"}, Quiet: 15, HasQuiet: true,
		Limits:     deal.Limits{ValidDaysMin: map[string]int64{"std2025": 365, "dated-service": 1}, ValidDaysMax: 1825},
		Categories: []ui.Choice{{Value: "eat.noodle", Label: "먹거리 · 국수·냉면"}, {Value: "eat.korean", Label: "먹거리 · 한식"}},
		Regions: []ui.Choice{{Value: "dong_1104068", Label: "서울특별시 성동구 성수1가2동", Checked: true},
			{Value: "gu_11040", Label: "서울특별시 성동구"}, {Value: "do_11", Label: "서울특별시"}},
		Places: []report.Place{{ID: "brn_1", Name: "본점"}, {ID: "brn_2", Name: "성수점"}}}
	s.Row.Deal = deal.Deal{ID: "dea_1", State: deal.Draft, MerchantID: "mer_1"}
	s.Offer = deal.Offer{Title: "손칼국수 두 그릇에 만두 한 접시", Summary: "점심 두 사람, 겉절이는 넉넉히", CategoryID: "eat.noodle",
		Story: "새벽 네 시에 반죽을 칩니다. 오시는 분이 많은 날엔 만두를 더 쪄요.", PriceBasis: "가게 차림표",
		ThresholdKind: deal.ThresholdPeople, Threshold: 30, Capacity: 100, PerPerson: 2, StartsAt: start,
		EndsAt: deal.WeekAfter(start), ValidDays: 365, RefundProfile: "std2025", MerchantShareBP: 10_000, StatedCost: 9_000,
		AskWhenShort: true, Rules: hours.Rules{Weekdays: []int{1, 2, 3, 4, 5}, From: "11:00", To: "21:00"},
		Options: []deal.OptionOffer{{Name: "두 그릇 세트", ListPrice: 32_000, Price: 19_900, Quantity: 100, Uses: 1}}}
	s.Todo = request.Problems{{Field: "pictures", Message: loc.T("editor.pictures")}}
	return s
}
