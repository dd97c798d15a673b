package enroll_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
)

const mapo = market.RegionID("district_11140")

type world struct {
	t     *testing.T
	e     *enroll.Enroll
	d     *db.DB
	w     *dbtest.World
	post  *mail.Memory
	queue *queue.Queue
	index *search.Index
}

func each(t *testing.T, body func(w *world)) {
	t.Helper()
	bundle, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB, tw *dbtest.World) {
		post := &mail.Memory{}
		index := search.New(d.Engine(), "merchant")
		e := enroll.New(enroll.Deps{
			DB: d, Post: letter.Post{Mailer: post, Words: bundle, Base: "https://dure.example", DB: d},
			Maker: picture.NewMaker(picture.Limits{}), Media: &blob.Memory{}, Search: index,
			BankWait: func(time.Time) time.Duration { return 72 * time.Hour },
		})
		q := queue.New(d, queue.Options{Node: "a"})
		q.Handle(letter.Kind, queue.Policy{}, e.Post.Deliver)
		q.Handle(enroll.KindInvite, queue.Policy{}, e.MailInvitation)
		q.Handle(enroll.KindBank, queue.Policy{}, e.TakeBank)
		w := &world{t, e, d, tw, post, q, index}
		w.seed()
		body(w)
	})
}

// seed writes the shipped categories and regions.
func (w *world) seed() {
	w.t.Helper()
	list, err := category.Shipped()
	w.must(err)
	plan, err := region.Seed(nil)
	w.must(err)
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		if err := category.Put(w.t.Context(), tx, list); err != nil {
			return err
		}
		return region.Insert(w.t.Context(), tx, plan.New)
	}))
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wants(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Errorf("got %v, want %v", err, want)
	}
}

// account makes somebody who can sign in.
func (w *world) account(email string, staff market.Role) market.AccountID {
	w.t.Helper()
	var id market.AccountID
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		id = market.AccountID(tx.NewID("acc"))
		return account.Insert(w.t.Context(), tx, account.Account{
			ID: id, Email: email, EmailKey: email, Name: email[:3], Locale: "ko", Staff: staff, ConfirmedAt: tx.Now(),
			CreatedAt: tx.Now(),
		})
	}))
	return id
}

// actor loads an account as a request would.
func (w *world) actor(id market.AccountID) market.Actor {
	w.t.Helper()
	actor, err := account.LoadActor(w.t.Context(), w.d, id)
	w.must(err)
	return actor
}

// mails runs the queue dry and gives the subjects of what was mailed.
func (w *world) mails() (subjects string, last mail.Message) {
	w.t.Helper()
	before := len(w.post.Sent())
	for {
		worked, err := w.queue.RunOnce(w.t.Context())
		w.must(err)
		if !worked {
			break
		}
	}
	var list []string
	for _, m := range w.post.Sent()[before:] {
		list = append(list, strings.TrimSuffix(strings.TrimPrefix(m.Subject, "mail."), ".subject"))
		last = m
	}
	return strings.Join(list, " "), last
}

func photograph(t *testing.T, width, height int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func business(number string) *merchant.Business {
	return &merchant.Business{
		Number: number, Name: "두레 국수", Representative: "김두레", Phone: "02-123-4567", Email: "shop@example.com",
	}
}

func profile() *merchant.Profile {
	return &merchant.Profile{Story: "국수를 매일 뽑아요.", CategoryID: "eat.korean", Colour: "#1f6f54"}
}

func bank() merchant.Bank {
	return merchant.Bank{Code: "004", Account: "123-456-789012", Holder: "김두레"}
}

func branch(id market.MerchantID) merchant.Branch {
	h := merchant.Hours{}
	for i := 1; i < 6; i++ {
		h.Week[i], _ = merchant.DayOf("11:00", "21:00", "15:00", "17:00")
	}
	return merchant.Branch{
		MerchantID: id, Name: "본점", Address: "서울 마포구 연남로 1", RegionID: mapo, Hours: h, LatitudeE7: 37_5665000,
		LongitudeE7: 126_9250000,
	}
}

// registered is a shop with all its pages filled in, and its owner.
func (w *world) registered(owner market.AccountID, number string) market.MerchantID {
	w.t.Helper()
	ctx := w.t.Context()
	id, err := w.e.Begin(ctx, w.actor(owner), "두레 국수")
	w.must(err)
	actor := w.actor(owner)
	_, err = w.e.Save(ctx, actor, enroll.SaveCmd{MerchantID: id, Business: business(number), Profile: profile()})
	w.must(err)
	_, err = w.e.SaveBranch(ctx, actor, branch(id))
	w.must(err)
	_, err = w.e.SaveBank(ctx, actor, id, bank())
	w.must(err)
	_, err = w.e.AddPicture(ctx, actor, id, photograph(w.t, 600, 400))
	w.must(err)
	return id
}

// approved is a shop that may sell.
func (w *world) approved(owner market.AccountID, number string) market.MerchantID {
	w.t.Helper()
	id := w.registered(owner, number)
	_, err := w.e.Submit(w.t.Context(), w.actor(owner), id)
	w.must(err)
	_, err = w.e.Approve(w.t.Context(), market.System(), id)
	w.must(err)
	w.mails()
	return id
}
