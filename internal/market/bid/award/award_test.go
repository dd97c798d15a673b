package award_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
)

func now() time.Time { return time.Date(2026, time.March, 5, 3, 0, 0, 0, time.UTC) }

// offered is the n-th bid of a closed auction, of the n-th seller.
func offered(n int64, price int64) bid.Bid {
	c := bidtest.Asks(fmt.Sprint(n), price)
	return bid.Bid{ID: market.BidID(fmt.Sprintf("bid_%d", n)), WishID: bidtest.Wish, Seq: n, Round: 1,
		MerchantID: c.MerchantID, State: bid.Standing, Offer: c.Offer}
}

func with(b bid.Bid, change func(b *bid.Bid)) bid.Bid { change(&b); return b }

// told writes an order as "id:place:price:reason".
func told(o award.Order) string {
	var out []string
	for _, l := range o.Lines {
		line := fmt.Sprintf("%s:%d:%d:%s", strings.TrimPrefix(string(l.Bid.ID), "bid_"), l.Place, l.Price, l.Reason)
		if l.Outlier {
			line += "!"
		}
		out = append(out, line)
	}
	return strings.Join(out, " ")
}

// ranked orders bids for a crowd, every seller fit.
func ranked(state bid.State, firm int64, tallies map[market.BidID]voice.Tally, bids ...bid.Bid) award.Order {
	f := award.Facts{Firm: firm, Rules: bidtest.Figures(), Now: now(), Tallies: tallies,
		Bidders: map[market.MerchantID]bid.Bidder{}}
	for _, b := range bids {
		f.Bidders[b.MerchantID] = bidtest.Fit()
	}
	return award.Rank(bid.Auction{WishID: bidtest.Wish, State: state, Quantity: 30}, bids, f)
}

func TestTheLowestThatNothingSpeaksAgainstWins(t *testing.T) {
	state := func(s bid.BidState) func(b *bid.Bid) { return func(b *bid.Bid) { b.State = s } }
	quantity := func(least, most int64) func(b *bid.Bid) {
		return func(b *bid.Bid) { b.Offer.QuantityMin, b.Offer.QuantityMax = least, most }
	}
	tallies := map[market.BidID]voice.Tally{"bid_1": {Voters: 10, Flags: 5}, "bid_2": {Voters: 9, Flags: 9}}
	steps := []bid.PriceStep{{From: 40, UnitPrice: 8_000}}
	for _, c := range []struct {
		name  string
		order award.Order
		want  string
	}{
		{"nobody", ranked(bid.Closed, 30, nil), ""},
		{"by price", ranked(bid.Closed, 30, nil, offered(1, 9_000), offered(2, 8_000), offered(3, 8_500)),
			"2:1:8000:lowest 3:2:8500:price 1:3:9000:price"},
		{"a tie", ranked(bid.Closed, 30, nil, offered(3, 8_000), offered(2, 8_000), offered(1, 9_000)),
			"2:1:8000:lowest 3:2:8000:later 1:3:9000:price"},
		{"too few came", ranked(bid.Closed, 29, nil, with(offered(1, 5_000), quantity(30, 0)), offered(2, 9_000)),
			"2:1:9000:lowest 1:0:0:minimum"},
		{"enough came", ranked(bid.Closed, 30, nil, with(offered(1, 5_000), quantity(30, 0)), offered(2, 9_000)),
			"1:1:5000:lowest 2:2:9000:price"},
		{"too many came", ranked(bid.Closed, 31, nil, with(offered(1, 5_000), quantity(10, 30)), offered(2, 9_000)),
			"2:1:9000:lowest 1:0:0:maximum"},
		{"steps below their quantity", ranked(bid.Closed, 39, nil, offered(1, 9_000),
			with(offered(2, 9_500), func(b *bid.Bid) { b.Offer.Steps = steps })), "1:1:9000:lowest 2:2:9500:price"},
		{"steps at their quantity", ranked(bid.Closed, 40, nil, offered(1, 9_000),
			with(offered(2, 9_500), func(b *bid.Bid) { b.Offer.Steps = steps })), "2:1:8000:lowest 1:2:9000:price"},
		{"a day that is over", ranked(bid.Closed, 30, nil, offered(1, 9_000),
			with(offered(2, 8_000), func(b *bid.Bid) { b.Offer.PromisedBy = now() })), "1:1:9000:lowest 2:0:8000:late"},
		{"members", ranked(bid.Closed, 30, tallies, offered(1, 7_000), offered(2, 8_000), offered(3, 9_000)),
			"2:1:8000:lowest 3:2:9000:price 1:0:7000:voted"},
		{"members, later", ranked(bid.Awarded, 30, tallies, offered(1, 7_000), offered(2, 8_000)),
			"1:1:7000:lowest 2:2:8000:price"},
		{"a price far off is marked and wins", ranked(bid.Closed, 30, nil, offered(1, 4_999), offered(2, 10_000),
			offered(3, 10_500)), "1:1:4999:lowest! 2:2:10000:price 3:3:10500:price"},
		{"what is over", ranked(bid.Closed, 30, nil, with(offered(1, 1_000), state(bid.Withdrawn)),
			with(offered(2, 1_000), state(bid.Replaced)), with(offered(3, 1_000), state(bid.Failed)),
			with(offered(4, 1_000), state(bid.Lapsed)), with(offered(5, 1_000), state(bid.Disqualified)), offered(6, 9_000)),
			"6:1:9000:lowest 1:0:1000:withdrawn 2:0:1000:replaced 3:0:1000:failed 4:0:1000:lapsed 5:0:1000:operator"},
		{"how it was taken out", ranked(bid.Awarded, 30, nil,
			with(offered(1, 1_000), func(b *bid.Bid) { b.State, b.Outcome = bid.Disqualified, bid.ReasonVoted }),
			with(offered(2, 0), func(b *bid.Bid) { b.State, b.Outcome = bid.Disqualified, bid.ReasonSeal })),
			"1:0:1000:voted 2:0:0:seal"},
	} {
		if got := told(c.order); got != c.want {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
		first, won := c.order.Winner()
		if won != strings.Contains(c.want, ":lowest") || won && first.Place != 1 {
			t.Errorf("%s: %+v won", c.name, first)
		}
	}
}

func TestASellerIsLookedAtOnceMore(t *testing.T) {
	for want, who := range map[string]bid.Bidder{
		"bid.not_registered": {Verified: true, Deposit: 300_000},
		"bid.unverified":     {Registered: true, Deposit: 300_000},
		"bid.own_crowd":      {Registered: true, Verified: true, Member: true, Deposit: 300_000},
		"bid.deposit":        {Registered: true, Verified: true, Deposit: 2_399},
	} {
		cheap := with(offered(1, 8_000), func(b *bid.Bid) { b.Deposit = 2_400 })
		f := award.Facts{Firm: 30, Rules: bidtest.Figures(), Now: now(),
			Bidders: map[market.MerchantID]bid.Bidder{"mer_1": who, "mer_2": bidtest.Fit()}}
		o := award.Rank(bid.Auction{State: bid.Closed}, []bid.Bid{cheap, offered(2, 9_000), offered(3, 1_000)}, f)
		if got := told(o); got != "2:1:9000:lowest 1:0:8000:unfit 3:0:1000:unfit!" || o.Lines[1].Detail != want {
			t.Errorf("%s: %s, %s", want, got, o.Lines[1].Detail)
		}
		if o.Lines[2].Detail != "bid.not_registered" {
			t.Errorf("a seller nobody looked at: %+v", o.Lines[2])
		}
	}
}

func TestOutliers(t *testing.T) {
	for _, c := range []struct {
		prices []int64
		want   int
	}{
		{nil, 0}, {[]int64{100}, 0}, {[]int64{100, 10_000}, 0}, {[]int64{5_000, 10_000, 11_000}, 0},
		{[]int64{4_999, 10_000, 11_000}, 1}, {[]int64{100, 200, 10_000, 10_000, 10_000}, 2},
		{[]int64{4_999, 9_999, 10_000, 20_000}, 1}, {[]int64{5_000, 9_999, 10_000, 20_000}, 0},
	} {
		var bids []bid.Bid
		for i, p := range c.prices {
			bids = append(bids, offered(int64(i+1), p))
		}
		if got := award.Outliers(bids, 30, 5_000); len(got) != c.want {
			t.Errorf("%v: %v", c.prices, got)
		}
	}
}

// TestEveryReasonHasWords: the page says why, in both languages.
func TestEveryReasonHasWords(t *testing.T) {
	for _, language := range []string{"ko", "en"} {
		raw, err := os.ReadFile("../../../web/ui/locale/" + language + "/bid.json")
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]any{}
		if err := json.Unmarshal(raw, &texts); err != nil {
			t.Fatal(err)
		}
		keys := []string{"bid.void." + bid.VoidNoBid, "bid.void." + bid.VoidNoneFit}
		for _, r := range bid.Reasons() {
			keys = append(keys, "bid.outcome."+string(r))
		}
		for _, f := range voice.Flags() {
			keys = append(keys, "bid.flag."+string(f))
		}
		for _, key := range keys {
			if texts[key] == nil {
				t.Errorf("%s has no words in %s", key, language)
			}
		}
	}
}

