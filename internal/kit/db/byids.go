package db

import (
	"context"
	"strconv"
	"strings"
)

// IDsMark stands in a statement for the list of ids, after "IN".
const IDsMark = "{ids}"

// ByIDs reads the rows of a set of ids in few statements. The text holds IDsMark where the parenthesised list belongs.
// An empty set reads nothing.
func ByIDs[T any, S ~string](
	ctx context.Context, q Querier, scan func(Row) (T, error), text string, ids []S,
) ([]T, error) {
	return ByIDsOf(ctx, q, scan, Bound{Text: text}, ids)
}

// Bound is a statement with its first parameters, $1….
type Bound struct {
	Text string
	Args []any
}

// ByIDsOf is ByIDs for a statement with parameters of its own before the ids.
func ByIDsOf[T any, S ~string](
	ctx context.Context, q Querier, scan func(Row) (T, error), b Bound, ids []S,
) ([]T, error) {
	if q.on().engine == Postgres {
		return byArray(ctx, q, scan, b, ids)
	}
	var out []T
	for start, n := 0, 0; start < len(ids); start += n {
		n = min(len(ids)-start, idsMax)
		width := (n + step(n) - 1) / step(n) * step(n)
		bound := make([]any, 0, len(b.Args)+width)
		bound = append(bound, b.Args...)
		for i := range width {
			// Repeating the last id fills up to the next width: few texts, each prepared once.
			bound = append(bound, string(ids[start+min(i, n-1)]))
		}
		text := q.on().text("L", b.Text, width, func() string { return b.listed(width) })
		rows, err := All(ctx, q, scan, text.Whole, bound...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}

// idsMax is how many ids one statement looks for.
const idsMax = 1024

// listed is the text with a list of so many ids behind its own parameters.
func (b Bound) listed(width int) string {
	var list strings.Builder
	for i := range width {
		if i > 0 {
			list.WriteString(", ")
		}
		list.WriteString("$" + strconv.Itoa(len(b.Args)+i+1))
	}
	return strings.Replace(b.Text, IDsMark, "("+list.String()+")", 1)
}

// byArray gives PostgreSQL all ids as one array: one text whatever their number.
func byArray[T any, S ~string](
	ctx context.Context, q Querier, scan func(Row) (T, error), b Bound, ids []S,
) ([]T, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	d := q.on()
	if len(ids) == 0 {
		return nil, nil
	}
	if err := d.look(d.text("L", b.Text, 1, func() string { return b.listed(1) }).Whole, b.Args); err != nil {
		return nil, err
	}
	for _, text := range texts {
		if err := checkText(text); err != nil {
			return nil, err
		}
	}
	array := "= ANY(CAST($" + strconv.Itoa(len(b.Args)+1) + " AS text[]))"
	args := append(b.Args[:len(b.Args):len(b.Args)], texts)
	return all(ctx, q, scan, strings.Replace(b.Text, "IN "+IDsMark, array, 1), args)
}
