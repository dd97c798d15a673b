package want

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// How long after the point of a wish its people act: whatever the hour, each deadline before has passed by then, though
// the town's clock stands still only now and then.
const (
	payAfter     = 127 * time.Hour // bids close after 72 hours, members look for 24, and pay within 48
	sendAfter    = 188 * time.Hour
	receiveAfter = 260 * time.Hour // parcels arrive 30 hours after their carrier has them
	answerAfter  = 272 * time.Hour
	restAgo      = 20 * time.Hour // what is on the way in the present was sent so long before it
)

// The members of a wish that is on its way, by their places in the crowd. Visitors can be the first four.
const (
	arrived  = 1 // has the parcel, and has not said so
	argues   = 2
	content  = 3
	waits    = 4 // for a parcel that was just sent
	lateFrom = 9 // from here on parcels were just sent, too
)

// share is what one member has paid for.
type share struct {
	who market.Actor
	id  market.OrderID
}

// serve lets the members pay, and the seller serve them.
func (w *Scene) serve(ctx context.Context, p *plan, number int, crowd []market.Actor) {
	shares := make([]share, 0, len(crowd))
	do := func(after time.Duration, step func() error) { w.At(p.joined-after, step) }
	do(payAfter, func() (err error) {
		shares, err = w.pay(ctx, p, crowd[:len(crowd)-1]) // somebody always thinks better of it
		return err
	})
	if p.served {
		do(sendAfter, func() error { return w.send(ctx, p, number, shares, func(int) bool { return true }) })
		do(receiveAfter, func() error { return w.receive(ctx, shares[:len(shares)/2]) })
		return // the others keep silent
	}
	just := func(place int) bool { return place == waits || place >= lateFrom }
	do(sendAfter, func() error {
		return w.send(ctx, p, number, shares, func(place int) bool { return !just(place) })
	})
	do(receiveAfter, func() error {
		if err := w.receive(ctx, shares[content:content+1]); err != nil {
			return err
		}
		_, err := w.Server.Deliver.OpenDispute(ctx, shares[argues].who, deliver.DisputeCmd{OrderID: shares[argues].id,
			Reason: escrow.Broken, Words: "상자 한쪽이 찢어져 있었고, 흙 봉지 두 개 가운데 하나가 터져서 반쯤 말라 있어요. 도구는 멀쩡해요."})
		return err
	})
	do(answerAfter, func() error {
		_, err := w.Server.Deliver.Speak(ctx, w.winner(p).Owner, deliver.SayCmd{OrderID: shares[argues].id,
			Say: escrow.SayAnswer, AsSeller: true, Offered: true, Refunded: 12_000,
			Words: "죄송해요. 옮기다 눌린 것 같아요. 흙 값만큼 돌려드리면 어떨까요? 새 흙이 필요하시면 그것도 보내 드릴게요."})
		return err
	})
	w.At(restAgo, func() error { return w.send(ctx, p, number+1, shares, just) })
}

// winner is the shop with the lowest offer.
func (w *Scene) winner(p *plan) Shop {
	best := p.offers[0]
	for _, o := range p.offers[1:] {
		if o.price < best.price {
			best = o
		}
	}
	return w.Shops[best.shop]
}

// pay lets members pay what has won.
func (w *Scene) pay(ctx context.Context, p *plan, who []market.Actor) ([]share, error) {
	e, err := escrow.Find(ctx, w.Server.DB, p.id)
	if err != nil {
		return nil, fmt.Errorf("pay %s: %w", p.name, err)
	}
	cmds := make([]fund.DirectCmd, len(who))
	for i, one := range who {
		cmds[i] = fund.DirectCmd{Actor: one, Instrument: gateway.InstrumentOK, StartCmd: fund.StartCmd{WishID: p.id,
			Quantity: 1, UnitPrice: e.UnitPrice, Agreed: true, Above: true, Title: p.name, To: home(one, i)}}
	}
	shares := make([]share, len(who))
	for i, paid := range w.Server.Fund.PayMany(ctx, cmds) {
		if paid.Err != nil {
			return nil, fmt.Errorf("pay %s: %w", p.name, paid.Err)
		}
		shares[i] = share{who[i], paid.Value.Order.ID}
	}
	return shares, nil
}

// home is where somebody of the town lives. Nobody has that telephone number.
func home(who market.Actor, n int) collect.Address {
	return collect.Address{Name: who.Name, Phone: fmt.Sprintf("010-0000-%04d", 1000+n), Postcode: "04766",
		Line: fmt.Sprintf("서울 성동구 두레길 %d", 2*n+3), Detail: fmt.Sprintf("%d층", 1+n%4)}
}

// send lets the seller name the parcels of some members.
func (w *Scene) send(ctx context.Context, p *plan, number int, shares []share, chosen func(place int) bool) error {
	var parcels []escrow.Sent
	for i, s := range shares {
		if chosen(i) {
			name := parcel.Name{Carrier: "cj", Number: fmt.Sprintf("61%04d%04d10", number, 37*i+11)}
			parcels = append(parcels, escrow.Sent{OrderID: s.id, Name: name})
		}
	}
	sent, err := w.Server.Deliver.Ship(ctx, w.winner(p).Owner, deliver.ShipCmd{WishID: p.id, Parcels: parcels})
	if err == nil && len(sent.Faults) > 0 {
		err = sent.Faults[0].Err
	}
	if err != nil {
		return fmt.Errorf("send %s: %w", p.name, err)
	}
	return nil
}

// receive lets members say that all is well.
func (w *Scene) receive(ctx context.Context, shares []share) error {
	for _, s := range shares {
		if _, err := w.Server.Deliver.Confirm(ctx, s.who, s.id); err != nil {
			return fmt.Errorf("receive %s: %w", s.id, err)
		}
	}
	return nil
}
