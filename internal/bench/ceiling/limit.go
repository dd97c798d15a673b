package ceiling

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

// Rows is the rows of one table that a command writes, and how they came to be what they are.
type Rows struct {
	Table string
	Key   string            // column by which rows are parted among batches; those of a command sort alike
	Of    string            // the table whose row, with this key as its id, must be there before
	Where string            // "" takes all rows
	Kept  bool              // the rows were there before: they are only moved
	First map[string]any    // columns that were something else when the row was new
	Moves [][]string        // each a later change of a row: the columns it wrote
	Types map[string]string // of those columns: bigint unless said here
}

// part is one table's rows in memory, ready to be written.
type part struct {
	Rows
	columns []string
	rows    [][]any // as they were when new
	last    [][]any // as they are
	parent  *part   // of of
}

// Limit is what the engine did.
type Limit struct {
	Rate    float64 // commands a second, in the best batch
	Batch   int
	ByBatch map[int]float64
	Writes  float64 // rows written or changed for a command
}

// Run says what is written again: the rows of sets at From, into copies of Like, in which they are not.
type Run struct {
	Ground *stage.Ground
	Like   stage.Place
	From   stage.Place
	Sets   []Rows
	Most   time.Duration // each size of batch takes no longer
}

// Measure writes the rows that a run left behind into fresh copies of the world, in batches of two sizes, with nothing
// else done: what the engine could do if there were no product.
func Measure(ctx context.Context, o Run) (Limit, error) {
	parts, err := read(ctx, o.From, o.Sets)
	if err != nil || len(parts) == 0 {
		return Limit{}, err
	}
	best := Limit{ByBatch: map[int]float64{}}
	for _, batch := range []int{256, 1024} {
		rate, err := write(ctx, o, parts, min(batch, len(parts[0].rows)))
		if err != nil {
			return best, err
		}
		best.ByBatch[batch] = rate
		if rate > best.Rate {
			best.Rate, best.Batch = rate, batch
		}
	}
	for _, p := range parts {
		writes := 1 + len(p.Moves)
		if p.Kept {
			writes--
		}
		best.Writes += float64(len(p.rows)*writes) / float64(len(parts[0].rows))
	}
	return best, nil
}

// rowsMax bounds what is read back: more would say nothing new.
const rowsMax = 40_000

func read(ctx context.Context, from stage.Place, sets []Rows) (parts []part, err error) {
	d, err := db.Open(ctx, db.Options{URL: from.URL, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	for _, set := range sets {
		p, err := readPart(ctx, d, set)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", set.Table, err)
		}
		if len(p.rows) > 0 {
			parts = append(parts, p)
		}
	}
	for i := range parts {
		at := slices.IndexFunc(parts, func(p part) bool { return p.Table == parts[i].Of })
		if at >= 0 {
			parts[i].parent = &parts[at]
		}
	}
	return parts, nil
}

func readPart(ctx context.Context, d *db.DB, set Rows) (part, error) {
	p := part{Rows: set}
	names := `SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position`
	if d.Engine() == db.SQLite {
		names = `SELECT name FROM pragma_table_info($1)`
	}
	var err error
	if p.columns, err = db.All(ctx, d, db.Scalar[string], names, set.Table); err != nil {
		return p, err
	}
	text := "SELECT " + strings.Join(p.columns, ", ") + " FROM " + set.Table
	if set.Where != "" {
		text += " WHERE " + set.Where
	}
	text += fmt.Sprintf(" ORDER BY %s LIMIT %d", set.Key, 2*rowsMax)
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
		for name, value := range set.First {
			p.rows[i][slices.Index(p.columns, name)] = value
		}
	}
	return p, err
}

// write times the writing of all parts in batches of so many commands; the first part has one row a command.
func write(ctx context.Context, o Run, parts []part, batch int) (rate float64, err error) {
	place, err := o.Ground.Copy(ctx, o.Like)
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
	for done+batch <= commands && time.Since(began) < o.Most {
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
	return rate, errors.Join(d.Close(), o.Ground.Drop(ctx, place))
}

// write inserts rows as they were when new, and changes them as later steps did.
func (p *part) write(ctx context.Context, tx *db.Tx, from, to int) error {
	if !p.Kept {
		if _, err := db.InsertMany(ctx, tx, db.Insert{Table: p.Table, Columns: p.columns}, p.rows[from:to]); err != nil {
			return err
		}
	}
	for _, columns := range p.Moves {
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
	key, parents := slices.Index(p.columns, p.Key), p.parent.share(done, commands)
	if parents == len(p.parent.rows) {
		return len(p.rows)
	}
	next := textOf(p.parent.rows[parents][slices.Index(p.parent.columns, p.parent.Key)])
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
	up := db.Update{Table: p.Table, Columns: []db.Column{{Name: p.Key, Type: "text"}},
		Where: p.Table + "." + p.Key + " = v." + p.Key, Returning: p.Table + "." + p.Key}
	at := []int{slices.Index(p.columns, p.Key)}
	var sets []string
	for _, name := range columns {
		kind := p.Types[name]
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
		err = fmt.Errorf("%s: %d of %d rows moved", p.Table, len(changed), len(rows))
	}
	return err
}
