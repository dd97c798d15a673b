package desk

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// StoryNow is the instant at which the stories play: a Thursday evening in Seoul.
func StoryNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// StoryPage is the frame of a story at the desk.
func StoryPage(loc ui.Loc, here Here, title string) ui.Page {
	return ui.Page{Title: title, Loc: loc, Now: StoryNow(), NoIndex: true, Path: "/office", Nav: Nav(loc, here),
		NavTitle: "할매손칼국수", Viewer: &ui.Viewer{Name: "김주인", Href: "/me"}, Seller: ui.Seller{Name: "두레", Broker: true}}
}

// Stories are the desk's pages from fixtures: normal, empty, long, huge, wrong.
func Stories() []ui.Story {
	story := func(name string, page func(ui.Loc) templ.Component) ui.Story {
		return ui.Story{Group: "desk", Name: name, Whole: true, Render: page}
	}
	board := func(b report.Board, state string) func(ui.Loc) templ.Component {
		return func(loc ui.Loc) templ.Component {
			v := boardOf(loc, report.Shop{ID: "mer_1", Name: "할매손칼국수", State: state}, b, nextDay)
			return boardPage(StoryPage(loc, AtBoard, v.Title), v)
		}
	}
	framed := func(here Here, body func(page ui.Page) templ.Component) func(ui.Loc) templ.Component {
		return func(loc ui.Loc) templ.Component { return body(StoryPage(loc, here, loc.T("desk.nav."+string(here)))) }
	}
	list := func(rows ...report.Row) func(ui.Loc) templ.Component {
		return framed(AtDeals, func(p ui.Page) templ.Component { return dealsPage(p, groups(rows), StoryNow()) })
	}
	one := func(v dealView) func(ui.Loc) templ.Component {
		return framed(AtDeals, func(p ui.Page) templ.Component { return dealPage(p, v) })
	}
	return append([]ui.Story{
		story("board", board(storyBoard(), "approved")),
		story("board-empty", board(report.Board{At: StoryNow()}, "submitted")),
		story("board-huge", board(hugeBoard(), "approved")), story("board-long", board(longBoard(), "approved")),
		story("board-short", board(report.Board{At: StoryNow(), Deals: []report.Row{row(deal.Asking)}}, "approved")),
		story("deals", list(row(deal.OnSale), row(deal.Submitted), row(deal.Draft), row(deal.Returned), row(deal.Ended),
			row(deal.Failed))), story("deals-empty", list()), story("deals-long", list(longRow(), hugeRow())),
		story("deal-line", one(inLine())), story("deal-gathering", one(gatheringDeal())),
		story("deal-refused", one(refusedDeal())),
		story("short", framed(AtDeals, func(p ui.Page) templ.Component { return shortPage(p, shortStory(nil)) })),
		story("short-error", framed(AtDeals, func(p ui.Page) templ.Component {
			return shortPage(p, shortStory(wrong(p.Loc, "until", "deal.extend")))
		})),
		story("sales", framed(AtDeals, func(p ui.Page) templ.Component { return salesPage(p, salesStory()) })),
		story("sales-empty", framed(AtDeals, func(p ui.Page) templ.Component {
			return salesPage(p, salesView{Row: row(deal.OnSale), Now: StoryNow()})
		})),
		story("money", framed(AtMoney, func(p ui.Page) templ.Component { return moneyPage(p, moneyStory(1)) })),
		story("money-empty", framed(AtMoney, func(p ui.Page) templ.Component {
			return moneyPage(p, moneyView{Now: StoryNow(), PayoutDay: nextDay})
		})),
		story("money-huge", framed(AtMoney, func(p ui.Page) templ.Component { return moneyPage(p, moneyStory(87_654)) })),
		story("statement", framed(AtMoney, func(p ui.Page) templ.Component { return statementPage(p, statementStory(nil)) })),
		story("statement-error", framed(AtMoney, func(p ui.Page) templ.Component {
			return statementPage(p, statementStory(wrong(p.Loc, "reason", "form.required")))
		})),
		story("words", framed(AtWords, func(p ui.Page) templ.Component { return wordsPage(p, wordsStory()) })),
		story("words-empty", framed(AtWords, func(p ui.Page) templ.Component {
			return wordsPage(p, wordsView{Now: StoryNow()})
		})),
	}, append(chooseStories(), wishStories()...)...)
}

func wrong(loc ui.Loc, field, key string) request.Problems {
	return request.Problems{{Field: field, Message: loc.T(key, "Min", int64(5), "Max", int64(500))}}
}

