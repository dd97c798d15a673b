package console

import (
	"context"
	"encoding/json"
	"time"

	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// homeView is the first page: what waits, what just happened, how the money is covered.
type homeView struct {
	Money    bool // the reader may see money
	Queue    int
	Disputes int // that wait for a decision
	Held     int
	Stuck    int
	Open     int // differences and lines nobody explains
	Coverage string
	Owed     int64
	Assets   int64
	Buffer   int64
	Events   []ui.Event
	Version  int64
}

const eventsShown = 24

// home shows the day.
func (d Deps) home(r *request.Request) error {
	p, err := page(r, r.Loc.T("console.nav.home"), "/admin")
	if err != nil {
		return err
	}
	v := homeView{Money: right.Can(r.Actor, right.ConsoleMoney, right.Resource{}), Version: r.Now.UnixMicro()}
	line, err := deal.Queue(r.Context(), d.DB, 200)
	if err != nil {
		return err
	}
	v.Queue = len(line)
	if d.Disputes != nil {
		if v.Disputes, err = d.Disputes(r); err != nil {
			return err
		}
	}
	if v.Money {
		if err := d.homeMoney(r, &v); err != nil {
			return err
		}
	}
	if v.Events, err = d.events(r.Context(), r.Loc, r.Now, v.Money); err != nil {
		return err
	}
	if r.Fragment() {
		return r.Render(homeLive(v))
	}
	return r.Render(homePage(p, v))
}

func (d Deps) homeMoney(r *request.Request, v *homeView) error {
	desk, err := d.Custody.Desk(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	stuck, err := d.Refunds.Stuck(r.Context(), r.Actor, 50)
	if err != nil {
		return err
	}
	v.Held, v.Stuck = len(desk.Held)+len(desk.Late)+len(desk.Objections), len(stuck)
	v.Open = len(desk.Differences) + len(desk.Unmatched) + len(desk.TopUps) + int(desk.Check.Found)
	v.Owed, v.Assets, v.Buffer = desk.Now.Liabilities, desk.Now.Assets, desk.Now.Buffer()
	if bp, ok := desk.Now.CoverageBP(); ok {
		v.Coverage = r.Loc.Percent(bp)
	}
	return nil
}

// told is what the console says of an event; the fields of all kinds together, so that one decoding serves.
type told struct {
	Merchant market.MerchantID `json:"merchant_id"`

	Amount int64  `json:"amount"`
	Net    int64  `json:"net"`
	Units  int64  `json:"units"`
	To     string `json:"to"`
}

// events are the newest things that happened, with the won beside them for those who may see money.
func (d Deps) events(ctx context.Context, loc ui.Loc, now time.Time, money bool) ([]ui.Event, error) {
	head, err := feed.Head(ctx, d.DB)
	if err != nil {
		return nil, err
	}
	list, err := feed.After(ctx, d.DB, max(0, head-eventsShown*4), eventsShown*4)
	if err != nil {
		return nil, err
	}
	var out []ui.Event
	var shops []market.MerchantID
	for i := len(list) - 1; i >= 0 && len(out) < eventsShown; i-- {
		var t told
		if err := json.Unmarshal([]byte(list[i].Payload), &t); err != nil {
			return nil, err
		}
		if one, ok := eventLine(loc, list[i], t, money); ok {
			one.Now = now
			out, shops = append(out, one), append(shops, t.Merchant)
		}
	}
	return out, d.nameShops(ctx, out, shops)
}

// nameShops sets the shop's name in front of what happened there.
func (d Deps) nameShops(ctx context.Context, events []ui.Event, shops []market.MerchantID) error {
	list, err := merchant.ListByIDs(ctx, d.DB, shops)
	if err != nil {
		return err
	}
	names := make(map[market.MerchantID]string, len(list))
	for _, m := range list {
		names[m.ID] = m.Business.Name
	}
	for i := range events {
		events[i].Who = names[shops[i]]
	}
	return nil
}

// tones of the kinds that the console tells; others stay silent.
var tones = map[string]ui.Tone{
	"order.paid": ui.Gather, "deal.tipped": ui.Gather, "voucher.redeemed": ui.Act, "voucher.undone": ui.Warn,
	"order.refund_decided": ui.Loss, "refund.accepted": ui.Loss, "statement.issued": ui.Info, "payout.moved": ui.Info,
	"deal.failed": ui.Loss, "deal.moved": ui.Quiet,
}

func eventLine(loc ui.Loc, e feed.Event, t told, money bool) (ui.Event, bool) {
	tone, known := tones[e.Kind]
	if !known {
		return ui.Event{}, false
	}
	won := t.Amount
	if e.Kind == "voucher.redeemed" || e.Kind == "voucher.undone" || e.Kind == "statement.issued" {
		won = t.Net
	}
	states := "console.to."
	if e.Kind == "payout.moved" {
		states = "console.payout."
	}
	line := ui.Event{Text: loc.T("console.event."+e.Kind, "Units", t.Units, "To", loc.T(states+orNone(t.To))),
		Tone: tone, At: e.At}
	if money && won != 0 {
		line.Won = loc.Won(won)
		line.Minus = e.Kind == "order.refund_decided" || e.Kind == "refund.accepted" || e.Kind == "voucher.undone"
		line.Plus = e.Kind == "order.paid" || e.Kind == "voucher.redeemed"
	}
	return line, true
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
