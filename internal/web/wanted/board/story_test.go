package board_test

import (
	"flag"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui/story/storytest"
	"github.com/dure-commerce/dure/internal/web/wanted/board"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestStoriesLookAsBefore(t *testing.T) { storytest.Check(t, board.Stories(), *update) }
