package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// rule is a statement that gives the rows which break an invariant: the row's key, what is kept, and what it should be.
// Its parameters $1 and $2 bound the keys of a slice.
type rule struct {
	number int
	code   string
	text   string
}

type breach struct {
	row      string
	is, want int64
}

func scanBreach(r db.Row) (breach, error) {
	var b breach
	err := r.Scan(&b.row, &b.is, &b.want)
	return b, err
}

// table is a noun's rows, walked by key.
type table struct {
	keys  string // SELECT of keys after $1, in order, at most $2
	rules []rule
	limit int // rows a slice at most, where a row stands for many; 0 for the caller's
}

func walkTable(t table) func(context.Context, *Walk) error {
	return func(ctx context.Context, w *Walk) error {
		limit := w.Limit()
		if t.limit > 0 {
			limit = min(limit, t.limit)
		}
		return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
			keys, err := db.All(ctx, r, db.Scalar[string], t.keys, after, limit)
			if err != nil || len(keys) == 0 {
				return "", 0, err
			}
			last := keys[len(keys)-1]
			for _, rule := range t.rules {
				broken, err := db.All(ctx, r, scanBreach, rule.text, after, last)
				if err != nil {
					return "", 0, err
				}
				for _, b := range broken {
					w.Found(rule.number, rule.code, b.row, "Is", b.is, "Want", b.want)
				}
			}
			return last, len(keys), nil
		})
	}
}

// rowQuestions are those whose statements stand in package rows.
func rowQuestions() (out []Question) {
	for _, t := range rows.Tables() {
		own := table{keys: t.Keys, limit: t.Limit}
		for _, r := range t.Rules {
			own.rules = append(own.rules, rule{r.Number, r.Code, r.Text})
		}
		out = append(out, Question{Name: t.Name, Walk: walkTable(own)})
	}
	return out
}
