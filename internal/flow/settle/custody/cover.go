package custody

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// SegregateOnce writes the equation between clients' money and what is owed to them down for the last day that is over,
// once its statements are issued. What is missing becomes a dated task.
func (c *Custody) SegregateOnce(ctx context.Context) (bool, error) {
	now := c.Now()
	day := c.Times(now).LastDay(now)
	stated, _, err := settlement.OpenRun(ctx, c.DB, settlement.RunDrafts, day, now)
	if err != nil || !stated.Over() {
		return false, err
	}
	run, over, err := settlement.OpenRun(ctx, c.DB, settlement.RunSegregation, day, now)
	if err != nil || over {
		return false, err
	}
	return true, c.DB.Write(ctx, func(tx *db.Tx) error {
		due := c.Times(now).DueDay(now, policy.At(now).Custody.TopUpBusinessDays)
		row, err := ledger.Segregate(ctx, tx, ledger.Checkpoint{Day: day, DueDay: due, Custody: covered(now)})
		if err != nil {
			return err
		}
		if row.Broken() {
			c.Log.Error("clients' money is not covered", "day", day, "owed", row.Liabilities, "there", row.Assets)
		}
		tx.Touch("console", db.Micros(tx.Now()))
		_, err = settlement.Advance(ctx, tx, run, settlement.Progress{Done: 1, Over: true})
		return err
	})
}

// SweepOnce takes commission that is past its statements out of custody, after the payouts of a business day.
func (c *Custody) SweepOnce(ctx context.Context) (bool, error) {
	now := c.Now()
	paid, err := settlement.LastRun(ctx, c.DB, settlement.RunPayouts)
	if errors.Is(err, settlement.ErrNotFound) || err == nil && (!paid.Over() || !paid.Of(bizday.Day(now))) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	run, over, err := settlement.OpenRun(ctx, c.DB, settlement.RunSweep, paid.Day, now)
	if err != nil || over {
		return false, err
	}
	return true, c.DB.Write(ctx, func(tx *db.Tx) error {
		limit, err := sweepLimit(ctx, tx, tx.Now())
		if err != nil {
			return err
		}
		if limit > 0 {
			if _, err := transfer(ctx, tx, market.System(), settlement.Sweep, limit); err != nil {
				return err
			}
		}
		_, err = settlement.Advance(ctx, tx, run, settlement.Progress{Done: 1, Over: true})
		return err
	})
}

// sweepLimit is the most that may leave custody for the operator now, in won.
func sweepLimit(ctx context.Context, q db.Querier, now time.Time) (int64, error) {
	totals, err := ledger.Sum(ctx, q)
	if err != nil {
		return 0, err
	}
	stated, err := settlement.Stated(ctx, q)
	if err != nil {
		return 0, err
	}
	inFlight, err := settlement.InFlight(ctx, q, settlement.Sweep)
	if err != nil {
		return 0, err
	}
	promised, err := settlement.PromisedAll(ctx, q)
	if err != nil {
		return 0, err
	}
	limit := totals.SweepLimit(ledger.Sweep{Custody: covered(now), Stated: stated, InFlight: inFlight})
	return settlement.Sweepable(limit, totals.Balance(ledger.BankCustody), promised,
		totals.Balance(ledger.PayoutTransit)), nil
}

// SweepNow takes commission out of custody by hand; no amount is all that may leave.
func (c *Custody) SweepNow(ctx context.Context, actor market.Actor, won int64) (settlement.Transfer, error) {
	return c.move(ctx, actor, func(tx *db.Tx) (settlement.Transfer, error) {
		limit, err := sweepLimit(ctx, tx, tx.Now())
		if err != nil {
			return settlement.Transfer{}, err
		}
		if won, err = settlement.Within(settlement.Asked(won, limit, 0), limit, settlement.ErrSweep); err != nil {
			return settlement.Transfer{}, err
		}
		return transfer(ctx, tx, actor, settlement.Sweep, won)
	})
}

// TopUp fills the operator's buffer in custody; no amount is what the equation misses now. The books change when the
// bank confirms it.
func (c *Custody) TopUp(ctx context.Context, actor market.Actor, won int64) (settlement.Transfer, error) {
	return c.move(ctx, actor, func(tx *db.Tx) (settlement.Transfer, error) {
		totals, err := ledger.Sum(ctx, tx)
		if err != nil {
			return settlement.Transfer{}, err
		}
		inFlight, err := settlement.InFlight(ctx, tx, settlement.TopUp)
		if err != nil {
			return settlement.Transfer{}, err
		}
		limit := settlement.Sweepable(totals.Balance(ledger.BankOperating), totals.Balance(ledger.BankOperating),
			inFlight, 0)
		asked := settlement.Asked(won, totals.Segregate(covered(tx.Now())).TopUp, inFlight)
		if won, err = settlement.Within(asked, limit, settlement.ErrTopUp); err != nil {
			return settlement.Transfer{}, err
		}
		return transfer(ctx, tx, actor, settlement.TopUp, won)
	})
}

