package apptest

import (
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// Approve lets a shop that Shop wrote open deals.
func (w *World) Approve(id market.MerchantID) {
	w.T.Helper()
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		m, err := merchant.Find(w.Ctx, tx, id)
		if err != nil {
			return err
		}
		return merchant.Move(w.Ctx, tx, m, merchant.Approved, "")
	}))
}
