package announce_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/lookout"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

const crowd = 12 // of a class

// square is a wish of a class with its crowd, and shops around it that have accounts.
type square struct {
	*apptest.World
	wish market.WishID
}

func each(t *testing.T, body func(s *square)) {
	t.Helper()
	apptest.Each(t, func(w *apptest.World) {
		s := &square{World: w}
		kinds, err := category.Shipped()
		w.Must(err)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error { return category.Put(w.Ctx, tx, kinds) }))
		for n := 1; n <= crowd; n++ {
			w.Account(apptest.Buyer(n), fmt.Sprint("사람 ", n))
		}
		one, err := w.Wanted.Post(w.Ctx, apptest.Buyer(1), wanted.PostCmd{Draft: wish.Draft{Name: "주말 도예 수업",
			CategoryID: "learn.art"}, Key: "post"})
		w.Must(err)
		s.wish = one.ID
		body(s)
	})
}

func (s *square) shop(n int, follows ...announce.FollowCmd) (market.MerchantID, market.Actor) {
	s.T.Helper()
	id := market.MerchantID(fmt.Sprint("mer_shop_", n))
	s.Shop(id, fmt.Sprint("공방 ", n), "본점")
	s.Approve(id)
	owner := s.Account(apptest.Owner(id), fmt.Sprint("주인 ", n))
	for _, f := range follows {
		s.Must(s.Announce.Follow(s.Ctx, owner, id, f))
	}
	return id, owner
}

func (s *square) gather() {
	s.T.Helper()
	for n := 2; n <= crowd; n++ {
		_, err := s.Wanted.Join(s.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(n), WishID: s.wish, Kind: wish.Firm})
		s.Must(err)
	}
}

func (s *square) count(text string, args ...any) int64 {
	s.T.Helper()
	n, err := db.One(s.Ctx, s.DB, db.Scalar[int64], text, args...)
	s.Must(err)
	return n
}

func (s *square) notices(kind notice.Kind) int64 {
	return s.count(`SELECT count(*) FROM notice WHERE kind = $1`, string(kind))
}

func (s *square) letters(key string) int64 {
	return s.count(`SELECT count(*) FROM kit_job WHERE kind = 'mail.send' AND payload LIKE $1`,
		"%announce.letter."+key+"%")
}

func TestShopsOfTheKindAreToldOnce(t *testing.T) {
	each(t, func(s *square) {
		s.shop(1, announce.FollowCmd{CategoryID: "learn"})
		s.shop(2, announce.FollowCmd{CategoryID: "learn.art"}, announce.FollowCmd{})
		s.shop(3, announce.FollowCmd{CategoryID: "eat"})
		s.shop(4)
		quiet, who := s.shop(5, announce.FollowCmd{})
		s.Must(s.Announce.Letters(s.Ctx, who, quiet, false))
		s.Must(s.RunAll(s.Ctx))
		if n := s.notices(notice.WishSought); n != 0 {
			t.Errorf("%d shops were told before the point", n)
		}
		s.gather()
		s.Must(s.RunAll(s.Ctx))
		job := event.WishTellJob{WishID: s.wish, Step: string(notice.WishSought)}
		for range 2 {
			s.Must(s.Announce.Tell(s.Ctx, job))
		}
		if n := s.notices(notice.WishSought); n != 3 {
			t.Errorf("%d shops were told, want those that follow the category, one above it, or all", n)
		}
		if n := s.letters("wish_sought"); n != 2 {
			t.Errorf("%d letters, want none to who ended them", n)
		}
		if reach, err := s.Announce.Reach(s.Ctx, s.wish); err != nil || reach.Shops != 3 || reach.At.IsZero() {
			t.Errorf("reach %+v, %v", reach, err)
		}
		s.shop(6, announce.FollowCmd{}) // who follows later is told by the next run, and the others not again
		s.Must(s.Announce.Tell(s.Ctx, job))
		if n := s.notices(notice.WishSought); n != 4 {
			t.Errorf("%d", n)
		}
	})
}

// TestThousandsAreToldInPieces tells more shops than one piece holds, twice at once and after a stop in the middle.
func TestThousandsAreToldInPieces(t *testing.T) {
	each(t, func(s *square) {
		const shops = 150
		for n := range shops {
			s.shop(100+n, announce.FollowCmd{CategoryID: "learn"})
		}
		s.gather()
		job := event.WishTellJob{WishID: s.wish, Step: string(notice.WishSought)}
		s.Must(s.DB.Write(s.Ctx, func(tx *db.Tx) error { // a run that stopped after one shop
			_, err := lookout.Told(s.Ctx, tx, s.wish, []market.MerchantID{"mer_shop_100"})
			return err
		}))
		done := make(chan error)
		for range 2 {
			go func() { done <- s.Announce.Tell(s.Ctx, job) }()
		}
		s.Must(errors.Join(<-done, <-done))
		if n := s.notices(notice.WishSought); n != shops-1 {
			t.Errorf("%d told, want all but the one that was", n)
		}
		if n := s.letters("wish_sought"); n != shops-1 {
			t.Errorf("%d letters", n)
		}
	})
}

