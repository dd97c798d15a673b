package arrays

import (
	"strconv"
	"strings"
)

// Types gives the type of each column, "" for one of nothing but NULL. False is a row of another width, or a value
// that no array can hold beside the others: the rows are then written as a list.
func Types(rows [][]any, width int) (types []string, ok bool) {
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

// Of turns rows into one array a column; a column without a type has none.
func Of(rows [][]any, types []string) []any {
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

// Rows writes "SELECT u.a, NULL, u.c FROM unnest(…) AS u(a, c)": the rows of the arrays.
func Rows(names, types []string) string {
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
