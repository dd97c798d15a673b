package lane

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

const (
	againMax      = 20 // decisions of a whole batch
	againSplitMax = 5  // and of its parts, which another node has beaten already
	doubledMax    = 2  // decisions anew because a row was there already
	yieldsMax     = 16 // times a combiner lets others run before it takes a batch, as long as that makes it larger
)

// combine is the life of one combiner: take what waits, run it, answer.
func (l *Lane) combine(queue chan *item) {
	// The batch belongs to many callers: no single one's context may cut it short.
	ctx := context.Background()
	batch := make([]*item, 0, l.opts.BatchMax)
	for first := range queue {
		batch = append(batch[:0], first)
		// Whoever is about to put a command and only waits for a processor comes first: larger batches when it is busy.
		for range yieldsMax {
			before := len(queue)
			if runtime.Gosched(); len(queue) == before || len(queue) >= l.opts.BatchMax {
				break
			}
		}
	fill:
		for len(batch) < l.opts.BatchMax {
			select {
			case it, ok := <-queue:
				if !ok {
					break fill
				}
				batch = append(batch, it)
			default:
				break fill
			}
		}
		live := batch[:0]
		for _, it := range batch {
			if it.state.CompareAndSwap(waiting, taken) {
				live = append(live, it)
			}
		}
		l.settle(ctx, live, againMax)
		for _, it := range live {
			close(it.done)
		}
		clear(batch) // answered commands must not live on here
	}
}

// batches settles items in the caller's goroutine.
func (l *Lane) batches(ctx context.Context, items []*item) {
	for start := 0; start < len(items); start += l.opts.BatchMax {
		l.settle(ctx, items[start:min(start+l.opts.BatchMax, len(items))], againMax)
	}
}

// settle runs a batch until it commits, splitting it when something unexpected happens.
func (l *Lane) settle(ctx context.Context, items []*item, tries int) {
	if len(items) == 0 {
		return
	}
	begun := l.db.Clock().Now()
	err := l.commit(ctx, items, tries)
	switch {
	case err == nil:
		l.stats.count(len(items))
		l.stats.meter.add(len(items), l.db.Clock().Now().Sub(begun))
	case len(items) == 1, ctx.Err() != nil, unavailable(err):
		// A database that takes no writes would only make singles wait longer for the same answer.
		for _, it := range items {
			it.value, it.err = nil, err
		}
	default:
		l.stats.splits.Add(1)
		half := len(items) / 2
		l.settle(ctx, items[:half], againSplitMax)
		l.settle(ctx, items[half:], againSplitMax)
	}
}

// unavailable is true for what splitting cannot help.
func unavailable(err error) bool {
	return fail.KindOf(err) == fail.Unavailable && !errors.Is(err, ErrHot)
}

// The stages of a transaction, which tell what an error means.
const (
	notBegun = iota
	deciding
	committing
)

// commit runs one transaction over the items, again while a guard answers no row.
func (l *Lane) commit(ctx context.Context, items []*item, tries int) error {
	groups, doubled := byStep(items), 0
	for range tries {
		stage := notBegun
		err := l.db.Write(ctx, func(tx *db.Tx) error {
			stage = deciding
			for _, it := range items {
				it.value, it.err = nil, nil
			}
			for _, group := range groups {
				if err := group[0].step.run(ctx, tx, group); err != nil {
					return err
				}
			}
			// What is late and last runs after this: an error in it leaves nothing behind, as one of a step.
			tx.Last(func(context.Context) error {
				stage = committing
				return nil
			})
			return nil
		})
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrAgain):
			l.stats.again.Add(1)
		case db.IsUnique(err) && doubled < doubledMax:
			// Another node wrote the same key between our look and our write: it is found when decided anew.
			doubled++
			l.stats.again.Add(1)
		case stage == committing && !rolledBack(err):
			return ErrUnknown.Wrap(err)
		case stage == notBegun && fail.KindOf(err) != fail.Unavailable && ctx.Err() == nil:
			return db.ErrBusy.Wrap(err)
		default:
			return err
		}
	}
	return ErrHot
}

// rolledBack reports an error while committing that surely left nothing behind: a constraint, or an event or job that
// cannot be written as JSON.
func rolledBack(err error) bool {
	var badType *json.UnsupportedTypeError
	var badValue *json.UnsupportedValueError
	var badMarshal *json.MarshalerError
	return db.IsUnique(err) || db.IsCheck(err) || db.IsForeignKey(err) ||
		errors.As(err, &badType) || errors.As(err, &badValue) || errors.As(err, &badMarshal)
}

// byStep groups items by step, steps in order of first arrival, items in order of arrival.
func byStep(items []*item) [][]*item {
	var out [][]*item
	at := map[runner]int{}
	for _, it := range items {
		n, ok := at[it.step]
		if !ok {
			n = len(out)
			at[it.step] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], it)
	}
	return out
}
