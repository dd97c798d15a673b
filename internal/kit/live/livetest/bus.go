package livetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/live"
)

// Run proves a bus; open gives n endpoints of one fresh bus, ready to carry changes.
func Run(t *testing.T, open func(t *testing.T, n int) []live.Bus) {
	t.Helper()
	t.Run("every other endpoint hears", func(t *testing.T) {
		ends := open(t, 3)
		heard := make([]chan []live.Change, len(ends))
		for i, e := range ends {
			heard[i] = listen(t, e)
		}
		sent := []live.Change{{Topic: "deal:1", Version: 7}, {Topic: "쿠폰:\n\"2\"", Version: 1 << 60}}
		publish(t, ends[0], sent)
		for _, c := range heard[1:] {
			if got := <-c; fmt.Sprint(got) != fmt.Sprint(sent) {
				t.Errorf("sent %v, heard %v", sent, got)
			}
		}
	})
	t.Run("the sender does not hear itself", func(t *testing.T) {
		ends := open(t, 2)
		mine, theirs := listen(t, ends[0]), listen(t, ends[1])
		publish(t, ends[0], []live.Change{{Topic: "a", Version: 1}})
		<-theirs
		publish(t, ends[1], []live.Change{{Topic: "b", Version: 2}})
		if got := <-mine; len(got) != 1 || got[0].Topic != "b" {
			t.Errorf("heard %v", got)
		}
	})
	t.Run("changes of one sender come in order", func(t *testing.T) {
		ends := open(t, 2)
		heard := listen(t, ends[1])
		const many = 200
		for i := range many {
			publish(t, ends[0], []live.Change{{Topic: "a", Version: int64(i)}})
		}
		for i := range many {
			if got := <-heard; len(got) != 1 || got[0].Version != int64(i) {
				t.Fatalf("at %d heard %v", i, got)
			}
		}
	})
	t.Run("nobody listens", func(t *testing.T) {
		publish(t, open(t, 1)[0], []live.Change{{Topic: "a", Version: 1}})
	})
	t.Run("a cancelled subscription is silent", func(t *testing.T) {
		ends := open(t, 3)
		cancel, err := ends[1].Subscribe(func(c []live.Change) { t.Errorf("heard %v", c) })
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		cancel()
		other := listen(t, ends[2])
		publish(t, ends[0], []live.Change{{Topic: "a", Version: 1}})
		<-other
	})
}

func listen(t *testing.T, bus live.Bus) chan []live.Change {
	t.Helper()
	heard := make(chan []live.Change, 1024)
	cancel, err := bus.Subscribe(func(c []live.Change) { heard <- append([]live.Change(nil), c...) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cancel)
	return heard
}

func publish(t *testing.T, bus live.Bus, changes []live.Change) {
	t.Helper()
	if err := bus.Publish(context.Background(), changes); err != nil {
		t.Fatal(err)
	}
}
