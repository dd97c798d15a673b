package custody

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// BankOnce reads what is new on the bank's statements of our two accounts and matches what it can. A bank that does not
// answer is asked again later; nothing else waits for it.
func (c *Custody) BankOnce(ctx context.Context) (bool, error) {
	worked := false
	for _, account := range []string{gateway.AccountCustody, gateway.AccountOperating} {
		n, err := c.readBank(ctx, account)
		if err != nil {
			return worked, err
		}
		worked = worked || n > 0
	}
	n, err := c.matchAll(ctx)
	return worked || n > 0, err
}

func (c *Custody) readBank(ctx context.Context, account string) (int, error) {
	after, err := settlement.Cursor(ctx, c.DB, account)
	if err != nil {
		return 0, err
	}
	lines, err := c.Gateway.BankEntries(ctx, account, after)
	if err != nil {
		c.Log.Warn("bank statement not read", "account", account, "error", err)
		return 0, nil
	}
	lines = lines[:min(len(lines), entriesAtOnce)]
	entries := make([]settlement.Entry, len(lines))
	for i, l := range lines {
		entries[i] = settlement.Entry{ID: l.ID, Account: account, Reference: l.Ref, Amount: l.Amount, Balance: l.Balance,
			Kind: l.Kind, Memo: l.Memo, At: l.At}
	}
	err = c.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := settlement.Keep(ctx, tx, account, after, entries)
		return err
	})
	return len(entries), err
}

// matchAll tries every line that nothing explains yet, and gives the number that found their reason.
func (c *Custody) matchAll(ctx context.Context) (int, error) {
	matched := 0
	for after := (settlement.Entry{}); ; {
		list, err := settlement.UnmatchedAfter(ctx, c.DB, after, entriesAtOnce)
		if err != nil || len(list) == 0 {
			return matched, err
		}
		for _, e := range list {
			var ok bool
			err := c.DB.Write(ctx, func(tx *db.Tx) (err error) {
				ok, err = c.match(ctx, tx, e)
				return err
			})
			if err != nil {
				return matched, err
			}
			if ok {
				matched++
			}
			after = e
		}
	}
}

// match finds what explains a line of the bank's statement and books it; false leaves it in the list.
func (c *Custody) match(ctx context.Context, tx *db.Tx, e settlement.Entry) (bool, error) {
	id, payout := settlement.PayoutOf(e.Reference)
	custody := e.Account == gateway.AccountCustody
	_, interest := payment.InterestOf(e.Reference)
	switch {
	case custody && interest:
		return c.matchInterest(ctx, tx, e)
	case custody && payout && e.Kind == gateway.EntryTransfer:
		entry, ok, err := c.Settle.Arrived(ctx, tx, id, e)
		if err != nil || !ok {
			return false, err
		}
		return true, c.explain(ctx, tx, e, entry)
	case custody && payout && e.Kind == gateway.EntryReturn:
		ok, err := c.Settle.Returned(ctx, tx, id, e)
		if err != nil || !ok {
			return false, err
		}
		return true, settlement.Match(ctx, tx, e.ID, ledger.PayoutConfirmedScope(id)+"/returned", "")
	case settlement.IsTransfer(e.Reference) && e.Kind == gateway.EntryTransfer:
		return c.transferred(ctx, tx, e)
	case custody && e.Kind == gateway.EntrySettlement:
		return c.settledByBank(ctx, tx, e)
	case !custody && e.Kind == gateway.EntryDeposit && e.Amount > 0:
		// What comes into the operator's own account from outside is the operator's own money.
		opening := ledger.Opening(e.ID, e.Amount)
		return true, c.explain(ctx, tx, e, opening)
	}
	return false, nil
}

// matchInterest books a transfer to a buyer, or its return.
func (c *Custody) matchInterest(ctx context.Context, tx *db.Tx, e settlement.Entry) (bool, error) {
	if e.Kind == gateway.EntryReturn {
		ok, err := c.Interest.Returned(ctx, tx, e)
		if err != nil || !ok {
			return false, err
		}
		scope := ledger.PayoutConfirmedScope(market.PayoutID(e.Reference)) + "/returned"
		return true, settlement.Match(ctx, tx, e.ID, scope, "")
	}
	entry, ok, err := c.Interest.Arrived(ctx, tx, e)
	if err != nil || !ok {
		return false, err
	}
	return true, c.explain(ctx, tx, e, entry)
}

