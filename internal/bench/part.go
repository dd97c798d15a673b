package bench

import (
	"context"
	"io"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/bench/watcher"
)

// Part runs the process of a bench that args name; it ends when the bench does.
func Part(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	return stage.Part(ctx, args, in, out, map[string]stage.PartFunc{watchPart: watcher.Run})
}