// TestProveNamesWhatWasChanged: every single change of what is kept is found.
func TestProveNamesWhatWasChanged(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.Sealed)
		h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000), bidtest.Asks("c", 9_500))
		h.Over()
		h.Award(30)
		h.Proven()
		for want, change := range map[string]func(a *bid.Auction, bids []bid.Bid, seals []bid.Seal){
			"digest":  func(a *bid.Auction, _ []bid.Bid, _ []bid.Seal) { a.Digest = bid.ChainStart("wsh_2") },
			"digest ": func(_ *bid.Auction, bids []bid.Bid, _ []bid.Seal) { bids[0].Seq, bids[1].Seq = 2, 1 },
			"seal":    func(_ *bid.Auction, bids []bid.Bid, _ []bid.Seal) { bids[0].Offer.Note = "더" },
			"seal ":   func(_ *bid.Auction, _ []bid.Bid, seals []bid.Seal) { seals[2].Salt = seals[1].Salt },
			"lowest":  func(a *bid.Auction, _ []bid.Bid, _ []bid.Seal) { a.LowestPrice++ },
			"lowest ": func(a *bid.Auction, _ []bid.Bid, _ []bid.Seal) { a.Bids-- },
			"winner":  func(a *bid.Auction, _ []bid.Bid, _ []bid.Seal) { a.Winner = "bid_other" },
			"winner seal": func(_ *bid.Auction, bids []bid.Bid, _ []bid.Seal) {
				bids[0].Offer.UnitPrice = 8_999 // somebody else was cheaper
			},
		} {
			a, bids, seals := h.Auction(), h.Bids(), h.Seals()
			change(&a, bids, seals)
			found := fmt.Sprint(award.Prove(a, bids, seals))
			for _, one := range strings.Fields(want) {
				if !strings.Contains(found, one) {
					t.Errorf("%s was not found in %s", one, found)
				}
			}
		}
		a, bids := h.Auction(), h.Bids()
		if found := award.Prove(a, bids[1:], h.Seals()); len(found) == 0 {
			t.Error("a bid that was dropped was not found")
		}
	})
}
