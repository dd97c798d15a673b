package doctor_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// readOnly opens the same database as an operator would, beside the running server.
func readOnly(t testing.TB, w *dbtest.World) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: w.URL, Clock: w.Clock, IDs: w.IDs, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// check asks the ledger's questions unless others are named: its world has books and nothing else.
func check(t testing.TB, d *db.DB, o doctor.Options) doctor.Report {
	t.Helper()
	if o.Only == nil {
		for _, q := range doctor.Questions() {
			if strings.HasPrefix(q.Name, "ledger_") {
				o.Only = append(o.Only, q.Name)
			}
		}
	}
	report, err := doctor.Check(t.Context(), d, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func findings(r doctor.Report) []string {
	var out []string
	for _, a := range r.Answers {
		for _, f := range a.Findings {
			out = append(out, fmt.Sprintf("%d %s %s", f.Invariant, f.Code, f.Row))
		}
	}
	return out
}

func TestHealthyBooks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		makeBooks(t, d, w)
		w.Clock.Advance(time.Hour)
		for _, slice := range []int{1, 2, 3, 1_000} {
			var rows int64
			report := check(t, readOnly(t, w), doctor.Options{Slice: slice, Progress: func(p doctor.Progress) {
				if p.Number < 1 || p.Number > p.Of || p.Question == "" {
					t.Errorf("progress %+v", p)
				}
				rows = max(rows, p.Rows)
			}})
			if got := findings(report); len(got) > 0 || !report.Healthy() || report.ExitCode() != doctor.ExitHealthy {
				t.Errorf("slices of %d: %s", slice, strings.Join(got, "\n"))
			}
			if rows < 20 {
				t.Errorf("slices of %d looked at %d rows", slice, rows)
			}
			for _, a := range report.Answers {
				if a.Rows == 0 && a.Question != "ledger_clearing" && a.Question != "ledger_parties" {
					t.Errorf("%s looked at nothing", a.Question)
				}
			}
		}
	})
}

func TestOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		makeBooks(t, d, w)
		report := check(t, d, doctor.Options{Only: []string{"ledger_totals"}})
		if len(report.Answers) != 1 || report.Answers[0].Question != "ledger_totals" {
			t.Errorf("got %+v", report.Answers)
		}
		_, err := doctor.Check(t.Context(), d, doctor.Options{Only: []string{"weather"}})
		if !errors.Is(err, doctor.ErrQuestion) {
			t.Errorf("got %v, want ErrQuestion", err)
		}
	})
}

// catalogues are read once: every finding of every fault is said in both languages.
var catalogues = sync.OnceValues(func() (*i18n.Bundle, error) { return i18n.New(locale.Files) })

func words(t testing.TB, lang string) *i18n.Localizer {
	t.Helper()
	bundle, err := catalogues()
	if err != nil {
		t.Fatal(err)
	}
	return bundle.For(lang)
}

func TestReportIsWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		makeBooks(t, d, w)
		plant(t, d, "ledger_posting", `DELETE FROM ledger_posting`)
		report := check(t, d, doctor.Options{FindingsMax: 2})
		if report.ExitCode() != doctor.ExitFindings || report.Count() < 10 {
			t.Errorf("exit %d, count %d", report.ExitCode(), report.Count())
		}
		var out bytes.Buffer
		if err := report.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Healthy bool `json:"healthy"`
			doctor.Report
		}
		if err := json.Unmarshal(out.Bytes(), &read); err != nil || read.Healthy || read.Count() != report.Count() {
			t.Errorf("read back: %v, healthy %v, %d findings", err, read.Healthy, read.Count())
		}
		for _, lang := range []string{"ko", "en"} {
			out.Reset()
			if err := report.WriteText(&out, words(t, lang)); err != nil {
				t.Fatal(err)
			}
			if text := out.String(); strings.Contains(text, "doctor.") || strings.Contains(text, "<no value>") {
				t.Errorf("%s:\n%s", lang, text)
			}
		}
	})
}
