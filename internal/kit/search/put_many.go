package search

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/hangul"
)

// Document is an object's texts made ready for the index. Making them ready is most of the work, and needs no
// transaction.
type Document struct {
	id     string
	number int64
	body   string
	tokens string
}

// ID is the object's id.
func (d Document) ID() string { return d.id }

// Prepare makes texts ready, the title first.
func (x *Index) Prepare(id string, texts ...string) Document {
	fields, left := make([]string, 0, len(texts)), bodyRunesMax
	for _, text := range texts {
		letters := []rune(hangul.Normalise(text))
		letters = letters[:min(len(letters), left)]
		left -= len(letters)
		fields = append(fields, strings.TrimSpace(string(letters)))
	}
	return Document{id: id, number: x.number(id), body: strings.Join(fields, "\n"), tokens: tokensOf(x.kind, fields)}
}

var (
	insertBody = db.Insert{
		Table: "kit_search", Columns: []string{"number", "kind", "id", "body"},
		OnConflict: "ON CONFLICT (number) DO UPDATE SET body = excluded.body",
	}
	insertWords = db.Insert{Table: "kit_search_word", Columns: []string{"rowid", "tokens"}}
)

// PutMany does what Put does for many objects at once, each named once. They are written in the order of their numbers:
// FTS5 keeps what it gathers in memory only as long as row numbers rise, and otherwise writes a segment for every row.
func (x *Index) PutMany(ctx context.Context, tx *db.Tx, documents []Document) error {
	sorted := slices.Clone(documents)
	slices.SortFunc(sorted, func(a, b Document) int {
		if a.number < b.number {
			return -1
		}
		return 1
	})
	there, err := numbersThere(ctx, tx, sorted)
	if err != nil {
		return err
	}
	bodies, words := make([][]any, len(sorted)), make([][]any, len(sorted))
	for i, d := range sorted {
		bodies[i] = []any{d.number, x.kind, d.id, d.body}
		words[i] = []any{d.number, d.tokens}
	}
	for _, number := range there {
		if _, err := db.Exec(ctx, tx, `DELETE FROM kit_search_word WHERE rowid = $1`, number); err != nil {
			return err
		}
	}
	if _, err := db.InsertMany(ctx, tx, insertBody, bodies); err != nil {
		return err
	}
	_, err = db.InsertMany(ctx, tx, insertWords, words)
	return err
}

// askRows is how many numbers one statement asks for; it is fixed, so that the text is prepared once.
const askRows = 128

// numbersThere gives which of the documents are in the index already.
func numbersThere(ctx context.Context, tx *db.Tx, sorted []Document) ([]int64, error) {
	marks := make([]string, askRows)
	for i := range marks {
		marks[i] = "(CAST($" + strconv.Itoa(i+1) + " AS bigint))"
	}
	// One answer a row: PostgreSQL then asks its index also while the table is young.
	text := `WITH v(number) AS (VALUES ` + strings.Join(marks, ", ") + `) SELECT DISTINCT v.number FROM v
		WHERE (SELECT kind FROM kit_search WHERE kit_search.number = v.number) IS NOT NULL`
	var out []int64
	args := make([]any, askRows)
	for from := 0; from < len(sorted); from += askRows {
		for i := range args {
			args[i] = sorted[min(from+i, len(sorted)-1)].number
		}
		there, err := db.All(ctx, tx, db.Scalar[int64], text, args...)
		if err != nil {
			return nil, err
		}
		out = append(out, there...)
	}
	return out, nil
}
