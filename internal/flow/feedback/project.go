package feedback

import (
	"context"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/feedback"
)

// Projection names the fold's place in the feed.
const Projection = "feedback"

// Kinds are the events the fold follows.
func Kinds() []string {
	return []string{event.VoucherRedeemed{}.Kind(), event.VoucherUndone{}.Kind(), event.FeedbackGiven{}.Kind(),
		event.ShopFeedbackGiven{}.Kind(), event.DealMoved{}.Kind()}
}

// folding is the memory of one batch of events.
type folding struct {
	tx      *db.Tx
	folds   map[market.RedemptionID]*feedback.Fold
	before  map[market.RedemptionID]feedback.Tally
	regions map[market.DealID][]market.RegionID
	sums    map[string]feedback.Tally

	asks  []feedback.Ask
	voids []market.RedemptionID
	shops []feedback.ShopAsk
}

// Project counts a batch of events; kit/feed moves its place in the same transaction.
func (f *Feedback) Project(ctx context.Context, tx *db.Tx, events []feed.Event) error {
	decoded, err := decode(events)
	if err != nil {
		return err
	}
	w, err := load(ctx, tx, decoded)
	if err != nil {
		return err
	}
	for i, e := range decoded {
		w.take(e, events[i])
	}
	return w.write(ctx)
}

// Reset empties the folds for a new beginning.
func (f *Feedback) Reset(ctx context.Context, tx *db.Tx) error { return feedback.Reset(ctx, tx) }

func decode(events []feed.Event) ([]event.Event, error) {
	out := make([]event.Event, len(events))
	for i, e := range events {
		var to event.Event
		switch e.Kind {
		case event.VoucherRedeemed{}.Kind():
			to = &event.VoucherRedeemed{}
		case event.VoucherUndone{}.Kind():
			to = &event.VoucherUndone{}
		case event.FeedbackGiven{}.Kind():
			to = &event.FeedbackGiven{}
		case event.ShopFeedbackGiven{}.Kind():
			to = &event.ShopFeedbackGiven{}
		case event.DealMoved{}.Kind():
			to = &event.DealMoved{}
		default:
			return nil, fmt.Errorf("feedback: kind %s was not asked for", e.Kind)
		}
		if err := event.Decode(e.Payload, to); err != nil {
			return nil, err
		}
		out[i] = to
	}
	return out, nil
}

// aboutUse gives the use that an event tells of.
func aboutUse(e event.Event) (feedback.Fold, bool) {
	switch e := e.(type) {
	case *event.VoucherRedeemed:
		return feedback.Fold{RedemptionID: e.RedemptionID, MerchantID: e.MerchantID, DealID: e.DealID}, true
	case *event.VoucherUndone:
		return feedback.Fold{RedemptionID: e.RedemptionID, MerchantID: e.MerchantID, DealID: e.DealID}, true
	case *event.FeedbackGiven:
		return feedback.Fold{RedemptionID: e.RedemptionID, MerchantID: e.MerchantID, DealID: e.DealID}, true
	}
	return feedback.Fold{}, false
}

func load(ctx context.Context, tx *db.Tx, events []event.Event) (*folding, error) {
	w := &folding{tx: tx, before: map[market.RedemptionID]feedback.Tally{}, sums: map[string]feedback.Tally{},
		regions: map[market.DealID][]market.RegionID{}}
	var uses []market.RedemptionID
	seen := map[market.RedemptionID]bool{}
	deals := map[market.DealID]bool{}
	for _, e := range events {
		if use, ok := aboutUse(e); ok {
			deals[use.DealID] = true
			if !seen[use.RedemptionID] {
				seen[use.RedemptionID] = true
				uses = append(uses, use.RedemptionID)
			}
		}
		if said, ok := e.(*event.ShopFeedbackGiven); ok {
			deals[feedback.ShopAsk{Subject: said.Subject}.Deal()] = true
		}
	}
	var err error
	if w.folds, err = feedback.LoadFolds(ctx, tx, uses); err != nil {
		return nil, err
	}
	for id := range deals {
		if id == "" {
			continue
		}
		if w.regions[id], err = deal.Regions(ctx, tx, id); err != nil {
			return nil, err
		}
	}
	for id, fold := range w.folds {
		w.before[id] = fold.Counts()
	}
	return w, nil
}

