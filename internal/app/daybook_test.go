package app_test

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/daybook"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// days is a shop's random life over several days, with two sales: one of single uses, one of three.
type days struct {
	*apptest.World
	deals   []deal.Deal
	options []deal.Option
	orders  []order.Order
	uses    []voucher.Redemption
	keys    int
}

func openDays(w *apptest.World) *days {
	w.T.Helper()
	s := &days{World: w}
	for _, uses := range []int64{1, 3} {
		s.deals = append(s.deals, w.Scheduled(shop, func(x *deal.Offer) {
			x.Capacity, x.PerPerson, x.Threshold = 500, 100, 2
			x.Options[0].Quantity, x.Options[0].Uses = 500, uses
		}))
	}
	w.Clock.Set(s.deals[0].StartsAt.Add(time.Minute))
	w.Work()
	for _, d := range s.deals {
		o, err := deal.Options(w.Ctx, w.DB, d.ID)
		w.Must(err)
		s.options = append(s.options, o[0])
	}
	return s
}

// step lets something happen; refusals are part of life.
func (s *days) step(n int) {
	s.T.Helper()
	s.keys++
	switch what, pick := n%10, n/10; what {
	case 0, 1, 2:
		at := pick % 2
		if placed, err := s.Place(apptest.Buyer(pick/2%7), s.deals[at], s.options[at], int64(1+pick/14%3)); err == nil {
			if paid, err := s.Pay(apptest.Buyer(pick/2%7), placed.Order.ID, "ok"); err == nil {
				s.orders = append(s.orders, paid.Order)
			}
		}
	case 3, 4:
		if list := s.vouchers(pick); len(list) > 0 {
			v := list[pick%len(list)]
			used, err := s.Redeem.Do(s.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, "brn_1"), MerchantID: shop,
				BranchID: "brn_1", Text: s.Keys.Face(v.ID), Units: int64(1 + pick%2), Nonce: fmt.Sprintf("nonce-%07d", s.keys)})
			if err == nil {
				s.uses = append(s.uses, used.Redemption)
			}
		}
	case 5:
		if last := len(s.uses) - 1; last >= 0 {
			_, _ = s.Redeem.Undo(s.Ctx, apptest.Owner(shop), redeem.UndoCmd{RedemptionID: s.uses[last].ID, Reason: "잘못"})
			s.uses = s.uses[:last]
		}
	case 6:
		s.back(pick)
	case 7:
		s.Clock.Advance(time.Duration(1+pick%90+pick%3/2*900) * time.Minute)
	case 8:
		s.Work()
	default:
		_, err := s.Sealer.RunOnce(s.Ctx) // numbered, and not counted yet
		s.Must(err)
	}
}

// vouchers are those of some order.
func (s *days) vouchers(pick int) []voucher.Voucher {
	if len(s.orders) == 0 {
		return nil
	}
	list, err := voucher.OfOrder(s.Ctx, s.DB, s.orders[pick%len(s.orders)].ID)
	s.Must(err)
	return list
}

// back gives an order, one voucher of it, or the price of a use back.
func (s *days) back(pick int) {
	list := s.vouchers(pick)
	if len(list) == 0 {
		return
	}
	o := s.orders[pick%len(s.orders)]
	who := market.Actor{AccountID: o.AccountID, Confirmed: true}
	switch pick % 3 {
	case 0:
		_, _ = s.Refunds.Cancel(s.Ctx, who, o.ID)
	case 1:
		_, _ = s.Refunds.CancelVoucher(s.Ctx, who, list[len(list)-1].ID)
	default:
		if len(s.uses) > 0 {
			_, _ = s.Refunds.Grant(s.Ctx, apptest.Operator(), refund.GrantCmd{RedemptionID: s.uses[pick%len(s.uses)].ID,
				Won: 1_000, Reason: "국수가 식었어요", Key: fmt.Sprintf("grant-%d", s.keys)})
		}
	}
}

// figures are all that a board asks.
type figures struct {
	deals  [2]daybook.Deal
	usable int64
	guests int64
	hours  map[int64]daybook.Hour
	joins  map[int64]int64
}

func (s *days) read(f func(q db.Querier) report.Figures) (x figures) {
	s.T.Helper()
	hour := daybook.HourOf(s.Clock.Now())
	first := daybook.HourOf(daybook.DayStart(daybook.DayOf(hour)))
	s.Must(s.DB.Read(s.Ctx, func(q *db.ReadTx) (err error) {
		from := f(q)
		for i, d := range s.deals {
			if x.deals[i], err = from.Deal(s.Ctx, q, d.ID); err != nil {
				return err
			}
		}
		if x.usable, err = from.Usable(s.Ctx, q); err != nil {
			return err
		}
		if x.guests, err = from.Guests(s.Ctx, q, daybook.DayOf(hour)); err != nil {
			return err
		}
		if x.hours, err = from.Hours(s.Ctx, q, first); err != nil {
			return err
		}
		x.joins, err = from.Joins(s.Ctx, q, s.deals[pickOf(hour)].ID, hour-24)
		return err
	}))
	return x
}

