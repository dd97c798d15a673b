package auction

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Vote says of a bid that it is sound, or what is wrong with it; a firm member's newest word counts, at the award.
func (a *Auction) Vote(ctx context.Context, actor market.Actor, id market.WishID, v voice.Vote) error {
	if err := right.Check(actor, right.BidJudge, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *db.Tx) error {
		own, err := wish.FindMember(ctx, tx, wish.MemberKey{WishID: id, AccountID: actor.AccountID})
		if err != nil {
			return err
		}
		v.AccountID = actor.AccountID
		if v, err = v.Parse(own.Counts()); err != nil {
			return err
		}
		tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
		return voice.Cast(ctx, tx, id, v)
	})
}

// Ask asks a seller about its bid, in public.
func (a *Auction) Ask(ctx context.Context, actor market.Actor, id market.WishID, w voice.Word) (voice.Word, error) {
	if err := right.Check(actor, right.BidJudge, right.Mine(actor.AccountID)); err != nil {
		return w, err
	}
	w.AccountID = actor.AccountID
	return a.say(ctx, id, w, func(tx *db.Tx, w voice.Word) (voice.Word, error) {
		w, err := voice.Ask(ctx, tx, id, w)
		if err != nil {
			return w, err
		}
		b, err := bid.FindBid(ctx, tx, w.BidID)
		tx.Touch("merchant:"+string(b.MerchantID), db.Micros(tx.Now()))
		return w, err
	})
}

// Answer answers what was asked, once, in public.
func (a *Auction) Answer(ctx context.Context, actor market.Actor, seller market.MerchantID, w voice.Word,
) (voice.Word, error) {
	if err := right.Check(actor, right.BidAnswer, right.Of(seller)); err != nil {
		return w, err
	}
	w.AccountID = actor.AccountID
	return a.say(ctx, "", w, func(tx *db.Tx, w voice.Word) (voice.Word, error) {
		b, err := bid.FindBid(ctx, tx, w.BidID)
		if err != nil {
			return w, err
		}
		tx.Touch("wish:"+string(b.WishID), db.Micros(tx.Now()))
		tx.Touch("merchant:"+string(seller), db.Micros(tx.Now()))
		return voice.Answer(ctx, tx, seller, w)
	})
}

func (a *Auction) say(ctx context.Context, id market.WishID, w voice.Word,
	write func(*db.Tx, voice.Word) (voice.Word, error),
) (voice.Word, error) {
	w, err := w.Parse()
	if err != nil {
		return w, err
	}
	var out voice.Word
	err = a.db.Write(ctx, func(tx *db.Tx) (err error) {
		if id != "" {
			tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
		}
		out, err = write(tx, w)
		return err
	})
	return out, err
}

// Disqualify takes a bid out, by the operator, with a reason that everybody reads.
func (a *Auction) Disqualify(ctx context.Context, actor market.Actor, id market.WishID, which market.BidID,
	reason string,
) error {
	if err := right.Check(actor, right.BidDisqualify, right.Resource{}); err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *db.Tx) error {
		c, err := bid.Disqualify(ctx, tx, id, which, reason)
		if err != nil {
			return err
		}
		ended(tx, c)
		return audit.Write(ctx, tx, actor, audit.Act{Action: "bid.disqualify", Resource: string(which),
			Detail: map[string]string{"wish": string(id), "reason": reason}})
	})
}
