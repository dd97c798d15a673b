package schema_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/schema"
)

func TestMigrateSQLiteTwice(t *testing.T) {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "x.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	first, err := schema.Migrate(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	if len(first) < 5 {
		t.Fatalf("applied %v", first)
	}
	again, err := schema.Migrate(ctx, d)
	if err != nil || len(again) != 0 {
		t.Fatalf("second run applied %v, %v", again, err)
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		tx.Emit(db.Event{Kind: "test", Aggregate: "a", Version: 1, Payload: map[string]int{"x": 1}})
		tx.Enqueue(db.Job{Kind: "k", Key: "once"})
		tx.Enqueue(db.Job{Kind: "k", Key: "once"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	n, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE kind = $1`, "k")
	if err != nil || n != 1 {
		t.Fatalf("jobs %d, %v", n, err)
	}
}
