package account_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
)

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// person makes an account the way people do: a sign-up that becomes one.
func person(t *testing.T, d *db.DB, email string) account.Account {
	t.Helper()
	var a account.Account
	must(t, write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		clean, key, refusal := account.ParseEmail(email)
		if refusal != nil {
			return refusal
		}
		p := account.Pending{
			ID: tx.NewID(account.PrefixPending), Email: clean, EmailKey: key, Name: "김이웃", PasswordHash: "hash",
			Locale: "ko", CreatedAt: tx.Now(), ExpiresAt: account.PendingUntil(tx.Now()),
		}
		if err := account.InsertPending(ctx, tx, p); err != nil {
			return err
		}
		a, err = account.Become(ctx, tx, p)
		return err
	}))
	return a
}

func TestOneAddressOneAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a := person(t, d, "Kim@Example.com")
		found, err := account.FindByEmail(t.Context(), d, "kim@example.com")
		if err != nil || found.ID != a.ID || found.Email != "Kim@example.com" || !found.ConfirmedAt.Equal(w.Clock.Now()) {
			t.Fatalf("%+v, %v", found, err)
		}
		err = write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := account.Become(ctx, tx, account.Pending{
				Email: "KIM@example.com", EmailKey: "kim@example.com", Locale: "ko"})
			return err
		})
		if !errors.Is(err, account.ErrTaken) {
			t.Errorf("second account: %v", err)
		}
		if _, err := account.Find(t.Context(), d, "acc_nobody"); !errors.Is(err, account.ErrUnknown) {
			t.Errorf("nobody: %v", err)
		}
		list, err := account.ListByIDs(t.Context(), d, []market.AccountID{a.ID, "acc_nobody"})
		if err != nil || len(list) != 1 {
			t.Errorf("by ids: %v, %v", list, err)
		}
	})
}

func TestConfirmationIsSpentOnceAndDiesWithItsRivals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		var secrets [2]string
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			for i := range secrets {
				p := account.Pending{
					ID: tx.NewID("pnd"), Email: "kim@example.com", EmailKey: "kim@example.com", Name: "김이웃", Locale: "ko",
					PasswordHash: string(rune('a' + i)), CreatedAt: tx.Now(), ExpiresAt: account.PendingUntil(tx.Now()),
				}
				if err := account.InsertPending(ctx, tx, p); err != nil {
					return err
				}
				secrets[i], err = account.Issue(ctx, tx, account.Token{
					PendingID: p.ID, Purpose: account.PurposeConfirm, ExpiresAt: p.ExpiresAt})
				if err != nil {
					return err
				}
			}
			return nil
		}))
		n, err := account.CountPending(t.Context(), d, "kim@example.com", account.MailedSince(w.Clock.Now()))
		if n != 2 || err != nil {
			t.Errorf("count %d, %v", n, err)
		}
		var a account.Account
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error {
			token, err := account.Use(ctx, tx, account.PurposeConfirm, secrets[1])
			if err != nil {
				return err
			}
			p, err := account.FindPending(ctx, tx, token.PendingID, tx.Now())
			if err != nil {
				return err
			}
			a, err = account.Become(ctx, tx, p)
			return err
		}))
		if a.PasswordHash != "b" {
			t.Errorf("the account took another sign-up's password: %+v", a)
		}
		for _, secret := range secrets {
			_, err := account.Peek(t.Context(), d, account.PurposeConfirm, secret, w.Clock.Now())
			if !errors.Is(err, account.ErrLink) {
				t.Errorf("a link still lives: %v", err)
			}
		}
	})
}

