package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Card is a deal as a list shows it.
type Card struct {
	Deal         deal.Deal
	Title        string
	Summary      string
	CategoryID   market.CategoryID
	Picture      string // key of the first picture, "" when there is none
	MerchantName string
	MerchantSlug string
	Option       string // name of the cheapest option
	Price        int64  // won, of the cheapest option
	ListPrice    int64  // won, of the same option
	Options      int64
	Asked        Satisfaction
}

// Satisfaction is what verified guests and the shop said.
type Satisfaction struct {
	GuestsAnswered int64
	GuestsSum      int64 // of 1 to 5
	WouldReturn    int64
	ShopAnswered   int64
	ShopSum        int64
	Visits         int64
}

// GuestsTenths is the guests' mean in tenths, 0 before anybody answered.
func (s Satisfaction) GuestsTenths() int64 { return tenths(s.GuestsSum, s.GuestsAnswered) }

// ShopTenths is the shop's mean in tenths, 0 before it answered.
func (s Satisfaction) ShopTenths() int64 { return tenths(s.ShopSum, s.ShopAnswered) }

// Apart reports that the two part by a whole point or more, once both have spoken.
func (s Satisfaction) Apart() bool {
	if s.GuestsAnswered == 0 || s.ShopAnswered == 0 {
		return false
	}
	gap := s.GuestsTenths() - s.ShopTenths()
	return gap >= 10 || gap <= -10
}

func tenths(sum, n int64) int64 {
	if n == 0 {
		return 0
	}
	return (sum*10 + n/2) / n
}

// Off is the saving in whole percent, down.
func (c Card) Off() int64 {
	if c.ListPrice <= 0 {
		return 0
	}
	return (c.ListPrice - c.Price) * 100 / c.ListPrice
}

// Filter chooses deals. Empty parts do not filter.
type Filter struct {
	Regions    []market.RegionID // shown in any of these
	Categories []market.CategoryID
	States     []deal.State
	MerchantID market.MerchantID
	IDs        []market.DealID
	PriceMax   int64
	Limit      int
	After      int // rows to pass over
}

const cardColumns = `d.id, d.merchant_id, d.state, d.terms_version, d.threshold_kind, d.threshold, d.capacity,
 d.per_person, d.starts_at, d.ends_at, d.public_from, d.public_until, d.ask_when_short, d.ask_until, d.extended,
 d.held_units, d.paid_units, d.people, d.paid_won, d.tipped_at, d.decided_at, d.version,
 t.title, t.summary, t.category_id, t.pictures, m.name, m.slug, o.name, o.price, o.list_price,
 (SELECT count(*) FROM deal_option x WHERE x.deal_id = d.id),
 coalesce(f.buyers_answered, 0), coalesce(f.buyers_sum, 0), coalesce(f.would_return, 0),
 coalesce(f.merchants_answered, 0), coalesce(f.merchants_sum, 0), coalesce(f.visits, 0)`

const cardFrom = ` FROM deal d
 JOIN deal_terms t ON t.deal_id = d.id AND t.version = d.terms_version
 JOIN merchant m ON m.id = d.merchant_id
 JOIN deal_option o ON o.deal_id = d.id AND o.position = (SELECT y.position FROM deal_option y
 WHERE y.deal_id = d.id ORDER BY y.price, y.position LIMIT 1)
 LEFT JOIN feedback_tally f ON f.subject = 'merchant:' || d.merchant_id`

// satisfactionOrder sorts by the merchant's verified satisfaction: the guests' mean, drawn towards four by five silent
// votes so that one early answer decides nothing; then what ends first. Neither units nor payment count.
const satisfactionOrder = ` ORDER BY
 (coalesce(f.buyers_sum, 0) * 1000 + 20000) / (coalesce(f.buyers_answered, 0) + 5) DESC, d.ends_at, d.id`