func nextDay(use time.Time) time.Time { return use.Add(24 * time.Hour) }

func longName() string {
	return strings.Repeat("아주아주 오래 끓인 멸치 육수에 손으로 민 ", 2) + "칼국수와 만두"
}

func liked() catalog.Satisfaction {
	return catalog.Satisfaction{GuestsAnswered: 132, GuestsSum: 634, WouldReturn: 121, ShopAnswered: 4, ShopSum: 18,
		Visits: 1204}
}

func row(state deal.State) report.Row {
	now := StoryNow()
	r := report.Row{Title: "손칼국수 두 그릇에 만두 한 접시", CategoryID: "eat.noodle", CommissionBP: 1200, Price: 19_900,
		PriceMost: 19_900, ListPrice: 32_000, Deal: deal.Deal{ID: market.DealID("dea_" + string(state)), MerchantID: "mer_1",
			State: state, ThresholdKind: deal.ThresholdPeople, Threshold: 30, Capacity: 100, PerPerson: 2, TermsVersion: 1,
			StartsAt: deal.WindowStart("2026-11-16"), EndsAt: deal.WindowEnd("2026-11-22"), CreatedAt: now.Add(-200 * time.Hour),
			SubmittedAt: now.Add(-100 * time.Hour), Score: 87, AskUntil: now.Add(20 * time.Hour)}}
	switch state {
	case deal.OnSale, deal.Ended:
		r.Deal.People, r.Deal.PaidUnits, r.Deal.PaidWon, r.Deal.TippedAt = 43, 51, 1_014_900, now.Add(-20*time.Hour)
		r.Asked = liked()
	case deal.Asking, deal.Failed:
		r.Deal.People, r.Deal.PaidUnits, r.Deal.PaidWon = 23, 26, 517_400
	case deal.Returned:
		r.Deal.ReturnReason = "제값을 확인할 수 있는 차림표 사진을 올려 주세요."
	case deal.Draft:
		r.Title = ""
	default: // as it stands above
	}
	return r
}

func longRow() report.Row {
	r := row(deal.OnSale)
	r.Title, r.Proposed = longName(), true
	return r
}

func hugeRow() report.Row {
	r := row(deal.OnSale)
	r.Deal.ID, r.Deal.ThresholdKind = "dea_huge", deal.ThresholdWon
	r.Deal.Threshold, r.Deal.PaidWon = 900_000_000_000, 987_654_321_000
	r.Deal.People, r.Deal.PaidUnits, r.Price, r.PriceMost = 987_654, 1_000_000, 99_999_900, 100_000_000
	return r
}

func storyLines(times int64) []report.Line {
	now := StoryNow()
	return []report.Line{
		{ID: "red_1", Kind: "use", At: now.Add(-20 * time.Minute), Name: "김○영", Branch: "본점", Title: "손칼국수 두 그릇", Units: 1,
			Price: 19_900 * times, Commission: 2_388 * times, VAT: 238 * times, Net: 17_274 * times},
		{ID: "lin_2", Number: 1204, Kind: "use", At: now.Add(-27 * time.Hour), Name: "이○준", Branch: "본점", Title: "손칼국수 두 그릇",
			Units: 1, Price: 19_900 * times, Commission: 2_388 * times, VAT: 238 * times, Net: 17_274 * times,
			PayableDay: "2026-11-19"},
		{ID: "lin_1", Number: 1203, Kind: "use", At: now.Add(-30 * time.Hour), Name: "박○", Branch: "성수점", Title: "손칼국수 두 그릇",
			Units: 1, Price: 19_900 * times, Commission: 2_388 * times, VAT: 238 * times, Net: 17_274 * times,
			PayableDay: "2026-11-19"},
	}
}

