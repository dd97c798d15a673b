package feedback

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Feedback runs the journey.
type Feedback struct{ DB *db.DB }

// New makes the journey.
func New(d *db.DB) *Feedback { return &Feedback{DB: d} }

const listMax = 50

// Mine lists what the actor is asked as a guest.
func (f *Feedback) Mine(ctx context.Context, actor market.Actor) ([]feedback.Ask, error) {
	if err := right.Check(actor, right.FeedbackGive, right.Mine(actor.AccountID)); err != nil {
		return nil, err
	}
	return feedback.OpenAsks(ctx, f.DB, actor.AccountID, feedback.AskedSince(f.DB.Clock().Now()), listMax)
}

// Find reads one question for the guest it is put to.
func (f *Feedback) Find(ctx context.Context, actor market.Actor, id string) (feedback.Ask, error) {
	return findAsk(ctx, f.DB, actor, id)
}

func findAsk(ctx context.Context, q db.Querier, actor market.Actor, id string) (feedback.Ask, error) {
	a, err := feedback.FindAsk(ctx, q, id)
	if errors.Is(err, feedback.ErrNotFound) {
		return a, hidden(actor)
	}
	if err != nil {
		return a, err
	}
	return a, right.Check(actor, right.FeedbackGive, right.Mine(a.AccountID))
}

// hidden is the answer about what is not there: the same as about somebody else's.
func hidden(actor market.Actor) error {
	if !actor.SignedIn() {
		return right.ErrSignIn
	}
	return right.ErrHidden
}

// Give takes a guest's answer. The same person saying it again hears that it is done.
func (f *Feedback) Give(
	ctx context.Context, actor market.Actor, id string, answer feedback.Answer,
) (feedback.Ask, error) {
	return f.close(ctx, actor, id, func(tx *db.Tx, a feedback.Ask) (bool, error) {
		if err := answer.Check(); err != nil {
			return false, err
		}
		tx.Emit(event.Of(event.FeedbackGiven{AskID: a.ID, RedemptionID: a.RedemptionID, DealID: a.DealID,
			MerchantID: a.MerchantID, Satisfaction: answer.Satisfaction, WouldReturn: string(answer.WouldReturn),
			SameTreatment: string(answer.SameTreatment)}, a.Version+1))
		return feedback.Give(ctx, tx, id, answer)
	})
}

// Decline closes a question without an answer; it is never put again.
func (f *Feedback) Decline(ctx context.Context, actor market.Actor, id string) (feedback.Ask, error) {
	return f.close(ctx, actor, id, func(tx *db.Tx, _ feedback.Ask) (bool, error) {
		return feedback.Decline(ctx, tx, id)
	})
}

func (f *Feedback) close(
	ctx context.Context, actor market.Actor, id string, write func(*db.Tx, feedback.Ask) (bool, error),
) (feedback.Ask, error) {
	var a feedback.Ask
	err := f.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if a, err = findAsk(ctx, tx, actor, id); err != nil {
			return err
		}
		if err := a.MayAnswer(); err != nil {
			return err
		}
		if ok, err := write(tx, a); err != nil || !ok {
			return orClosed(err)
		}
		touch(tx, "voucher:"+string(a.VoucherID), "account:"+string(a.AccountID), "merchant:"+string(a.MerchantID))
		a, err = feedback.FindAsk(ctx, tx, id)
		return err
	})
	return a, err
}

// Shops lists what the merchants that the actor leads are asked.
func (f *Feedback) Shops(ctx context.Context, actor market.Actor) ([]feedback.ShopAsk, error) {
	var ids []market.MerchantID
	for _, m := range actor.Memberships {
		if right.Can(actor, right.FeedbackAnswer, right.Of(m.MerchantID)) {
			ids = append(ids, m.MerchantID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return feedback.OpenShopAsks(ctx, f.DB, ids, f.DB.Clock().Now())
}

// FindShop reads one question for those who lead the merchant.
func (f *Feedback) FindShop(ctx context.Context, actor market.Actor, id string) (feedback.ShopAsk, error) {
	return findShop(ctx, f.DB, actor, id)
}

func findShop(ctx context.Context, q db.Querier, actor market.Actor, id string) (feedback.ShopAsk, error) {
	a, err := feedback.FindShopAsk(ctx, q, id)
	if errors.Is(err, feedback.ErrNotFound) {
		return a, hidden(actor)
	}
	if err != nil {
		return a, err
	}
	return a, right.Check(actor, right.FeedbackAnswer, right.Of(a.MerchantID))
}

// GiveShop takes a merchant's answer.
func (f *Feedback) GiveShop(
	ctx context.Context, actor market.Actor, id string, answer feedback.ShopAnswer,
) (feedback.ShopAsk, error) {
	var a feedback.ShopAsk
	err := f.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if a, err = findShop(ctx, tx, actor, id); err != nil {
			return err
		}
		if err := a.MayAnswer(tx.Now()); err != nil {
			return err
		}
		if err := answer.Check(); err != nil {
			return err
		}
		if ok, err := feedback.GiveShop(ctx, tx, id, actor.AccountID, answer); err != nil || !ok {
			return orClosed(err)
		}
		tx.Emit(event.Of(event.ShopFeedbackGiven{MerchantID: a.MerchantID, Subject: a.Subject,
			Satisfaction: answer.Satisfaction, WouldRepeat: string(answer.WouldRepeat)}, a.Version+1))
		touch(tx, "merchant:"+string(a.MerchantID))
		a, err = feedback.FindShopAsk(ctx, tx, id)
		return err
	})
	return a, err
}

func orClosed(err error) error {
	if err != nil {
		return err
	}
	return feedback.ErrClosed
}

func touch(tx *db.Tx, topics ...string) {
	version := db.Micros(tx.Now())
	for _, topic := range topics {
		tx.Touch(topic, version)
	}
}
