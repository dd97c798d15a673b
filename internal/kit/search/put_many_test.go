package search_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/search"
)

// Many at once are found like one at a time, also when some of them were there before.
func TestPutMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		index, other := search.New(d.Engine(), "many"), search.New(d.Engine(), "single")
		put := func(documents []search.Document) {
			t.Helper()
			err := d.Write(ctx, func(tx *db.Tx) error { return index.PutMany(ctx, tx, documents) })
			if err != nil {
				t.Fatal(err)
			}
		}
		var documents []search.Document
		for i := range 300 {
			documents = append(documents, index.Prepare(fmt.Sprintf("n%03d", i), fmt.Sprintf("낡은 이름 %d", i)))
		}
		put(documents)
		documents = documents[:0]
		for id, texts := range shelf() {
			documents = append(documents, index.Prepare(id, texts...))
		}
		for i := range 300 {
			documents = append(documents, index.Prepare(fmt.Sprintf("n%03d", i), fmt.Sprintf("새 이름 %d", i)))
		}
		put(documents)
		fill(t, d, other)
		for _, query := range []string{"역사", "삼겹살 강남", "ㅅㄱㅅ", "떡뽁이", "coffee", "낡은"} {
			if many, single := find(t, d, index, query), find(t, d, other, query); many != single {
				t.Errorf("%s: %q at once, %q one by one", query, many, single)
			}
		}
		if got := find(t, d, index, "이름 299"); got != "n299" {
			t.Errorf("%q", got)
		}
		put(nil)
	})
}
