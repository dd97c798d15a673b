package merge_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/merger"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// lane is two like wishes with a crowd each: people 1 to 4 want the first, people 4 to 6 the second.
type lane struct {
	*apptest.World
	from, into market.WishID
}

func each(t *testing.T, body func(l *lane)) {
	t.Helper()
	apptest.Each(t, func(w *apptest.World) {
		l := &lane{World: w}
		for n := 1; n <= 9; n++ {
			w.Account(apptest.Buyer(n), fmt.Sprint("사람 ", n))
		}
		l.from, l.into = l.post(1, "무선 청소기"), l.post(5, "무선청소기 조용한 것")
		for n := 2; n <= 4; n++ {
			l.join(n, l.from, wish.Firm)
		}
		l.join(3, l.from, wish.Watching)
		l.join(4, l.into, wish.Firm)
		l.join(6, l.into, wish.Watching)
		body(l)
	})
}

func (l *lane) post(n int, name string) market.WishID {
	l.T.Helper()
	one, err := l.Wanted.Post(l.Ctx, apptest.Buyer(n), wanted.PostCmd{Draft: wish.Draft{Name: name}, Key: name})
	l.Must(err)
	return one.ID
}

func (l *lane) join(n int, id market.WishID, kind wish.Kind) {
	l.T.Helper()
	_, err := l.Wanted.Join(l.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(n), WishID: id, Kind: kind})
	l.Must(err)
}

func (l *lane) find(id market.WishID) wish.Wish {
	l.T.Helper()
	one, err := wish.Find(l.Ctx, l.DB, id)
	l.Must(err)
	return one
}

func (l *lane) place(n int, id market.WishID) wish.Kind {
	l.T.Helper()
	m, err := wish.FindMember(l.Ctx, l.DB, wish.MemberKey{WishID: id, AccountID: apptest.Buyer(n).AccountID})
	l.Must(err)
	return m.Kind
}

func (l *lane) propose() {
	l.T.Helper()
	_, err := l.Merge.Propose(l.Ctx, apptest.Buyer(1), l.from, l.into)
	l.Must(err)
}

func (l *lane) state() merger.State {
	l.T.Helper()
	is, err := merger.Find(l.Ctx, l.DB, l.from)
	l.Must(err)
	return is.State
}

func TestPeopleOfLikeWishesComeTogether(t *testing.T) {
	each(t, func(l *lane) {
		l.propose()
		l.Must(l.RunAll(l.Ctx))
		l.Must(l.Merge.Agree(l.Ctx, apptest.Buyer(5), l.from))
		got := l.find(l.from)
		if got.State != wish.Merged || got.MergedInto != l.into || got.EndedAt.IsZero() {
			t.Fatalf("%+v", got)
		}
		for range 2 {
			l.Must(l.Merge.Bring(l.Ctx, l.from))
		}
		l.Must(l.RunAll(l.Ctx))
		// Silence stays interest: nobody counts who did not say so, and who had a place there keeps it.
		for n, want := range map[int]wish.Kind{1: wish.Watching, 2: wish.Watching, 3: wish.Watching, 4: wish.Firm,
			5: wish.Firm, 6: wish.Watching} {
			if kind := l.place(n, l.into); kind != want {
				t.Errorf("%d is %s, want %s", n, kind, want)
			}
		}
		if is := l.find(l.into); is.Firm != 2 || is.Watching != 4 || is.State != wish.Gathering {
			t.Errorf("%+v", is)
		}
		l.Must(l.Merge.Answer(l.Ctx, apptest.Buyer(1), l.from, merger.Yes))
		l.Must(l.Merge.Answer(l.Ctx, apptest.Buyer(1), l.from, merger.Yes))
		l.Must(l.Merge.Answer(l.Ctx, apptest.Buyer(2), l.from, merger.No))
		l.Must(l.Merge.Bring(l.Ctx, l.from))
		if is := l.find(l.into); is.Firm != 3 || is.Watching != 2 {
			t.Errorf("%+v", is)
		}
		if kind := l.place(2, l.into); kind != wish.Away {
			t.Errorf("who said no is %s", kind)
		}
		from, err := wish.MergedFrom(l.Ctx, l.DB, l.into, 5)
		if l.Must(err); len(from) != 1 || from[0].ID != l.from {
			t.Errorf("the way of the other names %+v", from)
		}
		if yes, err := merger.SaidYes(l.Ctx, l.DB, l.from); err != nil || yes != 1 {
			t.Errorf("%d said yes, %v", yes, err)
		}
		for _, n := range []int{5, 9} {
			if err := l.Merge.Answer(l.Ctx, apptest.Buyer(n), l.from, merger.Yes); !errors.Is(err, merger.ErrAnswer) {
				t.Errorf("%d was not asked: %v", n, err)
			}
		}
		for kind, want := range map[notice.Kind]int64{notice.WishPropose: 1, notice.WishAsked: 4} {
			n, err := db.One(l.Ctx, l.DB, db.Scalar[int64], `SELECT count(*) FROM notice WHERE kind = $1`, string(kind))
			if err != nil || n != want {
				t.Errorf("%s: %d told, want %d, %v", kind, n, want, err)
			}
		}
	})
}

