package town_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/town"
)

func build(t *testing.T, seed uint64) *town.Town {
	t.Helper()
	at := time.Date(2026, 11, 20, 14, 20, 0, 0, time.FixedZone("KST", 9*60*60))
	built, err := town.Build(context.Background(), town.Options{Seed: seed, At: at, Folder: t.TempDir(), Base: "http://dure.test",
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := built.Close(); err != nil {
			t.Error(err)
		}
	})
	return built
}

func TestTheTownIsFull(t *testing.T) {
	b := build(t, 1)
	t.Logf("built in %s", b.Took)
	ctx := context.Background()
	for _, q := range []string{`SELECT 'shops '||state||' '||count(*) FROM merchant GROUP BY state`,
		`SELECT 'deals '||state||' '||(tipped_at IS NOT NULL)||' '||count(*) FROM deal GROUP BY state, tipped_at IS NOT NULL`,
		`SELECT 'orders '||state||' '||count(*) FROM orders GROUP BY state`,
		`SELECT 'vouchers '||state||' '||count(*) FROM voucher GROUP BY state`,
		`SELECT 'redemptions '||state||' '||count(*) FROM redemption GROUP BY state`,
		`SELECT 'events '||count(*) FROM kit_event`,
		`SELECT 'jobs '||kind||' '||state||' '||count(*) FROM kit_job GROUP BY kind, state`,
		`SELECT 'asks '||state||' '||count(*) FROM feedback_ask GROUP BY state`,
		`SELECT 'statements '||state||' '||count(*) FROM statement GROUP BY state`,
		`SELECT 'payouts '||state||' '||count(*) FROM payout GROUP BY state`,
		`SELECT 'bookmarks '||count(*) FROM deal_bookmark`,
		`SELECT 'shop asks '||state||' '||count(*) FROM feedback_shop_ask GROUP BY state`,
		`SELECT 'mails '||count(*) FROM kit_mail`} {
		rows, err := db.All(ctx, b.DB, db.Scalar[string], q)
		if err != nil {
			t.Error(q, err)
		}
		for _, r := range rows {
			t.Log(r)
		}
	}
}
