package purchase

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// standing is what became of an order, in its buyer's eyes.
type standing string

const (
	standHeld     standing = "held"
	standJoined   standing = "joined"
	standPending  standing = "pending"  // the gateway has not said the last word
	standDeclined standing = "declined" // nothing was charged; the hold lasts
	standLate     standing = "late"     // the hold was over; nothing was charged
	standBack     standing = "back"     // money came too late and goes back by itself
	standLapsed   standing = "lapsed"
	standGone     standing = "given_up"
	standRefunded standing = "refunded"
)

func (p purchase) last() payment.Payment {
	if len(p.Attempts) == 0 {
		return payment.Payment{}
	}
	return p.Attempts[len(p.Attempts)-1]
}

func (p purchase) standing() standing {
	switch p.Order.State {
	case order.Paid:
		return standJoined
	case order.Refunded:
		return standRefunded
	case order.Held, order.Lapsed, order.Cancelled: // the payments tell the rest
	}
	for _, f := range p.Refunds {
		if f.Cause == payment.CauseLateMoney {
			return standBack
		}
	}
	last := p.last()
	switch {
	case last.State == payment.Confirming:
		return standPending
	case last.State == payment.Expired:
		return standLate
	case p.Order.Holding() && last.State == payment.Declined:
		return standDeclined
	case p.Order.Holding():
		return standHeld
	case p.Order.State == order.Cancelled:
		return standGone
	}
	return standLapsed
}

// pendingSeconds is how soon a page that waits for the gateway looks again, with or without script.
const pendingSeconds = "4"

func (d Deps) done(r *request.Request) error {
	p, err := d.purchaseOf(r)
	if err != nil {
		return err
	}
	if r.Kept(joyKey) == string(p.Order.ID) {
		p.First = true
		r.Keep(joyKey, "")
	}
	page := r.Page(r.Loc.T("order.done." + string(p.standing()) + "_title"))
	if page.NoIndex, page.Back = true, "/orders"; p.dealShown() {
		page.Back = p.dealHref()
	}
	switch p.standing() {
	case standHeld:
		return r.Redirect(p.href() + "/pay")
	case standPending:
		r.W.Header().Set("Refresh", pendingSeconds)
		page.LiveTopics = []string{"order:" + string(p.Order.ID)}
	case standJoined:
		page.LiveTopics = []string{"deal:" + string(p.Order.DealID)}
	}
	return r.Render(donePage(page, p))
}

// donePart answers the ring of a joined deal alone.
func (d Deps) donePart(r *request.Request) error {
	p, err := d.purchaseOf(r)
	if err != nil {
		return err
	}
	return r.Render(ui.Fragment(r.Loc, joinedRing(p)))
}

func (p purchase) live(loc ui.Loc) ui.LiveOf {
	return ui.LiveOf{ID: "joined", Topic: "deal:" + string(p.Order.DealID), Src: p.href() + "/part",
		Version: db.Micros(p.Now.Add(-3 * time.Second)), Say: word.Meter(loc, p.Card.Deal).Name, Gentle: true}
}

// ring is the deal's ring with one bead in the buyer's own colour.
func (p purchase) ring(loc ui.Loc) ui.Meter {
	m := word.Meter(loc, p.Card.Deal)
	m.Mine, m.Size = true, "l"
	return m
}

func (p purchase) title(loc ui.Loc) string {
	stand := p.standing()
	if stand == standJoined && p.Card.Deal.Tipped() {
		return loc.T("order.done.opened_title")
	}
	return loc.T("order.done." + string(stand) + "_title")
}

// text says what it means and what happens next.
func (p purchase) text(loc ui.Loc) string {
	switch stand := p.standing(); stand {
	case standJoined:
		if p.Card.Deal.Tipped() {
			return loc.T("order.done.opened")
		}
		if p.Card.Deal.State.Terminal() {
			return loc.T("order.done.short")
		}
		return loc.T("order.done.joined", "Missing", word.Missing(loc, p.Card.Deal))
	case standDeclined:
		return Reason(loc, p.last().OutcomeCode)
	default:
		return loc.T("order.done."+string(stand), "Amount", loc.Won(p.Order.Amount))
	}
}

// Reason words a gateway's code for a refused payment; codes nobody wrote down get the general sentence.
func Reason(loc ui.Loc, code string) string {
	key := "payment.reason." + strings.ToLower(code)
	if code != "" {
		if text := loc.T(key); text != key {
			return text
		}
	}
	return loc.T("payment.declined")
}
