package app_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/bizday"
)

// race runs one step on several nodes at once, until none of them finds anything to do.
func (t *till) race(step func(context.Context) (bool, error)) {
	t.T.Helper()
	for again := true; again; {
		again = false
		var all sync.WaitGroup
		var mu sync.Mutex
		for range 4 {
			all.Go(func() {
				worked, err := step(t.Ctx)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.T.Error(err)
				}
				again = again || worked && err == nil
			})
		}
		all.Wait()
	}
}

// TestSeveralNodes: four nodes run the night, the morning and the bank at once; there is one statement and one payout.
func TestSeveralNodes(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.use(list[0])
		s.use(list[1])
		tuesday := bizday.EndOfDay(s.Clock.Now())
		s.Clock.Set(tuesday.Add(20 * time.Minute))
		s.race(w.Settle.IssueOnce)
		s.Clock.Set(tuesday.Add(610 * time.Minute))
		s.race(w.Settle.ConfirmOnce)
		s.race(w.Settle.PayoutsOnce)
		s.race(w.Queue.RunOnce)
		s.settle()
		s.race(w.Custody.BankOnce)
		s.run()
		s.same("one statement", firstLine(s.statements()), `1 2026-03-09 paid net 34548 apart 0 seq 1-2`)
		s.same("one payout", s.payouts(), `2026-03-10 34548 confirmed - replaces=false`)
		if got := s.payee("12345678901"); got != 34_548 {
			w.T.Fatalf("the merchant got %d", got)
		}
		s.sound()
	})
}
