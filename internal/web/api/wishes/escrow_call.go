package wishes

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// Escrow is one member's share of a crowd's money. What is held, frozen, released and refunded together is what was
// paid.
type Escrow struct {
	OrderID     string    `json:"order_id"`
	WishID      string    `json:"wish_id"`
	MerchantID  string    `json:"merchant_id"`
	Quantity    int64     `json:"quantity"`
	Paid        int64     `json:"paid" doc:"Won."`
	Held        int64     `json:"held"`
	Frozen      int64     `json:"frozen" doc:"By a dispute."`
	Released    int64     `json:"released" doc:"To the seller."`
	Refunded    int64     `json:"refunded"`
	State       string    `json:"state" doc:"held, shipped, delivered, disputed, released or refunded"`
	Outcome     string    `json:"outcome,omitempty" doc:"How it ended."`
	Delivery    string    `json:"delivery" doc:"branch or shipping"`
	ShipBy      time.Time `json:"ship_by,omitzero"`
	DueAt       time.Time `json:"due_at,omitzero" doc:"When the clock acts on it."`
	PaidAt      time.Time `json:"paid_at"`
	ShippedAt   time.Time `json:"shipped_at,omitzero"`
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
	EndedAt     time.Time `json:"ended_at,omitzero"`
	Version     int64     `json:"version"`
}

// EscrowDetail adds parcels and the dispute.
type EscrowDetail struct {
	Escrow
	Parcels []Parcel `json:"parcels" doc:"The newest first."`
	Dispute *Dispute `json:"dispute,omitempty"`
}

// Parcel is what a seller sent.
type Parcel struct {
	Carrier     string    `json:"carrier"`
	Number      string    `json:"number,omitempty"`
	At          time.Time `json:"at"`
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
}

// Dispute freezes one share.
type Dispute struct {
	Reason   string    `json:"reason"`
	Turn     string    `json:"turn" doc:"Whose word is awaited."`
	Amount   int64     `json:"amount"`
	OpenedAt time.Time `json:"opened_at"`
	DueAt    time.Time `json:"due_at,omitzero" doc:"The end of this turn."`
	Until    time.Time `json:"until" doc:"It ends by then whatever happens."`
	EndedAt  time.Time `json:"ended_at,omitzero"`
	Outcome  string    `json:"outcome,omitempty"`
	Refunded int64     `json:"refunded"`
}

type escrowsInput struct {
	Before string `query:"before" maxLength:"40" doc:"Order of the last one of the page before."`
}

type escrowsOutput struct {
	Body struct {
		Escrows []Escrow `json:"escrows" doc:"The newest first."`
		More    bool     `json:"more"`
	}
}

type escrowInput struct {
	Order string `path:"order" maxLength:"40"`
}

type escrowOutput struct {
	Body EscrowDetail
}

type escrowConfirmInput struct {
	Keyed
	Order string `path:"order" maxLength:"40"`
}

type escrowDisputeInput struct {
	Keyed
	Order string `path:"order" maxLength:"40"`
	Body  struct {
		Reason string `json:"reason" enum:"not_sent,not_arrived,broken,different,incomplete,regret,fake,other"`
		Words  string `json:"words" maxLength:"4000"`
	}
}

type parcelsInput struct {
	Keyed
	Body struct {
		WishID  string       `json:"wish_id" maxLength:"40"`
		Parcels []SentParcel `json:"parcels" minItems:"1" maxItems:"1000"`
	}
}

// SentParcel names one member's parcel.
type SentParcel struct {
	OrderID string `json:"order_id" maxLength:"40"`
	Carrier string `json:"carrier" maxLength:"40"`
	Number  string `json:"number,omitempty" maxLength:"60"`
}

type parcelsOutput struct {
	Body Sent
}

// Sent is what became of parcels, each by itself.
type Sent struct {
	Noted  []string      `json:"noted" doc:"Orders; now or before."`
	Faults []ParcelFault `json:"faults"`
}

// ParcelFault is a parcel that was not noted.
type ParcelFault struct {
	OrderID string `json:"order_id"`
	Code    string `json:"code"`
}

func (p *part) escrowRoutes() {
	if p.Deliver == nil {
		return
	}
	get(p, "/escrows", "Own shares of crowds' money", p.escrows)
	get(p, "/escrows/{order}", "One share, for its member and its seller", p.escrow)
	post(p, "/escrows/{order}/confirm", "Confirm receipt: the share goes to the seller", p.confirm)
	post(p, "/escrows/{order}/dispute", "Complain: this share freezes, and no other", p.dispute)
	post(p, "/escrows/parcels", "Name parcels as the seller; naming one again changes nothing", p.ship)
}

