// Package payment is one attempt to pay an order, its settlement by the gateway, and the return of money.
//
// It owns payment, payment_webhook, payment_settlement and refund. A row stands as intent before every call to the
// gateway and takes the outcome after it; an unknown outcome is looked up, then retried with the same key. The gateway
// itself is a seam in payment/gateway.
package payment
