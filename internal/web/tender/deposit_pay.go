package tender

import (
	"encoding/json"
	"errors"
	"net/http"

	flow "github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// allow lets the form of an offer lead to the gateway's page, where its deposit is paid.
func (d Deps) allow(r *request.Request) { r.Allow(asset.Policy{Form: d.PayOrigins}) }

// keptKey is where what was typed waits while its deposit is being paid.
func keptKey(id market.WishID) string { return "tender.offer." + string(id) }

// kept is what was typed before its deposit was paid.
func kept(r *request.Request, id market.WishID) (fields, bool) {
	var x fields
	text := r.Kept(keptKey(id))
	return x, text != "" && json.Unmarshal([]byte(text), &x) == nil
}

// asksDeposit reports an offer that could be made but for its deposit.
func (v offerView) asksDeposit() bool { return v.Tried && errors.Is(v.Trial.Refusal, bid.ErrDeposit) }

// missing is what is still to be put down for what is typed, in won.
func (v offerView) missing() int64 { return v.Trial.Deposit - v.Bidder.Deposit }

// putDown leads to the gateway's page for what the typed offer asks for; the offer waits in the browser's session.
func (d Deps) putDown(r *request.Request, c sent) error {
	v, err := d.load(r, c.seller)
	if err != nil {
		return err
	}
	if err := d.weigh(r, c, &v); err != nil {
		return err
	}
	if !v.asksDeposit() {
		return d.again(r, c, nil)
	}
	text, err := json.Marshal(c.x)
	if err != nil {
		return err
	}
	started, err := d.Deposits.Start(r.Context(), r.Actor, flow.StartCmd{WishID: v.Wish.ID, MerchantID: c.M.ID,
		Total: v.Trial.Deposit, Title: r.Loc.T("tender.deposit.title")})
	if err != nil {
		return d.again(r, c, err)
	}
	r.Keep(keptKey(v.Wish.ID), string(text))
	http.Redirect(r.W, r.Request, started.URL, http.StatusSeeOther)
	return nil
}

// came says what became of a deposit whose payer comes back from the gateway's page.
func (d Deps) came(r *request.Request, v offerView) error {
	id := r.URL.Query().Get("paid")
	if id == "" || len(id) > idMax {
		return nil
	}
	p, err := payment.Find(r.Context(), d.DB, market.PaymentID(id))
	if errors.Is(err, payment.ErrNotFound) || err == nil && (p.AccountID != r.Actor.AccountID || p.WishID != v.Wish.ID) {
		return nil
	}
	if err != nil {
		return err
	}
	switch {
	case p.Outcome() == nil && v.down(p.OrderID):
		r.Flash(ui.Act, "tender.deposit.paid", "Won", p.Amount)
	case p.Outcome() == nil:
		r.Flash(ui.Info, "tender.deposit.late")
	case p.BeingCaptured():
		r.Flash(ui.Info, "tender.deposit.pending")
	default:
		r.Flash(ui.Warn, "tender.deposit.unpaid")
	}
	return nil
}

func (v offerView) down(id market.OrderID) bool {
	for _, x := range v.Deposits {
		if x.ID == id && x.Paid() {
			return true
		}
	}
	return false
}

// deposits are what the shop has put down for the wish, and where each of it stands.
func (v offerView) deposits(loc ui.Loc) []ui.Pair {
	var pairs []ui.Pair
	for _, x := range v.Deposits {
		if !x.Paid() {
			continue
		}
		p := ui.Pair{Key: loc.T(x.State.NameKey()), Value: loc.Won(x.Amount), Note: loc.T("tender.deposit.held_note")}
		if x.Cause != "" {
			p.Note = loc.T(x.Cause.NameKey())
		}
		pairs = append(pairs, p)
	}
	return pairs
}
