package aftermath

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// Doctor asks everything of a database on which no server works any more, but for the named questions.
func Doctor(ctx context.Context, d *db.DB, but ...string) (doctor.Report, error) {
	var names []string
	for _, q := range doctor.Questions() {
		if !slices.Contains(but, q.Name) {
			names = append(names, q.Name)
		}
	}
	return doctor.Check(ctx, d, doctor.Options{Resting: true, Only: names})
}
