package wallet

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/flow/wallet"
	"github.com/dure-commerce/dure/internal/kit/qr"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// ticketView is a voucher as its page shows it.
type ticketView struct {
	ID      string
	Now     time.Time
	Ticket  ui.TicketOf
	Meter   *ui.Meter // instead of the code, while too few have joined
	QR      string    // SVG
	Short   string
	Hint    string
	Other   string // SVG of the other QR
	OtherTo string
	Notice  *ui.Notice
	Facts   []ui.Pair
	Story   []ui.Event
	Places  []placeView
	Ask     *askView
	Order   string // address of its receipt
	Refund  string // address of its refund, "" when nothing comes back
	Say     string // read aloud after a change
}

type placeView struct{ Name, Address, Phone, Tel string }

func newTicketView(loc ui.Loc, t wallet.Ticket, now time.Time) (ticketView, error) {
	v := ticketView{ID: string(t.ID), Now: now, Order: "/orders/" + string(t.OrderID)}
	v.Ticket = ui.TicketOf{Shop: shopLine(t), Title: t.Bought.Title, Note: optionLine(loc, t)}
	v.Places = places(t)
	v.Facts = ticketFacts(loc, t, now)
	v.Story = ticketStory(loc, t, now)
	if t.Mine && canGoBack(t.Voucher, now) {
		v.Refund = "/vouchers/" + string(t.ID) + "/refund"
	}
	for _, a := range t.Asks {
		if t.Mine && a.State == feedback.Open && a.AskedAt.After(feedback.AskedSince(now)) {
			ask := newAskView(loc, a, t.Bought, now)
			v.Ask = &ask
			break
		}
	}
	v.face(loc, t, now)
	return v, v.draw(loc, t)
}

func canGoBack(v voucher.Voucher, now time.Time) bool {
	list, err := voucher.Refundable([]voucher.Voucher{v}, now)
	return err == nil && len(list) == 1
}

// face chooses what stands where the code is: the code, the ring, or a stamp over what is left of it.
func (v *ticketView) face(loc ui.Loc, t wallet.Ticket, now time.Time) {
	switch {
	case t.State == voucher.Issued && !t.Deal.Tipped():
		m := meter(loc, t.Deal)
		v.Meter, v.Hint = &m, loc.T("voucher.opens_here", "Until", saleEnd(loc, t.Deal.EndsAt, now))
		v.Say = m.Name
	case t.State == voucher.Active && !t.ValidUntil.IsZero() && !now.Before(t.ValidUntil), t.State == voucher.Expired:
		v.stamp(loc, "voucher.stamp.expired", ui.Loss)
		v.Hint = loc.T("voucher.hint.expired", "Until", lastDay(loc, t.ValidUntil))
	case t.State == voucher.Active, t.State == voucher.Issued:
		v.Hint, v.Say = loc.T("voucher.hint.active"), loc.T("voucher.say.active", "Count", t.UnitsLeft())
	case t.State == voucher.Used:
		v.stamp(loc, "voucher.stamp.used", ui.Act)
		v.Hint = loc.T("voucher.hint.used")
	case t.State == voucher.RefundPending:
		v.stamp(loc, "voucher.stamp.refund_pending", ui.Info)
		if t.Refund != nil {
			v.Hint = loc.T("voucher.hint.refund_pending", "Won", t.Refund.Amount, "Due", nearDay(loc, t.Refund.DueAt, now))
		}
	case t.State == voucher.Refunded, t.State == voucher.ExpiryRefunded:
		v.stamp(loc, "voucher.stamp.refunded", ui.Info)
		if t.Refund != nil {
			v.Hint = loc.T("voucher.hint.refunded", "Won", t.Refund.Amount)
		}
	default:
		v.stamp(loc, "voucher.stamp.blocked", ui.Warn)
		v.Hint = loc.T("voucher.hint.blocked")
	}
}

func (v *ticketView) stamp(loc ui.Loc, key string, tone ui.Tone) {
	v.Ticket.Spent, v.Ticket.Tone = loc.T(key), tone
	v.Say = v.Ticket.Spent
}

// spentText is drawn under a stamp; it is no voucher's.
const spentText = "DURE"

