package load_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/schema"
)

// sharedFile names a file of the folder beside the repository; a missing one is a failure, not a pass.
func sharedFile(t testing.TB, name string) load.File {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for at := dir; at != filepath.Dir(at); at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err != nil {
			continue
		}
		file, err := load.FromPath(filepath.Join(at, "..", "shared", "data", name))
		if err != nil {
			t.Fatalf("the folder shared/data must stand beside the repository: %v", err)
		}
		return file
	}
	t.Fatal("no go.mod above the test")
	return load.File{}
}

func published(t testing.TB) []load.File {
	t.Helper()
	return []load.File{sharedFile(t, "korea-submunicipalities-2018.topojson"),
		sharedFile(t, "korea-municipalities-2018.topojson"), sharedFile(t, "korea-provinces-2018.topojson")}
}

func text(name, content string) load.File {
	return load.File{Name: name, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

func TestRegionsPublished(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, flow := context.Background(), load.New(d)
		began := clock.System().Now()
		report, err := flow.Regions(ctx, market.System(), load.RegionsCommand{Files: published(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("loaded in %v", clock.System().Now().Sub(began))
		if report.Rows != 3771 || report.New != 3504 || report.Changed != 267 || len(report.Refused) != 0 {
			t.Errorf("%+v", report)
		}
		if len(report.Renamed) != 3 {
			t.Errorf("names that differ from the shipped: %v", report.Renamed)
		}
		again, err := flow.Regions(ctx, market.System(), load.RegionsCommand{Files: published(t)})
		if err != nil || again.Unchanged != 3771 || again.New+again.Changed != 0 {
			t.Errorf("%+v %v", again, err)
		}
		checkPublished(ctx, t, d)
		checkAfter(ctx, t, d, "0010_region")
		checkAfter(ctx, t, d, "0011_category")
	})
}

// checkAfter runs what a migration asserts of its tables.
func checkAfter(ctx context.Context, t *testing.T, d *db.DB, folder string) {
	t.Helper()
	queries, err := schema.Assertions(folder, "after")
	if err != nil || len(queries) == 0 {
		t.Fatal(queries, err)
	}
	for _, query := range queries {
		rows, err := db.All(ctx, d, db.Scalar[string], query)
		if err != nil || len(rows) > 0 {
			t.Errorf("%s: %v %v", query, rows, err)
		}
	}
}

func checkPublished(ctx context.Context, t *testing.T, d *db.DB) {
	t.Helper()
	for at, want := range map[shape.Point]string{
		shape.Degrees(37.5006, 127.0364): "서울특별시 강남구 역삼1동",   // Gangnam Finance Center
		shape.Degrees(37.5796, 126.9770): "서울특별시 종로구 청운효자동",  // Gyeongbokgung
		shape.Degrees(35.1587, 129.1604): "부산광역시 해운대구 우1동",   // Haeundae beach
		shape.Degrees(33.4580, 126.9425): "제주특별자치도 서귀포시 성산읍", // Seongsan Ilchulbong
		shape.Degrees(37.4844, 130.9057): "경상북도 울릉군 울릉읍",
		shape.Degrees(37.4020, 127.1087): "경기도 성남시 분당구 삼평동", // Pangyo
	} {
		list, err := region.Locate(ctx, d, at)
		if err != nil || len(list) != 4 || list[3].FullName != want {
			t.Errorf("%v: %v %v, want %s", at, list, err, want)
		}
	}
	began := clock.System().Now()
	if list, err := region.Search(ctx, d, "역삼", 5); err != nil || len(list) < 3 || list[0].Name != "역삼동" ||
		list[1].FullName != "서울특별시 강남구 역삼1동" {
		t.Errorf("%v %v", list, err)
	}
	t.Logf("search %v", clock.System().Now().Sub(began))
	for _, id := range []market.RegionID{region.Korea, "province_11", "district_11230"} {
		m, err := region.LoadMap(ctx, d, id, 360)
		if err != nil || m.Tiles || len(m.Credits) != 1 {
			t.Fatalf("%s %v", id, err)
		}
		size := 0
		for _, p := range m.Places {
			size += len(p.Path)
			if p.Path == "" {
				t.Errorf("%s: %s vanished from the map", id, p.Name)
			}
		}
		t.Logf("map of %s: %d bytes", id, size)
		if size > 40_000 {
			t.Errorf("map of %s takes %d bytes", id, size)
		}
	}
}

func TestRegionsRefusesFilesAndRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, flow := context.Background(), load.New(d)
		_, err := flow.Regions(ctx, market.System(), load.RegionsCommand{Files: []load.File{text("a.csv", "번호,이름\n")}})
		if !errors.Is(err, region.ErrFile) || !strings.Contains(err.Error(), "a.csv") {
			t.Error(err)
		}
		missing := load.File{Name: "gone", Open: func() (io.ReadCloser, error) { return nil, os.ErrNotExist }}
		if _, err := flow.Regions(ctx, market.System(), load.RegionsCommand{Files: []load.File{missing}}); !errors.Is(err,
			os.ErrNotExist) {
			t.Error(err)
		}
		report, err := flow.Regions(ctx, market.System(), load.RegionsCommand{Files: []load.File{text("b.geojson",
			`{"type":"FeatureCollection","features":[
			{"type":"Feature","properties":{"adm_cd":"1123064","adm_nm":"서울특별시 강남구 역삼1동"},"geometry":{"type":"Polygon",
			 "coordinates":[[[127.03,37.5],[127.04,37.5],[127.04,37.51],[127.03,37.5]]]}},
			{"type":"Feature","properties":{"code":"11"},"geometry":null}]}`)}})
		if err != nil || report.New != 1 || len(report.Refused) != 1 || report.Refused[0].File != "b.geojson" ||
			report.Refused[0].Number != 2 {
			t.Fatalf("%+v %v", report, err)
		}
		r, err := region.Find(ctx, d, "neighbourhood_1123064")
		if err != nil || r.Name != "역삼1동" || r.NameEN != "역삼1동" {
			t.Errorf("%+v %v", r, err)
		}
		acts, err := audit.List(ctx, d, audit.Filter{Resource: string(region.Korea)})
		if err != nil || len(acts) != 1 || acts[0].Action != "region.load" {
			t.Errorf("%+v %v", acts, err)
		}
	})
}

func TestOnlyAdministratorsLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		flow := load.New(d)
		for name, actor := range map[string]market.Actor{
			"guest": {}, "buyer": {AccountID: "acc_1"}, "support": {AccountID: "acc_2", Staff: market.RoleSupport},
		} {
			_, err := flow.Regions(context.Background(), actor, load.RegionsCommand{Files: published(t)})
			if err == nil {
				t.Errorf("%s loaded regions", name)
			}
			if _, err := flow.Seed(context.Background(), actor); err == nil {
				t.Errorf("%s seeded", name)
			}
		}
		admin := market.Actor{AccountID: "acc_3", Staff: market.RoleAdmin}
		if !right.Can(admin, right.ConsoleImport, right.Resource{}) {
			t.Fatal("an administrator may load")
		}
		report, err := flow.Seed(context.Background(), admin)
		if err != nil || report.Regions != 268 || report.Categories < 60 {
			t.Error(report, err)
		}
		if report, err := flow.Seed(context.Background(), admin); err != nil || report != (load.SeedReport{}) {
			t.Error("the second time writes nothing:", report, err)
		}
	})
}

// countdown is a context that is cancelled when it has been asked for its state so many times: an interruption in the
// middle of the work, without waiting.
type countdown struct {
	context.Context
	cancel context.CancelFunc
	left   *atomic.Int64
}

func cancelAfter(asked int64) countdown {
	ctx, cancel := context.WithCancel(context.Background())
	c := countdown{ctx, cancel, &atomic.Int64{}}
	c.left.Store(asked)
	return c
}

func (c countdown) Err() error {
	if c.left.Add(-1) == 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// Cut later and later, every run leaves whole rows behind and the next goes on from them.
func TestRegionsCancelledAndRunAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		flow, between := load.New(d), false
		for asked := int64(1); asked < 100; asked++ {
			report, err := flow.Regions(cancelAfter(asked), market.System(), load.RegionsCommand{Files: published(t)})
			there, listErr := region.List(context.Background(), d, region.Neighbourhood)
			if listErr != nil {
				t.Fatal(listErr)
			}
			for _, r := range there {
				if !r.HasShape() {
					t.Fatalf("%s is half there", r.ID)
				}
			}
			if err == nil {
				if len(there) != 3504 || len(report.Refused) != 0 || !between {
					t.Errorf("%d neighbourhoods, cut in the middle: %v, %+v", len(there), between, report)
				}
				return
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			between = between || len(there) > 0 && len(there) < 3504
		}
		t.Error("never done")
	})
}
