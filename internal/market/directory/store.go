package directory

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, name, branch, category_id, industry, region_id, district_id, matched, address, lot_address,
	building, floor, unit, latitude_e7, longitude_e7, state, merchant_id, claimed_at, version`

func scan(row db.Row) (Entry, error) {
	var e Entry
	err := row.Scan(&e.ID, &e.Name, &e.Branch, &e.CategoryID, &e.Industry, &e.RegionID, &e.DistrictID, &e.Matched,
		&e.Address, &e.LotAddress, &e.Building, &e.Floor, &e.Unit, &e.LatitudeE7, &e.LongitudeE7, &e.State,
		db.Text(&e.MerchantID), db.Time(&e.ClaimedAt), &e.Version)
	return e, err
}

// Find gives one entry, or ErrNotFound, also for what cannot be an id.
func Find(ctx context.Context, q db.Querier, id EntryID) (Entry, error) {
	if !usableKey(strings.TrimPrefix(string(id), Prefix)) {
		return Entry{}, ErrNotFound
	}
	e, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM directory_entry WHERE id = $1`, id)
	if db.IsNoRow(err) {
		return e, ErrNotFound
	}
	return e, err
}

// Cursor is where a page ended; the zero Cursor begins.
type Cursor struct {
	Name string
	ID   EntryID
}

// PageMax is the most entries of a page.
const PageMax = 100

// Filter names the region whose entries are listed: the neighbourhood, or what a row's names led to instead of one.
type Filter struct {
	RegionID market.RegionID
	After    Cursor
	Limit    int
}

// List gives a page of a region's unclaimed entries in the order of their names, and where it ended; a zero Cursor
// means that it was the last. What lies in smaller regions is listed there.
func List(ctx context.Context, q db.Querier, f Filter) ([]Entry, Cursor, error) {
	limit := min(max(f.Limit, 1), PageMax)
	rows, err := db.All(ctx, q, scan, listText, f.RegionID, f.After.Name, f.After.ID, limit+1)
	if err != nil || len(rows) <= limit {
		return rows, Cursor{}, err
	}
	rows = rows[:limit]
	last := rows[limit-1]
	return rows, Cursor{Name: last.Name, ID: last.ID}, nil
}

// listText is answered by the index directory_entry_region alone, up to the page's own rows.
const listText = `SELECT ` + columns + ` FROM directory_entry
	WHERE region_id = $1 AND state = 'unclaimed' AND (name, id) > ($2, $3) ORDER BY name, id LIMIT $4`

// Any reports that a register was loaded at all.
func Any(ctx context.Context, q db.Querier) (bool, error) {
	rows, err := db.All(ctx, q, db.Scalar[string], `SELECT id FROM directory_entry LIMIT 1`)
	return len(rows) > 0, err
}

// lookUpRows is how many ids one statement asks for: a fixed number, so that its text is prepared once.
const lookUpRows = 256

// placeholders writes $1, $2, … $n, each between the given texts.
func placeholders(n int, before, after string) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = before + "$" + strconv.Itoa(i+1) + after
	}
	return strings.Join(marks, ", ")
}

