package admit

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/waitlist"
)

// HoldCmd asks for the hold of one unit in the name of somebody who waits for it.
type HoldCmd struct {
	Actor    market.Actor
	DealID   market.DealID
	OptionID market.OptionID
	Key      string
	For      time.Duration
}

// Deps are what the journey works with.
type Deps struct {
	DB    *db.DB
	Lanes *lane.Lane
	Key   sign.Key
	Log   *slog.Logger
	// Hold makes holds, one answer a command, in order: checkout's own step.
	Hold func(ctx context.Context, cmds []HoldCmd) []lane.Answer[order.Order]
	// Rate gives the purchases a second that can be committed; nil takes what the lanes measured.
	Rate func() int64
}

// Admit runs the journey.
type Admit struct {
	Deps
	tickets room.Tickets
	joining *lane.Step[JoinCmd, room.Place]
	wishing *lane.Step[WishCmd, struct{}]
	counts  counts
	known   atomic.Pointer[doors]
	telling telling
}

// New registers the steps with the lanes.
func New(deps Deps) *Admit {
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	a := &Admit{Deps: deps, tickets: room.NewTickets(deps.Key), counts: counts{since: deps.DB.Clock().Now()}}
	if a.Rate == nil {
		a.Rate = func() int64 { return room.Rate(deps.Lanes.Stats().PerSecond) }
	}
	a.joining = lane.Register(deps.Lanes, "admit.join", a.joinBatch)
	a.wishing = lane.Register(deps.Lanes, "admit.wish", a.wishBatch)
	a.known.Store(&doors{})
	return a
}

// Door is what a node remembers of a shut room.
type Door struct {
	Room  room.Room
	Stock room.Stock // as it was at the last look
	Rush  room.Rush  // what this node saw in its last second
}

// line names an option for which somebody waits.
type line struct {
	deal   market.DealID
	option market.OptionID
}

// doors are what a node remembers: all shut rooms and all lines. It is replaced, never changed.
type doors struct {
	rooms map[market.DealID]Door
	lines map[line]bool
}

// Doors gives the shut rooms as this node remembers them.
func (a *Admit) Doors() map[market.DealID]Door { return a.known.Load().rooms }

// Rushes gives what this node measured for the deals that were bought in its last second.
func (a *Admit) Rushes() map[market.DealID]room.Rush { return a.counts.latest() }

// dealsMax bounds the deals whose arrivals one second counts: names that nobody sells cost no memory.
const dealsMax = 4096

// counts counts who wants to buy, deal by deal, in windows of a second.
type counts struct {
	mu    sync.RWMutex
	since time.Time
	now   map[market.DealID]*atomic.Int64
	last  map[market.DealID]room.Rush
}

// add counts one arrival.
func (c *counts) add(id market.DealID) {
	c.mu.RLock()
	n, ok := c.now[id]
	c.mu.RUnlock()
	if !ok {
		c.mu.Lock()
		if n, ok = c.now[id]; !ok && len(c.now) < dealsMax {
			n, ok = new(atomic.Int64), true
			if c.now == nil {
				c.now = map[market.DealID]*atomic.Int64{}
			}
			c.now[id] = n
		}
		c.mu.Unlock()
	}
	if ok {
		n.Add(1)
	}
}

// window is how long arrivals are counted before they are judged.
const window = time.Second

// close ends a window that is over and tells whether it did.
func (c *counts) close(now time.Time, rate int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	passed := now.Sub(c.since)
	if passed < window {
		return false
	}
	c.last = make(map[market.DealID]room.Rush, len(c.now))
	for id, n := range c.now {
		c.last[id] = room.Rush{Arrivals: n.Load() * 1000 / passed.Milliseconds(), Rate: rate}
	}
	c.now, c.since = nil, now
	return true
}

func (c *counts) latest() map[market.DealID]room.Rush {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.last
}

// refresh reads which rooms are shut and who waits; stock stays as the last look left it.
func (a *Admit) refresh(ctx context.Context) ([]room.Room, []waitlist.Line, error) {
	rooms, err := room.Shut(ctx, a.DB)
	if err != nil {
		return nil, nil, err
	}
	lines, err := waitlist.Lines(ctx, a.DB)
	if err != nil {
		return nil, nil, err
	}
	before, rushes := a.known.Load(), a.counts.latest()
	next := &doors{rooms: make(map[market.DealID]Door, len(rooms)), lines: make(map[line]bool, len(lines))}
	for _, m := range rooms {
		next.rooms[m.DealID] = Door{Room: m, Stock: before.rooms[m.DealID].Stock, Rush: rushes[m.DealID]}
	}
	for _, l := range lines {
		next.lines[line{l.DealID, l.OptionID}] = true
	}
	a.known.Store(next)
	return rooms, lines, nil
}
