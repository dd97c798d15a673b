package tender

import (
	"slices"

	"github.com/dure-commerce/dure/internal/web/ui"
)

// Stories are the pages from fixtures: normal, empty, long, huge, wrong.
func Stories() []ui.Story {
	return slices.Concat(listStories(), offerStories(), enlistStories(), kindStories())
}
