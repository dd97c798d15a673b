package wishes

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Placed is a bid as its own seller sees it.
type Placed struct {
	ID         string    `json:"id"`
	WishID     string    `json:"wish_id"`
	MerchantID string    `json:"merchant_id"`
	State      string    `json:"state"`
	Offer      *Offer    `json:"offer,omitempty" doc:"Of a sealed bid only under GET …/bids/own."`
	Commitment string    `json:"commitment,omitempty"`
	SealSalt   string    `json:"seal_salt,omitempty" doc:"Keep it: with it anybody proves the commitment."`
	SealText   string    `json:"seal_text,omitempty"`
	ClosesAt   time.Time `json:"closes_at,omitzero"`
	Place      int64     `json:"place,omitempty" doc:"Among those shown."`
}

type bidInput struct {
	Keyed
	WishPath
	Body struct {
		MerchantID string `json:"merchant_id" maxLength:"40"`
		Offer
	}
}

type placedOutput struct {
	Body Placed
}

type ownInput struct {
	WishPath
	MerchantID string `query:"merchant_id" required:"true" maxLength:"40"`
}

type bidWithdrawInput struct {
	Keyed
	WishPath
	BidID string `path:"bid" maxLength:"40"`
	Body  struct {
		MerchantID string `json:"merchant_id" maxLength:"40"`
	}
}

// Done says that a write is done.
type Done struct {
	Done bool `json:"done"`
}

type doneOutput struct {
	Body Done
}

func (p *part) bidRoutes() {
	get(p, "/wishes/{wish}/bids", "Bids on a wish; of sealed ones the commitments until the reveal", p.listBids, open)
	post(p, "/wishes/{wish}/bids", "Bid for a shop", p.place, created,
		says("A shop's new bid replaces its own. In an open auction it must undercut the lowest by the step."))
	get(p, "/wishes/{wish}/bids/own", "A shop's own standing bid, with its terms also while it is sealed", p.ownBid)
	post(p, "/wishes/{wish}/bids/{bid}/withdraw", "Take a bid back before the close", p.withdraw)
}

func (p *part) place(ctx context.Context, in *bidInput) (*placedOutput, error) {
	actor, seller := p.Actor(ctx), market.MerchantID(in.Body.MerchantID)
	if err := right.Check(actor, right.BidPlace, right.Of(seller)); err != nil {
		return nil, err
	}
	out, err := once(ctx, p, asking{"api.bid", in.Key, []any{in.ID, in.Body}}, func(ctx context.Context) (Placed, error) {
		return p.placeOnce(ctx, auction.PlaceCmd{Actor: actor, WishID: in.wish(), MerchantID: seller,
			Offer: in.Body.parse()})
	})
	return &placedOutput{Body: out}, err
}

// placeOnce bids; a refusal of the very bid that stands already, because an answer was lost, is that bid.
func (p *part) placeOnce(ctx context.Context, cmd auction.PlaceCmd) (Placed, error) {
	taken, refused := p.Auction.Place(ctx, cmd)
	if refused == nil {
		own := placedOf(taken.Bid)
		own.ClosesAt = taken.ClosesAt
		return own, nil
	}
	desk, err := p.Auction.Desk(ctx, cmd.Actor, cmd.WishID, cmd.MerchantID)
	if err != nil || !desk.HasOwn || !sameTerms(desk.Own.Offer, cmd.Offer) {
		return Placed{}, refused
	}
	b := desk.Own
	if b.Commitment != "" && !desk.Auction.Shown() {
		b.Offer = bid.Offer{}
	}
	own := placedOf(b)
	own.ClosesAt = desk.Auction.ClosesAt
	return own, nil
}

func sameTerms(a, b bid.Offer) bool {
	return a.Delivery == b.Delivery && a.UnitPrice == b.UnitPrice && a.QuantityMin == b.QuantityMin &&
		a.QuantityMax == b.QuantityMax && a.BranchID == b.BranchID &&
		a.PromisedBy.Equal(b.PromisedBy.UTC().Truncate(time.Second))
}

// placedOf is a bid as an answer that is kept under a key: the terms of a sealed one are not in it, GET …/bids/own
// tells them to their seller.
func placedOf(b bid.Bid) Placed {
	own := Placed{ID: string(b.ID), WishID: string(b.WishID), MerchantID: string(b.MerchantID), State: string(b.State),
		Commitment: b.Commitment}
	if b.Shown() {
		offer := offerOf(b.Offer)
		own.Offer = &offer
	}
	return own
}

// ownBid reads what nobody but the seller may see.
func (p *part) ownBid(ctx context.Context, in *ownInput) (*placedOutput, error) {
	desk, err := p.Auction.Desk(ctx, p.Actor(ctx), in.wish(), market.MerchantID(in.MerchantID))
	if err != nil {
		return nil, err
	}
	if !desk.HasOwn {
		return nil, bid.ErrNotFound
	}
	out := placedOf(desk.Own)
	out.ClosesAt, out.Place, out.SealSalt, out.SealText = desk.Auction.ClosesAt, desk.Place, desk.Seal.Salt, desk.Seal.Text
	return &placedOutput{Body: out}, nil
}

// withdraw takes a bid back; one that was taken back already is done.
func (p *part) withdraw(ctx context.Context, in *bidWithdrawInput) (*doneOutput, error) {
	cmd := auction.WithdrawCmd{WishID: in.wish(), BidID: market.BidID(in.BidID),
		MerchantID: market.MerchantID(in.Body.MerchantID)}
	out, err := once(ctx, p, asking{"api.bid_withdraw", in.Key, []any{in.ID, in.BidID, in.Body}},
		func(ctx context.Context) (Done, error) { return Done{true}, p.Auction.Withdraw(ctx, p.Actor(ctx), cmd) })
	return &doneOutput{Body: out}, err
}
