package round

import (
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// View is a wish that has gathered on.
type View struct {
	Wish   wish.Wish
	Pasts  []wish.Past // the first one first
	Offers []Offer     // of those rounds
	Rules  wish.Rounds
	Leads  bool // the reader speaks for the wish
	Firm   bool // the reader's place counts
	Href   string
	Now    time.Time
	Refused
}

// Refused is a form that was refused: what was typed, and why.
type Refused struct {
	Typed    string
	Problems request.Problems
}

// why says why a round came to nothing.
func why(loc ui.Loc, p wish.Past) string {
	key := p.Outcome
	if p.Outcome == wish.OutcomeNoBid && p.Sellers > 0 {
		key = "none_fit"
	}
	return loc.T("wanted.round.why_" + key)
}

// Notice tells what happened, while people gather again; nil at other times.
func (v View) Notice(loc ui.Loc) *ui.Notice {
	if !v.Wish.Again() || len(v.Pasts) == 0 {
		return nil
	}
	last := v.Pasts[len(v.Pasts)-1]
	n := &ui.Notice{Title: why(loc, last), Tone: ui.Warn}
	switch {
	case v.Leads:
		n.Text = loc.T("wanted.round.notice_lead", "Count", v.Wish.Round, "Max", v.Rules.Max)
	case v.Firm:
		n.Text = loc.T("wanted.round.notice_firm")
	default:
		n.Text = loc.T("wanted.round.notice_guest")
	}
	return n
}

// Events are the rounds that came to nothing, as steps of the wish's way.
func (v View) Events(loc ui.Loc) []ui.Event {
	out := make([]ui.Event, 0, 2*len(v.Pasts))
	for _, p := range v.Pasts {
		out = append(out,
			ui.Event{Text: loc.T("wanted.round.reached", "Round", p.Round, "Count", p.Threshold), Tone: ui.Act,
				Sub: loc.DateTime(p.ReachedAt, v.Now)},
			ui.Event{Text: loc.T("wanted.round.ended", "Round", p.Round, "Why", why(loc, p)), Tone: ui.Loss,
				Sub: loc.T("wanted.round.ended_sub", "At", loc.DateTime(p.EndedAt, v.Now), "Firm", p.Firm, "Sellers", p.Sellers)})
	}
	return out
}

// Since is when the present round began; the first one began with the wish.
func (v View) Since() time.Time {
	if len(v.Pasts) == 0 {
		return v.Wish.CreatedAt
	}
	return v.Pasts[len(v.Pasts)-1].EndedAt
}

// Decides reports that the reader may say how the wish goes on.
func (v View) Decides() bool { return v.Leads && v.Wish.Again() }

// fewer is the form's question for a number of people.
func (v View) fewer(loc ui.Loc) ui.Field {
	value := v.Typed
	if value == "" {
		value = plain(max(v.Rules.Threshold, min(v.Wish.Firm, v.Wish.Threshold-1)))
	}
	return ui.Field{Name: "threshold", Type: "number", Label: loc.T("wanted.round.fewer_label"), Value: value,
		Unit: loc.T("wanted.round.unit"), Min: plain(v.Rules.Threshold), Max: plain(v.Wish.Threshold - 1), Short: true,
		Help:  loc.T("wanted.round.fewer_help", "Least", v.Rules.Threshold, "Now", v.Wish.Threshold),
		Error: v.Problems.Of("threshold")}
}

func plain(n int64) string { return strconv.FormatInt(n, 10) }
