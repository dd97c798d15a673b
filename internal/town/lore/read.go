package lore

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

//go:embed data/*.json
var files embed.FS

// Shop is a shop as it was thought up.
type Shop struct {
	Slug, Name, Story string
	Owner             string `json:"rep"`
	Category          string `json:"cat"`
	Scene             string
	District          string `json:"gu"`
	Address           string `json:"addr"`
	Hours             string // "11:00-15:00 17:00-21:30"; hours past 24 are after midnight
	Off               string // days of rest: "월", "일,화"
	Way               string
	State             string // "" approved, "submitted", "returned"
	Branches          []Branch
}

// Branch is one place of a shop.
type Branch struct {
	Name     string
	District string `json:"gu"`
	Address  string `json:"addr"`
}

// The plans of deals: where a deal shall stand in the town's present.
const (
	PlanDraft     = "draft"
	PlanSubmitted = "submitted"
	PlanReturned  = "returned"
	PlanWithdrawn = "withdrawn"
	PlanScheduled = "scheduled"
	PlanOnSale    = "onsale"   // before its point
	PlanNearly    = "nearly"   // a few people before its point
	PlanOneBuyer  = "onebuyer" // one person before its point; left for visitors
	PlanTipped    = "tipped"   // on sale after its point, with room for long
	PlanSoldOut   = "soldout"
	PlanFailSoon  = "failsoon"
	PlanClosing   = "closing"
	PlanAsking    = "asking"
	PlanEnded     = "ended"
	PlanFailed    = "failed"
	PlanCancelled = "cancelled"
)

// Deal is a deal as it was thought up.
type Deal struct {
	Shop                  int // from 1
	Plan                  string
	Title, Summary, Story string
	Basis                 string
	Options               []Option
	Kind                  deal.ThresholdKind
	Point, Cap, Per       int64
	Start                 int    // weeks from the present week
	Days                  int    // length of the sale
	End                   string // "today", "tomorrow": the midnight that ends it
	Orders                int    // how many people buy until the present
	Used                  int    // of a hundred vouchers, how many are used by now
	Weekdays              []int
	From, To              string
	Profile               string
	Valid                 int64
	Cost                  int64
	Ask                   bool
	Reason                string
}

// Option is [name, list price, price, quantity, uses].
type Option struct {
	Name                  string
	List, Price, Quantity int64
	Uses                  int64
}

// UnmarshalJSON reads the five values of an option.
func (o *Option) UnmarshalJSON(text []byte) error {
	parts := []any{&o.Name, &o.List, &o.Price, &o.Quantity, &o.Uses}
	return json.Unmarshal(text, &parts)
}

// Words are names and sentences.
type Words struct {
	Family, Given                             []string
	Good, Fair, Poor, Undo, Objection, Ruling []string
	ShopGood                                  []string `json:"shop_good"`
	ShopFair                                  []string `json:"shop_fair"`
}

// Town is everything that is told of the town.
type Town struct {
	Shops []Shop
	Deals []Deal
	Words Words
}

// Read gives what is told of the town.
func Read() (d Town, err error) {
	for name, to := range map[string]any{"shops": &d.Shops, "deals": &d.Deals, "words": &d.Words} {
		text, err := files.ReadFile("data/" + name + ".json")
		if err != nil {
			return d, err
		}
		if err := json.Unmarshal(text, to); err != nil {
			return d, fmt.Errorf("%s: %w", name, err)
		}
	}
	return d, nil
}

// Opening reads the opening hours of a shop.
func (s Shop) Opening() (merchant.Hours, error) {
	var day merchant.Day
	for _, part := range strings.Fields(s.Hours) {
		from, to, _ := strings.Cut(part, "-")
		a, err := minutes(from)
		if err != nil {
			return merchant.Hours{}, err
		}
		b, err := minutes(to)
		if err != nil {
			return merchant.Hours{}, err
		}
		day = append(day, merchant.Span{From: a, To: b})
	}
	var h merchant.Hours
	for i, name := range []string{"일", "월", "화", "수", "목", "금", "토"} {
		if !strings.Contains(s.Off, name) {
			h.Week[i] = day
		}
	}
	return h, nil
}

// minutes reads "17:30" as minutes since midnight.
func minutes(text string) (int, error) {
	h, m, _ := strings.Cut(text, ":")
	hour, err := strconv.Atoi(h)
	if err != nil {
		return 0, err
	}
	minute, err := strconv.Atoi(m)
	return 60*hour + minute, err
}
