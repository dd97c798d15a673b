package courier

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/record"
)

// Fate is what becomes of a parcel.
type Fate string

// The fates.
const (
	Arrives  Fate = "arrives"
	Lost     Fate = "lost"     // moving for ever
	Returned Fate = "returned" // comes back to its sender
	Late     Fate = "late"     // arrives, and its carrier tells it a day later
	Twice    Fate = "twice"    // arrives, and everything is told twice, the newest first
)

// How long a parcel takes from when it is first asked about.
const (
	acceptedAfter  = time.Hour
	movingAfter    = 8 * time.Hour
	deliveredAfter = 30 * time.Hour
	returnedAfter  = 72 * time.Hour
	lateBy         = 24 * time.Hour
)

// parcel is one that was asked about, or whose fate was set.
type parcel struct {
	SeenAt time.Time `json:"seenAt,omitzero"`
	Fate   Fate      `json:"fate,omitempty"` // "" follows the number
}

// settings are the state of both services.
type settings struct {
	TrackingDown bool `json:"trackingDown"`
	RegisterDown bool `json:"registerDown"`
}

// Courier answers programs.
type Courier struct {
	store    *record.Store
	key      string
	parcels  *record.Table[parcel]
	settings *record.Table[settings]
}

// New makes a courier over a sandbox's store; key is what callers authenticate with.
func New(store *record.Store, key string) *Courier {
	return &Courier{store: store, key: key, parcels: record.NewTable[parcel](store, "courier.parcel", nil),
		settings: record.NewTable[settings](store, "courier.settings", nil)}
}

// Register adds the routes.
func (c *Courier) Register(mux *http.ServeMux) {
	mux.HandleFunc("POST /track", c.known(c.track))
	mux.HandleFunc("POST /api/nts-businessman/v1/status", c.status)
	mux.HandleFunc("PUT /sandbox/parcels", c.known(c.setFate))
	mux.HandleFunc("PUT /sandbox/courier", c.known(c.set))
}

// known lets only the holder of the key in.
func (c *Courier) known(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, _, _ := r.BasicAuth()
		if r.Header.Get("Authorization") != "Bearer "+c.key && user != c.key {
			answer(w, http.StatusUnauthorized, map[string]string{"code": "UNAUTHORIZED"})
			return
		}
		next(w, r)
	}
}

const bodyMax = 1 << 20

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyMax)).Decode(into); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"code": "INVALID_REQUEST"})
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller has gone
}

type name struct {
	Carrier string `json:"carrier"`
	Number  string `json:"number"`
}

func (n name) key() string { return n.Carrier + ":" + n.Number }

// fate is what the end of the number says.
func (n name) fate() Fate {
	for end, fate := range map[string]Fate{"90": Lost, "91": Returned, "92": Late, "93": Twice} {
		if strings.HasSuffix(n.Number, end) {
			return fate
		}
	}
	return Arrives
}

type eventRow struct {
	Kind  string    `json:"kind"`
	At    time.Time `json:"at"`
	Place string    `json:"place"`
}

type told struct {
	name
	Events []eventRow `json:"events"`
}

func (c *Courier) track(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Parcels []name `json:"parcels"`
	}
	if !read(w, r, &ask) {
		return
	}
	out := struct {
		Parcels []told `json:"parcels"`
	}{[]told{}}
	down := false
	err := c.store.Do(r.Context(), func(tx *record.Tx) {
		on, _ := c.settings.Get("on")
		if down = on.TrackingDown; down {
			return
		}
		for _, n := range ask.Parcels {
			p, _ := c.parcels.Get(n.key())
			if p.SeenAt.IsZero() {
				p.SeenAt = tx.Now()
				c.parcels.Put(tx, n.key(), p)
			}
			if p.Fate == "" {
				p.Fate = n.fate()
			}
			if events := p.events(tx.Now()); len(events) > 0 {
				out.Parcels = append(out.Parcels, told{n, events})
			}
		}
	})
	switch {
	case err != nil || down:
		answer(w, http.StatusServiceUnavailable, map[string]string{"code": "DOWN"})
	default:
		answer(w, http.StatusOK, out)
	}
}

// events are what the carrier tells at an instant.
func (p parcel) events(now time.Time) (out []eventRow) {
	tell := func(kind, place string, after, late time.Duration) {
		if at := p.SeenAt.Add(after); !now.Before(at.Add(late)) {
			out = append(out, eventRow{kind, at, place})
		}
	}
	tell("accepted", "마포 집배점", acceptedAfter, 0)
	tell("moving", "옥천 허브", movingAfter, 0)
	switch p.Fate {
	case Lost:
	case Returned:
		tell("returned", "마포 집배점", returnedAfter, 0)
	case Late:
		tell("delivered", "문 앞", deliveredAfter, lateBy)
	case Twice:
		tell("delivered", "문 앞", deliveredAfter, 0)
		for i := len(out) - 1; i >= 0; i-- {
			out = append(out, out[i])
		}
	case Arrives:
		tell("delivered", "문 앞", deliveredAfter, 0)
	}
	return out
}

func (c *Courier) setFate(w http.ResponseWriter, r *http.Request) {
	var in struct {
		name
		Fate Fate `json:"fate"`
	}
	if !read(w, r, &in) {
		return
	}
	err := c.store.Do(r.Context(), func(tx *record.Tx) {
		p, _ := c.parcels.Get(in.key())
		p.Fate = in.Fate
		c.parcels.Put(tx, in.key(), p)
	})
	c.done(w, err)
}

func (c *Courier) set(w http.ResponseWriter, r *http.Request) {
	var in settings
	if !read(w, r, &in) {
		return
	}
	c.done(w, c.Set(r.Context(), in.TrackingDown, in.RegisterDown))
}

// Set takes services down, or brings them back.
func (c *Courier) Set(ctx context.Context, trackingDown, registerDown bool) error {
	return c.store.Do(ctx, func(tx *record.Tx) { c.settings.Put(tx, "on", settings{trackingDown, registerDown}) })
}

func (c *Courier) done(w http.ResponseWriter, err error) {
	if err != nil {
		answer(w, http.StatusServiceUnavailable, map[string]string{"code": "STOPPED"})
		return
	}
	answer(w, http.StatusOK, map[string]bool{"ok": true})
}
