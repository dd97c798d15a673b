package followtest

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/notice"
)

const noodle market.MerchantID = "mer_noodle"

// person makes an account that follows the noodle shop or not.
func person(w *apptest.World, n int, follows bool) market.Actor {
	w.T.Helper()
	who := w.Account(apptest.Buyer(n), fmt.Sprintf("손님%d", n))
	if follows {
		w.Must(w.Enroll.Follow(w.Ctx, who, noodle, true))
	}
	return who
}

// coming is an approved shop with a deal that has not begun.
func coming(w *apptest.World) deal.Deal {
	w.T.Helper()
	w.Shop(noodle, "할매손칼국수", "본점")
	w.Approve(noodle)
	return w.Scheduled(noodle, nil)
}

// begin lets the sale begin and all that follows from it happen.
func begin(w *apptest.World, d deal.Deal) {
	w.T.Helper()
	w.Clock.Set(d.StartsAt.Add(time.Second))
	w.Work()
}

func mails(w *apptest.World, who market.Actor) []mail.Message {
	w.T.Helper()
	a, err := account.Find(w.Ctx, w.DB, who.AccountID)
	w.Must(err)
	list, err := mail.NewBox(w.DB).To(w.Ctx, a.Email, 10)
	w.Must(err)
	return list
}

func notices(w *apptest.World, who market.Actor) []notice.Notice {
	w.T.Helper()
	list, err := notice.List(w.Ctx, w.DB, who.AccountID, "")
	w.Must(err)
	return list
}

func TestFollowersAndAskersAreToldEachInTheirWay(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d := coming(w)
		follower, asker, both := person(w, 1, true), person(w, 2, false), person(w, 3, true)
		quiet, blocked, stranger, keeper := person(w, 4, true), person(w, 5, true), person(w, 6, false), person(w, 7, false)
		own := w.Account(apptest.Owner(noodle), "김사장")
		w.Must(w.Enroll.Follow(w.Ctx, own, noodle, true))
		for _, who := range []market.Actor{asker, both} {
			w.Must(w.Follow.Keep(w.Ctx, who, follow.KeepCmd{DealID: d.ID, Notify: true}))
		}
		w.Must(w.Follow.Keep(w.Ctx, keeper, follow.KeepCmd{DealID: d.ID}))
		w.Must(w.Follow.Letters(w.Ctx, quiet, noodle, false))
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error { return account.Block(w.Ctx, tx, blocked.AccountID) }))
		begin(w, d)
		for _, c := range []struct {
			name           string
			who            market.Actor
			kind           notice.Kind // "" for nothing
			subject, words string      // of the letter, "" for none
		}{
			{"follower", follower, notice.FollowBegins, "(광고) 할매손칼국수에", "/letters/off?"},
			{"asker", asker, notice.DealBegins, "기다리던 딜", "알려 달라고"},
			{"both", both, notice.DealBegins, "기다리던 딜", "알려 달라고"},
			{"follower without letters", quiet, notice.FollowBegins, "", ""},
			{"blocked", blocked, "", "", ""},
			{"stranger", stranger, "", "", ""},
			{"keeper who asked for nothing", keeper, "", "", ""},
			{"the shop's own", own, "", "", ""},
		} {
			got, letters := notices(w, c.who), mails(w, c.who)
			if (c.kind == "") != (len(got) == 0) || len(got) > 1 || len(got) == 1 && got[0].Kind != c.kind {
				w.T.Errorf("%s was told %+v, want %q", c.name, got, c.kind)
			}
			if (c.subject == "") != (len(letters) == 0) || len(letters) > 1 || len(letters) == 1 &&
				(!strings.HasPrefix(letters[0].Subject, c.subject) || !strings.Contains(letters[0].Text, c.words)) {
				w.T.Errorf("%s got letters %+v, want %q", c.name, letters, c.subject)
			}
		}
	})
}

func TestTellingGoesOnWhereItStoppedAndTellsNobodyTwice(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d := coming(w)
		for n := range 300 {
			person(w, n+1, n < 200)
		}
		begin(w, d)
		told := func() (notices, letters int64) {
			notices, err := db.One(w.Ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM notice`)
			w.Must(err)
			letters, err = db.One(w.Ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE kind = 'mail.send'`)
			w.Must(err)
			return notices, letters
		}
		if n, l := told(); n != 200 || l != 200 {
			w.T.Fatalf("%d notices, %d letters", n, l)
		}
		// As if the work had stopped before the last hundred: they are told, and nobody else again.
		for n := 200; n < 300; n++ {
			w.Must(w.Enroll.Follow(w.Ctx, apptest.Buyer(n+1), noodle, true))
		}
		for range 2 {
			w.Must(w.Follow.Tell(w.Ctx, d.ID))
		}
		if n, l := told(); n != 300 || l != 300 {
			w.T.Fatalf("%d notices, %d letters", n, l)
		}
		late := person(w, 301, true)
		w.Clock.Set(w.Deal(d.ID).EndsAt)
		w.Must(w.Follow.Tell(w.Ctx, d.ID))
		if got := notices(w, late); len(got) != 0 {
			w.T.Errorf("told of a sale that is over: %+v", got)
		}
	})
}

func TestTheLinkInALetterEndsThatShopsLettersAlone(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d := coming(w)
		reader := person(w, 1, true)
		begin(w, d)
		_, link, _ := strings.Cut(mails(w, reader)[0].Text, "http://dure.test/letters/off?")
		link, _, _ = strings.Cut(link, "\n")
		values, err := url.ParseQuery(strings.TrimSpace(link))
		w.Must(err)
		off := follow.Off{AccountID: market.AccountID(values.Get("who")),
			MerchantID: market.MerchantID(values.Get("shop")), Mark: values.Get("mark")}
		for name, wrong := range map[string]follow.Off{
			"another person": {AccountID: "acc_buyer0002", MerchantID: off.MerchantID, Mark: off.Mark},
			"another shop":   {AccountID: off.AccountID, MerchantID: "mer_other", Mark: off.Mark},
			"no mark":        {AccountID: off.AccountID, MerchantID: off.MerchantID},
			"a made-up mark": {AccountID: off.AccountID, MerchantID: off.MerchantID, Mark: strings.Repeat("0", 32)},
		} {
			if err := w.Follow.EndLetters(w.Ctx, wrong); !errors.Is(err, follow.ErrLink) {
				w.T.Errorf("%s: %v", name, err)
			}
		}
		if takes, err := merchant.TakesLetters(w.Ctx, w.DB, reader.AccountID, noodle); !takes || err != nil {
			w.T.Fatalf("takes letters: %v %v", takes, err)
		}
		for range 2 {
			w.Must(w.Follow.EndLetters(w.Ctx, off))
		}
		takes, err := merchant.TakesLetters(w.Ctx, w.DB, reader.AccountID, noodle)
		follows, _ := merchant.Follows(w.Ctx, w.DB, reader.AccountID, noodle)
		if takes || err != nil || !follows {
			w.T.Errorf("takes letters %v, follows %v: %v", takes, follows, err)
		}
		w.Must(w.Follow.Looked(w.Ctx, reader, w.Clock.Now()))
		if n, err := notice.Unread(w.Ctx, w.DB, reader.AccountID); n != 0 || err != nil {
			w.T.Errorf("%d unread: %v", n, err)
		}
	})
}
