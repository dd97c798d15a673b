package deal

import (
	"math/bits"
	"time"
)

// Pace is what is known of a running sale when its end is guessed. Amounts are in the kind of the deal's threshold:
// people, units or won.
type Pace struct {
	Done   int64 // progress so far, net of what went back
	People int64 // who brought it
	Lately int64 // of the people, those who came in the last PaceLately
	Room   int64 // how much more can be sold
	Starts time.Time
	Ends   time.Time
	Now    time.Time
}

// Guess is where a sale will probably end, in the kind of the deal's threshold.
type Guess struct{ Low, High int64 }

// Bounds under which a guess would be a pretence.
const (
	PaceLately     = 24 * time.Hour // a whole day, so that mornings do not count for evenings
	paceHurry      = 8              // nothing is said in the first eighth of a sale
	pacePeople     = 8
	paceDoubtTimes = 2 // a range whose end is more than so many times its beginning says nothing
)

// Guess reckons with two paces, that of the whole sale and that of its last day, each with the chance that lies in so
// few people (the root of their number), and gives the range that holds both. It reports false when it is too early,
// too few came, nothing is left to sell, or the range would be too wide to be of use. Nobody is thought to leave again.
func (p Pace) Guess() (Guess, bool) {
	gone, left, whole := p.Now.Sub(p.Starts), p.Ends.Sub(p.Now), p.Ends.Sub(p.Starts)
	if left <= 0 || p.Room <= 0 || p.People < pacePeople || p.Done <= 0 ||
		gone < PaceLately || gone < whole/paceHurry {
		return Guess{}, false
	}
	low, high := comers(p.People, gone, left)
	lowLately, highLately := comers(p.Lately, PaceLately, left)
	low, high = min(low, lowLately), max(high, highLately)
	g := Guess{Low: p.Done + min(p.Room, p.worth(low)), High: p.Done + min(p.Room, p.worth(high))}
	if g.High > paceDoubtTimes*g.Low {
		return Guess{}, false
	}
	return g, true
}

// comers are the fewest and the most who will still come, when so many came in a time.
func comers(came int64, in, left time.Duration) (fewest, most int64) {
	chance := root(came) + 1
	return share(max(0, came-chance), left, in), share(came+chance, left, in) + 1
}

// worth is what so many people bring when they bring what those before them did.
func (p Pace) worth(people int64) int64 {
	return scaled(p.Done, people, p.People)
}

// share scales a count from one span of time to another.
func share(count int64, to, from time.Duration) int64 {
	return scaled(count, int64(to/time.Second), max(1, int64(from/time.Second)))
}

// scaled is a·b/c rounded down, for figures of no sign; what would not fit is the most there is.
func scaled(a, b, c int64) int64 {
	high, low := bits.Mul64(uint64(a), uint64(b))
	if high >= uint64(c) {
		return 1 << 62
	}
	quotient, _ := bits.Div64(high, low, uint64(c))
	return int64(min(quotient, 1<<62))
}

// root is the whole part of a square root.
func root(n int64) int64 {
	if n < 2 {
		return max(0, n)
	}
	x := n
	for y := (x + 1) / 2; y < x; y = (x + n/x) / 2 {
		x = y
	}
	return x
}
