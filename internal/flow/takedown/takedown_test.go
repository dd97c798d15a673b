package takedown_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/takedown"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

const seller = market.MerchantID("mer_potter")

// square is a wish with two members and a seller's bid.
type square struct {
	*apptest.World
	wish market.WishID
}

func each(t *testing.T, body func(s *square)) {
	t.Helper()
	apptest.Each(t, func(w *apptest.World) {
		s := &square{World: w}
		for n := 1; n <= 2; n++ {
			w.Account(apptest.Buyer(n), "손님")
		}
		w.Shop(seller, "공방", "본점")
		w.Account(apptest.Owner(seller), "사장")
		w.Approve(seller)
		one, err := w.Wanted.Post(w.Ctx, apptest.Buyer(1), wanted.PostCmd{Draft: wish.Draft{Name: "수면제 공동구매",
			Details: "처방 없이 살 수 있는 곳", Photo: "photo", CategoryID: "learn.class"}, Key: "post"})
		w.Must(err)
		s.wish = one.ID
		_, err = w.Wanted.Join(w.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(2), WishID: s.wish, Kind: wish.Firm})
		w.Must(err)
		_, err = w.Auction.Place(w.Ctx, auction.PlaceCmd{Actor: apptest.Owner(seller), WishID: s.wish, MerchantID: seller,
			Offer: bid.Offer{Delivery: bid.Shipping, UnitPrice: 10_000, QuantityMin: 1,
				PromisedBy: w.Clock.Now().AddDate(0, 0, 30)}})
		w.Must(err)
		body(s)
	})
}

func (s *square) cmd() takedown.Cmd {
	return takedown.Cmd{WishID: s.wish, Ground: wish.GroundGoods, Words: "약국에서만 팔 수 있는 약이에요.", Key: "down"}
}

func (s *square) find() wish.Wish {
	s.T.Helper()
	one, err := wish.Find(s.Ctx, s.DB, s.wish)
	s.Must(err)
	return one
}

func (s *square) count(text string, args ...any) int64 {
	s.T.Helper()
	n, err := db.One(s.Ctx, s.DB, db.Scalar[int64], text, args...)
	s.Must(err)
	return n
}

// TestOnlyTheOperatorTakesDown: with a ground, readable words and a key; nobody else, and nothing less.
func TestOnlyTheOperatorTakesDown(t *testing.T) {
	each(t, func(s *square) {
		for _, who := range []market.Actor{apptest.Buyer(1), apptest.Buyer(9), apptest.Owner(seller)} {
			if err := s.TakeDown.Do(s.Ctx, who, s.cmd()); !errors.Is(err, right.ErrHidden) && !errors.Is(err,
				right.ErrForbidden) {
				t.Errorf("%s: %v", who.AccountID, err)
			}
		}
		for name, c := range map[string]struct {
			change func(*takedown.Cmd)
			want   error
		}{
			"no key":    {func(c *takedown.Cmd) { c.Key = "" }, takedown.ErrKeyMissing},
			"no ground": {func(c *takedown.Cmd) { c.Ground = "dislike" }, wish.ErrGround},
			"no words":  {func(c *takedown.Cmd) { c.Words = " 그냥 " }, wish.ErrDownWords},
			"no wish":   {func(c *takedown.Cmd) { c.WishID = "wsh_none" }, wish.ErrNotFound},
		} {
			cmd := s.cmd()
			c.change(&cmd)
			if err := s.TakeDown.Do(s.Ctx, apptest.Operator(), cmd); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if one := s.find(); one.TakenDown() || one.Name != "수면제 공동구매" {
			t.Errorf("%+v", one)
		}
	})
}

// TestNobodyReadsWhatWasTakenDown: what it said is in no reading, list or search; everybody concerned is told, and the
// act stands in the audit log, once.
func TestNobodyReadsWhatWasTakenDown(t *testing.T) {
	each(t, func(s *square) {
		s.Must(s.TakeDown.Do(s.Ctx, apptest.Operator(), s.cmd()))
		s.Must(s.TakeDown.Do(s.Ctx, apptest.Operator(), s.cmd()))
		other := s.cmd()
		other.Key = "again"
		if err := s.TakeDown.Do(s.Ctx, apptest.Operator(), other); !errors.Is(err, wish.ErrDownAlready) {
			t.Errorf("another act: %v", err)
		}
		one := s.find()
		if one.State != wish.Closed || one.Outcome != wish.OutcomeTakenDown || one.Name != "–" || one.Details != "" ||
			one.Photo != "" || !errors.Is(one.Readable(), wish.ErrDown) {
			t.Errorf("%+v", one)
		}
		for _, f := range []wish.Filter{{}, {States: []wish.State{wish.Closed}}} {
			if list, _, err := wish.List(s.Ctx, s.DB, f); err != nil || len(list) != 0 {
				t.Errorf("%+v: %v, %v", f, list, err)
			}
		}
		if list, _, err := wish.List(s.Ctx, s.DB, wish.Filter{Down: true}); err != nil || len(list) != 1 {
			t.Errorf("taken down: %v, %v", list, err)
		}
		if found, err := wish.Found(s.Ctx, s.DB, s.WishIndex, "수면제", 10); err != nil || len(found) != 0 {
			t.Errorf("found: %v, %v", found, err)
		}
		kept, err := wish.SaidOf(s.Ctx, s.DB, []market.WishID{s.wish})
		if s.Must(err); kept[s.wish].Name != "수면제 공동구매" {
			t.Errorf("its author reads %+v", kept)
		}
		a, err := bid.Find(s.Ctx, s.DB, s.wish)
		if s.Must(err); !a.In(bid.Void) || a.Reason != bid.VoidDown || a.Bids != 0 {
			t.Errorf("%+v", a)
		}
		if _, err := s.Wanted.Join(s.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(2), WishID: s.wish,
			Kind: wish.Away}); !errors.Is(err, wish.ErrOver) {
			t.Errorf("left it: %v", err)
		}
		s.Work()
		if n := s.count(`SELECT count(*) FROM notice WHERE kind = $1 AND title NOT LIKE '%수면제%'`,
			string(notice.WishDown)); n != 3 {
			t.Errorf("%d are told, not two members and a seller", n)
		}
		if n := s.count(`SELECT count(*) FROM notice WHERE kind = $1`, string(notice.WishNothing)); n != 0 {
			t.Errorf("%d are told that nothing came of it", n)
		}
		log, err := audit.List(s.Ctx, s.DB, audit.Filter{Resource: string(s.wish), Limit: 10})
		if s.Must(err); len(log) != 1 || log[0].Action != "wish.take_down" {
			t.Errorf("%+v", log)
		}
	})
}
