package story

import (
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/web/ui"
)

func pick(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}

func longWords() string {
	return "저희 집은 새벽 네 시에 반죽을 치고 다섯 시에 육수를 올립니다. 멸치와 디포리, 다시마를 넣고 두 시간을 끓인 뒤 " +
		"무를 넣어 다시 한 시간을 더 끓여요. 오시는 분이 많은 날에는 만두를 더 찌고, 비가 오는 날에는 부추전을 한 장씩 내어 드려요."
}

func formWith(wrong bool) ui.Form {
	form := ui.Form{Action: "#", Key: "01J0000000"}
	if wrong {
		form.Errors = []ui.FieldError{
			{Field: "number", Message: "사업자등록번호: 숫자 아홉 자리만 적혔어요."},
			{Field: "people", Message: "모이는 사람: 1명보다 적을 수는 없어요."},
			{Field: "agree", Message: "동의해야 올릴 수 있어요."},
		}
	}
	return form
}

func dealFacts() []ui.Fact {
	return []ui.Fact{
		{Icon: "undo-2", Bold: "안 모이면 전액 돌려드려요.", Text: "따로 신청하지 않아도 됩니다."},
		{Icon: "clock", Text: "사고 7일 안에는 언제든 전액 환불, 기한이 지나도 90%를 돌려드려요."},
		{
			Icon: "shield-check", Bold: "따로 보관", Text: "낸 돈은 가게에서 쓸 때까지 따로 보관됩니다.",
			More: ui.Link{Label: "지금 보관 중인 돈 보기", Href: "#"},
		},
	}
}

func boardEvents() []ui.Event {
	return []ui.Event{
		{Who: "하준", Text: "님이 함께했어요", Sub: "서연 → 하준, 두 다리", Won: "19,900", Tone: ui.Gather, New: true},
		{Who: "김○영", Text: "님이 썼어요", Sub: "본점 · 계산대 2 · 12:04", Won: "+17,274", Tone: ui.Act, Plus: true},
		{
			Text: "“아이 의자 있나요?”", Sub: "물음 · 답을 기다려요", Tone: ui.Info,
			Act: ui.Button{Label: "답하기", Small: true, Href: "#"},
		},
	}
}

func hourly() ui.Chart {
	values := []int64{3, 4, 2, 6, 9, 7, 5, 8, 14, 18, 22, 17, 12, 9, 11, 16, 21, 26, 31, 24, 19, 23}
	chart := ui.Chart{
		Title: "오후 여섯 시에 가장 많이 모였어요", Note: "오늘, 시간마다", LabelHead: "시각", ValueHead: "함께한 사람",
	}
	for hour, value := range values {
		chart.Points = append(chart.Points, ui.Point{
			Label: strconv.Itoa(hour) + "시", Value: value, Tick: hour%6 == 0,
			Show: strconv.FormatInt(value, 10) + "명", Now: hour == len(values)-1,
		})
	}
	chart.Points[len(values)-1].Label = "지금"
	return chart
}

func weeks(values ...int64) []ui.Point {
	points := make([]ui.Point, len(values))
	start := Now().AddDate(0, 0, -7*len(values))
	for i, value := range values {
		at := start.AddDate(0, 0, 7*i)
		points[i] = ui.Point{
			Label: strconv.Itoa(int(at.Month())) + "/" + strconv.Itoa(at.Day()), Value: value,
			Tick: i%3 == 0 || i == len(values)-1,
		}
	}
	return points
}

func settlements(roll bool) ui.Table {
	row := func(number, at, who string) []ui.Cell {
		return []ui.Cell{
			{Text: number}, {Text: at}, {Text: who}, {Text: "19,900"}, {Text: "2,388"}, {Text: "238"},
			{Text: "17,274", Strong: true}, {Text: "11월 23일 (월)"},
		}
	}
	return ui.Table{
		Caption: "정산, 한 장씩", Roll: roll,
		Columns: []ui.Column{
			{Label: "번호"}, {Label: "쓴 때"}, {Label: "손님"}, {Label: "판 값", Num: true},
			{Label: "수수료 12%", Num: true}, {Label: "부가세", Num: true}, {Label: "가게 몫", Num: true},
			{Label: "들어오는 날"},
		},
		Rows: [][]ui.Cell{
			row("1,204", "오늘 12:04", "김○영"), row("1,203", "오늘 11:51", "이○준"),
			{
				{Text: "1,202"}, {Text: "어제 18:40"}, {Text: "황보남궁○○아름다운"}, {Text: "1,234,567,890"}, {Text: "148,148,146"},
				{Text: "14,814,814"}, {Text: "1,071,604,930", Strong: true}, {Text: "보류", Note: "손님이 이의를 냈어요", Tone: ui.Loss},
			},
		},
		Foot: []ui.Cell{
			{Text: "합"}, {}, {}, {Text: "1,234,607,690"}, {Text: "148,152,922"}, {Text: "14,815,290"},
			{Text: "1,071,639,478"}, {},
		},
		After: "#",
	}
}

func until() time.Time { return Now().AddDate(0, 0, 3) }
