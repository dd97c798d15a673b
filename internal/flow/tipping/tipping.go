package tipping

import (
	"context"
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Tipping runs the journey.
type Tipping struct{ DB *db.DB }

// New makes the journey.
func New(d *db.DB) *Tipping { return &Tipping{DB: d} }

// ErrWait tells a job to come again after WaitTime: something must happen first.
var ErrWait = errors.New("tipping: not yet")

// WaitTime is how long a closing deal waits before it looks for open holds again.
const WaitTime = 10 * time.Second

const chunk = 128

// Open begins the sale at its instant.
func (t *Tipping) Open(ctx context.Context, id market.DealID) error {
	return t.move(ctx, id, deal.Scheduled, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		to, err := deal.Next(d.State, deal.ActOpen, deal.ByClock)
		tx.Enqueue(db.Job{Kind: event.JobNotify, Key: string(id), Payload: event.DealJob{DealID: id}})
		return deal.Step{To: to}, err
	})
}

// Close ends the window: no new holds. An extended sale has a later end and passes this by.
func (t *Tipping) Close(ctx context.Context, id market.DealID) error {
	return t.move(ctx, id, deal.OnSale, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		if tx.Now().Before(d.EndsAt) {
			return deal.Step{}, errPass
		}
		to, err := deal.Next(d.State, deal.ActClose, deal.ByClock)
		tx.Enqueue(db.Job{Kind: event.JobDealDecide, Key: deal.CloseKey(id, d.EndsAt),
			Payload: event.DealJob{DealID: id}})
		return deal.Step{To: to}, err
	})
}

// Decide judges a closing sale once its last hold is gone; ErrWait until then.
func (t *Tipping) Decide(ctx context.Context, id market.DealID) error {
	return t.move(ctx, id, deal.Closing, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		switch d.Decide() {
		case deal.DecideEnd:
			to, err := deal.Next(d.State, deal.ActEnd, deal.ByClock)
			return deal.Step{To: to, Decided: true}, err
		case deal.DecideAsk:
			to, err := deal.Next(d.State, deal.ActAsk, deal.ByClock)
			until := tx.Now().Add(deal.AskTime)
			tx.Enqueue(db.Job{Kind: event.JobDealAskOver, Key: string(id), Payload: event.DealJob{DealID: id}, Due: until})
			return deal.Step{To: to, AskUntil: until}, err
		case deal.DecideFail:
			return t.fail(tx, d, "not_tipped")
		case deal.DecideWait:
		}
		return deal.Step{}, ErrWait
	})
}

// AskOver fails a short sale whose merchant did not answer in time.
func (t *Tipping) AskOver(ctx context.Context, id market.DealID) error {
	return t.move(ctx, id, deal.Asking, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		return t.fail(tx, d, "not_tipped")
	})
}

func (t *Tipping) fail(tx *db.Tx, d deal.Deal, cause string) (deal.Step, error) {
	to, err := deal.Next(d.State, deal.ActFail, deal.ByClock)
	tx.Emit(event.Of(event.DealFailed{DealID: d.ID, MerchantID: d.MerchantID, Cause: cause}, d.Version+1))
	tx.Enqueue(db.Job{Kind: event.JobDealRefund, Key: string(d.ID),
		Payload: event.DealJob{DealID: d.ID, Cause: "failed_to_tip"}})
	return deal.Step{To: to, Decided: true}, err
}

// errPass ends a job that has nothing to do any more.
var errPass = errors.New("tipping: nothing to do")

// move runs one step of the clock on a deal that is in the expected state; in any other it has been done before.
func (t *Tipping) move(
	ctx context.Context, id market.DealID, from deal.State, fn func(*db.Tx, deal.Deal) (deal.Step, error),
) error {
	err := t.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := deal.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if !d.In(from) {
			return errPass
		}
		step, err := fn(tx, d)
		if err != nil {
			return err
		}
		return apply(ctx, tx, market.System(), d, step)
	})
	if errors.Is(err, errPass) {
		return nil
	}
	return err
}

// apply writes a step, tells of it and moves the screens.
func apply(ctx context.Context, tx *db.Tx, actor market.Actor, d deal.Deal, step deal.Step) error {
	step.ID, step.From = d.ID, d.State
	ok, err := deal.Move(ctx, tx, step)
	if err != nil {
		return err
	}
	if !ok {
		return deal.ErrChanged
	}
	if err := deal.Log(ctx, tx, deal.LogLine{DealID: d.ID, Actor: actor.Key(), Action: string(step.To),
		Public: true}); err != nil {
		return err
	}
	tx.Emit(event.Of(event.DealMoved{DealID: d.ID, MerchantID: d.MerchantID, From: string(d.State),
		To: string(step.To)}, d.Version+1))
	version := db.Micros(tx.Now())
	for _, topic := range []string{"deal:" + string(d.ID), "merchant:" + string(d.MerchantID), "console"} {
		tx.Touch(topic, version)
	}
	return nil
}

// Activate makes the vouchers of a tipped deal usable, one chunk a transaction, until none is left.
func (t *Tipping) Activate(ctx context.Context, id market.DealID) error {
	for {
		var n int
		err := t.DB.Write(ctx, func(tx *db.Tx) error {
			n = 0
			if ok, err := deal.HasTipped(ctx, tx, id); err != nil || !ok {
				return err
			}
			list, err := voucher.IssuedOf(ctx, tx, id, chunk)
			if err != nil {
				return err
			}
			n = len(list)
			return activate(ctx, tx, list)
		})
		if err != nil || n < chunk {
			return err
		}
	}
}

