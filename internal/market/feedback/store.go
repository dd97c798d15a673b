package feedback

import (
	"context"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const askColumns = `id, redemption_id, voucher_id, account_id, merchant_id, branch_id, deal_id, asked_at, state,
 coalesce(satisfaction, 0), coalesce(would_return, FALSE), would_return IS NOT NULL, coalesce(same_treatment, FALSE),
 same_treatment IS NOT NULL, comment, answered_at, version`

func scanAsk(r db.Row) (Ask, error) {
	var a Ask
	var back, backSaid, same, sameSaid bool
	err := r.Scan(&a.ID, &a.RedemptionID, &a.VoucherID, &a.AccountID, &a.MerchantID, &a.BranchID, &a.DealID,
		db.Time(&a.AskedAt), &a.State, &a.Satisfaction, &back, &backSaid, &same, &sameSaid, &a.Comment,
		db.Time(&a.AnsweredAt), &a.Version)
	a.WouldReturn, a.SameTreatment = said(back, backSaid), said(same, sameSaid)
	return a, err
}

func said(yes, known bool) YesNo {
	switch {
	case !known:
		return Unsaid
	case yes:
		return Yes
	}
	return No
}

// arg writes an answer as a nullable boolean.
func (c YesNo) arg() any {
	if c == Unsaid {
		return nil
	}
	return c == Yes
}

var insertAsk = db.Insert{
	Table: "feedback_ask",
	Columns: []string{
		"id", "redemption_id", "voucher_id", "account_id", "merchant_id", "branch_id", "deal_id", "asked_at", "state",
		"version",
	},
	OnConflict: "ON CONFLICT (redemption_id) DO NOTHING",
}

// InsertAsks opens questions; one that was opened before stays as it is.
func InsertAsks(ctx context.Context, tx *db.Tx, list []Ask) error {
	rows := make([][]any, len(list))
	for i, a := range list {
		rows[i] = []any{a.ID, string(a.RedemptionID), string(a.VoucherID), string(a.AccountID), string(a.MerchantID),
			string(a.BranchID), string(a.DealID), db.Micros(a.AskedAt), string(Open), int64(1)}
	}
	_, err := db.InsertMany(ctx, tx, insertAsk, rows)
	return err
}

// FindAsk reads one question.
func FindAsk(ctx context.Context, q db.Querier, id string) (Ask, error) {
	a, err := db.One(ctx, q, scanAsk, `SELECT `+askColumns+` FROM feedback_ask WHERE id = $1`, id)
	if db.IsNoRow(err) {
		return a, ErrNotFound
	}
	return a, err
}

// OpenAsks lists what a guest is asked, newest first.
func OpenAsks(ctx context.Context, q db.Querier, account market.AccountID, since time.Time, limit int) ([]Ask, error) {
	return db.All(ctx, q, scanAsk, `SELECT `+askColumns+` FROM feedback_ask WHERE account_id = $1 AND state = 'open'
 AND asked_at >= $2 ORDER BY asked_at DESC, id DESC LIMIT $3`, string(account), db.Micros(since), limit)
}

// AsksOfVoucher lists the questions about a voucher's uses, newest first.
func AsksOfVoucher(ctx context.Context, q db.Querier, id market.VoucherID) ([]Ask, error) {
	return db.All(ctx, q, scanAsk, `SELECT `+askColumns+` FROM feedback_ask WHERE voucher_id = $1 ORDER BY id DESC`,
		string(id))
}

// Give writes a guest's answer, once; false when the question is no longer open.
func Give(ctx context.Context, tx *db.Tx, id string, a Answer) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE feedback_ask SET state = 'answered', satisfaction = $2, would_return = $3,
 same_treatment = $4, comment = $5, answered_at = $6, version = version + 1 WHERE id = $1 AND state = 'open'`,
		id, a.Satisfaction, a.WouldReturn.arg(), a.SameTreatment.arg(), a.Comment, db.Micros(tx.Now()))
	return n == 1, err
}

// Decline closes a question that the guest does not want to answer.
func Decline(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE feedback_ask SET state = 'declined', answered_at = $2, version = version + 1
 WHERE id = $1 AND state = 'open'`, id, db.Micros(tx.Now()))
	return n == 1, err
}

