package custody

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// TransactionsOnce compares the gateway's list of captures and cancels of the next day that is over with our payments
// and refunds, both ways.
func (c *Custody) TransactionsOnce(ctx context.Context) (bool, error) {
	now := c.Now()
	run, over, err := settlement.NextRun(ctx, c.DB, settlement.RunTransactions, settlement.Yesterday(now), now)
	if err != nil || over {
		return false, err
	}
	list, err := c.readTransactions(ctx, run.Day)
	if err != nil {
		c.Log.Warn("transactions not read", "day", run.Day, "error", err)
		return true, c.Advance(ctx, run, settlement.Progress{Wait: againAfter, Note: gateway.CodeOf(err)})
	}
	strays, err := c.strays(ctx, run.Day, list)
	if err != nil {
		return false, err
	}
	return true, c.DB.Write(ctx, func(tx *db.Tx) error {
		found := strays
		for start := 0; start < len(list); start += rowsAtOnce {
			part, err := c.compareTransactions(ctx, tx, run.Day, list[start:min(start+rowsAtOnce, len(list))])
			if err != nil {
				return err
			}
			found = append(found, part...)
		}
		if _, err := settlement.Note(ctx, tx, found); err != nil {
			return err
		}
		_, err := settlement.Advance(ctx, tx, run, settlement.Progress{Done: int64(len(list)), Over: true})
		return err
	})
}

func (c *Custody) readTransactions(ctx context.Context, day string) ([]gateway.TransactionRow, error) {
	var out []gateway.TransactionRow
	for after := ""; ; {
		rows, more, err := c.Gateway.Transactions(ctx, day, day, after)
		if err != nil {
			return nil, err
		}
		out = append(out, rows...)
		if !more || len(rows) == 0 {
			return out, nil
		}
		after = rows[len(rows)-1].TransactionKey
	}
}

// compareTransactions classes the gateway's rows by what we know of them.
func (c *Custody) compareTransactions(
	ctx context.Context, q db.Querier, day string, rows []gateway.TransactionRow,
) ([]settlement.Difference, error) {
	as := make([]payment.SettledRow, len(rows))
	for i, r := range rows {
		as[i] = payment.SettledRow{TransactionKey: r.TransactionKey, PaymentKey: r.PaymentKey, Gross: r.Amount}
	}
	have, err := c.ours(ctx, q, keysOf(as))
	if err != nil {
		return nil, err
	}
	var out []settlement.Difference
	for i, r := range rows {
		subject, ours := have.of(as[i])
		key := r.PaymentKey
		if r.Amount < 0 {
			key = r.TransactionKey
		}
		d := settlement.Compare(settlement.Pair{Source: settlement.SourceTransactions, Day: day, Key: key,
			Subject: subject, Ours: ours, Theirs: r.Amount, FeeFits: true})
		if d.Found() {
			out = append(out, d)
		}
	}
	return out, nil
}

// strays are captures and refunds of ours of a day that the gateway's list lacks. A clock a little ahead may put one on
// the list of the day beside: the gateway is asked for each before it counts as missing.
func (c *Custody) strays(
	ctx context.Context, day string, list []gateway.TransactionRow,
) ([]settlement.Difference, error) {
	there := make(map[string]bool, 2*len(list))
	for _, r := range list {
		there[r.TransactionKey], there[r.PaymentKey] = true, true
	}
	from, to := settlement.DayBounds(day)
	payments, err := payment.CapturedIn(ctx, c.DB, c.GatewayName, from, to)
	if err != nil {
		return nil, err
	}
	var out []settlement.Difference
	for _, p := range payments {
		if there[p.PaymentKey] || c.confirmed(ctx, p) {
			continue
		}
		out = append(out, settlement.Difference{Source: settlement.SourceTransactions, Class: settlement.MissingThere,
			Day: day, GatewayKey: p.PaymentKey, SubjectID: string(p.ID), Ours: p.Amount})
	}
	refunds, err := payment.AcceptedIn(ctx, c.DB, from, to)
	if err != nil {
		return nil, err
	}
	for _, f := range refunds {
		if there[f.TransactionKey] || c.cancelled(ctx, f) {
			continue
		}
		out = append(out, settlement.Difference{Source: settlement.SourceTransactions, Class: settlement.MissingThere,
			Day: bizday.Day(f.AcceptedAt), GatewayKey: f.TransactionKey, SubjectID: string(f.ID), Ours: -f.Amount})
	}
	return out, nil
}

func (c *Custody) confirmed(ctx context.Context, p payment.Payment) bool {
	there, err := c.Gateway.Lookup(ctx, p.PaymentKey)
	return err == nil && there.Status.Captured() && there.Amount == p.Amount
}

func (c *Custody) cancelled(ctx context.Context, f payment.Refund) bool {
	p, err := payment.Find(ctx, c.DB, f.PaymentID)
	if err != nil {
		return false
	}
	there, err := c.Gateway.Lookup(ctx, p.PaymentKey)
	if err != nil {
		return false
	}
	for _, c := range there.Cancels {
		if c.TransactionKey == f.TransactionKey && c.Amount == f.Amount {
			return true
		}
	}
	return false
}
