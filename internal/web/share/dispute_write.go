package share

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) disputeAsk(r *request.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	if !x.May.Dispute {
		return r.Redirect("/shares/" + string(x.OrderID))
	}
	return r.Render(d.disputeForm(r, x, "", "")(nil))
}

func (d Deps) disputeForm(
	r *request.Request, x deliver.Detail, reason, words string,
) func(request.Problems) templ.Component {
	page := r.Page(r.Loc.T("share.dispute.title"))
	page.Back, page.NoIndex = "/shares/"+string(x.OrderID), true
	v := disputeView{Wish: x.Wish.Name, Action: "/shares/" + string(x.OrderID) + "/dispute", Key: r.NewKey(),
		Reason: reason, Words: words, Won: r.Loc.Won(x.Amount), Days: int64(x.Rules.EvidenceDays),
		Most: int64(x.Rules.DisputeDays)}
	return func(p request.Problems) templ.Component {
		v.Problems = p
		return disputePage(page, v)
	}
}

func (d Deps) disputeOpen(r *request.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	in, err := r.FormOf(photos())
	if err != nil {
		return err
	}
	in.Text("key", 1, keyMax)
	reason, words := in.Text("reason", 0, idMax), in.Multiline("words", 0, 2*escrow.WordsMax)
	err = in.Err()
	if err == nil {
		_, err = d.Deliver.OpenDispute(r.Context(), r.Actor, deliver.DisputeCmd{OrderID: x.OrderID,
			Reason: escrow.Reason(reason), Words: words, Photos: files(in)})
	}
	if err != nil {
		return r.Fail(err, d.disputeForm(r, x, reason, words))
	}
	r.Flash(ui.Act, "share.dispute.done")
	return r.Redirect("/shares/" + string(x.OrderID))
}

// say takes the member's word into the dispute: a reply, more evidence, taking the offer, giving in.
func (d Deps) say(r *request.Request) error {
	in, err := r.FormOf(photos())
	if err != nil {
		return err
	}
	in.Text("key", 1, keyMax)
	cmd := deliver.SayCmd{OrderID: market.OrderID(r.PathValue("order")),
		Words: in.Multiline("words", 0, 2*escrow.WordsMax), Photos: files(in)}
	cmd.Say = escrow.Say(in.Choice("say", string(escrow.SayReply), string(escrow.SayMore), string(escrow.SayTake),
		string(escrow.SayGiveIn)))
	err = in.Err()
	if err == nil {
		_, err = d.Deliver.Speak(r.Context(), r.Actor, cmd)
	}
	if err != nil {
		return d.failed(r, err)
	}
	r.Flash(ui.Act, "share.say.done")
	return r.Redirect("/shares/" + string(cmd.OrderID))
}
