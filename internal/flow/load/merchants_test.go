package load_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/korean"

	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/kit/sheet"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
)

// gangnamMap is a square neighbourhood and the half of another, as a file of outlines.
const gangnamMap = `{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"code":"1123064","name":"역삼1동"},"geometry":{"type":"Polygon",
  "coordinates":[[[127.03,37.5],[127.04,37.5],[127.04,37.51],[127.03,37.51],[127.03,37.5]]]}},
 {"type":"Feature","properties":{"code":"1123065","name":"역삼2동"},"geometry":{"type":"Polygon",
  "coordinates":[[[127.04,37.5],[127.05,37.5],[127.05,37.51],[127.04,37.51],[127.04,37.5]]]}}]}`

// newFlow has the two neighbourhoods loaded.
func newFlow(t testing.TB, d *db.DB) *load.Flow {
	t.Helper()
	flow := load.New(d)
	report, err := flow.Regions(context.Background(), market.System(),
		load.RegionsCommand{Files: []load.File{text("map.geojson", gangnamMap)}})
	if err != nil || report.New != 2 {
		t.Fatal(report, err)
	}
	return flow
}

const registerHead = "상가업소번호,상호명,지점명,상권업종중분류명,상권업종소분류명,시도명,시군구명,행정동명,도로명주소,경도,위도\n"

// register is a small file with one row of every fate.
const register = registerHead +
	"A1,두레국밥,역삼점,한식,국/탕/찌개류,서울특별시,강남구,역삼1동,서울특별시 강남구 테헤란로 1,127.035,37.505\n" +
	"A2,\"가람, \"\"카페\"\"\",,비알코올 ,카페,서울특별시,강남구,역삼제2동,,127.045,37.505\n" + // another way to write the name
	"A3,새동네치킨,,기타 간이,치킨,서울특별시,강남구,역삼5동,,127.031,37.501\n" + // found by its place
	"A4,개포반점,,중식,중국집,서울특별시,강남구,개포9동,,127.2,37.3\n" + // only its district is known
	"A5,시골밥상,,한식,백반/한정식,경기도,없는군,없는면,,,\n" + // only its province
	"A6,어딘가,,이상한 업종,,,,,,,\n" + // nothing
	"A1,두레국밥 또,,한식,,서울특별시,강남구,역삼1동,,,\n" +
	"A8,\u202e거꾸로,,한식,,서울특별시,강남구,역삼1동,,,\n" +
	"A9,=HYPERLINK(1),,한식,,서울특별시,강남구,역삼1동,,200,37\n" +
	"A10,짧은 줄\n" +
	"A11,\"따옴표,,한식,,서울특별시,강남구,역삼1동,,,\n" +
	"A12,끝집,,한식,,서울특별시,강남구,역삼1동,,,\n"

func TestMerchants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, flow := context.Background(), newFlow(t, d)
		var progress, refused bytes.Buffer
		cmd := load.MerchantsCommand{File: text("상가.csv", register), Progress: &progress, Report: &refused}
		report, err := flow.Merchants(ctx, market.System(), cmd)
		if err != nil {
			t.Fatal(err)
		}
		want := directory.Tally{Rows: 12, New: 7, Refused: 5, Unmatched: 3}
		if diff := cmp.Diff(want, report.Tally); diff != "" {
			t.Error(diff)
		}
		for id, where := range map[directory.EntryID][4]string{
			"dir_A1":  {"neighbourhood_1123064", "district_11230", "name", "eat.korean"},
			"dir_A2":  {"neighbourhood_1123065", "district_11230", "name", "cafe.coffee"},
			"dir_A3":  {"neighbourhood_1123064", "district_11230", "place", "eat.chicken"},
			"dir_A4":  {"district_11230", "district_11230", "district", "eat.chinese"},
			"dir_A5":  {"province_31", "", "province", "eat.korean"},
			"dir_A6":  {"country_kr", "", "none", "work.other"},
			"dir_A12": {"neighbourhood_1123064", "district_11230", "name", "eat.korean"},
		} {
			e, err := directory.Find(ctx, d, id)
			got := [4]string{string(e.RegionID), string(e.DistrictID), e.Matched, string(e.CategoryID)}
			if err != nil || got != where {
				t.Errorf("%s: %v %v", id, got, err)
			}
		}
		if e, _ := directory.Find(ctx, d, "dir_A2"); e.Name != `가람, "카페"` {
			t.Errorf("%q", e.Name)
		}
		checkReport(t, refused.String())
		checkAfter(ctx, t, d, "0012_directory")
		if !strings.Contains(progress.String(), "load.progress") {
			t.Errorf("no line of progress: %q", progress.String())
		}
		list, err := directory.Imports(ctx, d, 5)
		if err != nil || len(list) != 1 || list[0].State != directory.ImportDone || list[0].Tally != want {
			t.Errorf("%+v %v", list, err)
		}
	})
}

