package outcome

import (
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/payment"
)

// causes say why money goes back after each ending of a share. What is missing was decided in a dispute.
func causes() map[escrow.Outcome]payment.Cause {
	return map[escrow.Outcome]payment.Cause{
		escrow.OutWithdrawn:   payment.CauseBuyer,
		escrow.OutGivenBack:   payment.CauseShop,
		escrow.OutOperator:    payment.CauseShop,
		escrow.OutUnsent:      payment.CauseNotServed,
		escrow.OutUndelivered: payment.CauseNotServed,
		escrow.OutVoid:        payment.CauseWishEnded,
		escrow.OutPrice:       payment.CausePriceRose,
	}
}

func causeOf(e escrow.End) payment.Cause {
	if cause, known := causes()[e.Outcome]; known && !e.Frozen() {
		return cause
	}
	return payment.CauseDispute
}
