package db

import (
	"context"
	"strconv"
	"strings"
)

// PostgreSQL takes the rows of InsertMany and UpdateMany as one array a column: one text whatever the number of rows,
// which is read and planned once, where a list of thousands of values is read anew each time.

// arraysMax is how many rows one statement takes.
const arraysMax = 4096

// insertArrays is InsertMany with arrays; false when the rows hold something else than arrays do.
func insertArrays(ctx context.Context, tx *Tx, in Insert, rows [][]any) (total int64, ok bool, err error) {
	types, ok := typesOf(rows, len(in.Columns))
	if !ok {
		return 0, false, nil
	}
	if err := tx.tell(insertText(in, 1), rows); err != nil {
		return 0, true, err
	}
	text := tx.db.text("A", in.Table+"|"+strings.Join(in.Columns, ",")+in.OnConflict+"|"+strings.Join(types, ","), 0,
		func() string { return insertArraysText(in, types) })
	for start := 0; start < len(rows); start += arraysMax {
		changed, err := tx.run.exec(ctx, text, arrays(rows[start:min(start+arraysMax, len(rows))], types))
		if err != nil {
			return total, true, err
		}
		total += changed
	}
	return total, true, nil
}

// updateArrays is UpdateMany with arrays.
func updateArrays(ctx context.Context, tx *Tx, up Update, rows [][]any) (keys []string, ok bool, err error) {
	found, ok := typesOf(rows, len(up.Columns))
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
		part, err := all(ctx, tx, Scalar[string], text, arrays(rows[start:min(start+arraysMax, len(rows))], types))
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

// typesOf gives the type of each column, "" for one of nothing but NULL. False is a row of another width, or a value
// that no array can hold beside the others: the rows are then written as a list.
func typesOf(rows [][]any, width int) (types []string, ok bool) {
	types = make([]string, width)
	for _, r := range rows {
		if len(r) != width {
			return nil, false
		}
		for j, v := range r {
			if v == nil {
				continue
			}
			kind := kindOf(v)
			if kind == "" || types[j] != "" && types[j] != kind {
				return nil, false
			}
			types[j] = kind
		}
	}
	return types, true
}

// arrays turns rows into one array a column; a column without a type has none.
func arrays(rows [][]any, types []string) []any {
	args := make([]any, 0, len(types))
	for j, kind := range types {
		switch kind {
		case "text":
			args = append(args, array(rows, j, func(v any) string { return v.(string) }))
		case "bigint":
			args = append(args, array(rows, j, whole))
		case "boolean":
			args = append(args, array(rows, j, func(v any) bool { return v.(bool) }))
		case "bytea":
			args = append(args, array(rows, j, func(v any) []byte { return v.([]byte) }))
		}
	}
	return args
}

func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "text"
	case int64, int:
		return "bigint"
	case bool:
		return "boolean"
	case []byte:
		return "bytea"
	}
	return ""
}

func whole(v any) int64 {
	if n, ok := v.(int); ok {
		return int64(n)
	}
	return v.(int64)
}

// array is one column: of values, or of pointers where some are NULL.
func array[T any](rows [][]any, j int, read func(any) T) any {
	values, pointers, nulls := make([]T, len(rows)), make([]*T, len(rows)), false
	for i, r := range rows {
		if r[j] == nil {
			nulls = true
			continue
		}
		values[i] = read(r[j])
		pointers[i] = &values[i]
	}
	if nulls {
		return pointers
	}
	return values
}

// unnested writes "SELECT u.a, NULL, u.c FROM unnest(…) AS u(a, c)": the rows of the arrays.
func unnested(names, types []string) string {
	var list, from, as []string
	for j, name := range names {
		if types[j] == "" {
			list = append(list, "NULL")
			continue
		}
		from = append(from, "CAST($"+strconv.Itoa(len(from)+1)+" AS "+types[j]+"[])")
		list, as = append(list, "u."+name), append(as, name)
	}
	return "SELECT " + strings.Join(list, ", ") + " FROM unnest(" + strings.Join(from, ", ") + ") AS u(" +
		strings.Join(as, ", ") + ")"
}

func insertArraysText(in Insert, types []string) string {
	text := "INSERT INTO " + in.Table + " (" + strings.Join(in.Columns, ", ") + ") " + unnested(in.Columns, types)
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
	return "WITH v AS (" + unnested(names, types) + ") UPDATE " + up.Table + " SET " + up.Set + " FROM v WHERE " +
		up.Where + " RETURNING " + up.Returning
}
