package fulfil_test

import (
	"flag"
	"testing"

	"github.com/dure-commerce/dure/internal/web/tender/fulfil"
	"github.com/dure-commerce/dure/internal/web/ui/story/storytest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestStoriesLookAsBefore(t *testing.T) { storytest.Check(t, fulfil.Stories(), *update) }
