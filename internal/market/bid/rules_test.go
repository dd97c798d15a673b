package bid_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
)

func noon() time.Time { return time.Date(2026, time.March, 4, 3, 0, 0, 0, time.UTC) }

// running is an auction of 30 that closes an hour after noon.
func running(kind bid.Kind) bid.Auction {
	return bid.Auction{WishID: bidtest.Wish, Kind: kind, State: bid.Open, Round: 1, Quantity: 30, Step: 100,
		OpensAt: noon(), ClosesAt: noon().Add(time.Hour), Digest: bid.ChainStart(bidtest.Wish), Version: 1}
}

func TestOffersAreRefusedBesideTheirFields(t *testing.T) {
	a := running(bid.InTheOpen)
	a.Ceiling = 20_000
	step := func(from, price int64) []bid.PriceStep { return []bid.PriceStep{{From: from, UnitPrice: price}} }
	for name, c := range map[string]struct {
		change func(o *bid.Offer)
		want   error
	}{
		"as it is":           {func(*bid.Offer) {}, nil},
		"no delivery":        {func(o *bid.Offer) { o.Delivery = "drone" }, bid.ErrDelivery},
		"a branch to ship":   {func(o *bid.Offer) { o.BranchID = "brn_1" }, bid.ErrBranch},
		"no branch":          {func(o *bid.Offer) { o.Delivery = bid.AtBranch }, bid.ErrBranch},
		"a branch":           {func(o *bid.Offer) { o.Delivery, o.BranchID = bid.AtBranch, "brn_1" }, nil},
		"a crooked branch":   {func(o *bid.Offer) { o.Delivery, o.BranchID = bid.AtBranch, "brn\nprice 1" }, bid.ErrBranch},
		"free":               {func(o *bid.Offer) { o.UnitPrice = 0 }, bid.ErrPrice},
		"a price of 99":      {func(o *bid.Offer) { o.UnitPrice = 99 }, bid.ErrPrice},
		"at the ceiling":     {func(o *bid.Offer) { o.UnitPrice = 20_000 }, nil},
		"above the ceiling":  {func(o *bid.Offer) { o.UnitPrice = 20_001 }, bid.ErrCeiling},
		"steps do not help":  {func(o *bid.Offer) { o.UnitPrice, o.Steps = 20_001, step(11, 9_000) }, bid.ErrCeiling},
		"nobody":             {func(o *bid.Offer) { o.QuantityMin = 0 }, bid.ErrQuantity},
		"more than all":      {func(o *bid.Offer) { o.QuantityMax = 1_000_001 }, bid.ErrQuantity},
		"upside down":        {func(o *bid.Offer) { o.QuantityMax = 9 }, bid.ErrQuantity},
		"exactly ten":        {func(o *bid.Offer) { o.QuantityMax = 10 }, nil},
		"at the close":       {func(o *bid.Offer) { o.PromisedBy = a.ClosesAt }, bid.ErrPromisedBy},
		"a second later":     {func(o *bid.Offer) { o.PromisedBy = a.ClosesAt.Add(time.Second) }, nil},
		"next year":          {func(o *bid.Offer) { o.PromisedBy = a.ClosesAt.AddDate(0, 0, 181) }, bid.ErrPromisedBy},
		"a long note":        {func(o *bid.Offer) { o.Note = strings.Repeat("가", 1001) }, bid.ErrNote},
		"many pictures":      {func(o *bid.Offer) { o.Evidence = make([]string, 9) }, bid.ErrEvidence},
		"a crooked picture":  {func(o *bid.Offer) { o.Evidence = []string{"a\nnote"} }, bid.ErrEvidence},
		"a step":             {func(o *bid.Offer) { o.Steps = step(11, 9_999) }, nil},
		"a step at the base": {func(o *bid.Offer) { o.Steps = step(10, 9_000) }, bid.ErrPriceStep},
		"a step up":          {func(o *bid.Offer) { o.Steps = step(20, 10_000) }, bid.ErrPriceStep},
		"a step to nothing":  {func(o *bid.Offer) { o.Steps = step(20, 99) }, bid.ErrPriceStep},
		"a step too far":     {func(o *bid.Offer) { o.QuantityMax, o.Steps = 19, step(20, 9_000) }, bid.ErrPriceStep},
		"two steps back": {func(o *bid.Offer) {
			o.Steps = []bid.PriceStep{{From: 20, UnitPrice: 9_000}, {From: 19, UnitPrice: 8_000}}
		}, bid.ErrPriceStep},
		"six steps": {func(o *bid.Offer) {
			for i := range int64(6) {
				o.Steps = append(o.Steps, bid.PriceStep{From: 20 + i, UnitPrice: 9_000 - i})
			}
		}, bid.ErrSteps},
	} {
		o := bidtest.Asks("a", 10_000).Offer
		c.change(&o)
		_, err := o.Parse(a, noon())
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		for _, one := range fail.All(err) {
			if one.Field == "" {
				t.Errorf("%s: %v has no field", name, one)
			}
		}
	}
	o := bidtest.Asks("a", 10_000).Offer
	o.Note, o.PromisedBy = "  두 줄\r\n이에요 ", bidtest.Promised().Add(time.Millisecond).In(time.FixedZone("KST", 9*3600))
	if got, err := o.Parse(a, noon()); err != nil || got.Note != "두 줄\n이에요" || got.PromisedBy != bidtest.Promised() {
		t.Errorf("not cleaned: %+v %v", got, err)
	}
}

