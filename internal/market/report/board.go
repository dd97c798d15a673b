package report

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/daybook"
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

// LoadBoard reads a merchant's board; q must be one view of the database.
func LoadBoard(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (Board, error) {
	b := Board{At: now}
	var err error
	if b.Asked, err = catalog.Of(ctx, q, "merchant:"+string(shop)); err != nil {
		return b, err
	}
	if b.Deals, err = Deals(ctx, q, shop); err != nil {
		return b, err
	}
	figures, err := FiguresOf(ctx, q, shop)
	if err != nil {
		return b, err
	}
	if b.Held, err = held(ctx, q, shop, figures); err != nil {
		return b, err
	}
	if b.Today, err = today(ctx, q, figures, now); err != nil {
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
		b.Guess, b.Guessed, err = GuessOf(ctx, q, figures, Lead{lead, now})
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

func held(ctx context.Context, q db.Querier, shop market.MerchantID, f Figures) (Held, error) {
	var h Held
	var err error
	h.Won, err = db.One(ctx, q, db.Scalar[int64], `SELECT CAST(coalesce(sum(balance), 0) AS bigint) FROM ledger_balance
 WHERE account IN ($2, $3) AND party IN (SELECT id FROM deal WHERE merchant_id = $1)`,
		string(shop), string(ledger.Pledge), string(ledger.Unredeemed))
	if err != nil {
		return h, err
	}
	h.Vouchers, err = f.Usable(ctx, q)
	return h, err
}

func today(ctx context.Context, q db.Querier, f Figures, now time.Time) (Today, error) {
	var t Today
	day := daybook.DayOf(daybook.HourOf(now))
	first := daybook.HourOf(daybook.DayStart(day))
	hours, err := f.Hours(ctx, q, first)
	if err != nil {
		return t, err
	}
	for at, h := range hours {
		t.Uses += h.Uses
		t.Net += h.Net
		if n := at - first; n >= 0 && n < int64(len(t.Hours)) {
			t.Hours[n] = h.People
			t.Joined += h.People
			t.Units += h.Units
		}
	}
	t.Guests, err = f.Guests(ctx, q, day)
	return t, err
}

// Quiet is the hour of the day in which the fewest guests came in four weeks, among those in which anybody came; ok is
// false before there is enough to tell. q must be one view of the database.
func Quiet(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (hour int64, ok bool, err error) {
	f, err := FiguresOf(ctx, q, shop)
	if err != nil {
		return 0, false, err
	}
	hours, err := f.Hours(ctx, q, daybook.HourOf(now.Add(-quietWeeks*7*24*time.Hour)))
	if err != nil {
		return 0, false, err
	}
	var all int64
	slots := map[int64]int64{}
	for at, h := range hours {
		if h.Uses > 0 {
			slots[int64(hourStart(at).In(Zone).Hour())] += h.Uses
			all += h.Uses
		}
	}
	if all < quietLeast || len(slots) < quietSlots {
		return 0, false, nil
	}
	hour = -1
	for _, at := range slices.Sorted(maps.Keys(slots)) {
		if hour < 0 || slots[at] < slots[hour] {
			hour = at
		}
	}
	return hour, true, nil
}

const (
	quietWeeks = 4
	quietLeast = 40
	quietSlots = 4
)