// draw makes the pictures of the codes. Under a stamp stands a picture that opens nothing.
func (v *ticketView) draw(loc ui.Loc, t wallet.Ticket) error {
	text := t.Face
	switch {
	case v.Meter != nil:
		return nil
	case v.Ticket.Spent != "" || text == "":
		text = spentText
	default:
		v.Short = voucher.Grouped(t.Code)
	}
	code, err := qr.Encode(text)
	if err != nil {
		return err
	}
	v.QR = code.SVG("")
	if v.Short == "" || t.FaceB == "" {
		return nil
	}
	other, err := qr.Encode(t.FaceB)
	if err != nil {
		return err
	}
	v.Other = other.SVG("")
	end := voucher.FaceKeyEnd(voucher.FaceKeyID(v.Now))
	if !t.ValidUntil.IsZero() && t.ValidUntil.Before(end) {
		end = t.ValidUntil
	}
	v.OtherTo = lastDay(loc, end)
	return nil
}

func shopLine(t wallet.Ticket) string {
	name := t.Bought.MerchantName
	here := usablePlaces(t)
	if len(here) == 1 && here[0].Name != "" && here[0].Name != name {
		return strings.TrimPrefix(name+" · "+here[0].Name, " · ")
	}
	return name
}

// usablePlaces are the open branches at which the voucher can be used.
func usablePlaces(t wallet.Ticket) []catalog.Place {
	allowed := map[market.BranchID]bool{}
	for _, id := range t.Branches {
		allowed[id] = true
	}
	var out []catalog.Place
	for _, p := range t.Places {
		if !p.Closed && (len(allowed) == 0 || allowed[p.ID]) {
			out = append(out, p)
		}
	}
	return out
}

func optionLine(loc ui.Loc, t wallet.Ticket) string {
	if t.UnitsTotal > 1 {
		return loc.T("voucher.option_uses", "Option", t.Bought.Option, "Count", t.UnitsTotal)
	}
	return t.Bought.Option
}

func places(t wallet.Ticket) []placeView {
	here := usablePlaces(t)
	out := make([]placeView, len(here))
	for i, p := range here {
		phone := p.Phone
		if phone == "" {
			phone = t.Seller.Phone
		}
		out[i] = placeView{Name: p.Name, Address: p.Address, Phone: dashed(phone)}
		if phone != "" {
			out[i].Tel = "tel:" + phone
		}
	}
	return out
}

// dashed writes the digits of a Korean telephone number as people do: 02-123-4567, 010-1234-5678, 1588-0000.
func dashed(digits string) string {
	const tail = 4
	if len(digits) <= tail {
		return digits
	}
	head, last := digits[:len(digits)-tail], digits[len(digits)-tail:]
	area := 3
	switch {
	case strings.HasPrefix(head, "02"):
		area = 2
	case strings.HasPrefix(head, "1"):
		area = len(head)
	}
	if area < len(head) {
		head = head[:area] + "-" + head[area:]
	}
	return head + "-" + last
}

func ticketFacts(loc ui.Loc, t wallet.Ticket, now time.Time) []ui.Pair {
	var facts []ui.Pair
	if t.Standing() || t.State == voucher.Used || t.State == voucher.Blocked {
		facts = append(facts, ui.Pair{Key: loc.T("voucher.fact.left"), Value: leftWords(loc, t.Voucher)})
	}
	switch {
	case !t.ValidUntil.IsZero():
		facts = append(facts, ui.Pair{Key: loc.T("voucher.fact.until"), Value: lastDay(loc, t.ValidUntil)})
	default:
		facts = append(facts, ui.Pair{Key: loc.T("voucher.fact.until"),
			Value: loc.T("voucher.days_after_open", "Count", t.ValidDays)})
	}
	facts = append(facts, ui.Pair{Key: loc.T("voucher.fact.when"), Value: usableWhen(loc, t.Rules)})
	if never := unusableWhen(loc, t.Rules, now); never != "" {
		facts = append(facts, ui.Pair{Key: loc.T("voucher.fact.never"), Value: never})
	}
	return facts
}

func leftWords(loc ui.Loc, v voucher.Voucher) string {
	if v.UnitsTotal == 1 {
		return loc.T("voucher.uses", "Count", v.UnitsLeft())
	}
	return loc.T("voucher.uses_of", "Count", v.UnitsLeft(), "Total", v.UnitsTotal)
}
