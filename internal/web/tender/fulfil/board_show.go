package fulfil

import (
	"errors"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// fulfilView is what the winner does: who paid, what is to be sent, where the won is.
type fulfilView struct {
	Work      deliver.Work
	Fund      collect.Collect
	Stand     escrow.Stand
	Members   []deliver.Member
	After     string
	Addresses bool // they are shown
	Disputes  []deliver.Quarrel
	Now       time.Time
	Typed     typedParcel
	Sheet     *sheetView
	Problems  request.Problems
}

// typedParcel is a parcel that was refused.
type typedParcel struct {
	Order           market.OrderID
	Carrier, Number string
	Problems        request.Problems
}

// board reads the winner's board; a loser, and everybody else, finds nothing.
func (d Deps) board(r *request.Request, cmd deliver.MembersCmd) (fulfilView, report.Shop, error) {
	v, shop := fulfilView{Now: r.Now, Addresses: cmd.Addresses}, report.Shop{}
	var err error
	if v.Work, err = d.Deliver.Work(r.Context(), r.Actor, cmd.WishID); err != nil {
		return v, shop, err
	}
	shops, err := report.Shops(r.Context(), d.DB, []market.MerchantID{v.Work.MerchantID})
	if err != nil || len(shops) == 0 {
		return v, shop, errors.Join(err, right.ErrHidden)
	}
	shop = shops[0]
	if v.Fund, err = collect.Find(r.Context(), d.DB, cmd.WishID); err != nil && !errors.Is(err, collect.ErrNotFound) {
		return v, shop, err
	}
	if v.Stand, err = d.Deliver.StandOf(r.Context(), r.Actor, cmd.WishID); err != nil {
		return v, shop, err
	}
	var more bool
	if v.Members, more, err = d.Deliver.Members(r.Context(), r.Actor, cmd); err != nil {
		return v, shop, err
	}
	if more {
		v.After = v.href("?after=" + string(v.Members[len(v.Members)-1].OrderID))
	}
	all, err := d.Deliver.DisputesOf(r.Context(), r.Actor, v.Work.MerchantID)
	for _, x := range all {
		if x.WishID == cmd.WishID {
			v.Disputes = append(v.Disputes, x)
		}
	}
	return v, shop, err
}

// href is an address of the board.
func (v fulfilView) href(rest string) string { return tender.Address(v.Work.WishID) + "/fulfil" + rest }

func (d Deps) fulfilPage(r *request.Request, shop report.Shop, v fulfilView) templ.Component {
	p := d.WishPage(r, shop, v.Work.WishID, v.Work.Wish.Name)
	p.Path = v.href("")
	p.Crumbs = []ui.Link{{Label: r.Loc.T("tender.title"), Href: tender.Path + "?tab=" + tender.TabMine},
		{Label: v.Work.Wish.Name, Href: tender.Address(v.Work.WishID)}, {Label: r.Loc.T("tender.fulfil.crumb")}}
	return fulfilPage(p, v)
}

func (d Deps) fulfil(r *request.Request) error {
	return d.showBoard(r, deliver.MembersCmd{WishID: wishOf(r), After: market.OrderID(r.URL.Query().Get("after"))})
}

func (d Deps) showBoard(r *request.Request, cmd deliver.MembersCmd) error {
	v, shop, err := d.board(r, cmd)
	if err != nil {
		return err
	}
	if r.Fragment() {
		return r.Render(fulfilPart(v))
	}
	return r.Render(d.fulfilPage(r, shop, v))
}

// addresses shows where members live; each look is written down, so it is an act and no address of its own.
func (d Deps) addresses(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	after := f.Text("after", 0, idMax)
	if err := f.Err(); err != nil {
		return err
	}
	return d.showBoard(r, deliver.MembersCmd{WishID: wishOf(r), After: market.OrderID(after), Addresses: true})
}

// refused draws the board again with what was wrong.
func (d Deps) refused(r *request.Request, err error, say func(v *fulfilView, p request.Problems)) error {
	if kind := fail.KindOf(err); kind == fail.NotFound || kind == fail.Forbidden || kind == fail.Unauthenticated {
		return err
	}
	v, shop, readErr := d.board(r, deliver.MembersCmd{WishID: wishOf(r)})
	if readErr != nil {
		return readErr
	}
	return r.Fail(err, func(p request.Problems) templ.Component {
		say(&v, p)
		return d.fulfilPage(r, shop, v)
	})
}

func (v *fulfilView) onTop(p request.Problems) { v.Problems = p }

// fundAnswer says whether the seller serves the fewer who have paid.
func (d Deps) fundAnswer(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	w, err := d.Deliver.Work(r.Context(), r.Actor, wishOf(r))
	if err != nil {
		return err
	}
	act := f.Choice("act", "take", "back")
	if err = f.Err(); err == nil {
		err = d.Fund.Answer(r.Context(), r.Actor, fund.AnswerCmd{WishID: w.WishID, MerchantID: w.MerchantID,
			Take: act == "take"})
	}
	if err != nil {
		return d.refused(r, err, (*fulfilView).onTop)
	}
	if act == "back" {
		r.Flash(ui.Info, "tender.fund.stepped_back")
		return r.Redirect(tender.Path + "?tab=" + tender.TabMine)
	}
	r.Flash(ui.Act, "tender.fund.taken")
	return r.Redirect(tender.Address(w.WishID) + "/fulfil")
}

// ship notes one member's parcel.
func (d Deps) ship(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	v := f.Values()
	typed := typedParcel{Order: market.OrderID(tender.Shown(v.Get("order"))), Carrier: tender.Shown(v.Get("carrier")),
		Number: tender.Shown(v.Get("number"))}
	f.Text("order", 1, idMax)
	f.Text("carrier", 0, lineMax)
	f.Text("number", 0, lineMax)
	err = f.Err()
	if err == nil {
		err = d.send(r, typed)
	}
	if err != nil {
		return d.refused(r, err, func(v *fulfilView, p request.Problems) {
			v.Typed, v.Typed.Problems = typed, tender.Among(p, string(typed.Order))
		})
	}
	r.Flash(ui.Act, "tender.ship.sent")
	return r.Redirect(tender.Address(wishOf(r)) + "/fulfil#" + anchor(typed.Order))
}

func (d Deps) send(r *request.Request, t typedParcel) error {
	if _, err := d.Deliver.Work(r.Context(), r.Actor, wishOf(r)); err != nil {
		return err
	}
	name, err := parcel.Read(t.Carrier, t.Number)
	if err != nil {
		return err
	}
	done, err := d.Deliver.Ship(r.Context(), r.Actor, deliver.ShipCmd{WishID: wishOf(r),
		Parcels: []escrow.Sent{{OrderID: t.Order, Name: name}}})
	if err != nil || len(done.Faults) == 0 {
		return err
	}
	return done.Faults[0].Err.On("number")
}

// giveBack pays one member back.
func (d Deps) giveBack(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	if _, err := d.Deliver.Work(r.Context(), r.Actor, wishOf(r)); err != nil {
		return err
	}
	id := market.OrderID(f.Text("order", 1, idMax))
	if err = f.Err(); err == nil {
		var s deliver.Detail
		if s, err = d.Deliver.Share(r.Context(), r.Actor, id); err == nil && s.WishID != wishOf(r) {
			err = right.ErrHidden
		}
	}
	if err == nil {
		_, err = d.Deliver.GiveBack(r.Context(), r.Actor, id)
	}
	if err != nil {
		return d.refused(r, err, (*fulfilView).onTop)
	}
	r.Flash(ui.Info, "tender.back.done")
	return r.Redirect(tender.Address(wishOf(r)) + "/fulfil#" + anchor(id))
}

// anchor names a member's place on the board.
func anchor(id market.OrderID) string { return "m-" + string(id) }

// count is how many shares stand in any of some states.
func (v fulfilView) count(states ...escrow.State) int64 {
	var n int64
	for _, t := range v.Work.Tallies {
		for _, s := range states {
			if t.State == s {
				n += t.Shares
			}
		}
	}
	return n
}

// headline is what the seller has to know first.
func (v fulfilView) headline(loc ui.Loc) string {
	held, parcels := v.count(escrow.Held), v.Work.Delivery == escrow.ByParcel
	switch {
	case v.Work.Phase == escrow.Paying && v.Fund.Asks():
		return loc.T("tender.fulfil.asked", "Units", v.Work.Units)
	case v.Work.Phase == escrow.Paying && v.Work.Shares == 0:
		return loc.T("tender.fulfil.paying_none")
	case v.Work.Phase == escrow.Paying:
		return loc.T("tender.fulfil.paying", "Count", v.Work.Shares)
	case v.Work.Phase == escrow.Fulfilling && held > 0 && parcels:
		return loc.T("tender.fulfil.to_send", "Count", held)
	case v.Work.Phase == escrow.Fulfilling && held > 0:
		return loc.T("tender.fulfil.to_come", "Count", held)
	case v.Work.Phase == escrow.Fulfilling:
		return loc.T("tender.fulfil.waiting")
	case v.Work.Phase == escrow.Void:
		return loc.T("tender.fulfil.void")
	}
	return loc.T("tender.fulfil.done")
}

// meaning says until when, and what happens otherwise.
func (v fulfilView) meaning(loc ui.Loc) string {
	switch {
	case v.Work.Phase == escrow.Paying && v.Fund.Asks():
		return loc.T("tender.fulfil.asked_mean", "Needs", v.Fund.Needs, "Until", loc.DateTime(v.Fund.AnswerBy, v.Now))
	case v.Work.Phase == escrow.Paying:
		return loc.T("tender.fulfil.paying_mean", "Needs", v.Fund.Needs, "Until", loc.DateTime(v.Fund.Until, v.Now))
	case v.Work.Phase == escrow.Fulfilling && v.count(escrow.Held) > 0:
		return loc.T("tender.fulfil.ship_by", "Until", loc.Date(v.Work.ShipBy.Add(-time.Second), v.Now))
	case v.Work.Phase == escrow.Fulfilling:
		return loc.T("tender.fulfil.waiting_mean")
	case v.Work.Phase == escrow.Void:
		return loc.T("tender.fulfil.void_mean")
	}
	return loc.T("tender.fulfil.done_mean")
}

func (v fulfilView) sends() bool {
	return v.Work.Phase == escrow.Fulfilling && v.Work.Delivery == escrow.ByParcel
}

// carriers are the choices of a parcel's form.
func carriers(loc ui.Loc) []ui.Choice {
	var out []ui.Choice
	for _, c := range parcel.Carriers() {
		out = append(out, ui.Choice{Value: string(c), Label: loc.T(c.NameKey())})
	}
	return out
}

// usual is the carrier by which something was sent already, so that nobody picks it forty times.
func (v fulfilView) usual() string {
	for _, m := range v.Members {
		if m.Parcel != nil {
			return string(m.Parcel.Carrier)
		}
	}
	return ""
}

// typedOf is what was typed for a member, or the usual beginning.
func (v fulfilView) typedOf(m deliver.Member) typedParcel {
	if v.Typed.Order == m.OrderID {
		return v.Typed
	}
	if m.Parcel != nil {
		return typedParcel{Carrier: string(m.Parcel.Carrier), Number: m.Parcel.Number}
	}
	return typedParcel{Carrier: v.usual()}
}

func shareChip(loc ui.Loc, s escrow.Share) ui.Chip {
	c := ui.Chip{Label: loc.T(s.State.NameKey())}
	switch s.State {
	case escrow.Held:
		c.Tone = ui.Gather
	case escrow.Shipped, escrow.Delivered:
		c.Tone = ui.Info
	case escrow.Released:
		c.Tone = ui.Act
	case escrow.Disputed:
		c.Tone = ui.Warn
	case escrow.Refunded:
		c.Tone = ui.Loss
	case escrow.Decided:
	}
	return c
}

// parcelLine says where a member's parcel is.
func parcelLine(loc ui.Loc, p *escrow.Shipment) string {
	line := loc.T(p.Carrier.NameKey())
	if p.Number != "" {
		line += " " + p.Number
	}
	return line + " · " + loc.T(p.Track.State().NameKey())
}

// mayGiveBack reports a share that the seller may still pay back.
func mayGiveBack(s escrow.Share) bool {
	_, err := escrow.Next(s.State, escrow.ActGiveBack, escrow.BySeller)
	return err == nil
}

// mayShip reports a share for which a parcel may be named, or put right.
func mayShip(s escrow.Share) bool { return s.State == escrow.Held || s.State == escrow.Shipped }

// orderNumber is an order's number as people read it out.
func orderNumber(id market.OrderID) string { return order.Order{ID: id}.Number() }