func storyBoard() report.Board {
	now := StoryNow()
	b := report.Board{At: now, Asked: liked(), Deals: []report.Row{row(deal.OnSale), row(deal.Submitted)},
		Held: report.Held{Won: 696_500, Vouchers: 35}, Money: report.Money{Pending: 138_192, Payable: 310_932},
		Today: report.Today{Uses: 8, Guests: 8, Net: 138_192}, Lines: storyLines(1),
		Guess: deal.Guess{Low: 55, High: 68}, Guessed: true,
		Reach: report.Reach{Followers: 128, NewFollowers: 3, Kept: 41, Waiting: 12}}
	copy(b.Today.Hours[:], []int64{1, 1, 0, 2, 3, 2, 1, 2, 5, 7, 8, 6, 4, 3, 4, 6, 8, 10, 12})
	b.Moments = []report.Moment{
		{Kind: report.Bought, At: now.Add(-time.Minute), Won: 19_900, Name: "하○준", Units: 1, Title: "손칼국수 두 그릇에 만두"},
		{Kind: report.Used, At: now.Add(-20 * time.Minute), Won: 17_274, Name: "김○영", Branch: "본점", Units: 1},
		{Kind: report.Undone, At: now.Add(-31 * time.Minute), Won: -17_274, Name: "박○", Branch: "본점", Units: 1},
		{Kind: report.Refunded, At: now.Add(-2 * time.Hour), Won: -19_900, Name: "최○희", Title: "손칼국수 두 그릇에 만두"},
		{Kind: report.PaidOut, At: now.Add(-8 * time.Hour), Won: 241_836},
		{Kind: report.Earned, At: now.Add(-17 * time.Hour), Won: 310_932},
		{Kind: report.Tipped, At: now.Add(-20 * time.Hour), Units: 30, Title: "손칼국수 두 그릇에 만두"},
	}
	return b
}

func hugeBoard() report.Board {
	b := storyBoard()
	b.Deals, b.Lines = []report.Row{hugeRow()}, storyLines(4_999)
	b.Held, b.Today.Net, b.Today.Guests = report.Held{Won: 987_654_321_000, Vouchers: 1_000_000}, 98_765_432_100, 99_999
	b.Guess = deal.Guess{Low: 1_234_567_890_000, High: 1_987_654_321_000}
	b.Reach = report.Reach{Followers: 9_876_543, NewFollowers: 987_654, Kept: 1_234_567, Waiting: 234_567}
	b.Money = report.Money{Pending: 98_765_432_100, Payable: 9_876_543_210_000}
	for h := range b.Today.Hours {
		b.Today.Hours[h] *= 8_765
	}
	for i := range b.Moments {
		b.Moments[i].Won *= 54_321
	}
	return b
}

func longBoard() report.Board {
	b := storyBoard()
	r := longRow()
	b.Deals, b.Asked.ShopSum = []report.Row{r, row(deal.Asking), row(deal.Returned)}, 6
	for i := range b.Moments {
		b.Moments[i].Title, b.Moments[i].Branch = longName(), ""
	}
	return b
}

func inLine() dealView {
	return dealView{Row: row(deal.Submitted), Place: 3, Scored: true, Withdraw: true, Now: StoryNow(),
		Weights: policy.At(StoryNow()).Queue, Options: storyOptions(), Terms: storyTerms(),
		Standing: report.Standing{Satisfaction: 95, Promises: 98, Region: 75, Category: 66, Facts: report.Facts{Answers: 132,
			Tenths: 48, Uses: 640, Broken: 12, InRegion: 2, InCategory: 1}},
		History: []deal.LogLine{{Action: "submit", At: StoryNow().Add(-100 * time.Hour)}}}
}

func storyTerms() deal.Terms {
	return deal.Terms{Summary: "점심 두 사람", CommissionBP: 1200, ValidDays: 365}
}

func storyOptions() []deal.Option {
	return []deal.Option{{Name: "두 그릇 세트", ListPrice: 32_000, Price: 19_900, Quantity: 100, Uses: 1, PaidUnits: 51}}
}

func gatheringDeal() dealView {
	v := inLine()
	v.Row, v.Change, v.Withdraw = row(deal.OnSale), true, false
	v.Sum = report.SaleSum{Orders: 43, Units: 51, Won: 1_014_900, Used: 16, Net: 276_384}
	v.History = append([]deal.LogLine{{Action: "on_sale", At: StoryNow().Add(-78 * time.Hour)},
		{Action: "schedule", At: StoryNow().Add(-90 * time.Hour)}}, v.History...)
	return v
}

func refusedDeal() dealView {
	v := gatheringDeal()
	v.Row.Title = longName()
	v.Proposal = &deal.Terms{State: deal.TermsRefused, Reason: "이름에서 만두가 빠지면 이미 산 손님이 헷갈려요."}
	return v
}

func shortStory(problems request.Problems) shortView {
	return shortView{Row: row(deal.Asking), Units: 26, Won: 517_400, Net: 449_124, Until: "2026-11-26", Last: "2026-11-26",
		Now: StoryNow(), May: true, Problems: problems, Chosen: "extend"}
}

