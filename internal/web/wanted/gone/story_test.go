package gone_test

import (
	"flag"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui/story/storytest"
	"github.com/dure-commerce/dure/internal/web/wanted/gone"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestStoriesLookAsBefore(t *testing.T) { storytest.Check(t, gone.Stories(), *update) }
