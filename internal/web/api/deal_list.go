package api

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/region"
)

// Deal is a deal as everybody may see it.
type Deal struct {
	ID           string    `json:"id"`
	Title        string    `json:"title"`
	Summary      string    `json:"summary"`
	State        string    `json:"state" doc:"scheduled, on_sale, closing, asking, ended, failed or cancelled"`
	MerchantID   string    `json:"merchant_id"`
	MerchantName string    `json:"merchant_name"`
	CategoryID   string    `json:"category_id"`
	Price        int64     `json:"price" doc:"Won, of the cheapest option."`
	ListPrice    int64     `json:"list_price"`
	Threshold    Threshold `json:"threshold"`
	PaidUnits    int64     `json:"paid_units" doc:"Paid and not refunded; nothing else is ever counted."`
	PaidPeople   int64     `json:"paid_people"`
	LeftUnits    int64     `json:"left_units"`
	PerPerson    int64     `json:"per_person"`
	Tipped       bool      `json:"tipped"`
	StartsAt     time.Time `json:"starts_at"`
	EndsAt       time.Time `json:"ends_at" doc:"The first instant at which it is over."`
	Version      int64     `json:"version"`
}

// Threshold is the tipping point.
type Threshold struct {
	Kind     string `json:"kind" doc:"people, units or won"`
	Value    int64  `json:"value"`
	Progress int64  `json:"progress"`
	Missing  int64  `json:"missing"`
}

// DealDetail adds what is bought and promised.
type DealDetail struct {
	Deal
	Story         string   `json:"story"`
	PriceBasis    string   `json:"price_basis"`
	Options       []Option `json:"options"`
	ValidDays     int64    `json:"valid_days"`
	Weekdays      []int    `json:"weekdays" doc:"0 Sunday … 6 Saturday; empty means every day."`
	From          string   `json:"from,omitempty"`
	To            string   `json:"to,omitempty"`
	Blackout      []string `json:"blackout"`
	RefundProfile string   `json:"refund_profile"`
	TermsVersion  int64    `json:"terms_version"`
	Regions       []string `json:"regions"`
}

// Option is one thing to buy.
type Option struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Price     int64  `json:"price"`
	ListPrice int64  `json:"list_price"`
	Uses      int64  `json:"uses"`
	LeftUnits int64  `json:"left_units"`
}

type dealsInput struct {
	Region   string `query:"region" maxLength:"40" doc:"Region id; its parts are included."`
	Category string `query:"category" maxLength:"60"`
	State    string `query:"state" enum:"scheduled,on_sale,closing,asking,ended,failed,cancelled" doc:"Default on_sale."`
	Offset   int    `query:"offset" minimum:"0" maximum:"10000"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type dealsOutput struct {
	Body struct {
		Deals []Deal `json:"deals"`
	}
}

type dealInput struct {
	ID string `path:"id" maxLength:"40"`
}

type dealOutput struct {
	Body DealDetail
}

func (a *api) dealRoutes() {
	get(a, "/deals", "Public deals, the best liked shops first", a.listDeals, open())
	get(a, "/deals/{id}", "One deal", a.findDeal, open())
}

func (a *api) listDeals(ctx context.Context, in *dealsInput) (*dealsOutput, error) {
	filter := catalog.Filter{States: []deal.State{deal.OnSale}, Limit: in.Limit, After: in.Offset}
	if in.State != "" {
		filter.States = []deal.State{deal.State(in.State)}
	}
	if in.Category != "" {
		filter.Categories = []market.CategoryID{market.CategoryID(in.Category)}
	}
	if in.Region != "" {
		within, err := region.Within(ctx, a.DB, market.RegionID(in.Region))
		if err != nil {
			return nil, err
		}
		filter.Regions = append(within, market.RegionID(in.Region))
	}
	cards, err := catalog.List(ctx, a.DB, filter, a.DB.Clock().Now())
	if err != nil {
		return nil, err
	}
	out := &dealsOutput{}
	out.Body.Deals = make([]Deal, len(cards))
	for i, c := range cards {
		out.Body.Deals[i] = dealOf(c)
	}
	return out, nil
}

func dealOf(c catalog.Card) Deal {
	d := c.Deal
	return Deal{ID: string(d.ID), Title: c.Title, Summary: c.Summary, State: string(d.State),
		MerchantID: string(d.MerchantID), MerchantName: c.MerchantName, CategoryID: string(c.CategoryID), Price: c.Price,
		ListPrice: c.ListPrice, PaidUnits: d.PaidUnits, PaidPeople: d.People, LeftUnits: d.Free(), PerPerson: d.PerPerson,
		Tipped: d.Tipped(), StartsAt: d.StartsAt, EndsAt: d.EndsAt, Version: d.Version,
		Threshold: Threshold{Kind: string(d.ThresholdKind), Value: d.Threshold, Progress: d.Progress(),
			Missing: d.Missing()}}
}

func (a *api) findDeal(ctx context.Context, in *dealInput) (*dealOutput, error) {
	var sheet catalog.Sheet
	err := a.DB.Read(ctx, func(r *db.ReadTx) (err error) {
		sheet, err = catalog.Find(ctx, r, market.DealID(in.ID), r.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	t := sheet.Terms
	out := DealDetail{Deal: dealOf(sheet.Card), Story: t.Story, PriceBasis: t.PriceBasis, ValidDays: t.ValidDays,
		Weekdays: list(t.Rules.Weekdays), From: t.Rules.From, To: t.Rules.To, Blackout: list(t.Rules.Blackout),
		RefundProfile: t.RefundProfile, TermsVersion: t.Version, Options: []Option{}, Regions: []string{}}
	for _, o := range sheet.Options {
		out.Options = append(out.Options, Option{ID: string(o.ID), Name: o.Name, Price: o.Price, ListPrice: o.ListPrice,
			Uses: o.Uses, LeftUnits: min(o.Free(), sheet.Deal.Free())})
	}
	for _, r := range sheet.Regions {
		out.Regions = append(out.Regions, string(r))
	}
	return &dealOutput{Body: out}, nil
}

func list[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}
