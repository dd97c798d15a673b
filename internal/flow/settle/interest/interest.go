package interest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// Interest runs the journey.
type Interest struct{ settle.Deps }

// New makes the journey.
func New(deps settle.Deps) *Interest { return &Interest{deps} }

const atOnce = 64

// Workers are the background tasks of the journey.
func (i *Interest) Workers() []queue.Worker {
	return []queue.Worker{
		{Name: "interest.ask", RunOnce: i.AskOnce, Poll: time.Minute},
		{Name: "interest.late", RunOnce: i.LateOnce, Poll: time.Minute},
	}
}

// Send asks the bank for one buyer's interest: intent and posting, call. An error asks the job to come again, with the
// same reference, by which the bank carries it out at most once.
func (i *Interest) Send(ctx context.Context, id string) error {
	owed, err := i.intend(ctx, id)
	if err != nil || !owed.Sent() {
		return err
	}
	answer := i.Ask(ctx, gateway.TransferRequest{Ref: owed.Reference(), From: gateway.AccountCustody,
		BankCode: owed.Payee.BankCode, Account: owed.Payee.Number, Holder: owed.Payee.Holder, Amount: owed.Amount,
		Memo: memo(owed)})
	switch {
	case answer.Never:
		return i.GiveBack(ctx, owed.Reference(), answer.Code)
	case answer.Err != nil:
		return fmt.Errorf("interest %s: %w", id, answer.Err)
	}
	return nil
}

// memo is what stands on the person's bank statement.
func memo(owed payment.Interest) string {
	if owed.OfDeposit() {
		return "두레 보증금"
	}
	return "두레 지연이자"
}

// intend writes that the bank is about to be asked, with the first posting of R17; what was written before stays.
func (i *Interest) intend(ctx context.Context, id string) (owed payment.Interest, err error) {
	err = i.DB.Write(ctx, func(tx *db.Tx) error {
		if owed, err = payment.FindInterest(ctx, tx, id); err != nil || !owed.Due() {
			return err
		}
		if ok, err := payment.SendInterest(ctx, tx, id); err != nil || !ok {
			return orState(err)
		}
		if owed, err = payment.FindInterest(ctx, tx, id); err != nil {
			return err
		}
		touch(tx, owed)
		return ledger.Post(ctx, tx, []ledger.Entry{ledger.InterestSent(book(owed))})
	})
	return owed, err
}

func orState(err error) error {
	if err != nil {
		return err
	}
	return settlement.ErrState
}

func book(owed payment.Interest) ledger.Payout {
	return ledger.Payout{About: ledger.About{DealID: owed.DealID, OrderID: owed.OrderID, MerchantID: owed.MerchantID,
		PolicyID: owed.PolicyID}, PayoutID: market.PayoutID(owed.Reference()), Amount: owed.Amount}
}

func touch(tx *db.Tx, owed payment.Interest) {
	version := db.Micros(tx.Now())
	for _, topic := range []string{"order:" + string(owed.OrderID), "account:" + string(owed.AccountID), "console"} {
		tx.Touch(topic, version)
	}
}

// LateOnce looks up interest that has been on its way for a while: a refused transfer leaves no line on our statement.
func (i *Interest) LateOnce(ctx context.Context) (bool, error) {
	list, err := payment.LateInterest(ctx, i.DB, i.Now().Add(-settle.LateAfter), atOnce)
	if err != nil {
		return false, err
	}
	worked := false
	for _, owed := range list {
		t, err := i.Gateway.LookupTransfer(ctx, owed.Reference())
		if err != nil || t.Status != gateway.TransferFailed {
			continue
		}
		if err := i.GiveBack(ctx, owed.Reference(), t.FailureCode); err != nil {
			return worked, err
		}
		worked = true
	}
	return worked, nil
}

// GiveBack ends an attempt that definitely failed: the interest is owed again, and its buyer is asked for another
// account.
func (i *Interest) GiveBack(ctx context.Context, reference, code string) error {
	return i.DB.Write(ctx, func(tx *db.Tx) error {
		owed, ok, err := find(ctx, tx, reference)
		if err != nil || !ok || !owed.Sent() {
			return err
		}
		return takeBack(ctx, tx, owed, code)
	})
}

// find gives the interest whose present attempt a reference names.
func find(ctx context.Context, q db.Querier, reference string) (owed payment.Interest, ok bool, err error) {
	id, ok := payment.InterestOf(reference)
	if !ok {
		return owed, false, nil
	}
	owed, err = payment.FindInterest(ctx, q, id)
	if errors.Is(err, payment.ErrNotFound) {
		return owed, false, nil
	}
	return owed, err == nil && owed.Reference() == reference, err
}

func takeBack(ctx context.Context, tx *db.Tx, owed payment.Interest, code string) error {
	out := market.PayoutID(owed.Reference())
	scopes := []string{ledger.PayoutSentScope(out)}
	if owed.Paid() {
		scopes = []string{ledger.PayoutConfirmedScope(out), scopes[0]}
	}
	entries := make([]ledger.Entry, len(scopes))
	for n, scope := range scopes {
		e, err := ledger.FindScope(ctx, tx, scope)
		if err != nil {
			return err
		}
		entries[n] = ledger.PayoutReturned(e)
	}
	if ok, err := payment.AskAgain(ctx, tx, owed, code); err != nil || !ok {
		return orState(err)
	}
	touch(tx, owed)
	return ledger.Post(ctx, tx, entries)
}

// Arrived is the second step of R17: the bank carried interest out. It gives the entry to post, false when the line of
// the bank's statement is no such thing.
func (i *Interest) Arrived(
	ctx context.Context, tx *db.Tx, e settlement.Entry,
) (entry ledger.Entry, ok bool, err error) {
	owed, ok, err := find(ctx, tx, e.Reference)
	if err != nil || !ok || !owed.Explains(e.Reference, e.Amount) {
		return entry, false, err
	}
	if ok, err := payment.PayInterest(ctx, tx, owed.ID); err != nil || !ok {
		return entry, false, err
	}
	touch(tx, owed)
	return ledger.PayoutConfirmed(book(owed)), true, nil
}

// Returned takes interest back that the bank sent back after it had carried it out; false when the line of the bank's
// statement is no such thing.
func (i *Interest) Returned(ctx context.Context, tx *db.Tx, e settlement.Entry) (bool, error) {
	owed, ok, err := find(ctx, tx, e.Reference)
	if err != nil || !ok || !owed.Restores(e.Reference, e.Amount) {
		return false, err
	}
	return true, takeBack(ctx, tx, owed, settle.ReturnedCode)
}

// enqueue asks for the sending of interest whose account is known.
func enqueue(tx *db.Tx, owed payment.Interest) {
	tx.Enqueue(db.Job{Kind: event.JobInterestSend, Key: owed.Reference(),
		Payload: event.InterestJob{InterestID: owed.ID}})
}