var void = db.Update{
	Table: "feedback_ask", Columns: []db.Column{{Name: "redemption_id", Type: "text"}},
	Set:   `state = 'void', version = feedback_ask.version + 1`,
	Where: `feedback_ask.redemption_id = v.redemption_id AND feedback_ask.state <> 'void'`, Returning: "feedback_ask.id",
}

// VoidAsks closes the questions about uses that were undone, whatever was answered.
func VoidAsks(ctx context.Context, tx *db.Tx, uses []market.RedemptionID) error {
	rows := make([][]any, len(uses))
	for i, id := range uses {
		rows[i] = []any{string(id)}
	}
	_, err := db.UpdateMany(ctx, tx, void, rows)
	return err
}

const shopColumns = `id, merchant_id, subject, asked_at, state, coalesce(satisfaction, 0),
 coalesce(would_repeat, FALSE), would_repeat IS NOT NULL, comment, answered_by, answered_at, version`

func scanShop(r db.Row) (ShopAsk, error) {
	var a ShopAsk
	var again, saidAgain bool
	err := r.Scan(&a.ID, &a.MerchantID, &a.Subject, db.Time(&a.AskedAt), &a.State, &a.Satisfaction, &again, &saidAgain,
		&a.Comment, &a.AnsweredBy, db.Time(&a.AnsweredAt), &a.Version)
	a.WouldRepeat = said(again, saidAgain)
	return a, err
}

var insertShop = db.Insert{
	Table: "feedback_merchant", Columns: []string{"id", "merchant_id", "subject", "asked_at", "state", "version"},
	OnConflict: "ON CONFLICT (merchant_id, subject) DO NOTHING",
}

// InsertShopAsks opens questions to merchants; one that was opened before stays as it is.
func InsertShopAsks(ctx context.Context, tx *db.Tx, list []ShopAsk) error {
	rows := make([][]any, len(list))
	for i, a := range list {
		rows[i] = []any{a.ID, string(a.MerchantID), a.Subject, db.Micros(a.AskedAt), string(Open), int64(1)}
	}
	_, err := db.InsertMany(ctx, tx, insertShop, rows)
	return err
}

// FindShopAsk reads one question to a merchant.
func FindShopAsk(ctx context.Context, q db.Querier, id string) (ShopAsk, error) {
	a, err := db.One(ctx, q, scanShop, `SELECT `+shopColumns+` FROM feedback_merchant WHERE id = $1`, id)
	if db.IsNoRow(err) {
		return a, ErrNotFound
	}
	return a, err
}

// OpenShopAsks lists what merchants are asked now, newest first.
func OpenShopAsks(ctx context.Context, q db.Querier, ids []market.MerchantID, now time.Time) ([]ShopAsk, error) {
	rows, err := db.ByIDs(ctx, q, scanShop, `SELECT `+shopColumns+` FROM feedback_merchant
 WHERE state = 'open' AND merchant_id IN {ids} ORDER BY asked_at DESC, id DESC`, ids)
	return slices.DeleteFunc(rows, func(a ShopAsk) bool { return a.MayAnswer(now) != nil }), err
}

// GiveShop writes a merchant's answer, once; false when the question is no longer open.
func GiveShop(ctx context.Context, tx *db.Tx, id string, by market.AccountID, a ShopAnswer) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE feedback_merchant SET state = 'answered', satisfaction = $2, would_repeat = $3,
 comment = $4, answered_by = $5, answered_at = $6, version = version + 1 WHERE id = $1 AND state = 'open'`,
		id, a.Satisfaction, a.WouldRepeat.arg(), a.Comment, string(by), db.Micros(tx.Now()))
	return n == 1, err
}