func checkReport(t *testing.T, text string) {
	t.Helper()
	text, marked := strings.CutPrefix(text, "\ufeff")
	if !marked {
		t.Error("a spreadsheet would not know the encoding")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord = -1 // without a catalogue the heading is one word
	records, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range records[1:] {
		got = append(got, strings.Join(r[:4], " | "))
	}
	want := []string{"5 | A4 | 개포반점 | load.unmatched", "6 | A5 | 시골밥상 | load.unmatched",
		"7 | A6 | 어딘가 | load.unmatched", "8 | A1 | 두레국밥 또 | directory.twice",
		"9 | A8 | ·거꾸로 | directory.direction_character", "10 | A9 | '=HYPERLINK(1) | directory.place",
		"11 |  |  | sheet.width", "12 |  |  | sheet.quote"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMerchantsEncodings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, flow := context.Background(), newFlow(t, d)
		rows := strings.ReplaceAll(register, "\u202e", "")
		old, err := korean.EUCKR.NewEncoder().String(rows)
		if err != nil {
			t.Fatal(err)
		}
		for i, content := range []string{rows, "\ufeff" + rows, old, strings.ReplaceAll(rows, "\n", "\r\n")} {
			report, err := flow.Merchants(ctx, market.System(), load.MerchantsCommand{File: text("f", content)})
			if err != nil || report.New+report.Unchanged != 8 || (i > 0) != (report.New == 0) {
				t.Errorf("file %d: %+v %v", i, report.Tally, err)
			}
		}
	})
}

func TestMerchantsAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, flow := context.Background(), newFlow(t, d)
		run := func(content string) directory.Tally {
			t.Helper()
			report, err := flow.Merchants(ctx, market.System(), load.MerchantsCommand{File: text("f", content)})
			if err != nil {
				t.Fatal(err)
			}
			return report.Tally
		}
		run(register)
		if got := run(register); got != (directory.Tally{Rows: 12, Unchanged: 7, Refused: 5, Unmatched: 3}) {
			t.Errorf("the second time: %+v", got)
		}
		claims(ctx, t, d)
		next := strings.NewReplacer("두레국밥,역삼점", "두레국밥,강남점", "끝집", "새 끝집").Replace(register) +
			"A13,하나 더,,한식,,서울특별시,강남구,역삼1동,,,\n"
		if got := run(next); got != (directory.Tally{Rows: 13, New: 1, Changed: 2, Unchanged: 5, Refused: 5, Unmatched: 3}) {
			t.Errorf("the next edition: %+v", got)
		}
		if e, _ := directory.Find(ctx, d, "dir_A1"); e.Branch != "역삼점" {
			t.Errorf("a claimed entry was written over: %+v", e)
		}
		if e, _ := directory.Find(ctx, d, "dir_A12"); e.Name != "새 끝집" {
			t.Errorf("%+v", e)
		}
		if got := run(next); got.Unchanged != 8 {
			t.Errorf("once more: %+v", got)
		}
		// An edition without the shop, and the one after it, leave the claim where it was.
		run(registerHead + "A13,하나 더,,한식,,서울특별시,강남구,역삼1동,,,\n")
		run(register)
		e, err := directory.Find(ctx, d, "dir_A1")
		if err != nil || e.MerchantID != "mer_1" || e.State != directory.Claimed {
			t.Errorf("%+v %v", e, err)
		}
		for merchant, want := range map[market.MerchantID]directory.ClaimState{
			"mer_1": directory.ClaimGranted, "mer_2": directory.ClaimAsked,
		} {
			list, err := directory.ClaimsOf(ctx, d, merchant)
			if err != nil || len(list) != 1 || list[0].State != want {
				t.Errorf("%s: %+v %v", merchant, list, err)
			}
		}
		checkAfter(ctx, t, d, "0103_claim")
	})
}

