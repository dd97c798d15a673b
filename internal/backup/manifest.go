package backup

import (
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/schema"
)

// Names inside the archive.
const (
	nameDatabase = "database.sqlite"
	nameKey      = "key"
	nameManifest = "manifest.json"
	nameSum      = "manifest.sha256"
	mediaFolder  = "media/"
)

// format is the version of the archive's form.
const format = 1

// Refusals. Args: Name of the part, Path, or Version.
var (
	ErrDamaged  = fail.New(fail.Invalid, "backup.damaged")
	ErrArchive  = fail.New(fail.Invalid, "backup.archive")
	ErrShort    = fail.New(fail.Invalid, "backup.short")
	ErrForeign  = fail.New(fail.Invalid, "backup.foreign")
	ErrNotEmpty = fail.New(fail.Conflict, "backup.not_empty")
	ErrNewer    = fail.New(fail.Conflict, "backup.newer")
	ErrExists   = fail.New(fail.Conflict, "backup.exists")
)

// Manifest lists what an archive holds.
type Manifest struct {
	Format  int       `json:"format"`
	Program string    `json:"program"`
	At      time.Time `json:"at"`
	Engine  string    `json:"engine"`
	Schema  []int64   `json:"schema"` // numbers of the migrations that made the database
	Files   []File    `json:"files"`
}

// File is one part of an archive.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Bytes is the size of all parts.
func (m Manifest) Bytes() int64 {
	var sum int64
	for _, f := range m.Files {
		sum += f.Bytes
	}
	return sum
}

// HasDatabase tells that the archive holds the database itself.
func (m Manifest) HasDatabase() bool {
	return slices.ContainsFunc(m.Files, func(f File) bool { return f.Name == nameDatabase })
}

// Version is the newest migration.
func (m Manifest) Version() int64 {
	if len(m.Schema) == 0 {
		return 0
	}
	return slices.Max(m.Schema)
}

// fits refuses what a newer program wrote.
func (m Manifest) fits() error {
	if m.Format > format {
		return ErrNewer.With("Version", m.Format)
	}
	list, err := schema.List()
	if err != nil {
		return err
	}
	for _, version := range m.Schema {
		if !slices.ContainsFunc(list, func(s schema.Migration) bool { return s.Version == version }) {
			return ErrNewer.With("Version", version)
		}
	}
	return nil
}

func migrations(ctx context.Context, q db.Querier) ([]int64, error) {
	return db.All(ctx, q, db.Scalar[int64],
		`SELECT version_id FROM kit_migration WHERE version_id > 0 ORDER BY version_id`)
}

var mediaName = regexp.MustCompile(`^media/([0-9a-f]{2})/([0-9a-f]{2})[0-9a-f]{62}$`)

// known tells whether a name belongs into an archive: nothing else is ever written to disk.
func known(name string) bool {
	if name == nameDatabase || name == nameKey || name == nameManifest || name == nameSum {
		return true
	}
	parts := mediaName.FindStringSubmatch(name)
	return parts != nil && parts[1] == parts[2]
}
