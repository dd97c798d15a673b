package disputes

import (
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// listView is the queue of disputes that wait for one side.
type listView struct {
	Turn escrow.Turn
	Rows []deliver.Quarrel
	Now  time.Time
}

// turns are the tabs of the queue, the operator's own first.
func turns() []escrow.Turn {
	return []escrow.Turn{escrow.TurnOperator, escrow.TurnSeller, escrow.TurnBuyer}
}

func (d Deps) list(r *request.Request) error {
	p, err := d.page(r, "dispute.nav", Path)
	if err != nil {
		return err
	}
	v := listView{Turn: escrow.TurnOperator, Now: r.Now}
	if turn := escrow.Turn(r.URL.Query().Get("turn")); slices.Contains(turns(), turn) {
		v.Turn = turn
	}
	if v.Rows, err = d.Deliver.Disputes(r.Context(), r.Actor, v.Turn); err != nil {
		return err
	}
	return r.Render(listPage(p, v))
}

func (v listView) headline(loc ui.Loc) string {
	n := int64(len(v.Rows))
	switch {
	case n == 0:
		return loc.T("dispute.list.none")
	case v.Turn == escrow.TurnOperator:
		return loc.T("dispute.list.ours", "Count", n)
	}
	return loc.T("dispute.list.theirs", "Count", n)
}

func (v listView) tabs(loc ui.Loc) []ui.Tab {
	var out []ui.Tab
	for _, t := range turns() {
		out = append(out, ui.Tab{Label: loc.T("dispute.tab." + string(t)), Href: Path + "?turn=" + string(t),
			Here: t == v.Turn})
	}
	return out
}

func (v listView) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("dispute.column.case")}, {Label: loc.T("dispute.column.wish")},
		{Label: loc.T("dispute.column.amount"), Num: true}, {Label: loc.T("dispute.column.opened")},
		{Label: loc.T("dispute.column.due")}}
}

func (v listView) rows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Rows))
	for i, x := range v.Rows {
		out[i] = []ui.Cell{
			{Text: loc.T(x.Reason.NameKey()), Note: number(x.OrderID), Href: Address(x.OrderID), Strong: true},
			{Text: x.Wish.Name, Href: Wishes + "/" + string(x.WishID)}, {Text: loc.Won(x.Amount), Keep: true},
			{Text: loc.Ago(x.OpenedAt, v.Now)}, {Text: loc.DateTime(x.DueAt, v.Now), Tone: v.urgency(x.DueAt)}}
	}
	return out
}

// soon is when a deadline is shown in another colour.
const soon = 48 * time.Hour

func (v listView) urgency(due time.Time) ui.Tone {
	if due.Before(v.Now.Add(soon)) {
		return ui.Warn
	}
	return ui.Quiet
}

// Address is where a case stands.
func Address(id market.OrderID) string { return Path + "/" + string(id) }

func number(id market.OrderID) string { return order.Order{ID: id}.Number() }