func (w *folding) fold(use feedback.Fold) *feedback.Fold {
	known, ok := w.folds[use.RedemptionID]
	if !ok {
		known = &use
		w.folds[use.RedemptionID] = known
	}
	return known
}

func (w *folding) take(e event.Event, at feed.Event) {
	use, _ := aboutUse(e)
	switch e := e.(type) {
	case *event.VoucherRedeemed:
		w.fold(use).Used = true
		w.asks = append(w.asks, feedback.Ask{ID: feedback.AskOf(e.RedemptionID), RedemptionID: e.RedemptionID,
			VoucherID: e.VoucherID, AccountID: e.AccountID, MerchantID: e.MerchantID, BranchID: e.BranchID, DealID: e.DealID,
			AskedAt: at.At})
		subject, from := feedback.MonthOf(at.At)
		w.askShop(e.MerchantID, subject, feedback.ShopAsk{AskedAt: from})
	case *event.VoucherUndone:
		w.fold(use).Undone = true
		w.voids = append(w.voids, e.RedemptionID)
	case *event.FeedbackGiven:
		w.fold(use).Hear(e.Satisfaction, feedback.YesNo(e.WouldReturn), feedback.YesNo(e.SameTreatment))
	case *event.ShopFeedbackGiven:
		w.hearShop(e)
	case *event.DealMoved:
		if deal.State(e.To) == deal.Ended {
			w.askShop(e.MerchantID, feedback.SubjectOfDeal(e.DealID), feedback.ShopAsk{AskedAt: at.At})
		}
	}
}

func (w *folding) askShop(id market.MerchantID, subject string, ask feedback.ShopAsk) {
	for _, other := range w.shops {
		if other.MerchantID == id && other.Subject == subject {
			return
		}
	}
	ask.ID, ask.MerchantID, ask.Subject = w.tx.NewID("fbm"), id, subject
	w.shops = append(w.shops, ask)
}

func (w *folding) hearShop(e *event.ShopFeedbackGiven) {
	said := feedback.Tally{ShopAnswered: 1, ShopSum: e.Satisfaction}
	w.add("merchant:"+string(e.MerchantID), said)
	if id := (feedback.ShopAsk{Subject: e.Subject}).Deal(); id != "" {
		w.addDeal(id, said)
	}
}

func (w *folding) add(subject string, t feedback.Tally) { w.sums[subject] = w.sums[subject].Plus(t, 1) }

func (w *folding) addDeal(id market.DealID, t feedback.Tally) {
	w.add("deal:"+string(id), t)
	for _, region := range w.regions[id] {
		w.add("region:"+string(region), t)
	}
}

func (w *folding) write(ctx context.Context) error {
	for id, fold := range w.folds {
		change := fold.Counts().Plus(w.before[id], -1)
		w.add("merchant:"+string(fold.MerchantID), change)
		w.addDeal(fold.DealID, change)
	}
	if err := feedback.SaveFolds(ctx, w.tx, w.folds); err != nil {
		return err
	}
	if err := feedback.AddTallies(ctx, w.tx, w.sums); err != nil {
		return err
	}
	if err := feedback.InsertAsks(ctx, w.tx, w.asks); err != nil {
		return err
	}
	if err := feedback.VoidAsks(ctx, w.tx, w.voids); err != nil {
		return err
	}
	for _, a := range w.asks {
		touch(w.tx, "voucher:"+string(a.VoucherID), "account:"+string(a.AccountID))
	}
	return feedback.InsertShopAsks(ctx, w.tx, w.shops)
}
