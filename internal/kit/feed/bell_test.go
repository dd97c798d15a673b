package feed_test

import (
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/feed"
)

// TestBellWakesEverybodyOnce: all who listened before a ring hear it, those who listen after it wait for the next.
func TestBellWakesEverybodyOnce(t *testing.T) {
	var bell feed.Bell
	var all sync.WaitGroup
	for range 100 {
		heard := bell.Listen()
		all.Go(func() { <-heard })
	}
	bell.Ring()
	all.Wait()
	select {
	case <-bell.Listen():
		t.Fatal("a ring is heard by one who came later")
	default:
	}
	bell.Ring()
	bell.Ring()
	if (*feed.Bell)(nil).Listen() != nil {
		t.Fatal("no bell rings")
	}
}
