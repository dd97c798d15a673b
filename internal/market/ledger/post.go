package ledger

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

var (
	entryInsert = db.Insert{
		Table: "ledger_entry",
		Columns: []string{"id", "rule", "scope", "mirrors", "at", "day", "deal_id", "order_id", "voucher_id",
			"merchant_id", "policy_id", "bytes"},
		OnConflict: "ON CONFLICT DO NOTHING",
	}
	postingInsert = db.Insert{
		Table:   "ledger_posting",
		Columns: []string{"entry_id", "line", "account", "party", "side", "amount"},
	}
	movementInsert = db.Insert{
		Table:   "ledger_movement",
		Columns: []string{"id", "account", "party", "rule", "debit", "credit"},
	}
	// balanceRaise makes the row of a new party; since moves only when the balance leaves zero.
	balanceRaise = db.Insert{
		Table:   "ledger_balance",
		Columns: []string{"account", "party", "balance", "since"},
		OnConflict: `ON CONFLICT (account, party) DO UPDATE SET balance = ledger_balance.balance + excluded.balance,
  since = CASE WHEN ledger_balance.balance = 0 THEN excluded.since ELSE ledger_balance.since END`,
	}
	balanceLower = db.Update{
		Table: "ledger_balance",
		Columns: []db.Column{
			{Name: "account", Type: "text"}, {Name: "party", Type: "text"}, {Name: "amount", Type: "bigint"},
		},
		Set: "balance = ledger_balance.balance - v.amount",
		Where: "ledger_balance.account = v.account AND ledger_balance.party = v.party " +
			"AND ledger_balance.balance >= v.amount",
		Returning: "ledger_balance.account || ' ' || ledger_balance.party",
	}
)

// Post writes entries into the book, all or none of them, within the caller's transaction, and gives each its id, its
// instant and its day. The refusals are ErrShort, ErrPosted, ErrScope and ErrMirrored; the caller returns them, so that
// the transaction rolls back. A batch is as cheap as its statements: call it once with many entries, as the last thing
// before the deal's own rows.
func Post(ctx context.Context, tx *db.Tx, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if err := distinct(entries); err != nil {
		return err
	}
	now, day := tx.Now(), DayOf(tx.Now())
	for i := range entries {
		e := &entries[i]
		e.check()
		e.ID, e.At, e.Day = market.EntryID(tx.NewID(market.PrefixEntry)), now, day
	}
	if err := insertEntries(ctx, tx, entries); err != nil {
		return err
	}
	if err := insertPostings(ctx, tx, entries); err != nil {
		return err
	}
	m := moved(entries)
	if err := m.record(ctx, tx); err != nil {
		return err
	}
	if err := readBack(ctx, tx, entries); err != nil {
		return err
	}
	// Balances are rows that many want at once: they are held for little more than the commit.
	return m.balance(ctx, tx)
}

// distinct refuses the same fact twice in one batch; the database could not tell which of the two came first.
func distinct(entries []Entry) error {
	seen := make(map[string]int, len(entries))
	for i := range entries {
		first, twice := seen[entries[i].Scope]
		if !twice {
			seen[entries[i].Scope] = i
			continue
		}
		if sameBody(entries[first], entries[i]) {
			return ErrPosted.With("Scope", entries[i].Scope, "Entry", "").Wrap(&Posted{Entry: entries[first]})
		}
		return ErrScope.With("Scope", entries[i].Scope, "Entry", "")
	}
	return nil
}

// sameBody compares what an entry says, without what Post gave it.
func sameBody(a, b Entry) bool {
	return a.Rule == b.Rule && a.Scope == b.Scope && a.Mirrors == b.Mirrors && a.About == b.About &&
		slices.Equal(a.Lines, b.Lines)
}

