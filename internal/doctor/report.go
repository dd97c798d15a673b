package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/dure-commerce/dure/internal/kit/i18n"
)

// Report is what a check found.
type Report struct {
	At      time.Time `json:"at"`
	Engine  string    `json:"engine"`
	Answers []Answer  `json:"answers"`
}

// Answer is what one question found.
type Answer struct {
	Question string    `json:"question"`
	Rows     int64     `json:"rows"` // looked at
	Findings []Finding `json:"findings"`
	More     int64     `json:"more,omitempty"` // findings beyond those kept
}

// Finding is one row that breaks an invariant.
type Finding struct {
	Invariant int            `json:"invariant"` // number in docs/invariants.md
	Code      string         `json:"code"`
	Row       string         `json:"row"` // the row's key, or the account and party of a sum
	Args      map[string]any `json:"args,omitempty"`
}

// Exit codes of the command.
const (
	ExitHealthy  = 0
	ExitFindings = 1
	ExitFailed   = 2 // the check could not be finished
)

// Healthy tells that nothing was found.
func (r Report) Healthy() bool { return r.Count() == 0 }

// Count is the number of findings, kept or not.
func (r Report) Count() int64 {
	var n int64
	for _, a := range r.Answers {
		n += int64(len(a.Findings)) + a.More
	}
	return n
}

// ExitCode is what the command ends with.
func (r Report) ExitCode() int {
	if r.Healthy() {
		return ExitHealthy
	}
	return ExitFindings
}

// WriteJSON writes the report for programs.
func (r Report) WriteJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Healthy bool `json:"healthy"`
		Report
	}{r.Healthy(), r})
}

// WriteText writes the report for people, one line a question and one a finding.
func (r Report) WriteText(out io.Writer, l *i18n.Localizer) error {
	for _, a := range r.Answers {
		key := "doctor.answer.good"
		if len(a.Findings) > 0 {
			key = "doctor.answer.bad"
		}
		title := l.T("doctor.question." + a.Question)
		found := int64(len(a.Findings)) + a.More
		if _, err := fmt.Fprintln(out, l.T(key, "Title", title, "Rows", a.Rows, "Found", found)); err != nil {
			return err
		}
		for _, f := range a.Findings {
			if _, err := fmt.Fprintf(out, "  [%d] %s\n", f.Invariant, f.Sentence(l)); err != nil {
				return err
			}
		}
		if a.More == 0 {
			continue
		}
		if _, err := fmt.Fprintln(out, "  "+l.T("doctor.answer.more", "More", a.More)); err != nil {
			return err
		}
	}
	key := "doctor.healthy"
	if !r.Healthy() {
		key = "doctor.sick"
	}
	_, err := fmt.Fprintln(out, l.T(key, "Found", r.Count()))
	return err
}

// Sentence says the finding in words.
func (f Finding) Sentence(l *i18n.Localizer) string {
	values := maps.Clone(f.Args)
	if values == nil {
		values = map[string]any{}
	}
	values["Row"] = f.Row
	return l.Render("doctor.fault."+f.Code, values)
}
