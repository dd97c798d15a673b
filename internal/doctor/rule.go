package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
)

type breach struct {
	row      string
	is, want int64
}

func scanBreach(r db.Row) (breach, error) {
	var b breach
	err := r.Scan(&b.row, &b.is, &b.want)
	return b, err
}

func walkTable(t rows.Table) func(context.Context, *Walk) error {
	return func(ctx context.Context, w *Walk) error {
		limit := w.Limit()
		if t.Limit > 0 {
			limit = min(limit, t.Limit)
		}
		return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
			keys, err := db.All(ctx, r, db.Scalar[string], t.Keys, after, limit)
			if err != nil || len(keys) == 0 {
				return "", 0, err
			}
			last := keys[len(keys)-1]
			for _, rule := range t.Rules {
				broken, err := db.All(ctx, r, scanBreach, rule.Text, after, last)
				if err != nil {
					return "", 0, err
				}
				for _, b := range broken {
					w.Found(rule.Number, rule.Code, b.row, "Is", b.is, "Want", b.want)
				}
			}
			return last, len(keys), nil
		})
	}
}

// rowQuestions are those whose statements stand in package rows.
func rowQuestions() (out []Question) {
	for _, t := range rows.Tables() {
		out = append(out, Question{Name: t.Name, Walk: walkTable(t)})
	}
	return out
}
