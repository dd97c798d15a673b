package enroll

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// KindBank is the job that takes a waiting payout account into use; TakeBank does it.
const KindBank = "enroll.bank"

type banking struct {
	MerchantID market.MerchantID `json:"merchant_id"`
}

// SaveBank keeps a payout account. In a registration it holds at once; an approved shop's waits by policy, and the
// owners are told, so that whoever stole a password cannot lead money away unseen.
func (e *Enroll) SaveBank(
	ctx context.Context, actor market.Actor, id market.MerchantID, bank merchant.Bank,
) (merchant.Merchant, error) {
	if err := right.Check(actor, right.MerchantBank, right.Of(id)); err != nil {
		return merchant.Merchant{}, err
	}
	clean, err := bank.Parse()
	if err != nil {
		return merchant.Merchant{}, err
	}
	return e.change(ctx, actor, right.MerchantBank, id, func(
		tx *db.Tx, m merchant.Merchant,
	) (merchant.Merchant, error) {
		m, err := m.Rebank(clean, tx.Now(), e.BankWait(tx.Now()))
		if err != nil || m.NextBankAt.IsZero() {
			return m, err
		}
		tx.Enqueue(db.Job{
			Kind: KindBank, Key: string(id) + "/" + strconv.FormatInt(db.Micros(m.NextBankAt), 10),
			Due: m.NextBankAt, Payload: banking{id},
		})
		return m, e.tellBank(ctx, tx, m, "mail.bank_pending", m.NextBank)
	})
}

// CancelBank forgets a payout account that waits.
func (e *Enroll) CancelBank(
	ctx context.Context, actor market.Actor, id market.MerchantID,
) (merchant.Merchant, error) {
	return e.change(ctx, actor, right.MerchantBank, id, func(
		_ *db.Tx, m merchant.Merchant,
	) (merchant.Merchant, error) {
		return m.Unbanked()
	})
}

// TakeBank takes a waiting account into use when its time has come; one that was cancelled or replaced meanwhile is
// left alone.
func (e *Enroll) TakeBank(ctx context.Context, job queue.Job) error {
	var b banking
	if err := json.Unmarshal([]byte(job.Payload), &b); err != nil {
		return queue.Hopeless(err)
	}
	_, err := e.change(ctx, market.System(), right.MerchantBank, b.MerchantID, func(
		tx *db.Tx, m merchant.Merchant,
	) (merchant.Merchant, error) {
		m, err := m.Rebanked(tx.Now())
		if err != nil {
			return m, err
		}
		return m, e.tellBank(ctx, tx, m, "mail.bank_changed", m.Bank)
	})
	if errors.Is(err, merchant.ErrNothingWaits) {
		return nil
	}
	return err
}

// tellBank mails the owners what happens to their money's way.
func (e *Enroll) tellBank(
	ctx context.Context, tx *db.Tx, m merchant.Merchant, key string, bank merchant.Bank,
) error {
	return e.tellOwners(ctx, tx, m, tidings{
		key: key, href: "/office/shop/" + string(m.ID) + "/bank", args: func(loc *i18n.Localizer) map[string]any {
			return map[string]any{
				"Shop": m.Business.Name, "Bank": loc.T("merchant.bank_" + bank.Code), "Account": bank.Masked(),
				"When": loc.DateTime(m.NextBankAt, tx.Now()),
			}
		},
	})
}
