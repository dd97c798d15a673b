package room

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/waitlist"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// mode is the one thing the page says now.
type mode string

const (
	modeEarly    mode = "early"    // the doors open later
	modeGather   mode = "gather"   // come in for the draw
	modePresent  mode = "present"  // takes part in the draw
	modeDrawing  mode = "drawing"  // the places are being drawn
	modeQueued   mode = "queued"   // waits
	modeTurn     mode = "turn"     // may choose
	modePassed   mode = "passed"   // the turn is over
	modeOutside  mode = "outside"  // there is a line, and the reader is not in it
	modeFree     mode = "free"     // there is no line
	modeOffered  mode = "offered"  // the waiting list has a unit for the reader
	modeListed   mode = "listed"   // on the waiting list
	modeSoldOut  mode = "sold_out" // nothing is left: the waiting list
	modeFinished mode = "finished" // the sale is over
)

func (v view) mode() mode {
	phase := word.PhaseOf(v.Sheet.Deal, v.Now)
	switch {
	case phase == word.Coming:
		return v.before()
	case !phase.Buyable() && phase != word.Full && phase != word.SoldOut:
		return modeFinished
	case v.Wish.State == waitlist.Offered && v.Now.Before(v.Wish.OfferedAt.Add(waitlist.OfferTime)):
		return modeOffered
	case v.Room.Draws(), v.Room.Gathers():
		return modeDrawing
	case v.Room.Calls():
		return v.inLine()
	case v.Wish.Waits():
		return modeListed
	case v.Stock.Free <= 0:
		return modeSoldOut
	}
	return modeFree
}

// before is the mode while the sale has not begun.
func (v view) before() mode {
	switch {
	case v.Standing == room.Present:
		return modePresent
	case v.Now.Before(v.opens()):
		return modeEarly
	}
	return modeGather
}

// inLine is the mode while buyers are called place by place.
func (v view) inLine() mode {
	switch v.Standing {
	case room.Queued:
		return modeQueued
	case room.Turn:
		return modeTurn
	case room.Passed:
		return modePassed
	case room.Present, room.Outside:
	}
	return modeOutside
}

func (v view) opens() time.Time { return v.Sheet.Deal.StartsAt.Add(-room.GatherTime) }

func (v view) href() string { return "/d/" + string(v.Sheet.Deal.ID) }

func (v view) topics() []string {
	return []string{"room:" + string(v.Sheet.Deal.ID), "deal:" + string(v.Sheet.Deal.ID)}
}

func (v view) live(loc ui.Loc) ui.LiveOf {
	topic := "deal:"
	if v.Room.Shuts() {
		topic = "room:"
	}
	return ui.LiveOf{ID: "room-place", Topic: topic + string(v.Sheet.Deal.ID), Src: v.href() + "/room/part",
		Version: db.Micros(v.Now.Add(-3 * time.Second)), Say: v.head(loc), Class: "stack gap-5"}
}

// again is after how many seconds a page without script asks anew.
func (v view) again() int64 {
	switch v.mode() {
	case modeDrawing:
		return 2
	case modeQueued:
		return max(v.Retry, 5)
	case modePresent, modeGather, modeEarly:
		return min(max(int64(v.Sheet.Deal.StartsAt.Sub(v.Now).Seconds())+1, 5), 60)
	case modeListed, modeOutside:
		return 30
	}
	return 0
}

func (v view) head(loc ui.Loc) string {
	m := v.mode()
	if m == modeQueued && v.Before == 0 {
		return loc.T("room.head.next")
	}
	if m == modeListed && v.WishBefore == 0 {
		return loc.T("room.head.listed_first")
	}
	return loc.T("room.head."+string(m), "Before", v.Before, "Waiting", v.Room.Waiting(), "Opens", loc.Time(v.opens()),
		"WishBefore", v.WishBefore)
}

func (v view) lead(loc ui.Loc) string {
	return loc.T("room.lead."+string(v.mode()), "Number", v.Place.Number, "Starts", loc.Time(v.Sheet.Deal.StartsAt),
		"Ends", loc.Time(v.Place.TurnEnds()), "Minutes", int64(room.TurnTime.Minutes()))
}

