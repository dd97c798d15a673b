package award

import (
	"cmp"
	"slices"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
)

// Fault names what does not agree in an auction as it is kept: "digest", "seal", "winner" or "lowest".
type Fault string

// Prove decides an auction again from what is public after the close and names what does not agree, so that anybody
// can see that the lowest valid bid won (invariant 33). Bids are all of the auction, seals those of the sealed ones.
func Prove(a bid.Auction, bids []bid.Bid, seals []bid.Seal) []Fault {
	var out []Fault
	digest, bySeq := bid.ChainStart(a.WishID), slices.Clone(bids)
	slices.SortFunc(bySeq, func(x, y bid.Bid) int { return cmp.Compare(x.Seq, y.Seq) })
	kept := map[market.BidID]bid.Seal{}
	for _, s := range seals {
		kept[s.BidID] = s
	}
	sealed := true
	for _, b := range bySeq {
		if b.Commitment == "" {
			continue
		}
		digest = bid.Chain(digest, b.Seq, b.Commitment)
		if b.Shown() && !agrees(kept[b.ID], b) || a.Shown() && !b.Shown() && b.Outcome != bid.ReasonSeal {
			sealed = false
		}
	}
	if digest != a.Digest {
		out = append(out, "digest")
	}
	if !sealed {
		out = append(out, "seal")
	}
	if again := a.Counted(bids); again.Bids != a.Bids || again.Lowest != a.Lowest || again.LowestPrice != a.LowestPrice {
		out = append(out, "lowest")
	}
	if !rightlyWon(a, bids) {
		out = append(out, "winner")
	}
	return out
}

// agrees reports that a revealed bid says what its seal committed to.
func agrees(s bid.Seal, b bid.Bid) bool {
	_, ok := s.Open(b)
	return ok && bid.Verify(s.Text, s.Salt, b.Commitment) && bid.SealOf(b, b.Offer, s.Salt).Text == s.Text
}

// rightlyWon compares the winner with every bid that had a place in the order of offers and has not failed since.
func rightlyWon(a bid.Auction, bids []bid.Bid) bool {
	if a.Winner == "" {
		return true
	}
	i := slices.IndexFunc(bids, func(b bid.Bid) bool { return b.ID == a.Winner })
	if i < 0 || !bids[i].Won() {
		return false
	}
	price := bids[i].Offer.PriceAt(a.Firm)
	for _, b := range bid.InRound(bids, a.Round) {
		if !b.Outcome.Ranked() || b.State == bid.Failed || b.State == bid.Disqualified {
			continue
		}
		other := b.Offer.PriceAt(a.Firm)
		if other < price || other == price && b.Seq < bids[i].Seq {
			return false
		}
	}
	return true
}