// claims grants one entry and leaves a claim on another before the operator.
func claims(ctx context.Context, t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(ctx, func(tx *db.Tx) error {
		c, err := directory.OpenClaim(ctx, tx, directory.Claim{EntryID: "dir_A1", MerchantID: "mer_1",
			State: directory.ClaimAsked})
		if err != nil {
			return err
		}
		if _, err := directory.Grant(ctx, tx, c); err != nil {
			return err
		}
		_, err = directory.OpenClaim(ctx, tx, directory.Claim{EntryID: "dir_A12", MerchantID: "mer_2",
			State: directory.ClaimAsked})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMerchantsRefusesFiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		flow := load.New(d)
		for name, c := range map[string]struct {
			content string
			want    error
		}{
			"empty": {"", sheet.ErrEmpty}, "columns": {"id,name\n1,2\n", sheet.ErrColumns},
			"spreadsheet": {"PK\x03\x04", sheet.ErrEncoding},
		} {
			cmd := load.MerchantsCommand{File: text("f", c.content)}
			if _, err := flow.Merchants(context.Background(), market.System(), cmd); !errors.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if list, _ := directory.Imports(context.Background(), d, 5); len(list) != 0 {
			t.Errorf("a file that cannot be read is no load: %+v", list)
		}
		for name, actor := range map[string]market.Actor{
			"guest": {}, "support": {AccountID: "acc_2", Staff: market.RoleSupport},
		} {
			_, err := flow.Merchants(context.Background(), actor, load.MerchantsCommand{File: text("f", register)})
			if err == nil {
				t.Errorf("%s loaded the register", name)
			}
			if _, err := flow.Index(context.Background(), actor); err == nil {
				t.Errorf("%s wrote the index", name)
			}
		}
	})
}

// many is a register of n rows in the two neighbourhoods.
func many(n int) string {
	var b strings.Builder
	b.WriteString(registerHead)
	for i := range n {
		fmt.Fprintf(&b, "M%06d,가게%d호,,한식,백반/한정식,서울특별시,강남구,역삼%d동,테헤란로 %d,127.035,37.505\n", i, i, 1+i%2, i)
	}
	return b.String()
}

// cancelling is a file that ends its reader's context at the n-th read.
type cancelling struct {
	io.Reader
	cancel context.CancelFunc
	left   *int
}

func (c cancelling) Read(p []byte) (int, error) {
	if *c.left--; *c.left == 0 {
		c.cancel()
	}
	return c.Reader.Read(p[:min(len(p), 16<<10)])
}

// Cut later and later, every run leaves whole entries and a true tally behind, and the next goes on from them.
func TestMerchantsCancelledAndRunAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		flow, content := newFlow(t, d), many(6000)
		there, between := int64(0), false
		for reads := 1; reads < 200; reads += 3 {
			ctx, cancel := context.WithCancel(context.Background())
			left := reads
			file := load.File{Name: "f", Open: func() (io.ReadCloser, error) {
				return io.NopCloser(cancelling{strings.NewReader(content), cancel, &left}), nil
			}}
			report, err := flow.Merchants(ctx, market.System(), load.MerchantsCommand{File: file})
			cancel()
			count, countErr := db.One(context.Background(), d, db.Scalar[int64], `SELECT count(*) FROM directory_entry`)
			waiting, waitErr := directory.PendingCount(context.Background(), d)
			if countErr != nil || waitErr != nil || waiting != count {
				t.Fatalf("%d entries, %d of them wait for the index: %v %v", count, waiting, countErr, waitErr)
			}
			if report.New != count-there {
				t.Errorf("told %d new, wrote %d", report.New, count-there)
			}
			there = count
			if err == nil {
				if count != 6000 || report.New+report.Unchanged != 6000 || !between {
					t.Errorf("%d entries, cut in the middle: %v, %+v", count, between, report)
				}
				list, listErr := directory.Imports(context.Background(), d, 2)
				if listErr != nil || list[0].State != directory.ImportDone || list[1].State != directory.ImportStopped {
					t.Errorf("%+v %v", list, listErr)
				}
				return
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			between = between || count > 0 && count < 6000
		}
		t.Error("never done")
	})
}

func TestInputFailure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		flow, broken := newFlow(t, d), errors.New("disk gone")
		file := load.File{Name: "f", Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(many(3000)), failing{broken})), nil
		}}
		report, err := flow.Merchants(context.Background(), market.System(), load.MerchantsCommand{File: file})
		if !errors.Is(err, broken) || report.New == 0 {
			t.Errorf("%+v %v", report, err)
		}
		if list, _ := directory.Imports(context.Background(), d, 1); list[0].State != directory.ImportStopped ||
			list[0].Tally.New != report.New {
			t.Errorf("%+v", list)
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestIndexIsResumable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, flow := context.Background(), newFlow(t, d)
		content := many(300) + "Z1,맛있는삼겹살,,한식,돼지고기 구이/찜,서울특별시,강남구,역삼1동,,,\n"
		if _, err := flow.Merchants(ctx, market.System(), load.MerchantsCommand{File: text("f", content)}); err != nil {
			t.Fatal(err)
		}
		for asked := int64(1); ; asked += 3 {
			_, err := flow.Index(cancelAfter(asked), market.System())
			if err == nil {
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if n, err := directory.PendingCount(ctx, d); err != nil || n != 0 {
			t.Fatal(n, err)
		}
		list, err := directory.Search(ctx, d, search.New(d.Engine(), directory.Kind), "역삼 ㅅㄱㅅ", 5)
		if err != nil || len(list) != 1 || list[0].ID != "dir_Z1" {
			t.Errorf("%+v %v", list, err)
		}
		if runs, err := flow.Index(ctx, market.System()); err != nil || runs != 0 {
			t.Error(runs, err)
		}
	})
}
