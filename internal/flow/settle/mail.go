package settle

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// mailReturned tells a merchant that the bank sent a payout back, and where to mend the account.
func mailReturned(ctx context.Context, tx *db.Tx, next settlement.Payout) error {
	shop, err := shopOf(ctx, tx, next.MerchantID)
	if err != nil || shop.Email == "" {
		return err
	}
	letter.Send(tx, letter.Letter{To: shop.Email, Name: shop.Name, Key: "settlement.mail.returned",
		Args: map[string]any{"Shop": shop.Name, "Won": settlement.Grouped(next.Amount), "Account": shop.Bank.Masked()},
		Href: "/office/money", Once: "returned/" + string(next.ID)})
	return nil
}

// mailAnswer tells a merchant what the operator answered to an objection.
func mailAnswer(ctx context.Context, tx *db.Tx, a settlement.Apart, r settlement.Ruling) error {
	shop, err := shopOf(ctx, tx, a.MerchantID)
	if err != nil || shop.Email == "" {
		return err
	}
	letter.Send(tx, letter.Letter{To: shop.Email, Name: shop.Name, Key: "settlement.mail." + string(r.Outcome),
		Args: map[string]any{"Shop": shop.Name, "Reason": r.Reason},
		Href: "/office/money/" + string(a.StatementID), Once: "answer/" + a.LineID})
	return nil
}

// shopOf gives a merchant, or nothing of one that is gone.
func shopOf(ctx context.Context, q db.Querier, id market.MerchantID) (settlement.Shop, error) {
	shops, err := settlement.LoadShops(ctx, q, []market.MerchantID{id})
	return shops[id], err
}