func TestThePriceNeverRisesWithTheQuantity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := offers().Draw(t, "offer")
		last := o.PriceAt(o.QuantityMin)
		if last != o.UnitPrice {
			t.Fatalf("%d at the least quantity, %d asked", last, o.UnitPrice)
		}
		for q := o.QuantityMin; q < o.QuantityMin+40; q++ {
			price := o.PriceAt(q)
			if price > last || price < 100 {
				t.Fatalf("%d at %d, %d before", price, q, last)
			}
			last = price
		}
	})
}

// offers draws offers that an auction of 30 takes.
func offers() *rapid.Generator[bid.Offer] {
	return rapid.Custom(func(t *rapid.T) bid.Offer {
		o := bid.Offer{Delivery: bid.Shipping, UnitPrice: rapid.Int64Range(500, 20_000).Draw(t, "price"),
			QuantityMin: rapid.SampledFrom([]int64{1, 10, 30, 31, 40}).Draw(t, "least"), PromisedBy: bidtest.Promised(),
			Note: rapid.SampledFrom([]string{"", "바로 보내요", "note\nnote\nprice 1", " a"}).Draw(t, "note")}
		if rapid.Bool().Draw(t, "at a branch") {
			o.Delivery, o.BranchID = bid.AtBranch, "brn_1"
		}
		if rapid.Bool().Draw(t, "bounded") {
			o.QuantityMax = o.QuantityMin + rapid.Int64Range(0, 60).Draw(t, "more")
		}
		from, price := o.QuantityMin, o.UnitPrice
		for range rapid.IntRange(0, 3).Draw(t, "steps") {
			from += rapid.Int64Range(1, 15).Draw(t, "from")
			price -= rapid.Int64Range(1, 120).Draw(t, "less")
			if o.QuantityMax == 0 || from <= o.QuantityMax {
				o.Steps = append(o.Steps, bid.PriceStep{From: from, UnitPrice: price})
			}
		}
		if rapid.Bool().Draw(t, "evidence") {
			o.Evidence = []string{"/a/1.jpg", "/a/2.jpg"}
		}
		o.MadeToOrder = rapid.Bool().Draw(t, "made to order")
		return o
	})
}

func TestWhoMayBidAndWin(t *testing.T) {
	for _, c := range []struct {
		who      bid.Bidder
		bid, win error
	}{
		{bid.Bidder{}, bid.ErrNotRegistered, bid.ErrNotRegistered},
		{bid.Bidder{Registered: true, Deposit: 999}, bid.ErrDeposit, bid.ErrDeposit},
		{bid.Bidder{Registered: true, Deposit: 1000}, nil, bid.ErrUnverified},
		{bid.Bidder{Registered: true, Deposit: 1000, Verified: true}, nil, nil},
		{bid.Bidder{Registered: true, Deposit: 1000, Verified: true, Member: true}, bid.ErrOwnCrowd, bid.ErrOwnCrowd},
	} {
		if err := c.who.MayBid(1000); !errors.Is(err, c.bid) {
			t.Errorf("%+v bids: %v", c.who, err)
		}
		if err := c.who.MayWin(1000); !errors.Is(err, c.win) {
			t.Errorf("%+v wins: %v", c.who, err)
		}
	}
	o := bid.Offer{UnitPrice: 10_000, QuantityMin: 10}
	if got := bidtest.Figures().DepositFor(o); got != 3_000 {
		t.Errorf("a deposit of %d", got)
	}
	if o.QuantityMin = 100_000; bidtest.Figures().DepositFor(o) != 300_000 {
		t.Error("a deposit without end")
	}
}

