package console

import (
	"time"

	"github.com/dure-commerce/dure/internal/flow/settle/interest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// interestHome is the list of interest that has not reached its buyers.
const interestHome = "/admin/money/interest"

// interestView is who is owed interest, since when, and why it has not arrived.
type interestView struct {
	interest.Owed
	Names map[market.AccountID]string
	Now   time.Time
	After string
}

// interest shows the list: nobody has to act on it, but everybody who is asked must be able to answer.
func (d Deps) interest(r *request.Request) error {
	p, err := page(r, r.Loc.T("console.interest.title"), "/admin/money")
	if err != nil {
		return err
	}
	query, err := r.Query()
	if err != nil {
		return err
	}
	v := interestView{Now: r.Now, Names: map[market.AccountID]string{}}
	if v.Owed, err = d.Custody.Interest.Owed(r.Context(), r.Actor, query.Text("after", 0, keyMax)); err != nil {
		return err
	}
	if n := len(v.List); n == interest.OwedPage {
		v.After = interestHome + "?after=" + v.List[n-1].ID
	}
	var ids []market.AccountID
	for _, i := range v.List {
		ids = append(ids, i.AccountID)
	}
	people, err := account.ListByIDs(r.Context(), d.DB, ids)
	if err != nil {
		return err
	}
	for _, a := range people {
		v.Names[a.ID] = a.Name
	}
	return r.Render(interestPage(p, v))
}

// keyMax bounds an id in an address.
const keyMax = 64

func (v moneyView) interest(loc ui.Loc) string {
	if v.Owed.Count == 0 {
		return loc.T("console.interest.none")
	}
	return loc.T("console.interest.sum", "Count", v.Owed.Count, "Won", v.Owed.Won)
}

func (v interestView) headline(loc ui.Loc) string {
	if v.Sum.Count == 0 {
		return loc.T("console.interest.none")
	}
	return loc.T("console.interest.head", "Count", v.Sum.Count, "Won", v.Sum.Won)
}

func (v interestView) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.interest.who")}, {Label: loc.T("console.money.amount"), Num: true},
		{Label: loc.T("console.interest.since")}, {Label: loc.T("console.interest.why")},
		{Label: loc.T("console.money.order")}}
}

func (v interestView) rows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.List))
	for n, i := range v.List {
		name := v.Names[i.AccountID]
		if name == "" {
			name = thing(loc, string(i.AccountID))
		}
		why, note, tone := v.why(loc, i)
		of := ""
		if i.OfDeposit() {
			of = loc.T("console.interest.of_deposit")
		}
		out[n] = []ui.Cell{{Text: name, Note: of, Keep: true}, {Text: loc.Won(i.Amount)},
			{Text: loc.Ago(i.OwedAt, v.Now)}, {Text: why, Note: note, Tone: tone, Long: true},
			{Text: thing(loc, string(i.OrderID))}}
	}
	return out
}

// why says what the interest waits for: its buyer, our next sending, or the bank.
func (v interestView) why(loc ui.Loc, i payment.Interest) (text, note string, tone ui.Tone) {
	switch i.State {
	case payment.InterestAsked:
		if i.LastError != "" {
			return loc.T("console.interest.refused"), ui.BankSays(loc, i.LastError), ui.Warn
		}
		return loc.T("console.interest.asked"), "", ui.Quiet
	case payment.InterestSent:
		if i.SentAt.Before(v.Late) {
			return loc.T("console.interest.late"), loc.Ago(i.SentAt, v.Now), ui.Loss
		}
		return loc.T("console.interest.sent"), loc.Ago(i.SentAt, v.Now), ui.Quiet
	case payment.InterestDue, payment.InterestPaid:
	}
	return loc.T("console.interest.due"), "", ui.Quiet
}
