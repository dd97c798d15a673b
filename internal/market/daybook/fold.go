package daybook

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
)

// Deal is what a deal's sales and uses add up to.
type Deal struct {
	Orders    int64 // that were paid
	Units     int64 // paid and not given back
	Won       int64 // the same
	BackUnits int64
	BackWon   int64
	Uses      int64
	Net       int64 // won earned by uses
	Usable    int64 // vouchers that can still be used, or will be once the deal tips
}

func (d Deal) plus(o Deal) Deal {
	return Deal{Orders: d.Orders + o.Orders, Units: d.Units + o.Units, Won: d.Won + o.Won,
		BackUnits: d.BackUnits + o.BackUnits, BackWon: d.BackWon + o.BackWon, Uses: d.Uses + o.Uses, Net: d.Net + o.Net,
		Usable: d.Usable + o.Usable}
}

// Hour is what an hour brought a shop.
type Hour struct {
	Uses   int64
	Net    int64 // won
	People int64 // distinct ones who paid in it and have not given all of it back
	Units  int64 // paid in it and not given back
}

func (h Hour) plus(o Hour) Hour {
	return Hour{Uses: h.Uses + o.Uses, Net: h.Net + o.Net, People: h.People + o.People, Units: h.Units + o.Units}
}

type dealKey struct {
	shop market.MerchantID
	deal market.DealID
}

type hourKey struct {
	shop market.MerchantID
	hour int64
}

type paceKey struct {
	deal market.DealID
	hour int64
}

type dayKey struct {
	shop market.MerchantID
	day  int64
}

// personKey is somebody in a shop's hour, or on a shop's day.
type personKey struct {
	shop    market.MerchantID
	at      int64
	account market.AccountID
}

type buyerKey struct {
	personKey
	deal market.DealID
}

// fold is what some events change: sums by how much, and those who are counted as they then are.
type fold struct {
	deals  map[dealKey]Deal
	hours  map[hourKey]Hour
	paces  map[paceKey]int64
	days   map[dayKey]int64
	buyers map[buyerKey]int64  // units
	bought map[personKey]int64 // units of all deals
	guests map[personKey]int64 // uses
}

const (
	hourMicros = int64(time.Hour / time.Microsecond)
	dayHours   = 24
	// zoneHours is how far Korea is ahead; whole hours, so that its days begin with one.
	zoneHours = 9
	// Later than this after an hour, what becomes of its purchases changes no count of people any more.
	countedHours = 2 * dayHours
	keptHours    = 3 * dayHours
)

// HourOf numbers the hour of an instant.
func HourOf(t time.Time) int64 { return db.Micros(t) / hourMicros }

// DayOf numbers the day of an hour in Korea.
func DayOf(hour int64) int64 { return (hour + zoneHours) / dayHours }

// DayStart is the first instant of a day in Korea.
func DayStart(day int64) time.Time { return db.FromMicros((day*dayHours - zoneHours) * hourMicros) }

func (f fact) hour() int64 { return HourOf(f.about) }

// fresh reports a fact that still changes who is counted in its hour. It hangs on the event alone, so that a rebuild
// decides alike.
func (f fact) fresh() bool { return f.hour() >= HourOf(f.at)-countedHours }

// foldOf adds events up, with who has been counted before.
func foldOf(ctx context.Context, q db.Querier, events []feed.Event) (*fold, error) {
	facts, err := read(ctx, q, events)
	if err != nil {
		return nil, err
	}
	f := &fold{deals: map[dealKey]Deal{}, hours: map[hourKey]Hour{}, paces: map[paceKey]int64{},
		days: map[dayKey]int64{}, buyers: map[buyerKey]int64{}, bought: map[personKey]int64{},
		guests: map[personKey]int64{}}
	if err := f.load(ctx, q, facts); err != nil {
		return nil, err
	}
	for _, x := range facts {
		f.take(x)
	}
	return f, nil
}

func (f *fold) take(x fact) {
	switch e := x.event.(type) {
	case *event.OrderPaid:
		f.deal(e.MerchantID, e.DealID, Deal{Orders: 1, Units: e.Units, Won: e.Amount, Usable: e.Units})
		f.hour(e.MerchantID, x.hour(), Hour{Units: e.Units})
		f.buy(buyerKey{personKey{e.MerchantID, x.hour(), e.AccountID}, e.DealID}, e.Units)
	case *event.OrderRefundDecided:
		f.deal(e.MerchantID, e.DealID, Deal{Units: -e.Units, Won: -e.Amount, BackUnits: e.Units, BackWon: e.Amount,
			Usable: -e.Units})
		if e.Units == 0 {
			return // the price of a use, or of an expired voucher: no unit goes back
		}
		f.hour(e.MerchantID, x.hour(), Hour{Units: -e.Units})
		if x.fresh() {
			f.buy(buyerKey{personKey{e.MerchantID, x.hour(), e.AccountID}, e.DealID}, -e.Units)
		}
	case *event.VoucherRedeemed:
		f.deal(e.MerchantID, e.DealID, Deal{Uses: e.Units, Net: e.Net, Usable: -x.one()})
		f.hour(e.MerchantID, x.hour(), Hour{Uses: e.Units, Net: e.Net})
		f.visit(personKey{e.MerchantID, DayOf(x.hour()), e.AccountID}, 1)
	case *event.VoucherUndone:
		f.deal(e.MerchantID, e.DealID, Deal{Uses: -e.Units, Net: -e.Net, Usable: x.one()})
		f.hour(e.MerchantID, x.hour(), Hour{Uses: -e.Units, Net: -e.Net})
		if x.fresh() {
			f.visit(personKey{e.MerchantID, DayOf(x.hour()), e.AccountID}, -1)
		}
	case *event.VoucherExpired:
		f.deal(e.MerchantID, e.DealID, Deal{Usable: -1})
	}
}

// one is 1 for a use that ends its voucher.
func (f fact) one() int64 {
	if f.ends {
		return 1
	}
	return 0
}

func (f *fold) deal(shop market.MerchantID, id market.DealID, by Deal) {
	key := dealKey{shop, id}
	f.deals[key] = f.deals[key].plus(by)
}

func (f *fold) hour(shop market.MerchantID, hour int64, by Hour) {
	key := hourKey{shop, hour}
	f.hours[key] = f.hours[key].plus(by)
}

// buy moves somebody's units in an hour: of one deal, for its pace, and of all deals, for the shop's hour.
func (f *fold) buy(key buyerKey, units int64) {
	f.paces[paceKey{key.deal, key.at}] += turn(f.buyers[key], units)
	f.buyers[key] += units
	f.hour(key.shop, key.at, Hour{People: turn(f.bought[key.personKey], units)})
	f.bought[key.personKey] += units
}

func (f *fold) visit(key personKey, uses int64) {
	f.days[dayKey{key.shop, key.at}] += turn(f.guests[key], uses)
	f.guests[key] += uses
}

// turn is by how many people a count moves when somebody who had so many gets some more, or loses some.
func turn(had, by int64) int64 {
	switch {
	case had <= 0 && had+by > 0:
		return 1
	case had > 0 && had+by <= 0:
		return -1
	}
	return 0
}
