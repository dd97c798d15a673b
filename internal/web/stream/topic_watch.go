package stream

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the stream works with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
	Hub   *live.Hub
}

// Routes mounts the address.
func Routes(mux *http.ServeMux, deps Deps) {
	mux.Handle("GET /live", deps.Frame.Handle(deps.watch))
	mux.Handle("GET /live/delay", deps.Frame.Handle(delay))
}

// delay is the strip that a page shows while the stream says that changes come late.
func delay(r *request.Request) error { return r.Render(ui.LiveDelay()) }

const topicsMax = 16

// watch streams changes of the topics in the query, as far as the reader may see them.
func (d Deps) watch(r *request.Request) error {
	names := strings.Split(r.URL.Query().Get("topics"), ",")
	if len(names) > topicsMax {
		return live.ErrTopics
	}
	topics := make([]live.Topic, 0, len(names))
	for _, name := range names {
		if err := MayWatch(r.Context(), d.DB, r.Actor, name); err != nil {
			return err
		}
		topics = append(topics, live.Topic{Name: name})
	}
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		last = r.URL.Query().Get("last")
	}
	return d.Hub.ServeSSE(r.W, r.Request, topics, last)
}

// MayWatch answers whether the actor may hear of a topic, "kind:id".
func MayWatch(ctx context.Context, q db.Querier, actor market.Actor, name string) error {
	kind, id, _ := strings.Cut(name, ":")
	switch kind {
	case "deal", "region", "room", "shop", "wish":
		return nil
	case "merchant":
		return right.Check(actor, right.MerchantView, right.Of(market.MerchantID(id)))
	case "account":
		return right.Check(actor, right.AccountView, right.Mine(market.AccountID(id)))
	case "console":
		return right.Check(actor, right.ConsoleView, right.Resource{})
	case "order":
		return mayWatchOrder(ctx, q, actor, market.OrderID(id))
	case "voucher":
		v, err := voucher.Find(ctx, q, market.VoucherID(id))
		if err != nil {
			return err
		}
		return right.Check(actor, right.VoucherView, right.Mine(v.AccountID))
	}
	return live.ErrTopics
}

// mayWatchOrder is for whose purchase it is, of a deal or of what a crowd wanted, and for whom it was bought from.
func mayWatchOrder(ctx context.Context, q db.Querier, actor market.Actor, id market.OrderID) error {
	o, err := order.Find(ctx, q, id)
	if err == nil {
		return right.Check(actor, right.OrderView, right.Resource{AccountID: o.AccountID, MerchantID: o.MerchantID})
	}
	if !errors.Is(err, order.ErrNotFound) {
		return err
	}
	s, err := escrow.FindShare(ctx, q, id)
	if err != nil {
		return err
	}
	e, err := escrow.Find(ctx, q, s.WishID)
	if err != nil {
		return err
	}
	return right.Check(actor, right.OrderView, right.Resource{AccountID: s.AccountID, MerchantID: e.MerchantID})
}