func pickOf(hour int64) int64 { return hour % 2 }

// compare asks the daybook and its sources, in whatever state the feed is.
func (s *days) compare(after string) {
	s.T.Helper()
	kept := s.read(func(q db.Querier) report.Figures {
		view, err := daybook.Open(s.Ctx, q, shop)
		s.Must(err)
		if view == nil {
			s.T.Fatal("the daybook is far behind")
		}
		return view
	})
	direct := s.read(func(db.Querier) report.Figures { return report.Sources{Shop: shop} })
	if kept.deals != direct.deals || kept.usable != direct.usable || kept.guests != direct.guests ||
		!maps.Equal(kept.hours, direct.hours) || !maps.Equal(kept.joins, direct.joins) {
		s.T.Fatalf("%s: the daybook says\n%+v\nand its sources\n%+v", after, kept, direct)
	}
}

// rows are what the daybook keeps for good.
func (s *days) rows() map[string]int64 {
	s.T.Helper()
	type row struct {
		key string
		n   int64
	}
	list, err := db.All(s.Ctx, s.DB, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.key, &x.n)
		return x, err
	}, `SELECT 'deal ' || deal_id, orders + 3 * units + 7 * won + 11 * back_won + 13 * uses + 17 * net + 19 * usable
 FROM daybook_deal
 UNION ALL SELECT 'hour ' || hour, uses + 3 * net + 7 * people + 11 * units FROM daybook_hour
 UNION ALL SELECT 'day ' || day, guests FROM daybook_day
 UNION ALL SELECT 'pace ' || deal_id || hour, people FROM daybook_pace`)
	s.Must(err)
	out := make(map[string]int64, len(list))
	for _, x := range list {
		out[x.key] += x.n
	}
	return out
}

// lived sees that a life had what it is about.
func (s *days) lived() {
	s.T.Helper()
	kinds, err := db.All(s.Ctx, s.DB, db.Scalar[string], `SELECT DISTINCT kind FROM kit_event
 WHERE kind IN ('order.paid', 'order.refund_decided', 'voucher.redeemed', 'voucher.undone')`)
	s.Must(err)
	nights, err := db.One(s.Ctx, s.DB, db.Scalar[int64], `SELECT count(DISTINCT (at + 32400000000) / 86400000000)
 FROM kit_event WHERE kind IN ('order.paid', 'voucher.redeemed')`)
	s.Must(err)
	if len(kinds) != 4 || nights < 2 {
		s.T.Fatalf("a poor life: %v on %d days", kinds, nights)
	}
}

func liveDays(w *apptest.World, draws []int) {
	s := openDays(w)
	for i, n := range draws {
		n = n * 7_919 % 100_000 // examples are mostly small
		s.step(n)
		s.compare(fmt.Sprintf("step %d (%d)", i, n))
	}
	s.Work()
	s.compare("all work")
	s.lived()
	before := s.rows()
	s.Must(s.Feed.Rebuild(s.Ctx, daybook.Projection, daybook.Reset))
	if len(s.rows()) != 0 {
		s.T.Fatal("a reset leaves rows")
	}
	s.Work()
	if again := s.rows(); len(before) == 0 || !maps.Equal(before, again) {
		s.T.Fatalf("before %v\nrebuilt %v", before, again)
	}
}

// TestTheDaybookIsItsSources lives random days across midnights in Korea and compares, after every step and however far
// the feed is, the daybook with orders, vouchers and uses; a rebuild gives the same rows (53).
func TestTheDaybookIsItsSources(t *testing.T) {
	const steps = 120
	draw := rapid.SliceOfN(rapid.IntRange(0, 99_999), steps, steps)
	for seed := range 4 {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			apptest.Each(t, func(w *apptest.World) { liveDays(w, draw.Example(seed)) })
		})
	}
}

// TestABoardFarBehindAsksTheSources: a projection that has not caught up is not asked.
func TestABoardFarBehindAsksTheSources(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := openDays(w)
		s.Buy(apptest.Buyer(1), s.deals[0], s.options[0], 2)
		s.Work()
		s.Must(s.DB.Write(s.Ctx, func(tx *db.Tx) error { return spoil(s.Ctx, tx) }))
		s.Must(s.DB.Read(s.Ctx, func(q *db.ReadTx) error {
			f, err := report.FiguresOf(s.Ctx, q, shop)
			if err != nil {
				return err
			}
			got, err := f.Deal(s.Ctx, q, s.deals[0].ID)
			if _, direct := f.(report.Sources); !direct || got.Units != 2 || got.Usable != 2 {
				s.T.Errorf("%T says %+v", f, got)
			}
			return err
		}))
	})
}

// spoil puts the feed far ahead of the daybook.
func spoil(ctx context.Context, tx *db.Tx) error {
	_, err := db.Exec(ctx, tx, `UPDATE kit_feed SET seq = seq + 10000 WHERE name = 'events'`)
	return err
}
