package db

import (
	"context"
	"strconv"
	"strings"
)

// IDsMark stands in a statement for the list of ids, after "IN".
const IDsMark = "{ids}"

// ByIDs reads the rows of a set of ids in statements of a power of two of ids each. The text holds IDsMark where the
// parenthesised list belongs. An empty set reads nothing.
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
	text, args := b.Text, b.Args
	var out []T
	for start, n := 0, 0; start < len(ids); start += n {
		left := len(ids) - start
		n = min(left, 1024)
		width := 1
		for width < n {
			width *= 2
		}
		bound := make([]any, 0, len(args)+width)
		bound = append(bound, args...)
		var list strings.Builder
		for i := range width {
			// Repeating the last id fills up to the power of two: few texts, each prepared once.
			bound = append(bound, string(ids[start+min(i, n-1)]))
			if i > 0 {
				list.WriteString(", ")
			}
			list.WriteString("$" + strconv.Itoa(len(bound)))
		}
		rows, err := All(ctx, q, scan, strings.Replace(text, IDsMark, "("+list.String()+")", 1), bound...)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
	}
	return out, nil
}
