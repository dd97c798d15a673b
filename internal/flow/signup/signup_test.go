package signup_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/queue"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/letter"
)

const (
	address  = "kim@example.com"
	password = "우리동네 국수집 할머니"
)

// world is the journey with its queue and a post office that keeps what it sends.
type world struct {
	t     *testing.T
	s     *signup.Signup
	d     *db.DB
	w     *dbtest.World
	post  *mail.Memory
	queue *queue.Queue
}

func each(t *testing.T, body func(w *world)) {
	t.Helper()
	bundle, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		post := &mail.Memory{}
		s := signup.New(signup.Deps{
			DB:     d,
			Hasher: account.NewHasher(d.IDs(), account.Cost{MemoryKiB: 64, Passes: 1, Threads: 1}, 2),
			Limits: limit.NewCounter(d),
			Post:   letter.Post{Mailer: post, Words: bundle, Base: "https://dure.example", DB: d},
		})
		q := queue.New(d, queue.Options{Node: "a"})
		q.Handle(letter.Kind, queue.Policy{}, s.Post.Deliver)
		q.Handle(signup.KindGreet, queue.Policy{}, s.Greet)
		q.Handle(signup.KindReset, queue.Policy{}, s.MailReset)
		q.Handle(signup.KindWelcome, queue.Policy{}, s.Welcome)
		q.Handle(signup.KindAlarm, queue.Policy{}, s.Alarm)
		body(&world{t, s, d, w, post, q})
	})
}

func guest() market.Actor { return market.Actor{Locale: "ko", Address: "192.0.2.1"} }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// mails runs the queue dry and gives what was mailed by it.
func (w *world) mails() []mail.Message {
	w.t.Helper()
	before := len(w.post.Sent())
	for {
		worked, err := w.queue.RunOnce(w.t.Context())
		w.must(err)
		if !worked {
			return w.post.Sent()[before:]
		}
	}
}

var secretIn = regexp.MustCompile(`\?t=([\w-]+)`)

// link gives the secret of the only mail's link.
func (w *world) link(subject string) string {
	w.t.Helper()
	mails := w.mails()
	if len(mails) != 1 || mails[0].Subject != subject {
		w.t.Fatalf("want one %s, got %v", subject, mails)
	}
	found := secretIn.FindStringSubmatch(mails[0].Text)
	if found == nil {
		w.t.Fatalf("no link in %s", mails[0].Text)
	}
	return found[1]
}

func (w *world) signUp(email, pass string) string {
	w.t.Helper()
	id, err := w.s.SignUp(w.t.Context(), guest(), signup.SignUpCmd{
		Email: email, Name: "김이웃", Password: pass, Locale: "ko"})
	w.must(err)
	return id
}

// member makes a confirmed account and gives its actor.
func (w *world) member(email string) (market.Actor, signup.Entered) {
	w.t.Helper()
	w.signUp(email, password)
	entered, err := w.s.Confirm(w.t.Context(), guest(), signup.ConfirmCmd{
		Secret: w.link("mail.confirm.subject"), Password: password, Device: "phone"})
	w.must(err)
	return w.actor(entered), entered
}

func (w *world) actor(e signup.Entered) market.Actor {
	w.t.Helper()
	seen, err := account.ActorBySession(w.t.Context(), w.d, e.SessionID, w.w.Clock.Now())
	w.must(err)
	seen.Actor.Address = guest().Address
	return seen.Actor
}

// ended tells that a sign-in is no longer believed.
func (w *world) ended(e signup.Entered) bool {
	w.t.Helper()
	_, err := account.ActorBySession(w.t.Context(), w.d, e.SessionID, w.w.Clock.Now())
	return errors.Is(err, account.ErrSignedOut)
}

func (w *world) signIn(email, pass string) (signup.Entered, error) {
	return w.s.SignIn(w.t.Context(), guest(), signup.SignInCmd{Email: email, Password: pass, Device: "phone"})
}

func TestSignUpToSignIn(t *testing.T) {
	each(t, func(w *world) {
		id := w.signUp("Kim@Example.com", password)
		if _, err := w.signIn(address, password); !errors.Is(err, account.ErrCredentials) {
			w.t.Errorf("signed in before confirming: %v", err)
		}
		secret := w.link("mail.confirm.subject")
		p, err := w.s.Confirmable(w.t.Context(), secret)
		if err != nil || p.Email != "Kim@example.com" {
			w.t.Errorf("%+v, %v", p, err)
		}
		entered, err := w.s.Confirm(w.t.Context(), guest(), signup.ConfirmCmd{Secret: secret, PendingID: id, Device: "phone"})
		w.must(err)
		if w.actor(entered).Name != "김이웃" {
			w.t.Error("another person came in")
		}
		_, err = w.s.Confirm(w.t.Context(), guest(), signup.ConfirmCmd{Secret: secret, PendingID: id})
		if !errors.Is(err, account.ErrLink) {
			w.t.Errorf("confirmed twice: %v", err)
		}
		again, err := w.signIn(" KIM@example.com ", password)
		w.must(err)
		if again.AccountID != entered.AccountID || len(w.mails()) != 0 {
			w.t.Error("the same device was announced as new")
		}
	})
}

