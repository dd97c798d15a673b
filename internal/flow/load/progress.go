package load

import (
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/directory"
)

// What a load says besides refusals: texts of the catalogues.
var (
	// msgReportHead is the first line of the report, columns parted by "|".
	msgReportHead = fail.New(fail.Invalid, "load.report_head")
	// msgProgress is a line of progress. Args: Rows, Rate (rows a second), New, Changed, Unchanged, Refused.
	msgProgress = fail.New(fail.Invalid, "load.progress")
	// msgProgressLeft is the same with Left, the remaining seconds.
	msgProgressLeft = fail.New(fail.Invalid, "load.progress_left")
	// msgUnmatched tells of a row taken without its neighbourhood. Args: Province, District, Neighbourhood.
	msgUnmatched = fail.New(fail.Invalid, "load.unmatched")
)

func unmatched(d directory.Draft) *fail.Error {
	return msgUnmatched.With("Province", d.Province, "District", d.District, "Neighbourhood", d.Neighbourhood)
}

// progressEvery is how often a line of progress is written.
const progressEvery = time.Second

// progress writes how far a load is.
type progress struct {
	clock clock.Clock
	cmd   MerchantsCommand
	began time.Time
	last  time.Time
}

func newProgress(c clock.Clock, r *register) *progress {
	now := c.Now()
	return &progress{clock: c, cmd: r.cmd, began: now, last: now}
}

// tell writes a line when the last is old enough, or at the end.
func (p *progress) tell(t directory.Tally, bytes int64, end bool) error {
	now := p.clock.Now()
	if p.cmd.Progress == nil || (!end && now.Sub(p.last) < progressEvery) {
		return nil
	}
	p.last = now
	spent := now.Sub(p.began)
	rate := int64(0)
	if spent > 0 {
		rate = t.Rows * int64(time.Second) / int64(spent)
	}
	line := msgProgress.With("Rows", t.Rows, "Rate", rate, "New", t.New, "Changed", t.Changed, "Unchanged", t.Unchanged,
		"Refused", t.Refused)
	if size := p.cmd.File.Bytes; size > 0 && bytes > 0 && !end {
		rest := max(size-bytes, 0)
		line.Code = msgProgressLeft.Code
		line.Args["Left"] = int64(spent/time.Millisecond) * rest / bytes / 1000
	}
	_, err := fmt.Fprintln(p.cmd.Progress, p.cmd.say(line))
	return err
}
