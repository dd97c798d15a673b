package ledger_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// together runs n posts at the same time and gives their errors.
func together(t *testing.T, d *db.DB, n int, entry func(i int) []ledger.Entry) []error {
	t.Helper()
	errs, start := make([]error, n), make(chan struct{})
	var done sync.WaitGroup
	for i := range n {
		done.Go(func() {
			<-start
			errs[i] = post(t.Context(), d, entry(i)...)
		})
	}
	close(start)
	done.Wait()
	return errs
}

func count(errs []error, target error) int {
	n := 0
	for _, err := range errs {
		if target == nil && err == nil || target != nil && errors.Is(err, target) {
			n++
		}
	}
	return n
}

// TestRivalsShareAPot: of twenty who want ten won each from a hundred, ten get them.
func TestRivalsShareAPot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		mustPost(t, d, ledger.Paid(payment(100, false)))
		errs := together(t, d, 20, func(i int) []ledger.Entry {
			own := about
			own.VoucherID = market.VoucherID(fmt.Sprintf("vch_%d", i))
			return []ledger.Entry{ledger.Tipped(ledger.Tip{About: own, Price: 10})}
		})
		if good, short := count(errs, nil), count(errs, ledger.ErrShort); good != 10 || short != 10 {
			t.Errorf("%d got it, %d were short: %v", good, short, errs)
		}
		if left := balance(t, d, ledger.Pledge, "dea_1"); left != 0 {
			t.Errorf("%d left", left)
		}
	})
}

// TestRivalsPostTheSameFact: it stands in the book once, and everybody else hears so.
func TestRivalsPostTheSameFact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		errs := together(t, d, 8, func(int) []ledger.Entry { return []ledger.Entry{ledger.Paid(payment(100, false))} })
		if good, posted := count(errs, nil), count(errs, ledger.ErrPosted); good != 1 || posted != 7 {
			t.Errorf("%d posted it, %d heard so: %v", good, posted, errs)
		}
	})
}

// TestRivalsCrosswise: uses and their undoing move the same two balances in opposite directions, in batches that name
// them in opposite orders; nobody waits for ever and nothing is lost.
func TestRivalsCrosswise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		const pairs = 8
		mustPost(t, d, ledger.Paid(payment(2*pairs*19_900, true)))
		used := make([]ledger.Entry, pairs)
		for i := range used {
			used[i] = ledger.Redeemed(useNumber(i))
		}
		mustPost(t, d, used...)
		errs := together(t, d, 2*pairs, func(i int) []ledger.Entry {
			if i%2 == 0 {
				return []ledger.Entry{ledger.Undone(used[i/2], market.RedemptionID(fmt.Sprintf("red_%d", i/2)))}
			}
			return []ledger.Entry{ledger.Redeemed(useNumber(pairs + i/2))}
		})
		if good := count(errs, nil); good != 2*pairs {
			t.Errorf("%d of %d went through: %v", good, 2*pairs, errs)
		}
		if pot, earned := balance(t, d, ledger.Unredeemed, "dea_1"), balance(t, d, ledger.Pending, "mer_1"); pot !=
			pairs*19_900 || earned != pairs*17_274 {
			t.Errorf("pot %d, earned %d", pot, earned)
		}
	})
}

func useNumber(i int) ledger.Use {
	u := use(worked, 0)
	u.RedemptionID = market.RedemptionID(fmt.Sprintf("red_%d", i))
	return u
}

// TestRivalsFold: two who fold at once count each movement once.
func TestRivalsFold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		story(t, d)
		before := fmt.Sprint(sum(t, d))
		var done sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			done.Go(func() {
				for n := 1; n > 0 && errs[i] == nil; {
					errs[i] = d.Write(t.Context(), func(tx *db.Tx) (err error) {
						n, err = ledger.Fold(t.Context(), tx, 2)
						return err
					})
				}
			})
		}
		done.Wait()
		if got := fmt.Sprint(sum(t, d)); got != before || errors.Join(errs...) != nil {
			t.Errorf("%v: got %s, want %s", errors.Join(errs...), got, before)
		}
	})
}