func salesStory() salesView {
	now := StoryNow()
	v := salesView{Row: row(deal.OnSale), Now: now, Sum: report.SaleSum{Orders: 43, Units: 51, Won: 1_014_900, Used: 16,
		Net: 276_384, RefundUnits: 1, RefundWon: 19_900}}
	for i, name := range []string{"김○영", "이○준", "박○", "", "A○x"} {
		s := report.Sale{Number: int64(i + 1), Name: name, Option: "두 그릇 세트", Units: 1, Amount: 19_900, UsesAll: 1,
			PaidAt: now.Add(time.Duration(i-90) * time.Hour), State: "paid"}
		switch i {
		case 0:
			s.UsedUnits, s.LastUse, s.Net = 1, now.Add(-20*time.Minute), 17_274
		case 1:
			s.Units, s.Amount, s.UsesAll, s.UsedUnits, s.LastUse, s.Net = 2, 39_800, 2, 1, now.Add(-time.Hour), 17_274
		case 3:
			s.RefundedUnits, s.RefundedWon, s.State = 1, 19_900, "refunded"
		}
		v.Sales = append(v.Sales, s)
	}
	return v
}

func moneyStory(times int64) moneyView {
	now := StoryNow()
	v := moneyView{Now: now, PayoutDay: nextDay, Newest: storyLines(1), Money: report.Money{Pending: 138_192 * times,
		Payable: 310_932 * times, Paid: 8_412_438 * times, Payouts: 37}}
	for i, s := range []report.Statement{{State: "issued"}, {State: "confirmed", PayoutID: "out_1", PayoutState: "sent"},
		{State: "paid", PayoutID: "out_2", PayoutState: "confirmed"}} {
		s.ID, s.Number = market.StatementID("stm_"+string(rune('1'+i))), int64(38-i)
		s.Day, s.Lines = now.AddDate(0, 0, -i-1).Format(time.DateOnly), 18
		s.Price, s.Commission, s.VAT, s.Net = 358_200*times, 42_984*times, 4_284*times, 310_932*times
		v.Statements = append(v.Statements, s)
	}
	v.Payouts = []report.Payout{{Day: "2026-11-19", Amount: 310_932 * times, State: "sent", BankAccount: "6789"},
		{Day: "2026-11-18", Amount: 241_836 * times, State: "confirmed", BankAccount: "6789"},
		{Day: "2026-11-17", Amount: 1_241_836 * times, State: "held", HoldCode: "limit", BankAccount: "6789"}}
	return v
}

func statementStory(problems request.Problems) statementView {
	now := StoryNow()
	v := statementView{S: moneyStory(1).Statements[0], Lines: storyLines(1)[1:], Now: now, Answer: true,
		Problems: problems, Chosen: map[string]bool{"lin_1": problems != nil}}
	v.S.IssuedAt, v.S.ObjectUntil, v.S.PayableDay = now.Add(-17*time.Hour), now.Add(15*time.Hour), "2026-11-20"
	v.S.FirstSeq, v.S.LastSeq = 1187, 1204
	v.Lines = append(v.Lines, report.Line{ID: "lin_0", Number: 1202, Kind: "use", At: now.Add(-31 * time.Hour),
		Name: "최○희", Branch: "본점", Title: longName(), Units: 1, Price: 19_900,
		Commission: 2_388, VAT: 238, Net: 17_274, Apart: "frozen",
		Reason: "같은 분이 두 번 찍힌 것 같아요"})
	return v
}

func wordsStory() wordsView {
	now := StoryNow()
	return wordsView{Asked: liked(), Now: now,
		Asks: []shopAsk{{ShopAsk: feedback.ShopAsk{ID: "fbm_1"}, About: "손칼국수 두 그릇에 만두 한 접시"}},
		Words: []report.Word{
			{Name: "김○영", Title: "손칼국수 두 그릇에 만두", Satisfaction: 5, WouldReturn: "yes", SameTreatment: "yes",
				Comment: "만두를 더 주셨어요. 국물까지 다 마셨습니다.", At: now.Add(-2 * time.Hour)},
			{Name: "이○준", Title: longName(), Satisfaction: 2, WouldReturn: "no", SameTreatment: "no",
				At: now.Add(-30 * time.Hour), Comment: strings.Repeat("이용권이라고 하니 자리를 바꾸라고 했어요. ", 6)},
			{Name: "박○", Title: "손칼국수 두 그릇에 만두", Satisfaction: 4, At: now.Add(-50 * time.Hour)},
		}}
}
