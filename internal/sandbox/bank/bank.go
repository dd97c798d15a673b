package bank

import (
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

// The accounts that exist from the start. The last two stand for others and may be negative.
const (
	Custody   = "custody"   // the platform's trust account: client money only
	Operating = "operating" // the platform's own money
	Gateway   = "pg"        // where the payment gateway pays settlements from
	World     = "world"     // everybody else's money
)

// The kinds of a statement line.
const (
	KindDeposit    = "deposit"
	KindSettlement = "settlement"
	KindTransfer   = "transfer"
	KindReturn     = "return"
)

// amountMax bounds a single amount, so that sums of many stay far from the end of int64.
const amountMax = 1_000_000_000_000

// Account is one account. Held is promised to accepted transfers and still part of Balance.
type Account struct {
	ID       string `json:"id"`
	BankCode string `json:"bankCode,omitempty"`
	Number   string `json:"accountNumber,omitempty"`
	Holder   string `json:"holderName,omitempty"`
	Balance  int64  `json:"balance"`
	Held     int64  `json:"held"`
}

func (a Account) ours() bool { return a.ID == Custody || a.ID == Operating }

// Entry is one line of a statement; Amount is positive when money came in.
type Entry struct {
	ID      string    `json:"id"`
	Account string    `json:"accountId"`
	Peer    string    `json:"counterparty"`
	Kind    string    `json:"kind"`
	Ref     string    `json:"ref"`
	Memo    string    `json:"memo,omitempty"`
	Amount  int64     `json:"amount"`
	Balance int64     `json:"balance"`
	At      time.Time `json:"at"`
}

// Bank holds accounts, statements and transfers.
type Bank struct {
	plans     *fault.Plans
	outbox    *hook.Outbox
	accounts  *record.Table[Account]
	entries   *record.Table[Entry]
	transfers *record.Table[Transfer]
	statement map[string][]string // entry ids of an account, oldest first
	byRef     map[string]string   // account, kind and ref → entry id
	due       record.Queue
	delay     time.Duration
	nextDay   func(time.Time) time.Time
	crash     *fault.Crasher
}

// Options say how the bank behaves.
type Options struct {
	Plans  *fault.Plans
	Outbox *hook.Outbox
	Delay  time.Duration // between accepting a transfer and executing it
	// NextDay gives the beginning of the next business day: when a bounced transfer comes back.
	NextDay func(time.Time) time.Time
	Crash   *fault.Crasher
}

// New registers the bank with a store.
func New(s *record.Store, o Options) *Bank {
	b := &Bank{
		plans: o.Plans, outbox: o.Outbox, delay: o.Delay, nextDay: o.NextDay, crash: o.Crash,
		statement: map[string][]string{}, byRef: map[string]string{},
	}
	b.accounts = record.NewTable[Account](s, "bank_account", nil)
	b.entries = record.NewTable(s, "bank_entry", b.watchEntry)
	b.transfers = record.NewTable(s, "bank_transfer", b.watchTransfer)
	b.due.Due = b.transferDue
	return b
}

func (b *Bank) watchEntry(key string, before, after *Entry) {
	if before == nil && after != nil {
		b.statement[after.Account] = append(b.statement[after.Account], key)
		b.byRef[entryRef(after.Account, after.Kind, after.Ref)] = key
	}
}

func entryRef(account, kind, ref string) string { return account + "|" + kind + "|" + ref }

// Account gives an account; the platform's own two exist before their first won.
func (b *Bank) Account(id string) (Account, bool) {
	a, ok := b.accounts.Get(id)
	if !ok && (id == Custody || id == Operating) {
		return Account{ID: id}, true
	}
	return a, ok
}

// Accounts gives all accounts in the order of their ids.
func (b *Bank) Accounts() []Account {
	out := make([]Account, 0, b.accounts.Len())
	for _, key := range b.accounts.Keys() {
		a, _ := b.accounts.Get(key)
		out = append(out, a)
	}
	return out
}

// Entries gives the statement of an account after an entry id, oldest first, and whether more follow.
func (b *Bank) Entries(account, after string, limit int) (page []Entry, more bool) {
	ids := b.statement[account]
	from, found := slices.BinarySearch(ids, after)
	if found {
		from++
	}
	upTo := min(from+limit, len(ids))
	page = make([]Entry, 0, upTo-from)
	for _, id := range ids[from:upTo] {
		e, _ := b.entries.Get(id)
		page = append(page, e)
	}
	return page, upTo < len(ids)
}

// Deposit brings money from the world into one of the platform's accounts; a known ref gives the first entry.
func (b *Bank) Deposit(tx *record.Tx, d Deposit) (Entry, *refusal.Refusal) {
	if d.Account != Custody && d.Account != Operating {
		return Entry{}, refusal.InvalidAccount()
	}
	if key, ok := b.byRef[entryRef(d.Account, KindDeposit, d.Ref)]; ok {
		e, _ := b.entries.Get(key)
		return e, nil
	}
	if d.Amount <= 0 || d.Amount > amountMax || !refOK(d.Ref) {
		return Entry{}, refusal.InvalidRequest("입금 요청이 올바르지 않습니다.")
	}
	return b.move(tx, movement{World, d.Account, KindDeposit, d.Ref, d.Memo, d.Amount}), nil
}

// Deposit is money that comes from outside.
type Deposit struct {
	Ref     string `json:"ref"`
	Account string `json:"accountId"`
	Memo    string `json:"memo"`
	Amount  int64  `json:"amount"`
}

// PaySettlement books what the gateway pays (or, when negative, collects) for a day; false says that the custody
// account cannot cover a collection yet.
func (b *Bank) PaySettlement(tx *record.Tx, ref, memo string, won int64) (Entry, bool) {
	if won >= 0 {
		return b.move(tx, movement{Gateway, Custody, KindSettlement, ref, memo, won}), true
	}
	if custody, _ := b.Account(Custody); custody.Balance-custody.Held < -won {
		return Entry{}, false
	}
	b.move(tx, movement{Custody, Gateway, KindSettlement, ref, memo, -won})
	e, _ := b.entries.Get(b.byRef[entryRef(Custody, KindSettlement, ref)])
	return e, true
}

type movement struct {
	from, to, kind, ref, memo string
	won                       int64
}

// move books both sides and gives the receiver's line.
func (b *Bank) move(tx *record.Tx, m movement) Entry {
	b.book(tx, m, m.from, m.to, -m.won)
	return b.book(tx, m, m.to, m.from, m.won)
}

func (b *Bank) book(tx *record.Tx, m movement, account, peer string, won int64) Entry {
	a, ok := b.accounts.Get(account)
	if !ok {
		a = Account{ID: account}
	}
	a.Balance += won
	b.accounts.Put(tx, account, a)
	e := Entry{
		ID: tx.NewID("bke"), Account: account, Peer: peer, Kind: m.kind, Ref: m.ref, Memo: m.memo,
		Amount: won, Balance: a.Balance, At: tx.Now(),
	}
	b.entries.Put(tx, e.ID, e)
	return e
}

func refOK(ref string) bool {
	return ref != "" && len(ref) <= 200 && !strings.ContainsAny(ref, "| \t\r\n")
}
