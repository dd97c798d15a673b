package room

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// Times of a room.
const (
	GatherTime = 15 * time.Minute // before the start, in which people may come for the draw
	TurnTime   = 3 * time.Minute  // to choose, once called
	TicketTime = 30 * time.Minute // a ticket's life; a page gets a new one whenever it is shown
	OpenLeast  = 15 * time.Second // a room that opened stays so long, lest it flicker
)

const (
	openPercent  = 70 // of the rate of purchases, above which arrivals open a room
	closePercent = 35 // below which an empty room closes
	arrivalsMin  = 20 // a second: fewer never open a room, however slow the machine
	overTenths   = 13 // tenths of the units left that may be on their way: not everybody who comes buys
	stepsOfOne   = 4  // commands of one purchase: place, page, begin, confirm
	rateMin      = 20 // purchases a second that are assumed until more is measured
	burst        = 2  // seconds of the rate that may be called at once
)

// Rate is how many purchases a second can be committed, from measured commands a second; 0 when nothing was measured.
func Rate(commandsPerSecond int64) int64 { return commandsPerSecond / stepsOfOne }

// Rush is what one node saw in the last seconds.
type Rush struct {
	Arrivals int64 // purchases begun a second
	Rate     int64 // purchases that can be committed a second, 0 when not known
}

// Outruns reports arrivals that the machine will not keep up with.
func (l Rush) Outruns() bool {
	return l.Rate > 0 && l.Arrivals >= arrivalsMin && l.Arrivals*100 > l.Rate*openPercent
}

// Quiet reports arrivals that need no room any more.
func (l Rush) Quiet() bool { return l.Arrivals*100 < max(l.Rate, rateMin)*closePercent }

// MayClose answers whether an open room is needed no more: nobody waits, few come, or nothing is left to sell.
func (r Room) MayClose(l Rush, s Stock, now time.Time) bool {
	if r.State != Open {
		return false
	}
	return s.Gone() || r.Hand == ByItself && r.Waiting() == 0 && l.Quiet() && now.Sub(r.OpenedAt) >= OpenLeast
}

// MayOpen answers whether arrivals open the room.
func (r Room) MayOpen(l Rush, s Stock) bool {
	return (r.State == Closed || r.State == "") && r.Hand == ByItself && l.Outruns() && !s.Gone()
}

// Stock is what there is to sell.
type Stock struct {
	Free     int64 // units neither held nor paid
	Held     int64 // units of buyers who are paying
	InFlight int64 // buyers who were called, whose turn is not over, and who have not chosen
}

// Gone reports that nothing is left and nothing can lapse.
func (s Stock) Gone() bool { return s.Free <= 0 && s.Held <= 0 }

// room is how many more may be on their way.
func (s Stock) room() int64 { return max(0, s.Free*overTenths/10-s.InFlight) }

// Admits is how many places are called after some time: no more than the machine commits in it, than the units left
// allow, and than wait.
func (r Room) Admits(rate int64, s Stock, now time.Time) int64 {
	if r.State != Open {
		return 0
	}
	passed := burst * time.Second
	if !r.CalledAt.IsZero() {
		passed = min(passed, now.Sub(r.CalledAt))
	}
	byRate := max(rate, rateMin) * passed.Milliseconds() / 1000
	return max(0, min(byRate, s.room(), r.Waiting()))
}

// NextPace is the smoothed number of calls an hour after n more calls: the last minute counts most.
func (r Room) NextPace(n int64, now time.Time) int64 {
	const minute, hour = 60_000, 3_600_000
	passed := now.Sub(r.CalledAt).Milliseconds()
	if r.CalledAt.IsZero() || passed <= 0 {
		return max(r.Pace, n*hour/minute)
	}
	weight := min(passed, minute)
	return (r.Pace*(minute-weight) + n*hour/passed*weight) / minute
}

// PerMinute is the pace as people are told it.
func (r Room) PerMinute() int64 { return (r.Pace + 30) / 60 }

// Before is how many wait in front of a place.
func (r Room) Before(number int64) int64 { return max(0, number-r.Called-1) }

// LikelyGone is the honest word: those in front are more than the units left and the usual share that does not buy.
func LikelyGone(before int64, s Stock) bool { return (before+s.InFlight)*10 > s.Free*overTenths }

// Wait is the range of time until a place is called, reckoned from how many were called in the last minute; ok is false
// while nothing is known, as when nobody was called for a minute. It is rounded to whole minutes, up.
func (r Room) Wait(before int64, now time.Time) (from, until time.Duration, ok bool) {
	if r.Pace <= 0 || now.Sub(r.CalledAt) > time.Minute {
		return 0, 0, false
	}
	seconds := (before + 1) * 3600 / r.Pace
	minutes := func(s int64) time.Duration { return time.Duration((s+59)/60) * time.Minute }
	return minutes(seconds * 7 / 10), max(minutes(seconds*15/10), time.Minute), true
}

// RetryAfter is when a program may ask again, in seconds: soon for those in front, later for those behind.
func (r Room) RetryAfter(before int64) int64 {
	const least, most = 2, 60
	if r.Pace <= 0 {
		return least + min(before/100, most-least)
	}
	return min(max(least, before*3600/r.Pace/2), most)
}

// TellEvery is the least time between two changes that open pages are told of: the more wait, the rarer.
func (r Room) TellEvery() time.Duration {
	const perSecond = 500 // pages that may ask at once
	return min(time.Second+time.Duration(r.Waiting()/perSecond)*time.Second, 15*time.Second)
}

// Crowd reports that those present before the start need a line: fewer can simply all be served at once.
func Crowd(present, rate int64, s Stock) bool { return present > min(max(rate, rateMin)*burst, s.Free) }

// Entry answers with which number somebody enters now; 0 stands for the draw, also of a room that is still to be made.
func (r Room) Entry(starts, now time.Time) (int64, error) {
	switch {
	case r.Calls():
		return r.Last + 1, nil
	case r.Draws(), r.Gathers() && !now.Before(starts):
		return 0, ErrDrawing
	case r.Gathers():
		return 0, nil
	case r.State == Closed, starts.IsZero(), !now.Before(starts):
		return 0, ErrNotOpen
	case now.Before(starts.Add(-GatherTime)):
		return 0, ErrTooEarly.With("Opens", starts.Add(-GatherTime))
	}
	return 0, nil
}

// After is where a hand leaves the room: open, closed, or as it is.
func (r Room) After(hand Hand) State {
	switch hand {
	case HeldOpen:
		return Open
	case HeldShut:
		return Closed
	case ByItself:
	}
	return r.State
}

// ErrReason refuses a switch by hand without a reason that others can read.
var ErrReason = fail.New(fail.Invalid, "room.reason")

// CheckReason asks for a reason of readable length.
func CheckReason(reason string) error {
	const least, most = 5, 500
	if n := len([]rune(strings.TrimSpace(reason))); n < least || n > most {
		return ErrReason.With("Min", least, "Max", most).On("reason")
	}
	return nil
}

// Call is what moves an open room on.
type Call struct {
	DealID market.DealID
	From   int64 // Room.Called as it was read
	To     int64
	Pace   int64
	Was    time.Time // Room.CalledAt as it was read
}
