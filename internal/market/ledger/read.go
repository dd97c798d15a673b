package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// An entry is read from its canonical bytes: doctor proves that the postings say the same.
func scanEntry(r db.Row) (Entry, error) {
	b, err := db.Scalar[[]byte](r)
	if err != nil {
		return Entry{}, err
	}
	return Decode(b)
}

// Find gives an entry by its id, or ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.EntryID) (Entry, error) {
	e, err := db.One(ctx, q, scanEntry, `SELECT bytes FROM ledger_entry WHERE id = $1`, string(id))
	return e, found(err, string(id))
}

// FindScope gives the entry that holds a scope, or ErrNotFound.
func FindScope(ctx context.Context, q db.Querier, scope string) (Entry, error) {
	e, err := db.One(ctx, q, scanEntry, `SELECT bytes FROM ledger_entry WHERE scope = $1`, scope)
	return e, found(err, scope)
}

func found(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case db.IsNoRow(err):
		return ErrNotFound.With("Entry", what)
	}
	return fmt.Errorf("find entry %s: %w", what, err)
}

// FindScopes gives the entries that hold the given scopes, by scope; scopes that nobody holds are missing.
func FindScopes(ctx context.Context, q db.Querier, scopes []string) (map[string]Entry, error) {
	all, err := db.ByIDs(ctx, q, scanEntry, `SELECT bytes FROM ledger_entry WHERE scope IN `+db.IDsMark, scopes)
	if err != nil {
		return nil, fmt.Errorf("find scopes: %w", err)
	}
	out := make(map[string]Entry, len(all))
	for _, e := range all {
		out[e.Scope] = e
	}
	return out, nil
}

// FindMirrors gives the corrections of the given entries, by the id of the entry that each takes back.
func FindMirrors(ctx context.Context, q db.Querier, ids []market.EntryID) (map[market.EntryID]Entry, error) {
	all, err := db.ByIDs(ctx, q, scanEntry, `SELECT bytes FROM ledger_entry
 WHERE mirrors IS NOT NULL AND mirrors IN `+db.IDsMark, ids)
	if err != nil {
		return nil, fmt.Errorf("find mirrors: %w", err)
	}
	out := make(map[market.EntryID]Entry, len(all))
	for _, e := range all {
		out[e.Mirrors] = e
	}
	return out, nil
}

// Of says whose entries to read: an order's, all or those of one voucher; else a deal's; else a merchant's. After
// continues behind an entry.
type Of struct {
	OrderID    market.OrderID
	VoucherID  market.VoucherID // narrows OrderID
	DealID     market.DealID
	MerchantID market.MerchantID
	After      market.EntryID
	Limit      int
}

// Entries gives the entries of an order, one of its vouchers, a deal or a merchant, the oldest first.
func Entries(ctx context.Context, q db.Querier, of Of) ([]Entry, error) {
	text, key := `SELECT bytes FROM ledger_entry WHERE merchant_id = $1 AND merchant_id <> ''`, string(of.MerchantID)
	switch {
	case of.OrderID != "":
		text, key = `SELECT bytes FROM ledger_entry WHERE order_id = $1 AND order_id <> ''`, string(of.OrderID)
	case of.DealID != "":
		text, key = `SELECT bytes FROM ledger_entry WHERE deal_id = $1 AND deal_id <> ''`, string(of.DealID)
	}
	args := []any{key, string(of.After), of.Limit}
	if of.VoucherID != "" {
		text, args = text+` AND voucher_id = $4`, append(args, string(of.VoucherID))
	}
	all, err := db.All(ctx, q, scanEntry, text+` AND id > $2 ORDER BY id LIMIT $3`, args...)
	if err != nil {
		return nil, fmt.Errorf("entries of %s: %w", key, err)
	}
	return all, nil
}

// Item is what stands on a party of a guarded account.
type Item struct {
	Account Account
	Party   string
	Balance money.Won // on the account's normal side
	Since   time.Time // when it last rose from zero
}

func scanItem(r db.Row) (Item, error) {
	var i Item
	err := r.Scan(&i.Account, &i.Party, &i.Balance, db.Time(&i.Since))
	return i, err
}

const itemColumns = `account, party, balance, since`

// Balance gives what stands on a party of a guarded account; no row is zero.
func Balance(ctx context.Context, q db.Querier, a Account, party string) (money.Won, error) {
	i, err := db.One(ctx, q, scanItem, `SELECT `+itemColumns+` FROM ledger_balance
 WHERE account = $1 AND party = $2`, string(a), party)
	if err != nil && !db.IsNoRow(err) {
		return 0, fmt.Errorf("balance of %s %s: %w", a, party, err)
	}
	return i.Balance, nil
}

// Balances gives what stands on several parties of a guarded account; parties without a row are missing.
func Balances[S ~string](ctx context.Context, q db.Querier, a Account, parties []S) (map[S]money.Won, error) {
	all, err := db.ByIDsOf(ctx, q, scanItem, db.Bound{Text: `SELECT ` + itemColumns + ` FROM ledger_balance
 WHERE account = $1 AND party IN ` + db.IDsMark, Args: []any{string(a)}}, parties)
	if err != nil {
		return nil, fmt.Errorf("balances of %s: %w", a, err)
	}
	out := make(map[S]money.Won, len(all))
	for _, i := range all {
		out[S(i.Party)] = i.Balance
	}
	return out, nil
}

// OpenItems gives the parties of a guarded account on which something has stood since before an instant, the oldest
// first: what a clearing account must not show, and what the refund clock runs against.
func OpenItems(ctx context.Context, q db.Querier, a Account, before time.Time, limit int) ([]Item, error) {
	all, err := db.All(ctx, q, scanItem, `SELECT `+itemColumns+` FROM ledger_balance
 WHERE account = $1 AND balance > 0 AND since < $2 ORDER BY since, party LIMIT $3`,
		string(a), db.Micros(before), limit)
	if err != nil {
		return nil, fmt.Errorf("open items of %s: %w", a, err)
	}
	return all, nil
}
