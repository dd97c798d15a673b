package wishes

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

type wishInput struct {
	Keyed
	Body struct {
		Name       string    `json:"name" maxLength:"200"`
		Details    string    `json:"details,omitempty" maxLength:"4000"`
		Link       string    `json:"link,omitempty" maxLength:"500"`
		CategoryID string    `json:"category_id,omitempty" maxLength:"60"`
		RegionID   string    `json:"region_id,omitempty" maxLength:"40"`
		Way        string    `json:"way,omitempty" enum:"branch,shipping"`
		TopPrice   int64     `json:"top_price,omitempty" minimum:"0"`
		Until      time.Time `json:"until,omitempty" doc:"Until when it gathers; without it the usual time."`
		Bids       string    `json:"bids,omitempty" enum:"open,sealed" doc:"How sellers bid; open without it."`
	}
}

func (p *part) post(ctx context.Context, in *wishInput) (*wishOutput, error) {
	b := in.Body
	one, err := p.Wanted.Post(ctx, p.Actor(ctx), wanted.PostCmd{Key: in.Key, Bids: bid.Kind(b.Bids), Draft: wish.Draft{
		Name: b.Name, Details: b.Details, Link: b.Link, CategoryID: market.CategoryID(b.CategoryID),
		RegionID: market.RegionID(b.RegionID), Way: wish.Way(b.Way), TopPrice: b.TopPrice, Until: b.Until}})
	if err != nil {
		return nil, err
	}
	detail, err := p.detail(ctx, one.ID)
	return &wishOutput{Body: detail}, err
}

// Places are the numbers of a wish's crowd and the caller's own place in it.
type Places struct {
	WishID   string    `json:"wish_id"`
	Own      string    `json:"own,omitempty" doc:"The caller's place: firm, watching or away."`
	OwnSince time.Time `json:"own_since,omitzero"`
	Firm     int64     `json:"firm"`
	Watching int64     `json:"watching"`
	Missing  int64     `json:"missing"`
	Reached  bool      `json:"reached" doc:"Enough are firm, or once were: it stays so."`
}

type placesOutput struct {
	Body Places
}

type joinInput struct {
	WishPath
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"May be left out: joining twice is joining once."`
	Body struct {
		Kind string `json:"kind" enum:"firm,watching" doc:"firm counts towards the threshold and wants a confirmed e-mail."`
	}
}

type leaveInput struct {
	WishPath
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"May be left out: leaving twice is leaving once."`
}

func (p *part) joinRoutes() {
	get(p, "/wishes/{wish}/joins", "How many have joined, and one's own place", p.places, open)
	post(p, "/wishes/{wish}/joins", "Join, look on, or change from one to the other", p.join)
	post(p, "/wishes/{wish}/joins/leave", "Leave, while bids are open", p.leave)
}

func (p *part) places(ctx context.Context, in *WishPath) (*placesOutput, error) {
	w, err := wish.Find(ctx, p.DB, in.wish())
	if err != nil {
		return nil, err
	}
	out := &placesOutput{Body: Places{WishID: in.ID, Firm: w.Firm, Watching: w.Watching, Missing: w.Missing(),
		Reached: w.Reached()}}
	if actor := p.Actor(ctx); actor.SignedIn() {
		own, err := wish.FindMember(ctx, p.DB, wish.MemberKey{WishID: w.ID, AccountID: actor.AccountID})
		if err != nil {
			return nil, err
		}
		out.Body.Own, out.Body.OwnSince = string(own.Kind), own.At
	}
	return out, nil
}

func (p *part) join(ctx context.Context, in *joinInput) (*placesOutput, error) {
	return p.stand(ctx, in.wish(), wish.Kind(in.Body.Kind))
}

func (p *part) leave(ctx context.Context, in *leaveInput) (*placesOutput, error) {
	return p.stand(ctx, in.wish(), wish.Away)
}

func (p *part) stand(ctx context.Context, id market.WishID, kind wish.Kind) (*placesOutput, error) {
	actor := p.Actor(ctx)
	if err := right.Check(actor, right.WishJoin, right.Mine(actor.AccountID)); err != nil {
		return nil, err
	}
	joined, err := p.Wanted.Join(ctx, wanted.JoinCmd{Actor: actor, WishID: id, Kind: kind})
	if err != nil {
		return nil, err
	}
	return &placesOutput{Body: Places{WishID: string(id), Own: string(joined.Member.Kind), OwnSince: joined.Member.At,
		Firm: joined.Firm, Watching: joined.Watching, Missing: joined.Missing, Reached: joined.Reached}}, nil
}
