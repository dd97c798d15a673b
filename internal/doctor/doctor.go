package doctor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// ErrQuestion is a name that is no question's; Args: Name.
var ErrQuestion = fail.New(fail.Invalid, "doctor.question")

// Question is one walk over a part of the database. Its title is the catalogue's "doctor.question.<name>".
type Question struct {
	Name string
	Walk func(ctx context.Context, w *Walk) error
	Gate bool // when it finds something, the questions behind it are not asked
}

// Options bound a check.
type Options struct {
	Only        []string // names of questions; empty asks all
	Slice       int      // rows read in one view, 0 for a default
	FindingsMax int      // kept per question, 0 for a default; the others are only counted
	Progress    func(Progress)
	Media       Media           // kept photographs, nil leaves them out
	Gateway     gateway.Gateway // asked for its book, nil leaves it out
	Resting     bool            // no server works on the database: what waits is not late
}

// Progress is told after each slice.
type Progress struct {
	Question string
	Number   int // of the question, from 1
	Of       int
	Rows     int64 // looked at so far by this question
}

const (
	sliceDefault       = 1_000
	findingsMaxDefault = 100
)

// Check asks the questions of a database, which may be open for reading only. An error is a check that could not be
// finished; findings stand in the report.
func Check(ctx context.Context, d *db.DB, o Options) (Report, error) {
	questions, err := chosen(o.Only)
	if err != nil {
		return Report{}, err
	}
	if o.Slice == 0 {
		o.Slice = sliceDefault
	}
	if o.FindingsMax == 0 {
		o.FindingsMax = findingsMaxDefault
	}
	report := Report{At: d.Clock().Now(), Engine: string(d.Engine())}
	for i, q := range questions {
		w := &Walk{d: d, options: o, answer: &Answer{Question: q.Name}, number: i + 1, of: len(questions)}
		if err := q.Walk(ctx, w); err != nil {
			return report, fmt.Errorf("question %s: %w", q.Name, err)
		}
		report.Answers = append(report.Answers, *w.answer)
		if q.Gate && len(w.answer.Findings) > 0 {
			break
		}
	}
	return report, nil
}

func chosen(only []string) ([]Question, error) {
	all := Questions()
	for _, name := range only {
		if !slices.ContainsFunc(all, func(q Question) bool { return q.Name == name }) {
			return nil, ErrQuestion.With("Name", name)
		}
	}
	if len(only) == 0 {
		return all, nil
	}
	return slices.DeleteFunc(all, func(q Question) bool { return !slices.Contains(only, q.Name) }), nil
}

// Walk is a question being asked.
type Walk struct {
	d       *db.DB
	options Options
	answer  *Answer
	number  int
	of      int
}

// Now is the instant against which ages are judged.
func (w *Walk) Now() time.Time { return w.d.Clock().Now() }

// Limit is the number of rows that a slice reads at most.
func (w *Walk) Limit() int { return w.options.Slice }

// Slice reads some rows behind a key in one consistent view. It gives the key to go on behind, "" at the end, and the
// number of rows looked at.
type Slice func(r *db.ReadTx, after string) (next string, rows int, err error)

// Slices runs a slice from the beginning until it has seen the end.
func (w *Walk) Slices(ctx context.Context, slice Slice) error {
	after := ""
	for {
		next, err := w.once(ctx, slice, after)
		if err != nil || next == "" {
			return err
		}
		after = next
	}
}

// Once runs a slice that needs no continuation.
func (w *Walk) Once(ctx context.Context, look func(r *db.ReadTx) (rows int, err error)) error {
	_, err := w.once(ctx, func(r *db.ReadTx, _ string) (string, int, error) {
		rows, err := look(r)
		return "", rows, err
	}, "")
	return err
}

func (w *Walk) once(ctx context.Context, slice Slice, after string) (next string, err error) {
	var rows int
	err = w.d.Read(ctx, func(r *db.ReadTx) (err error) {
		next, rows, err = slice(r, after)
		return err
	})
	if err != nil {
		return "", err
	}
	w.answer.Rows += int64(rows)
	if w.options.Progress != nil {
		w.options.Progress(Progress{Question: w.answer.Question, Number: w.number, Of: w.of, Rows: w.answer.Rows})
	}
	return next, nil
}

// Found names a row that breaks an invariant. Code is the catalogue's "doctor.fault.<code>", filled with Row and args.
func (w *Walk) Found(number int, code, row string, args ...any) {
	if len(w.answer.Findings) >= w.options.FindingsMax {
		w.answer.More++
		return
	}
	f := Finding{Invariant: number, Code: code, Row: row, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	w.answer.Findings = append(w.answer.Findings, f)
}
