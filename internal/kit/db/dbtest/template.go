package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/schema"
)

// schemaMark names the state of all migrations, so that programs built from the same ones share their templates.
func schemaMark() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(schema.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(schema.Files, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", path, len(text))
		sum.Write(text)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read migrations: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// migrate brings the empty database at url to the newest schema and closes it again.
func migrate(url string) error {
	ctx := context.Background()
	now := clock.NewFake(start())
	d, err := db.Open(ctx, db.Options{URL: url, Clock: now, IDs: id.Seeded(now, 1), Relaxed: true})
	if err != nil {
		return fmt.Errorf("open template: %w", err)
	}
	return errors.Join(schema.Migrate(ctx, d), d.Close())
}
