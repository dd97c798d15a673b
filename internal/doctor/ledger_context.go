package doctor

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// judgeContexts judges entries by what else stands in the database.
func (w *Walk) judgeContexts(ctx context.Context, r *db.ReadTx, entries []*storedEntry) error {
	if err := w.judgeCorrections(ctx, r, entries); err != nil {
		return err
	}
	if err := w.judgeExpiries(ctx, r, entries); err != nil {
		return err
	}
	return w.judgeSweeps(ctx, r, entries)
}

// judgeCorrections: a mirror has the lines of an existing entry on the other sides (9).
func (w *Walk) judgeCorrections(ctx context.Context, r *db.ReadTx, entries []*storedEntry) error {
	var ids []market.EntryID
	for _, e := range entries {
		if e.Mirrors != "" {
			ids = append(ids, e.Mirrors)
		}
	}
	lines, err := db.ByIDs(ctx, r, scanLine, `SELECT entry_id, line, account, party, side, amount FROM ledger_posting
 WHERE entry_id IN `+db.IDsMark+` ORDER BY entry_id, line`, ids)
	if err != nil {
		return err
	}
	originals := map[market.EntryID][]ledger.Line{}
	for _, l := range lines {
		l.Side = l.Side.Other()
		originals[l.entry] = append(originals[l.entry], l.Line)
	}
	for _, e := range entries {
		switch original, there := originals[e.Mirrors]; {
		case e.Mirrors == "":
		case !there:
			w.Found(9, "mirror_lost", string(e.ID), "Entry", string(e.Mirrors))
		case !slices.Equal(original, e.Lines):
			w.Found(9, "mirror_differs", string(e.ID), "Entry", string(e.Mirrors))
		}
	}
	return nil
}

// terms are what an expired voucher's owner was promised.
type terms struct {
	voucher market.VoucherID
	profile policy.ProfileName
	price   money.Won
}

func scanTerms(r db.Row) (terms, error) {
	var t terms
	err := r.Scan(&t.voucher, &t.profile, &t.price)
	return t, err
}

// judgeExpiries: breakage stands only where a voucher expired, and never takes what the profile gives back (25).
func (w *Walk) judgeExpiries(ctx context.Context, r *db.ReadTx, entries []*storedEntry) error {
	var ids []market.VoucherID
	for _, e := range entries {
		expired := e.Rule == ledger.RuleExpired || e.Rule == ledger.RuleExpiredToPoints
		if expired {
			ids = append(ids, e.VoucherID)
		}
		if _, amount := e.Moved(ledger.Breakage); amount > 0 && !expired {
			w.Found(25, "breakage_rule", string(e.ID), "Rule", string(e.Rule))
		}
	}
	promised, err := db.ByIDs(ctx, r, scanTerms, `SELECT id, refund_profile, price FROM voucher
 WHERE id IN `+db.IDsMark, ids)
	if err != nil {
		return err
	}
	byVoucher := make(map[market.VoucherID]terms, len(promised))
	for _, t := range promised {
		byVoucher[t.voucher] = t
	}
	for _, e := range entries {
		if t, ok := byVoucher[e.VoucherID]; ok && slices.Contains(ids, e.VoucherID) {
			w.judgeExpiry(e, t)
		}
	}
	return nil
}

func (w *Walk) judgeExpiry(e *storedEntry, t terms) {
	set, known := policy.ByID(e.PolicyID)
	if !known {
		set = policy.At(e.At)
	}
	profile, err := set.Profile(t.profile)
	rate := profile.ClaimBP(t.price)
	switch {
	case err != nil:
		return // the voucher's own question says so
	case e.Rule == ledger.RuleExpiredToPoints:
		rate = profile.PointsBP
	case e.Rule != ledger.RuleExpired:
		return
	}
	value, _ := e.Moved(ledger.Unredeemed)
	_, claim := e.Moved(ledger.Unclaimed)
	_, points := e.Moved(ledger.PointsPaid)
	if owed := money.RateUp(value, rate); claim+points < owed {
		w.Found(25, "expiry_short", string(e.ID), "Owed", owed, "Given", claim+points)
	}
}

// judgeSweeps: nothing leaves custody while a day's top-up was missing (34).
func (w *Walk) judgeSweeps(ctx context.Context, r *db.ReadTx, entries []*storedEntry) error {
	for _, e := range entries {
		if e.Rule != ledger.RuleSweep {
			continue
		}
		days, err := db.All(ctx, r, db.Scalar[string], `SELECT day FROM ledger_segregation
 WHERE top_up > 0 AND at < $1 AND (topped_up_at IS NULL OR topped_up_at > $1) ORDER BY day LIMIT 1`, db.Micros(e.At))
		if err != nil {
			return err
		}
		if len(days) > 0 {
			w.Found(34, "sweep_uncovered", string(e.ID), "Day", days[0])
		}
	}
	return nil
}

// scopeRow is an entry by a text that must be unique.
type scopeRow struct {
	text string
	id   market.EntryID
}

func scanScope(r db.Row) (scopeRow, error) {
	var s scopeRow
	err := r.Scan(&s.text, &s.id)
	return s, err
}

// walkScopes: a scope stands once (8).
func walkScopes(ctx context.Context, w *Walk) error {
	return w.twins(ctx, `SELECT scope, id FROM ledger_entry WHERE scope >= $1 ORDER BY scope, id LIMIT $2`,
		func(a, b scopeRow) { w.Found(8, "scope_twice", string(b.id), "Scope", a.text, "Entry", string(a.id)) })
}

// walkMirrors: an entry is corrected once (9).
func walkMirrors(ctx context.Context, w *Walk) error {
	return w.twins(ctx, `SELECT mirrors, id FROM ledger_entry WHERE mirrors IS NOT NULL AND mirrors >= $1
 ORDER BY mirrors, id LIMIT $2`,
		func(a, b scopeRow) { w.Found(9, "mirror_twice", string(b.id), "Entry", a.text, "Other", string(a.id)) })
}

// twins compares neighbours. A slice begins with the last text of the one before, so that twins on both sides of the
// border are seen; a text that fills a whole slice by itself is passed over.
func (w *Walk) twins(ctx context.Context, text string, found func(a, b scopeRow)) error {
	told := map[market.EntryID]bool{}
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		rows, err := db.All(ctx, r, scanScope, text, after, w.Limit()+1)
		if err != nil {
			return "", 0, err
		}
		for i := 1; i < len(rows); i++ {
			if rows[i].text == rows[i-1].text && !told[rows[i].id] {
				told[rows[i].id] = true
				found(rows[i-1], rows[i])
			}
		}
		if len(rows) <= w.Limit() || rows[len(rows)-1].text == after {
			return "", len(rows), nil
		}
		return rows[len(rows)-1].text, len(rows) - 1, nil
	})
}
