package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// rowSet is the rows of one table that a command writes, and how they came to be what they are.
type rowSet struct {
	table string
	key   string            // column by which rows are parted among batches; those of a command sort alike
	of    string            // the table whose row, with this key as its id, must be there before
	where string            // "" takes all rows
	kept  bool              // the rows were there before: they are only moved
	first map[string]any    // columns that were something else when the row was new
	moves [][]string        // each a later change of a row: the columns it wrote
	types map[string]string // of those columns: bigint unless said here
}

// purchaseRows are what one hold and its payment write.
func purchaseRows() []rowSet {
	intent := map[string]any{"state": "intent", "payment_key": nil, "refundable": int64(0), "captured_at": nil,
		"version": int64(1)}
	return []rowSet{
		{table: "orders", key: "id", first: map[string]any{"state": "held", "paid_at": nil, "version": int64(1)},
			moves: [][]string{{"state", "paid_at", "version"}}, types: map[string]string{"state": "text"}},
		{table: "payment", key: "id", first: intent, types: map[string]string{"state": "text", "payment_key": "text"},
			moves: [][]string{{"payment_key", "version"}, {"state", "refundable", "captured_at", "version"}}},
		{table: "order_limit", key: "id", first: map[string]any{"held_units": int64(1), "paid_units": int64(0)},
			moves: [][]string{{"held_units", "paid_units"}}},
		{table: "voucher", key: "id"},
		{table: "ledger_entry", key: "id"},
		{table: "ledger_posting", key: "entry_id", of: "ledger_entry"},
		{table: "kit_event", key: "id", where: "kind IN ('order.held', 'order.paid')", first: map[string]any{"seq": nil}},
		{table: "kit_answer", key: "actor"},
	}
}

// part is one table's rows in memory, ready to be written.
type part struct {
	rowSet
	columns []string
	rows    [][]any // as they were when new
	last    [][]any // as they are
	parent  *part   // of of
}

// limit writes the rows that a run left behind into a fresh place, in the best batch, with nothing else done: what the
// engine could do if there were no product.
func (s *Session) limit(ctx context.Context, w *stage.World, from stage.Place, sets []rowSet) (*Figures, error) {
	s.Say("limit")
	parts, err := read(ctx, from, sets)
	if err != nil {
		return nil, err
	}
	best := &Figures{Name: "limit", Unit: "commands/s", More: map[string]float64{}}
	for _, batch := range []int{256, 1024} {
		rate, err := s.write(ctx, w, parts, min(batch, len(parts[0].rows)))
		if err != nil {
			return nil, err
		}
		best.More[fmt.Sprintf("batch_%d", batch)] = rate
		if rate > best.Rate {
			best.Rate, best.Batch = rate, float64(batch)
		}
	}
	for _, p := range parts {
		writes := 1 + len(p.moves)
		if p.kept {
			writes--
		}
		best.More["rows"] += float64(len(p.rows)*writes) / float64(len(parts[0].rows))
	}
	s.Report.Runs = append(s.Report.Runs, best)
	return best, nil
}

// rowsMax bounds what is read back: more would say nothing new.
const rowsMax = 40_000

