package directory_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
)

var update = flag.Bool("update", false, "write docs/states/claim.md anew")

// TestClaimStates draws the table and walks every pair of state and action.
func TestClaimStates(t *testing.T) {
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/claim.md", Title: "a claim", Intro: "Drawn from " +
		"`internal/market/directory` by its test (`go test ./internal/market/directory -update`). Only a granted claim " +
		"holds its entry of the register.", Begins: []string{"begun", "asked"}, Update: *update},
		directory.ClaimTransitions())
	allowed := 0
	for _, from := range []directory.ClaimState{directory.ClaimBegun, directory.ClaimAsked, directory.ClaimGranted,
		directory.ClaimRefused, directory.ClaimWithdrawn, directory.ClaimReleased} {
		for _, action := range []directory.ClaimAction{directory.ActAsk, directory.ActReturn, directory.ActGrant,
			directory.ActRefuse, directory.ActWithdraw, directory.ActRelease} {
			to, err := from.Next(action)
			if err == nil {
				allowed++
			} else if to != from || !errors.Is(err, directory.ErrClaimState) {
				t.Errorf("%s %s: %s, %v", from, action, to, err)
			}
		}
	}
	if allowed != len(directory.ClaimTransitions()) {
		t.Errorf("%d steps allowed, %d in the table", allowed, len(directory.ClaimTransitions()))
	}
}

func TestDoor(t *testing.T) {
	for want, e := range map[string]directory.Entry{
		"테헤란로 1, 3층 101호":   {Address: "테헤란로 1", LotAddress: "역삼동 1", Floor: "3", Unit: "101"},
		"역삼동 1, 지하 2층":      {LotAddress: "역삼동 1", Floor: "지2"},
		"테헤란로 1, 지하 1층 비-3": {Address: "테헤란로 1", Floor: "지하1", Unit: "비-3"},
		"테헤란로 1, 옥탑":        {Address: "테헤란로 1", Floor: "옥탑"},
		"":                  {Floor: "3"},
	} {
		if got := e.Door(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestReason(t *testing.T) {
	if got, refusal := directory.ParseReason("  다른 가게예요. "); refusal != nil || got != "다른 가게예요." {
		t.Errorf("%q %v", got, refusal)
	}
	for _, bad := range []string{"", "음", "이름이\x00달라요", strings.Repeat("가", directory.ReasonMax+1)} {
		if _, refusal := directory.ParseReason(bad); refusal == nil || refusal.Field != "reason" {
			t.Errorf("%.20q: %v", bad, refusal)
		}
	}
}

// claim opens a claim as it stands before the operator.
func claim(t *testing.T, d *db.DB, entry directory.EntryID, merchant market.MerchantID) (directory.Claim, error) {
	t.Helper()
	var c directory.Claim
	err := write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		c, err = directory.OpenClaim(ctx, tx, directory.Claim{EntryID: entry, MerchantID: merchant, AccountID: "acc_1",
			State: directory.ClaimAsked})
		return err
	})
	return c, err
}

// grant gives an entry to a merchant and tells who lost it.
func grant(t *testing.T, d *db.DB, entry directory.EntryID, merchant market.MerchantID) []directory.Claim {
	t.Helper()
	c, err := claim(t, d, entry, merchant)
	if err != nil {
		t.Fatal(err)
	}
	var lost []directory.Claim
	err = write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		lost, err = directory.Grant(ctx, tx, c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return lost
}

func states(t *testing.T, d *db.DB, merchant market.MerchantID) string {
	t.Helper()
	list, err := directory.ClaimsOf(context.Background(), d, merchant)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range list {
		out = append(out, string(c.State))
	}
	return strings.Join(out, " ")
}

func TestGrantedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		insert(t, d, draft("A1", "두레"), draft("B2", "가람"))
		first, err := claim(t, d, "dir_A1", "mer_1")
		if err != nil || first.State != directory.ClaimAsked || !first.AskedAt.Equal(w.Clock.Now()) {
			t.Fatal(first, err)
		}
		if again, err := claim(t, d, "dir_A1", "mer_1"); err != nil || again.ID != first.ID {
			t.Errorf("the same shop asked twice: %+v, %v", again, err)
		}
		if _, err := claim(t, d, "dir_none", "mer_1"); !errors.Is(err, directory.ErrNotFound) {
			t.Error(err)
		}
		if _, err := claim(t, d, "dir_A1", "mer_2"); err != nil {
			t.Errorf("a second shop may ask: %v", err)
		}
		if rivals, err := directory.Rivals(ctx, d, "dir_A1"); err != nil || len(rivals) != 2 {
			t.Error(rivals, err)
		}
		lost := grant(t, d, "dir_A1", "mer_1")
		if len(lost) != 1 || lost[0].MerchantID != "mer_2" || lost[0].LostTo != first.ID {
			t.Errorf("%+v", lost)
		}
		e := find(t, d, "dir_A1")
		if e.State != directory.Claimed || e.MerchantID != "mer_1" || !e.ClaimedAt.Equal(w.Clock.Now()) {
			t.Errorf("%+v", e)
		}
		if got := states(t, d, "mer_1") + ", " + states(t, d, "mer_2"); got != "granted, refused" {
			t.Error(got)
		}
		if _, err := claim(t, d, "dir_A1", "mer_3"); !errors.Is(err, directory.ErrClaimed) {
			t.Errorf("a claim on what is given: %v", err)
		}
		err = write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := directory.Grant(ctx, tx, lost[0])
			return err
		})
		if !errors.Is(err, directory.ErrClaimState) {
			t.Errorf("a refused claim was granted: %v", err)
		}
		if list, err := directory.OfMerchant(ctx, d, "mer_1"); err != nil || len(list) != 1 {
			t.Error(list, err)
		}
	})
}

