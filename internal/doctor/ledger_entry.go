package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// storedEntry is an entry as its row and its postings say, with the bytes that must say the same.
type storedEntry struct {
	ledger.Entry
	bytes   []byte
	numbers []int64 // of the lines
}

func scanStored(r db.Row) (*storedEntry, error) {
	e := &storedEntry{}
	err := r.Scan(&e.ID, &e.Rule, &e.Scope, db.Text(&e.Mirrors), db.Time(&e.At), &e.Day, &e.DealID, &e.OrderID,
		&e.VoucherID, &e.MerchantID, &e.PolicyID, &e.bytes)
	return e, err
}

type storedLine struct {
	entry  market.EntryID
	number int64
	ledger.Line
}

func scanLine(r db.Row) (storedLine, error) {
	var l storedLine
	err := r.Scan(&l.entry, &l.number, &l.Account, &l.Party, &l.Side, &l.Amount)
	return l, err
}

// walkEntries reads every entry with its postings and judges each.
func walkEntries(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		entries, err := db.All(ctx, r, scanStored, rows.EntrySlice, after, w.Limit())
		if err != nil {
			return "", 0, err
		}
		next := ""
		text, args := rows.LineSlice+` ORDER BY entry_id, line`, []any{after}
		if len(entries) == w.Limit() {
			next = string(entries[len(entries)-1].ID)
			text, args = rows.LineSlice+` AND entry_id <= $2 ORDER BY entry_id, line`, append(args, next)
		}
		lines, err := db.All(ctx, r, scanLine, text, args...)
		if err != nil {
			return "", 0, err
		}
		w.join(entries, lines)
		for _, e := range entries {
			w.judgeEntry(e)
		}
		return next, len(entries) + len(lines), w.judgeContexts(ctx, r, entries)
	})
}

// join gives each entry its lines; a line of no entry is a finding.
func (w *Walk) join(entries []*storedEntry, lines []storedLine) {
	byID := make(map[market.EntryID]*storedEntry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	for _, l := range lines {
		e := byID[l.entry]
		if e == nil {
			w.Found(10, "posting_orphan", lineKey(l.entry, l.number))
			continue
		}
		e.Lines, e.numbers = append(e.Lines, l.Line), append(e.numbers, l.number)
	}
}

func lineKey(id market.EntryID, number int64) string { return fmt.Sprintf("%s/%d", id, number) }

func (w *Walk) judgeEntry(e *storedEntry) {
	id := string(e.ID)
	debits, credits := e.sums()
	if debits != credits {
		w.Found(1, "entry_unbalanced", id, "Debit", debits, "Credit", credits)
	} else if fault := ledger.Fault(&e.Entry); fault != "" {
		w.Found(1, "entry_form", id, "Fault", fault)
	}
	if _, known := policy.ByID(e.PolicyID); e.PolicyID != "" && !known {
		w.Found(11, "entry_policy", id, "Policy", e.PolicyID)
	}
	if e.Day != ledger.DayOf(e.At) {
		w.Found(10, "entry_day", id, "Day", e.Day)
	}
	if !slices.Contains(ledger.Rules(), e.Rule) {
		w.Found(10, "entry_rule", id, "Rule", string(e.Rule))
	}
	w.judgeBytes(e)
}

func (e *storedEntry) sums() (debits, credits money.Won) {
	for _, l := range e.Lines {
		if l.Side == ledger.Debit {
			debits += l.Amount
		} else {
			credits += l.Amount
		}
	}
	return debits, credits
}

// judgeBytes compares row and postings with the canonical bytes, which name the line that was changed.
func (w *Walk) judgeBytes(e *storedEntry) {
	id := string(e.ID)
	kept, err := ledger.Decode(e.bytes)
	if err != nil {
		w.Found(10, "entry_bytes", id)
		return
	}
	for _, part := range []struct{ name, row, bytes string }{
		{"id", id, string(kept.ID)}, {"rule", string(e.Rule), string(kept.Rule)}, {"scope", e.Scope, kept.Scope},
		{"mirrors", string(e.Mirrors), string(kept.Mirrors)}, {"day", e.Day, kept.Day},
		{"at", fmt.Sprint(db.Micros(e.At)), fmt.Sprint(db.Micros(kept.At))},
		{"deal_id", string(e.DealID), string(kept.DealID)}, {"order_id", string(e.OrderID), string(kept.OrderID)},
		{"voucher_id", string(e.VoucherID), string(kept.VoucherID)},
		{"merchant_id", string(e.MerchantID), string(kept.MerchantID)}, {"policy_id", e.PolicyID, kept.PolicyID},
	} {
		if part.row != part.bytes {
			w.Found(10, "entry_column", id, "Column", part.name, "Was", part.bytes, "Is", part.row)
		}
	}
	stored := make(map[int64]ledger.Line, len(e.Lines))
	for i, l := range e.Lines {
		stored[e.numbers[i]] = l
	}
	for i, l := range kept.Lines {
		number := int64(i + 1)
		found, there := stored[number]
		delete(stored, number)
		switch {
		case !there:
			w.Found(10, "posting_missing", lineKey(e.ID, number), "Was", lineText(l))
		case found != l:
			w.Found(10, "posting_changed", lineKey(e.ID, number), "Was", lineText(l), "Is", lineText(found))
		}
	}
	for number, l := range stored {
		w.Found(10, "posting_added", lineKey(e.ID, number), "Is", lineText(l))
	}
}

func lineText(l ledger.Line) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s %d", l.Side, l.Account, l.Party, l.Amount))
}