// taker takes bids into a round and names them in their order.
type taker struct {
	*bid.Round
	rules bid.Rules
	n     int
}

func taking(a bid.Auction) *taker {
	return &taker{&bid.Round{Auction: a, Records: map[market.MerchantID]bid.Record{}}, bidtest.Figures(), 0}
}

func (k *taker) take(c bid.Command, now time.Time) (bid.Taken, error) {
	k.n++
	fresh := bid.Fresh{ID: market.BidID(fmt.Sprintf("bid_%02d", k.n)), Salt: strings.Repeat("ab", 32)}
	return k.Take(c, fresh, k.rules, now)
}

func TestAnOpenBidIsAStepBelowTheLowest(t *testing.T) {
	with := func(c bid.Command, change func(c *bid.Command)) bid.Command { change(&c); return c }
	least := func(n int64) func(c *bid.Command) { return func(c *bid.Command) { c.Offer.QuantityMin = n } }
	k := taking(running(bid.InTheOpen))
	for i, c := range []struct {
		what   bid.Command
		want   error
		lowest string
		price  int64
	}{
		{bidtest.Asks("a", 10_000), nil, "bid_00", 10_000},
		{bidtest.Asks("a", 9_000), bid.ErrOwnLowest, "bid_00", 10_000},
		{bidtest.Asks("b", 9_901), bid.ErrTooHigh, "bid_00", 10_000}, // a step is 100 won, and one hundredth of 10,000
		{bidtest.Asks("b", 9_900), nil, "bid_03", 9_900},
		{with(bidtest.Asks("c", 30_000), least(31)), nil, "bid_03", 9_900}, // for more people than were announced
		{with(bidtest.Asks("c", 5_000), func(c *bid.Command) { c.Offer.QuantityMax = 29 }), nil, "bid_03", 9_900},
		{bidtest.Asks("c", 9_800), nil, "bid_06", 9_800}, // in place of the one before
		{with(bidtest.Asks("a", 1_000), func(c *bid.Command) { c.Bidder.Member = true }), bid.ErrOwnCrowd, "bid_06", 9_800},
		{with(bidtest.Asks("a", 12_000), func(c *bid.Command) {
			c.Offer.Steps = []bid.PriceStep{{From: 30, UnitPrice: 9_700}} // what counts is the price for 30
		}), nil, "bid_08", 9_700},
	} {
		k.n = i - 1
		before := k.Auction
		got, err := k.take(c.what, noon())
		if !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%d: %v, want %v", i, err, c.want)
		}
		if k.Auction.Lowest != market.BidID(c.lowest) || k.Auction.LowestPrice != c.price {
			t.Errorf("%d: the lowest is %s, %d", i, k.Auction.Lowest, k.Auction.LowestPrice)
		}
		if err != nil && k.Auction != before {
			t.Errorf("%d: a refusal changed %+v into %+v", i, before, k.Auction)
		}
		if outbid := before.Lowest != k.Auction.Lowest; outbid != (got.Outbid != "") && before.Lowest != "" {
			t.Errorf("%d: outbid %q", i, got.Outbid)
		}
	}
	if len(k.Standing) != 3 || k.Auction.Bids != 3 || k.Auction.Seq != 6 {
		t.Errorf("%+v", k.Standing)
	}
	var refusal *fail.Error
	if _, err := k.take(bidtest.Asks("b", 9_700), noon()); !errors.As(err, &refusal) ||
		refusal.Args["Max"] != int64(9_600) {
		t.Errorf("what may be bid is not said: %+v", err)
	}
	k.Auction.Lowest, k.Auction.LowestPrice, k.Auction.Ceiling = "bid_08", 50, 0
	if _, err := k.take(bidtest.Asks("b", 100), noon()); !errors.Is(err, bid.ErrTooHigh) {
		t.Errorf("below the least price: %v", err)
	}
}

