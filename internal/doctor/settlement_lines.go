package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// settlementQuestions are those of statements, payouts and the lists of others (invariants 27–30, 35, 36).
func settlementQuestions() []Question {
	return []Question{
		{Name: "settlement_lines", Walk: walkStatementLines},
		{Name: "settlement_statements", Walk: walkStatements},
		{Name: "settlement_payable", Walk: walkPayable},
		{Name: "settlement_payouts", Walk: walkPayouts},
		{Name: "settlement_due", Walk: walkDue},
		{Name: "settlement_unmatched", Walk: walkUnmatched},
	}
}

// pair is a row of one table beside what another says of it; Other is NULL when there is none.
type pair struct {
	id    string
	mine  int64
	other int64
	there bool
}

func scanPair(r db.Row) (pair, error) {
	var p pair
	var there int64
	err := r.Scan(&p.id, &p.mine, &p.other, &there)
	p.there = there == 1
	return p, err
}

// walkStatementLines: every use on a statement has its line there with the same money, and every line its use (28).
func walkStatementLines(ctx context.Context, w *Walk) error {
	for _, side := range []struct{ text, code string }{
		{rows.StatedUses, "use_without_line"}, {rows.UseLines, "line_without_use"},
	} {
		err := w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
			rows, err := db.All(ctx, r, scanPair, side.text, after, w.Limit())
			if err != nil || len(rows) == 0 {
				return "", 0, err
			}
			for _, p := range rows {
				if !p.there || p.mine != p.other {
					w.Found(28, side.code, p.id)
				}
			}
			return rows[len(rows)-1].id, len(rows), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// statementSum is a statement beside the sum of its lines.
type statementSum struct {
	id                          string
	lines, net, first, last     int64
	count, sum, lowest, highest int64
}

func scanStatementSum(r db.Row) (statementSum, error) {
	var s statementSum
	err := r.Scan(&s.id, &s.lines, &s.net, &s.first, &s.last, &s.count, &s.sum, &s.lowest, &s.highest)
	return s, err
}

// walkStatements: a statement is the sum of its lines, which follow each other; so do a merchant's statements (28).
func walkStatements(ctx context.Context, w *Walk) error {
	err := w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		rows, err := db.All(ctx, r, scanStatementSum, rows.StatementSums, after, min(w.Limit(), 200))
		if err != nil || len(rows) == 0 {
			return "", 0, err
		}
		for _, s := range rows {
			if s.lines != s.count || s.net != s.sum || s.first != s.lowest || s.last != s.highest {
				w.Found(28, "statement_sum", s.id, "Said", s.net, "Lines", s.sum)
			}
		}
		return rows[len(rows)-1].id, len(rows), nil
	})
	if err != nil {
		return err
	}
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		rows, err := db.All(ctx, r, scanSequence, rows.Sequences, after, min(w.Limit(), 200))
		if err != nil || len(rows) == 0 {
			return "", 0, err
		}
		for _, s := range rows {
			if s.count != s.highestNumber || s.lines != s.highestSeq || s.lines != s.kept || s.count != s.keptNumber {
				w.Found(28, "statement_gap", s.merchant, "Lines", s.lines, "Last", s.kept)
			}
		}
		return rows[len(rows)-1].merchant, len(rows), nil
	})
}

// sequence is a merchant's numbers beside what they should have reached.
type sequence struct {
	merchant             string
	count, highestNumber int64
	lines, highestSeq    int64
	kept, keptNumber     int64
}

func scanSequence(r db.Row) (sequence, error) {
	var s sequence
	err := r.Scan(&s.merchant, &s.count, &s.highestNumber, &s.lines, &s.highestSeq, &s.kept, &s.keptNumber)
	return s, err
}
