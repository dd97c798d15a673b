package followtest

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// TestNoticesAreForgottenAfterTheirTime: what is older than the policy keeps is gone, read or not; what is a minute
// younger stays, and a second look deletes nothing.
func TestNoticesAreForgottenAfterTheirTime(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		f := follow.New(w.DB, w.Key)
		kept := time.Duration(policy.At(w.Clock.Now()).Notice.KeptDays) * 24 * time.Hour
		tell := func(subject string, many int) {
			t.Helper()
			list := make([]notice.Notice, many)
			for i := range list {
				list[i] = notice.Notice{AccountID: market.AccountID("acc_" + string(rune('a'+i%26)) + string(rune('a'+i/26))),
					Kind: notice.FollowBegins, Subject: subject, Title: "칼국수", Sender: "가게"}
			}
			w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
				_, err := notice.Tell(w.Ctx, tx, list)
				return err
			}))
		}
		step := func(want bool) {
			t.Helper()
			if worked, err := f.ForgetOnce(w.Ctx); err != nil || worked != want {
				t.Fatalf("worked %v, want %v: %v", worked, want, err)
			}
		}
		left := func(want int64) {
			t.Helper()
			n, err := db.One(w.Ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM notice`)
			if err != nil || n != want {
				t.Fatalf("%d notices left, want %d: %v", n, want, err)
			}
		}
		tell("dea_old", 520)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error { return notice.Read(w.Ctx, tx, "acc_aa", tx.Now()) }))
		w.Clock.Advance(time.Minute)
		tell("dea_young", 2)
		w.Clock.Advance(kept - time.Minute)
		step(false) // the oldest are just as old as they may be
		left(522)
		w.Clock.Advance(time.Second)
		step(true)
		left(22) // a step is bounded
		step(true)
		left(2)
		step(false)
		left(2)
		w.Clock.Advance(time.Minute)
		step(true)
		left(0)
	})
}
