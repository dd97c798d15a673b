package settle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// Send asks the bank for one payout: intent and posting, call, outcome. An error asks the job to come again, with the
// same reference, by which the bank carries it out at most once.
func (s *Settle) Send(ctx context.Context, id market.PayoutID) error {
	p, err := s.intend(ctx, id)
	if err != nil || !p.Sent() {
		return err
	}
	answer := s.Ask(ctx, gateway.TransferRequest{Ref: p.Reference(), From: gateway.AccountCustody,
		BankCode: p.Bank.BankCode, Account: p.Bank.Number, Holder: p.Bank.Holder, Amount: p.Amount, Memo: "두레 정산"})
	switch {
	case answer.Never:
		return s.GiveBack(ctx, p.ID, answer.Code)
	case answer.Err != nil:
		return errors.Join(fmt.Errorf("payout %s: %w", id, answer.Err), s.trouble(ctx, id, answer.Code))
	}
	return s.trouble(ctx, id, "")
}

// Answer is what is known after the bank was asked for a transfer.
type Answer struct {
	Never bool   // it did not happen, and never will under this reference
	Code  string // why not, or why not yet
	Err   error  // why nothing is known yet: ask again with the same reference
}

// Ask instructs the bank and, when its answer is lost, looks for what became of it.
func (d Deps) Ask(ctx context.Context, request gateway.TransferRequest) Answer {
	t, err := d.Gateway.Transfer(ctx, request)
	if gateway.OutcomeOf(err) == gateway.Unknown {
		// Not found is not "never": the first call may still be under way. Asking again is safe.
		if found, lookErr := d.Gateway.LookupTransfer(ctx, request.Ref); lookErr == nil {
			t, err = found, nil
		}
	}
	switch {
	case err != nil:
		return Answer{Never: gateway.OutcomeOf(err) == gateway.Declined, Code: gateway.CodeOf(err), Err: err}
	case t.Status == gateway.TransferFailed:
		return Answer{Never: true, Code: t.FailureCode}
	}
	return Answer{}
}

func (s *Settle) trouble(ctx context.Context, id market.PayoutID, code string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return settlement.Trouble(ctx, tx, id, code) })
}

// intend writes that the bank is about to be asked, with the first posting of R17; what was written before stays.
func (s *Settle) intend(ctx context.Context, id market.PayoutID) (p settlement.Payout, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if p, err = lockPayout(ctx, tx, id); err != nil || !p.Due() {
			return err
		}
		if ok, err := settlement.Send(ctx, tx, id); err != nil || !ok {
			return orState(err)
		}
		if p, err = settlement.FindPayout(ctx, tx, id); err != nil {
			return err
		}
		moved(tx, p)
		entries, err := late(ctx, tx, p)
		if err != nil {
			return err
		}
		return ledger.Post(ctx, tx, append(entries, ledger.PayoutSent(book(tx.Now(), p))))
	})
	return p, err
}

// late puts the interest on a payout that leaves late by our fault on the merchant's next statement (R12).
func late(ctx context.Context, tx *db.Tx, p settlement.Payout) ([]ledger.Entry, error) {
	stated, err := settlement.OfPayout(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	rate := policy.At(tx.Now()).Interest
	won := p.Interest(stated, func(won int64, due time.Time) int64 {
		return rate.Of(won, policy.LateDays(due, tx.Now()))
	})
	if won == 0 {
		return nil, nil
	}
	draft, err := settlement.OpenDraft(ctx, tx, p.MerchantID)
	if err != nil {
		return nil, err
	}
	if _, err := settlement.Append(ctx, tx, draft, []settlement.Line{p.InterestLine(won, tx.Now())}); err != nil {
		return nil, err
	}
	out := book(tx.Now(), p)
	out.Amount = won
	return []ledger.Entry{ledger.PayoutInterest(out)}, nil
}

// lockPayout finds a payout and locks its merchant.
func lockPayout(ctx context.Context, tx *db.Tx, id market.PayoutID) (settlement.Payout, error) {
	p, err := settlement.FindPayout(ctx, tx, id)
	if err != nil {
		return p, err
	}
	if err := settlement.Lock(ctx, tx, p.MerchantID); err != nil {
		return p, err
	}
	return settlement.FindPayout(ctx, tx, id)
}

func book(now time.Time, p settlement.Payout) ledger.Payout {
	return ledger.Payout{About: about(now, p.MerchantID), PayoutID: p.ID, Amount: p.Amount}
}

// GiveBack ends a payout that definitely failed: what it took is payable again, under a new payout that waits for
// another bank account or for the operator.
func (s *Settle) GiveBack(ctx context.Context, id market.PayoutID, code string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err != nil || !p.Sent() {
			return err
		}
		return s.takeBack(ctx, tx, p, code)
	})
}