func activate(ctx context.Context, tx *db.Tx, list []voucher.Voucher) error {
	passed, err := voucher.Activate(ctx, tx, list)
	if err != nil {
		return err
	}
	policies, err := policiesOf(ctx, tx, list)
	if err != nil {
		return err
	}
	entries := make([]ledger.Entry, 0, len(list))
	version := db.Micros(tx.Now())
	for _, v := range list {
		if !passed[v.ID] {
			continue
		}
		entries = append(entries, ledger.Tipped(ledger.Tip{About: ledger.About{DealID: v.DealID, OrderID: v.OrderID,
			VoucherID: v.ID, MerchantID: v.MerchantID, PolicyID: policies[v.OrderID]}, Price: v.Price}))
		tx.Emit(event.Of(event.VoucherActivated{VoucherID: v.ID, OrderID: v.OrderID, DealID: v.DealID,
			MerchantID: v.MerchantID, AccountID: v.AccountID}, v.Version+1))
		tx.Touch("voucher:"+string(v.ID), version)
		tx.Touch("account:"+string(v.AccountID), version)
	}
	return ledger.Post(ctx, tx, entries)
}

// policiesOf gives the policies under which vouchers were bought.
func policiesOf(ctx context.Context, tx *db.Tx, list []voucher.Voucher) (map[market.OrderID]string, error) {
	ids := make([]market.OrderID, len(list))
	for i, v := range list {
		ids[i] = v.OrderID
	}
	return order.PoliciesOf(ctx, tx, ids)
}

// Accept lowers the point in public to what was reached: the deal tips with those who paid.
func (t *Tipping) Accept(ctx context.Context, actor market.Actor, id market.DealID) (deal.Deal, error) {
	return t.answer(ctx, actor, id, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		to, err := deal.Next(d.State, deal.ActAccept, deal.ByMerchant)
		if err != nil {
			return deal.Step{}, err
		}
		if err := deal.LowerPoint(ctx, tx, id); err != nil {
			return deal.Step{}, err
		}
		tx.Emit(event.Of(event.DealTipped{DealID: id, MerchantID: d.MerchantID, Progress: d.Progress(),
			Threshold: d.Progress()}, d.Version+1))
		tx.Enqueue(db.Job{Kind: event.JobDealActivate, Key: string(id) + ":accepted", Payload: event.DealJob{DealID: id}})
		return deal.Step{To: to, Decided: true, Tipped: true}, nil
	})
}

// Extend lets a short sale go on once, until the given end; leaving stays free.
func (t *Tipping) Extend(
	ctx context.Context, actor market.Actor, id market.DealID, until time.Time,
) (deal.Deal, error) {
	return t.answer(ctx, actor, id, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		to, err := deal.Next(d.State, deal.ActExtend, deal.ByMerchant)
		if err != nil {
			return deal.Step{}, err
		}
		if err := d.MayExtend(tx.Now(), until); err != nil {
			return deal.Step{}, err
		}
		tx.Enqueue(db.Job{Kind: event.JobDealClose, Key: deal.CloseKey(id, until), Payload: event.DealJob{DealID: id},
			Due: until})
		window := deal.Publicity(d.StartsAt, until, time.Time{}, d.StartsAt)
		return deal.Step{To: to, EndsAt: until, Extended: true, PublicUntil: window.Until}, nil
	})
}

// Refuse lets a short sale fail at once instead of after the day.
func (t *Tipping) Refuse(ctx context.Context, actor market.Actor, id market.DealID) (deal.Deal, error) {
	return t.answer(ctx, actor, id, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		return t.fail(tx, d, "not_tipped")
	})
}

func (t *Tipping) answer(
	ctx context.Context, actor market.Actor, id market.DealID, fn func(*db.Tx, deal.Deal) (deal.Step, error),
) (deal.Deal, error) {
	return t.act(ctx, actor, right.DealDecideShort, id, fn)
}

// act runs a person's step on a deal under a right, and gives the deal as it then stands.
func (t *Tipping) act(
	ctx context.Context, actor market.Actor, action right.Action, id market.DealID,
	fn func(*db.Tx, deal.Deal) (deal.Step, error),
) (deal.Deal, error) {
	var d deal.Deal
	err := t.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if d, err = deal.Find(ctx, tx, id); err != nil {
			return err
		}
		if err := right.Check(actor, action, right.Of(d.MerchantID)); err != nil {
			return err
		}
		step, err := fn(tx, d)
		if err != nil {
			return err
		}
		if err := apply(ctx, tx, actor, d, step); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, audit.Act{Action: string(action), Resource: string(id),
			Detail: string(step.To)}); err != nil {
			return err
		}
		d, err = deal.Find(ctx, tx, id)
		return err
	})
	return d, err
}

// Cancel ends a scheduled or running sale by the operator, with a reason; everybody who paid is refunded.
func (t *Tipping) Cancel(ctx context.Context, actor market.Actor, id market.DealID, reason string) (deal.Deal, error) {
	return t.act(ctx, actor, right.DealCancel, id, func(tx *db.Tx, d deal.Deal) (deal.Step, error) {
		if err := deal.CheckReason(reason); err != nil {
			return deal.Step{}, err
		}
		to, err := deal.Next(d.State, deal.ActCancel, deal.ByOperator)
		if err != nil {
			return deal.Step{}, err
		}
		tx.Emit(event.Of(event.DealFailed{DealID: id, MerchantID: d.MerchantID, Cause: "cancelled"}, d.Version+1))
		tx.Enqueue(db.Job{Kind: event.JobDealRefund, Key: string(id),
			Payload: event.DealJob{DealID: id, Cause: "deal_cancelled"}})
		return deal.Step{To: to, Decided: true, ReturnReason: reason}, nil
	})
}
