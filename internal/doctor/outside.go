package doctor

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// outsideDays is how far back the gateway is asked: later its lists have been compared row by row.
const outsideDays = 31

// outsideQuestions ask others than the database (36).
func outsideQuestions() []Question {
	return []Question{{Name: "outside_payments", Walk: walkOutsidePayments}}
}

type capture struct {
	id                    string
	amount, least, mostly int64
}

func scanCapture(r db.Row) (capture, error) {
	var c capture
	err := r.Scan(&c.id, &c.amount, &c.least, &c.mostly)
	return c, err
}

// walkOutsidePayments: the gateway captured and gave back what we say (36). A refund that is on its way may have
// happened there already, or not.
func walkOutsidePayments(ctx context.Context, w *Walk) error {
	if w.options.Gateway == nil {
		return nil
	}
	after := id.From(market.PrefixPayment, w.Now().Add(-outsideDays*24*time.Hour))
	for {
		var captures []capture
		err := w.Once(ctx, func(r *db.ReadTx) (n int, err error) {
			captures, err = db.All(ctx, r, scanCapture, rows.Captures, after, min(w.Limit(), 100))
			return len(captures), err
		})
		if err != nil || len(captures) == 0 {
			return err
		}
		for _, c := range captures {
			if err := w.ask(ctx, c); err != nil {
				return err
			}
		}
		after = captures[len(captures)-1].id
	}
}

func (w *Walk) ask(ctx context.Context, c capture) error {
	theirs, err := w.options.Gateway.LookupByOrder(ctx, c.id)
	if gateway.OutcomeOf(err) == gateway.NotFound {
		w.Found(36, "outside_unknown", c.id)
		return nil
	}
	if err != nil {
		return err
	}
	if !theirs.Status.Captured() || theirs.Amount != c.amount {
		w.Found(36, "outside_amount", c.id, "Is", theirs.Amount, "Want", c.amount)
	}
	if back := theirs.Amount - theirs.Balance; back < c.least || back > c.mostly {
		w.Found(36, "outside_refunded", c.id, "Is", back, "Least", c.least, "Most", c.mostly)
	}
	return nil
}
