package apptest

import (
	"fmt"

	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// Account writes the account behind an actor, so that pages know a name and browsers can sign in.
func (w *World) Account(actor market.Actor, name string) market.Actor {
	w.T.Helper()
	email := strings.ReplaceAll(string(actor.AccountID), "_", ".") + "@example.com"
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		if err := account.Insert(w.Ctx, tx, account.Account{ID: actor.AccountID, Email: email, EmailKey: email, Name: name,
			Locale: "ko", Staff: actor.Staff, ConfirmedAt: tx.Now(), CreatedAt: tx.Now()}); err != nil {
			return err
		}
		for _, m := range actor.Memberships {
			if err := merchant.Join(w.Ctx, tx, merchant.Member{MerchantID: m.MerchantID, AccountID: actor.AccountID,
				Role: m.Role, BranchID: m.BranchID, AddedBy: actor.AccountID, AddedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return nil
	}))
	actor.Name = name
	return actor
}

// number is a business number that no other shop of the world has.
func (w *World) number() string {
	w.shops++
	return fmt.Sprintf("%010d", firstNumber+w.shops-1)
}

const firstNumber = 1234567891

// Shop writes a merchant with open branches of the given names and gives their ids.
func (w *World) Shop(id market.MerchantID, name string, branches ...string) []market.BranchID {
	w.T.Helper()
	ids := make([]market.BranchID, len(branches))
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		m := merchant.Merchant{ID: id, Slug: string(id), CreatedAt: tx.Now(), Version: 1, Business: merchant.Business{
			Number: w.number(), Name: name, Representative: "김두레", Phone: "0212345678", Email: "shop@example.com"}}
		if err := merchant.Insert(w.Ctx, tx, m); err != nil {
			return err
		}
		if err := merchant.Save(w.Ctx, tx, m); err != nil {
			return err
		}
		for i, branch := range branches {
			ids[i] = market.BranchID(tx.NewID(market.PrefixBranch))
			if err := merchant.InsertBranch(w.Ctx, tx, merchant.Branch{ID: ids[i], MerchantID: id, Name: branch,
				Address: "서울 성동구 성수이로 18길 7", RegionID: "dong_1104068"}); err != nil {
				return err
			}
		}
		return nil
	}))
	return ids
}
