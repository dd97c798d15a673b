package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Say puts a message of the catalogues into words. Nil speaks in keys.
type Say func(message *fail.Error) string

// MerchantsCommand names the register's file and where to tell about it. Writers may be nil.
type MerchantsCommand struct {
	File     File
	Progress io.Writer // a line about every second
	Report   io.Writer // CSV of rows that were refused, or taken without their neighbourhood
	Say      Say
}

// MerchantsReport tells what became of the rows, and how the database's writer was held: in how many chunks, how many
// of them longer than 20 ms, and for how long at most.
type MerchantsReport struct {
	directory.Tally
	Chunks      int
	LateChunks  int
	LongestHold time.Duration
}

// Merchants loads the public register of shops into the directory as unclaimed entries. Reading and comparing happen
// beside the writing, outside of transactions. A cancelled load keeps what it wrote, and running it again goes on:
// rows that are there already only cost a comparison.
func (f *Flow) Merchants(ctx context.Context, actor market.Actor, cmd MerchantsCommand) (MerchantsReport, error) {
	var report MerchantsReport
	if err := right.Check(actor, right.ConsoleImport, right.Resource{}); err != nil {
		return report, err
	}
	if _, err := f.Seed(ctx, actor); err != nil {
		return report, err
	}
	r, err := f.openRegister(ctx, cmd)
	if err != nil {
		return report, err
	}
	var importID string
	err = f.db.Write(ctx, func(tx *db.Tx) (err error) {
		importID, err = directory.StartImport(ctx, tx, cmd.File.Name, actor.Key())
		return err
	})
	if err == nil {
		pace := newPacer(f.db)
		report.Tally, err = f.writeRegister(ctx, r, pace)
		report.LongestHold, report.Chunks, report.LateChunks = pace.longest, pace.chunks, pace.late
	}
	err = errors.Join(err, r.close())
	if importID == "" {
		return report, err
	}
	return report, errors.Join(err, f.finishImport(ctx, actor, importID, report.Tally, err))
}

// finishImport notes the end of a load also when its context is gone.
func (f *Flow) finishImport(ctx context.Context, actor market.Actor, id string, t directory.Tally, failed error) error {
	ctx = context.WithoutCancel(ctx)
	state := directory.ImportDone
	if failed != nil {
		state = directory.ImportStopped
	}
	return f.db.Write(ctx, func(tx *db.Tx) error {
		if err := directory.FinishImport(ctx, tx, id, state, t); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Act{Action: "directory.load", Resource: id,
			Detail: map[string]int64{"rows": t.Rows, "new": t.New, "changed": t.Changed, "refused": t.Refused}})
	})
}

// writeRegister writes batches while the next are being read. It counts what is committed, so that the tally is true
// also when it ends early.
func (f *Flow) writeRegister(ctx context.Context, r *register, pace *pacer) (directory.Tally, error) {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan batch, 2)
	var readErr error
	go func() {
		defer close(batches)
		readErr = r.read(reading, batches)
	}()
	var tally directory.Tally
	progress := newProgress(f.db.Clock(), r)
	var writeErr error
	for b := range batches {
		if writeErr != nil {
			continue // let the reader see that it is stopped, and end
		}
		if writeErr = f.writeBatch(ctx, b, pace, &tally); writeErr != nil {
			stop()
			continue
		}
		tally.Rows, tally.Refused = tally.Rows+b.rows, tally.Refused+b.refused
		tally.Unmatched, tally.Unchanged = tally.Unmatched+b.unmatched, tally.Unchanged+b.unchanged
		if writeErr = progress.tell(tally, b.bytes, false); writeErr != nil {
			stop()
		}
	}
	if writeErr != nil {
		return tally, writeErr
	}
	if readErr != nil {
		return tally, readErr
	}
	return tally, progress.tell(tally, r.cmd.File.Bytes, true)
}

func (f *Flow) writeBatch(ctx context.Context, b batch, pace *pacer, tally *directory.Tally) error {
	n, err := pace.write(ctx, len(b.fresh), func(ctx context.Context, tx *db.Tx, from, to int) error {
		return directory.Insert(ctx, tx, b.fresh[from:to])
	})
	tally.New += int64(n)
	if err != nil {
		return err
	}
	n, err = pace.write(ctx, len(b.changed), func(ctx context.Context, tx *db.Tx, from, to int) error {
		return directory.Update(ctx, tx, b.changed[from:to])
	})
	tally.Changed += int64(n)
	return err
}

// say puts a refusal into words, or gives its key.
func (c MerchantsCommand) say(message *fail.Error) string {
	if c.Say == nil {
		return fmt.Sprint(message)
	}
	return c.Say(message)
}
