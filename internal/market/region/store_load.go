package region

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Stock gives every region that is not an area with what Merge compares: a few thousand rows.
func Stock(ctx context.Context, q db.Querier) ([]Stored, error) {
	return db.All(ctx, q, func(row db.Row) (Stored, error) {
		var s Stored
		err := row.Scan(append(dest(&s.Region), &s.Search, db.Text(&s.Hash), db.Text(&s.Credit))...)
		return s, err
	}, `SELECT `+columns+`, region.search, region_shape.hash, region_shape.credit
		FROM region LEFT JOIN region_shape ON region_shape.region_id = region.id
		WHERE region.level <> $1 ORDER BY region.code`, Area)
}

var insertRegion = db.Insert{
	Table: "region",
	Columns: []string{"id", "parent_id", "level", "code", "name", "name_en", "full_name", "full_name_en",
		"latitude_e7", "longitude_e7", "min_latitude_e7", "min_longitude_e7", "max_latitude_e7", "max_longitude_e7",
		"search", "version", "created_at", "updated_at"},
	OnConflict: "ON CONFLICT (id) DO NOTHING",
}

// Insert writes new regions and their outlines; those around them must be there before. A region that another node
// wrote meanwhile stays as that one wrote it.
func Insert(ctx context.Context, tx *db.Tx, list []Stored) error {
	rows := make([][]any, 0, len(list))
	now := db.Micros(tx.Now())
	for _, s := range list {
		rows = append(rows, []any{s.ID, db.TextArg(s.ParentID), s.Level, s.Code, s.Name, s.NameEN, s.FullName, s.FullNameEN,
			s.Centre.Lat, s.Centre.Lng, s.Box.MinLat, s.Box.MinLng, s.Box.MaxLat, s.Box.MaxLng, s.Search, s.Version, now, now})
	}
	if _, err := db.InsertMany(ctx, tx, insertRegion, rows); err != nil {
		return err
	}
	return putOutlines(ctx, tx, list)
}

var updateRegion = db.Update{
	Table: "region",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "was", Type: "bigint"}, {Name: "name", Type: "text"},
		{Name: "name_en", Type: "text"}, {Name: "full_name", Type: "text"}, {Name: "full_name_en", Type: "text"},
		{Name: "lat", Type: "bigint"}, {Name: "lng", Type: "bigint"}, {Name: "south", Type: "bigint"},
		{Name: "west", Type: "bigint"}, {Name: "north", Type: "bigint"}, {Name: "east", Type: "bigint"},
		{Name: "search", Type: "text"}, {Name: "parent", Type: "text"}, {Name: "at", Type: "bigint"}},
	Set: `parent_id = v.parent, name = v.name, name_en = v.name_en, full_name = v.full_name, full_name_en = v.full_name_en,
		latitude_e7 = v.lat, longitude_e7 = v.lng, min_latitude_e7 = v.south, min_longitude_e7 = v.west,
		max_latitude_e7 = v.north, max_longitude_e7 = v.east, search = v.search, updated_at = v.at,
		version = region.version + 1`,
	Where:     `region.id = v.id AND region.version = v.was`,
	Returning: `region.id`,
}

// Update writes changed regions over the versions they were planned on; ErrChanged when another load came between.
func Update(ctx context.Context, tx *db.Tx, list []Stored) error {
	rows := make([][]any, 0, len(list))
	now := db.Micros(tx.Now())
	for _, s := range list {
		rows = append(rows, []any{s.ID, s.Version, s.Name, s.NameEN, s.FullName, s.FullNameEN, s.Centre.Lat, s.Centre.Lng,
			s.Box.MinLat, s.Box.MinLng, s.Box.MaxLat, s.Box.MaxLng, s.Search, db.TextArg(s.ParentID), now})
	}
	done, err := db.UpdateMany(ctx, tx, updateRegion, rows)
	if err != nil {
		return err
	}
	if len(done) != len(list) {
		return ErrChanged
	}
	return putOutlines(ctx, tx, list)
}

var putShape = db.Insert{
	Table:   "region_shape",
	Columns: []string{"region_id", "outline", "hash", "credit"},
	OnConflict: `ON CONFLICT (region_id) DO UPDATE SET outline = excluded.outline, hash = excluded.hash,
		credit = excluded.credit`,
}

func putOutlines(ctx context.Context, tx *db.Tx, list []Stored) error {
	var rows [][]any
	for _, s := range list {
		if s.Outline != nil {
			rows = append(rows, []any{s.ID, s.Outline, s.Hash, s.Credit})
		}
	}
	_, err := db.InsertMany(ctx, tx, putShape, rows)
	return err
}
