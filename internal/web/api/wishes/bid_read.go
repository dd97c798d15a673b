package wishes

import (
	"context"
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Bid is an offer that everybody may see. Of a sealed one nothing but Commitments is told before the reveal.
type Bid struct {
	ID           string    `json:"id"`
	Seq          int64     `json:"seq" doc:"Order of arrival, which decides ties."`
	Round        int64     `json:"round" doc:"Of the wish; only bids of its present round may win."`
	MerchantID   string    `json:"merchant_id"`
	MerchantName string    `json:"merchant_name"`
	State        string    `json:"state" doc:"standing, replaced, withdrawn, disqualified, winner, failed or lapsed"`
	Offer        Offer     `json:"offer"`
	At           time.Time `json:"at"`
	EndedAt      time.Time `json:"ended_at,omitzero"`
	Place        int64     `json:"place,omitempty" doc:"At the award, from 1."`
	Outcome      string    `json:"outcome,omitempty" doc:"Why it won or did not."`
	Reason       string    `json:"reason,omitempty" doc:"The operator's words, or what made it fail."`
	Voters       int64     `json:"voters"`
	Flags        int64     `json:"flags"`
	Commitment   string    `json:"commitment,omitempty" doc:"Of a sealed bid: SHA-256 over salt and text, in hex."`
	SealSalt     string    `json:"seal_salt,omitempty"`
	SealText     string    `json:"seal_text,omitempty"`
}

// Offer is what a seller promises. The price includes delivery and taxes.
type Offer struct {
	Delivery    string      `json:"delivery" enum:"branch,shipping"`
	UnitPrice   int64       `json:"unit_price" minimum:"1" doc:"Won: all that a member pays for one."`
	QuantityMin int64       `json:"quantity_min" minimum:"1"`
	QuantityMax int64       `json:"quantity_max,omitempty" minimum:"0" doc:"0 for as many as come."`
	Steps       []PriceStep `json:"steps,omitempty" maxItems:"5"`
	PromisedBy  time.Time   `json:"promised_by" doc:"Everybody has it by then."`
	BranchID    string      `json:"branch_id,omitempty" maxLength:"40"`
	Note        string      `json:"note,omitempty" maxLength:"4000"`
	Evidence    []string    `json:"evidence,omitempty" maxItems:"8" doc:"References of kept photos."`
	MadeToOrder bool        `json:"made_to_order,omitempty"`
}

// PriceStep is a lower price from a quantity on.
type PriceStep struct {
	From      int64 `json:"from" minimum:"2"`
	UnitPrice int64 `json:"unit_price" minimum:"1"`
}

// Commitment is what everybody sees of a sealed bid at once.
type Commitment struct {
	Seq   int64     `json:"seq"`
	Hash  string    `json:"hash"`
	State string    `json:"state"`
	At    time.Time `json:"at"`
}

type bidsOutput struct {
	Body struct {
		Bids        []Bid        `json:"bids" doc:"In the order of arrival; none while they are sealed."`
		Commitments []Commitment `json:"commitments" doc:"Of sealed bids."`
	}
}

func offerOf(o bid.Offer) Offer {
	out := Offer{Delivery: string(o.Delivery), UnitPrice: o.UnitPrice, QuantityMin: o.QuantityMin,
		QuantityMax: o.QuantityMax, PromisedBy: o.PromisedBy, BranchID: string(o.BranchID), Note: o.Note,
		Evidence: o.Evidence, MadeToOrder: o.MadeToOrder}
	for _, s := range o.Steps {
		out.Steps = append(out.Steps, PriceStep(s))
	}
	return out
}

func (o Offer) parse() bid.Offer {
	out := bid.Offer{Delivery: bid.Delivery(o.Delivery), UnitPrice: o.UnitPrice, QuantityMin: o.QuantityMin,
		QuantityMax: o.QuantityMax, PromisedBy: o.PromisedBy, BranchID: market.BranchID(o.BranchID), Note: o.Note,
		Evidence: o.Evidence, MadeToOrder: o.MadeToOrder}
	for _, s := range o.Steps {
		out.Steps = append(out.Steps, bid.PriceStep(s))
	}
	return out
}

func bidOf(b bid.Bid) Bid {
	return Bid{ID: string(b.ID), Seq: b.Seq, Round: b.Round, MerchantID: string(b.MerchantID), State: string(b.State),
		Offer: offerOf(b.Offer), At: b.At, EndedAt: b.EndedAt, Place: b.Place, Outcome: string(b.Outcome), Reason: b.Reason,
		Commitment: b.Commitment}
}

// listBids reads the bids of a wish from one consistent view: whether they are shown is decided in the same view.
func (p *part) listBids(ctx context.Context, in *WishPath) (*bidsOutput, error) {
	out := &bidsOutput{}
	out.Body.Bids, out.Body.Commitments = []Bid{}, []Commitment{}
	err := p.DB.Read(ctx, func(q *db.ReadTx) error {
		if err := readable(ctx, q, in.wish()); err != nil {
			return err
		}
		a, err := bid.Find(ctx, q, in.wish())
		if errors.Is(err, bid.ErrNoAuction) {
			return bid.ErrNotFound
		}
		if err != nil {
			return err
		}
		sealed, err := bid.Commitments(ctx, q, in.wish())
		if err != nil {
			return err
		}
		for _, c := range sealed {
			out.Body.Commitments = append(out.Body.Commitments, Commitment{Seq: c.Seq, Hash: c.Hash, State: string(c.State),
				At: c.At})
		}
		if !a.Shown() {
			return nil
		}
		out.Body.Bids, err = shownBids(ctx, q, in.wish())
		return err
	})
	return out, err
}

// readable refuses what was said about a wish that was taken down, as the wish itself is refused.
func readable(ctx context.Context, q db.Querier, id market.WishID) error {
	w, err := wish.Find(ctx, q, id)
	if err != nil {
		return err
	}
	return w.Readable()
}

// shownBids reads bids whose terms are told, with their sellers, votes and opened seals.
func shownBids(ctx context.Context, q db.Querier, id market.WishID) ([]Bid, error) {
	list, err := bid.Bids(ctx, q, id)
	if err != nil {
		return nil, err
	}
	tallies, err := voice.Tallies(ctx, q, id)
	if err != nil {
		return nil, err
	}
	seals, err := bid.Seals(ctx, q, id)
	if err != nil {
		return nil, err
	}
	opened := map[market.BidID]bid.Seal{}
	for _, s := range seals {
		opened[s.BidID] = s
	}
	names, err := sellers(ctx, q, list)
	if err != nil {
		return nil, err
	}
	out := make([]Bid, 0, len(list))
	for _, b := range list {
		if !b.Shown() {
			continue // taken back before it was revealed: it stays what it was, a commitment
		}
		one := bidOf(b)
		t := tallies[b.ID]
		one.MerchantName, one.Voters, one.Flags = names[b.MerchantID], t.Voters, t.Flags
		one.SealSalt, one.SealText = opened[b.ID].Salt, opened[b.ID].Text
		out = append(out, one)
	}
	return out, nil
}

func sellers(ctx context.Context, q db.Querier, list []bid.Bid) (map[market.MerchantID]string, error) {
	var ids []market.MerchantID
	for _, b := range list {
		ids = append(ids, b.MerchantID)
	}
	known, err := merchant.ListByIDs(ctx, q, ids)
	out := make(map[market.MerchantID]string, len(known))
	for _, m := range known {
		out[m.ID] = m.Business.Name
	}
	return out, err
}
