package sim

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
)

// frail is a gateway client whose node can be made to die just before or just after the next call that moves money.
type frail struct {
	*toss.Client
	dieBefore bool
	dieAfter  bool
}

func (f *frail) before() {
	if f.dieBefore {
		f.dieBefore = false
		die()
	}
}

func (f *frail) after() {
	if f.dieAfter {
		f.dieAfter = false
		die()
	}
}

// Confirm captures, unless the node dies.
func (f *frail) Confirm(ctx context.Context, r gateway.ConfirmRequest) (gateway.Payment, error) {
	f.before()
	p, err := f.Client.Confirm(ctx, r)
	f.after()
	return p, err
}

// Cancel pays back, unless the node dies.
func (f *frail) Cancel(ctx context.Context, r gateway.CancelRequest) (gateway.Payment, error) {
	f.before()
	p, err := f.Client.Cancel(ctx, r)
	f.after()
	return p, err
}

// Transfer moves money at the bank, unless the node dies.
func (f *frail) Transfer(ctx context.Context, r gateway.TransferRequest) (gateway.Transfer, error) {
	f.before()
	t, err := f.Client.Transfer(ctx, r)
	f.after()
	return t, err
}

// die ends the node where it stands: what it had in memory is gone, what it had committed is not. survive catches it.
func die() { assert.That(false, "60 the node dies here, as the simulation wants") }

const deathStatement = "60 the node dies here, as the simulation wants"