func scanCard(r db.Row) (Card, error) {
	var c Card
	var pictures string
	d, s := &c.Deal, &c.Asked
	err := r.Scan(&d.ID, &d.MerchantID, &d.State, &d.TermsVersion, &d.ThresholdKind, &d.Threshold, &d.Capacity,
		&d.PerPerson, db.Time(&d.StartsAt), db.Time(&d.EndsAt), db.Time(&d.PublicFrom), db.Time(&d.PublicUntil),
		&d.AskWhenShort, db.Time(&d.AskUntil), &d.Extended, &d.HeldUnits, &d.PaidUnits, &d.People, &d.PaidWon,
		db.Time(&d.TippedAt), db.Time(&d.DecidedAt), &d.Version, &c.Title, &c.Summary, &c.CategoryID, &pictures,
		&c.MerchantName, &c.MerchantSlug, &c.Option, &c.Price, &c.ListPrice, &c.Options, &s.GuestsAnswered, &s.GuestsSum,
		&s.WouldReturn, &s.ShopAnswered, &s.ShopSum, &s.Visits)
	if err != nil {
		return c, err
	}
	c.Picture, err = firstPicture(pictures)
	return c, err
}

func firstPicture(text string) (string, error) {
	var keys []string
	if err := json.Unmarshal([]byte(text), &keys); err != nil {
		return "", fmt.Errorf("pictures: %w", err)
	}
	if len(keys) == 0 {
		return "", nil
	}
	return keys[0], nil
}

// query collects conditions with their parameters.
type query struct {
	text strings.Builder
	args []any
}

func (q *query) bind(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// in adds a condition over a set; the list is filled up to a power of two so that few texts exist.
func in[S ~string](q *query, before string, ids []S, after string) {
	if len(ids) == 0 {
		return
	}
	width := 1
	for width < len(ids) {
		width *= 2
	}
	q.text.WriteString(" AND " + before + " (")
	for i := range width {
		if i > 0 {
			q.text.WriteString(", ")
		}
		q.text.WriteString(q.bind(string(ids[min(i, len(ids)-1)])))
	}
	q.text.WriteString(")" + after)
}

// List finds public deals, the best liked shops first.
func List(ctx context.Context, r db.Querier, f Filter, now time.Time) ([]Card, error) {
	q := &query{}
	at := q.bind(db.Micros(now))
	q.text.WriteString(`SELECT ` + cardColumns + cardFrom +
		` WHERE d.public_from <= ` + at + ` AND d.public_until > ` + at)
	in(q, "d.state IN", f.States, "")
	in(q, "d.id IN", f.IDs, "")
	in(q, "t.category_id IN", f.Categories, "")
	in(q, "EXISTS (SELECT 1 FROM deal_region g WHERE g.deal_id = d.id AND g.region_id IN", f.Regions, ")")
	if f.MerchantID != "" {
		q.text.WriteString(` AND d.merchant_id = ` + q.bind(string(f.MerchantID)))
	}
	if f.PriceMax > 0 {
		q.text.WriteString(` AND o.price <= ` + q.bind(f.PriceMax))
	}
	limit := f.Limit
	if limit <= 0 || limit > listMax {
		limit = listMax
	}
	q.text.WriteString(satisfactionOrder + ` LIMIT ` + q.bind(int64(limit)) + ` OFFSET ` + q.bind(int64(f.After)))
	return db.All(ctx, r, scanCard, q.text.String(), q.args...)
}

const listMax = 200

// ByIDs reads cards in the order of the ids, whatever their state; ids that are not there are left out.
func ByIDs(ctx context.Context, r db.Querier, ids []market.DealID) ([]Card, error) {
	rows, err := db.ByIDs(ctx, r, scanCard, `SELECT `+cardColumns+cardFrom+` WHERE d.id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	by := make(map[market.DealID]Card, len(rows))
	for _, c := range rows {
		by[c.Deal.ID] = c
	}
	out := make([]Card, 0, len(rows))
	for _, id := range ids {
		if c, ok := by[id]; ok {
			out = append(out, c)
		}
	}
	return out, nil
}