func TestANoBeforeTheMoveStays(t *testing.T) {
	each(t, func(l *lane) {
		l.propose()
		l.Must(l.Merge.Agree(l.Ctx, apptest.Buyer(5), l.from))
		l.Must(l.Merge.Answer(l.Ctx, apptest.Buyer(2), l.from, merger.No))
		l.Must(l.RunAll(l.Ctx))
		if kind := l.place(2, l.into); kind != wish.Away {
			t.Errorf("who said no is %s", kind)
		}
	})
}

func TestBidsOfAMergedWishAreFree(t *testing.T) {
	each(t, func(l *lane) {
		l.Shop("mer_one", "가게", "본점")
		l.Approve("mer_one")
		taken, err := l.Auction.Place(l.Ctx, auction.PlaceCmd{Actor: apptest.Owner("mer_one"), WishID: l.from,
			MerchantID: "mer_one", Offer: bid.Offer{Delivery: bid.Shipping, UnitPrice: 9_000, QuantityMin: 1,
				PromisedBy: l.Clock.Now().AddDate(0, 0, 60)}})
		l.Must(err)
		l.propose()
		l.Must(l.Merge.Agree(l.Ctx, apptest.Buyer(5), l.from))
		b, err := bid.FindBid(l.Ctx, l.DB, taken.Bid.ID)
		if err != nil || b.Stands() {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

func TestAProposalEndsOnce(t *testing.T) {
	each(t, func(l *lane) {
		l.propose()
		if _, err := l.Merge.Propose(l.Ctx, apptest.Buyer(1), l.from, l.into); !errors.Is(err, merger.ErrAsked) {
			t.Errorf("asked twice: %v", err)
		}
		l.Must(l.Merge.TakeBack(l.Ctx, apptest.Buyer(1), l.from))
		if err := l.Merge.Agree(l.Ctx, apptest.Buyer(5), l.from); !errors.Is(err, merger.ErrOver) {
			t.Errorf("agreed to what was taken back: %v", err)
		}
		l.propose()
		l.Must(l.Merge.Refuse(l.Ctx, apptest.Buyer(5), l.from))
		if l.state() != merger.Refused || l.find(l.from).State != wish.Gathering {
			t.Error("refused, and moved")
		}
		l.propose()
		l.Clock.Advance(merger.AnswerTime)
		if err := l.Merge.Agree(l.Ctx, apptest.Buyer(5), l.from); !errors.Is(err, merger.ErrOver) {
			t.Errorf("agreed too late: %v", err)
		}
		l.Must(l.RunAll(l.Ctx))
		if l.state() != merger.Lapsed {
			t.Errorf("nobody ends it: %s", l.state())
		}
	})
}

func TestWhoMayMerge(t *testing.T) {
	each(t, func(l *lane) {
		for name, c := range map[string]struct {
			who        market.Actor
			from, into market.WishID
			want       error
		}{
			"a visitor":        {market.Actor{}, l.from, l.into, right.ErrSignIn},
			"a member":         {apptest.Buyer(2), l.from, l.into, right.ErrForbidden},
			"the other's lead": {apptest.Buyer(5), l.from, l.into, right.ErrForbidden},
			"into itself":      {apptest.Buyer(1), l.from, l.from, wish.ErrSame},
			"into nothing":     {apptest.Buyer(1), l.from, "wsh_none", wish.ErrNotFound},
		} {
			_, err := l.Merge.Propose(l.Ctx, c.who, c.from, c.into)
			if !errors.Is(err, c.want) && !(errors.Is(c.want, right.ErrForbidden) && errors.Is(err, right.ErrHidden)) {
				t.Errorf("%s: %v", name, err)
			}
		}
		l.propose()
		for _, n := range []int{1, 2, 6} {
			if err := l.Merge.Agree(l.Ctx, apptest.Buyer(n), l.from); err == nil {
				t.Errorf("%d agreed", n)
			}
		}
		if err := l.Merge.TakeBack(l.Ctx, apptest.Buyer(5), l.from); err == nil {
			t.Error("the other's lead took it back")
		}
		l.Clock.Advance(60 * 24 * time.Hour)
		l.Must(l.RunAll(l.Ctx))
		if _, err := l.Merge.Propose(l.Ctx, apptest.Buyer(1), l.from, l.into); !errors.Is(err, wish.ErrMergeLate) {
			t.Errorf("after its time: %v", err)
		}
	})
}
