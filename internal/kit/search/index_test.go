package search_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/search"
)

func shelf() map[string][]string {
	return map[string][]string{
		"d01": {"생삼겹살 2인분", "마포 돼지집", "국내산 생고기와 된장찌개"},
		"d02": {"대한민국역사 박물관 입장권", "역사문화재단"},
		"d03": {"아메리카노 10잔", "두레 커피 Coffee House", "강남역 3번 출구"},
		"d04": {"매운 떡볶이 세트", "신당동 할머니"},
		"d05": {"후라이드 치킨 🍗", "이웃 통닭"},
		"d06": {"삼겹살집 아르바이트", "강남 맛집"},
		"d07": {"강남 필라테스 3개월", "Café Körper"},
		"d08": {"닭", "닭 한 마리"},
	}
}

func fill(t *testing.T, d *db.DB, index *search.Index) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for id, texts := range shelf() {
			if err := index.Put(context.Background(), tx, id, texts...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func find(t *testing.T, d *db.DB, index *search.Index, query string) string {
	t.Helper()
	hits, err := index.Find(context.Background(), d, query, 10)
	if err != nil {
		t.Fatalf("%q: %v", query, err)
	}
	ids := make([]string, len(hits))
	for i, hit := range hits {
		ids[i] = hit.ID
		if hit.Slip {
			ids[i] += "~"
		}
	}
	return strings.Join(ids, " ")
}

func TestFind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		index := search.New(d.Engine(), "deal")
		fill(t, d, index)
		for _, row := range []struct{ query, want string }{
			{"역사", "d02"},                     // inside 대한민국역사
			{"민국", "d02"},                     // inside, not at a border
			{"삼겹살", "d06 d01"},                // at the beginning of a word before inside one
			{"삼겹살 강남", "d06"},                 // both words
			{"강남 삼겹살", "d06"},                 // in any order
			{"삼겹살집", "d06"},                   // one word, as written
			{"떡볶이세트", "d04"},                  // written without its space
			{"닭", "d08 d05"},                  // one syllable; the whole title first
			{"ㅅㄱㅅ", "d06 d01"},                // initials
			{"ㄳ", "d06 d01"},                  // ㄱㅅ in 겹살, as some keyboards type it
			{"생삼ㄱ살", "d01"},                   // half typed
			{"ㄷ", "d08 d02 d05 d03 d01 d04"},  // one initial
			{"coffee", "d03"},                 // Latin, any case
			{"OFF", "d03"},                    // inside it
			{"café", "d07"},                   // an accent
			{"🍗", "d05"},                      // a pictograph
			{"삼겹쌀", "d06~ d01~"},              // one letter wrong
			{"떡뽁이", "d04~"},                   // two wrong
			{"떡뽁이 할머니", "d04~"},               // a slip beside a right word
			{"된장찌게", "d01~"},                  // the commonest slip of all
			{"cofee", "d03~"},                 // a letter missing
			{"아메리카노노", "d03~"},                // a syllable too many
			{"삼겹살 커피", ""},                    // never together
			{"자전거", ""},                       // not there
			{"", ""}, {"   ", ""}, {"!?", ""}, // nothing asked
			{"2인분", "d01"}, {"10잔", "d03"}, // digits and letters
			{"삼겹살 AND 강남", ""}, {"NOT 삼겹살", ""}, // words, not operators
			{`"삼겹살"`, "d06 d01"}, {"삼겹살*", "d06 d01"}, // signs are no syntax
			{"tokens:삼겹살", ""}, {"삼겹살 | 커피", ""}, {"삼겹살 & !강남", "d06"}, {"(삼겹살", "d06 d01"},
			{"'; DROP TABLE kit_search; --", ""}, {"100%", ""}, {"삼_살", "d06 d01"}, {`\`, ""}, {"$9", ""}, {":*", ""},
			{"삼겹살\x00강남", "d06"}, {"\xff삼겹살", "d06 d01"},
			{strings.Repeat("삼겹살", 10_000), ""},
		} {
			if got := find(t, d, index, row.query); got != row.want {
				t.Errorf("%.40q found %q, want %q", row.query, got, row.want)
			}
		}
	})
}

func TestPutReplacesAndRemoveForgets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		deals, shops := search.New(d.Engine(), "deal"), search.New(d.Engine(), "merchant")
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error { return deals.Put(ctx, tx, "a", "삼겹살") })
		write(func(tx *db.Tx) error { return shops.Put(ctx, tx, "a", "삼겹살 가게") })
		write(func(tx *db.Tx) error { return deals.Put(ctx, tx, "a", "목살") })
		if got := find(t, d, deals, "삼겹살"); got != "" {
			t.Errorf("the old text still finds %q", got)
		}
		if got := find(t, d, deals, "목살"); got != "a" {
			t.Errorf("the new text finds %q", got)
		}
		if got := find(t, d, shops, "삼겹살"); got != "a" {
			t.Errorf("the other index finds %q", got)
		}
		write(func(tx *db.Tx) error { return deals.Remove(ctx, tx, "a") })
		write(func(tx *db.Tx) error { return deals.Remove(ctx, tx, "never there") })
		if got := find(t, d, deals, "목살") + find(t, d, shops, "목살"); got != "" {
			t.Errorf("a removed object is found: %q", got)
		}
		write(func(tx *db.Tx) error { return deals.Put(ctx, tx, "empty") })
		write(func(tx *db.Tx) error { return deals.Put(ctx, tx, "long", strings.Repeat("긴 글 ", 5000), "뒤") })
		if got := find(t, d, deals, "긴글"); got != "long" {
			t.Errorf("a long text finds %q", got)
		}
	})
}

// TestLimitKeepsTheBest holds that the limit cuts after sorting, and that equals come newest first.
func TestLimitKeepsTheBest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		index := search.New(d.Engine(), "deal")
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range 20 {
				if err := index.Put(ctx, tx, fmt.Sprintf("d%02d", i), "맛있는김치찌개"); err != nil {
					return err
				}
			}
			return index.Put(ctx, tx, "d00", "김치")
		}); err != nil {
			t.Fatal(err)
		}
		hits, err := index.Find(ctx, d, "김치", 3)
		if err != nil {
			t.Fatal(err)
		}
		if got := []string{hits[0].ID, hits[1].ID, hits[2].ID}; !reflect.DeepEqual(got, []string{"d00", "d19", "d18"}) {
			t.Error(got)
		}
	})
}

// TestEnginesAgree asks both engines the same random questions over the same shelf.
func TestEnginesAgree(t *testing.T) {
	lite, _ := dbtest.SQLite(t)
	big, _ := dbtest.Postgres(t)
	a, b := search.New(lite.Engine(), "deal"), search.New(big.Engine(), "deal")
	fill(t, lite, a)
	fill(t, big, b)
	letters := rapid.RuneFrom([]rune("삼겹살강남역사커피닭떡볶이ㅅㄱㄷㄹcofe23 🍗&|()\"'*:!<-"))
	rapid.Check(t, func(rt *rapid.T) {
		query := rapid.StringOfN(letters, 0, 8, -1).Draw(rt, "query")
		left, leftFault := a.Find(context.Background(), lite, query, 5)
		right, rightFault := b.Find(context.Background(), big, query, 5)
		if leftFault != nil || rightFault != nil || !reflect.DeepEqual(left, right) {
			rt.Fatalf("%q: %v %v, %v %v", query, left, leftFault, right, rightFault)
		}
	})
}
