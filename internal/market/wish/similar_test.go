package wish_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
)

func TestLikeWishesAreFoundWhileTyping(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx, index := context.Background(), search.New(d.Engine(), "wish")
		put := func(id market.WishID, name string, region market.RegionID, days int) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error {
				one := wish.Wish{ID: id, AuthorID: "acc_1", LeadID: "acc_1", Name: name, RegionID: region, Threshold: 30,
					PolicyID: "p", State: wish.Gathering, CreatedAt: tx.Now(), Until: tx.Now().AddDate(0, 0, days), Version: 1}
				if err := wish.Insert(ctx, tx, one, wish.PostKey{AuthorID: "acc_1", Key: string(id), Hash: "h"}); err != nil {
					return err
				}
				return index.Put(ctx, tx, string(id), name, "")
			}); err != nil {
				t.Fatal(err)
			}
		}
		put("wsh_1", "무선 청소기", "", 20)
		put("wsh_2", "유선 청소기", "", 20)
		put("wsh_3", "무선 청소기 거치대", "gu_1", 20)
		put("wsh_4", "캠핑 의자", "", 20)
		put("wsh_5", "무선 청소기", "", 1)
		w.Clock.Advance(48 * time.Hour)
		for name, c := range map[string]struct {
			ask  wish.Likeness
			want []market.WishID
		}{
			"all words first":   {wish.Likeness{Text: "무선 청소기", Limit: 5}, []market.WishID{"wsh_1", "wsh_3", "wsh_2"}},
			"any word":          {wish.Likeness{Text: "대형 청소기 좋은", Limit: 5}, []market.WishID{"wsh_3", "wsh_2", "wsh_1"}},
			"beside itself":     {wish.Likeness{Text: "무선 청소기", Except: "wsh_1", Limit: 1}, []market.WishID{"wsh_3"}},
			"initials":          {wish.Likeness{Text: "ㅋㅍ", Limit: 5}, []market.WishID{"wsh_4"}},
			"a slip of the pen": {wish.Likeness{Text: "캠핑이자", Limit: 5}, []market.WishID{"wsh_4"}},
			"nothing":           {wish.Likeness{Text: " ", Limit: 5}, nil},
			"nothing like it":   {wish.Likeness{Text: "피아노", Limit: 5}, nil},
			"no more than that": {wish.Likeness{Text: "청소기", Limit: 1}, []market.WishID{"wsh_3"}},
			"the place first":   {wish.Likeness{Text: "청소기", RegionID: "gu_1", Limit: 1}, []market.WishID{"wsh_3"}},
		} {
			got, err := wish.Similar(ctx, d, index, c.ask, w.Clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			var ids []market.WishID
			for _, one := range got {
				ids = append(ids, one.ID)
			}
			if !slices.Equal(ids, c.want) {
				t.Errorf("%s: %v, want %v", name, ids, c.want)
			}
		}
	})
}
