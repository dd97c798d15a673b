package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
)

// Total is what moved on an account by one rule since the beginning. Accounts with balance rows have no party here.
type Total struct {
	Account Account
	Party   string
	Rule    Rule
	Debit   money.Won
	Credit  money.Won
}

// Totals is the whole book in sums.
type Totals []Total

func scanTotal(r db.Row) (Total, error) {
	var t Total
	err := r.Scan(&t.Account, &t.Party, &t.Rule, &t.Debit, &t.Credit)
	return t, err
}

const sqlTotals = `SELECT account, party, rule, CAST(SUM(debit) AS bigint), CAST(SUM(credit) AS bigint) FROM (
  SELECT account, party, rule, debit, credit FROM ledger_fold
  UNION ALL SELECT account, party, rule, debit, credit FROM ledger_movement) AS moved
 GROUP BY account, party, rule ORDER BY account, party, rule`

// Sum gives the totals at this instant: what is folded and what is not yet, read in one statement.
func Sum(ctx context.Context, q db.Querier) (Totals, error) {
	all, err := db.All(ctx, q, scanTotal, sqlTotals)
	if err != nil {
		return nil, fmt.Errorf("sum up the book: %w", err)
	}
	return all, nil
}

// Of gives the debits and credits of an account.
func (t Totals) Of(a Account) (debit, credit money.Won) {
	for _, x := range t {
		if x.Account == a {
			debit, credit = debit+x.Debit, credit+x.Credit
		}
	}
	return debit, credit
}

// By gives the debits and credits of an account by one rule.
func (t Totals) By(a Account, r Rule) (debit, credit money.Won) {
	for _, x := range t {
		if x.Account == a && x.Rule == r {
			debit, credit = debit+x.Debit, credit+x.Credit
		}
	}
	return debit, credit
}

// Balance gives what stands on an account, on its normal side.
func (t Totals) Balance(a Account) money.Won {
	debit, credit := t.Of(a)
	info, _ := Lookup(a)
	if info.Side == Debit {
		return debit - credit
	}
	return credit - debit
}

// PartyBalance gives what stands on a party of an account without balance rows.
func (t Totals) PartyBalance(a Account, party string) money.Won {
	own := Totals{}
	for _, x := range t {
		if x.Account == a && x.Party == party {
			own = append(own, x)
		}
	}
	return own.Balance(a)
}

// TrialLine is an account's line of the trial balance.
type TrialLine struct {
	Info
	Debit   money.Won
	Credit  money.Won
	Balance money.Won // on the normal side
}

// Trial gives the trial balance: every account that ever moved, in the order of the chart.
func (t Totals) Trial() []TrialLine {
	var lines []TrialLine
	for _, info := range chart {
		debit, credit := t.Of(info.Account)
		if debit == 0 && credit == 0 {
			continue
		}
		lines = append(lines, TrialLine{Info: info, Debit: debit, Credit: credit, Balance: t.Balance(info.Account)})
	}
	return lines
}

var foldRaise = db.Insert{
	Table:   "ledger_fold",
	Columns: []string{"account", "party", "rule", "debit", "credit"},
	OnConflict: `ON CONFLICT (account, party, rule) DO UPDATE SET debit = ledger_fold.debit + excluded.debit,
  credit = ledger_fold.credit + excluded.credit`,
}

const sqlTakeMovements = `DELETE FROM ledger_movement WHERE id IN
  (SELECT id FROM ledger_movement ORDER BY id LIMIT $1) RETURNING account, party, rule, debit, credit`

// Fold adds up to limit movements to the kept totals and gives their number; zero means that nothing is left. It may
// run on several nodes and stop at any time: a movement leaves its row in the transaction that adds it.
func Fold(ctx context.Context, tx *db.Tx, limit int) (int, error) {
	taken, err := db.All(ctx, tx, scanTotal, sqlTakeMovements, limit)
	if err != nil {
		return 0, fmt.Errorf("take movements: %w", err)
	}
	sums := map[totalKey]*total{}
	for _, t := range taken {
		key := totalKey{t.Account, t.Party, t.Rule}
		if sums[key] == nil {
			sums[key] = &total{}
		}
		sums[key].debit += t.Debit
		sums[key].credit += t.Credit
	}
	rows := make([][]any, 0, len(sums))
	for _, k := range sortedTotals(sums) {
		rows = append(rows, []any{string(k.account), k.party, string(k.rule), sums[k].debit, sums[k].credit})
	}
	if _, err := db.InsertMany(ctx, tx, foldRaise, rows); err != nil {
		return 0, fmt.Errorf("fold movements: %w", err)
	}
	return len(taken), nil
}

// The outer condition is asked again of a row that another transaction raised meanwhile.
const sqlPrune = `DELETE FROM ledger_balance WHERE account = $1 AND balance = 0 AND party IN
  (SELECT party FROM ledger_balance WHERE account = $1 AND balance = 0 ORDER BY party LIMIT $2)`

// Prune removes up to limit balance rows of single items that stand at zero, which no row says as well, and gives
// their number.
func Prune(ctx context.Context, tx *db.Tx, limit int) (int, error) {
	removed := 0
	for _, info := range chart {
		if !info.item() || removed >= limit {
			continue
		}
		n, err := db.Exec(ctx, tx, sqlPrune, string(info.Account), limit-removed)
		if err != nil {
			return removed, fmt.Errorf("prune %s: %w", info.Account, err)
		}
		removed += int(n)
	}
	return removed, nil
}

// Prunable tells whether Prune would remove anything.
func Prunable(ctx context.Context, q db.Querier) (bool, error) {
	for _, info := range chart {
		if !info.item() {
			continue
		}
		_, err := db.One(ctx, q, db.Scalar[string], `SELECT party FROM ledger_balance WHERE account = $1 AND balance = 0
 LIMIT 1`, string(info.Account))
		if err == nil || !db.IsNoRow(err) {
			return err == nil, err
		}
	}
	return false, nil
}

// item tells accounts whose parties come and go: one for each payout, refund, order or voucher.
func (i Info) item() bool {
	switch i.Party {
	case PartyPayout, PartyRefund, PartyOrder, PartyVoucher:
		return i.Floor
	case PartyNone, PartyGateway, PartyDeal, PartyMerchant:
	}
	return false
}

func compareTotals(a, b totalKey) int {
	if c := strings.Compare(string(a.account), string(b.account)); c != 0 {
		return c
	}
	if c := strings.Compare(a.party, b.party); c != 0 {
		return c
	}
	return strings.Compare(string(a.rule), string(b.rule))
}