func TestNobodyPreparesAPasswordForSomebodyElse(t *testing.T) {
	each(t, func(w *world) {
		w.signUp(address, "attacker's password")
		theirs := w.link("mail.confirm.subject") // in the victim's mailbox
		mineID := w.signUp(address, password)
		w.link("mail.confirm.subject")
		for name, cmd := range map[string]signup.ConfirmCmd{
			"own password":            {Secret: theirs, Password: password},
			"nothing":                 {Secret: theirs},
			"own browser, their link": {Secret: theirs, PendingID: mineID},
		} {
			if _, err := w.s.Confirm(w.t.Context(), guest(), cmd); !errors.Is(err, account.ErrPasswordWrong) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := account.FindByEmail(w.t.Context(), w.d, address); !errors.Is(err, account.ErrUnknown) {
			w.t.Errorf("an account was made: %v", err)
		}
	})
}

// TestAskingTellsNothing compares what the two paths write, answer and cost: only the mailbox knows the difference.
func TestAskingTellsNothing(t *testing.T) {
	each(t, func(w *world) {
		w.member(address)
		rows := func() string {
			n, err := db.All(w.t.Context(), w.d, db.Scalar[string], `SELECT kind FROM kit_job WHERE state = 'ready' ORDER BY id`)
			w.must(err)
			return strings.Join(n, " ")
		}
		w.signUp(address, password)
		known := rows()
		mails := w.mails()
		if len(mails) != 1 || mails[0].Subject != "mail.already.subject" || strings.Contains(mails[0].Text, "?t=") {
			w.t.Errorf("to a member: %v", mails)
		}
		w.signUp("nobody@example.com", password)
		if unknown := rows(); known != unknown {
			w.t.Errorf("sign-up of a member leaves %q, of a stranger %q", known, unknown)
		}
		w.mails()
		w.must(w.s.RequestReset(w.t.Context(), guest(), address))
		known = rows()
		w.link("mail.reset.subject")
		w.must(w.s.RequestReset(w.t.Context(), guest(), "stranger@example.com"))
		if unknown := rows(); known != unknown {
			w.t.Errorf("reset of a member leaves %q, of a stranger %q", known, unknown)
		}
		if mails := w.mails(); len(mails) != 0 {
			w.t.Errorf("to a stranger: %v", mails)
		}
		_, wrong := w.signIn(address, "not it at all")
		_, none := w.signIn("stranger@example.com", "not it at all")
		if !errors.Is(wrong, account.ErrCredentials) || wrong.Error() != none.Error() {
			w.t.Errorf("%v / %v", wrong, none)
		}
	})
}

func TestBadInput(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.s.SignUp(w.t.Context(), guest(), signup.SignUpCmd{
			Email: "kim", Name: "\u202ekim", Password: "short", Locale: "fr"})
		for _, want := range []error{account.ErrEmail, account.ErrName, account.ErrPasswordShort, account.ErrLocale} {
			if !errors.Is(err, want) {
				w.t.Errorf("%v is not told in %v", want, err)
			}
		}
		for _, email := range []string{
			"", "kim\x00@example.com", strings.Repeat("가", 1<<16) + "@b.co", "kim@b.co\r\nBcc: x@y.co",
		} {
			if err := w.s.RequestReset(w.t.Context(), guest(), email); !errors.Is(err, account.ErrEmail) {
				w.t.Errorf("%.20q: %v", email, err)
			}
		}
		for _, secret := range []string{"", "x", strings.Repeat("가", 1<<16), "' OR 1=1 --", "\x00"} {
			if _, err := w.s.Confirmable(w.t.Context(), secret); !errors.Is(err, account.ErrLink) {
				w.t.Errorf("%.20q: %v", secret, err)
			}
		}
		if mails := w.mails(); len(mails) != 0 {
			w.t.Errorf("something was mailed: %v", mails)
		}
	})
}

func TestGuessingStops(t *testing.T) {
	each(t, func(w *world) {
		w.member(address)
		for range 5 {
			if _, err := w.signIn(address, "wrong password"); !errors.Is(err, account.ErrCredentials) {
				w.t.Fatal(err)
			}
		}
		for range 3 {
			if _, err := w.signIn(address, password); !errors.Is(err, limit.ErrTooMany) {
				w.t.Fatalf("the sixth try: %v", err)
			}
		}
		if mails := w.mails(); len(mails) != 1 || mails[0].Subject != "mail.tries.subject" {
			w.t.Errorf("the owner heard %v", mails)
		}
		// A stranger's address is refused in the same way, and nobody is told.
		for range 6 {
			_, _ = w.signIn("stranger@example.com", "wrong password")
		}
		if _, err := w.signIn("stranger@example.com", "wrong"); !errors.Is(err, limit.ErrTooMany) || len(w.mails()) != 0 {
			w.t.Errorf("stranger: %v", err)
		}
		w.w.Clock.Advance(15 * time.Minute)
		if _, err := w.signIn(address, password); err != nil {
			w.t.Errorf("after a quarter of an hour: %v", err)
		}
		for range 4 { // a sign-in that succeeds clears the count
			_, _ = w.signIn(address, "wrong password")
		}
		if _, err := w.signIn(address, password); err != nil {
			w.t.Errorf("count was not cleared: %v", err)
		}
	})
}

