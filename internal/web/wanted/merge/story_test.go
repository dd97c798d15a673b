package merge_test

import (
	"flag"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui/story/storytest"
	"github.com/dure-commerce/dure/internal/web/wanted/merge"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestStoriesLookAsBefore(t *testing.T) { storytest.Check(t, merge.Stories(), *update) }
