package wallet

import (
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/flow/wallet"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// told is an event of a voucher with its instant, so that all can be put in order.
type told struct {
	at    time.Time
	event ui.Event
}

// ticketStory tells what happened to a voucher, in order, and what is still to come.
func ticketStory(loc ui.Loc, t wallet.Ticket, now time.Time) []ui.Event {
	paid := ui.Event{Who: loc.T("voucher.story.paid"), Won: loc.Won(t.Price), Tone: ui.Gather}
	if t.Standing() {
		paid.Text = loc.T("voucher.story.paid_kept")
	}
	list := []told{{t.PaidAt, paid}}
	if !t.ActiveAt.IsZero() {
		list = append(list, told{t.ActiveAt, ui.Event{Tone: ui.Act, Who: loc.T("voucher.story.opened", "Met",
			counted(loc, t.Deal.ThresholdKind, t.Deal.Threshold))}})
	}
	for _, x := range t.Uses {
		list = append(list, usesTold(loc, t, x)...)
	}
	list = append(list, refundTold(loc, t.Refund, now)...)
	if t.State == voucher.Expired || t.State == voucher.Active && !t.ValidUntil.IsZero() && !now.Before(t.ValidUntil) {
		list = append(list, told{t.ValidUntil, ui.Event{Who: loc.T("voucher.story.expired"), Tone: ui.Loss}})
	}
	slices.SortStableFunc(list, func(a, b told) int { return a.at.Compare(b.at) })
	out := make([]ui.Event, 0, len(list)+1)
	for _, one := range list {
		if !one.event.Todo {
			one.event.Sub = joined(loc.DateTime(one.at, now), one.event.Sub)
		}
		out = append(out, one.event)
	}
	return append(out, stillToCome(loc, t, now)...)
}

func joined(first, second string) string {
	if second == "" {
		return first
	}
	return first + " · " + second
}

func usesTold(loc ui.Loc, t wallet.Ticket, x voucher.Redemption) []told {
	sub := ""
	if t.UnitsTotal > 1 {
		sub = loc.T("voucher.story.uses", "Count", x.Units)
	}
	used := told{x.At, ui.Event{Who: usedAt(loc, t, x.BranchID), Sub: sub, Won: loc.Won(x.Price), Tone: ui.Act}}
	if x.State != voucher.Annulled {
		return []told{used}
	}
	return []told{used, {x.AnnulledAt, ui.Event{Who: loc.T("voucher.story.undone"), Sub: x.AnnulReason, Tone: ui.Warn}}}
}

func usedAt(loc ui.Loc, t wallet.Ticket, branch market.BranchID) string {
	for _, p := range t.Places {
		if p.ID == branch && p.Name != "" {
			return loc.T("voucher.story.used_at", "Place", p.Name)
		}
	}
	return loc.T("voucher.story.used")
}

// refundTold tells a refund's two steps: the promise with its day, and the money on its way.
func refundTold(loc ui.Loc, f *payment.Refund, now time.Time) []told {
	if f == nil {
		return nil
	}
	list := []told{{f.RequestedAt, ui.Event{Who: loc.T("wallet.refund.cause." + string(f.Cause)),
		Won: loc.Won(f.Amount), Tone: ui.Info}}}
	if !f.Done() {
		late := ui.Event{Who: loc.T("wallet.refund.due", "Due", nearDay(loc, f.DueAt, now)), Todo: true}
		if now.After(f.DueAt) {
			late.Sub = loc.T("wallet.refund.late")
		}
		return append(list, told{f.DueAt, late})
	}
	done := ui.Event{Who: loc.T("wallet.refund.sent"), Sub: loc.T("wallet.refund.card"),
		Won: loc.Won(f.Amount), Tone: ui.Act}
	if f.Interest > 0 {
		done.Sub = loc.T("wallet.refund.with_interest", "Won", f.Interest)
	}
	return append(list, told{f.AcceptedAt, done})
}

func stillToCome(loc ui.Loc, t wallet.Ticket, now time.Time) []ui.Event {
	switch {
	case t.State == voucher.Issued && !t.Deal.Tipped():
		return []ui.Event{{Who: loc.T("voucher.until_open_long", "Missing", missing(loc, t.Deal)), Todo: true,
			Sub: loc.T("voucher.story.or_back", "Until", saleEnd(loc, t.Deal.EndsAt, now))}}
	case t.State == voucher.Active && now.Before(t.ValidUntil):
		return []ui.Event{{Who: loc.T("voucher.story.to_use"), Todo: true,
			Sub: loc.T("voucher.story.until", "Until", lastDay(loc, t.ValidUntil))}}
	}
	return nil
}
