package pgfault_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// open opens the database past every line.
func (c *cluster) open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: c.place.URL, Readers: 4, Writers: 2})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}

func count(t *testing.T, d *db.DB, text string, args ...any) int64 {
	t.Helper()
	n, err := db.One(t.Context(), d, db.Scalar[int64], text, args...)
	must(t, err)
	return n
}

// rest waits until the nodes have done what is due and numbered what happened.
func (c *cluster) rest(d *db.DB) {
	c.t.Helper()
	await(c.t, 30*time.Second, "the nodes come to rest", func() bool {
		return count(c.t, d, `SELECT (SELECT count(*) FROM kit_event WHERE seq IS NULL)
 + (SELECT count(*) FROM kit_job WHERE state = 'ready' AND (due_at <= $1 OR lease_holder <> ''))`,
			db.Micros(now())) == 0
	})
}

// sound asks after I1 to I8: every acknowledged command is there once and answers the same when it is asked again,
// nothing is oversold, the books agree (doctor), and every unknown outcome has one end.
func (c *cluster) sound(j *journal) {
	c.t.Helper()
	d := c.open(c.t)
	c.rest(d)
	for _, finding := range findings(c.t, d) {
		c.t.Error("doctor:", finding)
	}
	if lost := missing(c.t, d, j); lost != 0 {
		c.t.Errorf("%d acknowledged commands are lost", lost)
	}
	if n := count(c.t, d, `SELECT count(*) FROM deal WHERE held_units + paid_units > capacity OR held_units < 0
 OR paid_units < 0`); n != 0 {
		c.t.Errorf("%d deals are oversold", n)
	}
	if n := count(c.t, d, `SELECT count(*) FROM (SELECT voucher_id FROM redemption WHERE state = 'accepted'
 GROUP BY voucher_id HAVING sum(units) > (SELECT units_total FROM voucher WHERE id = voucher_id)) twice`); n != 0 {
		c.t.Errorf("%d vouchers are used too often", n)
	}
	c.repeat(j)
}

func findings(t *testing.T, d *db.DB) (said []string) {
	t.Helper()
	report, err := doctor.Check(t.Context(), d, doctor.Options{})
	must(t, err)
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			said = append(said, fmt.Sprintf("%d %s %s %s %v", f.Invariant, a.Question, f.Code, f.Row, f.Args))
		}
	}
	return said
}

// missing counts acknowledged commands that the database does not know.
func missing(t *testing.T, d *db.DB, j *journal) (lost int) {
	t.Helper()
	for text, list := range map[string][]acknowledged{
		`SELECT id FROM orders`:                              j.holds,
		`SELECT id FROM orders WHERE paid_at IS NOT NULL`:    j.paid,
		`SELECT id FROM redemption WHERE state = 'accepted'`: j.used,
	} {
		ids, err := db.All(t.Context(), d, db.Scalar[string], text)
		must(t, err)
		there := make(map[string]bool, len(ids))
		for _, id := range ids {
			there[id] = true
		}
		told := map[string]bool{}
		for _, a := range list {
			if !there[a.id] {
				lost++
			}
			if told[a.id] {
				t.Errorf("two commands were answered with %s", a.id)
			}
			told[a.id] = true
		}
	}
	return lost
}

// repeat asks some acknowledged commands again at another node: they give what they gave.
func (c *cluster) repeat(j *journal) {
	c.t.Helper()
	const each = 10
	v := newVisitors(c.t, 10*time.Second)
	for _, list := range [][]acknowledged{j.holds, j.paid, j.used} {
		for i := 0; i < len(list); i += max(1, len(list)/each) {
			a := list[i]
			r := v.insist(c.t.Context(), c, i, a.request, nil)
			if r.status != http.StatusCreated || r.text("id") != a.id {
				c.t.Errorf("%s %s asked again: %v, want %s", a.request.method, a.request.path, r, a.id)
			}
		}
	}
}
