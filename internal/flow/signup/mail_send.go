package signup

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/letter"
)

// Kinds of jobs; each is done by the method of the same verb.
const (
	KindGreet   = "signup.greet"   // Greet
	KindReset   = "signup.reset"   // MailReset
	KindWelcome = "signup.welcome" // Welcome
	KindAlarm   = "signup.alarm"   // Alarm
)

type greeting struct {
	PendingID string `json:"pending_id"`
}

type resetting struct {
	EmailKey string `json:"email_key"`
}

type welcoming struct {
	AccountID market.AccountID `json:"account_id"`
}

type alarming struct {
	EmailKey string `json:"email_key"`
}

// alarmKey is the same for an address within an hour.
func alarmKey(key string, now time.Time) string {
	return account.HashSecret(key)[:32] + "/" + now.Format("2006-01-02T15")
}

// none is a letter that must not be written; nothing goes out.
var none = letter.Letter{}

// Greet answers a sign-up in the mailbox: with a link, or with the news that there is an account already. More than a
// few links an hour to one address are silently not mailed, so that nobody's mailbox can be flooded.
func (s *Signup) Greet(ctx context.Context, job queue.Job) error {
	var g greeting
	return s.mail(ctx, job, &g, func(tx *db.Tx) (letter.Letter, error) {
		p, err := account.FindPending(ctx, tx, g.PendingID, tx.Now())
		if errors.Is(err, account.ErrLink) {
			return none, nil // confirmed or too old by now
		}
		if err != nil {
			return none, err
		}
		within, err := account.CountPending(ctx, tx, p.EmailKey, account.MailedSince(tx.Now()))
		if err != nil || !account.MayMail(within) {
			return none, err
		}
		l := letter.Letter{To: p.Email, Name: p.Name, Locale: p.Locale, Key: "mail.confirm"}
		_, err = account.FindByEmail(ctx, tx, p.EmailKey)
		switch {
		case err == nil:
			l.Key, l.Href = "mail.already", "/signin"
			return l, nil
		case !errors.Is(err, account.ErrUnknown):
			return none, err
		}
		secret, err := account.Issue(ctx, tx, account.Token{
			PendingID: p.ID, Purpose: account.PurposeConfirm, ExpiresAt: p.ExpiresAt,
		})
		l.Href = link("/signup/confirm", secret)
		return l, err
	})
}

// MailReset mails a link to a new password, if the address has an account.
func (s *Signup) MailReset(ctx context.Context, job queue.Job) error {
	var r resetting
	return s.mail(ctx, job, &r, func(tx *db.Tx) (letter.Letter, error) {
		a, err := account.FindByEmail(ctx, tx, r.EmailKey)
		if errors.Is(err, account.ErrUnknown) || err == nil && a.Blocked() {
			return none, nil
		}
		if err != nil {
			return none, err
		}
		if err := limit.TakeIn(ctx, tx, resetMails(), r.EmailKey); errors.Is(err, limit.ErrTooMany) {
			return none, nil
		} else if err != nil {
			return none, err
		}
		return s.passwordLink(ctx, tx, a, "mail.reset", account.ResetUntil(tx.Now()))
	})
}

// Welcome mails somebody new at the operator's a link to set their password.
func (s *Signup) Welcome(ctx context.Context, job queue.Job) error {
	var w welcoming
	return s.mail(ctx, job, &w, func(tx *db.Tx) (letter.Letter, error) {
		a, err := account.Find(ctx, tx, w.AccountID)
		if err != nil {
			return none, err
		}
		return s.passwordLink(ctx, tx, a, "mail.staff", account.SetupUntil(tx.Now()))
	})
}

func (s *Signup) passwordLink(
	ctx context.Context, tx *db.Tx, a account.Account, key string, until time.Time,
) (letter.Letter, error) {
	secret, err := account.Issue(ctx, tx, account.Token{AccountID: a.ID, Purpose: account.PurposeReset, ExpiresAt: until})
	return letter.Letter{
		To: a.Email, Name: a.Name, Locale: a.Locale, Key: key, Href: link("/reset", secret),
	}, err
}

// Alarm tells the owner of an address that somebody keeps trying passwords.
func (s *Signup) Alarm(ctx context.Context, job queue.Job) error {
	var alarm alarming
	return s.mail(ctx, job, &alarm, func(tx *db.Tx) (letter.Letter, error) {
		a, err := account.FindByEmail(ctx, tx, alarm.EmailKey)
		if errors.Is(err, account.ErrUnknown) {
			return none, nil
		}
		return letter.Letter{
			To: a.Email, Name: a.Name, Locale: a.Locale, Key: "mail.tries", Href: "/forgot",
		}, err
	})
}

// mail reads a job, writes what a letter needs in one transaction, and mails it after the commit. A second try makes a
// second secret; the first, if its mail did go out, stays good as well.
func (s *Signup) mail(
	ctx context.Context, job queue.Job, payload any, write func(*db.Tx) (letter.Letter, error),
) error {
	if err := json.Unmarshal([]byte(job.Payload), payload); err != nil {
		return queue.Hopeless(err)
	}
	var l letter.Letter
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		l, err = write(tx)
		return err
	})
	if err != nil || l.To == "" {
		return err
	}
	return s.Post.Mail(ctx, job.ID+"-"+strconv.Itoa(job.Attempt), l)
}

func link(path, secret string) string { return path + "?t=" + url.QueryEscape(secret) }