func TestMailboxesAreNotFlooded(t *testing.T) {
	each(t, func(w *world) {
		sent := 0
		for range 8 {
			w.signUp(address, password)
			sent += len(w.mails())
		}
		if sent != account.PendingPerEmail {
			w.t.Errorf("%d links to one address", sent)
		}
		w.member("lee@example.com")
		sent = 0
		for range 6 {
			w.must(w.s.RequestReset(w.t.Context(), guest(), "lee@example.com"))
			sent += len(w.mails())
		}
		if sent != 3 {
			w.t.Errorf("%d reset links to one address", sent)
		}
		var err error
		for range 20 {
			err = w.s.RequestReset(w.t.Context(), guest(), "x@example.com")
		}
		if !errors.Is(err, limit.ErrTooMany) {
			w.t.Errorf("one place asks without end: %v", err)
		}
	})
}

func TestResetEndsEverythingElse(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		actor, entered := w.member(address)
		api, err := w.s.IssueToken(ctx, actor, signup.TokenCmd{Label: "계산대", Password: password, Days: 30})
		w.must(err)
		w.must(w.s.RequestReset(ctx, guest(), address))
		first := w.link("mail.reset.subject")
		w.must(w.s.RequestReset(ctx, guest(), address))
		second := w.link("mail.reset.subject")
		w.must(w.s.Resettable(ctx, first))

		for bad, want := range map[string]error{
			"짧아요": account.ErrPasswordShort, address: account.ErrPasswordMine, "password123": account.ErrPasswordCommon,
		} {
			if _, err := w.s.Reset(ctx, guest(), signup.ResetCmd{Secret: first, Password: bad}); !errors.Is(err, want) {
				w.t.Errorf("%q: %v", bad, err)
			}
		}
		fresh, err := w.s.Reset(ctx, guest(), signup.ResetCmd{Secret: first, Password: "새로운 국수집 할머니", Device: "phone"})
		w.must(err)
		w.actor(fresh)
		if !w.ended(entered) {
			w.t.Error("the old sign-in lives")
		}
		if _, err := account.ActorByToken(ctx, w.d, api, w.w.Clock.Now()); !errors.Is(err, account.ErrToken) {
			w.t.Errorf("the token lives: %v", err)
		}
		for _, secret := range []string{first, second} {
			if err := w.s.Resettable(ctx, secret); !errors.Is(err, account.ErrLink) {
				w.t.Errorf("a link lives: %v", err)
			}
		}
		if mails := w.mails(); len(mails) != 1 || mails[0].Subject != "mail.password_changed.subject" {
			w.t.Errorf("the owner heard %v", mails)
		}
		if _, err := w.signIn(address, password); !errors.Is(err, account.ErrCredentials) {
			w.t.Errorf("the old password works: %v", err)
		}
	})
}

func TestSecretsRestNowhere(t *testing.T) {
	each(t, func(w *world) {
		w.member(address)
		w.must(w.s.RequestReset(w.t.Context(), guest(), address))
		secret := w.link("mail.reset.subject")
		for _, text := range []string{
			`SELECT payload FROM kit_job`, `SELECT hash FROM account_token`, `SELECT detail FROM audit`,
			`SELECT password_hash FROM account`, `SELECT payload FROM kit_event`,
		} {
			rows, err := db.All(w.t.Context(), w.d, db.Scalar[string], text)
			w.must(err)
			if all := strings.Join(rows, "\n"); strings.Contains(all, secret) || strings.Contains(all, password) {
				w.t.Errorf("%s shows a secret", text)
			}
		}
	})
}

func TestLinksAreMailedAgainAfterAFailure(t *testing.T) {
	each(t, func(w *world) {
		w.signUp(address, password)
		w.post.Fail(mail.ErrUnavailable)
		if mails := w.mails(); len(mails) != 0 {
			w.t.Fatal(mails)
		}
		w.w.Clock.Advance(time.Minute)
		w.link("mail.confirm.subject")
	})
}

func TestPasswordsAtAnOldCostAreHashedAnew(t *testing.T) {
	each(t, func(w *world) {
		ctx := context.Background()
		old, err := account.NewHasher(w.d.IDs(), account.Cost{MemoryKiB: 32, Passes: 1, Threads: 1}, 1).Hash(ctx, password)
		w.must(err)
		id, err := w.s.Admit(ctx, market.System(), signup.AdmitCmd{
			Email: address, Name: "김이웃", Locale: "ko", PasswordHash: old})
		w.must(err)
		_, err = w.signIn(address, password)
		w.must(err)
		a, err := account.Find(ctx, w.d, id)
		if err != nil || !strings.Contains(a.PasswordHash, "m=64,") {
			w.t.Errorf("%s, %v", a.PasswordHash, err)
		}
		_, err = w.signIn(address, password)
		w.must(err)
	})
}
