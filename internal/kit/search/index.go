package search

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/hangul"
)

const (
	// bodyRunesMax bounds what is kept of one object, so that comparing hundreds of candidates stays cheap.
	bodyRunesMax = 600
	// candidatesMax is how many of the newest fitting objects are compared.
	candidatesMax = 400
)

// Index holds the objects of one kind ("deal", "merchant"); it is safe for concurrent use.
type Index struct {
	kind   string
	ask    string
	syntax syntax
}

// Hit is an object found. Score grows with how well it fits; Slip tells that a word was read generously.
type Hit struct {
	ID    string
	Score int64
	Slip  bool
}

// The question to the full-text index is the one place where the engines do not share a text.
const (
	askSQLite = `/* sqlite only */ SELECT s.id, s.body FROM kit_search_word w JOIN kit_search s ON s.number = w.rowid
		WHERE kit_search_word MATCH $1 AND s.kind = $2 ORDER BY s.id DESC LIMIT $3`
	// The index is asked first and alone: a planner without statistics would rather walk all objects by id.
	askPostgres = `WITH w AS MATERIALIZED (
			SELECT rowid FROM kit_search_word WHERE words @@ to_tsquery('simple', $1)
		) SELECT s.id, s.body FROM w JOIN kit_search s ON s.number = w.rowid
		WHERE s.kind = $2 ORDER BY s.id DESC LIMIT $3`
)

// New gives the index of a kind on a database of the given engine.
func New(engine db.Engine, kind string) *Index {
	if engine == db.Postgres {
		return &Index{kind, askPostgres, syntax{and: " & ", or: " | "}}
	}
	return &Index{kind, askSQLite, syntax{and: " AND ", or: " OR "}}
}

// number names an object for the full-text index, 63 bits of a hash of kind and id.
func (x *Index) number(id string) int64 {
	sum := sha256.Sum256([]byte(x.kind + "\x00" + id))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}

// Put makes an object findable by its texts, the most telling first, in place of what was there before.
func (x *Index) Put(ctx context.Context, tx *db.Tx, id string, texts ...string) error {
	document := x.Prepare(id, texts...)
	if _, err := db.Exec(ctx, tx, `INSERT INTO kit_search (number, kind, id, body) VALUES ($1, $2, $3, $4)
		ON CONFLICT (number) DO UPDATE SET body = excluded.body`,
		document.number, x.kind, id, document.body); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM kit_search_word WHERE rowid = $1`, document.number); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO kit_search_word (rowid, tokens) VALUES ($1, $2)`,
		document.number, document.tokens)
	return err
}

// Remove makes an object unfindable; one that was never put in is no error.
func (x *Index) Remove(ctx context.Context, tx *db.Tx, id string) error {
	number := x.number(id)
	_, wordFault := db.Exec(ctx, tx, `DELETE FROM kit_search_word WHERE rowid = $1`, number)
	_, bodyFault := db.Exec(ctx, tx, `DELETE FROM kit_search WHERE number = $1`, number)
	return errors.Join(wordFault, bodyFault)
}

// Find gives at most limit objects that hold every word of the query, the best first and among equals the newest.
// Only when nothing holds them as written are slips of the pen allowed. An empty query finds nothing.
func (x *Index) Find(ctx context.Context, q db.Querier, query string, limit int) ([]Hit, error) {
	words := hangul.QueryWords(query)
	if len(words) == 0 || limit <= 0 {
		return nil, nil
	}
	hits, err := x.find(ctx, q, words, false)
	if err == nil && len(hits) == 0 {
		hits, err = x.find(ctx, q, words, true)
	}
	if err != nil {
		return nil, err
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].Score > hits[j].Score })
	return hits[:min(len(hits), limit)], nil
}

type candidate struct {
	id     string
	fields []string
}

func scanCandidate(row db.Row) (candidate, error) {
	var c candidate
	var body string
	if err := row.Scan(&c.id, &body); err != nil {
		return c, err
	}
	c.fields = strings.Split(body, "\n")
	return c, nil
}

func (x *Index) find(ctx context.Context, q db.Querier, words []hangul.Word, generous bool) ([]Hit, error) {
	terms, able := []string{token(sortKind, []rune(x.kind)...)}, false
	for _, word := range words {
		letters := []rune(word.Text)
		if generous && maySlip(word) {
			able = true
			terms = append(terms, x.syntax.any([]string{x.syntax.exact(letters), x.syntax.slipped(letters)}))
			continue
		}
		terms = append(terms, x.syntax.exact(letters))
	}
	if generous && !able {
		return nil, nil
	}
	candidates, err := db.All(ctx, q, scanCandidate, x.ask, strings.Join(terms, x.syntax.and), x.kind, candidatesMax)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, c := range candidates {
		if hit, ok := judge(c, words, generous); ok {
			hits = append(hits, hit)
		}
	}
	return hits, nil
}

// judge compares one candidate with all words; each must be found in some field.
func judge(c candidate, words []hangul.Word, generous bool) (Hit, bool) {
	hit := Hit{ID: c.id}
	for _, word := range words {
		best, slip := int64(0), false
		for i, field := range c.fields {
			points, slipped := fit(field, word, generous)
			if i == 0 {
				points *= 2
			}
			if points > best {
				best, slip = points, slipped
			}
		}
		if best == 0 {
			return Hit{}, false
		}
		hit.Score += best
		hit.Slip = hit.Slip || slip
	}
	return hit, true
}

// What a fit is worth; a slip is worth less than any exact fit, and less the more letters are wrong.
const (
	pointsWhole     = 60 // the field is the word
	pointsWordStart = 50 // a word of the field begins with it
	pointsInside    = 40 // it stands inside a word
	pointsAcross    = 30 // only without the spaces
	pointsSlip      = 10
)

func fit(field string, word hangul.Word, generous bool) (points int64, slip bool) {
	letters, text := []rune(word.Text), []rune(field)
	place := hangul.Find(letters, text)
	switch {
	case place == 0 && len(letters) == len(text):
		return pointsWhole, false
	case place >= 0 && beginsWord(letters, text, place):
		return pointsWordStart, false
	case place >= 0:
		return pointsInside, false
	}
	compact := strings.ReplaceAll(field, " ", "")
	if hangul.Find(letters, []rune(compact)) >= 0 {
		return pointsAcross, false
	}
	if !generous || !maySlip(word) || utf8.RuneCountInString(compact) == 0 {
		return 0, false
	}
	jamo := hangul.Jamo(word.Text)
	if wrong := hangul.Distance(jamo, hangul.Jamo(compact)); wrong <= hangul.SlipsAllowed(jamo) {
		return int64(pointsSlip - wrong), true
	}
	return 0, false
}

// beginsWord tells whether the word stands at the beginning of any word of the text, not only at its first place.
func beginsWord(word, text []rune, place int) bool {
	for place < len(text) {
		if place == 0 || text[place-1] == ' ' {
			return true
		}
		next := hangul.Find(word, text[place+1:])
		if next < 0 {
			return false
		}
		place += 1 + next
	}
	return false
}
