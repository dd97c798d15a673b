package daybook

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
)

// Project counts a batch of events; kit/feed moves its place in the same transaction.
func Project(ctx context.Context, tx *db.Tx, events []feed.Event) error {
	f, err := foldOf(ctx, tx, events)
	if err != nil {
		return err
	}
	if err := f.save(ctx, tx); err != nil {
		return err
	}
	first := events[0].At
	for _, e := range events {
		if e.At.Before(first) {
			first = e.At
		}
	}
	return prune(ctx, tx, first)
}

// Reset empties the tables for a new beginning.
func Reset(ctx context.Context, tx *db.Tx) error {
	for _, text := range []string{`DELETE FROM daybook_deal`, `DELETE FROM daybook_hour`, `DELETE FROM daybook_pace`,
		`DELETE FROM daybook_day`, `DELETE FROM daybook_buyer`, `DELETE FROM daybook_guest`} {
		if _, err := db.Exec(ctx, tx, text); err != nil {
			return err
		}
	}
	return nil
}

// load reads who has been counted in the hours and on the days that facts are about.
func (f *fold) load(ctx context.Context, q db.Querier, facts []fact) error {
	buyers, guests := map[hourKey][]market.AccountID{}, map[dayKey][]market.AccountID{}
	for _, x := range facts {
		switch e := x.event.(type) {
		case *event.OrderPaid:
			key := hourKey{e.MerchantID, x.hour()}
			buyers[key] = append(buyers[key], e.AccountID)
		case *event.OrderRefundDecided:
			key := hourKey{e.MerchantID, x.hour()}
			buyers[key] = append(buyers[key], e.AccountID)
		case *event.VoucherRedeemed:
			key := dayKey{e.MerchantID, DayOf(x.hour())}
			guests[key] = append(guests[key], e.AccountID)
		case *event.VoucherUndone:
			key := dayKey{e.MerchantID, DayOf(x.hour())}
			guests[key] = append(guests[key], e.AccountID)
		}
	}
	for key, accounts := range buyers {
		if err := f.loadBuyers(ctx, q, key, distinct(accounts)); err != nil {
			return err
		}
	}
	for key, accounts := range guests {
		if err := f.loadGuests(ctx, q, key, distinct(accounts)); err != nil {
			return err
		}
	}
	return nil
}

func distinct(ids []market.AccountID) []market.AccountID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (f *fold) loadBuyers(ctx context.Context, q db.Querier, at hourKey, accounts []market.AccountID) error {
	type row struct {
		account market.AccountID
		deal    market.DealID
		units   int64
	}
	rows, err := db.ByIDsOf(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.account, &x.deal, &x.units)
		return x, err
	}, db.Bound{Text: `SELECT account_id, deal_id, units FROM daybook_buyer WHERE hour = $1 AND merchant_id = $2
 AND account_id IN ` + db.IDsMark, Args: []any{at.hour, string(at.shop)}}, accounts)
	for _, x := range rows {
		key := personKey{at.shop, at.hour, x.account}
		f.buyers[buyerKey{key, x.deal}] = x.units
		f.bought[key] += x.units
	}
	return err
}

func (f *fold) loadGuests(ctx context.Context, q db.Querier, at dayKey, accounts []market.AccountID) error {
	type row struct {
		account market.AccountID
		uses    int64
	}
	rows, err := db.ByIDsOf(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.account, &x.uses)
		return x, err
	}, db.Bound{Text: `SELECT account_id, uses FROM daybook_guest WHERE day = $1 AND merchant_id = $2
 AND account_id IN ` + db.IDsMark, Args: []any{at.day, string(at.shop)}}, accounts)
	for _, x := range rows {
		f.guests[personKey{at.shop, at.day, x.account}] = x.uses
	}
	return err
}

