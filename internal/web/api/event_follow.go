package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Event is one line of GET /events; its SSE id is the place in the feed, its SSE event is the kind.
type Event struct {
	Seq     int64           `json:"seq"`
	Kind    string          `json:"kind"`
	At      time.Time       `json:"at"`
	Payload json.RawMessage `json:"payload"`
}

const eventsPath = "/events"

// eventRoutes mounts the stream beside the framework, which has no streams, and describes it in the same document.
func (a *api) eventRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Prefix+eventsPath, a.followEvents)
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "get-events", Method: http.MethodGet, Path: eventsPath, Security: signed(),
		Summary: "Follow what happens, as server-sent events",
		Description: "Own orders, vouchers and shops, and what is public of deals and wishes; the operator sees " +
			"everything. Resume with Last-Event-ID. Payloads hold ids and won only.",
		Parameters: []*huma.Param{
			{Name: "Last-Event-ID", In: "header", Schema: &huma.Schema{Type: huma.TypeInteger}},
			{Name: "after", In: "query", Schema: &huma.Schema{Type: huma.TypeInteger},
				Description: "Same as Last-Event-ID; without either the stream begins at the present."},
		},
		Responses: map[string]*huma.Response{"200": {Description: "A stream of Event.",
			Content: map[string]*huma.MediaType{"text/event-stream": {}}}},
	})
}

func (a *api) followEvents(w http.ResponseWriter, r *http.Request) {
	actor, err := a.bearer(r)
	if err != nil {
		a.writeProblem(w, r, err)
		return
	}
	after, err := a.startOf(r)
	if err != nil {
		a.writeProblem(w, r, err)
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // the stream outlives the limits of whole requests
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	err = feed.Follow(r.Context(), feed.Tail{DB: a.DB, Bell: a.Bell, After: after}, func(events []feed.Event) error {
		if err := control.SetWriteDeadline(a.DB.Clock().Now().Add(streamWait)); err != nil {
			return err
		}
		if len(events) == 0 {
			if _, err := fmt.Fprint(w, ":\n\n"); err != nil {
				return err
			}
		}
		for _, e := range events {
			if err := writeEvent(w, actor, e); err != nil {
				return err
			}
		}
		return control.Flush()
	})
	if err != nil && r.Context().Err() == nil {
		a.Log.Info("event stream ended", "actor", actor.Key(), "error", err)
	}
}

const streamWait = 15 * time.Second

func (a *api) bearer(r *http.Request) (market.Actor, error) {
	secret := r.Header.Get("Authorization")
	if len(secret) < len("Bearer ") {
		return market.Actor{}, account.ErrToken
	}
	return account.ActorByToken(r.Context(), a.DB, secret[len("Bearer "):], a.DB.Clock().Now())
}

func (a *api) startOf(r *http.Request) (int64, error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		text = r.URL.Query().Get("after")
	}
	if text == "" {
		return feed.Head(r.Context(), a.DB)
	}
	after, err := strconv.ParseInt(text, 10, 64)
	if err != nil || after < 0 {
		return 0, errCursor.On("after")
	}
	return after, nil
}

func (a *api) writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	a.write(w, a.problemOf(r.Context(), i18n.Negotiate(r.Header.Get("Accept-Language"), ""), err))
}

func (a *api) write(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "application/problem+json")
	maps.Copy(w.Header(), p.GetHeaders())
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		a.Log.Warn("problem not written", "error", err)
	}
}

// parties are the ids by which an event belongs to somebody.
type parties struct {
	AccountID  market.AccountID  `json:"account_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
}

// writeEvent writes an event that the actor may see; the place moves on also past those it may not.
func writeEvent(w http.ResponseWriter, actor market.Actor, e feed.Event) error {
	var p parties
	if err := json.Unmarshal([]byte(e.Payload), &p); err != nil {
		return err
	}
	if !mayHear(actor, e.Kind, p) {
		_, err := fmt.Fprintf(w, "id: %d\n\n", e.Seq)
		return err
	}
	data, err := json.Marshal(Event{Seq: e.Seq, Kind: e.Kind, At: e.At, Payload: json.RawMessage(e.Payload)})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Kind, data)
	return err
}

func mayHear(actor market.Actor, kind string, p parties) bool {
	switch {
	case right.Can(actor, right.ConsoleMoney, right.Resource{}),
		p.AccountID != "" && p.AccountID == actor.AccountID,
		p.MerchantID != "" && right.Can(actor, right.MerchantMoney, right.Of(p.MerchantID)):
		return true
	}
	switch kind {
	case "deal.moved", "deal.tipped", "deal.failed", "wish.reached", "wish.moved", "wish.ended", "wish.again",
		"wish.fewer", "wish.down", "bid.placed", "bid.ended",
		"auction.awarded": // ids and won only; who wishes, joins or leads is told to nobody else
		return true
	}
	return false
}
