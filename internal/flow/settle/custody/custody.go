package custody

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/flow/settle/interest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// Custody runs the journey.
type Custody struct {
	settle.Deps
	Settle   *settle.Settle
	Interest *interest.Interest
}

// New makes the journey beside that of the merchants' money.
func New(s *settle.Settle) *Custody {
	return &Custody{Deps: s.Deps, Settle: s, Interest: interest.New(s.Deps)}
}

const (
	rowsAtOnce    = 256
	entriesAtOnce = 200
	foldAtOnce    = 500
	pruneAtOnce   = 200
)

// Workers are the background tasks of the journey. Each step is small, and the runs of a day keep how far they came.
// Without a gateway nobody is asked for lists.
func (c *Custody) Workers() []queue.Worker {
	own := []queue.Worker{
		{Name: "custody.late", RunOnce: c.LateOnce, Poll: time.Minute},
		{Name: "custody.segregation", RunOnce: c.SegregateOnce, Poll: time.Minute},
		{Name: "custody.sweep", RunOnce: c.SweepOnce, Poll: time.Minute},
		{Name: "custody.fold", RunOnce: c.FoldOnce, Poll: 5 * time.Second},
		{Name: "custody.prune", RunOnce: c.PruneOnce, Poll: time.Minute},
	}
	if _, none := c.Gateway.(gateway.Absent); none {
		return own
	}
	return append([]queue.Worker{
		{Name: "custody.bank", RunOnce: c.BankOnce, Poll: time.Minute},
		{Name: "custody.gateway", RunOnce: c.GatewayOnce, Poll: time.Minute},
		{Name: "custody.transactions", RunOnce: c.TransactionsOnce, Poll: time.Minute},
	}, own...)
}

// covered is how the clients' money must be covered at an instant.
func covered(now time.Time) ledger.Custody {
	c := policy.At(now).Custody
	return ledger.Custody{ExternalGateways: c.ExternalGateways, CoverageBP: c.CoverageBP, BufferMin: c.BufferMin}
}

// FoldOnce adds up a chunk of the ledger's movements.
func (c *Custody) FoldOnce(ctx context.Context) (bool, error) {
	var n int
	err := c.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = ledger.Fold(ctx, tx, foldAtOnce)
		return err
	})
	return n == foldAtOnce, err
}

// PruneOnce removes a chunk of the balance rows of single items that stand at zero: each order, refund and payout
// leaves one for ever otherwise. It looks before it takes the writer.
func (c *Custody) PruneOnce(ctx context.Context) (bool, error) {
	if any, err := ledger.Prunable(ctx, c.DB); err != nil || !any {
		return false, err
	}
	var n int
	err := c.DB.Write(ctx, func(tx *db.Tx) (err error) {
		n, err = ledger.Prune(ctx, tx, pruneAtOnce)
		return err
	})
	return n == pruneAtOnce, err
}

// Look asks the bank what became of the payout or the transfer behind a reference, as its notice asks for. Only a
// transfer that failed is told by the look-up alone; all else has a line on the bank's statement, which is read now.
func (c *Custody) Look(ctx context.Context, reference string) error {
	t, err := c.Gateway.LookupTransfer(ctx, reference)
	if gateway.OutcomeOf(err) == gateway.NotFound {
		return nil // nothing of ours: whoever wrote the notice knows of a transfer that the bank does not
	}
	if err != nil {
		return err
	}
	if t.Status != gateway.TransferFailed {
		_, err = c.BankOnce(ctx)
		return err
	}
	if id, ok := settlement.PayoutOf(reference); ok {
		return c.Settle.GiveBack(ctx, id, t.FailureCode)
	}
	if _, ok := payment.InterestOf(reference); ok {
		return c.Interest.GiveBack(ctx, reference, t.FailureCode)
	}
	return c.endTransfer(ctx, reference, settlement.TransferFailed, t.FailureCode)
}

// orState is the answer when a guard answered no row: the state does not allow it any more.
func orState(err error) error {
	if err != nil {
		return err
	}
	return settlement.ErrState
}
