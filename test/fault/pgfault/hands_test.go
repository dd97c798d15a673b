package pgfault_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// hands do what people do at the gateway's page, beside the nodes.
type hands struct{ *app.Core }

func newHands(t *testing.T, c *cluster) hands {
	t.Helper()
	d := c.open(t)
	key, err := sign.LoadKey(c.place.Config().KeyPath(), d.IDs())
	must(t, err)
	client, err := toss.New(toss.Options{URL: c.gateway, SecretKey: sandbox.DefaultSecretKey, Timeout: time.Minute})
	must(t, err)
	core, err := app.NewCore(app.CoreOptions{DB: d, Key: key, BaseURL: "http://127.0.0.1", Node: "hands", Gateway: client,
		Simulator: client, GatewayName: "sandbox", LaneOptions: lane.Options{Direct: true}})
	must(t, err)
	t.Cleanup(core.Close)
	return hands{core}
}

// authorise holds a unit and pays for it at the gateway's page; the browser never comes back.
func (h hands) authorise(t *testing.T, p stage.Person) (order, payment, key string, amount int64) {
	t.Helper()
	actor := market.Actor{AccountID: p.ID, Confirmed: true, Locale: "ko"}
	g, err := grounds()
	must(t, err)
	item := g.world.Items[bulk]
	placed := h.Checkout.PlaceMany(t.Context(), []checkout.PlaceCmd{{Actor: actor, DealID: item.Deal,
		OptionID: item.Option, Quantity: 1, PolicyID: policy.At(now()).ID, Key: "authorised-" + string(p.ID)}})[0]
	must(t, placed.Err)
	pages, err := h.Checkout.OpenPages(t.Context(), []checkout.PageCmd{{Actor: actor, Placed: placed.Value,
		Title: "손칼국수"}})
	must(t, err)
	key, err = h.Simulator.Authorize(t.Context(), gateway.AuthorizeRequest{CheckoutKey: pages[0].Key,
		Instrument: gateway.InstrumentOK})
	must(t, err)
	o := placed.Value
	return string(o.Order.ID), string(o.PaymentID), key, o.Order.Amount
}