func (s *Settle) takeBack(ctx context.Context, tx *db.Tx, p settlement.Payout, code string) error {
	next := p.Replacement(market.PayoutID(tx.NewID(market.PrefixPayout)), code, tx.Now())
	entries, err := mirrors(ctx, tx, p)
	if err != nil {
		return err
	}
	if ok, err := settlement.Return(ctx, tx, p, next); err != nil || !ok {
		return orState(err)
	}
	if p, err = settlement.FindPayout(ctx, tx, p.ID); err != nil {
		return err
	}
	moved(tx, p)
	moved(tx, next)
	if err := mailReturned(ctx, tx, next); err != nil {
		return err
	}
	return ledger.Post(ctx, tx, entries)
}

// mirrors takes the postings of a payout back, the last first.
func mirrors(ctx context.Context, tx *db.Tx, p settlement.Payout) ([]ledger.Entry, error) {
	scopes := []string{ledger.PayoutSentScope(p.ID)}
	if p.Arrived() {
		scopes = []string{ledger.PayoutConfirmedScope(p.ID), scopes[0]}
	}
	out := make([]ledger.Entry, len(scopes))
	for i, scope := range scopes {
		e, err := ledger.FindScope(ctx, tx, scope)
		if err != nil {
			return nil, err
		}
		out[i] = ledger.PayoutReturned(e)
	}
	return out, nil
}

// LateAfter is when a payout without an end is looked up: a transfer that the bank refuses leaves no line on our
// statement, so that nothing else tells.
const LateAfter = 10 * time.Minute

// LateOnce looks up payouts that have been on their way for a while.
func (s *Settle) LateOnce(ctx context.Context) (bool, error) {
	list, err := settlement.LatePayouts(ctx, s.DB, s.Now().Add(-LateAfter), merchantsAtOnce)
	if err != nil {
		return false, err
	}
	worked := false
	for _, p := range list {
		t, err := s.Gateway.LookupTransfer(ctx, p.Reference())
		if err != nil || t.Status != gateway.TransferFailed {
			continue
		}
		if err := s.GiveBack(ctx, p.ID, t.FailureCode); err != nil {
			return worked, err
		}
		worked = true
	}
	return worked, nil
}

// Arrived is the second step of R17: the bank carried a payout out. It gives the entry to post, false when the line of
// the bank's statement is no such thing.
func (s *Settle) Arrived(
	ctx context.Context, tx *db.Tx, id market.PayoutID, e settlement.Entry,
) (entry ledger.Entry, ok bool, err error) {
	p, err := lockPayout(ctx, tx, id)
	if errors.Is(err, settlement.ErrNotFound) {
		return entry, false, nil
	}
	if err != nil || !p.Sent() {
		return entry, false, err
	}
	if !p.Explains(e) {
		_, err := settlement.Note(ctx, tx, []settlement.Difference{p.Differs(e)})
		return entry, false, err
	}
	if ok, err := settlement.Arrive(ctx, tx, id); err != nil || !ok {
		return entry, false, err
	}
	if p, err = settlement.FindPayout(ctx, tx, id); err != nil {
		return entry, false, err
	}
	moved(tx, p)
	return ledger.PayoutConfirmed(book(tx.Now(), p)), true, nil
}

// Returned takes a payout back that the bank sent back after it had carried it out; false when the line of the bank's
// statement is no such thing.
func (s *Settle) Returned(
	ctx context.Context, tx *db.Tx, id market.PayoutID, e settlement.Entry,
) (bool, error) {
	p, err := lockPayout(ctx, tx, id)
	if errors.Is(err, settlement.ErrNotFound) {
		return false, nil
	}
	if err != nil || !p.Arrived() || !p.Restores(e) {
		return false, err
	}
	return true, s.takeBack(ctx, tx, p, ReturnedCode)
}

// ReturnedCode is why a transfer came back that the bank had carried out.
const ReturnedCode = "RETURNED_BY_BANK"
