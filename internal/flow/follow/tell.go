package follow

import (
	"context"
	"encoding/hex"
	"net/url"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Letters that tell of a sale's beginning. What a follower gets without having asked for this deal is marked as
// advertising and can be ended by one link without signing in (Act on Promotion of Information and Communications
// Network Utilization, §50 (4)); e-mail may be sent at night (its Enforcement Decree, §61 (2)).
const (
	LetterBegins = "mail.deal_begins"   // to those who asked on the deal's page
	LetterFollow = "mail.follow_begins" // to those who follow its shop
)

// ErrLink is a link out of letters that nobody was sent.
var ErrLink = fail.New(fail.NotFound, "follow.link")

// Listeners are read many at once beside the writer, and told in chunks that hold it for a moment only.
const (
	batch = 1_024
	chunk = 64
)

// Tell tells everyone who asked, and everyone who follows the shop, that a deal's sale begins: on their page of notices
// and, where they take letters, by a letter. Running again goes on where it stopped and tells nobody twice: a notice
// and a letter of one deal to one person are unique. A sale that does not run any more is told to nobody.
func (f *Follow) Tell(ctx context.Context, id market.DealID) error {
	after := market.AccountID("")
	for {
		list, err := catalog.Listeners(ctx, f.DB, id, after, batch)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(list, chunk) {
			if err := f.DB.Write(ctx, func(tx *db.Tx) error { return f.tellChunk(ctx, tx, id, part) }); err != nil {
				return err
			}
		}
		if len(list) < batch {
			return nil
		}
		after = list[len(list)-1].AccountID
	}
}

func (f *Follow) tellChunk(ctx context.Context, tx *db.Tx, id market.DealID, list []catalog.Listener) error {
	d, err := deal.Find(ctx, tx, id)
	if err != nil || !d.Begun(tx.Now()) {
		return err
	}
	terms, err := deal.FindTerms(ctx, tx, id, d.TermsVersion)
	if err != nil {
		return err
	}
	seller, err := catalog.FindSeller(ctx, tx, d.MerchantID)
	if err != nil {
		return err
	}
	told := make([]notice.Notice, len(list))
	for i, one := range list {
		told[i] = notice.Notice{AccountID: one.AccountID, Kind: notice.FollowBegins, Subject: string(id),
			Title: terms.Title, Sender: seller.Name}
		l := letter.Letter{To: one.Email, Name: one.Name, Locale: one.Locale, Href: "/d/" + string(id),
			Args: map[string]any{"Title": terms.Title, "Shop": seller.Name},
			Once: "begins:" + string(id) + ":" + string(one.AccountID)}
		switch {
		case one.Asked:
			told[i].Kind, l.Key = notice.DealBegins, LetterBegins
			letter.Send(tx, l)
		case one.Letters:
			l.Key, l.Off = LetterFollow, f.OffHref(one.AccountID, d.MerchantID)
			letter.Send(tx, l)
		}
		tx.Touch("account:"+string(one.AccountID), db.Micros(tx.Now()))
	}
	_, err = notice.Tell(ctx, tx, told)
	return err
}

// Looked marks a person's notices until an instant as looked at.
func (f *Follow) Looked(ctx context.Context, actor market.Actor, until time.Time) error {
	if err := right.Check(actor, right.AccountEdit, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error { return notice.Read(ctx, tx, actor.AccountID, until) })
}

// Letters sets whether the actor, who follows a shop, takes letters about its new deals.
func (f *Follow) Letters(ctx context.Context, actor market.Actor, id market.MerchantID, takes bool) error {
	if err := right.Check(actor, right.MerchantFollow, right.Of(id)); err != nil {
		return err
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error { return merchant.Letters(ctx, tx, actor.AccountID, id, takes) })
}

// Off is what a link out of letters names: who takes no more letters of which shop.
type Off struct {
	AccountID  market.AccountID
	MerchantID market.MerchantID
	Mark       string
}

// OffHref is the address at which somebody ends a shop's letters without signing in.
func (f *Follow) OffHref(who market.AccountID, shop market.MerchantID) string {
	return "/letters/off?" + url.Values{"who": {string(who)}, "shop": {string(shop)},
		"mark": {hex.EncodeToString(f.mark(who, shop))}}.Encode()
}

const markBytes = 16

func (f *Follow) mark(who market.AccountID, shop market.MerchantID) []byte {
	return sign.Derive(f.Key, "letters off", string(who)+" "+string(shop), markBytes)
}

// CheckOff answers ErrLink for an address that OffHref did not give, and else the shop.
func (f *Follow) CheckOff(ctx context.Context, off Off) (merchant.Merchant, error) {
	mark, err := hex.DecodeString(off.Mark)
	if err != nil || !sign.Equal(mark, f.mark(off.AccountID, off.MerchantID)) {
		return merchant.Merchant{}, ErrLink
	}
	return merchant.Find(ctx, f.DB, off.MerchantID)
}

// EndLetters ends a shop's letters to whoever was sent the link. The follower stays one.
func (f *Follow) EndLetters(ctx context.Context, off Off) error {
	if _, err := f.CheckOff(ctx, off); err != nil {
		return err
	}
	return f.DB.Write(ctx, func(tx *db.Tx) error {
		return merchant.Letters(ctx, tx, off.AccountID, off.MerchantID, false)
	})
}
