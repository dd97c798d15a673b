package disputes

import (
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// caseView is one dispute with everything that speaks for either side.
type caseView struct {
	deliver.Detail
	Buyer    string // masked
	May      bool   // the reader may decide
	Split    deliver.Split
	Weighed  bool   // Split is of what was typed
	Back     string // as typed
	Note     string
	Problems request.Problems
	Now      time.Time
}

const (
	wonMax  = 1_000_000_000
	noteMax = 20_000
)

func (d Deps) load(r *request.Request) (caseView, ui.Page, error) {
	v := caseView{Now: r.Now}
	p, err := d.page(r, "dispute.nav", Path)
	if err != nil {
		return v, p, err
	}
	if v.Detail, err = d.Deliver.Share(r.Context(), r.Actor, market.OrderID(r.PathValue("order"))); err != nil {
		return v, p, err
	}
	if v.Dispute == nil {
		return v, p, right.ErrHidden
	}
	v.May = right.Can(r.Actor, right.DisputeDecide, right.Resource{}) && v.Dispute.Turn != escrow.TurnOver
	people, err := account.ListByIDs(r.Context(), d.DB, []market.AccountID{v.AccountID})
	for _, a := range people {
		v.Buyer = account.Masked(a.Name)
	}
	p.Title = r.Loc.T(v.Dispute.Reason.NameKey())
	p.Crumbs = []ui.Link{{Label: r.Loc.T("dispute.nav"), Href: Path}, {Label: number(v.OrderID)}}
	return v, p, err
}

func (d Deps) show(r *request.Request) error {
	v, p, err := d.load(r)
	if err != nil {
		return err
	}
	return r.Render(casePage(p, v))
}

// decide ends a dispute in won, or only reckons what a decision would come to.
func (d Deps) decide(r *request.Request) error {
	v, p, err := d.load(r)
	if err != nil {
		return err
	}
	if err := right.Check(r.Actor, right.DisputeDecide, right.Resource{}); err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	v.Back, v.Note = f.Values().Get("refunded"), f.Values().Get("note")
	back, look := f.Won("refunded", 0, wonMax), f.Values().Get("act") == "look" || r.Fragment()
	err = f.Err()
	if err == nil {
		v.Split, err = deliver.SplitOf(v.Dispute.Dispute, v.Escrow.CommissionBP, back)
		v.Weighed = err == nil
	}
	if look {
		v.Problems = r.Problems(err)
		if r.Fragment() {
			return r.Render(ui.Fragment(r.Loc, splitPart(v)))
		}
		return r.RenderStatus(http.StatusOK, casePage(p, v))
	}
	if err == nil {
		_, err = d.Deliver.Decide(r.Context(), r.Actor, deliver.DecideCmd{OrderID: v.OrderID, Refunded: back,
			Note: f.Multiline("note", 0, noteMax)})
	}
	if err != nil {
		return r.Fail(err, func(problems request.Problems) templ.Component {
			v.Problems = problems
			for i := range v.Problems {
				if v.Problems[i].Field == "words" {
					v.Problems[i].Field = "note"
				}
			}
			return casePage(p, v)
		})
	}
	r.Flash(ui.Act, "dispute.decided")
	return r.Redirect(Address(v.OrderID))
}

func (v caseView) headline(loc ui.Loc) string {
	if v.Dispute.Turn == escrow.TurnOver {
		return loc.T(v.Dispute.Outcome.NameKey())
	}
	return loc.T("dispute.case.head", "Buyer", v.Buyer, "Seller", v.Seller.Name, "Won", v.Dispute.Amount)
}

func (v caseView) meaning(loc ui.Loc) string {
	if v.Dispute.Turn == escrow.TurnOver {
		return loc.T("dispute.case.over", "Back", v.Dispute.Refunded, "Amount", v.Dispute.Amount)
	}
	return loc.T("dispute.case.until", "Turn", loc.T(v.Dispute.Turn.NameKey()), "Until",
		loc.DateTime(v.Dispute.DueAt, v.Now))
}

// facts are what the case is about.
func (v caseView) facts(loc ui.Loc) []ui.Pair {
	pairs := []ui.Pair{
		{Key: loc.T("dispute.fact.reason"), Value: loc.T(v.Dispute.Reason.NameKey())},
		{Key: loc.T("dispute.fact.buyer"), Value: v.Buyer, Note: number(v.OrderID)},
		{Key: loc.T("dispute.fact.seller"), Value: v.Seller.Name},
		{Key: loc.T("dispute.fact.frozen"), Value: loc.Won(v.Dispute.Amount),
			Note: loc.T("dispute.fact.paid", "Won", v.Paid, "Count", v.Quantity)},
		{Key: loc.T("dispute.fact.ends"), Value: loc.Date(v.Dispute.Until, v.Now), Note: loc.T("dispute.fact.ends_note")},
	}
	if v.Dispute.Offered {
		pairs = append(pairs, ui.Pair{Key: loc.T("dispute.fact.offer"), Value: loc.Won(v.Dispute.Offer)})
	}
	if v.Dispute.Note != "" {
		pairs = append(pairs, ui.Pair{Key: loc.T("dispute.fact.note"), Value: v.Dispute.Note})
	}
	return pairs
}

// sums are what the typed decision would come to.
func (v caseView) sums(loc ui.Loc) []ui.Pair {
	return []ui.Pair{
		{Key: loc.T("dispute.sum.buyer"), Value: loc.Won(v.Split.ToBuyer), Tone: ui.Loss},
		{Key: loc.T("dispute.sum.seller"), Value: loc.Won(v.Split.ToSeller), Tone: ui.Act},
		{Key: loc.T("dispute.sum.fee"), Value: loc.Won(v.Split.Commission),
			Note: loc.T("dispute.sum.vat", "VAT", v.Split.VAT)},
		{Key: loc.T("dispute.sum.all"), Value: loc.Won(v.Dispute.Amount), Total: true},
	}
}

// story is what happened, in order: the money, the parcel, the dispute.
func (v caseView) story(loc ui.Loc) []ui.Event {
	var out []ui.Event
	add := func(at time.Time, key, sub string, tone ui.Tone) {
		if !at.IsZero() {
			out = append(out, ui.Event{Text: loc.T(key), Sub: sub, At: at, Now: v.Now, Tone: tone})
		}
	}
	add(v.PaidAt, "dispute.story.paid", loc.Won(v.Paid), ui.Gather)
	for _, p := range v.Parcels {
		add(p.At, "dispute.story.sent", loc.T(p.Carrier.NameKey())+" "+p.Number, ui.Info)
		for _, e := range p.Events {
			add(e.At, e.Kind.NameKey(), e.Place, ui.Info)
		}
	}
	add(v.DeliveredAt, "dispute.story.delivered", "", ui.Act)
	add(v.Dispute.OpenedAt, "dispute.story.opened", loc.T(v.Dispute.Reason.NameKey()), ui.Warn)
	for _, e := range v.Dispute.File {
		add(e.At, "dispute.story.said_"+string(e.Side), "", ui.Quiet)
	}
	add(v.Dispute.EndedAt, "dispute.story.ended", "", ui.Act)
	slices.SortStableFunc(out, func(a, b ui.Event) int { return a.At.Compare(b.At) })
	return out
}
