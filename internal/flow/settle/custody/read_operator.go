package custody

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
)

// Desk is what the operator's money page shows first: everything that waits for a person, and how the money is covered.
type Desk struct {
	Check       check.Result            // the last look at the books: while it is not sound, payouts wait
	Held        []settlement.Payout     // payouts that somebody must let go
	Late        []settlement.Payout     // sent, and no word from the bank for too long
	Objections  []settlement.Apart      // without an answer
	Unmatched   []settlement.Entry      // lines of the bank's statements that nothing explains
	Differences []settlement.Difference // between the gateway's lists and our books
	TopUps      []ledger.SegregationDay // days whose gap is still open
	Debts       []ledger.Item           // what merchants owe
	Refunds     []ledger.Item           // taken by the gateway, not yet seen in its file
	Now         ledger.Segregation      // the equation at this instant
	Sweepable   int64                   // won that may leave custody
	Limit       int64                   // won that goes out in one payout by itself
	HolidayDays int                     // left in the table of holidays
	Transfers   []settlement.Transfer   // the newest
}

// deskRows bounds each list of the desk; normally all are empty.
const deskRows = 50

// Desk gives what waits for the operator.
func (c *Custody) Desk(ctx context.Context, actor market.Actor) (d Desk, err error) {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return d, err
	}
	err = c.DB.Read(ctx, func(r *db.ReadTx) error {
		d = Desk{HolidayDays: c.Calendar.DaysLeft(r.Now())}
		for _, part := range []func(context.Context, *db.ReadTx, *Desk) error{payoutDesk, matchDesk, coverDesk} {
			if err := part(ctx, r, &d); err != nil {
				return err
			}
		}
		return nil
	})
	return d, err
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

func payoutDesk(ctx context.Context, r *db.ReadTx, d *Desk) (err error) {
	limits := policy.At(r.Now()).Custody
	if d.Check, err = check.Last(ctx, r); err != nil {
		return err
	}
	if d.Held, err = settlement.Payouts(ctx, r, settlement.PayoutHeld, "", deskRows); err != nil {
		return err
	}
	before := r.Now().Add(-hours(limits.PayoutTransitHours))
	if d.Late, err = settlement.LatePayouts(ctx, r, before, deskRows); err != nil {
		return err
	}
	if d.Objections, err = settlement.Objections(ctx, r, deskRows); err != nil {
		return err
	}
	if d.Debts, err = ledger.OpenItems(ctx, r, ledger.MerchantReceivable, r.Now(), deskRows); err != nil {
		return err
	}
	d.Limit, err = settlement.Limit(ctx, r)
	return err
}

func matchDesk(ctx context.Context, r *db.ReadTx, d *Desk) (err error) {
	limits := policy.At(r.Now()).Custody
	if d.Unmatched, err = settlement.Unmatched(ctx, r, deskRows); err != nil {
		return err
	}
	if d.Differences, err = settlement.Differences(ctx, r, deskRows); err != nil {
		return err
	}
	before := r.Now().Add(-hours(limits.RefundTransitHours))
	if d.Refunds, err = ledger.OpenItems(ctx, r, ledger.RefundTransit, before, deskRows); err != nil {
		return err
	}
	d.Transfers, err = settlement.Transfers(ctx, r, "", deskRows)
	return err
}

func coverDesk(ctx context.Context, r *db.ReadTx, d *Desk) (err error) {
	totals, err := ledger.Sum(ctx, r)
	if err != nil {
		return err
	}
	d.Now = totals.Segregate(covered(r.Now()))
	if d.Sweepable, err = sweepLimit(ctx, r, r.Now()); err != nil {
		return err
	}
	d.TopUps, err = ledger.OpenTopUps(ctx, r)
	return err
}

// Runs lists what is done once a day of a kind, the youngest first: how far it came.
func (c *Custody) Runs(
	ctx context.Context, actor market.Actor, kind settlement.RunKind, limit int,
) ([]settlement.Run, error) {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return nil, err
	}
	return settlement.Runs(ctx, c.DB, kind, limit)
}

// PayoutList lists payouts of all merchants in a state, after an id, the oldest first.
func (c *Custody) PayoutList(
	ctx context.Context, actor market.Actor, state settlement.PayoutState, after market.PayoutID, limit int,
) ([]settlement.Payout, error) {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return nil, err
	}
	return settlement.Payouts(ctx, c.DB, state, after, limit)
}

// BankLines lists what the bank's statement of one of our accounts says, before a line, newest first.
func (c *Custody) BankLines(
	ctx context.Context, actor market.Actor, account, before string, limit int,
) ([]settlement.Entry, error) {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return nil, err
	}
	return settlement.Entries(ctx, c.DB, account, before, limit)
}

// Cover is what everybody may know about the clients' money.
type Cover struct {
	Days []ledger.SegregationDay // newest first
	Now  ledger.Segregation
}

// Cover gives the equation now and on the days before one, "" for the newest: the public page shows it.
func (c *Custody) Cover(ctx context.Context, before string, limit int) (out Cover, err error) {
	err = c.DB.Read(ctx, func(r *db.ReadTx) error {
		totals, err := ledger.Sum(ctx, r)
		if err != nil {
			return err
		}
		out.Now = totals.Segregate(covered(r.Now()))
		out.Days, err = ledger.SegregationDays(ctx, r, before, limit)
		return err
	})
	return out, err
}
