package scrub_test

import (
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/db/scrub"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/search"
)

// The full-text index is written between one look and the next; nothing of it is damaged.
func TestWhatIsWrittenBetweenLooksIsNoDamage(t *testing.T) {
	words := []string{"손칼국수", "김밥", "떡볶이", "성수", "할매", "커피", "빵집", "미용실", "망원", "족발 보쌈", "마라탕"}
	for seed := range uint64(12) {
		d, world := dbtest.SQLite(t)
		ids, index := id.Seeded(world.Clock, seed), search.New(db.SQLite, "deal")
		pick := func(n int) int {
			b := ids.Bytes(2)
			return (int(b[0])<<8 | int(b[1])) % n
		}
		for step := range 240 {
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				id := fmt.Sprint("deal", pick(80))
				if pick(6) == 0 {
					return index.Remove(t.Context(), tx, id)
				}
				return index.Put(t.Context(), tx, id, words[pick(len(words))]+" "+words[pick(len(words))],
					fmt.Sprint("글 ", pick(1000)))
			}); err != nil {
				t.Fatal(err)
			}
			if step%20 != 0 {
				continue
			}
			if seen, err := scrub.Look(t.Context(), d); err != nil || len(seen.Faults) > 0 || seen.Objects == 0 {
				t.Fatalf("seed %d, step %d: %+v %v", seed, step, seen, err)
			}
		}
	}
}