func TestMembersAreToldOfEachStepOnce(t *testing.T) {
	each(t, func(s *square) {
		id, _ := s.shop(1)
		_, err := s.Wanted.Join(s.Ctx, wanted.JoinCmd{Actor: s.Account(apptest.Buyer(50), "구경"), WishID: s.wish,
			Kind: wish.Watching})
		s.Must(err)
		s.gather()
		s.Must(s.RunAll(s.Ctx))
		for price := int64(50_000); price > 40_000; price -= 5_000 {
			shop, owner := id, apptest.Owner(id)
			if price < 50_000 {
				shop, owner = s.shop(2)
			}
			_, err := s.Auction.Place(s.Ctx, auction.PlaceCmd{Actor: owner, WishID: s.wish, MerchantID: shop,
				Offer: bid.Offer{Delivery: bid.Shipping, UnitPrice: price, QuantityMin: 5,
					PromisedBy: s.Clock.Now().AddDate(0, 0, 30)}})
			s.Must(err)
			s.Must(s.RunAll(s.Ctx))
		}
		want := func(kind notice.Kind, n int64) {
			t.Helper()
			if got := s.notices(kind); got != n {
				t.Errorf("%s: %d told, want %d", kind, got, n)
			}
		}
		want(notice.WishReached, crowd+1)
		want(notice.WishOffered, crowd+1)
		want(notice.WishClosing, 0)
		s.Clock.Advance(67 * time.Hour) // of 72
		s.Must(s.RunAll(s.Ctx))
		want(notice.WishClosing, crowd+1)
		for range 3 {
			s.Clock.Advance(24 * time.Hour)
			s.Must(s.RunAll(s.Ctx))
		}
		want(notice.WishLook, crowd+1)
		want(notice.WishAwarded, crowd+1)
		want(notice.WishNothing, 0)
		if n := s.letters("wish_reached"); n != crowd {
			t.Errorf("%d letters, want one to each firm member", n)
		}
	})
}

func TestMembersAreToldThatNothingCameOfIt(t *testing.T) {
	each(t, func(s *square) {
		s.Clock.Advance(90 * 24 * time.Hour)
		s.Must(s.RunAll(s.Ctx))
		if n := s.notices(notice.WishNothing); n != 1 {
			t.Errorf("%d told", n)
		}
		if n := s.letters("wish_nothing"); n != 1 {
			t.Errorf("%d letters", n)
		}
	})
}

func TestWhatAShopFollows(t *testing.T) {
	each(t, func(s *square) {
		id, owner := s.shop(1, announce.FollowCmd{CategoryID: "learn"}, announce.FollowCmd{CategoryID: "learn"})
		got, err := s.Announce.Following(s.Ctx, owner, id)
		if err != nil || len(got.Kinds) != 1 || got.Kinds[0].CategoryID != "learn" || !got.Letters {
			t.Fatalf("%+v, %v", got, err)
		}
		if err := s.Announce.Follow(s.Ctx, owner, id, announce.FollowCmd{CategoryID: "no.such"}); !errors.Is(err,
			lookout.ErrCategory) {
			t.Errorf("no category: %v", err)
		}
		if err := s.Announce.Follow(s.Ctx, owner, id, announce.FollowCmd{RegionID: "gu_0"}); !errors.Is(err,
			lookout.ErrRegion) {
			t.Errorf("no region: %v", err)
		}
		other, stranger := s.shop(2)
		if err := s.Announce.Follow(s.Ctx, stranger, id, announce.FollowCmd{}); !errors.Is(err, right.ErrHidden) {
			t.Errorf("another shop: %v", err)
		}
		if err := s.Announce.Unfollow(s.Ctx, stranger, other, got.Kinds[0].ID); !errors.Is(err, lookout.ErrNotFound) {
			t.Errorf("another shop's kind: %v", err)
		}
		s.Must(s.Announce.Unfollow(s.Ctx, owner, id, got.Kinds[0].ID))
		if got, err = s.Announce.Following(s.Ctx, owner, id); err != nil || len(got.Kinds) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
		link, err := url.Parse(s.Announce.OffHref(owner.AccountID, id))
		s.Must(err)
		off := announce.Off{AccountID: owner.AccountID, MerchantID: id, Mark: link.Query().Get("mark")}
		forged := off
		forged.MerchantID = other
		if err := s.Announce.EndLetters(s.Ctx, forged); !errors.Is(err, announce.ErrLink) {
			t.Errorf("a forged link: %v", err)
		}
		s.Must(s.Announce.EndLetters(s.Ctx, off))
		if takes, err := lookout.TakesLetters(s.Ctx, s.DB, owner.AccountID, id); err != nil || takes {
			t.Errorf("takes letters still, %v", err)
		}
		if !strings.HasPrefix(link.Path, "/letters/off/wishes") {
			t.Error(link)
		}
	})
}
