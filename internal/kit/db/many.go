package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db/lite"
)

// parametersMax is what both engines take in one statement (SQLite 32,766; PostgreSQL 65,535).
const parametersMax = 32_766

// Insert names the target of InsertMany.
type Insert struct {
	Table      string
	Columns    []string
	OnConflict string // e.g. "ON CONFLICT (id) DO NOTHING"
}

// Column is a typed column of the values an UpdateMany joins with.
type Column struct {
	Name string
	Type string // text, bigint, boolean or bytea
}

// Update is a guarded change of many rows at once:
//
//	WITH v(columns…) AS (VALUES …) UPDATE table SET set FROM v WHERE where RETURNING returning
//
// Set and Where name the table's columns by table name and the given values as v.column. The caller aggregates
// the rows per key and sorts them by key, so that two transactions lock in the same order.
type Update struct {
	Table     string
	Columns   []Column
	Set       string
	Where     string
	Returning string // one text column, e.g. "deal_tally.deal_id"
}

// InsertMany writes rows in few statements; it gives the number of rows written.
func InsertMany(ctx context.Context, tx *Tx, in Insert, rows [][]any) (int64, error) {
	var total int64
	width := len(in.Columns)
	if tx.db.engine == Postgres && len(rows) > 1 {
		if total, ok, err := insertArrays(ctx, tx, in, rows); ok || err != nil {
			return total, err
		}
	}
	for start, n := 0, 0; start < len(rows); start += n {
		n = chunk(len(rows)-start, width, insertRows)
		text := tx.db.text("INTO "+in.Table, strings.Join(in.Columns, ",")+in.OnConflict, n, func() string {
			return insertText(in, n)
		})
		args, err := flatten(rows[start:start+n], width)
		if err != nil {
			return total, fmt.Errorf("%s: %w", in.Table, err)
		}
		if err := tx.tells(text, args); err != nil {
			return total, err
		}
		changed, err := tx.run.many(ctx, text, args)
		if err != nil {
			return total, err
		}
		total += changed
	}
	return total, nil
}

// UpdateMany changes many rows under a guard and gives the keys of those that passed it.
func UpdateMany(ctx context.Context, tx *Tx, up Update, rows [][]any) ([]string, error) {
	var out []string
	width := len(up.Columns)
	if tx.db.engine == Postgres && len(rows) > 1 {
		if out, ok, err := updateArrays(ctx, tx, up, rows); ok || err != nil {
			return out, err
		}
	}
	for start, n := 0, 0; start < len(rows); start += n {
		n = chunk(len(rows)-start, width, updateRows)
		text := tx.db.text("UPDATE "+up.Table, up.key(), n, func() string {
			return updateText(up, n, tx.db.dialect)
		})
		args, err := flatten(rows[start:start+n], width)
		if err != nil {
			return out, fmt.Errorf("%s: %w", up.Table, err)
		}
		if err := tx.tells(text, args); err != nil {
			return out, err
		}
		keys, err := tx.run.keys(ctx, text, args)
		if err != nil {
			return out, err
		}
		out = append(out, keys...)
	}
	return out, nil
}

// tells is look and note for a built statement.
func (tx *Tx) tells(text *lite.Text, args []any) error {
	tx.note(text.Writes)
	return tx.db.look(text.Whole, args)
}

// How many rows one statement takes. From 184 changed rows on, depending on the guard, SQLite's planner would walk the
// whole table and look for each of its rows among the values, instead of the other way round.
const (
	insertRows = 1024
	updateRows = 128
)

// chunk is the largest number of rows, up to most, that fits and has a text of its own.
func chunk(rows, width, most int) int {
	limit := min(rows, parametersMax/max(width, 1), most)
	return limit / step(limit) * step(limit)
}

// step is the distance between numbers of rows with a text of their own, near n: all up to 8, four to a doubling up to
// 64, and powers of two above. Few texts, so that each is prepared once, and yet few statements for a batch.
func step(n int) int {
	parts := 8
	if n >= 64 {
		parts = 2
	}
	s := 1
	for s*parts <= n {
		s *= 2
	}
	return s
}

func flatten(rows [][]any, width int) ([]any, error) {
	args := make([]any, 0, len(rows)*width)
	for _, r := range rows {
		if len(r) != width {
			return nil, fmt.Errorf("row of %d values for %d columns", len(r), width)
		}
		args = append(args, r...)
	}
	return args, nil
}

// text gives the statement for n rows, built once; kind and what tell it from all others.
func (d *DB) text(kind, what string, n int, build func() string) *lite.Text {
	key := kind + "|" + strconv.Itoa(n) + what
	if kept, ok := d.texts.Load(key); ok {
		return kept.(*lite.Text)
	}
	kept, _ := d.texts.LoadOrStore(key, &lite.Text{Whole: build(), Writes: kind})
	return kept.(*lite.Text)
}

func insertText(in Insert, n int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + in.Table + " (" + strings.Join(in.Columns, ", ") + ") VALUES ")
	p := 0
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j := range in.Columns {
			if j > 0 {
				b.WriteString(", ")
			}
			p++
			b.WriteString("$" + strconv.Itoa(p))
		}
		b.WriteByte(')')
	}
	if in.OnConflict != "" {
		b.WriteString(" " + in.OnConflict)
	}
	return b.String()
}

func updateText(up Update, n int, dl dialect) string {
	var b strings.Builder
	b.WriteString("WITH v(")
	for j, c := range up.Columns {
		if j > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.Name)
	}
	b.WriteString(") AS (VALUES ")
	p := 0
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for j, c := range up.Columns {
			if j > 0 {
				b.WriteString(", ")
			}
			p++
			b.WriteString(dl.cast("$"+strconv.Itoa(p), c.Type))
		}
		b.WriteByte(')')
	}
	b.WriteString(") UPDATE " + up.Table + " SET " + up.Set + " FROM v WHERE " + up.Where)
	b.WriteString(" RETURNING " + up.Returning)
	return b.String()
}

// key names the text among all built ones.
func (up Update) key() string {
	var b strings.Builder
	for _, part := range []string{up.Table, up.Set, up.Where, up.Returning} {
		b.WriteString(part + "|")
	}
	for _, c := range up.Columns {
		b.WriteString(c.Name + " " + c.Type + ",")
	}
	return b.String()
}
