package signup_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/limit"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/right"
)

// admin runs the first setup and gives the admin's actor.
func (w *world) admin() market.Actor {
	w.t.Helper()
	secret, err := w.s.PrepareSetup(w.t.Context())
	w.must(err)
	entered, err := w.s.FirstRun(w.t.Context(), guest(), signup.FirstRunCmd{
		Secret: secret, Device: "desk",
		SignUpCmd: signup.SignUpCmd{Email: "admin@example.com", Name: "운영자", Password: password, Locale: "ko"},
	})
	w.must(err)
	return w.actor(entered)
}

func TestTheFirstAdminIsMadeOnce(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		old, err := w.s.PrepareSetup(ctx)
		w.must(err)
		secret, err := w.s.PrepareSetup(ctx)
		w.must(err)
		cmd := signup.FirstRunCmd{SignUpCmd: signup.SignUpCmd{Name: "운영자", Password: password, Locale: "ko"}}
		run := func(secret, email string) error {
			c := cmd
			c.Secret, c.Email = secret, email
			_, err := w.s.FirstRun(ctx, guest(), c)
			return err
		}
		if err := run(old, "a@example.com"); !errors.Is(err, account.ErrLink) {
			w.t.Errorf("a link printed earlier: %v", err)
		}
		var both sync.WaitGroup
		var errs [2]error
		both.Go(func() { errs[0] = run(secret, "a@example.com") })
		both.Go(func() { errs[1] = run(secret, "b@example.com") })
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			w.t.Errorf("two at once: %v, %v", errs[0], errs[1])
		}
		staff, err := account.ListStaff(ctx, w.d)
		if err != nil || len(staff) != 1 || staff[0].Staff != market.RoleAdmin {
			w.t.Errorf("staff %v, %v", staff, err)
		}
		if none, err := w.s.PrepareSetup(ctx); none != "" || err != nil {
			w.t.Errorf("an instance with staff prints a link: %q, %v", none, err)
		}
	})
}

func TestStaffComeByInvitationAndLeave(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		admin := w.admin()
		cmd := signup.StaffCmd{Email: "lee@example.com", Name: "이정산", Locale: "ko", Role: market.RoleFinance}
		id, err := w.s.CreateStaff(ctx, admin, cmd)
		w.must(err)
		if _, err := w.signIn("lee@example.com", ""); !errors.Is(err, account.ErrCredentials) {
			w.t.Errorf("an account without a password lets in: %v", err)
		}
		entered, err := w.s.Reset(ctx, guest(), signup.ResetCmd{
			Secret: w.link("mail.staff.subject"), Password: "정산은 하루도 늦지 않게"})
		w.must(err)
		lee := w.actor(entered)
		if lee.Staff != market.RoleFinance || lee.AccountID != id {
			w.t.Errorf("%+v", lee)
		}
		if _, err := w.s.CreateStaff(ctx, lee, cmd); !errors.Is(err, right.ErrForbidden) {
			w.t.Errorf("finance makes staff: %v", err)
		}
		w.must(w.s.SetStaffRole(ctx, admin, signup.RoleCmd{AccountID: id, Role: ""}))
		if !w.ended(entered) {
			w.t.Error("a role taken away goes on")
		}
		err = w.s.SetStaffRole(ctx, admin, signup.RoleCmd{AccountID: admin.AccountID, Role: ""})
		if !errors.Is(err, account.ErrLastAdmin) {
			w.t.Errorf("the last admin left: %v", err)
		}
		again, err := w.s.CreateStaff(ctx, admin, cmd)
		if err != nil || again != id {
			w.t.Errorf("a member becomes staff: %s, %v", again, err)
		}
		entries, err := audit.List(ctx, w.d, audit.Filter{Resource: string(id)})
		if err != nil || len(entries) < 3 {
			w.t.Errorf("audit: %v, %v", entries, err)
		}
	})
}

func TestBlockedPeopleAreOut(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		admin := w.admin()
		kim, entered := w.member(address)
		if err := w.s.Block(ctx, kim, admin.AccountID); !errors.Is(err, right.ErrHidden) {
			w.t.Errorf("a member blocks the admin: %v", err)
		}
		w.must(w.s.Block(ctx, admin, kim.AccountID))
		if _, err := account.ActorBySession(ctx, w.d, entered.SessionID, w.w.Clock.Now()); err == nil {
			w.t.Error("a blocked person is still in")
		}
		if _, err := w.signIn(address, "wrong password"); !errors.Is(err, account.ErrCredentials) {
			w.t.Errorf("whoever guesses learns of the block: %v", err)
		}
		if _, err := w.signIn(address, password); !errors.Is(err, account.ErrBlocked) {
			w.t.Errorf("the owner is not told: %v", err)
		}
		w.must(w.s.RequestReset(ctx, guest(), address))
		if mails := w.mails(); len(mails) != 0 {
			w.t.Errorf("a blocked person was mailed %v", mails)
		}
		w.must(w.s.Unblock(ctx, admin, kim.AccountID))
		_, err := w.signIn(address, password)
		w.must(err)
	})
}

