package tell

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Steps of a round that people are told of by letter.
const (
	StepOpen   = "open"   // to members: pay; to the seller: you have won
	StepRemind = "remind" // with a number: to members who have not paid
	StepAsked  = "asked"  // to the seller: will fewer do?
	StepBegun  = "begun"  // to members who have paid: the seller begins; to the seller: begin
)

// chunk is how many letters a transaction writes, so that it holds the writer for a moment only.
const chunk = 64

// Members are read many at once beside the writer, and told in chunks that hold it for a moment only.
const tellBatch = 1_024

// Step writes the letters of a step. Running again goes on where it stopped and tells nobody twice.
func Step(ctx context.Context, d *db.DB, job event.FundJob) error {
	n, err := newsOf(ctx, d, job)
	if err != nil || !n.stands {
		return err
	}
	if err := n.seller(ctx, d); err != nil || job.Step == StepAsked {
		return err
	}
	after := market.AccountID("")
	for {
		list, err := catalog.Payers(ctx, d, job.WishID, after, tellBatch)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(list, chunk) {
			if err := d.Write(ctx, func(tx *db.Tx) error { n.members(tx, part); return nil }); err != nil {
				return err
			}
		}
		if len(list) < tellBatch {
			return nil
		}
		after = list[len(list)-1].AccountID
	}
}

// news is a step of a round in words.
type news struct {
	event.FundJob
	kind    string // the step without its number
	wish    wish.Wish
	collect collect.Collect
	price   int64
	shop    string
	units   int64
	stands  bool // the step is still worth telling
}

func newsOf(ctx context.Context, d *db.DB, job event.FundJob) (news, error) {
	n := news{FundJob: job, kind: strings.TrimRight(job.Step, "0123456789")}
	return n, d.Read(ctx, func(q *db.ReadTx) (err error) {
		if n.wish, err = wish.Find(ctx, q, job.WishID); err != nil {
			return err
		}
		if n.collect, err = collect.Find(ctx, q, job.WishID); err != nil {
			return err
		}
		n.stands = n.collect.Tells(job.Round, n.kind == StepBegun)
		e, err := escrow.Find(ctx, q, job.WishID)
		if err != nil {
			return err
		}
		n.price = e.UnitPrice
		if n.units, err = escrow.HeldUnits(ctx, q, job.WishID); err != nil {
			return err
		}
		seller, err := catalog.FindSeller(ctx, q, n.collect.MerchantID)
		n.shop = seller.Name
		return err
	})
}

// key names the letter to one member, "" for none.
func (n news) key(p catalog.Payer) string {
	switch {
	case n.kind == StepBegun && p.Paid:
		return "fund.letter.begun"
	case n.kind == StepBegun:
		return ""
	case p.Short:
		return "fund.letter.consent"
	case p.Paid && n.kind == StepOpen && n.Round > 1:
		return "fund.letter.kept"
	case p.Paid:
		return ""
	}
	return "fund.letter." + n.kind
}

func (n news) args() map[string]any {
	return map[string]any{"Title": n.wish.Name, "Shop": n.shop, "Won": settlement.Grouped(n.price),
		"Units": settlement.Grouped(n.units), "Needs": settlement.Grouped(n.collect.Needs), "Until": minute(n.collect.Until),
		"ConsentUntil": minute(n.collect.ConsentUntil), "AnswerBy": minute(n.collect.AnswerBy)}
}

// minute writes an instant as both languages read it: a letter waits in the queue as text.
func minute(t time.Time) string { return t.In(bizday.Seoul()).Format("2006-01-02 15:04") }

func (n news) once(who market.AccountID, key string) string {
	return key + ":" + string(n.WishID) + ":" + strconv.FormatInt(n.Round, 10) + ":" + n.Step + ":" + string(who)
}

func (n news) members(tx *db.Tx, list []catalog.Payer) {
	for _, p := range list {
		key := n.key(p)
		if key == "" {
			continue
		}
		href := "/w/" + string(n.WishID) + "/pay"
		if p.Paid && !p.Short {
			href = "/w/" + string(n.WishID)
		}
		letter.Send(tx, letter.Letter{To: p.Email, Name: p.Name, Locale: p.Locale, Key: key, Args: n.args(), Href: href,
			Once: n.once(p.AccountID, key)})
		tx.Touch("account:"+string(p.AccountID), db.Micros(tx.Now()))
	}
}

// seller writes to whoever leads the seller's shop.
func (n news) seller(ctx context.Context, d *db.DB) error {
	if n.kind == StepRemind {
		return nil
	}
	keepers, err := catalog.Keepers(ctx, d, []market.MerchantID{n.collect.MerchantID})
	if err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		for _, k := range keepers {
			key := "fund.letter.seller_" + n.kind
			letter.Send(tx, letter.Letter{To: k.Email, Name: k.Name, Locale: k.Locale, Key: key, Args: n.args(),
				Href: "/w/" + string(n.WishID), Once: n.once(k.AccountID, key)})
		}
		return nil
	})
}
