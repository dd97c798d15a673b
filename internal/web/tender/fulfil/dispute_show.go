package fulfil

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// disputeView is a dispute as the seller's side sees it.
type disputeView struct {
	deliver.Detail
	Now      time.Time
	Typed    typedWord
	Problems request.Problems
}

// typedWord is what was said and refused.
type typedWord struct {
	Words, Offer string
	Pictures     []string
}

func (d Deps) quarrel(r *request.Request) (disputeView, report.Shop, error) {
	v := disputeView{Now: r.Now}
	var err error
	if v.Detail, err = d.Deliver.Share(r.Context(), r.Actor, market.OrderID(r.PathValue("order"))); err != nil {
		return v, report.Shop{}, err
	}
	if !v.Sells || v.Dispute == nil || v.WishID != wishOf(r) {
		return v, report.Shop{}, right.ErrHidden
	}
	shops, err := report.Shops(r.Context(), d.DB, []market.MerchantID{v.Escrow.MerchantID})
	if err != nil || len(shops) == 0 {
		return v, report.Shop{}, err
	}
	return v, shops[0], nil
}

func (d Deps) disputePage(r *request.Request, shop report.Shop, v disputeView) templ.Component {
	p := d.WishPage(r, shop, v.WishID, r.Loc.T("tender.dispute.title"))
	p.Crumbs = []ui.Link{{Label: r.Loc.T("tender.title"), Href: tender.Path + "?tab=" + tender.TabMine},
		{Label: v.Wish.Name, Href: tender.Address(v.WishID) + "/fulfil"}, {Label: p.Title}}
	return disputePage(p, v)
}

func (d Deps) dispute(r *request.Request) error {
	v, shop, err := d.quarrel(r)
	if err != nil {
		return err
	}
	return r.Render(d.disputePage(r, shop, v))
}

// speak takes the seller's word: an answer with or without an offer, more evidence, or giving in.
func (d Deps) speak(r *request.Request) error {
	v, shop, err := d.quarrel(r)
	if err != nil {
		return err
	}
	f, err := r.FormOf(tender.FormOptions())
	if err != nil {
		return err
	}
	v.Typed = typedWord{Words: tender.Shown(f.Values().Get("words")), Offer: tender.Shown(f.Values().Get("offer")),
		Pictures: tender.KeptPictures(f)}
	var refused fail.List
	v.Typed.Pictures, refused = d.KeepPictures(r, f, v.Typed.Pictures)
	cmd := deliver.SayCmd{OrderID: v.OrderID, AsSeller: true, Words: f.Multiline("words", 0, noteMax),
		Say: escrow.Say(f.Choice("act", string(escrow.SayAnswer), string(escrow.SayMore), string(escrow.SayGiveIn)))}
	if !f.Blank("offer") && cmd.Say == escrow.SayAnswer {
		cmd.Offered, cmd.Refunded = true, f.Won("offer", 0, wonMax)
	}
	for _, ref := range v.Typed.Pictures {
		cmd.Kept = append(cmd.Kept, photo.Ref(ref))
	}
	if err = append(fail.List(fail.All(f.Err())), refused...).Err(); err == nil {
		_, err = d.Deliver.Speak(r.Context(), r.Actor, cmd)
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Problems = p
			return d.disputePage(r, shop, v)
		})
	}
	r.Flash(ui.Act, "tender.dispute.said")
	return r.Redirect(disputeHref(v.WishID, v.OrderID))
}

func disputeHref(wish market.WishID, id market.OrderID) string {
	return tender.Address(wish) + "/disputes/" + string(id)
}

// may reports a word that the seller's side may say now.
func (v disputeView) may(say escrow.Say) bool {
	_, err := escrow.NextTurn(v.Dispute.Turn, say, escrow.BySeller)
	return err == nil
}

func (v disputeView) headline(loc ui.Loc) string {
	switch v.Dispute.Turn {
	case escrow.TurnSeller:
		return loc.T("tender.dispute.ours")
	case escrow.TurnBuyer:
		return loc.T("tender.dispute.theirs")
	case escrow.TurnOperator:
		return loc.T("tender.dispute.operators")
	case escrow.TurnOver:
	}
	return loc.T(v.Dispute.Outcome.NameKey())
}

func (v disputeView) meaning(loc ui.Loc) string {
	if v.Dispute.Turn == escrow.TurnOver {
		return loc.T("tender.dispute.over", "Back", v.Dispute.Refunded, "Amount", v.Dispute.Amount)
	}
	return loc.T("tender.dispute.mean_"+string(v.Dispute.Turn), "Until", loc.DateTime(v.Dispute.DueAt, v.Now))
}

func (v disputeView) facts(loc ui.Loc) []ui.Pair {
	pairs := []ui.Pair{
		{Key: loc.T("tender.dispute.order"), Value: orderNumber(v.OrderID)},
		{Key: loc.T("tender.dispute.reason"), Value: loc.T(v.Dispute.Reason.NameKey())},
		{Key: loc.T("tender.dispute.amount"), Value: loc.Won(v.Dispute.Amount), Note: loc.T("tender.dispute.frozen")},
	}
	if v.Dispute.Offered {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.dispute.offered"), Value: loc.Won(v.Dispute.Offer)})
	}
	if v.Dispute.Note != "" {
		pairs = append(pairs, ui.Pair{Key: loc.T("tender.dispute.note"), Value: v.Dispute.Note})
	}
	return pairs
}