// facts are what a reader in the line wants to know, each with how it is known.
func (v view) facts(loc ui.Loc) []ui.Fact {
	turn := int64(room.TurnTime.Minutes())
	var out []ui.Fact
	switch v.mode() {
	case modeQueued:
		out = append(out, ui.Fact{Icon: "clock", Text: v.howLong(loc)})
		fallthrough
	case modeOutside, modePassed, modeTurn:
		out = append(out, ui.Fact{Icon: "ticket", Text: loc.T("room.fact.stock", "Free", max(v.Stock.Free, 0), "Held",
			v.Stock.Held)})
	case modeEarly, modeGather, modePresent:
		return []ui.Fact{{Icon: "users", Text: loc.T("room.fact.draw")}, {Icon: "shield-check",
			Text: loc.T("room.fact.check")}, {Icon: "circle-help", Text: loc.T("room.fact.few")},
			{Icon: "hourglass", Text: loc.T("room.fact.turn", "Minutes", turn)}}
	case modeListed, modeSoldOut:
		return []ui.Fact{{Icon: "clock", Text: loc.T("room.fact.back")},
			{Icon: "mail", Text: loc.T("room.fact.offer", "Minutes", int64(waitlist.OfferTime.Minutes()))},
			{Icon: "users", Text: loc.T("room.fact.order")}}
	default:
		return nil
	}
	return append(out, ui.Fact{Icon: "hourglass", Text: loc.T("room.fact.kept", "Minutes", turn)},
		ui.Fact{Icon: "users", Text: loc.T("room.fact.one")})
}

// howLong is the range, and what it was reckoned from.
func (v view) howLong(loc ui.Loc) string {
	if !v.Timed {
		return loc.T("room.fact.time_unknown")
	}
	from, until := int64(v.From.Minutes()), int64(v.Until.Minutes())
	if from >= until {
		return loc.T("room.fact.time_about", "Until", until, "Pace", v.Room.PerMinute())
	}
	return loc.T("room.fact.time", "From", from, "Until", until, "Pace", v.Room.PerMinute())
}

// likelyGone is the honest word to somebody for whom there will probably be nothing.
func (v view) likelyGone() bool {
	m := v.mode()
	return (m == modeQueued || m == modeOutside) && v.LikelyGone
}

// lists reports that the waiting list is offered here.
func (v view) lists() bool {
	m := v.mode()
	return v.MayWish && (m == modeSoldOut || v.likelyGone() || m == modePassed)
}

func (v view) commitment() string {
	if v.Room.Commitment != "" {
		return v.Room.Commitment
	}
	return v.Commitment
}

// drew reports that there is a draw to look at.
func (v view) drew() bool { return v.Room.Seed != "" }

func (v view) options() []deal.Option { return v.Sheet.Options }

func (v view) drawPairs(loc ui.Loc) []ui.Pair {
	out := []ui.Pair{{Key: loc.T("room.draw.commitment"), Content: code(v.commitment())}}
	if v.drew() {
		out = append(out, ui.Pair{Key: loc.T("room.draw.seed"), Content: code(v.Room.Seed)},
			ui.Pair{Key: loc.T("room.draw.digest"), Content: code(v.Room.Digest)},
			ui.Pair{Key: loc.T("room.draw.count"), Value: loc.Count(v.Room.Drawn)})
	}
	if v.Place.Mark != "" {
		out = append(out, ui.Pair{Key: loc.T("room.draw.mark"), Content: code(v.Place.Mark)})
	}
	return out
}

// tone is the card's: it gathers while people come, and acts when it is one's turn.
func tone(m mode) string {
	switch m {
	case modeTurn, modeOffered:
		return "act"
	case modeQueued, modePresent, modeGather, modeDrawing, modeListed:
		return "gather"
	}
	return ""
}

func leaveKey(m mode) string {
	if m == modePresent {
		return "room.act.leave_draw"
	}
	return "room.act.leave"
}