func read(ctx context.Context, from stage.Place, sets []rowSet) (parts []part, err error) {
	d, err := db.Open(ctx, db.Options{URL: from.URL, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for _, set := range sets {
		p, err := readPart(ctx, d, set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", set.table, err)
		}
		if len(p.rows) > 0 {
			parts = append(parts, p)
		}
	}
	for i := range parts {
		at := slices.IndexFunc(parts, func(p part) bool { return p.table == parts[i].of })
		if at >= 0 {
			parts[i].parent = &parts[at]
		}
	}
	return parts, nil
}

func readPart(ctx context.Context, d *db.DB, set rowSet) (part, error) {
	p := part{rowSet: set}
	names := `SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position`
	if d.Engine() == db.SQLite {
		names = `SELECT name FROM pragma_table_info($1)`
	}
	var err error
	if p.columns, err = db.All(ctx, d, db.Scalar[string], names, set.table); err != nil {
		return p, err
	}
	text := "SELECT " + strings.Join(p.columns, ", ") + " FROM " + set.table
	if set.where != "" {
		text += " WHERE " + set.where
	}
	text += fmt.Sprintf(" ORDER BY %s LIMIT %d", set.key, 2*rowsMax)
	p.last, err = db.All(ctx, d, func(r db.Row) ([]any, error) {
		values, to := make([]any, len(p.columns)), make([]any, len(p.columns))
		for i := range values {
			to[i] = &values[i]
		}
		return values, r.Scan(to...)
	}, text)
	p.rows = make([][]any, len(p.last))
	for i, row := range p.last {
		p.rows[i] = slices.Clone(row)
		for name, value := range set.first {
			p.rows[i][slices.Index(p.columns, name)] = value
		}
	}
	return p, err
}

// write times the writing of all parts in batches of so many commands; the first part has one row a command.
func (s *Session) write(ctx context.Context, w *stage.World, parts []part, batch int) (rate float64, err error) {
	place, err := s.Ground.Copy(ctx, w.Place)
	if err != nil {
		return 0, err
	}
	d, err := db.Open(ctx, db.Options{URL: place.URL})
	if err != nil {
		return 0, err
	}
	commands := min(len(parts[0].rows), rowsMax)
	done := 0
	began := time.Now()
	for done+batch <= commands && time.Since(began) < s.For {
		err = d.Write(ctx, func(tx *db.Tx) error {
			for i := range parts {
				p := &parts[i]
				if err := p.write(ctx, tx, p.share(done, commands), p.share(done+batch, commands)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return 0, errors.Join(err, d.Close())
		}
		done += batch
	}
	rate = float64(done) / time.Since(began).Seconds()
	return rate, errors.Join(d.Close(), s.Ground.Drop(ctx, place))
}

// write inserts rows as they were when new, and changes them as later steps did.
func (p *part) write(ctx context.Context, tx *db.Tx, from, to int) error {
	if !p.kept {
		if _, err := db.InsertMany(ctx, tx, db.Insert{Table: p.table, Columns: p.columns}, p.rows[from:to]); err != nil {
			return err
		}
	}
	for _, columns := range p.moves {
		if err := p.move(ctx, tx, columns, from, to); err != nil {
			return err
		}
	}
	return nil
}

// share is how many of a part's rows belong to the first commands.
func (p *part) share(done, commands int) int {
	if p.parent == nil {
		return len(p.rows) * done / commands
	}
	key, parents := slices.Index(p.columns, p.key), p.parent.share(done, commands)
	if parents == len(p.parent.rows) {
		return len(p.rows)
	}
	next := textOf(p.parent.rows[parents][slices.Index(p.parent.columns, p.parent.key)])
	n, _ := slices.BinarySearchFunc(p.rows, next, func(row []any, next string) int {
		return strings.Compare(textOf(row[key]), next)
	})
	return n
}

func textOf(value any) string {
	text, _ := value.(string)
	return text
}

// move changes rows as a later step of the command did.
func (p *part) move(ctx context.Context, tx *db.Tx, columns []string, from, to int) error {
	up := db.Update{Table: p.table, Columns: []db.Column{{Name: p.key, Type: "text"}},
		Where: p.table + "." + p.key + " = v." + p.key, Returning: p.table + "." + p.key}
	at := []int{slices.Index(p.columns, p.key)}
	var sets []string
	for _, name := range columns {
		kind := p.types[name]
		if kind == "" {
			kind = "bigint"
		}
		up.Columns = append(up.Columns, db.Column{Name: name, Type: kind})
		at = append(at, slices.Index(p.columns, name))
		sets = append(sets, name+" = v."+name)
	}
	up.Set = strings.Join(sets, ", ")
	rows := make([][]any, to-from)
	for i := range rows {
		rows[i] = make([]any, len(at))
		for j, column := range at {
			rows[i][j] = p.last[from+i][column]
		}
	}
	changed, err := db.UpdateMany(ctx, tx, up, rows)
	if err == nil && len(changed) != len(rows) {
		err = fmt.Errorf("%s: %d of %d rows moved", p.table, len(changed), len(rows))
	}
	return err
}
