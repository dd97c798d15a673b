package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
)

// WishWork is what waits for a shop among wishes.
type WishWork struct {
	New       int64 // wishes of kinds that it follows, not older than a week, on which it has not offered
	Questions int64 // about its offers, without an answer
	Choosing  int64 // offers of its own that members are looking at
	Paying    int64 // wishes whose members are paying for its offer
	Asking    int64 // those of which too few have paid: it must say whether it serves them
	ToSend    int64 // paid shares of which no parcel is noted
	SendToday int64 // those of them that are promised for tomorrow at the latest: a parcel is a day on its way
	Disputes  int64 // in which it is the shop's turn
}

// Todo counts what the shop can do something about; where members choose or pay, it waits for them.
func (w WishWork) Todo() int64 { return w.New + w.Questions + w.Asking + w.ToSend + w.Disputes }

// Any reports that something goes on.
func (w WishWork) Any() bool { return w.Todo()+w.Choosing+w.Paying > 0 }

// freshDays is for how long a wish is new, since its post or since it reached its point.
const freshDays = 7

// WishWorkOf counts what waits for a shop among wishes, in one statement. Of new wishes the newest 200 of a stage are
// looked at.
func WishWorkOf(ctx context.Context, q db.Querier, shop market.MerchantID, now time.Time) (WishWork, error) {
	type row struct {
		what string
		n    int64
	}
	fresh := now.AddDate(0, 0, -freshDays)
	tomorrow := bizday.EndOfDay(now).AddDate(0, 0, 1)
	rows, err := db.All(ctx, q, func(r db.Row) (row, error) {
		var x row
		err := r.Scan(&x.what, &x.n)
		return x, err
	}, wishWork, string(shop), id.From(market.PrefixWish, fresh), db.Micros(fresh), string(region.Korea),
		db.Micros(tomorrow))
	var w WishWork
	counts := map[string]*int64{"new": &w.New, "question": &w.Questions, "choosing": &w.Choosing, "open": &w.Paying,
		"asking": &w.Asking, "held": &w.ToSend, "today": &w.SendToday, "dispute": &w.Disputes}
	for _, x := range rows {
		*counts[x.what] += x.n
	}
	w.ToSend += w.SendToday
	return w, err
}

const wishWork = `SELECT 'new', count(*) FROM (
 SELECT id, category_id, region_id FROM (SELECT id, category_id, region_id FROM wish
  WHERE state = 'gathering' AND id >= $2 ORDER BY id DESC LIMIT 200) gathering
 UNION ALL SELECT id, category_id, region_id FROM (SELECT id, category_id, region_id FROM wish
  WHERE state = 'bidding' AND reached_at >= $3 ORDER BY reached_at DESC, id DESC LIMIT 200) bidding) w
 WHERE EXISTS (SELECT 1 FROM lookout l WHERE l.merchant_id = $1
   AND (l.category_id = '' OR w.category_id = l.category_id OR w.category_id LIKE l.category_id || '.%')
   AND (l.region_id IN ('', $4) OR w.region_id IN ('', l.region_id)
    OR EXISTS (SELECT 1 FROM region around JOIN region own ON own.id = w.region_id
     WHERE around.id = l.region_id AND substr(own.code, 1, length(around.code)) = around.code)
    OR EXISTS (SELECT 1 FROM region_area_member m JOIN region around ON around.id = m.member_id
     JOIN region own ON own.id = w.region_id
     WHERE m.area_id = l.region_id AND substr(own.code, 1, length(around.code)) = around.code)))
  AND NOT EXISTS (SELECT 1 FROM bid b WHERE b.wish_id = w.id AND b.merchant_id = $1)
UNION ALL SELECT 'question', count(*) FROM bid b JOIN bid_word q ON q.bid_id = b.id
 LEFT JOIN bid_word a ON a.answers = q.id AND a.answers <> ''
 WHERE b.merchant_id = $1 AND b.state IN ('standing', 'winner') AND q.answers = '' AND a.id IS NULL
UNION ALL SELECT 'choosing', count(*) FROM bid b JOIN auction a ON a.wish_id = b.wish_id
 WHERE b.merchant_id = $1 AND b.state = 'standing' AND a.state IN ('revealing', 'closed')
UNION ALL SELECT c.state, count(*) FROM escrow e JOIN collect c ON c.wish_id = e.wish_id
 WHERE e.merchant_id = $1 AND e.phase = 'paying' AND c.state IN ('open', 'asking') GROUP BY 1
UNION ALL SELECT CASE WHEN e.ship_by <= $5 THEN 'today' ELSE 'held' END, count(*) FROM escrow e
 JOIN escrow_share s ON s.wish_id = e.wish_id
 WHERE e.merchant_id = $1 AND e.phase = 'fulfilling' AND e.delivery = 'shipping' AND s.state = 'held'
 GROUP BY 1
UNION ALL SELECT 'dispute', count(*) FROM escrow e JOIN escrow_dispute d ON d.wish_id = e.wish_id
 WHERE e.merchant_id = $1 AND d.turn = 'seller'`
