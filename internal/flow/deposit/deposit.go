package deposit

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// Deps are what the journey works with.
type Deps struct {
	DB          *db.DB
	Gateway     gateway.Gateway
	GatewayName string // the ledger's party of account 1100
	Simulator   gateway.Simulator
	RefundDue   func(requested time.Time) time.Time // end of the legal time to refund
	BaseURL     string                              // where the gateway sends the payer back to
	Log         *slog.Logger
}

// Deposits runs the journey.
type Deposits struct{ Deps }

// New makes the journey.
func New(deps Deps) *Deposits { return &Deposits{deps} }

// triesMax is how often a step is decided anew that met another.
const triesMax = 5

// write runs a step in a transaction, and anew when a guard says that somebody else was first.
func (d *Deposits) write(ctx context.Context, step func(tx *db.Tx) error) error {
	var err error
	for range triesMax {
		if err = d.DB.Write(ctx, step); !errors.Is(err, deposit.ErrMoved) && !errors.Is(err, db.ErrAgain) {
			return err
		}
	}
	return err
}

// rules are the figures of policy at an instant.
func rules(now time.Time) deposit.Rules { return figures(policy.At(now)) }

// rulesOf are the figures under which a deposit was asked for: a change of policy changes none that is down.
func rulesOf(x deposit.Deposit) deposit.Rules {
	set, known := policy.ByID(x.PolicyID)
	if !known {
		return rules(x.CreatedAt)
	}
	return figures(set)
}

func figures(set policy.Set) deposit.Rules {
	b := set.Wanted.Bid
	return deposit.Rules{Max: b.DepositMax, Unused: time.Duration(b.DepositHours) * time.Hour,
		FaultBP: b.DepositFaultBP}
}

// touch moves the screens of a wish and of its seller.
func touch(tx *db.Tx, x deposit.Deposit) {
	version := db.Micros(tx.Now())
	for _, topic := range []string{"wish:" + string(x.WishID), "merchant:" + string(x.MerchantID), "console"} {
		tx.Touch(topic, version)
	}
}

// List gives a seller's deposits in a wish, oldest first.
func (d *Deposits) List(ctx context.Context, id market.WishID, who market.MerchantID) ([]deposit.Deposit, error) {
	return deposit.Of(ctx, d.DB, id, who)
}
