package wishes

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Wish is what people want together, as everybody may see it.
type Wish struct {
	ID         string    `json:"id"`
	URL        string    `json:"url"`
	Name       string    `json:"name"`
	Details    string    `json:"details"`
	PhotoURL   string    `json:"photo_url,omitempty"`
	Link       string    `json:"link,omitempty" doc:"Where the thing was seen."`
	CategoryID string    `json:"category_id"`
	RegionID   string    `json:"region_id" doc:"Empty for anywhere."`
	Way        string    `json:"way" doc:"branch, shipping, or empty for either"`
	TopPrice   int64     `json:"top_price" doc:"Won that its people would pay for one; 0 for none named."`
	State      string    `json:"state" doc:"gathering, bidding, choosing, paying, fulfilling, done, closed or merged"`
	Outcome    string    `json:"outcome,omitempty" doc:"Why it closed."`
	MergedInto string    `json:"merged_into,omitempty"`
	Threshold  int64     `json:"threshold" doc:"Firm members it needs."`
	Firm       int64     `json:"firm" doc:"Members whose place counts; not yet payers."`
	Watching   int64     `json:"watching"`
	Missing    int64     `json:"missing"`
	Until      time.Time `json:"until" doc:"It gathers until then."`
	ReachedAt  time.Time `json:"reached_at,omitzero" doc:"In this round."`
	Round      int64     `json:"round" doc:"From 1; another begins when the offers of one came to nothing."`
	PauseUntil time.Time `json:"pause_until,omitzero" doc:"Of a new round: sellers are not asked before."`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	CreatedAt  time.Time `json:"created_at"`
	Version    int64     `json:"version"`
}

// WishDetail adds its auction and how far the word went.
type WishDetail struct {
	Wish
	Auction    *Auction `json:"auction,omitempty"`
	Rounds     []Round  `json:"rounds,omitempty" doc:"Those that came to nothing, the first one first."`
	ShopsTold  int64    `json:"shops_told" doc:"Shops that were told when the point was reached, each once."`
	OwnPlace   string   `json:"own_place,omitempty" doc:"The caller's: firm, watching or away."`
	JoinAround string   `json:"join_url" doc:"The page on which anybody joins."`
}

// Round is one in which a wish's offers came to nothing.
type Round struct {
	Round     int64     `json:"round"`
	Threshold int64     `json:"threshold"`
	Firm      int64     `json:"firm" doc:"At its end."`
	Sellers   int64     `json:"sellers" doc:"Who had bid."`
	ReachedAt time.Time `json:"reached_at"`
	EndedAt   time.Time `json:"ended_at"`
	Outcome   string    `json:"outcome" doc:"no_bid or too_few"`
}

