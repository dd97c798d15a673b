package wanted

import (
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/joined"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

func (v view) href() string { return stage.Href(v.Wish.ID) }

// cardHref is the address of the wish's picture, another after each change: messengers keep what they once fetched.
func (v view) cardHref() string {
	return v.href() + "/card.png?v=" + strconv.FormatInt(v.Wish.Version, 10)
}

func (v view) live(part, sentence string) ui.LiveOf {
	// A region takes every change that may be younger than this view.
	return ui.LiveOf{ID: "wish-" + part, Topic: "wish:" + string(v.Wish.ID), Src: v.href() + "/part/" + part,
		Version: db.Micros(v.Now.Add(-3 * time.Second)), Say: sentence, Gentle: part == "meter"}
}

func (v view) liveAct() ui.LiveOf {
	l := v.live("act", "")
	l.Class = "row grow"
	return l
}

func (v view) share(loc ui.Loc) string {
	text, _ := stage.Line(loc, v.Wish)
	return loc.T("wanted.share", "Line", text, "Counts", stage.Counts(loc, v.Wish))
}

// tag is the quiet chip beside the stage: where and what kind.
func (v view) tag() string { return strings.Trim(v.Where+" · "+v.Kind, " ·") }

// until is the deadline that matters to a reader now.
func (v view) until() time.Time {
	switch {
	case v.Wish.Rests(v.Now):
		return v.Wish.PauseUntil
	case v.Wish.State == wish.Gathering:
		return v.Wish.Until
	case v.Wish.State == wish.Bidding:
		return v.Auction.ClosesAt
	case v.Wish.State == wish.Choosing:
		return v.ChosenBy
	case v.Wish.State == wish.Paying:
		return v.PayUntil
	}
	return time.Time{}
}

// open reports that people may come and leave.
func (v view) open() bool { return v.Wish.Open(v.Now) == nil }

// leads reports that the reader speaks for the wish.
func (v view) leads() bool { return v.Actor.SignedIn() && v.Wish.LeadID == v.Actor.AccountID }

func (v view) edits() bool { return v.leads() && v.Wish.State == wish.Gathering }

// withdraws reports that the reader may take the wish back: nobody else counts.
func (v view) withdraws() bool {
	return v.leads() && v.Wish.MayWithdraw(v.Actor.AccountID, v.Own.Kind) == nil
}

// paid is how many members' money is here, whatever has become of it since.
func (v view) paid() int64 { return stage.Paid(v.Shares) }

// received is how many shares are over, on either side.
func (v view) received() int64 {
	var n int64
	for _, t := range v.Shares {
		if t.State == escrow.Released || t.State == escrow.Decided {
			n += t.Shares
		}
	}
	return n
}

// about is who wants it, since when, and how it should come.
func (v view) about(loc ui.Loc) string {
	parts := []string{loc.T("wanted.about.author", "Name", v.Author, "Day", loc.Date(v.Wish.CreatedAt, v.Now))}
	if v.Lead != "" && v.Wish.LeadID != v.Wish.AuthorID {
		parts = append(parts, loc.T("wanted.about.lead", "Name", v.Lead))
	}
	return strings.Join(parts, " · ")
}

// wants are the author's terms, as far as any were named.
func (v view) wants(loc ui.Loc) []ui.Pair {
	var out []ui.Pair
	if v.Wish.TopPrice > 0 {
		out = append(out, ui.Pair{Key: loc.T("wanted.top_price"), Value: loc.Won(v.Wish.TopPrice)})
	}
	out = append(out, ui.Pair{Key: loc.T("wanted.way"), Value: loc.T("wanted.way." + wayName(v.Wish.Way))})
	where := v.Where
	if where == "" {
		where = loc.T("wanted.anywhere")
	}
	return append(out, ui.Pair{Key: loc.T("wanted.where"), Value: where},
		ui.Pair{Key: loc.T("wanted.bids"), Value: loc.T("wanted.bids." + string(v.kind()))})
}

func wayName(w wish.Way) string {
	if w == wish.AnyWay {
		return "any"
	}
	return string(w)
}

func (v view) kind() bid.Kind {
	if v.Auction.Kind == "" {
		return bid.InTheOpen
	}
	return v.Auction.Kind
}

// sentence is what the ring says, in words; bold carries the weight.
func (v view) sentence(loc ui.Loc) (text, bold string) {
	w := v.Wish
	switch {
	case w.Paused():
		bold = loc.T("wanted.people", "Count", w.Firm)
		return loc.T("wanted.say.paused", "Firm", bold), bold
	case w.State == wish.Gathering:
		bold = loc.T("wanted.people", "Count", w.Missing())
		return loc.T("wanted.say.gathering", "Missing", bold), bold
	case w.State == wish.Paying:
		bold = loc.T("wanted.people", "Count", v.paid())
		return loc.T("wanted.say.paying", "Paid", bold, "Firm", w.Firm), bold
	case w.State == wish.Fulfilling, w.State == wish.Done:
		bold = loc.T("wanted.people", "Count", v.received())
		return loc.T("wanted.say."+string(w.State), "Received", bold, "Paid", v.paid()), bold
	case w.State == wish.Closed:
		return loc.T("wanted.say.closed_" + w.Outcome), ""
	}
	bold = loc.T("wanted.people", "Count", w.Firm)
	return loc.T("wanted.say."+string(w.State), "Firm", bold), bold
}

// deadline says until when the present stage lasts, "" where nothing runs out.
func (v view) deadline(loc ui.Loc) string {
	at := v.until()
	if at.IsZero() {
		return ""
	}
	key := string(v.Wish.State)
	if v.Wish.Rests(v.Now) {
		key = "paused"
	}
	return loc.T("wanted.until."+key, "At", loc.DateTime(at, v.Now))
}

// promise is what joining means, before anybody joins.
func (v view) promise(loc ui.Loc) []ui.Fact {
	if v.Wish.State != wish.Gathering && v.Wish.State != wish.Bidding {
		return nil
	}
	hours := int64(v.Figures.Pay.Hours)
	return []ui.Fact{
		{Icon: "users-round", Bold: loc.T("wanted.promise.bids_bold", "Goal", v.Wish.Threshold),
			Text: loc.T("wanted.promise.bids", "Goal", v.Wish.Threshold)},
		{Icon: "wallet", Bold: loc.T("wanted.promise.free_bold"), Text: loc.T("wanted.promise.free", "Hours", hours)},
		{Icon: "shield-check", Bold: loc.T("wanted.promise.held_bold"), Text: loc.T("wanted.promise.held"),
			More: ui.Link{Label: loc.T("wanted.promise.held_link"), Href: "/trust"}},
	}
}

// place words the reader's own place; "" for who has none.
func (v view) place(loc ui.Loc) *ui.Notice {
	switch {
	case v.Own.Kind == wish.Firm && v.open():
		return &ui.Notice{Tone: ui.Act, Title: loc.T("wanted.place.firm"), Text: loc.T("wanted.place.firm_text")}
	case v.Own.Kind == wish.Firm:
		return &ui.Notice{Tone: ui.Act, Title: loc.T("wanted.place.firm")}
	case v.Own.Kind == wish.Watching && v.open() && !v.Actor.Confirmed:
		return &ui.Notice{Tone: ui.Warn, Title: loc.T("wanted.place.watching"), Text: loc.T("wanted.place.confirm"),
			Act: ui.Button{Label: loc.T("wanted.place.confirm_act"), Small: true, Href: "/account"}}
	case v.Own.Kind == wish.Watching && v.open():
		return &ui.Notice{Title: loc.T("wanted.place.watching"), Text: loc.T("wanted.place.watching_text")}
	}
	return nil
}

// history is the way of the wish: what was, what is, and what comes, each with how long it usually takes.
func (v view) history(loc ui.Loc) []ui.Event {
	w, a, f := v.Wish, v.Auction, v.Figures
	steps := []step{
		{wish.Gathering, v.rounds().Since(), loc.T("wanted.usual.days", "Count", int64(f.Gather.Days))},
		{wish.Bidding, w.ReachedAt, loc.T("wanted.usual.hours", "Count", int64(f.Bid.Hours))},
		{wish.Choosing, a.ClosedAt, loc.T("wanted.usual.hours", "Count", int64(f.Filter.Hours))},
		{wish.Paying, a.AwardedAt, loc.T("wanted.usual.hours", "Count", int64(f.Pay.Hours))},
		{wish.Fulfilling, v.PaidUp, loc.T("wanted.usual.promise")},
		{wish.Done, time.Time{}, loc.T("wanted.usual.confirm", "Count", int64(f.Escrow.ConfirmDays))},
	}
	if w.State == wish.Closed || w.State == wish.Merged {
		steps = v.walked(steps)
	}
	out := append(v.rounds().Events(loc), joined.Events(loc, v.Joined, v.Now, time.Time{}, steps[0].at)...)
	reached := true // the stages up to the present one were reached
	for i, s := range steps {
		out = append(out, v.event(loc, s, reached))
		if s.state == w.State || !reached && w.State.Terminal() {
			reached = false
		}
		if !s.at.IsZero() {
			out = append(out, joined.Events(loc, v.Joined, v.Now, s.at, append(steps, step{})[i+1].at)...)
		}
	}
	switch {
	case w.State == wish.Merged:
		out = append(out, joined.Into(loc, w, v.Into, v.Now))
	case w.State == wish.Closed:
		out = append(out, ui.Event{Text: loc.T("wanted.way_step.closed"), Tone: ui.Loss, Sub: loc.DateTime(w.EndedAt, v.Now)})
	}
	return out
}

// step is one step of a wish's way.
type step struct {
	state wish.State
	at    time.Time
	usual string
}

func (v view) event(loc ui.Loc, s step, reached bool) ui.Event {
	e := ui.Event{Text: loc.T("wanted.way_step." + string(s.state)), Sub: s.usual, Todo: !reached}
	if s.state == wish.Gathering && v.Wish.Round > 1 {
		e.Text = loc.T("wanted.way_step.again")
	}
	if !reached {
		return e
	}
	e.Tone = ui.Act
	if s.state == wish.Done {
		s.at, s.usual = v.Wish.EndedAt, ""
	}
	if !s.at.IsZero() {
		e.Sub = loc.DateTime(s.at, v.Now)
	}
	if s.state == v.Wish.State && s.usual != "" {
		e.Tone, e.Sub = ui.Gather, strings.Trim(e.Sub+" · "+v.deadline(loc)+" · "+s.usual, " ·")
		e.Sub = strings.ReplaceAll(e.Sub, "·  ·", "·")
	}
	return e
}

// walked are the steps that a wish went which came to nothing: to where it ended.
func (v view) walked(steps []step) []step {
	if v.Wish.State == wish.Closed && v.Auction.Winner == "" {
		steps = steps[:3] // nobody was asked to pay
	}
	last := 1
	for i, at := range []time.Time{v.Wish.ReachedAt, v.Auction.ClosedAt, v.Auction.AwardedAt} {
		if !at.IsZero() && i+2 <= len(steps) {
			last = i + 2
		}
	}
	return steps[:last]
}

// act is the page's one act in the present stage for its reader.
type act struct {
	Label, Href  string
	Kind         wish.Kind // of a form that joins or leaves
	Less         wish.Kind // a smaller act beside it, "" for none
	LessLabel    string
	Share, Quiet bool // Quiet is nothing to press
}

func (v view) act(loc ui.Loc) act {
	firm := v.Own.Kind == wish.Firm
	switch v.Wish.State {
	case wish.Gathering, wish.Bidding:
		if !v.open() {
			return act{Label: loc.T("wanted.act.over"), Quiet: true}
		}
		return v.joining(loc)
	case wish.Choosing:
		if firm && len(v.Offers) > 0 {
			return act{Label: loc.T("wanted.act.look"), Href: "#offers"}
		}
		return act{Label: loc.T("wanted.act.choosing"), Quiet: true}
	case wish.Paying:
		if firm && v.Pays {
			return act{Label: loc.T("wanted.act.pay"), Href: v.href() + "/pay"}
		}
		return act{Label: loc.T("wanted.act.paying"), Quiet: true}
	case wish.Fulfilling:
		if firm {
			return act{Label: loc.T("wanted.act.share"), Href: "/shares"}
		}
		return act{Label: loc.T("wanted.act.fulfilling"), Quiet: true}
	case wish.Merged:
		return act{Label: loc.T("wanted.act.merged"), Href: stage.Href(v.Wish.MergedInto)}
	case wish.Done, wish.Closed:
	}
	return act{Label: loc.T("wanted.act.again"), Href: "/wanted/new"}
}

// joining is the act while people come and leave: one click joins, one click leaves.
func (v view) joining(loc ui.Loc) act {
	switch {
	case v.Own.Kind == wish.Firm:
		return act{Label: loc.T("wanted.act.tell"), Share: true, Less: wish.Away, LessLabel: loc.T("wanted.act.leave")}
	case v.Own.Kind == wish.Watching && !v.Actor.Confirmed:
		return act{Label: loc.T("wanted.act.tell"), Share: true, Less: wish.Away, LessLabel: loc.T("wanted.act.unwatch")}
	case v.Own.Kind == wish.Watching:
		return act{Label: loc.T("wanted.act.firm"), Kind: wish.Firm, Less: wish.Away,
			LessLabel: loc.T("wanted.act.unwatch")}
	}
	return act{Label: loc.T("wanted.act.join"), Kind: wish.Firm, Less: wish.Watching, LessLabel: loc.T("wanted.act.watch")}
}

func plain(n int64) string { return strconv.FormatInt(n, 10) }

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }
