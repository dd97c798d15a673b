package settle

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// PayoutsOnce makes the payouts of a business day, for some merchants at a time. Who is held is decided here; what goes
// out is sent by a job of its own.
func (s *Settle) PayoutsOnce(ctx context.Context) (bool, error) {
	now := s.Now()
	day, known, open := s.Times(now).PayoutDay(now)
	if !open {
		return false, nil
	}
	run, over, err := settlement.OpenRun(ctx, s.DB, settlement.RunPayouts, day, now)
	if err != nil || over {
		return false, err
	}
	if run.Fresh() {
		if err := s.releaseRebanked(ctx); err != nil {
			return false, err
		}
	}
	merchants, err := settlement.PayableMerchants(ctx, s.DB, day, market.MerchantID(run.Cursor), merchantsAtOnce)
	if err != nil {
		return false, err
	}
	looked, err := s.checked(ctx)
	if err != nil {
		return false, err
	}
	after, made := run.Cursor, int64(0)
	for _, id := range merchants {
		plan := settlement.Plan{MerchantID: id, Day: day, Books: looked.Err(), TableEnded: !known}
		one, err := s.makePayout(ctx, plan)
		if err != nil {
			return false, err
		}
		after, made = string(id), made+one
	}
	return true, s.Advance(ctx, run, settlement.Progress{Cursor: after, Done: made,
		Over: len(merchants) < merchantsAtOnce})
}

// makePayout makes a merchant's payout of a day unless it was made, and gives 1 when it did.
func (s *Settle) makePayout(ctx context.Context, plan settlement.Plan) (made int64, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		made = 0
		if err := settlement.Lock(ctx, tx, plan.MerchantID); err != nil {
			return err
		}
		if has, err := settlement.HasPayout(ctx, tx, plan.MerchantID, plan.Day); err != nil || has {
			return err
		}
		if plan.Amount, err = settlement.Payable(ctx, tx, plan.MerchantID, plan.Day); err != nil || plan.Amount <= 0 {
			return err
		}
		if err := fill(ctx, tx, &plan); err != nil {
			return err
		}
		p := plan.Payout(market.PayoutID(tx.NewID(market.PrefixPayout)))
		if err := settlement.Make(ctx, tx, p); err != nil {
			return err
		}
		made = 1
		moved(tx, p)
		return nil
	})
	return made, err
}

// fill adds what decides on a payout: where to, how much at most, and whether our own books agree about the merchant.
func fill(ctx context.Context, tx *db.Tx, plan *settlement.Plan) error {
	plan.Now = tx.Now()
	shops, err := settlement.LoadShops(ctx, tx, []market.MerchantID{plan.MerchantID})
	if err != nil {
		return err
	}
	plan.Bank = shops[plan.MerchantID].Bank
	if plan.Limit, err = settlement.Limit(ctx, tx); err != nil || plan.Books != nil {
		return err
	}
	standing, err := settlement.Standing(ctx, tx, plan.MerchantID)
	if err != nil {
		return err
	}
	booked, err := ledger.Balance(ctx, tx, ledger.Payable, string(plan.MerchantID))
	plan.Books = settlement.Agree(plan.MerchantID, standing, booked)
	return err
}

// moved tells of a payout's new state, and enqueues the sending of one that is due.
func moved(tx *db.Tx, p settlement.Payout) {
	tx.Emit(event.Of(event.PayoutMoved{PayoutID: p.ID, MerchantID: p.MerchantID, To: string(p.State),
		Amount: p.Amount}, p.Version))
	touch(tx, p.MerchantID)
	if p.Due() {
		tx.Enqueue(db.Job{Kind: event.JobPayoutSend, Payload: event.PayoutJob{PayoutID: p.ID}})
	}
}

// releaseRebanked lets payouts go whose merchant has named another bank account since.
func (s *Settle) releaseRebanked(ctx context.Context) error {
	for after := market.PayoutID(""); ; {
		held, err := settlement.Payouts(ctx, s.DB, settlement.PayoutHeld, after, merchantsAtOnce)
		if err != nil || len(held) == 0 {
			return err
		}
		for _, p := range held {
			after = p.ID
			err := s.DB.Write(ctx, func(tx *db.Tx) error {
				shops, err := settlement.LoadShops(ctx, tx, []market.MerchantID{p.MerchantID})
				if err != nil || !p.NewBank(shops[p.MerchantID].Bank) {
					return err
				}
				return release(ctx, tx, p)
			})
			if err != nil {
				return err
			}
		}
	}
}

// release makes a held payout due, to the account that its merchant has now.
func release(ctx context.Context, tx *db.Tx, p settlement.Payout) error {
	if err := settlement.Lock(ctx, tx, p.MerchantID); err != nil {
		return err
	}
	shops, err := settlement.LoadShops(ctx, tx, []market.MerchantID{p.MerchantID})
	if err != nil {
		return err
	}
	bank := shops[p.MerchantID].Bank
	if !bank.Complete() {
		return settlement.ErrBank
	}
	if ok, err := settlement.Release(ctx, tx, p.ID, bank); err != nil || !ok {
		return orState(err)
	}
	if p, err = settlement.FindPayout(ctx, tx, p.ID); err != nil {
		return err
	}
	moved(tx, p)
	return nil
}

// orState is the answer when a guard answered no row: the state does not allow it any more.
func orState(err error) error {
	if err != nil {
		return err
	}
	return settlement.ErrState
}

// Hold stops a payout that the bank was not asked for, with a reason that the merchant reads.
func (s *Settle) Hold(
	ctx context.Context, actor market.Actor, id market.PayoutID, reason string,
) (settlement.Payout, error) {
	reason, err := settlement.CheckReason(reason)
	if err != nil {
		return settlement.Payout{}, err
	}
	return s.byOperator(ctx, actor, id, func(tx *db.Tx, _ settlement.Payout) (string, error) {
		ok, err := settlement.Hold(ctx, tx, id, actor.AccountID, reason)
		if err != nil || !ok {
			return reason, orState(err)
		}
		held, err := settlement.FindPayout(ctx, tx, id)
		if err == nil {
			moved(tx, held)
		}
		return reason, err
	})
}

// Release lets a held payout go, whatever held it, to the account that its merchant has now.
func (s *Settle) Release(ctx context.Context, actor market.Actor, id market.PayoutID) (settlement.Payout, error) {
	return s.byOperator(ctx, actor, id, func(tx *db.Tx, p settlement.Payout) (string, error) {
		return "released", release(ctx, tx, p)
	})
}

// byOperator runs the operator's verb on a payout and writes it down.
func (s *Settle) byOperator(
	ctx context.Context, actor market.Actor, id market.PayoutID,
	do func(*db.Tx, settlement.Payout) (detail string, err error),
) (p settlement.Payout, err error) {
	if err := right.Check(actor, right.StatementHold, right.Resource{}); err != nil {
		return p, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if p, err = settlement.FindPayout(ctx, tx, id); err != nil {
			return err
		}
		detail, err := do(tx, p)
		if err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, audit.Act{Action: string(right.StatementHold), Resource: string(id),
			Detail: detail}); err != nil {
			return err
		}
		p, err = settlement.FindPayout(ctx, tx, id)
		return err
	})
	return p, err
}

// SetPayoutLimit chooses the most that goes out in one payout by itself, in won.
func (s *Settle) SetPayoutLimit(ctx context.Context, actor market.Actor, won int64) error {
	if err := right.Check(actor, right.ConsoleSetting, right.Resource{}); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := settlement.SetLimit(ctx, tx, won, actor.Key()); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Act{Action: "settlement.payout_limit", Resource: "payout_limit",
			Detail: won})
	})
}
