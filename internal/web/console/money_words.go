package console

import (
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (v moneyView) headline(loc ui.Loc) string {
	n := len(v.Stuck) + len(v.Desk.Held) + len(v.Desk.Late) + len(v.Desk.Differences) + len(v.Desk.Unmatched)
	n += int(v.Desk.Check.Found)
	if n == 0 {
		return loc.T("console.money.quiet")
	}
	return loc.T("console.money.waits", "Count", n)
}

func (v moneyView) buffer(loc ui.Loc) string {
	if b := v.Desk.Now.Buffer(); b < 0 {
		return loc.T("console.money.short", "Won", loc.Won(-b))
	}
	return loc.T("console.money.buffer", "Won", loc.Won(v.Desk.Now.Buffer()))
}

func (v moneyView) bufferTone() ui.Tone {
	if v.Desk.Now.Buffer() < 0 {
		return ui.Loss
	}
	return ui.Quiet
}

func (v moneyView) refundColumns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.money.order")}, {Label: loc.T("console.money.amount"), Num: true},
		{Label: loc.T("console.money.cause")}, {Label: loc.T("console.money.due")},
		{Label: loc.T("console.money.error")}, {Label: loc.T("console.money.act"), Narrow: true}}
}

func (v moneyView) refundRows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Stuck))
	for i, f := range v.Stuck {
		late := ui.Quiet
		if f.DueAt.Before(v.Now) || f.State == payment.RefundStuck {
			late = ui.Loss
		}
		why, code := ui.BankWord(loc, f.LastError)
		out[i] = []ui.Cell{{Text: thing(loc, string(f.OrderID)), Note: string(f.OrderID), Strong: true},
			{Text: loc.Won(f.Amount)},
			{Text: loc.T("console.cause." + string(f.Cause))}, {Text: loc.DateTime(f.DueAt, v.Now), Tone: late},
			{Text: why, Note: code, Long: true}, {Content: retryForm(string(f.ID), v.Key)}}
	}
	return out
}

func (v moneyView) payoutColumns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.deal.shop")}, {Label: loc.T("console.money.amount"), Num: true},
		{Label: loc.T("console.money.state")}, {Label: loc.T("console.money.due")},
		{Label: loc.T("console.money.act"), Narrow: true}}
}

func (v moneyView) payoutRows(loc ui.Loc) [][]ui.Cell {
	var out [][]ui.Cell
	for _, list := range [][]settlement.Payout{v.Desk.Held, v.Desk.Late, v.Due} {
		for _, p := range list {
			row := []ui.Cell{{Text: v.Names[p.MerchantID], Strong: true}, {Text: loc.Won(p.Amount)},
				{Text: loc.T("console.payout." + string(p.State)), Note: heldFor(loc, p)},
				{Text: loc.DateTime(p.DueAt, v.Now)}, {}}
			if p.State == settlement.PayoutHeld || p.State == settlement.PayoutDue {
				row[4].Content = payoutForm(string(p.ID), v.Key, p.State == settlement.PayoutHeld)
			}
			out = append(out, row)
		}
	}
	return out
}

// heldFor says why a payout waits: in the operator's own words, in the bank's, or in ours.
func heldFor(loc ui.Loc, p settlement.Payout) string {
	switch p.HoldCode {
	case settlement.HoldOperator:
		return p.HoldReason
	case settlement.HoldBank:
		if p.HoldReason != "" {
			return ui.BankSays(loc, p.HoldReason)
		}
	case settlement.HoldLimit, settlement.HoldBooks:
	}
	if p.HoldCode == "" {
		return ""
	}
	return loc.T("console.hold." + string(p.HoldCode))
}

func (v moneyView) differenceColumns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.money.class")}, {Label: loc.T("console.money.day")},
		{Label: loc.T("console.money.ours"), Num: true}, {Label: loc.T("console.money.theirs"), Num: true},
		{Label: loc.T("console.money.key")}, {Label: loc.T("console.money.act"), Narrow: true}}
}

func (v moneyView) differenceRows(loc ui.Loc) [][]ui.Cell {
	var out [][]ui.Cell
	for _, x := range v.Desk.Differences {
		out = append(out, []ui.Cell{{Text: loc.T("console.class." + string(x.Class)), Strong: true},
			{Text: x.Day, Note: loc.Ago(x.SeenAt, v.Now)}, {Text: loc.Won(x.Ours)}, {Text: loc.Won(x.Theirs)},
			{Text: x.GatewayKey}, {Content: differenceForm(x.ID, v.Key)}})
	}
	for _, e := range v.Desk.Unmatched {
		out = append(out, []ui.Cell{{Text: loc.T("console.class.unmatched"), Strong: true},
			{Text: e.Day, Note: loc.Ago(e.At, v.Now)}, {Text: "—"}, {Text: loc.Won(e.Amount)}, {Text: e.Reference}, {}})
	}
	return out
}

func (v moneyView) dayColumns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.money.day")}, {Label: loc.T("console.money.owed"), Num: true},
		{Label: loc.T("console.money.assets"), Num: true}, {Label: loc.T("console.money.rest"), Num: true}}
}

func (v moneyView) dayRows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Days))
	for i, d := range v.Days {
		tone := ui.Quiet
		if d.Buffer() < 0 {
			tone = ui.Loss
		}
		out[i] = []ui.Cell{{Text: d.Day, Strong: true}, {Text: loc.Won(d.Liabilities)}, {Text: loc.Won(d.Assets)},
			{Text: loc.Won(d.Buffer()), Tone: tone}}
	}
	return out
}