// TestTwoGrantsAtOnce lets two operators give one entry away at the same moment, from what each had read.
func TestTwoGrantsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		insert(t, d, draft("A1", "두레"))
		var asked []directory.Claim
		for _, merchant := range []market.MerchantID{"mer_1", "mer_2"} {
			c, err := claim(t, d, "dir_A1", merchant)
			if err != nil {
				t.Fatal(err)
			}
			asked = append(asked, c)
		}
		errs := make(chan error, 2)
		for _, c := range asked {
			go func() {
				errs <- write(t, d, func(ctx context.Context, tx *db.Tx) error {
					_, err := directory.Grant(ctx, tx, c)
					return err
				})
			}()
		}
		one, two := <-errs, <-errs
		if (one == nil) == (two == nil) || !errors.Is(errors.Join(one, two), directory.ErrClaimed) {
			t.Errorf("%v and %v", one, two)
		}
		got := []string{states(t, d, "mer_1"), states(t, d, "mer_2")}
		slices.Sort(got)
		if strings.Join(got, " ") != "granted refused" {
			t.Error(got)
		}
	})
}

// TestTheDatabaseGrantsOnce leaves the guard out and asks the constraint.
func TestTheDatabaseGrantsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		insert(t, d, draft("A1", "두레"))
		grant(t, d, "dir_A1", "mer_1")
		err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO directory_claim (id, entry_id, merchant_id, account_id, state, created_at,
				decided_at, version) VALUES ('clm_x', 'dir_A1', 'mer_2', '', 'granted', 1, 1, 1)`)
			return err
		})
		if !db.IsUnique(err) {
			t.Error(err)
		}
	})
}

func TestClaimsFollowTheirRegistration(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := context.Background()
		insert(t, d, draft("A1", "두레"), draft("B2", "가람"))
		if _, err := claim(t, d, "dir_A1", "mer_1"); err != nil {
			t.Fatal(err)
		}
		step := func(fn func(context.Context, *db.Tx, market.MerchantID) error) {
			t.Helper()
			w.Clock.Advance(time.Minute)
			err := write(t, d, func(ctx context.Context, tx *db.Tx) error { return fn(ctx, tx, "mer_1") })
			if err != nil {
				t.Fatal(err)
			}
		}
		step(directory.ReturnClaims)
		if n, err := directory.AskedCount(ctx, d); err != nil || n != 0 || states(t, d, "mer_1") != "begun" {
			t.Error(n, err, states(t, d, "mer_1"))
		}
		step(directory.AskClaims)
		asked, err := directory.Asked(ctx, d, directory.AskedCursor{}, 10)
		if err != nil || len(asked) != 1 || !asked[0].AskedAt.Equal(w.Clock.Now()) {
			t.Fatal(asked, err)
		}
		last := directory.AskedCursor{At: asked[0].AskedAt, ID: asked[0].ID}
		if rest, err := directory.Asked(ctx, d, last, 10); err != nil || len(rest) != 0 {
			t.Error(rest, err)
		}
		if c, err := directory.LiveOf(ctx, d, "dir_A1", "acc_1"); err != nil || c.ID != asked[0].ID {
			t.Error(c, err)
		}
		end := func(c directory.Claim, fn func(ctx context.Context, tx *db.Tx, c directory.Claim) error) error {
			return write(t, d, func(ctx context.Context, tx *db.Tx) error { return fn(ctx, tx, c) })
		}
		if err := end(asked[0], directory.Withdraw); err != nil {
			t.Fatal(err)
		}
		if err := end(asked[0], directory.Withdraw); !errors.Is(err, directory.ErrClaimState) {
			t.Errorf("withdrawn twice: %v", err)
		}
		if _, err := directory.LiveOf(ctx, d, "dir_A1", "acc_1"); !errors.Is(err, directory.ErrNoClaim) {
			t.Error(err)
		}
		again, err := claim(t, d, "dir_A1", "mer_1")
		if err != nil || again.ID == asked[0].ID {
			t.Errorf("after a withdrawal the shop may ask anew: %v", err)
		}
		if _, err := directory.FindClaim(ctx, d, again.ID, "mer_2"); !errors.Is(err, directory.ErrNoClaim) {
			t.Errorf("another shop's claim: %v", err)
		}
		refuse := func(ctx context.Context, tx *db.Tx, c directory.Claim) error {
			return directory.Refuse(ctx, tx, c, "다른 가게예요.")
		}
		if err := end(again, refuse); err != nil || states(t, d, "mer_1") != "withdrawn refused" {
			t.Error(err, states(t, d, "mer_1"))
		}
	})
}

func TestReleaseFreesTheEntry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		insert(t, d, draft("A1", "두레"))
		grant(t, d, "dir_A1", "mer_1")
		list, err := directory.ClaimsOf(context.Background(), d, "mer_1")
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		release := func() error {
			return write(t, d, func(ctx context.Context, tx *db.Tx) error {
				return directory.Release(ctx, tx, list[0], "다른 가게였어요.")
			})
		}
		if err := release(); err != nil {
			t.Fatal(err)
		}
		if e := find(t, d, "dir_A1"); e.State != directory.Unclaimed || e.MerchantID != "" || !e.ClaimedAt.IsZero() {
			t.Errorf("%+v", e)
		}
		if err := release(); !errors.Is(err, directory.ErrClaimState) {
			t.Errorf("released twice: %v", err)
		}
		grant(t, d, "dir_A1", "mer_2")
	})
}

func TestClaimsAreBounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		var drafts []directory.Draft
		for i := range directory.ClaimsMax + 1 {
			drafts = append(drafts, draft(fmt.Sprintf("A%d", i), "두레"))
		}
		insert(t, d, drafts...)
		for i, x := range drafts {
			_, err := claim(t, d, x.ID, "mer_1")
			if want := i == directory.ClaimsMax; errors.Is(err, directory.ErrManyClaims) != want {
				t.Fatalf("%d: %v", i, err)
			}
		}
		if kind := fail.KindOf(directory.ErrManyClaims); kind != fail.Conflict {
			t.Error(kind)
		}
	})
}

// TestListAsksItsIndex holds the plan of a page on both engines: no other region's rows, no sorting.
func TestListAsksItsIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		var drafts []directory.Draft
		for i := range 4000 {
			x := draft(fmt.Sprintf("A%04d", i), fmt.Sprintf("가게 %d", i))
			x.RegionID = market.RegionID(fmt.Sprintf("neighbourhood_%d", i%40))
			drafts = append(drafts, x)
		}
		insert(t, d, drafts...)
		text := "/* sqlite only */ EXPLAIN QUERY PLAN "
		if d.Engine() == db.Postgres {
			text = "EXPLAIN (COSTS OFF) "
			if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `ANALYZE directory_entry`)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		lines, err := db.All(context.Background(), d, func(r db.Row) (string, error) {
			var a, b, c, line string
			if d.Engine() == db.Postgres {
				err := r.Scan(&line)
				return line, err
			}
			err := r.Scan(&a, &b, &c, &line)
			return line, err
		}, text+directory.ListText, "neighbourhood_7", "가게 2", "dir_A", 31)
		plan := strings.Join(lines, "\n")
		if err != nil || !strings.Contains(plan, "directory_entry_region") || strings.Contains(plan, "TEMP B-TREE") ||
			strings.Contains(plan, "Sort") || strings.Contains(plan, "Filter") {
			t.Errorf("%v:\n%s", err, plan)
		}
		t.Log(plan)
	})
}
