package checkout

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// Notice keeps a verified notice of the gateway or its bank and enqueues the look that it asks for, once. What it says
// happened is not believed: a notice may be late, doubled or out of order, and only the look tells the truth.
func (c *Checkout) Notice(ctx context.Context, e gateway.WebhookEvent, body []byte) error {
	return c.DB.Write(ctx, func(tx *db.Tx) error {
		first, err := payment.KeepWebhook(ctx, tx, payment.Webhook{ID: e.ID, Gateway: c.GatewayName, Kind: e.Kind,
			PaymentKey: e.Payment.PaymentKey, OrderID: e.Payment.OrderID, Body: body})
		if err != nil || !first {
			return err
		}
		switch {
		case e.Kind == gateway.EventPaymentStatusChanged && e.Payment.OrderID != "":
			tx.Enqueue(db.Job{Kind: event.JobPaymentCheck, Key: e.ID, Payload: event.PaymentJob{
				PaymentID: market.PaymentID(e.Payment.OrderID), Key: e.Payment.PaymentKey}})
		case e.Kind == gateway.EventPayoutStatusChanged && e.Transfer.Ref != "":
			tx.Enqueue(db.Job{Kind: event.JobTransferLook, Key: e.ID, Payload: event.LookJob{Reference: e.Transfer.Ref}})
		}
		return nil
	})
}
