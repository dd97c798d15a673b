package daybook

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/daybook"
	"github.com/dure-commerce/dure/internal/market/report"
)

// Found is told of a figure that is not what it should be.
type Found func(code, row string, is, want int64)

// span is how far back hours are compared: no page asks for older ones.
const span = 28 * dayHours

// Compare looks at the next shop behind one. It gives that shop, "" at the end, and the number of its deals. While the
// daybook is far behind, the desk does not ask it, and nor do we.
func Compare(ctx context.Context, r *db.ReadTx, after string, found Found) (shop string, deals int, err error) {
	shop, err = db.One(ctx, r, db.Scalar[string], `SELECT merchant_id FROM deal WHERE merchant_id > $1
 ORDER BY merchant_id LIMIT 1`, after)
	if db.IsNoRow(err) {
		return "", 0, nil
	}
	if err == nil {
		deals, err = compare(ctx, r, market.MerchantID(shop), found)
	}
	return shop, deals, err
}

// look is a shop being compared.
type look struct {
	found   Found
	r       *db.ReadTx
	view    *daybook.View
	sources report.Sources
	now     int64 // hour
}

func compare(ctx context.Context, r *db.ReadTx, shop market.MerchantID, found Found) (int, error) {
	view, err := daybook.Open(ctx, r, shop)
	if err != nil || view == nil {
		return 0, err
	}
	l := look{found: found, r: r, view: view, sources: report.Sources{Shop: shop}, now: daybook.HourOf(r.Now())}
	deals, err := db.All(ctx, r, db.Scalar[market.DealID], `SELECT id FROM deal WHERE merchant_id = $1 ORDER BY id`,
		string(shop))
	if err != nil {
		return 0, err
	}
	for _, id := range deals {
		if err := l.deal(ctx, id); err != nil {
			return 0, err
		}
	}
	if err := l.guests(ctx); err != nil {
		return 0, err
	}
	return len(deals), l.hours(ctx)
}

func (l look) differ(code, row string, is, want int64) {
	if is != want {
		l.found(code, row, is, want)
	}
}

func (l look) deal(ctx context.Context, id market.DealID) error {
	is, err := l.view.Deal(ctx, l.r, id)
	if err != nil {
		return err
	}
	want, err := l.sources.Deal(ctx, l.r, id)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		name     string
		is, want int64
	}{{"orders", is.Orders, want.Orders}, {"units", is.Units, want.Units}, {"won", is.Won, want.Won},
		{"back_units", is.BackUnits, want.BackUnits}, {"back_won", is.BackWon, want.BackWon}, {"uses", is.Uses, want.Uses},
		{"net", is.Net, want.Net}, {"usable", is.Usable, want.Usable}} {
		l.differ("daybook_deal", string(id)+" "+part.name, part.is, part.want)
	}
	joins, err := l.view.Joins(ctx, l.r, id, l.now-dayHours)
	if err != nil {
		return err
	}
	wanted, err := l.sources.Joins(ctx, l.r, id, l.now-dayHours)
	for _, at := range hoursOf(joins, wanted) {
		l.differ("daybook_joins", string(id)+" "+hourName(at), joins[at], wanted[at])
	}
	return err
}

// guests compares today and yesterday.
func (l look) guests(ctx context.Context) error {
	day := daybook.DayOf(l.now)
	for _, of := range []int64{day - 1, day} {
		is, err := l.view.Guests(ctx, l.r, of)
		if err != nil {
			return err
		}
		want, err := l.sources.Guests(ctx, l.r, of)
		if err != nil {
			return err
		}
		l.differ("daybook_guests", string(l.sources.Shop)+" "+daybook.DayStart(of).In(report.Zone).Format(time.DateOnly), is,
			want)
	}
	return nil
}

// hours compares people of the last day, as long as those who were counted are known, and all else of four weeks.
func (l look) hours(ctx context.Context) error {
	is, err := l.view.Hours(ctx, l.r, l.now-span)
	if err != nil {
		return err
	}
	want, err := l.sources.Hours(ctx, l.r, l.now-span)
	if err != nil {
		return err
	}
	for _, at := range hoursOf(is, want) {
		a, b, row := is[at], want[at], string(l.sources.Shop)+" "+hourName(at)
		l.differ("daybook_hour", row+" uses", a.Uses, b.Uses)
		l.differ("daybook_hour", row+" net", a.Net, b.Net)
		l.differ("daybook_hour", row+" units", a.Units, b.Units)
		if at >= l.now-dayHours {
			l.differ("daybook_hour", row+" people", a.People, b.People)
		}
	}
	return nil
}

const dayHours = 24

func hoursOf[V any](a, b map[int64]V) []int64 {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.Sorted(maps.Keys(all))
}

// hourName writes an hour in Korea.
func hourName(at int64) string {
	return time.Unix(at*3600, 0).In(report.Zone).Format("2006-01-02 15h")
}
