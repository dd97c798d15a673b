package word

import (
	"time"

	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Phase is where a deal stands in a shopper's eyes.
type Phase string

// The phases.
const (
	Coming    Phase = "coming"
	Gathering Phase = "gathering"
	Open      Phase = "open"
	Full      Phase = "full" // every unit is held or paid; some may come back
	SoldOut   Phase = "sold_out"
	Closing   Phase = "closing"
	Asking    Phase = "asking"
	Ended     Phase = "ended"
	Failed    Phase = "failed"
	Cancelled Phase = "cancelled"
)

// PhaseOf words a deal's state at an instant.
func PhaseOf(d deal.Deal, now time.Time) Phase {
	switch {
	case d.State == deal.Scheduled:
		return Coming
	case d.State == deal.OnSale && d.TakesHolds(now) == nil:
		return selling(d)
	case d.State == deal.Asking:
		return Asking
	case d.State == deal.Failed:
		return Failed
	case d.State == deal.Cancelled:
		return Cancelled
	case d.State == deal.OnSale && now.Before(d.StartsAt):
		return Coming
	case d.State == deal.Closing, d.State == deal.OnSale:
		return Closing
	}
	return Ended
}

func selling(d deal.Deal) Phase {
	switch {
	case d.Free() <= 0 && d.HeldUnits == 0:
		return SoldOut
	case d.Free() <= 0:
		return Full
	case d.Tipped():
		return Open
	}
	return Gathering
}

// Buyable reports a phase in which one can join now.
func (p Phase) Buyable() bool { return p == Gathering || p == Open }

// Live reports a phase whose numbers may still move.
func (p Phase) Live() bool {
	switch p {
	case Coming, Gathering, Open, Full, SoldOut, Closing, Asking:
		return true
	}
	return false
}

// Chip is the label of the phase.
func (p Phase) Chip(loc ui.Loc) ui.Chip {
	tones := map[Phase]ui.Tone{Coming: ui.Info, Gathering: ui.Gather, Open: ui.Act, Full: ui.Warn, SoldOut: ui.Warn,
		Closing: ui.Warn, Asking: ui.Warn, Failed: ui.Loss, Cancelled: ui.Loss}
	return ui.Chip{Label: loc.T("deal.phase." + string(p)), Tone: tones[p]}
}

// Amount writes a count in the kind of the deal's point: "7명", "7장", "70,000원".
func Amount(loc ui.Loc, kind deal.ThresholdKind, n int64) string {
	switch kind {
	case deal.ThresholdPeople:
		return loc.T("deal.people", "Count", n)
	case deal.ThresholdUnits:
		return loc.T("deal.units", "Count", n)
	case deal.ThresholdWon:
	}
	return loc.Won(n)
}

// Missing writes what is still needed: "7명".
func Missing(loc ui.Loc, d deal.Deal) string { return Amount(loc, d.ThresholdKind, d.Missing()) }

// Joined writes how many have paid, in the point's own kind.
func Joined(loc ui.Loc, d deal.Deal) string { return Amount(loc, d.ThresholdKind, d.Progress()) }

// Line is the one short line over a deal in a list: what is missing, or how many are in.
func Line(loc ui.Loc, d deal.Deal, now time.Time) (string, ui.Tone) {
	phase := PhaseOf(d, now)
	switch phase {
	case Coming:
		return loc.T("deal.line.coming", "Day", loc.Day(d.StartsAt)), ui.Info
	case Gathering:
		return loc.T("deal.line.missing", "Missing", Missing(loc, d)), ui.Gather
	case Open:
		return loc.T("deal.line.open", "Joined", Joined(loc, d)), ui.Act
	}
	return loc.T("deal.phase." + string(phase)), phase.Chip(loc).Tone
}

// Meter is the ring of a deal: beads are its progress in the point's own kind and nothing else.
func Meter(loc ui.Loc, d deal.Deal) ui.Meter {
	m := ui.Meter{Goal: d.Threshold, Paid: d.Progress()}
	goal := Amount(loc, d.ThresholdKind, d.Threshold)
	switch {
	case d.Tipped() || d.Missing() == 0:
		m.Paid = max(m.Paid, d.Threshold)
		m.Say, m.Sub = Joined(loc, d), loc.T("deal.meter.open")
		m.Name = loc.T("deal.meter.name_open", "Goal", goal, "Joined", Joined(loc, d))
	case d.State.Terminal():
		m.Say, m.Sub = Joined(loc, d), loc.T("deal.meter.short", "Goal", goal)
		m.Name = loc.T("deal.meter.name_short", "Goal", goal, "Joined", Joined(loc, d))
	case d.Progress() == 0:
		m.Say, m.Sub = goal, loc.T("deal.meter.none")
		m.Name = loc.T("deal.meter.name_none", "Goal", goal)
	default:
		m.Say, m.Sub = Missing(loc, d), loc.T("deal.meter.missing")
		m.Name = loc.T("deal.meter.name", "Goal", goal, "Joined", Joined(loc, d), "Missing", Missing(loc, d))
	}
	return m
}
