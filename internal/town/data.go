package town

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

// shopData is a shop as it was thought up.
type shopData struct {
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
	Branches          []branchData
}

type branchData struct {
	Name     string
	District string `json:"gu"`
	Address  string `json:"addr"`
}

// The plans of deals: where a deal shall stand in the town's present.
const (
	planDraft     = "draft"
	planSubmitted = "submitted"
	planReturned  = "returned"
	planWithdrawn = "withdrawn"
	planScheduled = "scheduled"
	planOnSale    = "onsale"   // before its point
	planNearly    = "nearly"   // a few people before its point
	planOneBuyer  = "onebuyer" // one person before its point; left for visitors
	planTipped    = "tipped"   // on sale after its point, with room for long
	planSoldOut   = "soldout"
	planFailSoon  = "failsoon"
	planClosing   = "closing"
	planAsking    = "asking"
	planEnded     = "ended"
	planFailed    = "failed"
	planCancelled = "cancelled"
)

// dealData is a deal as it was thought up.
type dealData struct {
	Shop                  int // from 1
	Plan                  string
	Title, Summary, Story string
	Basis                 string
	Options               []optionData
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

// optionData is [name, list price, price, quantity, uses].
type optionData struct {
	Name                  string
	List, Price, Quantity int64
	Uses                  int64
}

// UnmarshalJSON reads the five values of an option.
func (o *optionData) UnmarshalJSON(text []byte) error {
	parts := []any{&o.Name, &o.List, &o.Price, &o.Quantity, &o.Uses}
	return json.Unmarshal(text, &parts)
}

// wordData are names and sentences.
type wordData struct {
	Family, Given                             []string
	Good, Fair, Poor, Undo, Objection, Ruling []string
	ShopGood                                  []string `json:"shop_good"`
	ShopFair                                  []string `json:"shop_fair"`
}

type data struct {
	shops []shopData
	deals []dealData
	words wordData
}

func readData() (d data, err error) {
	for name, to := range map[string]any{"shops": &d.shops, "deals": &d.deals, "words": &d.words} {
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

// hours reads the opening hours of a shop.
func (s shopData) hours() (merchant.Hours, error) {
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