func escrowOf(l deliver.Line) Escrow {
	s, stands := l.Share, l.Stands()
	return Escrow{OrderID: string(s.OrderID), WishID: string(s.WishID), MerchantID: string(l.Escrow.MerchantID),
		Quantity: s.Quantity, Paid: s.Paid, Held: stands.Held, Frozen: stands.Frozen, Released: stands.Released,
		Refunded: stands.Refunded, State: string(s.State), Outcome: string(s.Outcome), Delivery: string(l.Escrow.Delivery),
		ShipBy: l.Escrow.ShipBy, DueAt: s.DueAt, PaidAt: s.PaidAt, ShippedAt: s.ShippedAt, DeliveredAt: s.DeliveredAt,
		EndedAt: s.EndedAt, Version: s.Version}
}

func (p *part) escrows(ctx context.Context, in *escrowsInput) (*escrowsOutput, error) {
	page, err := p.Deliver.Shares(ctx, p.Actor(ctx), market.OrderID(in.Before))
	if err != nil {
		return nil, err
	}
	out := &escrowsOutput{}
	out.Body.Escrows, out.Body.More = []Escrow{}, page.More
	for _, l := range page.List {
		out.Body.Escrows = append(out.Body.Escrows, escrowOf(l))
	}
	return out, nil
}

func (p *part) escrow(ctx context.Context, in *escrowInput) (*escrowOutput, error) {
	out, err := p.share(ctx, market.OrderID(in.Order))
	return &escrowOutput{Body: out}, err
}

// share reads one share. Addresses and what a member shows at a counter are not told here.
func (p *part) share(ctx context.Context, id market.OrderID) (EscrowDetail, error) {
	d, err := p.Deliver.Share(ctx, p.Actor(ctx), id)
	if err != nil {
		return EscrowDetail{}, err
	}
	out := EscrowDetail{Escrow: escrowOf(d.Line), Parcels: []Parcel{}}
	for _, one := range d.Parcels {
		out.Parcels = append(out.Parcels, Parcel{Carrier: string(one.Carrier), Number: one.Number, At: one.At,
			DeliveredAt: one.DeliveredAt})
	}
	if c := d.Dispute; c != nil {
		out.Dispute = &Dispute{Reason: string(c.Reason), Turn: string(c.Turn), Amount: c.Amount, OpenedAt: c.OpenedAt,
			DueAt: c.DueAt, Until: c.Until, EndedAt: c.EndedAt, Outcome: string(c.Outcome), Refunded: c.Refunded}
	}
	return out, nil
}

// confirm answers the same for what is confirmed already.
func (p *part) confirm(ctx context.Context, in *escrowConfirmInput) (*escrowOutput, error) {
	id := market.OrderID(in.Order)
	cmd := asking{"api.escrow_confirm", in.Key, in.Order}
	out, err := once(ctx, p, cmd, func(ctx context.Context) (EscrowDetail, error) {
		if _, err := p.Deliver.Confirm(ctx, p.Actor(ctx), id); err != nil {
			return EscrowDetail{}, err
		}
		return p.share(ctx, id)
	})
	return &escrowOutput{Body: out}, err
}

func (p *part) dispute(ctx context.Context, in *escrowDisputeInput) (*escrowOutput, error) {
	id := market.OrderID(in.Order)
	cmd := asking{"api.escrow_dispute", in.Key, []any{in.Order, in.Body}}
	out, err := once(ctx, p, cmd, func(ctx context.Context) (EscrowDetail, error) {
		if _, err := p.Deliver.OpenDispute(ctx, p.Actor(ctx), deliver.DisputeCmd{OrderID: id,
			Reason: escrow.Reason(in.Body.Reason), Words: in.Body.Words}); err != nil {
			return EscrowDetail{}, err
		}
		return p.share(ctx, id)
	})
	return &escrowOutput{Body: out}, err
}

func (p *part) ship(ctx context.Context, in *parcelsInput) (*parcelsOutput, error) {
	cmd := deliver.ShipCmd{WishID: market.WishID(in.Body.WishID)}
	for _, one := range in.Body.Parcels {
		cmd.Parcels = append(cmd.Parcels, escrow.Sent{OrderID: market.OrderID(one.OrderID),
			Name: parcel.Name{Carrier: parcel.Carrier(one.Carrier), Number: one.Number}})
	}
	out, err := once(ctx, p, asking{"api.parcels", in.Key, in.Body}, func(ctx context.Context) (Sent, error) {
		done, err := p.Deliver.Ship(ctx, p.Actor(ctx), cmd)
		sent := Sent{Noted: []string{}, Faults: []ParcelFault{}}
		for _, id := range done.Sent {
			sent.Noted = append(sent.Noted, string(id))
		}
		for _, f := range done.Faults {
			sent.Faults = append(sent.Faults, ParcelFault{OrderID: string(f.OrderID), Code: fail.CodeOf(f.Err)})
		}
		return sent, err
	})
	return &parcelsOutput{Body: out}, err
}
