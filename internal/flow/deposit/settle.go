package deposit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/escrow/desk"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/ledger/deposited"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// SettleEvery is how often deposits are looked for that are free, or kept.
const SettleEvery = 5 * time.Second

// settleAtOnce is how many deposits a look finds.
const settleAtOnce = 64

// SettleOnce ends the deposits whose sellers' bids are over: it may run twice, on any node, early or late. One that
// cannot be ended keeps no other one waiting.
func (d *Deposits) SettleOnce(ctx context.Context) (bool, error) {
	worked := false
	var failed error
	for after := market.OrderID(""); ; {
		now := d.DB.Clock().Now()
		over, err := catalog.OverDeposits(ctx, d.DB, catalog.OverDeposit{After: after, Unused: now.Add(-rules(now).Unused),
			Limit: settleAtOnce})
		if err != nil || len(over) == 0 {
			return worked, errors.Join(failed, err)
		}
		for _, id := range over {
			ended, err := d.settle(ctx, id)
			if err != nil && failed == nil {
				failed = fmt.Errorf("deposit %s: %w", id, err)
			}
			worked = worked || ended
		}
		after = over[len(over)-1]
	}
}

// settle decides about one deposit and carries it out.
func (d *Deposits) settle(ctx context.Context, id market.OrderID) (bool, error) {
	ended := false
	err := d.write(ctx, func(tx *db.Tx) error {
		ended = false
		x, err := deposit.Find(ctx, tx, id)
		if err != nil || !x.Down() {
			return err
		}
		v, err := d.judge(ctx, tx, x)
		if err != nil || v.Waits() {
			return err
		}
		ended = true
		touch(tx, x)
		if v.Keep {
			return d.keep(ctx, tx, x, v)
		}
		return d.back(ctx, tx, x, v)
	})
	return ended, err
}

// judge reads what decides, by the figures under which the deposit was asked for. Until the auction is closed its row
// is written, so that a bid that counts on this deposit is either seen here, or sees that it is gone: whatever the time
// is on the node that takes the bid.
func (d *Deposits) judge(ctx context.Context, tx *db.Tx, x deposit.Deposit) (deposit.Verdict, error) {
	var none deposit.Verdict
	a, err := bid.Find(ctx, tx, x.WishID)
	if err != nil {
		return none, err
	}
	all, err := bid.Bids(ctx, tx, x.WishID)
	if err != nil {
		return none, err
	}
	s := deposit.Standing{Takes: a.TakesBids(tx.Now()) == nil,
		Bids: slices.DeleteFunc(all, func(b bid.Bid) bool { return b.MerchantID != x.MerchantID })}
	service, err := desk.ServiceOf(ctx, tx, x.WishID, x.MerchantID)
	if err != nil {
		return none, err
	}
	s.Service = deposit.Service(service)
	v := s.Judge(x, rulesOf(x), tx.Now())
	if v.Waits() || !a.Runs() {
		return v, nil
	}
	_, err = bid.Save(ctx, tx, a, a)
	return v, err
}

// back gives a deposit back to who paid it.
func (d *Deposits) back(ctx context.Context, tx *db.Tx, x deposit.Deposit, v deposit.Verdict) error {
	if err := deposit.End(ctx, tx, x, v, 0); err != nil {
		return err
	}
	paid, err := payment.SharesOf(ctx, tx, []market.OrderID{x.ID})
	if err != nil {
		return err
	}
	f := d.refund(tx, x, paid[x.ID])
	if err := d.giveBack(ctx, tx, f); err != nil {
		return err
	}
	return ledger.Post(ctx, tx, []ledger.Entry{deposited.Returned(ledger.Return{About: aboutOf(x), RefundID: f.ID,
		Amount: f.Amount})})
}

// keep shares a deposit out among the members whom its seller failed; without one it is the operator's.
func (d *Deposits) keep(ctx context.Context, tx *db.Tx, x deposit.Deposit, v deposit.Verdict) error {
	wronged, err := desk.WrongedOf(ctx, tx, x.WishID, v.At)
	if err != nil {
		return err
	}
	entries := []ledger.Entry{deposited.Kept(aboutOf(x), x.Amount)}
	var shared money.Won
	for i, won := range x.Parts(len(wronged)) {
		if won == 0 {
			continue
		}
		part, err := d.owe(ctx, tx, x, wronged[i], won)
		if err != nil {
			return err
		}
		shared += won
		entries = append(entries, deposited.Shared(part))
	}
	if err := deposit.End(ctx, tx, x, v, shared); err != nil {
		return err
	}
	if err := tell(ctx, tx, x, v); err != nil {
		return err
	}
	return ledger.Post(ctx, tx, entries)
}

// tell writes to whoever leads the shop that a deposit was kept, and why; one that goes back needs no word.
func tell(ctx context.Context, tx *db.Tx, x deposit.Deposit, v deposit.Verdict) error {
	one, err := wish.Find(ctx, tx, x.WishID)
	if err != nil {
		return err
	}
	keepers, err := catalog.Keepers(ctx, tx, []market.MerchantID{x.MerchantID})
	for _, k := range keepers {
		letter.Send(tx, letter.Letter{To: k.Email, Name: k.Name, Locale: k.Locale,
			Key: "deposit.mail." + string(v.Cause), Href: "/office/wanted/" + string(x.WishID),
			Args: map[string]any{"Title": one.Name, "Shop": k.Shop, "Won": settlement.Grouped(x.Amount)},
			Once: "deposit:" + string(x.ID) + ":" + string(k.AccountID)})
	}
	return err
}

// owe begins the way of a member's part: by bank, since a gateway gives nobody more back than was paid.
func (d *Deposits) owe(ctx context.Context, tx *db.Tx, x deposit.Deposit, s desk.Wronged, won money.Won,
) (deposited.Part, error) {
	about := aboutOf(x)
	about.OrderID = s.OrderID
	part := deposited.Part{About: about, Ref: string(x.ID) + "/" + string(s.OrderID), Amount: won}
	owed, err := payment.Owe(ctx, tx, payment.Interest{RefundID: market.RefundID(part.Ref), Kind: payment.KindDeposit,
		OrderID: s.OrderID, MerchantID: x.MerchantID, AccountID: s.AccountID, PolicyID: about.PolicyID, Amount: won})
	if err == nil && owed.Due() {
		tx.Enqueue(db.Job{Kind: event.JobInterestSend, Key: owed.Reference(),
			Payload: event.InterestJob{InterestID: owed.ID}})
	}
	return part, err
}
