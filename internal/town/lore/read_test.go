package lore_test

import (
	"slices"
	"testing"

	"github.com/dure-commerce/dure/internal/town/lore"
)

func TestWhatIsToldHoldsTogether(t *testing.T) {
	told, err := lore.Read()
	if err != nil {
		t.Fatal(err)
	}
	slugs := map[string]bool{}
	for i, s := range told.Shops {
		if slugs[s.Slug] || s.Story == "" || s.Scene == "" {
			t.Errorf("shop %d, %s: told twice or not whole", i+1, s.Slug)
		}
		slugs[s.Slug] = true
		if h, err := s.Opening(); err != nil || h.Never() {
			t.Errorf("%s is never open: %v", s.Name, err)
		}
	}
	titles := map[string]bool{}
	for i, d := range told.Deals {
		var units int64
		for _, o := range d.Options {
			units += o.Quantity
			if o.Price >= o.List {
				t.Errorf("%s: %d is no less than %d", d.Title, o.Price, o.List)
			}
		}
		switch {
		case d.Shop < 1 || d.Shop > len(told.Shops) || told.Shops[d.Shop-1].State != "":
			t.Errorf("deal %d is no shop's", i+1)
		case titles[d.Title]:
			t.Errorf("%s is told twice", d.Title)
		case d.Cap > units || int64(d.Orders) > d.Cap:
			t.Errorf("%s: %d buyers of %d of %d units", d.Title, d.Orders, d.Cap, units)
		case slices.Contains([]string{lore.PlanEnded, lore.PlanTipped, lore.PlanSoldOut}, d.Plan) &&
			int64(d.Orders) < d.Point:
			t.Errorf("%s cannot reach %d with %d", d.Title, d.Point, d.Orders)
		case slices.Contains([]string{lore.PlanFailed, lore.PlanAsking, lore.PlanFailSoon, lore.PlanNearly}, d.Plan) &&
			int64(d.Orders) >= d.Point:
			t.Errorf("%s must stay short of %d", d.Title, d.Point)
		}
		titles[d.Title] = true
	}
}

func TestASeedDecides(t *testing.T) {
	a, b, c := lore.NewDice(7), lore.NewDice(7), lore.NewDice(8)
	list := []int{1, 2, 3, 4, 5, 6, 7, 8}
	first := lore.Some(&a, list, 5)
	if !slices.Equal(first, lore.Some(&b, list, 5)) || slices.Equal(first, lore.Some(&c, list, 5)) {
		t.Errorf("drew %v", first)
	}
	slices.Sort(first)
	if len(slices.Compact(first)) != 5 || len(lore.Some(&a, list, 20)) != len(list) || a.Under(0) != 0 {
		t.Error("drew one twice, or lost some")
	}
}
