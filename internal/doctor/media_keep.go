package doctor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"regexp"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// Media opens kept bytes by their key; kit/blob's stores do.
type Media interface {
	Get(ctx context.Context, key blob.Key) (io.ReadSeekCloser, error)
}

// mediaQuestions are those of the kept photographs (80).
func mediaQuestions() []Question { return []Question{{Name: "media", Walk: walkMedia}} }

type pictured struct{ id, refs string }

func scanPictured(r db.Row) (pictured, error) {
	var p pictured
	err := r.Scan(&p.id, &p.refs)
	return p, err
}

var blobKey = regexp.MustCompile(`[0-9a-f]{64}`)

// walkMedia: every photograph that a row names is kept, byte for byte (80). Without media it asks nothing.
func walkMedia(ctx context.Context, w *Walk) error {
	if w.options.Media == nil {
		return nil
	}
	limit := min(w.Limit(), 50)
	for _, text := range []string{
		`SELECT id, pictures FROM merchant WHERE id > $1 ORDER BY id LIMIT $2`,
		`SELECT d.id, t.pictures FROM deal d JOIN deal_terms t ON t.deal_id = d.id WHERE d.id IN
 (SELECT id FROM deal WHERE id > $1 ORDER BY id LIMIT $2) ORDER BY d.id`,
		`SELECT id, pictures FROM escrow_evidence WHERE id > $1 ORDER BY id LIMIT $2`,
	} {
		after := ""
		for {
			// The rows are read in one short view, the files without one: they are large and never change.
			var rows []pictured
			err := w.Once(ctx, func(r *db.ReadTx) (n int, err error) {
				rows, err = db.All(ctx, r, scanPictured, text, after, limit)
				return len(rows), err
			})
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			if err := w.scrub(ctx, rows); err != nil {
				return err
			}
			after = rows[len(rows)-1].id
		}
	}
	return nil
}

func (w *Walk) scrub(ctx context.Context, rows []pictured) error {
	seen := map[string]bool{}
	for _, row := range rows {
		for _, key := range blobKey.FindAllString(row.refs, -1) {
			if seen[row.id+key] {
				continue
			}
			seen[row.id+key] = true
			if err := w.scrubOne(ctx, row.id, blob.Key(key)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *Walk) scrubOne(ctx context.Context, row string, key blob.Key) error {
	file, err := w.options.Media.Get(ctx, key)
	if errors.Is(err, blob.ErrNotFound) {
		w.Found(80, "picture_missing", row, "Key", key)
		return nil
	}
	if err != nil {
		return err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if hex.EncodeToString(sum.Sum(nil)) != string(key) {
		w.Found(80, "picture_changed", row, "Key", key)
	}
	return nil
}
