package follow

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Follow runs the journey.
type Follow struct{ DB *db.DB }

// New makes the journey.
func New(d *db.DB) *Follow { return &Follow{DB: d} }

// KeepCmd bookmarks a deal; Notify asks for a letter when its sale begins.
type KeepCmd struct {
	DealID market.DealID
	Notify bool
}

// Keep bookmarks a public deal. Asking again changes only the wish to be told.
func (f *Follow) Keep(ctx context.Context, actor market.Actor, cmd KeepCmd) error {
	return f.change(ctx, actor, cmd.DealID, func(tx *db.Tx) error {
		return deal.Bookmark(ctx, tx, actor.AccountID, cmd.DealID, cmd.Notify)
	})
}

// Drop lets a bookmark go; one that is not there is no error.
func (f *Follow) Drop(ctx context.Context, actor market.Actor, id market.DealID) error {
	return f.change(ctx, actor, id, func(tx *db.Tx) error {
		return deal.Unbookmark(ctx, tx, actor.AccountID, id)
	})
}

func (f *Follow) change(ctx context.Context, actor market.Actor, id market.DealID, fn func(*db.Tx) error) error {
	if err := right.Check(actor, right.DealBookmark, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := deal.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := d.MayKeep(tx.Now()); err != nil {
			return err
		}
		return fn(tx)
	})
}

const chunk = 128

// LetterBegins is the letter that tells of a sale's beginning.
const LetterBegins = "mail.deal_begins"

// Tell writes a letter to everyone who asked to be told of a deal, one chunk a transaction. Running again writes none
// twice.
func (f *Follow) Tell(ctx context.Context, id market.DealID) error {
	after := market.AccountID("")
	for {
		var list []market.AccountID
		err := f.DB.Write(ctx, func(tx *db.Tx) (err error) {
			if list, err = deal.ToNotify(ctx, tx, id, after, chunk); err != nil || len(list) == 0 {
				return err
			}
			return tell(ctx, tx, id, list)
		})
		if err != nil || len(list) < chunk {
			return err
		}
		after = list[len(list)-1]
	}
}

func tell(ctx context.Context, tx *db.Tx, id market.DealID, list []market.AccountID) error {
	d, err := deal.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	terms, err := deal.FindTerms(ctx, tx, id, d.TermsVersion)
	if err != nil {
		return err
	}
	for _, to := range list {
		a, err := account.Find(ctx, tx, to)
		if errors.Is(err, account.ErrUnknown) {
			continue // erased since
		}
		if err != nil {
			return err
		}
		letter.Send(tx, letter.Letter{To: a.Email, Name: a.Name, Locale: a.Locale, Key: LetterBegins,
			Args: map[string]any{"Title": terms.Title}, Href: "/d/" + string(id),
			Once: "begins:" + string(id) + ":" + string(to)})
	}
	return nil
}
