package fundtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/wish"
)

func work(w *apptest.World, shop market.MerchantID) report.WishWork {
	w.T.Helper()
	got, err := report.WishWorkOf(w.Ctx, w.DB, shop, w.Clock.Now())
	w.Must(err)
	return got
}

// TestASellersWorkIsCounted from the close of the bids to a dispute, for the shop alone whose work it is.
func TestASellersWorkIsCounted(t *testing.T) {
	choose(t, bid.InTheOpen, []bid.Offer{parcel(9_000, 5), parcel(9_500, 5)}, func(p *purse) {
		at := func(when string, want report.WishWork) {
			t.Helper()
			if got := work(p.World, potter(1)); got != want {
				t.Errorf("%s: %+v, not %+v", when, got, want)
			}
		}
		at("members look", report.WishWork{Choosing: 1})
		mine, err := bid.Standings(p.Ctx, p.DB, potter(1), []market.WishID{p.wish})
		p.Must(err)
		asked, err := p.Auction.Ask(p.Ctx, apptest.Buyer(2), p.wish, voice.Word{BidID: mine[p.wish].ID, Words: "언제 와요?"})
		p.Must(err)
		at("asked", report.WishWork{Choosing: 1, Questions: 1})
		_, err = p.Auction.Answer(p.Ctx, apptest.Owner(potter(1)), potter(1), voice.Word{BidID: mine[p.wish].ID,
			Answers: asked.ID, Words: "다음 주예요."})
		p.Must(err)
		at("answered", report.WishWork{Choosing: 1})
		p.Pass(24 * time.Hour)
		at("members pay", report.WishWork{Paying: 1})
		if got := work(p.World, potter(2)); got.Any() && got.Paying > 0 {
			t.Errorf("the loser: %+v", got)
		}
		p.all(1, 4)
		p.round()
		at("too few", report.WishWork{Asking: 1})
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(potter(1)), fund.AnswerCmd{WishID: p.wish, MerchantID: potter(1),
			Take: true}))
		p.Work()
		at("to send", report.WishWork{ToSend: 4})
		late, err := report.WishWorkOf(p.Ctx, p.DB, potter(1), p.escrow().ShipBy.Add(-47*time.Hour))
		p.Must(err)
		early, err := report.WishWorkOf(p.Ctx, p.DB, potter(1), p.escrow().ShipBy.Add(-49*time.Hour))
		p.Must(err)
		if (late != report.WishWork{ToSend: 4, SendToday: 4} || early != report.WishWork{ToSend: 4}) {
			t.Errorf("the day before the promise %+v, two days before %+v", late, early)
		}
		shares, err := escrow.ListShares(p.Ctx, p.DB, p.wish, "", 10)
		p.Must(err)
		_, err = p.Deliver.OpenDispute(p.Ctx, market.Actor{AccountID: shares[0].AccountID, Confirmed: true},
			deliver.DisputeCmd{OrderID: shares[0].OrderID, Reason: escrow.NotSent, Words: "아직 오지 않았어요."})
		p.Must(err)
		at("disputed", report.WishWork{ToSend: 3, Disputes: 1})
		_, err = p.Deliver.Speak(p.Ctx, apptest.Owner(potter(1)), deliver.SayCmd{OrderID: shares[0].OrderID,
			Say: escrow.SayGiveIn, AsSeller: true})
		p.Must(err)
		at("given in", report.WishWork{ToSend: 3})
	})
}

// TestNewWishesAreThoseOfFollowedKinds: with all that belongs to a kind and a place, for a week, until the shop offers.
func TestNewWishesAreThoseOfFollowedKinds(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		_, err := load.New(w.DB).Seed(w.Ctx, market.System())
		w.Must(err)
		area := market.RegionID("")
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) (err error) {
			members := []market.RegionID{"district_11040", "district_11240"}
			known, err := region.DrawBase(w.Ctx, tx, members)
			if err != nil {
				return err
			}
			a, err := region.Draw(region.Drawing{Name: "한강 동쪽", NameEN: "East of the river", Members: members},
				region.Region{}, known)
			if err != nil {
				return err
			}
			area, err = region.PutArea(w.Ctx, tx, a, members)
			return err
		}))
		for n, c := range []struct {
			follow, posted, place, wished string
			want                          int64
		}{
			{"learn", "learn.art", "", "", 1}, {"learn.art", "learn", "", "", 0}, {"", "eat", "", "district_11040", 1},
			{"eat", "eat.noodle", "province_11", "district_11040", 1}, {"eat", "eat", "district_11040", "province_11", 0},
			{"eat", "eat", "district_11040", "", 1}, {"eat", "eat", "district_11040", "district_11240", 0},
			{"eat", "eat", string(area), "district_11040", 1}, {"eat", "eat", string(area), "district_11010", 0},
		} {
			shop := market.MerchantID(fmt.Sprint("mer_follows_", n))
			w.Shop(shop, fmt.Sprint("가게 ", n), "본점")
			w.Account(apptest.Owner(shop), fmt.Sprint("주인 ", n))
			w.Approve(shop)
			w.Clock.Advance(8 * 24 * time.Hour) // those before are old by now
			w.Account(apptest.Buyer(n+1), fmt.Sprint("손님 ", n))
			w.Must(w.Announce.Follow(w.Ctx, apptest.Owner(shop), shop, announce.FollowCmd{
				CategoryID: market.CategoryID(c.follow), RegionID: market.RegionID(c.place)}))
			one, err := w.Wanted.Post(w.Ctx, apptest.Buyer(n+1), wanted.PostCmd{Draft: wish.Draft{Name: "함께 사요",
				CategoryID: market.CategoryID(c.posted), RegionID: market.RegionID(c.wished)}, Bids: bid.InTheOpen, Key: "post"})
			w.Must(err)
			if got := work(w, shop); got != (report.WishWork{New: c.want}) {
				t.Errorf("%+v: %+v", c, got)
			}
			if work(w, "mer_nobody").Any() {
				t.Error("a shop that follows nothing has something new")
			}
			if n%2 == 0 && c.want == 1 { // an offer makes it old at once
				_, err := w.Auction.Place(w.Ctx, auction.PlaceCmd{Actor: apptest.Owner(shop), WishID: one.ID, MerchantID: shop,
					Offer: bid.Offer{Delivery: bid.Shipping, UnitPrice: 9_000, QuantityMin: 5,
						PromisedBy: w.Clock.Now().AddDate(0, 0, 60)}})
				w.Must(err)
			} else {
				w.Clock.Advance(8 * 24 * time.Hour)
			}
			if got := work(w, shop); got.New != 0 {
				t.Errorf("%+v: still new", c)
			}
		}
	})
}