func insertEntries(ctx context.Context, tx *db.Tx, entries []Entry) error {
	rows := grid(len(entries), len(entryInsert.Columns))
	at, day := any(db.Micros(entries[0].At)), any(entries[0].Day)
	for i := range entries {
		e := &entries[i]
		rows[i] = append(rows[i], string(e.ID), string(e.Rule), e.Scope, db.TextArg(e.Mirrors), at, day,
			string(e.DealID), string(e.OrderID), string(e.VoucherID), string(e.MerchantID), e.PolicyID, Canonical(*e))
	}
	n, err := db.InsertMany(ctx, tx, entryInsert, rows)
	if err != nil {
		return fmt.Errorf("insert entries: %w", err)
	}
	if n == int64(len(entries)) {
		return nil
	}
	return conflict(ctx, tx, entries)
}

// grid makes room for rows of so many columns in one piece: a batch has thousands of values.
func grid(rows, columns int) [][]any {
	room, out := make([]any, rows*columns), make([][]any, rows)
	for i := range out {
		out[i] = room[i*columns : i*columns : (i+1)*columns]
	}
	return out
}

// conflict finds the entry that stands in the way, in the batch's order.
func conflict(ctx context.Context, tx *db.Tx, entries []Entry) error {
	for _, e := range entries {
		old, err := FindScope(ctx, tx, e.Scope)
		switch {
		case err == nil && old.ID == e.ID: // this one went in
		case err == nil && sameBody(old, e):
			return ErrPosted.With("Scope", e.Scope, "Entry", string(old.ID)).Wrap(&Posted{Entry: old})
		case err == nil:
			return ErrScope.With("Scope", e.Scope, "Entry", string(old.ID))
		case !errors.Is(err, ErrNotFound):
			return err
		default:
			return ErrMirrored.With("Entry", string(e.Mirrors))
		}
	}
	assert.That(false, "8 a missing entry has a reason", "entries", len(entries))
	return nil
}

func insertPostings(ctx context.Context, tx *db.Tx, entries []Entry) error {
	total := 0
	for i := range entries {
		total += len(entries[i].Lines)
	}
	rows, next := grid(total, len(postingInsert.Columns)), 0
	for i := range entries {
		entryID := any(string(entries[i].ID))
		for j := range entries[i].Lines {
			l := &entries[i].Lines[j]
			rows[next] = append(rows[next], entryID, int64(j+1), codes[l.Account], l.Party, sideText(l.Side), l.Amount)
			next++
		}
	}
	n, err := db.InsertMany(ctx, tx, postingInsert, rows)
	if err != nil {
		return fmt.Errorf("insert postings: %w", err)
	}
	assert.That(n == int64(len(rows)), "1 every line is written", "lines", len(rows), "written", n)
	return nil
}

// codes are the accounts as statements take them, made once: each posting binds one.
var codes = func() map[Account]any {
	m := make(map[Account]any, len(chart))
	for _, i := range chart {
		m[i.Account] = string(i.Account)
	}
	return m
}()

func sideText(s Side) any {
	if s == Debit {
		return string(Debit)
	}
	return string(Credit)
}

// movement is what a batch does to the totals and to the guarded balances.
type movement struct {
	totals   map[totalKey]*total
	balances map[balanceKey]money.Won
	at       int64
}

type totalKey struct {
	account Account
	party   string
	rule    Rule
}

type total struct{ debit, credit money.Won }

type balanceKey struct {
	account Account
	party   string
}

func moved(entries []Entry) movement {
	m := movement{totals: map[totalKey]*total{}, balances: make(map[balanceKey]money.Won, len(entries))}
	for i := range entries {
		e := &entries[i]
		m.at = db.Micros(e.At)
		for _, l := range e.Lines {
			info, _ := Lookup(l.Account)
			key := totalKey{account: l.Account, rule: e.Rule}
			if info.Floor {
				m.balances[balanceKey{l.Account, l.Party}] += l.signed(info.Side)
			} else {
				key.party = l.Party
			}
			t := m.totals[key]
			if t == nil {
				t = &total{}
				m.totals[key] = t
			}
			t.add(l)
		}
	}
	return m
}

