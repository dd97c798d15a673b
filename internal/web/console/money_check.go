package console

import (
	"strconv"

	"github.com/dure-commerce/dure/internal/market/settlement/check"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (v moneyView) checkLead(loc ui.Loc) string {
	c := v.Desk.Check
	return loc.T("console.money.check_lead", "Count", c.Found, "Since", loc.DateTime(c.Since, v.Now),
		"At", loc.DateTime(c.At, v.Now))
}

func (v moneyView) checkColumns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.money.check_what")}, {Label: loc.T("console.money.check_row")},
		{Label: loc.T("console.money.check_number"), Num: true}}
}

func (v moneyView) checkRows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Desk.Check.Faults))
	for i, f := range v.Desk.Check.Faults {
		out[i] = []ui.Cell{{Text: faultText(loc, f), Strong: true}, {Text: f.Row},
			{Text: strconv.Itoa(f.Invariant)}}
	}
	return out
}

// faultText says a finding as doctor's own report does.
func faultText(loc ui.Loc, f check.Fault) string {
	values := []any{"Row", f.Row}
	for name, value := range f.Args {
		values = append(values, name, value)
	}
	return loc.T("doctor.fault."+f.Code, values...)
}
