package db

import (
	"context"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db/arrays"
)

// PostgreSQL takes the rows of InsertMany and UpdateMany as one array a column: one text whatever the number of rows,
// which is read and planned once, where a list of thousands of values is read anew each time.

// arraysMax is how many rows one statement takes.
const arraysMax = 4096

// insertArrays is InsertMany with arrays; false when the rows hold something else than arrays do.
func insertArrays(ctx context.Context, tx *Tx, in Insert, rows [][]any) (total int64, ok bool, err error) {
	types, ok := arrays.Types(rows, len(in.Columns))
	if !ok {
		return 0, false, nil
	}
	if err := tx.tell(insertText(in, 1), rows); err != nil {
		return 0, true, err
	}
	text := tx.db.text("A", in.Table+"|"+strings.Join(in.Columns, ",")+in.OnConflict+"|"+strings.Join(types, ","), 0,
		func() string { return insertArraysText(in, types) })
	for start := 0; start < len(rows); start += arraysMax {
		changed, err := tx.run.many(ctx, text, arrays.Of(rows[start:min(start+arraysMax, len(rows))], types))
		if err != nil {
			return total, true, err
		}
		total += changed
	}
	return total, true, nil
}

// updateArrays is UpdateMany with arrays.
func updateArrays(ctx context.Context, tx *Tx, up Update, rows [][]any) (keys []string, ok bool, err error) {
	found, ok := arrays.Types(rows, len(up.Columns))
	if !ok {
		return nil, false, nil
	}
	types := make([]string, len(up.Columns))
	for j, c := range up.Columns {
		if types[j] = c.Type; found[j] != "" && found[j] != c.Type {
			return nil, false, nil
		}
	}
	if err := tx.tell(updateText(up, 1, tx.db.dialect), rows); err != nil {
		return nil, true, err
	}
	text := tx.db.text("B", up.key(), 0, func() string { return updateArraysText(up) })
	for start := 0; start < len(rows); start += arraysMax {
		part, err := tx.run.keys(ctx, text, arrays.Of(rows[start:min(start+arraysMax, len(rows))], types))
		if err != nil {
			return keys, true, err
		}
		keys = append(keys, part...)
	}
	return keys, true, nil
}

// tell shows whoever traces the text that SQLite would run, and looks at every value.
func (tx *Tx) tell(text string, rows [][]any) error {
	if err := tx.db.look(text, nil); err != nil {
		return err
	}
	for _, r := range rows {
		if err := checkTexts(r); err != nil {
			return err
		}
	}
	return nil
}

func insertArraysText(in Insert, types []string) string {
	text := "INSERT INTO " + in.Table + " (" + strings.Join(in.Columns, ", ") + ") " + arrays.Rows(in.Columns, types)
	if in.OnConflict != "" {
		text += " " + in.OnConflict
	}
	return text
}

func updateArraysText(up Update) string {
	names, types := make([]string, len(up.Columns)), make([]string, len(up.Columns))
	for j, c := range up.Columns {
		names[j], types[j] = c.Name, c.Type
	}
	return "WITH v AS (" + arrays.Rows(names, types) + ") UPDATE " + up.Table + " SET " + up.Set + " FROM v WHERE " +
		up.Where + " RETURNING " + up.Returning
}
