package scrub_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/db/scrub"
	"github.com/dure-commerce/dure/internal/kit/search"
)

// The full-text index is written between one look and the next; nothing of it is damaged.
func TestWhatIsWrittenBetweenLooksIsNoDamage(t *testing.T) {
	words := []string{"손칼국수", "김밥", "떡볶이", "성수", "할매", "커피", "빵집", "미용실", "망원", "족발 보쌈", "마라탕"}
	for seed := range uint64(6) {
		d, _ := dbtest.SQLite(t)
		pick, index := rand.New(rand.NewPCG(seed, 0)), search.New(db.SQLite, "deal")
		for step := range 240 {
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				id := fmt.Sprint("deal", pick.IntN(80))
				if pick.IntN(6) == 0 {
					return index.Remove(t.Context(), tx, id)
				}
				return index.Put(t.Context(), tx, id, words[pick.IntN(len(words))]+" "+words[pick.IntN(len(words))],
					fmt.Sprint("글 ", pick.IntN(1000)))
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
