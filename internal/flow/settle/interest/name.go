package interest

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// Mine lists what the actor was or is owed, the oldest first.
func (i *Interest) Mine(ctx context.Context, actor market.Actor) ([]payment.Interest, error) {
	if err := right.Check(actor, right.OrderRefund, right.Mine(actor.AccountID)); err != nil {
		return nil, err
	}
	return payment.InterestOfAccount(ctx, i.DB, actor.AccountID)
}

// Owed is what the operator reads of interest that has not arrived: all of it added up, and a page of it.
type Owed struct {
	Sum  payment.InterestSum
	List []payment.Interest
	Late time.Time // what was sent before it should have had the bank's answer
}

// OwedPage is how much interest one page lists.
const OwedPage = 50

// Owed lists interest that has not arrived, the oldest first, after an id; "" begins.
func (i *Interest) Owed(ctx context.Context, actor market.Actor, after string) (o Owed, err error) {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return o, err
	}
	err = i.DB.Read(ctx, func(r *db.ReadTx) error {
		o.Late = r.Now().Add(-time.Duration(policy.At(r.Now()).Custody.PayoutTransitHours) * time.Hour)
		if o.Sum, err = payment.SumInterest(ctx, r); err != nil {
			return err
		}
		o.List, err = payment.OwedInterest(ctx, r, after, OwedPage)
		return err
	})
	return o, err
}

// Name says where the actor's interest goes: all that waits for an account is sent there. ErrNoInterest when none
// waits.
func (i *Interest) Name(ctx context.Context, actor market.Actor, bank merchant.Bank) error {
	if err := right.Check(actor, right.OrderRefund, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	if bank.Empty() {
		return merchant.ErrBankAccount.On("bank_account")
	}
	bank, err := bank.Parse()
	if err != nil {
		return err
	}
	payee := payment.Payee{BankCode: bank.Code, Number: bank.Account, Holder: bank.Holder}
	return i.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := payment.InterestOfAccount(ctx, tx, actor.AccountID)
		if err != nil {
			return err
		}
		named := 0
		for _, owed := range list {
			ok, err := payment.NamePayee(ctx, tx, owed.ID, payee)
			if err != nil {
				return err
			}
			if ok {
				named++
				enqueue(tx, owed)
				touch(tx, owed)
			}
		}
		if named == 0 {
			return payment.ErrNoInterest
		}
		return nil
	})
}

// AskOnce writes to buyers who are owed interest and have named no account.
func (i *Interest) AskOnce(ctx context.Context) (bool, error) {
	list, err := payment.UntoldInterest(ctx, i.DB, atOnce)
	if err != nil || len(list) == 0 {
		return false, err
	}
	return true, i.DB.Write(ctx, func(tx *db.Tx) error {
		ids := make([]market.AccountID, len(list))
		for n, owed := range list {
			ids[n] = owed.AccountID
		}
		people, err := account.ListByIDs(ctx, tx, ids)
		if err != nil {
			return err
		}
		to := make(map[market.AccountID]account.Account, len(people))
		for _, a := range people {
			to[a.ID] = a
		}
		for _, owed := range list {
			if err := ask(ctx, tx, owed, to[owed.AccountID]); err != nil {
				return err
			}
		}
		return nil
	})
}

func ask(ctx context.Context, tx *db.Tx, owed payment.Interest, a account.Account) error {
	ok, err := payment.TellInterest(ctx, tx, owed.ID)
	if err != nil || !ok || a.Email == "" {
		return err
	}
	key := "settlement.mail.interest"
	if owed.OfDeposit() {
		key = "deposit.mail.part"
	}
	letter.Send(tx, letter.Letter{To: a.Email, Name: a.Name, Locale: a.Locale, Key: key,
		Args: map[string]any{"Won": settlement.Grouped(owed.Amount)}, Href: "/interest",
		Once: "interest/" + owed.Reference()})
	return nil
}
