package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// Zone is the one in which days and hours of the board are counted.
var Zone = deal.Zone

// Board is a merchant's home page, read from one consistent view.
type Board struct {
	Asked   catalog.Satisfaction // what guests and the shop said
	Deals   []Row                // running ones first
	Held    Held
	Today   Today
	Moments []Moment
	Lines   []Line
	Money   Money
	Reach   Reach
	Guess   deal.Guess // where the leading sale will probably end
	Guessed bool       // false while it is too early to guess
	At      time.Time
}

// Held is the clients' money kept for vouchers that nobody has used.
type Held struct {
	Won      int64 // in the ledger, before and after the point
	Vouchers int64 // that can still be used
}

// Today is the running day in Korea.
type Today struct {
	Uses   int64
	Guests int64 // distinct people who used something
	Net    int64 // won earned
	Joined int64 // distinct people who paid
	Units  int64 // paid by them
	Hours  [24]int64
}

// Busiest is the hour in which most people joined, and how many; −1 before anybody did.
func (t Today) Busiest() (hour int, people int64) {
	hour = -1
	for h, n := range t.Hours {
		if n > people {
			hour, people = h, n
		}
	}
	return hour, people
}

// Bounds of the board's lists.
const (
	rowsMax    = 200
	momentsMax = 8
	linesMax   = 6
)

// LoadBoard reads a merchant's board.
func LoadBoard(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (Board, error) {
	b := Board{At: now}
	var err error
	if b.Asked, err = catalog.Of(ctx, q, "merchant:"+string(shop)); err != nil {
		return b, err
	}
	if b.Deals, err = Deals(ctx, q, shop); err != nil {
		return b, err
	}
	if b.Held, err = held(ctx, q, shop); err != nil {
		return b, err
	}
	if b.Today, err = today(ctx, q, shop, now); err != nil {
		return b, err
	}
	if b.Moments, err = Moments(ctx, q, shop, momentsMax); err != nil {
		return b, err
	}
	if b.Lines, err = Latest(ctx, q, shop, linesMax); err != nil {
		return b, err
	}
	if b.Money, err = MoneyOf(ctx, q, shop); err != nil {
		return b, err
	}
	if b.Reach, err = ReachOf(ctx, q, shop, now); err != nil {
		return b, err
	}
	if lead, ok := b.Lead(); ok {
		b.Guess, b.Guessed, err = GuessOf(ctx, q, lead, now)
	}
	return b, err
}

// Lead is the deal that the board speaks of first: on sale or waiting for a decision, the most people first.
func (b Board) Lead() (Row, bool) {
	best := -1
	for i, r := range b.Deals {
		if !r.Gathering() {
			continue
		}
		if best < 0 || r.Deal.People > b.Deals[best].Deal.People {
			best = i
		}
	}
	if best < 0 {
		return Row{}, false
	}
	return b.Deals[best], true
}

func held(ctx context.Context, q db.Querier, shop market.MerchantID) (Held, error) {
	var h Held
	var err error
	h.Won, err = db.One(ctx, q, db.Scalar[int64], `SELECT CAST(coalesce(sum(balance), 0) AS bigint) FROM ledger_balance
 WHERE account IN ($2, $3) AND party IN (SELECT id FROM deal WHERE merchant_id = $1)`,
		string(shop), string(ledger.Pledge), string(ledger.Unredeemed))
	if err != nil {
		return h, err
	}
	h.Vouchers, err = db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM voucher
 WHERE deal_id IN (SELECT id FROM deal WHERE merchant_id = $1 AND paid_units > 0) AND state IN ('issued', 'active')`,
		string(shop))
	return h, err
}

// dayStart is the beginning of now's day in Korea.
func dayStart(now time.Time) time.Time {
	y, m, d := now.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone).UTC()
}

// holdSlack covers orders that were placed before midnight and paid after it.
const holdSlack = time.Hour

func today(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (Today, error) {
	var t Today
	start := dayStart(now)
	_, err := db.One(ctx, q, func(r db.Row) (struct{}, error) {
		return struct{}{}, r.Scan(&t.Uses, &t.Guests, &t.Net)
	}, `SELECT CAST(coalesce(sum(units), 0) AS bigint), count(DISTINCT account_id), CAST(coalesce(sum(net), 0) AS bigint)
 FROM redemption WHERE merchant_id = $1 AND id >= $2 AND at >= $3 AND state = 'accepted'`,
		string(shop), id.From(market.PrefixRedemption, start.Add(-holdSlack)), db.Micros(start))
	if err != nil {
		return t, err
	}
	type hour struct{ at, people, units int64 }
	rows, err := db.All(ctx, q, func(r db.Row) (hour, error) {
		var h hour
		err := r.Scan(&h.at, &h.people, &h.units)
		return h, err
	}, `SELECT (paid_at - $3) / 3600000000, count(DISTINCT account_id), CAST(sum(quantity - refunded_units) AS bigint)
 FROM orders WHERE deal_id IN (SELECT id FROM deal WHERE merchant_id = $1 AND state NOT IN ('draft', 'submitted',
 'returned', 'withdrawn', 'scheduled') AND ends_at >= $4)
 AND id >= $2 AND paid_at >= $3 AND state = 'paid' GROUP BY (paid_at - $3) / 3600000000`,
		string(shop), id.From(market.PrefixOrder, start.Add(-holdSlack)), db.Micros(start),
		db.Micros(start.Add(-24*time.Hour)))
	for _, h := range rows {
		if h.at >= 0 && h.at < 24 {
			t.Hours[h.at] = h.people
			t.Joined += h.people
			t.Units += h.units
		}
	}
	return t, err
}

// Quiet is the hour of the day in which the fewest guests came in four weeks, among those in which anybody came; ok is
// false before there is enough to tell.
func Quiet(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (hour int64, ok bool, err error) {
	since := now.Add(-quietWeeks * 7 * 24 * time.Hour)
	type slot struct{ hour, uses int64 }
	rows, err := db.All(ctx, q, func(r db.Row) (slot, error) {
		var s slot
		err := r.Scan(&s.hour, &s.uses)
		return s, err
	}, `SELECT ((at + 32400000000) / 3600000000) % 24, CAST(sum(units) AS bigint) FROM redemption
 WHERE merchant_id = $1 AND id >= $2 AND state = 'accepted' GROUP BY ((at + 32400000000) / 3600000000) % 24
 ORDER BY 2, 1`, string(shop), id.From(market.PrefixRedemption, since))
	var all int64
	for _, s := range rows {
		all += s.uses
	}
	if err != nil || all < quietLeast || len(rows) < quietSlots {
		return 0, false, err
	}
	return rows[0].hour, true, nil
}

const (
	quietWeeks = 4
	quietLeast = 40
	quietSlots = 4
)
