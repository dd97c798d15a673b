package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/doctor/daybook"
	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// orderQuestions ask what orders, payments, refunds and shares wait for (4, 21, 32, 34, 79); package rows says how.
func orderQuestions() []Question {
	return []Question{{Name: "late_money", Walk: walkWaits(rows.LateMoney())},
		{Name: "late_shares", Walk: walkWaits(rows.LateShares())}}
}

// walkWaits finds what waits longer than its time.
func walkWaits(list []rows.Wait) func(context.Context, *Walk) error {
	return func(ctx context.Context, w *Walk) (err error) {
		for i := 0; i < len(list) && err == nil; i++ {
			if list[i].Always || !w.options.Resting {
				err = w.list(ctx, list[i])
			}
		}
		return err
	}
}

// list finds every row of a wait.
func (w *Walk) list(ctx context.Context, wait rows.Wait) error {
	before := db.Micros(w.Now().Add(-wait.Grace))
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		broken, err := db.All(ctx, r, scanBreach, wait.Text, after, before, w.Limit())
		if err != nil || len(broken) == 0 {
			return "", 0, err
		}
		for _, b := range broken {
			w.Found(wait.Number, wait.Code, b.row, "Is", b.is, "Want", b.want)
		}
		return broken[len(broken)-1].row, len(broken), nil
	})
}

// walkDaybook: what a shop's desk adds up is what orders, vouchers and uses add up to (53).
func walkDaybook(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		return daybook.Compare(ctx, r, after, func(code, row string, is, want int64) {
			w.Found(53, code, row, "Is", is, "Want", want)
		})
	})
}
