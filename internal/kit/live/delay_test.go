package live_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dure-commerce/dure/internal/kit/live"
)

// deaf is a bus that only ever says that changes were lost.
type deaf struct {
	live.Bus
	deliver func([]live.Change)
}

func (d *deaf) Subscribe(deliver func([]live.Change)) (func(), error) {
	d.deliver = deliver
	return func() {}, nil
}

func TestWhatWasLostIsSaidAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := &deaf{}
		h := newHub(t, 1, live.Options{Bus: bus})
		defer h.Close()
		p := watch(t, h, "", live.Topic{Name: "a", Version: 9}, live.Topic{Name: "b"})
		h.Hear(nil)
		want(t, p, "")
		bus.deliver(nil)
		want(t, p, "a@0 b@0")
		h.Hear([]live.Change{{Topic: "b", Version: 3}, {Topic: "c", Version: 1}})
		want(t, p, "b@3")
		if got := h.Watched(); !slices.Equal(got, []string{"a", "b"}) {
			t.Error(got)
		}
		p.leave()
		time.Sleep(time.Second)
	})
}

func TestDelayIsShownAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		defer h.Close()
		p := watch(t, h, "", live.Topic{Name: "a"})
		h.SetDelayed(false)
		want(t, p, "")
		h.SetDelayed(true)
		h.SetDelayed(true)
		want(t, p, "a@0")
		late := watch(t, h, "", live.Topic{Name: "a"})
		for _, one := range []*page{p, late} {
			if n := strings.Count(one.answer.text(), "event: delay\ndata: {\"delayed\":true}\n\n"); n != 1 || !h.Delayed() {
				t.Errorf("told %d times", n)
			}
		}
		h.SetDelayed(false)
		want(t, p, "a@0")
		if !strings.Contains(late.answer.text(), "event: delay\ndata: {\"delayed\":false}\n\n") || h.Delayed() {
			t.Error("the delay never ends")
		}
		p.leave()
		late.leave()
		time.Sleep(time.Second)
	})
}

// A crowd is told again in slices, everybody once a round, and a second loss meanwhile makes a second round.
func TestACrowdIsToldInSlices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		defer h.Close()
		pages := make([]*page, 600)
		for i := range pages {
			pages[i] = watch(t, h, "", live.Topic{Name: fmt.Sprint("topic", i)})
		}
		told := func() (n int) {
			for _, p := range pages {
				got, _ := p.news()
				n += len(strings.Fields(got))
			}
			return n
		}
		h.Again()
		if n := told(); n != 256 {
			t.Fatal("at once:", n)
		}
		h.Again()
		time.Sleep(20 * time.Millisecond)
		if n := told(); n != 256 {
			t.Fatal("a moment later:", n)
		}
		time.Sleep(time.Second)
		if n := told(); n != 88+600 {
			t.Fatal("in the end:", n)
		}
		for _, p := range pages {
			p.leave()
		}
		time.Sleep(time.Second)
	})
}