// signed is the line's effect on a balance that stands on the given side.
func (l Line) signed(normal Side) money.Won {
	if l.Side == normal {
		return l.Amount
	}
	return -l.Amount
}

func (t *total) add(l Line) {
	if l.Side == Debit {
		t.debit += l.Amount
	} else {
		t.credit += l.Amount
	}
}

// balance moves the guarded balances in one order of accounts and parties, whatever the batch, so that two transactions
// never wait for each other crosswise: runs of neighbours that rise and runs that fall, each in its own statement.
func (m movement) balance(ctx context.Context, tx *db.Tx) error {
	keys := make([]balanceKey, 0, len(m.balances))
	for k, delta := range m.balances {
		if delta != 0 {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b balanceKey) int {
		if c := strings.Compare(string(a.account), string(b.account)); c != 0 {
			return c
		}
		return strings.Compare(a.party, b.party)
	})
	for start, end := 0, 0; start < len(keys); start = end {
		rises := m.balances[keys[start]] > 0
		for end = start; end < len(keys) && m.balances[keys[end]] > 0 == rises; end++ {
		}
		move := m.lower
		if rises {
			move = m.raise
		}
		if err := move(ctx, tx, keys[start:end]); err != nil {
			return err
		}
	}
	return nil
}

func (m movement) raise(ctx context.Context, tx *db.Tx, keys []balanceKey) error {
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{string(k.account), k.party, m.balances[k], m.at}
	}
	n, err := db.InsertMany(ctx, tx, balanceRaise, rows)
	if err != nil {
		return fmt.Errorf("raise balances: %w", err)
	}
	assert.That(n == int64(len(keys)), "3 every balance is moved", "balances", len(keys), "moved", n)
	return nil
}

func (m movement) lower(ctx context.Context, tx *db.Tx, keys []balanceKey) error {
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = []any{string(k.account), k.party, -m.balances[k]}
	}
	passed, err := db.UpdateMany(ctx, tx, balanceLower, rows)
	if err != nil {
		return fmt.Errorf("lower balances: %w", err)
	}
	if len(passed) == len(keys) {
		return nil
	}
	done := make(map[string]bool, len(passed))
	for _, p := range passed {
		done[p] = true
	}
	for _, k := range keys {
		if !done[string(k.account)+" "+k.party] {
			return ErrShort.With("Account", string(k.account), "Party", k.party, "Amount", -m.balances[k])
		}
	}
	assert.That(false, "6 a guard answers once for each balance", "asked", len(keys), "passed", len(passed))
	return nil
}

func sortedTotals(sums map[totalKey]*total) []totalKey {
	return slices.SortedFunc(maps.Keys(sums), compareTotals)
}

// record writes the batch's movement per account and rule: a handful of rows, whatever the batch's size.
func (m movement) record(ctx context.Context, tx *db.Tx) error {
	keys := sortedTotals(m.totals)
	rows := make([][]any, len(keys))
	for i, k := range keys {
		t := m.totals[k]
		rows[i] = []any{tx.NewID("mov"), string(k.account), k.party, string(k.rule), t.debit, t.credit}
	}
	if _, err := db.InsertMany(ctx, tx, movementInsert, rows); err != nil {
		return fmt.Errorf("record movement: %w", err)
	}
	return nil
}

const sqlUnbalanced = `SELECT count(*) FROM (SELECT entry_id FROM ledger_posting
  WHERE entry_id >= $1 AND entry_id <= $2 GROUP BY entry_id
  HAVING SUM(CASE WHEN side = 'D' THEN amount ELSE -amount END) <> 0) AS unbalanced`

// readBack sums up what stands in the database, the second half of the pair that check begins.
func readBack(ctx context.Context, tx *db.Tx, entries []Entry) error {
	first, last := entries[0].ID, entries[len(entries)-1].ID
	n, err := db.One(ctx, tx, db.Scalar[int64], sqlUnbalanced, string(first), string(last))
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	assert.That(n == 0, "1 debits equal credits as written", "first", first, "last", last, "entries", n)
	return nil
}
