package share

import (
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/qr"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// lineView is one card of the list.
type lineView struct {
	Href, Title, Note string
	Chip              ui.Chip
	Won               string
	Picture           string
}

func newLine(loc ui.Loc, l deliver.Line, now time.Time) lineView {
	return lineView{Href: "/shares/" + string(l.OrderID), Title: l.Wish.Name, Note: lineNote(loc, l, now),
		Chip: ui.Chip{Label: loc.T(l.State.NameKey()), Tone: tone(l.State)}, Won: loc.Won(l.Amount),
		Picture: thumb(l.Wish.Photo)}
}

func thumb(ref string) string {
	if ref == "" {
		return ""
	}
	return photo.Ref(ref).Thumb()
}

func tone(s escrow.State) ui.Tone {
	switch s {
	case escrow.Held, escrow.Shipped:
		return ui.Gather
	case escrow.Delivered:
		return ui.Act
	case escrow.Disputed:
		return ui.Warn
	case escrow.Released, escrow.Refunded, escrow.Decided:
	}
	return ui.Quiet
}

// lineNote says the next day that counts, or the last one.
func lineNote(loc ui.Loc, l deliver.Line, now time.Time) string {
	switch l.State {
	case escrow.Held, escrow.Shipped:
		key := "promised"
		if l.State == escrow.Shipped {
			key = "shipped"
		} else if l.Escrow.Delivery == escrow.AtBranch {
			key = "branch"
		}
		return loc.T("share.line."+key, "Day", lastDay(loc, l.Escrow.ShipBy, now))
	case escrow.Delivered, escrow.Disputed:
		return loc.T("share.line."+string(l.State), "Day", lastDay(loc, l.DueAt, now))
	case escrow.Released, escrow.Refunded, escrow.Decided:
	}
	return loc.Date(l.EndedAt, now)
}

// addressDo is what the button beside an address says: there may be none yet.
func (v shareView) addressDo(loc ui.Loc) string {
	if v.Address == nil {
		return loc.T("share.address.title")
	}
	return loc.T("share.address.change")
}

// lastDay names the last whole day before an instant: an end at midnight belongs to the day before.
func lastDay(loc ui.Loc, until, now time.Time) string {
	return loc.Date(until.Add(-time.Microsecond), now)
}

// shareView is one share as its page shows it.
type shareView struct {
	ID                string
	Now               time.Time
	Wish, WishHref    string
	Sentence, Meaning string
	Say               string
	Facts             []ui.Fact // what happens next, also if nobody does anything
	QR, Code          string    // of the branch
	Branch            *branchView
	Story             []ui.Event
	Money             []ui.Pair
	Seller            []ui.Pair
	Parcels           []parcelView
	Address           *address.Address
	Case              *caseView
	May               deliver.May
	More              string // the day until which more time would let one look
	Amount            string
	Key               string
	Problems          request.Problems
}

type branchView struct{ Name, Address, Phone, Tel string }

type parcelView struct {
	Carrier, Number string
	Events          []ui.Event
	Live            bool
}

func newView(loc ui.Loc, x deliver.Detail, now time.Time) (shareView, error) {
	v := shareView{ID: string(x.OrderID), Now: now, Wish: x.Wish.Name, WishHref: "/w/" + string(x.WishID), May: x.May,
		Address: x.Address, Amount: loc.Won(x.Amount)}
	v.Sentence, v.Meaning = sentence(loc, x, now)
	v.Say = v.Sentence
	v.Facts = facts(loc, x, now)
	v.Story = story(loc, x, now)
	v.Money = money(loc, x)
	v.Seller = []ui.Pair{{Key: loc.T("share.seller"), Value: x.Seller.Name}}
	if x.Seller.Phone != "" {
		v.Seller = append(v.Seller, ui.Pair{Key: loc.T("share.phone"), Value: merchant.FormatPhone(x.Seller.Phone)})
	}
	if x.May.Wait {
		v.More = lastDay(loc, x.Rules.SilenceAt(x.DeliveredAt, true), now)
	}
	for _, p := range x.Parcels {
		v.Parcels = append(v.Parcels, newParcel(loc, p, now))
	}
	if x.Dispute != nil {
		v.Case = newCase(loc, x, now)
	}
	if b := x.Branch; b != nil {
		v.Branch = &branchView{Name: b.Name, Address: b.Address, Phone: merchant.FormatPhone(b.Phone)}
		if b.Phone != "" {
			v.Branch.Tel = "tel:" + b.Phone
		}
	}
	if x.Pass == nil {
		return v, nil
	}
	code, err := qr.Encode(x.Pass.Face)
	if err != nil {
		return v, err
	}
	v.QR, v.Code = code.SVG(""), x.Pass.Code
	return v, nil
}

// sentence says in plain words where the share stands and what that means.
func sentence(loc ui.Loc, x deliver.Detail, now time.Time) (said, meaning string) {
	key := "share.state." + string(x.State)
	switch x.State {
	case escrow.Held:
		if x.Escrow.Phase == escrow.Paying {
			key = "share.state.paying"
		} else if !x.Escrow.Parcel() {
			key = "share.state.branch"
		}
		return loc.T(key), loc.T(key+"_means", "Day", lastDay(loc, x.Escrow.ShipBy, now))
	case escrow.Shipped:
		return loc.T(key), loc.T(key+"_means", "Day", lastDay(loc, x.Escrow.ShipBy, now))
	case escrow.Delivered:
		return loc.T(key), loc.T(key+"_means", "Day", lastDay(loc, x.DueAt, now))
	case escrow.Disputed:
		return loc.T(key), loc.T(key + "_means")
	case escrow.Released, escrow.Refunded, escrow.Decided:
	}
	if x.State == escrow.Decided {
		return loc.T(key, "Refunded", x.Refunded, "Released", x.Released), loc.T(x.Outcome.NameKey())
	}
	return loc.T(key, "Won", x.Amount), loc.T(x.Outcome.NameKey())
}

// facts tell what happens if nobody does anything, and where the money is.
func facts(loc ui.Loc, x deliver.Detail, now time.Time) (out []ui.Fact) {
	if x.State.Ended() {
		return nil
	}
	add := func(icon, key string, until time.Time) {
		out = append(out, ui.Fact{Icon: icon, Text: loc.T(key, "Day", lastDay(loc, until, now), "Won", x.Amount)})
	}
	switch {
	case x.State == escrow.Held && x.Escrow.Phase == escrow.Fulfilling && !x.Escrow.Parcel():
		add("clock", "share.silent.branch", x.Escrow.LapseAt)
	case x.State == escrow.Held && x.Escrow.Phase == escrow.Fulfilling:
		add("clock", "share.silent.held", x.Escrow.LapseAt)
	case x.State == escrow.Shipped:
		add("clock", "share.silent.shipped", x.DueAt)
	case x.State == escrow.Delivered:
		add("clock", "share.silent.delivered", x.DueAt)
	case x.State == escrow.Disputed && x.Dispute != nil:
		add("scale", "share.silent.disputed", x.Dispute.Until)
	}
	return append(out, ui.Fact{Icon: "shield-check", Text: loc.T("share.safe", "Won", x.Amount)})
}

// story is the way of a share: what was, and what is to come with its usual time.
func story(loc ui.Loc, x deliver.Detail, now time.Time) []ui.Event {
	var out []ui.Event
	was := func(key string, at time.Time, tone ui.Tone) {
		if !at.IsZero() {
			out = append(out, ui.Event{Text: loc.T(key), Sub: loc.DateTime(at, now), Tone: tone})
		}
	}
	was("share.story.paid", x.PaidAt, ui.Act)
	was("share.story.begun", x.Escrow.BegunAt, ui.Act)
	was("share.story.shipped", x.ShippedAt, ui.Act)
	if x.Outcome != escrow.OutUsed {
		was("share.story.delivered", x.DeliveredAt, ui.Act)
	}
	was("share.story.disputed", x.DisputedAt, ui.Warn)
	if !x.EndedAt.IsZero() {
		return append(out, ui.Event{Text: loc.T("escrow.state." + string(x.State)), Tone: ui.Act,
			Sub: loc.DateTime(x.EndedAt, now) + " · " + loc.T(x.Outcome.NameKey())})
	}
	return append(out, coming(loc, x, now)...)
}

// coming are the steps ahead, with the days that are known and how long they usually take.
func coming(loc ui.Loc, x deliver.Detail, now time.Time) (out []ui.Event) {
	todo := func(key string, pairs ...any) {
		out = append(out, ui.Event{Text: loc.T(key), Sub: loc.T(key+"_when", pairs...), Todo: true})
	}
	days := int64(x.Rules.ConfirmDays)
	switch {
	case x.State == escrow.Disputed:
		if x.Dispute != nil {
			todo("share.next.decided", "Day", lastDay(loc, x.Dispute.Until, now))
		}
		return out
	case x.Escrow.Phase == escrow.Paying:
		todo("share.next.begin")
	}
	if !x.Escrow.Parcel() {
		todo("share.next.served", "Day", lastDay(loc, x.Escrow.ShipBy, now))
		return out
	}
	if x.ShippedAt.IsZero() {
		todo("share.next.ship", "Day", lastDay(loc, x.Escrow.ShipBy, now))
	}
	if x.DeliveredAt.IsZero() {
		todo("share.next.arrive")
		todo("share.next.release", "Days", days)
		return out
	}
	todo("share.next.silence", "Day", lastDay(loc, x.DueAt, now))
	return out
}

func money(loc ui.Loc, x deliver.Detail) []ui.Pair {
	is := x.Stands()
	pairs := []ui.Pair{{Key: loc.T("share.money.paid"), Value: loc.Won(x.Paid),
		Note: loc.T("share.money.units", "Count", x.Quantity)}}
	for _, part := range []struct {
		key string
		won int64
	}{{"held", is.Held}, {"frozen", is.Frozen}, {"released", is.Released}, {"refunded", is.Refunded}} {
		if part.won > 0 {
			pairs = append(pairs, ui.Pair{Key: loc.T("share.money." + part.key), Value: loc.Won(part.won)})
		}
	}
	return pairs
}

func newParcel(loc ui.Loc, p deliver.Parcel, now time.Time) parcelView {
	v := parcelView{Carrier: loc.T(p.Carrier.NameKey()), Number: p.Number, Live: p.Live}
	for _, e := range slices.Backward(p.Events) {
		v.Events = append(v.Events, ui.Event{Text: loc.T(e.Kind.NameKey()), Tone: ui.Act,
			Sub: strings.TrimSuffix(loc.DateTime(e.At, now)+" · "+e.Place, " · ")})
	}
	return v
}

// caseView is a dispute with both sides' words.
type caseView struct {
	Reason, Turn, Until string
	Mine                bool // it is the member's turn
	Offer               string
	File                []wordView
	Note                string // the operator's reason
	Ended               bool
}

type wordView struct {
	Who, When, Words string
	Pictures         []string
	Mine             bool
}

func newCase(loc ui.Loc, x deliver.Detail, now time.Time) *caseView {
	c := x.Dispute
	v := &caseView{Reason: loc.T(c.Reason.NameKey()), Turn: loc.T(c.Turn.NameKey()), Note: c.Note,
		Mine: c.Turn == escrow.TurnBuyer && x.Mine, Ended: c.Turn == escrow.TurnOver}
	if v.Mine {
		v.Turn = loc.T("share.case.your_turn")
	}
	if !v.Ended {
		v.Until = loc.T("share.case.until", "Day", lastDay(loc, c.DueAt, now))
	}
	if c.Offered && !v.Ended {
		v.Offer = loc.T("share.case.offer", "Refunded", c.Offer, "Rest", c.Amount-c.Offer)
	}
	for _, e := range c.File {
		w := wordView{Who: loc.T("share.case.by." + string(e.Side)), When: loc.DateTime(e.At, now), Words: e.Words,
			Mine: e.Side == escrow.ByBuyer}
		for _, p := range e.Pictures {
			w.Pictures = append(w.Pictures, photo.Ref(p).Src())
		}
		v.File = append(v.File, w)
	}
	return v
}

type addressView struct {
	Wish, Action, Key string
	Address           address.Address
	Problems          request.Problems
}

type disputeView struct {
	Wish, Action, Key  string
	Reason, Words, Won string
	Days, Most         int64
	Problems           request.Problems
}

func reasons(loc ui.Loc, chosen string) (out []ui.Choice) {
	for _, r := range escrow.Reasons() {
		out = append(out, ui.Choice{Value: string(r), Label: loc.T(r.NameKey()), Checked: string(r) == chosen})
	}
	return out
}