func TestOwnThings(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		kim, first := w.member(address)
		second, err := w.s.SignIn(ctx, guest(), signup.SignInCmd{Email: address, Password: password, Device: "laptop"})
		w.must(err)
		if mails := w.mails(); len(mails) != 1 || mails[0].Subject != "mail.new_device.subject" {
			w.t.Errorf("a new device was announced by %v", mails)
		}
		w.must(w.s.SignOut(ctx, kim, second.SessionID))
		if err := w.s.SignOut(ctx, market.Actor{}, first.SessionID); !errors.Is(err, right.ErrSignIn) {
			w.t.Errorf("a guest ended a sign-in: %v", err)
		}
		only, err := w.s.SignOutElsewhere(ctx, kim, "phone")
		w.must(err)
		sessions, err := account.ListSessions(ctx, w.d, kim.AccountID, w.w.Clock.Now())
		if err != nil || len(sessions) != 1 || sessions[0].ID != only.SessionID {
			w.t.Errorf("sign-ins: %v, %v", sessions, err)
		}
		w.must(w.s.UpdateProfile(ctx, kim, signup.ProfileCmd{Name: " 김단골 ", Locale: "en", HomeRegion: "dong:1"}))
		err = w.s.UpdateProfile(ctx, kim, signup.ProfileCmd{Name: "", Locale: "fr"})
		if !errors.Is(err, account.ErrName) || !errors.Is(err, account.ErrLocale) {
			w.t.Errorf("profile: %v", err)
		}
		if actor := w.actor(only); actor.Name != "김단골" || actor.Locale != "en" {
			w.t.Errorf("%+v", actor)
		}
	})
}

func TestChangePasswordAsksForTheOldOne(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		kim, before := w.member(address)
		change := func(old, fresh string) (signup.Entered, error) {
			return w.s.ChangePassword(ctx, kim, signup.ChangePasswordCmd{Old: old, Password: fresh, Device: "phone"})
		}
		if _, err := change("wrong", "새로운 국수집 할머니"); !errors.Is(err, account.ErrPasswordWrong) {
			w.t.Errorf("old password: %v", err)
		}
		if _, err := change(password, "short"); !errors.Is(err, account.ErrPasswordShort) {
			w.t.Errorf("new password: %v", err)
		}
		after, err := change(password, "새로운 국수집 할머니")
		w.must(err)
		w.actor(after)
		if _, err := account.ActorBySession(ctx, w.d, before.SessionID, w.w.Clock.Now()); err == nil {
			w.t.Error("the sign-in from before lives")
		}
		for range 5 {
			_, err = change("wrong", "x")
		}
		if !errors.Is(err, limit.ErrTooMany) {
			w.t.Errorf("an open screen guesses without end: %v", err)
		}
	})
}

func TestTokens(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		kim, _ := w.member(address)
		lee, _ := w.member("lee@example.com")
		issue := func(cmd signup.TokenCmd) error {
			w.w.Clock.Advance(time.Hour) // the password is asked for each time, a few times an hour
			_, err := w.s.IssueToken(ctx, kim, cmd)
			return err
		}
		for want, cmd := range map[*fail.Error]signup.TokenCmd{
			account.ErrLabel:         {Label: "", Password: password, Days: 1},
			account.ErrDays:          {Label: "x", Password: password, Days: 400},
			account.ErrPasswordWrong: {Label: "x", Password: "wrong", Days: 1},
		} {
			if err := issue(cmd); !errors.Is(err, want) {
				w.t.Errorf("%v: %v", want, err)
			}
		}
		for range account.TokensMax {
			w.must(issue(signup.TokenCmd{Label: "계산대", Password: password, Days: 300}))
		}
		if err := issue(signup.TokenCmd{Label: "x", Password: password, Days: 1}); !errors.Is(err, account.ErrTooManyTokens) {
			w.t.Errorf("one too many: %v", err)
		}
		tokens, err := account.ListTokens(ctx, w.d, kim.AccountID, w.w.Clock.Now())
		w.must(err)
		if err := w.s.RevokeToken(ctx, lee, tokens[0].ID); !errors.Is(err, account.ErrUnknown) {
			w.t.Errorf("a stranger revokes: %v", err)
		}
		w.must(w.s.RevokeToken(ctx, kim, tokens[0].ID))
		w.must(issue(signup.TokenCmd{Label: "x", Password: password, Days: 1}))
	})
}

func TestDoorsThatExistForMachinesOnly(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		admin := w.admin()
		kim, _ := w.member(address)
		_, err := w.s.Admit(ctx, admin, signup.AdmitCmd{Email: "x@example.com", Name: "x", Locale: "ko"})
		if fail.KindOf(err) != fail.Forbidden {
			w.t.Errorf("an admin admits without a mail: %v", err)
		}
		if _, err := w.s.StepIn(ctx, guest(), kim.AccountID, "phone"); !errors.Is(err, right.ErrHidden) {
			w.t.Errorf("one-click sign-in outside the demo: %v", err)
		}
		w.s.Demo = true
		entered, err := w.s.StepIn(ctx, guest(), kim.AccountID, "phone")
		w.must(err)
		w.must(w.s.Seen(ctx, entered.SessionID))
		w.w.Clock.Advance(100 * 24 * time.Hour)
		if worked, err := w.s.RunOnce(ctx); !worked || err != nil {
			w.t.Errorf("sweep: %v, %v", worked, err)
		}
	})
}
