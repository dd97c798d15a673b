package doctor

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// walkPayable: what a merchant's statements and payouts say is payable is what stands booked (27, 28), and what the
// book says was paid is what the payouts say (27, 30).
func walkPayable(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[market.MerchantID], `SELECT party FROM ledger_balance
 WHERE account = '2150' AND party > $1 ORDER BY party LIMIT $2`, after, min(w.Limit(), 50))
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		for _, id := range ids {
			if err := w.judgeMerchant(ctx, r, id); err != nil {
				return "", 0, err
			}
		}
		return string(ids[len(ids)-1]), len(ids), nil
	})
}

func (w *Walk) judgeMerchant(ctx context.Context, r *db.ReadTx, id market.MerchantID) error {
	standing, err := settlement.Standing(ctx, r, id)
	if err != nil {
		return err
	}
	booked, err := ledger.Balance(ctx, r, ledger.Payable, string(id))
	if err != nil {
		return err
	}
	if standing != booked {
		w.Found(27, "payable_differs", string(id), "Statements", standing, "Booked", booked)
	}
	book, err := db.One(ctx, r, db.Scalar[int64], rows.PaidByBook, string(id))
	if err != nil {
		return err
	}
	paid, err := db.One(ctx, r, db.Scalar[int64], rows.PaidByPayouts, string(id))
	if err == nil && book != paid {
		w.Found(30, "paid_differs", string(id), "Payouts", paid, "Booked", book)
	}
	return err
}

// payoutSum is a payout beside what it pays for and what is booked of it.
type payoutSum struct {
	id, state             string
	amount, parts         int64
	sent, confirmed, back int64
	followers             int64
}

func scanPayoutSum(r db.Row) (payoutSum, error) {
	var p payoutSum
	err := r.Scan(&p.id, &p.state, &p.amount, &p.parts, &p.sent, &p.confirmed, &p.back, &p.followers)
	return p, err
}

// walkPayouts: a payout pays what it names, is booked as its state says, and is followed by one when it came back (30).
func walkPayouts(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		rows, err := db.All(ctx, r, scanPayoutSum, rows.PayoutSums, after, min(w.Limit(), 200))
		if err != nil || len(rows) == 0 {
			return "", 0, err
		}
		for _, p := range rows {
			w.judgePayout(p)
		}
		return rows[len(rows)-1].id, len(rows), nil
	})
}

func (w *Walk) judgePayout(p payoutSum) {
	returned := p.state == string(settlement.PayoutReturned)
	if !returned && p.parts != p.amount {
		w.Found(30, "payout_parts", p.id, "Amount", p.amount, "Parts", p.parts)
	}
	sound := false
	switch settlement.PayoutState(p.state) {
	case settlement.PayoutDue, settlement.PayoutHeld:
		sound = p.sent == 0 && p.confirmed == 0
	case settlement.PayoutSent:
		sound = p.sent == 1 && p.confirmed == 0 && p.back == 0
	case settlement.PayoutConfirmed:
		sound = p.sent == 1 && p.confirmed == 1 && p.back == 0
	case settlement.PayoutReturned:
		sound = p.sent == 1 && p.back == p.sent+p.confirmed && p.followers == 1
	}
	if !sound {
		w.Found(30, "payout_booking", p.id, "State", p.state)
	}
}

// walkDue: nothing that may be paid waits longer than the policy's first alarm (29).
func walkDue(ctx context.Context, w *Walk) error {
	alarm := policy.At(w.Now()).Settlement.AlarmDays[0]
	before := ledger.DayOf(w.Now().Add(-time.Duration(alarm) * 24 * time.Hour))
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[string], `SELECT id FROM statement
 WHERE state = 'confirmed' AND net > apart AND payable_day < $1 AND id > $2 ORDER BY id LIMIT $3`, before, after,
			w.Limit())
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		for _, id := range ids {
			w.Found(29, "statement_unpaid", id, "Days", alarm)
		}
		return ids[len(ids)-1], len(ids), nil
	})
}

// walkUnmatched: what bank and gateway say and we cannot explain is explained within its limit (35, 36).
func walkUnmatched(ctx context.Context, w *Walk) error {
	before := w.Now().Add(-time.Duration(policy.At(w.Now()).Custody.SuspenseHours) * time.Hour)
	return w.Once(ctx, func(r *db.ReadTx) (int, error) {
		entries, err := settlement.Unmatched(ctx, r, w.Limit())
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			if e.SeenAt.Before(before) {
				w.Found(35, "bank_unmatched", e.ID, "Amount", e.Amount, "Since", e.SeenAt)
			}
		}
		differences, err := settlement.Differences(ctx, r, w.Limit())
		for _, d := range differences {
			if d.SeenAt.Before(before) {
				w.Found(36, "difference_old", d.ID, "Ours", d.Ours, "Theirs", d.Theirs)
			}
		}
		return len(entries) + len(differences), err
	})
}

// Balances gives the balance of one of our accounts at the bank, in won: "custody" or "operating".
type Balances func(ctx context.Context, account string) (won int64, err error)

// Outside compares our books with the bank's own balances: what stands booked and what nothing explains yet must be
// what the bank has. It calls the bank, so it is asked for by itself and not with the other questions.
func Outside(ctx context.Context, d *db.DB, bank Balances) ([]Finding, error) {
	var found []Finding
	for account, code := range map[string]ledger.Account{
		"custody": ledger.BankCustody, "operating": ledger.BankOperating,
	} {
		there, err := bank(ctx, account)
		if err != nil {
			return found, err
		}
		var ours int64
		err = d.Read(ctx, func(r *db.ReadTx) error {
			totals, err := ledger.Sum(ctx, r)
			if err != nil {
				return err
			}
			open, err := settlement.UnmatchedSum(ctx, r, account)
			ours = totals.Balance(code) + open
			return err
		})
		if err != nil {
			return found, err
		}
		if ours != there {
			found = append(found, Finding{Invariant: 36, Code: "bank_balance", Row: account,
				Args: map[string]any{"Row": account, "Ours": ours, "Theirs": there}})
		}
	}
	return found, nil
}