// explain books a line of the bank's statement and notes which entry did.
func (c *Custody) explain(ctx context.Context, tx *db.Tx, e settlement.Entry, entries ...ledger.Entry) error {
	if err := settlement.Match(ctx, tx, e.ID, entries[0].Scope, ""); err != nil {
		return err
	}
	tx.Touch("console", db.Micros(tx.Now()))
	return ledger.Post(ctx, tx, entries)
}

// settledByBank is R18: the bank has what the gateway's settlement file of the day says, net of the fee.
func (c *Custody) settledByBank(ctx context.Context, tx *db.Tx, e settlement.Entry) (bool, error) {
	day, ok := settlement.SettlementDay(e.Reference)
	if !ok {
		return false, nil
	}
	run, _, err := settlement.OpenRun(ctx, tx, settlement.RunGateway, day, tx.Now())
	if err != nil || !run.Over() {
		return false, err // the file is not read to its end
	}
	rows, err := payment.SettledOn(ctx, tx, c.GatewayName, day)
	if err != nil {
		return false, err
	}
	sum := payment.SumSettled(rows)
	if len(rows) == 0 || sum.Net != e.Amount {
		return false, nil
	}
	// The bank may pay after the file's day was closed without it.
	late := settlement.DifferenceID(settlement.SourceSettlement, e.Reference, settlement.MissingThere)
	if _, err := settlement.Resolve(ctx, tx, late, market.System().Key(), ""); err != nil {
		return false, err
	}
	return true, c.explain(ctx, tx, e, c.settled(day, sum))
}

func (c *Custody) settled(day string, sum payment.SettledRow) ledger.Entry {
	return ledger.Settled(ledger.Settlement{Gateway: c.GatewayName, SettlementID: day, Gross: sum.Gross, Fee: sum.Fee,
		FeeVAT: sum.FeeVAT})
}

// AcceptCmd names a line of the bank's statement and what the operator found it to be.
type AcceptCmd struct {
	EntryID string
	Reason  string
}

// AcceptEntry books a line that nothing explains, by the operator's word: money into custody from outside is the
// operator's own; a settlement that differs from its file is booked as the bank has it, and the difference stays owed
// by the gateway.
func (c *Custody) AcceptEntry(ctx context.Context, actor market.Actor, cmd AcceptCmd) error {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return err
	}
	reason, err := settlement.CheckReason(cmd.Reason)
	if err != nil {
		return err
	}
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		e, err := settlement.FindEntry(ctx, tx, cmd.EntryID)
		if err != nil {
			return err
		}
		entries, err := c.byWord(ctx, tx, e)
		if err != nil {
			return err
		}
		if err := settlement.Match(ctx, tx, e.ID, entries[0].Scope, reason); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, audit.Act{Action: string(right.ConsoleMoney), Resource: e.ID,
			Detail: reason}); err != nil {
			return err
		}
		tx.Touch("console", db.Micros(tx.Now()))
		return ledger.Post(ctx, tx, entries)
	})
}

func (c *Custody) byWord(ctx context.Context, tx *db.Tx, e settlement.Entry) ([]ledger.Entry, error) {
	day, ok := settlement.SettlementDay(e.Reference)
	switch {
	case ok && e.Account == gateway.AccountCustody && e.Kind == gateway.EntrySettlement:
		rows, err := payment.SettledOn(ctx, tx, c.GatewayName, day)
		if err != nil {
			return nil, err
		}
		return []ledger.Entry{c.settled(day, payment.SumSettled(rows).Paying(e.Amount))}, nil
	case e.Account == gateway.AccountCustody && e.Kind == gateway.EntryDeposit && e.Amount > 0:
		return []ledger.Entry{ledger.Opening(e.ID, e.Amount),
			ledger.ToppedUp(ledger.Transfer{ID: e.ID, Amount: e.Amount})}, nil
	}
	return nil, settlement.ErrNotMatched
}
