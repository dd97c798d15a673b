package limit

import (
	"container/list"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrTooMany is the refusal; its argument Seconds says when to try again.
var ErrTooMany = fail.New(fail.TooMany, "limit.too_many")

// Rate allows Events per span on average and up to Burst at once.
type Rate struct {
	Events int
	Per    time.Duration
	Burst  int
}

// Local limits each key by itself, in memory; it is safe for concurrent use. It remembers a bounded number of keys and
// forgets the one not seen for longest, so a flood of keys costs no memory; whoever can make keys without end must be
// limited by something they cannot make.
type Local struct {
	clock   clock.Clock
	rate    Rate
	keysMax int

	mu     sync.Mutex
	recent *list.List // of *bucket, the last seen first
	byKey  map[string]*list.Element
}

type bucket struct {
	key     string
	limiter *rate.Limiter
}

// NewLocal gives a limiter that remembers at most keysMax keys (at least one).
func NewLocal(c clock.Clock, r Rate, keysMax int) *Local {
	return &Local{clock: c, rate: r, keysMax: max(keysMax, 1), recent: list.New(), byKey: map[string]*list.Element{}}
}

// Take allows one event for the key, or answers ErrTooMany with the seconds to wait; a refusal costs the key nothing.
func (l *Local) Take(key string) error {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	reservation := l.limiterOf(key).ReserveN(now, 1)
	if !reservation.OK() {
		return ErrTooMany.With("Seconds", int64(math.MaxInt32))
	}
	wait := reservation.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	reservation.CancelAt(now)
	return ErrTooMany.With("Seconds", seconds(wait))
}

// limiterOf finds or makes the key's bucket and puts it in front.
func (l *Local) limiterOf(key string) *rate.Limiter {
	if element, ok := l.byKey[key]; ok {
		l.recent.MoveToFront(element)
		if known, ok := element.Value.(*bucket); ok {
			return known.limiter
		}
	}
	if l.recent.Len() >= l.keysMax {
		oldest := l.recent.Back()
		if forgotten, ok := l.recent.Remove(oldest).(*bucket); ok {
			delete(l.byKey, forgotten.key)
		}
	}
	pace := rate.Every(l.rate.Per / time.Duration(max(l.rate.Events, 1)))
	fresh := &bucket{key, rate.NewLimiter(pace, l.rate.Burst)}
	l.byKey[key] = l.recent.PushFront(fresh)
	return fresh.limiter
}

// seconds rounds up: whoever waits as long as told is let in.
func seconds(wait time.Duration) int64 { return int64((wait + time.Second - 1) / time.Second) }
