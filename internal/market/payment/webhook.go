package payment

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Webhook is a verified notice of a gateway, kept as it came.
type Webhook struct {
	ID         string // the gateway's id, the same for every repetition
	Gateway    string
	Kind       string
	PaymentKey string
	OrderID    string // our payment id
	Body       []byte
}

// KeepWebhook keeps a notice; false when it was kept before.
func KeepWebhook(ctx context.Context, tx *db.Tx, w Webhook) (bool, error) {
	n, err := db.Exec(ctx, tx, `INSERT INTO payment_webhook (id, gateway, kind, payment_key, order_id, body, received_at)
 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
		w.ID, w.Gateway, w.Kind, w.PaymentKey, w.OrderID, w.Body, db.Micros(tx.Now()))
	return n == 1, err
}
