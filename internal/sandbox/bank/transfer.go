package bank

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

// Status is the state of a transfer: ACCEPTED → COMPLETED | FAILED, COMPLETED → RETURNED.
type Status string

// The states of a transfer.
const (
	Accepted  Status = "ACCEPTED"
	Completed Status = "COMPLETED"
	Failed    Status = "FAILED"   // the money never left
	Returned  Status = "RETURNED" // the money left and came back
)

// Payee is a bank account of somebody else.
type Payee struct {
	BankCode string `json:"bankCode"`
	Number   string `json:"accountNumber"`
	Holder   string `json:"holderName"`
}

func (p Payee) id() string { return "ext:" + p.BankCode + ":" + p.Number }

// Transfer is one instruction. To is empty when ToAccount names an account of the platform.
type Transfer struct {
	Ref         string     `json:"ref"`
	From        string     `json:"from"`
	ToAccount   string     `json:"toAccountId,omitempty"`
	To          Payee      `json:"to,omitzero"`
	Amount      int64      `json:"amount"`
	Memo        string     `json:"memo,omitempty"`
	Status      Status     `json:"status"`
	FailureCode string     `json:"failureCode,omitempty"`
	AcceptedAt  time.Time  `json:"acceptedAt"`
	ExecutedAt  time.Time  `json:"executedAt,omitzero"`
	ReturnedAt  time.Time  `json:"returnedAt,omitzero"`
	NextStep    time.Time  `json:"nextStep,omitzero"` // when the bank moves it on, zero when it will not
	Fate        fault.Mode `json:"fate,omitempty"`
}

// Instruction asks for a transfer.
type Instruction struct {
	Ref       string `json:"ref"`
	From      string `json:"from"`
	ToAccount string `json:"toAccountId"`
	To        Payee  `json:"to"`
	Amount    int64  `json:"amount"`
	Memo      string `json:"memo"`
}

// Accept takes an instruction and holds its amount. A known ref gives the first transfer.
func (b *Bank) Accept(tx *record.Tx, in Instruction) (Transfer, *refusal.Refusal) {
	if first, ok := b.transfers.Get(in.Ref); ok {
		return first, nil
	}
	if in.Amount <= 0 || in.Amount > amountMax || !refOK(in.Ref) {
		return Transfer{}, refusal.InvalidRequest("이체 요청이 올바르지 않습니다.")
	}
	from, known := b.Account(in.From)
	if !known || !from.ours() || !in.targetOK() {
		return Transfer{}, refusal.InvalidAccount()
	}
	if from.Balance-from.Held < in.Amount {
		return Transfer{}, refusal.NotEnoughBalance()
	}
	from.Held += in.Amount
	b.accounts.Put(tx, from.ID, from)
	t := Transfer{
		Ref: in.Ref, From: in.From, ToAccount: in.ToAccount, To: in.To, Amount: in.Amount, Memo: in.Memo,
		Status: Accepted, AcceptedAt: tx.Now(), NextStep: tx.Now().Add(b.delay),
		Fate: b.plans.Take(tx, fault.Execution, in.Ref),
	}
	b.transfers.Put(tx, t.Ref, t)
	return t, nil
}

func (in Instruction) targetOK() bool {
	if in.ToAccount != "" {
		own := in.ToAccount == Custody || in.ToAccount == Operating
		return own && in.ToAccount != in.From && in.To == (Payee{})
	}
	p := in.To
	return p.BankCode != "" && p.Number != "" && p.Holder != "" && len(p.id())+len(p.Holder) <= 200
}

// Find gives a transfer by its reference.
func (b *Bank) Find(ref string) (Transfer, bool) { return b.transfers.Get(ref) }

// Transfers calls each for every transfer, in the order of the references.
func (b *Bank) Transfers(each func(Transfer)) {
	for _, key := range b.transfers.Keys() {
		t, _ := b.transfers.Get(key)
		each(t)
	}
}

func (b *Bank) watchTransfer(key string, _, after *Transfer) {
	if after != nil && !after.NextStep.IsZero() {
		b.due.Push(after.NextStep, key)
	}
}

func (b *Bank) transferDue(key string) (time.Time, bool) {
	t, ok := b.transfers.Get(key)
	return t.NextStep, ok && !t.NextStep.IsZero()
}

// Worker moves accepted transfers on.
type Worker struct {
	Store *record.Store
	Bank  *Bank
}

// RunOnce executes or returns the next due transfer; worked is false when none is due.
func (w *Worker) RunOnce(ctx context.Context) (worked bool, err error) {
	after := fault.Point("")
	err = w.Store.Do(ctx, func(tx *record.Tx) { after, worked = w.Bank.advance(tx) })
	if err == nil && worked {
		w.Bank.crash.Reach(after)
	}
	return worked, err
}

func (b *Bank) advance(tx *record.Tx) (after fault.Point, worked bool) {
	key, ok := b.due.Take(tx.Now())
	if !ok {
		return "", false
	}
	t, _ := b.transfers.Get(key)
	if t.Status == Accepted {
		b.crash.Reach(fault.ExecuteBefore)
		b.execute(tx, t)
		return fault.ExecuteAfter, true
	}
	b.crash.Reach(fault.ReturnBefore)
	b.giveBack(tx, t)
	return fault.ReturnAfter, true
}

// execute lets go of the hold and books the transfer, or fails it.
func (b *Bank) execute(tx *record.Tx, t Transfer) {
	from, _ := b.accounts.Get(t.From)
	from.Held -= t.Amount
	b.accounts.Put(tx, from.ID, from)
	t.ExecutedAt, t.NextStep = tx.Now(), time.Time{}
	if t.Fate == fault.Reject {
		t.Status, t.FailureCode = Failed, "ACCOUNT_CLOSED"
	} else {
		b.move(tx, movement{t.From, t.target(), KindTransfer, t.Ref, t.Memo, t.Amount})
		t.Status = Completed
		if t.Fate == fault.Bounce {
			t.NextStep = b.nextDay(tx.Now())
		}
	}
	b.transfers.Put(tx, t.Ref, t)
	b.tell(tx, t)
}

// giveBack books a completed transfer back.
func (b *Bank) giveBack(tx *record.Tx, t Transfer) {
	b.move(tx, movement{t.target(), t.From, KindReturn, t.Ref, t.Memo, t.Amount})
	t.Status, t.FailureCode, t.ReturnedAt, t.NextStep = Returned, "RETURNED_BY_BANK", tx.Now(), time.Time{}
	b.transfers.Put(tx, t.Ref, t)
	b.tell(tx, t)
}

func (t Transfer) target() string {
	if t.ToAccount != "" {
		return t.ToAccount
	}
	return t.To.id()
}

func (b *Bank) tell(tx *record.Tx, t Transfer) { b.outbox.Tell(tx, "PAYOUT_STATUS_CHANGED", t.Ref, t) }
