package directory_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
)

func draft(key, name string) directory.Draft {
	d := directory.Draft{Entry: directory.Entry{ID: directory.EntryID(directory.Prefix + key), Name: name,
		CategoryID: "eat.korean", Industry: "백반/한정식", RegionID: "neighbourhood_1123064", DistrictID: "district_11230",
		Matched: "name", Address: "테헤란로 1", State: directory.Unclaimed}}
	d.Seal()
	return d
}

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return d.Write(context.Background(), func(tx *db.Tx) error { return fn(context.Background(), tx) })
}

func insert(t *testing.T, d *db.DB, drafts ...directory.Draft) {
	t.Helper()
	err := write(t, d, func(ctx context.Context, tx *db.Tx) error { return directory.Insert(ctx, tx, drafts) })
	if err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, d *db.DB, id directory.EntryID) directory.Entry {
	t.Helper()
	e, err := directory.Find(context.Background(), d, id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestStoreAndJudge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		a, b := draft("A1", "두레"), draft("B2", "가람")
		insert(t, d, a, b)
		e := find(t, d, "dir_A1")
		if e.Name != "두레" || e.State != directory.Unclaimed || e.MerchantID != "" || !e.ClaimedAt.IsZero() || e.Version != 1 {
			t.Errorf("%+v", e)
		}
		if _, err := directory.Find(ctx, d, "dir_none"); !errors.Is(err, directory.ErrNotFound) {
			t.Error(err)
		}
		b.Name = "가람 본점"
		b.Seal()
		known, err := directory.LookUp(ctx, d, []directory.Draft{a, b, draft("C3", "새")})
		if err != nil || len(known) != 2 {
			t.Fatal(known, err)
		}
		for id, want := range map[string]directory.Verdict{"A1": directory.Unchanged, "B2": directory.Changed,
			"C3": directory.New} {
			one := map[string]directory.Draft{"A1": a, "B2": b, "C3": draft("C3", "새")}[id]
			if got := directory.Judge(one, known); got != want {
				t.Errorf("%s: %d", id, got)
			}
		}
		if many, err := directory.LookUp(ctx, d, nil); err != nil || len(many) != 0 {
			t.Error(many, err)
		}
		// Written twice by two loads at once, an entry stays as the first wrote it.
		a.Name = "다른 이름"
		insert(t, d, a)
		if e := find(t, d, "dir_A1"); e.Name != "두레" {
			t.Errorf("%+v", e)
		}
	})
}

// What is the owner's to say stays as he said it; the register's word for the trade follows the register.
func TestUpdateKeepsWhatIsClaimed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		a, b := draft("A1", "두레"), draft("B2", "가람")
		insert(t, d, a, b)
		grant(t, d, "dir_A1", "mer_1")
		change := func(x *directory.Draft) {
			x.Name, x.Branch, x.Industry, x.CategoryID, x.RegionID = "바뀜", "2호점", "카페", "cafe.coffee", "neighbourhood_1"
			x.DistrictID, x.Matched, x.Address, x.LotAddress, x.Building = "district_1", "place", "새 길 2", "새 지번", "새 집"
			x.Floor, x.Unit, x.LatitudeE7, x.LongitudeE7 = "9", "901", 1, 2
			x.Seal()
		}
		change(&a)
		change(&b)
		update := func() error {
			return write(t, d, func(ctx context.Context, tx *db.Tx) error {
				return directory.Update(ctx, tx, []directory.Draft{a, b})
			})
		}
		if err := update(); err != nil {
			t.Fatal(err)
		}
		kept, moved := find(t, d, "dir_A1"), find(t, d, "dir_B2")
		want := draft("A1", "두레").Entry
		want.Industry, want.State, want.MerchantID, want.ClaimedAt = "카페", directory.Claimed, "mer_1", kept.ClaimedAt
		want.Version = 3
		if kept != want {
			t.Errorf("claimed:\n%+v\n%+v", kept, want)
		}
		follows := b.Entry
		follows.Version = 2
		if moved != follows {
			t.Errorf("unclaimed:\n%+v\n%+v", moved, follows)
		}
		known, err := directory.LookUp(context.Background(), d, []directory.Draft{a, b})
		if err != nil || directory.Judge(a, known) != directory.Unchanged ||
			directory.Judge(b, known) != directory.Unchanged {
			t.Error("the next load must find both unchanged", known, err)
		}
		if err := update(); err != nil || find(t, d, "dir_B2").Version != 2 {
			t.Error("the same once more writes nothing", err)
		}
	})
}

func TestListPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		var drafts []directory.Draft
		for i := range 25 {
			x := draft(fmt.Sprintf("A%02d", i), "가게"+string(rune('가'+i%5))) // names repeat: the id decides
			if i%2 == 1 {
				x.RegionID, x.CategoryID = "neighbourhood_1123065", "cafe.coffee"
			}
			drafts = append(drafts, x)
		}
		insert(t, d, drafts...)
		grant(t, d, "dir_A04", "mer_1")
		walk := func(f directory.Filter) (names []string) {
			for {
				page, next, err := directory.List(ctx, d, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range page {
					names = append(names, e.Name+" "+string(e.ID))
				}
				if next == (directory.Cursor{}) {
					return names
				}
				if len(page) != f.Limit {
					t.Fatalf("a page of %d", len(page))
				}
				f.After = next
			}
		}
		for region, want := range map[market.RegionID]int{
			"neighbourhood_1123064": 12, // thirteen, and one is claimed
			"neighbourhood_1123065": 12, "district_11230": 0, "' OR 1=1": 0,
		} {
			names := walk(directory.Filter{RegionID: region, Limit: 4})
			if len(names) != want {
				t.Errorf("%s: %d entries", region, len(names))
			}
			for i := 1; i < len(names); i++ {
				if names[i-1] >= names[i] {
					t.Errorf("%s: %s before %s", region, names[i-1], names[i])
				}
			}
		}
		if any, err := directory.Any(ctx, d); err != nil || !any {
			t.Error(any, err)
		}
	})
}

func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		insert(t, d, draft("A1", "생삼겹살 두레"), draft("B2", "가람 커피"))
		if n, err := directory.PendingCount(ctx, d); err != nil || n != 2 {
			t.Fatal(n, err)
		}
		index := search.New(d.Engine(), directory.Kind)
		pending, err := directory.Pending(ctx, d, 10)
		if err != nil || len(pending) != 2 {
			t.Fatal(pending, err)
		}
		err = write(t, d, func(ctx context.Context, tx *db.Tx) error {
			var documents []search.Document
			for _, e := range pending {
				documents = append(documents, directory.Prepare(index, e, "서울특별시 강남구 역삼1동"))
			}
			return directory.PutIndex(ctx, tx, index, documents)
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := directory.PendingCount(ctx, d); n != 0 {
			t.Errorf("%d still wait", n)
		}
		for query, want := range map[string]string{"ㅅㄱㅅ": "dir_A1", "삼겹쌀": "dir_A1", "역삼 커피": "dir_B2",
			"강남 두레": "dir_A1", "없는집": ""} {
			list, err := directory.Search(ctx, d, index, query, 10)
			var ids []string
			for _, e := range list {
				ids = append(ids, string(e.ID))
			}
			if got := strings.Join(ids, " "); err != nil || got != want {
				t.Errorf("%s: %q %v", query, got, err)
			}
		}
	})
}

func TestImports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		var id string
		err := write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			id, err = directory.StartImport(ctx, tx, "상가.csv", "acc_1")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		finish := func(state directory.ImportState, tally directory.Tally) {
			t.Helper()
			err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
				return directory.FinishImport(ctx, tx, id, state, tally)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		tally := directory.Tally{Rows: 10, New: 4, Changed: 3, Unchanged: 1, Refused: 2, Unmatched: 1}
		finish(directory.ImportDone, tally)
		finish(directory.ImportStopped, directory.Tally{})
		list, err := directory.Imports(ctx, d, 5)
		want := directory.Import{ID: id, File: "상가.csv", Actor: "acc_1", State: directory.ImportDone, Tally: tally,
			StartedAt: w.Clock.Now(), FinishedAt: w.Clock.Now()}
		if err != nil || len(list) != 1 || list[0] != want {
			t.Errorf("%+v %v", list, err)
		}
	})
}
