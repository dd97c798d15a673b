package trust

import (
	"context"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// figures is the public equation of the money that is kept apart.
type figures struct {
	Now  time.Time
	Live ledger.Segregation
	Days []ledger.SegregationDay // newest first
}

const trustDays = 30

// tally keeps the folded books for a moment: a public page must not fold them for every reader.
type tally struct {
	mutex sync.Mutex
	at    time.Time
	kept  figures
}

const tallyFor = 20 * time.Second

func (t *tally) read(ctx context.Context, d *db.DB) (figures, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	now := d.Clock().Now()
	if !t.at.IsZero() && now.Sub(t.at) < tallyFor && !now.Before(t.at) {
		return t.kept, nil
	}
	f := figures{Now: now}
	custody := policy.At(now).Custody
	err := d.Read(ctx, func(q *db.ReadTx) error {
		totals, err := ledger.Sum(ctx, q)
		if err != nil {
			return err
		}
		f.Live = totals.Segregate(ledger.Custody{ExternalGateways: custody.ExternalGateways,
			CoverageBP: custody.CoverageBP, BufferMin: custody.BufferMin})
		f.Days, err = ledger.SegregationDays(ctx, q, "", trustDays)
		return err
	})
	if err == nil {
		t.at, t.kept = now, f
	}
	return f, err
}

// Handler shows the figures, folding the books at most every few seconds.
func Handler(d *db.DB) request.Handler {
	kept := &tally{}
	return func(r *request.Request) error {
		f, err := kept.read(r.Context(), d)
		if err != nil {
			return err
		}
		frame := r.Page(r.Loc.T("storefront.trust.title"))
		frame.Description, frame.NoIndex = r.Loc.T("storefront.trust.description"), false
		frame.Back = "/"
		return r.Render(page(frame, f))
	}
}

// sentence says what the figures mean.
func (f figures) sentence(loc ui.Loc) string {
	switch {
	case f.Live.Liabilities == 0:
		return loc.T("storefront.trust.none")
	case f.Live.Broken():
		return loc.T("storefront.trust.broken", "Owed", loc.Won(f.Live.Liabilities), "Kept", loc.Won(f.Live.Assets))
	}
	return loc.T("storefront.trust.sentence", "Owed", loc.Won(f.Live.Liabilities), "Kept", loc.Won(f.Live.Assets))
}

func (f figures) pairs(loc ui.Loc) []ui.Pair {
	out := []ui.Pair{
		{Key: loc.T("storefront.trust.owed"), Note: loc.T("storefront.trust.owed_note"),
			Value: loc.Won(f.Live.Liabilities)},
		{Key: loc.T("storefront.trust.kept"), Note: loc.T("storefront.trust.kept_note"), Value: loc.Won(f.Live.Assets)},
	}
	tone := ui.Act
	if f.Live.Buffer() < 0 {
		tone = ui.Loss
	}
	return append(out, ui.Pair{Key: loc.T("storefront.trust.over"), Value: loc.Won(f.Live.Buffer()), Total: true,
		Tone: tone})
}

func (f figures) table(loc ui.Loc) ui.Table {
	t := ui.Table{Caption: loc.T("storefront.trust.table"), Columns: []ui.Column{{Label: loc.T("storefront.trust.day")},
		{Label: loc.T("storefront.trust.owed"), Num: true}, {Label: loc.T("storefront.trust.kept"), Num: true},
		{Label: loc.T("storefront.trust.cover"), Num: true}},
		Empty: ui.Empty{Scene: "receipt", Title: loc.T("storefront.trust.no_days"),
			Text: loc.T("storefront.trust.no_days_text")}}
	for _, d := range f.Days {
		cover := ui.Cell{Text: "–"}
		if bp, owed := d.CoverageBP(); owed {
			cover = ui.Cell{Text: loc.Percent(bp), Tone: ui.Act}
			if d.Broken() {
				cover.Tone = ui.Loss
			}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: d.Day}, {Text: loc.Won(d.Liabilities)}, {Text: loc.Won(d.Assets)}, cover})
	}
	return t
}

func facts(loc ui.Loc) []ui.Fact {
	return []ui.Fact{
		{Icon: "lock", Bold: loc.T("storefront.trust.fact_apart_bold"), Text: loc.T("storefront.trust.fact_apart")},
		{Icon: "store", Bold: loc.T("storefront.trust.fact_use_bold"), Text: loc.T("storefront.trust.fact_use")},
		{Icon: "undo-2", Bold: loc.T("storefront.trust.fact_back_bold"), Text: loc.T("storefront.trust.fact_back")},
	}
}
