package catalog

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// NewsStep is what happened to a wish that the world may like to hear.
type NewsStep string

// The steps.
const (
	NewsOpened  NewsStep = "opened"
	NewsReached NewsStep = "reached"
	NewsAwarded NewsStep = "awarded"
)

// News is one step of a wish.
type News struct {
	WishID     market.WishID
	Step       NewsStep
	At         time.Time
	Name       string
	Details    string
	Photo      string
	CategoryID market.CategoryID
	Threshold  int64
	Firm       int64
	Price      money.Won // a unit, of the offer that has won; 0 before
}

// NewsOf chooses news; zero values choose all.
type NewsOf struct {
	CategoryID market.CategoryID // and those below it
	Regions    []market.RegionID // of any of these, or of no region
	Limit      int
}

const newsColumns = `w.id, w.name, w.details, w.photo, w.category_id, w.threshold, w.firm`

// WishNews lists the newest steps of wishes, the newest first. Wishes that their authors took back, or that were taken
// down, are left out.
func WishNews(ctx context.Context, q db.Querier, of NewsOf) ([]News, error) {
	args := []any{int64(of.Limit)}
	bind := func(v string) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := " AND w.outcome <> 'withdrawn' AND w.down_at IS NULL"
	if of.CategoryID != "" {
		where += " AND (w.category_id = " + bind(string(of.CategoryID)) + " OR w.category_id LIKE " +
			bind(string(of.CategoryID)+".%") + ")"
	}
	if len(of.Regions) > 0 {
		marks := []string{"''"}
		for _, id := range of.Regions {
			marks = append(marks, bind(string(id)))
		}
		where += " AND w.region_id IN (" + strings.Join(marks, ", ") + ")"
	}
	var out []News
	for _, one := range []struct {
		step         NewsStep
		at, price    string
		from, filter string
	}{
		{NewsOpened, "w.created_at", "0", "wish w", "w.id <> ''"},
		{NewsReached, "w.reached_at", "0", "wish w", "w.reached_at IS NOT NULL"},
		{NewsAwarded, "a.awarded_at", "a.lowest_price", "auction a JOIN wish w ON w.id = a.wish_id",
			"a.awarded_at IS NOT NULL"},
	} {
		order := one.at + " DESC, w.id"
		if one.step == NewsOpened {
			order = "w.id DESC" // ids are in the order of time
		}
		list, err := db.All(ctx, q, func(r db.Row) (News, error) {
			n := News{Step: one.step}
			err := r.Scan(&n.WishID, &n.Name, &n.Details, &n.Photo, &n.CategoryID, &n.Threshold, &n.Firm, db.Time(&n.At),
				&n.Price)
			return n, err
		}, `SELECT `+newsColumns+`, `+one.at+`, `+one.price+` FROM `+one.from+` WHERE `+one.filter+where+` ORDER BY `+
			order+` LIMIT $1`, args...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	slices.SortStableFunc(out, func(a, b News) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Step, a.Step), cmp.Compare(b.WishID, a.WishID))
	})
	return out[:min(len(out), of.Limit)], nil
}
