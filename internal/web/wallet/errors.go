package wallet

import "github.com/dure-commerce/dure/internal/kit/fail"

// errChanged refuses a refund whose amount is no longer what its page showed.
var errChanged = fail.New(fail.Conflict, "wallet.refund.changed")

const (
	keyMax = 200
	wonMax = 1 << 50
)