// move runs a finance person's transfer between our own accounts.
func (c *Custody) move(
	ctx context.Context, actor market.Actor, do func(*db.Tx) (settlement.Transfer, error),
) (t settlement.Transfer, err error) {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return t, err
	}
	err = c.DB.Write(ctx, func(tx *db.Tx) error {
		if t, err = do(tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Act{Action: "settlement." + string(t.Purpose), Resource: t.ID,
			Detail: t.Amount})
	})
	return t, err
}

func transfer(
	ctx context.Context, tx *db.Tx, actor market.Actor, purpose settlement.Purpose, won int64,
) (settlement.Transfer, error) {
	t, err := settlement.InsertTransfer(ctx, tx, purpose, won, actor.Key())
	if err != nil {
		return t, err
	}
	tx.Enqueue(db.Job{Kind: event.JobTransferSend, Key: t.ID, Payload: event.TransferJob{TransferID: t.ID}})
	tx.Touch("console", db.Micros(tx.Now()))
	return t, nil
}

// SendTransfer asks the bank to move money between our own accounts, under a reference that makes it happen once.
func (c *Custody) SendTransfer(ctx context.Context, id string) error {
	t, err := settlement.FindTransfer(ctx, c.DB, id)
	if err != nil || t.Ended() {
		return err
	}
	if err := c.endTransfer(ctx, id, settlement.TransferSent, ""); err != nil {
		return err
	}
	request := gateway.TransferRequest{Ref: t.ID, From: gateway.AccountCustody, ToAccount: gateway.AccountOperating,
		Amount: t.Amount, Memo: "두레 수수료"}
	if t.Fills() {
		request.From, request.ToAccount, request.Memo = request.ToAccount, request.From, "두레 보충"
	}
	answer := c.Ask(ctx, request)
	if answer.Never {
		return c.endTransfer(ctx, id, settlement.TransferFailed, answer.Code)
	}
	if answer.Err != nil {
		return fmt.Errorf("transfer %s: %w", id, answer.Err)
	}
	return nil
}

func (c *Custody) endTransfer(ctx context.Context, id string, to settlement.TransferState, code string) error {
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Touch("console", db.Micros(tx.Now()))
		_, err := settlement.MoveTransfer(ctx, tx, id, to, code)
		return err
	})
}

// LateOnce looks up transfers between our own accounts that have been on their way for a while.
func (c *Custody) LateOnce(ctx context.Context) (bool, error) {
	list, err := settlement.LateTransfers(ctx, c.DB, c.Now().Add(-settle.LateAfter), entriesAtOnce)
	if err != nil {
		return false, err
	}
	worked := false
	for _, t := range list {
		got, err := c.Gateway.LookupTransfer(ctx, t.ID)
		if err != nil || got.Status != gateway.TransferFailed {
			continue
		}
		if err := c.endTransfer(ctx, t.ID, settlement.TransferFailed, got.FailureCode); err != nil {
			return worked, err
		}
		worked = true
	}
	return worked, nil
}

// transferred books a transfer between our own accounts with the first of its two lines; the second names the same
// entry.
func (c *Custody) transferred(ctx context.Context, tx *db.Tx, e settlement.Entry) (bool, error) {
	t, err := settlement.FindTransfer(ctx, tx, e.Reference)
	if errors.Is(err, settlement.ErrNotFound) {
		return false, nil
	}
	if err != nil || t.Failed() || !t.Explains(e, e.Account == gateway.AccountCustody) {
		return false, err
	}
	one := ledger.Transfer{ID: t.ID, Amount: t.Amount}
	entry := ledger.Swept(one)
	if t.Fills() {
		entry = ledger.ToppedUp(one)
	}
	if t.Ended() {
		return true, settlement.Match(ctx, tx, e.ID, entry.Scope, "")
	}
	if ok, err := settlement.MoveTransfer(ctx, tx, t.ID, settlement.TransferConfirmed, ""); err != nil || !ok {
		return false, err
	}
	if err := c.explain(ctx, tx, e, entry); err != nil {
		return false, err
	}
	return true, ledger.CloseTopUps(ctx, tx, covered(tx.Now()))
}

// PayIn brings the operator's own money into the operating account: only the sandbox's bank takes such an order.
func (c *Custody) PayIn(ctx context.Context, actor market.Actor, won int64, reference string) error {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return err
	}
	if c.Simulator == nil {
		return settlement.ErrSandbox
	}
	_, err := c.Simulator.Deposit(ctx, gateway.DepositRequest{Ref: reference, Account: gateway.AccountOperating,
		Memo: "자본금", Amount: won})
	return err
}

// byFinance runs a finance person's word about something, with its reason.
func (c *Custody) byFinance(
	ctx context.Context, actor market.Actor, id, reason string, do func(tx *db.Tx, reason string) error,
) error {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return err
	}
	reason, err := settlement.CheckReason(reason)
	if err != nil {
		return err
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		if err := do(tx, reason); err != nil {
			return err
		}
		tx.Touch("console", db.Micros(tx.Now()))
		return audit.Write(ctx, tx, actor, audit.Act{Action: string(right.ConsoleMoney), Resource: id, Detail: reason})
	})
}
