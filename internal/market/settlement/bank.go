package settlement

import (
	"context"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Entry is a line of the bank's statement of one of our accounts.
type Entry struct {
	ID          string
	Account     string
	Reference   string
	Amount      int64 // won, above zero when money came in
	Balance     int64 // won, after it
	Kind        string
	Memo        string
	At          time.Time
	Day         string
	LedgerScope string // of the entry that books it
	SeenAt      time.Time
	MatchedAt   time.Time // zero until something of ours explains it
	Note        string
}

const entryColumns = `id, account, reference, amount, balance, kind, memo, at, day, ledger_scope, seen_at, matched_at,
 note`

func scanEntry(r db.Row) (Entry, error) {
	var e Entry
	err := r.Scan(&e.ID, &e.Account, &e.Reference, &e.Amount, &e.Balance, &e.Kind, &e.Memo, db.Time(&e.At), &e.Day,
		&e.LedgerScope, db.Time(&e.SeenAt), db.Time(&e.MatchedAt), &e.Note)
	return e, err
}

var insertEntry = db.Insert{Table: "bank_entry", Columns: []string{
	"id", "account", "reference", "amount", "balance", "kind", "memo", "at", "day", "seen_at",
}}

// Cursor gives the last line of an account's statement that was read, "" before the first.
func Cursor(ctx context.Context, q db.Querier, account string) (string, error) {
	after, err := db.One(ctx, q, db.Scalar[string], `SELECT after_id FROM bank_cursor WHERE account = $1`, account)
	if db.IsNoRow(err) {
		return "", nil
	}
	return after, err
}

// Keep writes lines of an account's statement that follow the cursor, and moves it; false when another node was first.
func Keep(ctx context.Context, tx *db.Tx, account, after string, entries []Entry) (bool, error) {
	if len(entries) == 0 {
		return true, nil
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO bank_cursor (account, after_id, read_at) VALUES ($1, $2, $3)
 ON CONFLICT (account) DO UPDATE SET after_id = excluded.after_id, read_at = excluded.read_at
 WHERE bank_cursor.after_id = $4`, account, entries[len(entries)-1].ID, db.Micros(tx.Now()), after)
	if err != nil || n != 1 {
		return false, err
	}
	rows := make([][]any, len(entries))
	for i, e := range entries {
		rows[i] = []any{e.ID, account, e.Reference, e.Amount, e.Balance, e.Kind, e.Memo, db.Micros(e.At),
			bizday.Day(e.At), db.Micros(tx.Now())}
	}
	_, err = db.InsertMany(ctx, tx, insertEntry, rows)
	return err == nil, err
}

// Match notes what explains a line of the bank's statement, once. The scope is of the entry that books it.
func Match(ctx context.Context, tx *db.Tx, id, scope, note string) error {
	return guarded(db.Exec(ctx, tx, `UPDATE bank_entry SET matched_at = $2, ledger_scope = $3, note = $4
 WHERE id = $1 AND matched_at IS NULL`, id, db.Micros(tx.Now()), scope, note))
}

// Unmatched lists lines of the bank's statements that nothing explains, the oldest first.
func Unmatched(ctx context.Context, q db.Querier, limit int) ([]Entry, error) {
	return db.All(ctx, q, scanEntry, `SELECT `+entryColumns+` FROM bank_entry WHERE matched_at IS NULL
 ORDER BY seen_at, id LIMIT $1`, limit)
}

// UnmatchedAfter goes on behind a line of Unmatched.
func UnmatchedAfter(ctx context.Context, q db.Querier, after Entry, limit int) ([]Entry, error) {
	seen := int64(0)
	if !after.SeenAt.IsZero() {
		seen = db.Micros(after.SeenAt)
	}
	return db.All(ctx, q, scanEntry, `SELECT `+entryColumns+` FROM bank_entry WHERE matched_at IS NULL
 AND (seen_at, id) > ($1, $2) ORDER BY seen_at, id LIMIT $3`, seen, after.ID, limit)
}

// FindEntry gives a line of a bank statement, or ErrNotFound.
func FindEntry(ctx context.Context, q db.Querier, id string) (Entry, error) {
	return found(db.One(ctx, q, scanEntry, `SELECT `+entryColumns+` FROM bank_entry WHERE id = $1`, id))
}

// EntriesBy gives the lines of an account that carry a reference, the oldest first.
func EntriesBy(ctx context.Context, q db.Querier, account, reference string) ([]Entry, error) {
	return db.All(ctx, q, scanEntry, `SELECT `+entryColumns+` FROM bank_entry WHERE reference = $1 AND account = $2
 ORDER BY id`, reference, account)
}

// Entries gives an account's lines before an id, "" for the newest of all, newest first.
func Entries(ctx context.Context, q db.Querier, account, before string, limit int) ([]Entry, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scanEntry, `SELECT `+entryColumns+` FROM bank_entry WHERE account = $1 AND id < $2
 ORDER BY id DESC LIMIT $3`, account, before, limit)
}

// Purpose is why money moves between the operator's account and custody.
type Purpose string

// The purposes.
const (
	Sweep Purpose = "sweep"  // commission leaves custody
	TopUp Purpose = "top_up" // the operator fills the buffer
)

// Transfer is money moved between our own two accounts.
type Transfer struct {
	ID        string
	Purpose   Purpose
	Amount    int64 // won
	State     TransferState
	Day       string
	MadeBy    string
	CreatedAt time.Time
	EndedAt   time.Time
	LastError string
	Version   int64
}

// TransferPrefix begins the ids of transfers, which are their references at the bank.
const TransferPrefix = "btr"

// IsTransfer tells whether a bank's reference names a transfer of ours.
func IsTransfer(reference string) bool { return strings.HasPrefix(reference, TransferPrefix+"_") }

// Ended reports a transfer that nothing moves any more.
func (t Transfer) Ended() bool { return t.State == TransferConfirmed || t.State == TransferFailed }

// Failed reports a transfer that never happened.
func (t Transfer) Failed() bool { return t.State == TransferFailed }

const transferColumns = `id, purpose, amount, state, day, made_by, created_at, ended_at, last_error, version`

func scanTransfer(r db.Row) (Transfer, error) {
	var t Transfer
	err := r.Scan(&t.ID, &t.Purpose, &t.Amount, &t.State, &t.Day, &t.MadeBy, db.Time(&t.CreatedAt), db.Time(&t.EndedAt),
		&t.LastError, &t.Version)
	return t, err
}

// InsertTransfer writes the intent to move money.
func InsertTransfer(ctx context.Context, tx *db.Tx, purpose Purpose, amount int64, by string) (Transfer, error) {
	t := Transfer{ID: tx.NewID(TransferPrefix), Purpose: purpose, Amount: amount, State: TransferIntent,
		Day: bizday.Day(tx.Now()), MadeBy: by, CreatedAt: tx.Now(), Version: 1}
	_, err := db.Exec(ctx, tx, `INSERT INTO bank_transfer (id, purpose, amount, state, day, made_by, created_at, version)
 VALUES ($1, $2, $3, 'intent', $4, $5, $6, 1)`, t.ID, string(purpose), amount, t.Day, by, db.Micros(tx.Now()))
	return t, err
}

// FindTransfer gives a transfer, or ErrNotFound.
func FindTransfer(ctx context.Context, q db.Querier, id string) (Transfer, error) {
	return found(db.One(ctx, q, scanTransfer, `SELECT `+transferColumns+` FROM bank_transfer WHERE id = $1`, id))
}

// Transfers lists transfers before an id, "" for the newest of all, newest first.
func Transfers(ctx context.Context, q db.Querier, before string, limit int) ([]Transfer, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scanTransfer, `SELECT `+transferColumns+` FROM bank_transfer WHERE id < $1
 ORDER BY id DESC LIMIT $2`, before, limit)
}

// InFlight is what transfers of a purpose will move that the bank has not carried out, in won.
func InFlight(ctx context.Context, q db.Querier, purpose Purpose) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM bank_transfer
 WHERE purpose = $1 AND state IN ('intent', 'sent')`, string(purpose))
}

// MoveTransfer changes a transfer's state under the guard that it has not ended; false when it had.
func MoveTransfer(ctx context.Context, tx *db.Tx, id string, to TransferState, code string) (bool, error) {
	var ended any
	if to == TransferConfirmed || to == TransferFailed {
		ended = db.Micros(tx.Now())
	}
	n, err := db.Exec(ctx, tx, `UPDATE bank_transfer SET state = $2, last_error = $3, ended_at = $4,
 version = version + 1 WHERE id = $1 AND state IN ('intent', 'sent')`, id, string(to), code, ended)
	return n == 1, err
}

// PromisedAll is what payouts not yet sent will take from custody, in won.
func PromisedAll(ctx context.Context, q db.Querier) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64],
		`SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM payout WHERE state IN ('due', 'held')`)
}

// Shop is what settlement must know of a merchant.
type Shop struct {
	ID    market.MerchantID
	Name  string
	Email string
	Bank  Account
}

// LoadShops gives merchants by id; unknown ones are missing.
func LoadShops(
	ctx context.Context, q db.Querier, ids []market.MerchantID,
) (map[market.MerchantID]Shop, error) {
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (Shop, error) {
		var s Shop
		err := r.Scan(&s.ID, &s.Name, &s.Email, &s.Bank.BankCode, &s.Bank.Number, &s.Bank.Holder)
		return s, err
	}, `SELECT id, name, email, bank_code, bank_account, bank_holder FROM merchant WHERE id IN `+db.IDsMark, ids)
	out := make(map[market.MerchantID]Shop, len(rows))
	for _, s := range rows {
		out[s.ID] = s
	}
	return out, err
}

// settlementMark begins the bank's reference of a gateway's payment; the day of it follows.
const settlementMark = "settlement:"

// SettlementDay gives the day of pay-out that a bank's reference names.
func SettlementDay(reference string) (string, bool) {
	day, ok := strings.CutPrefix(reference, settlementMark)
	_, err := bizday.ParseDay(day)
	return day, ok && err == nil
}

// SettlementReference is how the bank names a gateway's payment of a day.
func SettlementReference(day string) string { return settlementMark + day }

// LateTransfers lists transfers sent before an instant that have not ended.
func LateTransfers(ctx context.Context, q db.Querier, before time.Time, limit int) ([]Transfer, error) {
	return db.All(ctx, q, scanTransfer, `SELECT `+transferColumns+` FROM bank_transfer WHERE state = 'sent'
 AND created_at < $1 ORDER BY id LIMIT $2`, db.Micros(before), limit)
}

// UnmatchedSum adds up the lines of an account's statement that nothing explains, in won.
func UnmatchedSum(ctx context.Context, q db.Querier, account string) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM bank_entry
 WHERE matched_at IS NULL AND account = $1`, account)
}
