package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

type partySum struct {
	account ledger.Account
	party   string
	won     money.Won
}

func scanPartySum(r db.Row) (partySum, error) {
	var p partySum
	err := r.Scan(&p.account, &p.party, &p.won)
	return p, err
}

// walkBalances: every balance row is the fold of its postings (3). Deals and merchants, which may have very many
// postings, are looked at one at a time.
func walkBalances(ctx context.Context, w *Walk) error {
	for _, info := range ledger.Chart() {
		if !info.Floor {
			continue
		}
		limit := min(w.Limit(), 200)
		if info.Party == ledger.PartyDeal || info.Party == ledger.PartyMerchant {
			limit = 1
		}
		err := w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
			rows, err := db.All(ctx, r, scanPartySum, `SELECT account, party, balance FROM ledger_balance
 WHERE account = $1 AND party > $2 ORDER BY party LIMIT $3`, string(info.Account), after, limit)
			if err != nil || len(rows) == 0 {
				return "", 0, err
			}
			return rows[len(rows)-1].party, len(rows), w.compareBalances(ctx, r, info, rows)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *Walk) compareBalances(ctx context.Context, r *db.ReadTx, info ledger.Info, rows []partySum) error {
	parties := make([]string, len(rows))
	for i := range rows {
		parties[i] = rows[i].party
	}
	sums, err := folded(ctx, r, info, parties)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if sum := sums[row.party]; sum != row.won {
			w.Found(3, "balance_differs", balanceRow(row.account, row.party), "Balance", row.won, "Sum", sum)
		}
	}
	return nil
}

func balanceRow(a ledger.Account, party string) string {
	return strings.TrimSpace(string(a) + " " + party)
}

// folded sums up the postings of parties, by the index of the entry's own id where the party is one.
func folded(ctx context.Context, r *db.ReadTx, info ledger.Info, parties []string) (map[string]money.Won, error) {
	bound := db.Bound{Text: rows.PartySums(info.Party), Args: []any{string(info.Account), string(info.Side)}}
	sums, err := db.ByIDsOf(ctx, r, scanPartySum, bound, parties)
	out := make(map[string]money.Won, len(sums))
	for _, row := range sums {
		out[row.party] = row.won
	}
	return out, err
}

// floorAccounts is the chart's list of guarded accounts, for SQL.
func floorAccounts() string {
	var codes []string
	for _, info := range ledger.Chart() {
		if info.Floor {
			codes = append(codes, "'"+string(info.Account)+"'")
		}
	}
	return "(" + strings.Join(codes, ", ") + ")"
}

// walkParties: a party without a balance row stands at zero (3): the row was never missing or was pruned.
func walkParties(ctx context.Context, w *Walk) error {
	text := `SELECT DISTINCT p.account, p.party, 0 FROM ledger_posting p WHERE p.entry_id > $1 AND p.entry_id <= $2
 AND p.account IN ` + floorAccounts() + ` AND NOT EXISTS
 (SELECT 1 FROM ledger_balance b WHERE b.account = p.account AND b.party = p.party)`
	told := map[string]bool{}
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[string], `SELECT id FROM ledger_entry WHERE id > $1 ORDER BY id LIMIT $2`,
			after, w.Limit())
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		last := ids[len(ids)-1]
		rowless, err := db.All(ctx, r, scanPartySum, text, after, last)
		if err != nil {
			return "", 0, err
		}
		for _, p := range rowless {
			key := balanceRow(p.account, p.party)
			if told[key] {
				continue
			}
			info, _ := ledger.Lookup(p.account)
			sums, err := folded(ctx, r, info, []string{p.party})
			if err != nil {
				return "", 0, err
			}
			if sum := sums[p.party]; sum != 0 {
				told[key] = true
				w.Found(3, "balance_missing", key, "Sum", sum)
			}
		}
		return last, len(ids), nil
	})
}

// settled is how old an entry must be so that no transaction can still add one before it.
const settled = 10 * time.Minute

type totalRow struct {
	account ledger.Account
	party   string
	rule    ledger.Rule
	debit   money.Won
	credit  money.Won
}

func scanTotalRow(r db.Row) (totalRow, error) {
	var t totalRow
	err := r.Scan(&t.account, &t.party, &t.rule, &t.debit, &t.credit)
	return t, err
}

type totalKey struct {
	account ledger.Account
	party   string
	rule    ledger.Rule
}

type sides struct{ debit, credit money.Won }

// walkTotals: folded totals and movements are the sums of all postings (3). Old entries are summed up in slices; the
// young ones together with the totals, in one view.
func walkTotals(ctx context.Context, w *Walk) error {
	sums := map[totalKey]sides{}
	border := id.From(market.PrefixEntry, w.Now().Add(-settled))
	text := rows.PostingTotals + ` WHERE p.entry_id > $1 AND p.entry_id <= $2` + rows.PostingGroups
	err := w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[string], `SELECT id FROM ledger_entry WHERE id > $1 AND id < $2
 ORDER BY id LIMIT $3`, after, border, w.Limit())
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		last := ids[len(ids)-1]
		return last, len(ids), addTotals(ctx, r, sums, text, after, last)
	})
	if err != nil {
		return err
	}
	return w.Once(ctx, func(r *db.ReadTx) (int, error) {
		if err := addTotals(ctx, r, sums, rows.PostingTotals+` WHERE p.entry_id >= $1`+rows.PostingGroups,
			border); err != nil {
			return 0, err
		}
		totals, err := ledger.Sum(ctx, r)
		if err != nil {
			return 0, err
		}
		w.compareTotals(sums, totals)
		return len(totals), nil
	})
}

func addTotals(ctx context.Context, r *db.ReadTx, sums map[totalKey]sides, text string, args ...any) error {
	rows, err := db.All(ctx, r, scanTotalRow, text, args...)
	for _, t := range rows {
		key := totalKey{t.account, t.party, t.rule}
		if info, _ := ledger.Lookup(t.account); info.Floor {
			key.party = ""
		}
		s := sums[key]
		sums[key] = sides{s.debit + t.debit, s.credit + t.credit}
	}
	return err
}

func (w *Walk) compareTotals(sums map[totalKey]sides, totals ledger.Totals) {
	for _, t := range totals {
		key := totalKey{t.Account, t.Party, t.Rule}
		w.compareTotal(key, sides{t.Debit, t.Credit}, sums[key])
		delete(sums, key)
	}
	for key, sum := range sums {
		w.compareTotal(key, sides{}, sum)
	}
}

func (w *Walk) compareTotal(key totalKey, kept, sum sides) {
	if kept == sum {
		return
	}
	row := strings.Join(strings.Fields(fmt.Sprintf("%s %s %s", key.account, key.party, key.rule)), " ")
	w.Found(3, "total_differs", row, "Kept", fmt.Sprintf("%d/%d", kept.debit, kept.credit),
		"Sum", fmt.Sprintf("%d/%d", sum.debit, sum.credit))
}
