package enroll

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// ClaimCmd says that an entry of the public register is the actor's shop.
type ClaimCmd struct {
	EntryID    directory.EntryID
	MerchantID market.MerchantID // a shop of the actor's; "" begins a registration filled in from the entry
	Key        string            `json:"-"` // idempotency key, "" for none
}

// Claimed is the shop with its claim.
type Claimed struct {
	MerchantID market.MerchantID
	ClaimID    directory.ClaimID
}

// Claim binds an entry to a registration, or to a shop that is a member already. It holds nothing: others may claim it
// too, until the operator grants it to one. A person who claims an entry again gets the claim there is. It refuses
// with directory.ErrClaimed, ErrNotFound or ErrManyClaims, and with merchant.ErrManyDrafts.
func (e *Enroll) Claim(ctx context.Context, actor market.Actor, cmd ClaimCmd) (Claimed, error) {
	err := right.Check(actor, right.MerchantRegister, right.Mine(actor.AccountID))
	if cmd.MerchantID != "" {
		err = right.Check(actor, right.MerchantClaim, right.Of(cmd.MerchantID))
	}
	if err != nil {
		return Claimed{}, err
	}
	var out Claimed
	err = e.DB.Write(ctx, func(tx *db.Tx) error {
		key := answer.Key{Actor: actor.Key(), Step: "enroll.claim", Key: cmd.Key}
		out, err = answer.Once(ctx, tx, key, cmd, func() (Claimed, error) { return e.claim(ctx, tx, actor, cmd) })
		return err
	})
	return out, err
}

func (e *Enroll) claim(ctx context.Context, tx *db.Tx, actor market.Actor, cmd ClaimCmd) (Claimed, error) {
	entry, err := directory.Find(ctx, tx, cmd.EntryID)
	if err != nil {
		return Claimed{}, err
	}
	if cmd.MerchantID == "" {
		mine, err := directory.LiveOf(ctx, tx, entry.ID, actor.AccountID)
		if err == nil || !errors.Is(err, directory.ErrNoClaim) {
			return Claimed{mine.MerchantID, mine.ID}, err
		}
		if cmd.MerchantID, err = beginFrom(ctx, tx, actor, entry); err != nil {
			return Claimed{}, err
		}
	}
	m, err := merchant.Find(ctx, tx, cmd.MerchantID)
	if err != nil {
		return Claimed{}, err
	}
	c, err := directory.OpenClaim(ctx, tx, directory.Claim{
		EntryID: entry.ID, MerchantID: m.ID, AccountID: actor.AccountID, State: directory.FirstState(m.Open()),
	})
	if err != nil {
		return Claimed{}, err
	}
	tx.Touch("merchant:"+string(m.ID), db.Micros(tx.Now()))
	return Claimed{m.ID, c.ID}, audit.Write(ctx, tx, actor, did(right.MerchantClaim, m.ID, "entry", string(entry.ID)))
}

// beginFrom begins a registration with what the register says of the shop: its name, category and place. What it says
// wrongly or not at all is left for the owner to write.
func beginFrom(
	ctx context.Context, tx *db.Tx, actor market.Actor, entry directory.Entry,
) (market.MerchantID, error) {
	business, err := merchant.Business{Name: cut(entry.Title(), merchant.NameMax)}.Parse()
	if err != nil {
		business.Name = ""
	}
	id, err := begin(ctx, tx, actor, business)
	if err != nil {
		return "", err
	}
	m, err := merchant.Find(ctx, tx, id)
	if err != nil {
		return "", err
	}
	kind, err := category.Find(ctx, tx, entry.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return "", err
	}
	if kind.ParentID != "" { // the form offers the second level only
		m.Profile.CategoryID = kind.ID
	}
	b, err := firstBranch(entry, id).Parse()
	if err != nil {
		return id, merchant.Save(ctx, tx, m) // no place that would stand: the form asks for it
	}
	if _, err := region.Find(ctx, tx, b.RegionID); err != nil {
		if errors.Is(err, region.ErrNotFound) {
			return id, merchant.Save(ctx, tx, m)
		}
		return "", err
	}
	m.RegionID, b.ID = b.RegionID, market.BranchID(tx.NewID(market.PrefixBranch))
	if err := merchant.InsertBranch(ctx, tx, b); err != nil {
		return "", err
	}
	return id, merchant.Save(ctx, tx, m)
}

// mainBranch is what a shop's only place is called.
const mainBranch = "본점"

// firstBranch is the place of an entry; only a neighbourhood that is known goes into it.
func firstBranch(entry directory.Entry, id market.MerchantID) merchant.Branch {
	b := merchant.Branch{
		MerchantID: id, Name: cut(entry.Branch, merchant.NameMax), Address: cut(entry.Door(), merchant.AddressMax),
		LatitudeE7: entry.LatitudeE7, LongitudeE7: entry.LongitudeE7,
	}
	if b.Name == "" {
		b.Name = mainBranch
	}
	if entry.Known() {
		b.RegionID = entry.RegionID
	}
	return b
}

// cut keeps a text within a number of letters.
func cut(text string, letters int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), letters)])
}