// Auction is how sellers compete for a wish.
type Auction struct {
	Kind        string    `json:"kind" doc:"open or sealed"`
	State       string    `json:"state" doc:"planned, open, revealing, closed, awarded, done or void"`
	Quantity    int64     `json:"quantity" doc:"Units for which bids are compared."`
	Ceiling     int64     `json:"ceiling"`
	Step        int64     `json:"step" doc:"The least by which an open bid undercuts."`
	OpensAt     time.Time `json:"opens_at,omitzero"`
	ClosesAt    time.Time `json:"closes_at,omitzero" doc:"A bid in the last minutes moves it."`
	Bids        int64     `json:"bids" doc:"Standing."`
	LowestBid   string    `json:"lowest_bid,omitempty"`
	LowestPrice int64     `json:"lowest_price,omitempty"`
	Digest      string    `json:"digest,omitempty" doc:"Of all commitments, hex."`
	ClosedAt    time.Time `json:"closed_at,omitzero"`
	AwardedAt   time.Time `json:"awarded_at,omitzero"`
	Winner      string    `json:"winner,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	Version     int64     `json:"version"`
}

// Step is one date of a wish's way.
type Step struct {
	// Step is posted, gathers_until, reached, bids_close(d), choosing_ends, awarded, gathers_again, pause_ends, joined (by
	// the people of another wish), merged (into another one) or ended.
	Step    string    `json:"step" doc:"posted, reached, bids_closed, awarded, gathers_again, joined, merged, ended, …"`
	At      time.Time `json:"at"`
	Planned bool      `json:"planned" doc:"Not yet; its hour may still move."`
	WishID  string    `json:"wish_id,omitempty" doc:"Of the other wish, where two have merged."`
}

type wishesInput struct {
	Query    string `query:"q" maxLength:"60" doc:"Words, initial consonants too: best first, no other filter counts."`
	State    string `query:"state" enum:"gathering,bidding,choosing,paying,fulfilling,done,closed,merged"`
	Category string `query:"category" maxLength:"60" doc:"With those below it."`
	Region   string `query:"region" maxLength:"40" doc:"With its parts, what holds it, and anywhere; 404 for no region."`
	Sort     string `query:"sort" enum:"new,near,ending" default:"new"`
	After    string `query:"after" maxLength:"60" doc:"Of the page before."`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type wishesOutput struct {
	Body struct {
		Wishes []Wish `json:"wishes"`
		After  string `json:"after,omitempty" doc:"For the next page; none when this is the last."`
	}
}

type wishOutput struct {
	Body WishDetail
}

type timelineOutput struct {
	Body struct {
		Steps []Step `json:"steps"`
	}
}

func (p *part) wishRoutes() {
	get(p, "/wishes", "What people want together", p.list, open)
	get(p, "/wishes/{wish}", "One wish with its auction", p.find, open)
	get(p, "/wishes/{wish}/timeline", "The dates of its way, past and planned", p.timeline, open)
	post(p, "/wishes", "Begin a wish; its author is the first member", p.post, created)
}

func (p *part) wishOf(w wish.Wish) Wish {
	out := Wish{ID: string(w.ID), URL: p.Base + "/w/" + string(w.ID), Name: w.Name, Details: w.Details, Link: w.Link,
		CategoryID: string(w.CategoryID), RegionID: string(w.RegionID), Way: string(w.Way), TopPrice: w.TopPrice,
		State: string(w.State), Outcome: w.Outcome, MergedInto: string(w.MergedInto), Threshold: w.Threshold, Firm: w.Firm,
		Watching: w.Watching, Missing: w.Missing(), Until: w.Until, ReachedAt: w.ReachedAt, EndedAt: w.EndedAt,
		Round: w.Round, PauseUntil: w.PauseUntil,
		CreatedAt: w.CreatedAt, Version: w.Version}
	if w.Photo != "" {
		out.PhotoURL = p.Base + photo.Ref(w.Photo).Src()
	}
	return out
}

func (p *part) list(ctx context.Context, in *wishesInput) (*wishesOutput, error) {
	out := &wishesOutput{}
	out.Body.Wishes = []Wish{}
	if in.Query != "" {
		found, err := wish.Found(ctx, p.DB, p.Index, in.Query, in.Limit)
		for _, w := range found {
			out.Body.Wishes = append(out.Body.Wishes, p.wishOf(w))
		}
		return out, err
	}
	filter := wish.Filter{CategoryID: market.CategoryID(in.Category), Sort: wish.Sort(in.Sort),
		After: wish.ParseCursor(in.After), Limit: in.Limit}
	if in.State != "" {
		filter.States = []wish.State{wish.State(in.State)}
	}
	if in.Region != "" {
		var err error
		if filter.Regions, err = region.Concerning(ctx, p.DB, market.RegionID(in.Region)); err != nil {
			return nil, err
		}
	}
	list, after, err := wish.List(ctx, p.DB, filter)
	if err != nil {
		return nil, err
	}
	for _, w := range list {
		out.Body.Wishes = append(out.Body.Wishes, p.wishOf(w))
	}
	out.Body.After = after.Text()
	return out, nil
}

func (p *part) find(ctx context.Context, in *WishPath) (*wishOutput, error) {
	detail, err := p.detail(ctx, in.wish())
	return &wishOutput{Body: detail}, err
}

// detail reads a wish with its auction from one consistent view.
func (p *part) detail(ctx context.Context, id market.WishID) (WishDetail, error) {
	var out WishDetail
	actor := p.Actor(ctx)
	err := p.DB.Read(ctx, func(r *db.ReadTx) error {
		w, err := wish.Find(ctx, r, id)
		if err == nil {
			err = w.Readable()
		}
		if err != nil {
			return err
		}
		out = WishDetail{Wish: p.wishOf(w), JoinAround: p.Base + "/w/" + string(id) + "/join"}
		a, err := bid.Find(ctx, r, id)
		if err != nil && !errors.Is(err, bid.ErrNoAuction) {
			return err
		}
		if err == nil {
			out.Auction = auctionOf(a)
		}
		pasts, err := wish.Pasts(ctx, r, id)
		if err != nil {
			return err
		}
		for _, past := range pasts {
			out.Rounds = append(out.Rounds, Round(past))
		}
		if !actor.SignedIn() {
			return nil
		}
		own, err := wish.FindMember(ctx, r, wish.MemberKey{WishID: id, AccountID: actor.AccountID})
		out.OwnPlace = string(own.Kind)
		return err
	})
	if err != nil {
		return out, err
	}
	reach, err := p.Announce.Reach(ctx, id)
	out.ShopsTold = reach.Shops
	return out, err
}

func auctionOf(a bid.Auction) *Auction {
	return &Auction{Kind: string(a.Kind), State: string(a.State), Quantity: a.Quantity, Ceiling: a.Ceiling, Step: a.Step,
		OpensAt: a.OpensAt, ClosesAt: a.ClosesAt, Bids: a.Bids, LowestBid: string(a.Lowest), LowestPrice: a.LowestPrice,
		Digest: a.Digest, ClosedAt: a.ClosedAt, AwardedAt: a.AwardedAt, Winner: string(a.Winner), Reason: a.Reason,
		Version: a.Version}
}

func (p *part) timeline(ctx context.Context, in *WishPath) (*timelineOutput, error) {
	detail, err := p.detail(ctx, in.wish())
	if err != nil {
		return nil, err
	}
	joined, err := wish.MergedFrom(ctx, p.DB, in.wish(), joinedMost)
	if err != nil {
		return nil, err
	}
	out := &timelineOutput{}
	out.Body.Steps = stepsOf(detail)
	for _, w := range joined {
		out.Body.Steps = append(out.Body.Steps, Step{Step: "joined", At: w.EndedAt, WishID: string(w.ID)})
	}
	slices.SortStableFunc(out.Body.Steps, func(a, b Step) int { return a.At.Compare(b.At) })
	return out, nil
}

// joinedMost is how many merged wishes one answer names.
const joinedMost = 100

// stepsOf are the dates of a wish in the order of its way.
func stepsOf(w WishDetail) []Step {
	var out []Step
	add := func(step string, at time.Time, planned bool) {
		if !at.IsZero() {
			out = append(out, Step{Step: step, At: at, Planned: planned})
		}
	}
	add("posted", w.CreatedAt, false)
	for _, past := range w.Rounds {
		add("reached", past.ReachedAt, false)
		add("gathers_again", past.EndedAt, false)
	}
	if w.EndedAt.IsZero() {
		add("pause_ends", w.PauseUntil, true)
	}
	if w.ReachedAt.IsZero() && w.EndedAt.IsZero() {
		add("gathers_until", w.Until, true)
	}
	add("reached", w.ReachedAt, false)
	if a := w.Auction; a != nil && !w.ReachedAt.IsZero() {
		closed, ended := !a.ClosedAt.IsZero(), !w.EndedAt.IsZero()
		switch {
		case closed:
			add("bids_closed", a.ClosedAt, false)
		case !ended:
			add("bids_close", a.ClosesAt, true)
		}
		if closed && a.AwardedAt.IsZero() && !ended {
			add("choosing_ends", auction.ChoosingEnds(a.ClosedAt), true)
		}
		add("awarded", a.AwardedAt, false)
	}
	if w.MergedInto != "" {
		return append(out, Step{Step: "merged", At: w.EndedAt, WishID: w.MergedInto})
	}
	add("ended", w.EndedAt, false)
	return out
}