var (
	addDeal = db.Insert{Table: "daybook_deal", Columns: []string{"deal_id", "merchant_id", "orders", "units", "won",
		"back_units", "back_won", "uses", "net", "usable"},
		OnConflict: `ON CONFLICT (deal_id) DO UPDATE SET orders = daybook_deal.orders + excluded.orders,
 units = daybook_deal.units + excluded.units, won = daybook_deal.won + excluded.won,
 back_units = daybook_deal.back_units + excluded.back_units, back_won = daybook_deal.back_won + excluded.back_won,
 uses = daybook_deal.uses + excluded.uses, net = daybook_deal.net + excluded.net,
 usable = daybook_deal.usable + excluded.usable`}
	addHour = db.Insert{Table: "daybook_hour", Columns: []string{"merchant_id", "hour", "uses", "net", "people", "units"},
		OnConflict: `ON CONFLICT (merchant_id, hour) DO UPDATE SET uses = daybook_hour.uses + excluded.uses,
 net = daybook_hour.net + excluded.net, people = daybook_hour.people + excluded.people,
 units = daybook_hour.units + excluded.units`}
	addPace = db.Insert{Table: "daybook_pace", Columns: []string{"deal_id", "hour", "people"},
		OnConflict: `ON CONFLICT (deal_id, hour) DO UPDATE SET people = daybook_pace.people + excluded.people`}
	addDay = db.Insert{Table: "daybook_day", Columns: []string{"merchant_id", "day", "guests"},
		OnConflict: `ON CONFLICT (merchant_id, day) DO UPDATE SET guests = daybook_day.guests + excluded.guests`}
	setBuyer = db.Insert{Table: "daybook_buyer", Columns: []string{"hour", "merchant_id", "account_id", "deal_id",
		"units"}, OnConflict: `ON CONFLICT (hour, merchant_id, account_id, deal_id) DO UPDATE SET units = excluded.units`}
	setGuest = db.Insert{Table: "daybook_guest", Columns: []string{"day", "merchant_id", "account_id", "uses"},
		OnConflict: `ON CONFLICT (day, merchant_id, account_id) DO UPDATE SET uses = excluded.uses`}
)

// save writes the fold: sums grow, and who is counted stands as it now is.
func (f *fold) save(ctx context.Context, tx *db.Tx) error {
	var deals, hours, paces, days, buyers, guests [][]any
	for k, d := range f.deals {
		deals = append(deals, []any{string(k.deal), string(k.shop), d.Orders, d.Units, d.Won, d.BackUnits, d.BackWon,
			d.Uses, d.Net, d.Usable})
	}
	for k, h := range f.hours {
		hours = append(hours, []any{string(k.shop), k.hour, h.Uses, h.Net, h.People, h.Units})
	}
	for k, people := range f.paces {
		paces = append(paces, []any{string(k.deal), k.hour, people})
	}
	for k, n := range f.days {
		days = append(days, []any{string(k.shop), k.day, n})
	}
	for k, units := range f.buyers {
		buyers = append(buyers, []any{k.at, string(k.shop), string(k.account), string(k.deal), units})
	}
	for k, uses := range f.guests {
		guests = append(guests, []any{k.at, string(k.shop), string(k.account), uses})
	}
	for _, part := range []struct {
		into db.Insert
		rows [][]any
	}{{addDeal, deals}, {addHour, hours}, {addPace, paces}, {addDay, days}, {setBuyer, buyers}, {setGuest, guests}} {
		slices.SortFunc(part.rows, compareRows)
		if _, err := db.InsertMany(ctx, tx, part.into, part.rows); err != nil {
			return err
		}
	}
	return nil
}

// compareRows sorts by the first columns, texts and numbers alike: rows go in where their neighbours are.
func compareRows(a, b []any) int {
	for i := range a {
		c := 0
		switch x := a[i].(type) {
		case string:
			y, _ := b[i].(string)
			c = cmp.Compare(x, y)
		case int64:
			y, _ := b[i].(int64)
			c = cmp.Compare(x, y)
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// pruneMax is how many rows of those who were counted one batch forgets: some times what one batch adds.
const pruneMax = 1024

// prune forgets who was counted in hours that nothing changes any more.
func prune(ctx context.Context, tx *db.Tx, now time.Time) error {
	before := HourOf(now) - keptHours
	if _, err := db.Exec(ctx, tx, `DELETE FROM daybook_buyer WHERE (hour, merchant_id, account_id, deal_id) IN
 (SELECT hour, merchant_id, account_id, deal_id FROM daybook_buyer WHERE hour < $1
 ORDER BY hour, merchant_id, account_id, deal_id LIMIT $2)`, before, int64(pruneMax)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM daybook_guest WHERE (day, merchant_id, account_id) IN
 (SELECT day, merchant_id, account_id FROM daybook_guest WHERE day < $1 ORDER BY day, merchant_id, account_id
 LIMIT $2)`, DayOf(before), int64(pruneMax))
	return err
}
