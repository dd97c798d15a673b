package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db/scrub"
)

// bytesQuestion comes before all others: what damaged bytes say of anything else is worth nothing.
func bytesQuestion() Question { return Question{Name: "bytes", Walk: walkBytes, Gate: true} }

// walkBytes: the engine can read all that it wrote, and indexes fit their tables (85).
func walkBytes(ctx context.Context, w *Walk) error {
	seen, err := scrub.Look(ctx, w.d)
	w.answer.Rows = int64(seen.Objects)
	for _, f := range seen.Faults {
		w.Found(85, "bytes_"+f.Kind, f.Object, "Said", f.Said)
	}
	return err
}
