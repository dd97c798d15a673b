package payment

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// ConfirmingDeposits lists attempts to put deposits of bids down, made before the given instant, that the gateway was
// asked about without a known answer.
func ConfirmingDeposits(ctx context.Context, q db.Querier, before time.Time, limit int) ([]Payment, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE state = 'confirming' AND purpose = 'deposit'
 AND created_at < $1 ORDER BY created_at, id LIMIT $2`, db.Micros(before), limit)
}

// KindDeposit is money that a person gets by bank out of a deposit that was kept; all else is interest.
const KindDeposit = "deposit"

// OfDeposit reports a part of a deposit that was kept.
func (i Interest) OfDeposit() bool { return i.Kind == KindDeposit }