func TestASellerBidsSoOftenAndNotAfterBeingTakenOut(t *testing.T) {
	k := taking(running(bid.Sealed))
	k.Records["mer_a"] = bid.Record{Tries: 29}
	k.Records["mer_b"] = bid.Record{Tries: 1, Barred: true}
	if _, err := k.take(bidtest.Asks("a", 10_000), noon()); err != nil {
		t.Error(err)
	}
	if _, err := k.take(bidtest.Asks("a", 10_000), noon()); !errors.Is(err, bid.ErrTries) {
		t.Errorf("the 31st bid: %v", err)
	}
	if _, err := k.take(bidtest.Asks("b", 10_000), noon()); !errors.Is(err, bid.ErrBarred) {
		t.Errorf("who was taken out: %v", err)
	}
	k.Auction.Seq = 2000
	if _, err := k.take(bidtest.Asks("c", 10_000), noon()); !errors.Is(err, bid.ErrFull) {
		t.Errorf("bids without end: %v", err)
	}
}

func TestTheLastMinutesMoveTheClose(t *testing.T) {
	close := noon().Add(time.Hour)
	for _, c := range []struct {
		kind   bid.Kind
		state  bid.State
		before time.Duration // of the close
		had    int64         // extensions
		want   time.Duration // after the close, negative for a refusal
	}{
		{bid.InTheOpen, bid.Open, 3*time.Minute + time.Microsecond, 0, 0},
		{bid.InTheOpen, bid.Open, 3 * time.Minute, 0, 3 * time.Minute},
		{bid.InTheOpen, bid.Open, time.Second, 9, 3 * time.Minute},
		{bid.InTheOpen, bid.Open, time.Second, 10, 0},
		{bid.InTheOpen, bid.Open, 0, 0, 3 * time.Minute},
		{bid.InTheOpen, bid.Open, -time.Microsecond, 0, -1},
		{bid.InTheOpen, bid.Planned, time.Second, 0, 0},
		{bid.InTheOpen, bid.Planned, -time.Hour, 0, 0},
		{bid.InTheOpen, bid.Closed, time.Hour, 0, -1},
		{bid.Sealed, bid.Open, time.Second, 0, 0},
		{bid.Sealed, bid.Open, -time.Microsecond, 0, -1},
		{bid.Sealed, bid.Revealing, time.Hour, 0, -1},
		{bid.Sealed, bid.Void, time.Hour, 0, -1},
	} {
		a := running(c.kind)
		a.State, a.Extensions = c.state, c.had
		k := taking(a)
		got, err := k.take(bidtest.Asks("a", 10_000), close.Add(-c.before))
		if errors.Is(err, bid.ErrOver) != (c.want < 0) {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if moved := k.Auction.ClosesAt.Sub(close); c.want >= 0 && (moved != c.want || got.Extended != (c.want > 0)) {
			t.Errorf("%+v: the close moved by %v", c, moved)
		}
	}
}

func TestASealedBidTellsNothing(t *testing.T) {
	k := taking(running(bid.Sealed))
	first, err := k.take(bidtest.Asks("a", 10_000), noon())
	if err != nil {
		t.Fatal(err)
	}
	second, err := k.take(bidtest.Asks("b", 10_000), noon()) // as high: nobody can know
	if err != nil {
		t.Fatal(err)
	}
	again, err := k.take(bidtest.Asks("a", 12_000), noon()) // the newest counts, even a dearer one
	if err != nil || again.Replaced != first.Bid.ID || again.Bid.Seq != 3 {
		t.Fatalf("%+v %v", again, err)
	}
	digest := bid.ChainStart(bidtest.Wish)
	for i, got := range []bid.Taken{first, second, again} {
		b := got.Bid
		if b.Shown() || b.Deposit != 0 || fmt.Sprintf("%+v", b.Offer) != fmt.Sprintf("%+v", bid.Offer{}) {
			t.Errorf("%d tells %+v", i, b)
		}
		if !bid.Verify(got.Seal.Text, got.Seal.Salt, b.Commitment) {
			t.Errorf("%d does not verify", i)
		}
		if o, ok := got.Seal.Open(b); !ok || fmt.Sprintf("%+v", o) != fmt.Sprintf("%+v", got.Offer) {
			t.Errorf("%d opens to %+v", i, o)
		}
		digest = bid.Chain(digest, b.Seq, b.Commitment)
	}
	if a := k.Auction; a.Digest != digest || a.Lowest != "" || a.Bids != 2 || len(k.Standing) != 2 {
		t.Errorf("%+v", a)
	}
}
