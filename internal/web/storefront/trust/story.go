package trust

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Stories are the states of the page, in the frame that the shop window's fixtures stand in.
func Stories(now time.Time, frame func(ui.Loc, time.Time) ui.Page) []ui.Story {
	short := storyFigures(now, 98_765_432_100, 3)
	short.Live.Assets, short.Live.Required = 90_000_000_000, 98_765_432_100
	var out []ui.Story
	for _, one := range []struct {
		name string
		f    figures
	}{{"normal", storyFigures(now, 1_234_567_000, 30)}, {"empty", figures{Now: now}}, {"error", short}} {
		out = append(out, ui.Story{Group: "trust", Name: one.name, Whole: true, Render: func(loc ui.Loc) templ.Component {
			return page(frame(loc, now), one.f)
		}})
	}
	return out
}

func storyFigures(now time.Time, owed int64, days int) figures {
	f := figures{Now: now, Live: ledger.Segregation{Liabilities: owed, Assets: owed + 50_000_000, Required: owed}}
	for i := range days {
		one := ledger.SegregationDay{Day: now.AddDate(0, 0, -i-1).Format(time.DateOnly)}
		one.Liabilities = owed - int64(i)*7_654_321
		one.Assets, one.Required = one.Liabilities+50_000_000, one.Liabilities
		f.Days = append(f.Days, one)
	}
	return f
}
