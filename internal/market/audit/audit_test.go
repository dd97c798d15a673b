package audit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
)

func write(t *testing.T, d *db.DB, actor market.Actor, acts ...audit.Act) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, act := range acts {
			if err := audit.Write(context.Background(), tx, actor, act); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func actions(entries []audit.Entry) string {
	var names []string
	for _, e := range entries {
		names = append(names, e.Action)
	}
	return strings.Join(names, " ")
}

func TestEntriesPageFromTheNewest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		me := market.Actor{AccountID: "acc_1", Address: strings.Repeat("9", 100)}
		write(t, d, me, audit.Act{Action: "a.one", Resource: "mer_1", Detail: map[string]int{"won": 12}})
		w.Clock.Advance(time.Second)
		write(t, d, market.System(), audit.Act{Action: "a.two", Resource: "mer_1"})
		w.Clock.Advance(time.Second)
		write(t, d, me, audit.Act{Action: "a.three", Resource: "mer_2"}, audit.Act{Action: "a.four", Resource: "mer_1"})

		for _, c := range []struct {
			name   string
			filter audit.Filter
			want   string
		}{
			{"all", audit.Filter{}, "a.four a.three a.two a.one"},
			{"resource", audit.Filter{Resource: "mer_1"}, "a.four a.two a.one"},
			{"actor", audit.Filter{Actor: "system"}, "a.two"},
			{"both", audit.Filter{Resource: "mer_1", Actor: "acc_1"}, "a.four a.one"},
			{"limit", audit.Filter{Limit: 1}, "a.four"},
		} {
			entries, err := audit.List(ctx, d, c.filter)
			if err != nil || actions(entries) != c.want {
				t.Errorf("%s: %q, %v", c.name, actions(entries), err)
			}
		}
		first, _ := audit.List(ctx, d, audit.Filter{Limit: 2})
		rest, err := audit.List(ctx, d, audit.Filter{Before: first[1].ID})
		if err != nil || actions(rest) != "a.two a.one" {
			t.Errorf("next page: %q, %v", actions(rest), err)
		}
		last := rest[1]
		if last.Detail != `{"won":12}` || len(last.Address) > 64 || last.Actor != "acc_1" || last.At.IsZero() {
			t.Errorf("entry: %+v", last)
		}
	})
}

func TestWhatIsWrittenStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		write(t, d, market.System(), audit.Act{Action: "a.one", Resource: "mer_1"})
		for _, text := range []string{`DELETE FROM audit WHERE id <> ''`, `UPDATE audit SET actor = 'x' WHERE id <> ''`} {
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, text)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", text, err)
			}
		}
	})
}
