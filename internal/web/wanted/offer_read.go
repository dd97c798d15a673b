package wanted

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/qr"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/escrow/record"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/round"
)

// offers reads the bids of a wish with everything said about them; of sealed ones no more than everybody may see.
func (d Deps) offers(ctx context.Context, q db.Querier, v *view) error {
	if v.Auction.WishID == "" {
		return nil
	}
	if v.Auction.Kind == bid.Sealed {
		var err error
		if v.Sealed, err = bid.Commitments(ctx, q, v.Wish.ID); err != nil {
			return err
		}
	}
	if !v.Auction.Shown() && len(v.Pasts) == 0 {
		return nil
	}
	bids, err := bid.Bids(ctx, q, v.Wish.ID)
	if err != nil {
		return err
	}
	if v.Before, err = round.Offers(ctx, q, v.Pasts, bids); err != nil || !v.Auction.Shown() {
		return err
	}
	tallies, err := voice.Tallies(ctx, q, v.Wish.ID)
	if err != nil {
		return err
	}
	for _, l := range v.ordered(bid.InRound(bids, v.Auction.Round), tallies) {
		v.Offers = append(v.Offers, offer{Line: l, Quantity: v.quantity()})
	}
	if err := sellers(ctx, q, v.Wish.ID, v.Offers, v.Actor); err != nil {
		return err
	}
	if err := v.voices(ctx, q); err != nil {
		return err
	}
	return v.prove(ctx, q, bids)
}

// quantity is for how many units offers are compared.
func (v view) quantity() int64 {
	switch {
	case v.Auction.Firm > 0:
		return v.Auction.Firm
	case v.Auction.In(bid.Closed):
		return v.Wish.Firm
	}
	return v.Auction.Quantity
}

// ordered puts bids in the order in which they would win, or have won; those that cannot come last. While bids come in,
// those that somebody took back or replaced are left out.
func (v view) ordered(bids []bid.Bid, tallies map[market.BidID]voice.Tally) []award.Line {
	a := v.Auction
	if a.In(bid.Awarded) || a.In(bid.Done) || a.In(bid.Void) {
		return award.Told(a, bids, tallies, v.Rules).Lines
	}
	quantity := v.quantity()
	outliers, placed := award.Outliers(bids, quantity, v.Rules.OutlierBP), map[market.BidID]bool{}
	var out []award.Line
	for i, b := range bid.Rank(bids, quantity) {
		placed[b.ID] = true
		out = append(out, award.Line{Bid: b, Place: int64(i + 1), Price: b.Offer.PriceAt(quantity),
			Outlier: outliers[b.ID], Tally: tallies[b.ID]})
	}
	for _, b := range bids {
		if !placed[b.ID] && b.Shown() && (b.Stands() || b.State == bid.Disqualified) {
			out = append(out, award.Line{Bid: b, Reason: b.Outcome, Detail: b.Reason, Tally: tallies[b.ID]})
		}
	}
	return out
}

// sellersRead is of how many sellers one page reads what their shares say: those with the best offers.
const sellersRead = 30

// sellers reads who bids.
func sellers(ctx context.Context, q db.Querier, wish market.WishID, offers []offer, actor market.Actor) error {
	var ids []market.MerchantID
	var places []market.BranchID
	for _, o := range offers {
		ids = append(ids, o.Bid.MerchantID)
		if id := o.Bid.Offer.BranchID; id != "" {
			places = append(places, id)
		}
	}
	list, err := merchant.ListByIDs(ctx, q, ids)
	if err != nil {
		return err
	}
	by := make(map[market.MerchantID]merchant.Merchant, len(list))
	for _, m := range list {
		by[m.ID] = m
	}
	branches, err := merchant.BranchesByIDs(ctx, q, places)
	if err != nil {
		return err
	}
	at := make(map[market.BranchID]string, len(branches))
	for _, b := range branches {
		at[b.ID] = b.Name
	}
	fit, err := catalog.Bidders(ctx, q, wish, slices.Compact(slices.Sorted(slices.Values(ids))))
	if err != nil {
		return err
	}
	facts := map[market.MerchantID]record.Facts{}
	for i := range offers {
		o := &offers[i]
		id := o.Bid.MerchantID
		known, read := facts[id]
		if !read && len(facts) < sellersRead {
			if known, err = record.Of(ctx, q, id); err != nil {
				return err
			}
			facts[id] = known
		}
		o.Seller, o.Branch, o.Facts = by[id], at[o.Bid.Offer.BranchID], known
		o.Verified = fit[id].Verified
		_, o.Shop = actor.Membership(o.Bid.MerchantID)
	}
	return nil
}

// voices reads questions, answers, flags and the reader's own voice.
func (v *view) voices(ctx context.Context, q db.Querier) error {
	words, err := voice.WordsIn(ctx, q, v.Wish.ID, wordsShown)
	if err != nil {
		return err
	}
	flags, err := voice.FlagsIn(ctx, q, v.Wish.ID, flagsShown)
	if err != nil {
		return err
	}
	own := map[market.BidID]voice.Vote{}
	if v.Actor.SignedIn() {
		mine, err := voice.VotesBy(ctx, q, v.Wish.ID, v.Actor.AccountID)
		if err != nil {
			return err
		}
		for _, one := range mine {
			own[one.BidID] = one
		}
	}
	var who []market.AccountID
	for _, list := range words {
		for _, w := range list {
			who = append(who, w.AccountID)
		}
	}
	names, err := masked(ctx, q, who)
	if err != nil {
		return err
	}
	for i := range v.Offers {
		o := &v.Offers[i]
		o.Words, o.Flags, o.Askers = words[o.Bid.ID], flags[o.Bid.ID], names
		if vote, voted := own[o.Bid.ID]; voted {
			o.Mine = &vote
		}
	}
	return nil
}

// prove decides the auction again from what is public, once it is.
func (v *view) prove(ctx context.Context, q db.Querier, bids []bid.Bid) error {
	seals, err := bid.Seals(ctx, q, v.Wish.ID)
	if err != nil {
		return err
	}
	v.Faults = award.Prove(v.Auction, bids, seals)
	by := make(map[market.BidID]bid.Seal, len(seals))
	for _, s := range seals {
		by[s.BidID] = s
	}
	for i := range v.Offers {
		v.Offers[i].Seal = by[v.Offers[i].Bid.ID]
	}
	return nil
}

// code draws the QR code of a page of ours, "" when it cannot be drawn.
func (d Deps) code(path string, loc ui.Loc) string {
	drawn, err := qr.Encode(d.Frame.Base + path)
	if err != nil {
		return ""
	}
	return drawn.SVG(loc.T("wanted.qr"))
}
