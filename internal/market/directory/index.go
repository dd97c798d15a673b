package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
)

// Kind is the name of the directory's search index.
const Kind = "entry"

// Pending gives entries whose search texts are to be written, in the order of ids.
func Pending(ctx context.Context, q db.Querier, limit int) ([]Entry, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM directory_entry
		WHERE id IN (SELECT entry_id FROM directory_unindexed ORDER BY entry_id LIMIT $1) ORDER BY id`, limit)
}

// PendingCount tells how many entries wait for the index.
func PendingCount(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM directory_unindexed`)
}

// Prepare makes an entry's search texts ready. place is the name of where it is, since people search for 역삼 카페.
func Prepare(index *search.Index, e Entry, place string) search.Document {
	return index.Prepare(string(e.ID), e.Title(), e.Industry, place)
}

// doneRows is how many ids one statement takes off the waiting list: a fixed number, so that its text is prepared once.
const doneRows = 64

// PutIndex writes search texts that were made ready and takes their entries off the waiting list.
func PutIndex(ctx context.Context, tx *db.Tx, index *search.Index, documents []search.Document) error {
	if err := index.PutMany(ctx, tx, documents); err != nil {
		return err
	}
	text := `DELETE FROM directory_unindexed WHERE entry_id IN (` + placeholders(doneRows, "", "") + `)`
	args := make([]any, doneRows)
	for from := 0; from < len(documents); from += doneRows {
		for i := range args {
			args[i] = documents[min(from+i, len(documents)-1)].ID()
		}
		if _, err := db.Exec(ctx, tx, text, args...); err != nil {
			return err
		}
	}
	return nil
}

// Search finds entries by name, trade and place, best first: 역삼 카페, ㅅㄱㅅ, 떡뽁이.
func Search(ctx context.Context, q db.Querier, index *search.Index, query string, limit int) ([]Entry, error) {
	hits, err := index.Find(ctx, q, query, min(max(limit, 1), PageMax))
	if err != nil {
		return nil, err
	}
	ids := make([]EntryID, len(hits))
	for i, hit := range hits {
		ids[i] = EntryID(hit.ID)
	}
	found, err := ByIDs(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b Entry) int {
		return cmp.Compare(slices.Index(ids, a.ID), slices.Index(ids, b.ID))
	})
	return found, nil
}

// Seek asks for shops in one region, whose name is asked for with the words: so the same name elsewhere does not crowd
// out the one that is here.
type Seek struct {
	RegionID market.RegionID
	Place    string // the region's own name, 역삼1동
	Words    string
	Limit    int
}

// SearchIn finds unclaimed entries of a region, best first.
func SearchIn(ctx context.Context, q db.Querier, index *search.Index, s Seek) ([]Entry, error) {
	found, err := Search(ctx, q, index, s.Words+" "+s.Place, PageMax)
	here := slices.DeleteFunc(found, func(e Entry) bool { return e.RegionID != s.RegionID || e.State != Unclaimed })
	return here[:min(len(here), s.Limit)], err
}

// Likely finds the unclaimed entries of a region that a shop may be: by its whole name, else by the name's first word,
// since signs say more or less than the register does.
func Likely(ctx context.Context, q db.Querier, index *search.Index, s Seek) ([]Entry, error) {
	words := strings.Fields(s.Words)
	if len(words) == 0 {
		return nil, nil
	}
	found, err := SearchIn(ctx, q, index, s)
	if err != nil || len(found) > 0 || len(words) == 1 || utf8.RuneCountInString(words[0]) < 2 {
		return found, err
	}
	s.Words = words[0]
	return SearchIn(ctx, q, index, s)
}