// LookUp gives the marks of those drafts that are entries already, by id. The inner question has one answer a row, so
// that PostgreSQL asks its index also while the table is young: a plan made for an empty table would read all of it
// for ever after.
func LookUp(ctx context.Context, q db.Querier, drafts []Draft) (map[EntryID]int64, error) {
	out := make(map[EntryID]int64, len(drafts))
	args := make([]any, lookUpRows)
	text := `WITH v(id) AS (VALUES ` + placeholders(lookUpRows, "(CAST(", " AS text))") + `)
		SELECT v.id, (SELECT mark FROM directory_entry WHERE directory_entry.id = v.id) FROM v`
	for from := 0; from < len(drafts); from += lookUpRows {
		for i := range args {
			args[i] = string(drafts[min(from+i, len(drafts)-1)].ID)
		}
		_, err := db.All(ctx, q, func(row db.Row) (struct{}, error) {
			var id EntryID
			var mark sql.NullInt64
			err := row.Scan(&id, &mark)
			if mark.Valid {
				out[id] = mark.Int64
			}
			return struct{}{}, err
		}, text, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Verdict is what a load does with a draft.
type Verdict uint8

// The verdicts.
const (
	New Verdict = iota
	Changed
	Unchanged
)

// Judge compares a sealed draft with the mark of its entry.
func Judge(d Draft, marks map[EntryID]int64) Verdict {
	mark, found := marks[d.ID]
	switch {
	case !found:
		return New
	case mark == d.mark:
		return Unchanged
	}
	return Changed
}

var insertEntry = db.Insert{
	Table: "directory_entry",
	Columns: []string{"id", "name", "branch", "category_id", "industry", "region_id", "district_id", "matched", "address",
		"lot_address", "building", "floor", "unit", "latitude_e7", "longitude_e7", "state", "mark", "version", "created_at",
		"updated_at"},
	OnConflict: "ON CONFLICT (id) DO NOTHING",
}

var insertUnindexed = db.Insert{Table: "directory_unindexed", Columns: []string{"entry_id"},
	OnConflict: "ON CONFLICT (entry_id) DO NOTHING"}

// Insert writes new, sealed entries and notes them for the index. One that another load wrote meanwhile stays as that
// one wrote it.
func Insert(ctx context.Context, tx *db.Tx, drafts []Draft) error {
	rows, ids := make([][]any, len(drafts)), make([][]any, len(drafts))
	now := db.Micros(tx.Now())
	for i, d := range drafts {
		rows[i] = []any{string(d.ID), d.Name, d.Branch, string(d.CategoryID), d.Industry, string(d.RegionID),
			string(d.DistrictID), d.Matched, d.Address, d.LotAddress, d.Building, d.Floor, d.Unit, d.LatitudeE7,
			d.LongitudeE7, string(Unclaimed), d.mark, int64(1), now, now}
		ids[i] = []any{string(d.ID)}
	}
	if _, err := db.InsertMany(ctx, tx, insertEntry, rows); err != nil {
		return err
	}
	_, err := db.InsertMany(ctx, tx, insertUnindexed, ids)
	return err
}

// owned writes a column's new value only while nobody has claimed the entry.
func owned(column string) string {
	return column + ` = CASE WHEN directory_entry.state = 'unclaimed' THEN v.` + column + ` ELSE directory_entry.` +
		column + ` END, `
}

var updateEntry = db.Update{
	Table: "directory_entry",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "name", Type: "text"}, {Name: "branch", Type: "text"},
		{Name: "category_id", Type: "text"}, {Name: "industry", Type: "text"}, {Name: "region_id", Type: "text"},
		{Name: "district_id", Type: "text"}, {Name: "matched", Type: "text"}, {Name: "address", Type: "text"},
		{Name: "lot_address", Type: "text"}, {Name: "building", Type: "text"}, {Name: "floor", Type: "text"},
		{Name: "unit", Type: "text"}, {Name: "latitude_e7", Type: "bigint"}, {Name: "longitude_e7", Type: "bigint"},
		{Name: "mark", Type: "bigint"}, {Name: "at", Type: "bigint"}},
	Set: owned("name") + owned("branch") + owned("category_id") + owned("region_id") + owned("district_id") +
		owned("matched") + owned("address") + owned("lot_address") + owned("building") + owned("floor") + owned("unit") +
		owned("latitude_e7") + owned("longitude_e7") +
		`industry = v.industry, mark = v.mark, updated_at = v.at, version = directory_entry.version + 1`,
	Where:     `directory_entry.id = v.id AND directory_entry.mark <> v.mark`,
	Returning: `directory_entry.id`,
}

// Update writes what the register says now, in sealed drafts. Of a claimed entry only what is not its owner's to say
// changes: the register's word for the trade.
func Update(ctx context.Context, tx *db.Tx, drafts []Draft) error {
	rows := make([][]any, len(drafts))
	now := db.Micros(tx.Now())
	for i, d := range drafts {
		rows[i] = []any{string(d.ID), d.Name, d.Branch, string(d.CategoryID), d.Industry, string(d.RegionID),
			string(d.DistrictID), d.Matched, d.Address, d.LotAddress, d.Building, d.Floor, d.Unit, d.LatitudeE7,
			d.LongitudeE7, d.mark, now}
	}
	changed, err := db.UpdateMany(ctx, tx, updateEntry, rows)
	if err != nil {
		return err
	}
	ids := make([][]any, len(changed))
	for i, id := range changed {
		ids[i] = []any{id}
	}
	_, err = db.InsertMany(ctx, tx, insertUnindexed, ids)
	return err
}

// ByIDs gives the entries of a set of ids, in no order.
func ByIDs(ctx context.Context, q db.Querier, ids []EntryID) ([]Entry, error) {
	return db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM directory_entry WHERE id IN `+db.IDsMark, ids)
}

// OfMerchant gives the entries that a merchant has claimed.
func OfMerchant(ctx context.Context, q db.Querier, merchant market.MerchantID) ([]Entry, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM directory_entry WHERE merchant_id = $1 ORDER BY id`, merchant)
}
