package load_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/schema"
)

// benchRows is the size of a large province's file.
const benchRows = 500_000

// BenchmarkMerchants loads a file of the register's full width on SQLite with synchronous=FULL, loads it again, writes
// the search index and asks it. Run it with -benchtime=1x: it reports rows a second, the longest hold of the writer and
// the program's largest memory.
func BenchmarkMerchants(b *testing.B) {
	for b.Loop() {
		benchMerchants(b)
	}
}

func benchMerchants(b *testing.B) {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(b.TempDir(), "bench.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if _, err := schema.Migrate(ctx, d); err != nil {
		b.Fatal(err)
	}
	flow := load.New(d)
	if _, err := flow.Regions(ctx, market.System(), load.RegionsCommand{Files: published(b)}); err != nil {
		b.Fatal(err)
	}
	file := writeRegister(b, d)
	for _, pass := range []string{"first", "again"} {
		began, work := clock.System().Now(), processorTime(b)
		report, err := flow.Merchants(ctx, market.System(), load.MerchantsCommand{File: file})
		if err != nil || report.New+report.Unchanged != benchRows {
			b.Fatal(report, err)
		}
		spent := clock.System().Now().Sub(began)
		b.ReportMetric(float64(benchRows)/spent.Seconds(), pass+"-rows/s")
		b.ReportMetric(float64(report.LongestHold.Milliseconds()), pass+"-hold-ms")
		b.ReportMetric(memoryMB(b), pass+"-MB")
		b.Logf("%s load: %v, processors %v, %+v", pass, spent, processorTime(b)-work, report)
	}
	benchIndex(ctx, b, d)
}

func benchIndex(ctx context.Context, b *testing.B, d *db.DB) {
	b.Helper()
	began, work, indexer := clock.System().Now(), processorTime(b), load.NewIndexer(d)
	for worked := true; worked; {
		var err error
		if worked, err = indexer.RunOnce(ctx); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("index: %v, processors %v", clock.System().Now().Sub(began), processorTime(b)-work)
	b.ReportMetric(float64(benchRows)/clock.System().Now().Sub(began).Seconds(), "index-rows/s")
	b.ReportMetric(float64(indexer.LongestHold().Milliseconds()), "index-hold-ms")
	b.ReportMetric(memoryMB(b), "index-MB")
	index := search.New(d.Engine(), directory.Kind)
	for _, query := range []string{"두레", "역삼 카페", "ㄷㄹㄱㅂ", "없는가게이름", "카페"} {
		began := clock.System().Now()
		list, err := directory.Search(ctx, d, index, query, 20)
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("search %q: %d in %v", query, len(list), clock.System().Now().Sub(began))
	}
	began = clock.System().Now()
	page, _, err := directory.List(ctx, d, directory.Filter{RegionID: "neighbourhood_1123064", Limit: 30})
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("a page of %d in %v", len(page), clock.System().Now().Sub(began))
}

// memoryMB is the largest resident size of this program so far.
func memoryMB(b *testing.B) float64 {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return float64(usage.Maxrss) / 1024
}

// processorTime is what this program has used of the processors so far: on a busy machine it tells more than the clock.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// writeRegister writes a file with all 39 columns, in the neighbourhoods that are loaded.
func writeRegister(b *testing.B, d *db.DB) load.File {
	b.Helper()
	places, err := region.List(context.Background(), d, region.Neighbourhood)
	if err != nil {
		b.Fatal(err)
	}
	districts := map[market.RegionID]region.Region{}
	provinces := map[market.RegionID]region.Region{}
	for level, into := range map[region.Level]map[market.RegionID]region.Region{region.District: districts,
		region.Province: provinces} {
		list, err := region.List(context.Background(), d, level)
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range list {
			into[r.ID] = r
		}
	}
	first := []string{"두레", "가람", "한울", "미소", "온누리", "새벽", "햇살", "옛날", "할머니", "소담", "정든", "푸른", "행복한", "우리", "큰"}
	second := []string{"국밥", "카페", "헤어", "식당", "분식", "마트", "치킨", "학원", "꽃집", "세탁소", "정육점", "네일", "약국", "서점", "빵집"}
	trades := [][3]string{{"I2\",\"음식\",\"I201", "한식", "백반/한정식"}, {"I2\",\"음식\",\"I212", "비알코올 ", "카페"},
		{"S2\",\"수리·개인\",\"S207", "이용·미용", "미용실"}, {"G2\",\"소매\",\"G204", "종합 소매", "슈퍼마켓"}}
	path := filepath.Join(b.TempDir(), "register.csv")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	_, _ = w.WriteString("상가업소번호,상호명,지점명,상권업종대분류코드,상권업종대분류명,상권업종중분류코드,상권업종중분류명,상권업종소분류코드," +
		"상권업종소분류명,표준산업분류코드,표준산업분류명,시도코드,시도명,시군구코드,시군구명,행정동코드,행정동명,법정동코드,법정동명,지번코드," +
		"대지구분코드,대지구분명,지번본번지,지번부번지,지번주소,도로명코드,도로명,건물본번지,건물부번지,건물관리번호,건물명,도로명주소,구우편번호," +
		"신우편번호,동정보,층정보,호정보,경도,위도\n")
	for i := range benchRows {
		place := places[i*7%len(places)]
		district := districts[place.ParentID]
		province := provinces[district.ParentID]
		trade := trades[i%len(trades)]
		_, _ = fmt.Fprintf(w, `"MA010120220%09d","%s%s%d","","%s","%s","","%s","I56111","한식 일반 음식점업","00","%s","00000","%s",`+
			`"00000000","%s","0000000000","%s","0000000000000000000","1","대지",%d,%d,"%s %s %d-%d","000000000000",`+
			`"%s %s 테헤란로%d길",%d,,"0000000000000000000000000","두레빌딩","%s %s 테헤란로%d길 %d","000000","06236","","%d","",`+
			`%.12f,%.12f`+"\n", i, first[i%len(first)], second[i/3%len(second)], i%997, trade[0], trade[1], trade[2],
			province.Name, district.Name, place.Name, place.Name, i%900, i%30, province.Name, district.Name, i%900, i%30,
			province.Name, district.Name, i%90, i%60, province.Name, district.Name, i%90, i%60, i%9,
			float64(place.Centre.Lng)/1e7, float64(place.Centre.Lat)/1e7)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	file, err := load.FromPath(path)
	if err != nil {
		b.Fatal(err)
	}
	return file
}
