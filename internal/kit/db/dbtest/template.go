package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/schema"
)

// schemaMark names the state of all migrations, so that programs built from the same ones share their templates.
func schemaMark() (string, error) {
	list, err := schema.List()
	if err != nil {
		return "", fmt.Errorf("list migrations: %w", err)
	}
	sum := sha256.New()
	for _, migration := range list {
		for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
			statements, err := schema.Statements(migration.Name, engine)
			if err != nil {
				return "", fmt.Errorf("read migration %s: %w", migration.Name, err)
			}
			if _, err := fmt.Fprintf(sum, "%d %q\n", migration.Version, statements); err != nil {
				return "", err
			}
		}
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
	_, err = schema.Migrate(ctx, d)
	return errors.Join(err, d.Close())
}
