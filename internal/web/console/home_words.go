package console

import "github.com/dure-commerce/dure/internal/web/ui"

// headline is the sentence the operator came for.
func (v homeView) headline(loc ui.Loc) string {
	n := v.Held + v.Stuck + v.Open
	switch {
	case n > 0:
		return loc.T("console.home.something", "Count", n)
	case v.Queue > 0:
		return loc.T("console.home.deals_wait", "Count", v.Queue)
	}
	return loc.T("console.home.nothing")
}

// line says what the deals in line are doing there.
func (v homeView) line(loc ui.Loc) string {
	if v.Queue == 0 {
		return loc.T("console.home.queue_none")
	}
	return loc.T("console.home.queue_means")
}

// disputes says what the disputes that wait ask of the operator.
func (v homeView) disputes(loc ui.Loc) string {
	if v.Disputes == 0 {
		return loc.T("dispute.home_none")
	}
	return loc.T("dispute.home_some")
}

func (v homeView) disputeTone() ui.Tone {
	if v.Disputes > 0 {
		return ui.Warn
	}
	return ui.Quiet
}

func (v homeView) covered(loc ui.Loc) string {
	switch {
	case v.Coverage == "":
		return loc.T("console.home.owes_nothing")
	case v.Buffer < 0:
		return loc.T("console.home.short", "Won", loc.Won(-v.Buffer))
	}
	return loc.T("console.home.covered", "Percent", v.Coverage, "Won", loc.Won(v.Buffer))
}

func (v homeView) coverTone() ui.Tone {
	if v.Buffer < 0 {
		return ui.Loss
	}
	return ui.Quiet
}

func (v homeView) waiting(loc ui.Loc) string {
	if v.Held+v.Stuck+v.Open == 0 {
		return loc.T("console.home.all_runs")
	}
	return loc.T("console.home.waiting_means", "Held", v.Held, "Stuck", v.Stuck, "Open", v.Open)
}
