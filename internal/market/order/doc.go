// Package order is a buyer's claim on units of a deal: held for some minutes, then paid, lapsed or cancelled.
//
// It owns orders and order_limit. The per-person limit is kept by a constraint and a guarded upsert here. It moves no
// money and issues no vouchers.
package order