func TestTokensEndByUseByTimeAndByPurpose(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		a := person(t, d, "kim@example.com")
		issue := func(purpose account.Purpose, until time.Time) (secret string) {
			must(t, write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
				secret, err = account.Issue(ctx, tx, account.Token{
					AccountID: a.ID, Purpose: purpose, Label: "계산대", ExpiresAt: until})
				return err
			}))
			return secret
		}
		use := func(purpose account.Purpose, secret string) error {
			return write(t, d, func(ctx context.Context, tx *db.Tx) error {
				_, err := account.Use(ctx, tx, purpose, secret)
				return err
			})
		}
		until := account.ResetUntil(w.Clock.Now())
		reset, old := issue(account.PurposeReset, until), issue(account.PurposeReset, until)
		if err := use(account.PurposeAPI, reset); !errors.Is(err, account.ErrLink) {
			t.Errorf("a reset link used as another thing: %v", err)
		}
		must(t, use(account.PurposeReset, reset))
		if err := use(account.PurposeReset, reset); !errors.Is(err, account.ErrLink) {
			t.Errorf("used twice: %v", err)
		}
		w.Clock.Advance(account.ResetMinutes * time.Minute)
		if err := use(account.PurposeReset, old); !errors.Is(err, account.ErrLink) {
			t.Errorf("used at its end: %v", err)
		}
		api := issue(account.PurposeAPI, account.TokenUntil(w.Clock.Now(), 30))
		actor, err := account.ActorByToken(ctx, d, api, w.Clock.Now())
		if err != nil || actor.AccountID != a.ID || !strings.HasPrefix(api, "dure_") {
			t.Errorf("token: %+v, %v", actor, err)
		}
		tokens, err := account.ListTokens(ctx, d, a.ID, w.Clock.Now())
		if err != nil || len(tokens) != 1 || tokens[0].Label != "계산대" {
			t.Fatalf("list: %v, %v", tokens, err)
		}
		stranger := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return account.Revoke(ctx, tx, "acc_other", tokens[0].ID)
		})
		if !errors.Is(stranger, account.ErrUnknown) {
			t.Errorf("a stranger revoked it: %v", stranger)
		}
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return account.Revoke(ctx, tx, a.ID, tokens[0].ID)
		}))
		for _, secret := range []string{api, "", "dure_", "dure_" + strings.Repeat("x", 4096), reset} {
			if _, err := account.ActorByToken(ctx, d, secret, w.Clock.Now()); !errors.Is(err, account.ErrToken) {
				t.Errorf("%.20q: %v", secret, err)
			}
		}
	})
}

func TestSessionsEndOneByOneAndAllAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		a := person(t, d, "kim@example.com")
		open := func() (id string) {
			must(t, write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
				if a, err = account.Find(ctx, tx, a.ID); err != nil {
					return err
				}
				id, err = account.Open(ctx, tx, a, strings.Repeat("한글\x01", 200), "192.0.2.1")
				return err
			}))
			return id
		}
		believed := func(id string) error {
			_, err := account.ActorBySession(ctx, d, id, w.Clock.Now())
			return err
		}
		first, second := open(), open()
		must(t, believed(first))
		list, err := account.ListSessions(ctx, d, a.ID, w.Clock.Now())
		if err != nil || len(list) != 2 || len(list[0].Device) > 200 || strings.Contains(list[0].Device, "\x01") {
			t.Errorf("list: %+v, %v", list, err)
		}
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return account.End(ctx, tx, "acc_other", first)
		}); !errors.Is(err, account.ErrUnknown) {
			t.Errorf("a stranger ended it: %v", err)
		}
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return account.End(ctx, tx, a.ID, first) }))
		if err := believed(first); !errors.Is(err, account.ErrSignedOut) {
			t.Errorf("ended: %v", err)
		}
		must(t, believed(second))
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return account.SetPassword(ctx, tx, a.ID, "new") }))
		if err := believed(second); !errors.Is(err, account.ErrSignedOut) {
			t.Errorf("after a new password: %v", err)
		}
		third := open()
		w.Clock.Advance(20 * time.Minute)
		seen, err := account.ActorBySession(ctx, d, third, w.Clock.Now())
		if err != nil || !seen.Due {
			t.Errorf("sight is due: %+v, %v", seen, err)
		}
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return account.Touch(ctx, tx, third) }))
		if seen, _ = account.ActorBySession(ctx, d, third, w.Clock.Now()); seen.Due {
			t.Error("sight was just written")
		}
		w.Clock.Advance(31 * 24 * time.Hour)
		if err := believed(third); !errors.Is(err, account.ErrSignedOut) {
			t.Errorf("a month unseen: %v", err)
		}
		if err := believed("ses_guess"); !errors.Is(err, account.ErrSignedOut) {
			t.Errorf("a guess: %v", err)
		}
		var gone int64
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
			gone, err = account.Purge(ctx, tx, tx.Now())
			return err
		}))
		if gone != 3 {
			t.Errorf("purged %d rows", gone)
		}
	})
}

func TestBlockedPeopleAreNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a := person(t, d, "kim@example.com")
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return account.Block(ctx, tx, a.ID) }))
		if _, err := account.LoadActor(t.Context(), d, a.ID); !errors.Is(err, account.ErrBlocked) {
			t.Errorf("blocked: %v", err)
		}
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return account.Unblock(ctx, tx, a.ID) }))
		if _, err := account.LoadActor(t.Context(), d, a.ID); err != nil {
			t.Errorf("opened again: %v", err)
		}
	})
}

func TestActorsCarryTheirShops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a := person(t, d, "kim@example.com")
		actor, err := account.LoadActor(t.Context(), d, a.ID)
		if err != nil || actor.Name != "김이웃" || actor.Locale != "ko" || len(actor.Memberships) != 0 || actor.System {
			t.Errorf("%+v, %v", actor, err)
		}
		if _, err := account.LoadActor(t.Context(), d, ""); !errors.Is(err, account.ErrUnknown) {
			t.Errorf("nobody: %v", err)
		}
	})
}

func TestTwoAdminsCannotRemoveEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a, b := person(t, d, "a@example.com"), person(t, d, "b@example.com")
		role := func(id market.AccountID, role market.Role) error {
			return d.Write(context.Background(), func(tx *db.Tx) error {
				return account.SetStaffRole(context.Background(), tx, id, role)
			})
		}
		for round := range 10 {
			must(t, role(a.ID, market.RoleAdmin))
			must(t, role(b.ID, market.RoleAdmin))
			var both sync.WaitGroup
			var errs [2]error
			both.Go(func() { errs[0] = role(a.ID, "") })
			both.Go(func() { errs[1] = role(b.ID, market.RoleSupport) })
			both.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("round %d: %v, %v", round, errs[0], errs[1])
			}
		}
		must(t, role(a.ID, market.RoleAdmin))
		must(t, role(b.ID, ""))
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return account.Block(ctx, tx, a.ID)
		}); !errors.Is(err, account.ErrLastAdmin) {
			t.Errorf("the last admin was blocked: %v", err)
		}
		staff, err := account.ListStaff(t.Context(), d)
		if err != nil || len(staff) != 1 || staff[0].ID != a.ID {
			t.Errorf("staff %v, %v", staff, err)
		}
		if exists, err := account.StaffExists(t.Context(), d); !exists || err != nil {
			t.Error(exists, err)
		}
	})
}

func TestRehashKeepsANewerPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a := person(t, d, "kim@example.com")
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return account.Rehash(ctx, tx, a.ID, "other", "x")
		}))
		now, _ := account.Find(t.Context(), d, a.ID)
		if now.PasswordHash != "hash" {
			t.Error("rehash overwrote a newer password")
		}
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return account.Rehash(ctx, tx, a.ID, "hash", "x") }))
		now, _ = account.Find(t.Context(), d, a.ID)
		if now.PasswordHash != "x" || now.Epoch != 0 {
			t.Errorf("%+v", now)
		}
		a.Name, a.Locale, a.HomeRegion = "이이웃", "en", "dong:1"
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return account.SetProfile(ctx, tx, a) }))
		now, _ = account.Find(t.Context(), d, a.ID)
		if now.Name != "이이웃" || now.Locale != "en" || now.HomeRegion != "dong:1" {
			t.Errorf("%+v", now)
		}
	})
}
