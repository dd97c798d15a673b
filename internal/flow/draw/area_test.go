package draw_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/draw"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/region"
)

func seed(t *testing.T, d *db.DB) {
	t.Helper()
	plan, err := region.Seed(nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if err := d.Write(ctx, func(tx *db.Tx) error { return region.Insert(ctx, tx, plan.New) }); err != nil {
		t.Fatal(err)
	}
}

func TestArea(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		seed(t, d)
		ctx, flow := context.Background(), draw.New(d)
		admin := market.Actor{AccountID: "acc_1", Staff: market.RoleAdmin}
		support := market.Actor{AccountID: "acc_3", Staff: market.RoleSupport}
		bundang := region.Drawing{Name: "분당", NameEN: "Bundang", Members: []market.RegionID{"district_31023"}}
		id, err := flow.Area(ctx, admin, draw.AreaCommand{Drawing: bundang})
		if err != nil {
			t.Fatal(err)
		}
		bundang.Members = append(bundang.Members, "district_31022")
		again, err := flow.Area(ctx, admin, draw.AreaCommand{ID: id, Version: 1, Drawing: bundang})
		if err != nil || again != id {
			t.Fatal(again, err)
		}
		if members, err := region.Members(ctx, d, id); err != nil || len(members) != 2 {
			t.Error(members, err)
		}
		if acts, err := audit.List(ctx, d, audit.Filter{Resource: string(id)}); err != nil || len(acts) != 2 {
			t.Error(acts, err)
		}
		for name, c := range map[string]struct {
			actor market.Actor
			cmd   draw.AreaCommand
			want  string
		}{
			"an old version": {admin, draw.AreaCommand{ID: id, Version: 1, Drawing: bundang}, "region.changed"},
			"no area": {admin, draw.AreaCommand{ID: "district_31023", Version: 1, Drawing: bundang},
				"region.not_found"},
			"nothing":           {admin, draw.AreaCommand{ID: "area_none", Version: 1, Drawing: bundang}, "region.not_found"},
			"an empty drawing":  {admin, draw.AreaCommand{Drawing: region.Drawing{Name: "빈"}}, "region.area_empty"},
			"somebody":          {market.Actor{AccountID: "acc_2"}, draw.AreaCommand{Drawing: bundang}, "right.hidden"},
			"nobody signed in":  {market.Actor{}, draw.AreaCommand{Drawing: bundang}, "right.sign_in"},
			"a support officer": {support, draw.AreaCommand{Drawing: bundang}, "right.forbidden"},
		} {
			_, err := flow.Area(ctx, c.actor, c.cmd)
			if fail.CodeOf(err) != c.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := flow.Area(ctx, admin, draw.AreaCommand{Drawing: region.Drawing{Name: "빈"}}); !errors.Is(err,
			region.ErrAreaEmpty) {
			t.Error(err)
		}
	})
}
