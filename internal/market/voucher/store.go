package voucher

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, order_id, deal_id, option_id, merchant_id, account_id, position, price, commission,
 commission_vat, units_total, units_used, state, face_hash, code_hash, branches, use_rules, terms_version,
 refund_profile, valid_days, paid_at, active_at, valid_until, ended_at, version`

func scan(r db.Row) (Voucher, error) {
	var v Voucher
	var branches, rules string
	err := r.Scan(&v.ID, &v.OrderID, &v.DealID, &v.OptionID, &v.MerchantID, &v.AccountID, &v.Position, &v.Price,
		&v.Commission, &v.CommissionVAT, &v.UnitsTotal, &v.UnitsUsed, &v.State, &v.FaceHash, &v.CodeHash, &branches,
		&rules, &v.TermsVersion, &v.RefundProfile, &v.ValidDays, db.Time(&v.PaidAt), db.Time(&v.ActiveAt),
		db.Time(&v.ValidUntil), db.Time(&v.EndedAt), &v.Version)
	if err != nil {
		return v, err
	}
	if err := json.Unmarshal([]byte(branches), &v.Branches); err != nil {
		return v, fmt.Errorf("voucher %s: branches: %w", v.ID, err)
	}
	if err := json.Unmarshal([]byte(rules), &v.Rules); err != nil {
		return v, fmt.Errorf("voucher %s: rules: %w", v.ID, err)
	}
	return v, nil
}

var insertVoucher = db.Insert{Table: "voucher", Columns: []string{
	"id", "order_id", "deal_id", "option_id", "merchant_id", "account_id", "position", "price", "commission",
	"commission_vat", "units_total", "state", "face_hash", "code_hash", "branches", "use_rules", "terms_version",
	"refund_profile", "valid_days", "paid_at", "active_at", "valid_until", "version",
}}

// Insert writes new vouchers.
func Insert(ctx context.Context, tx *db.Tx, vouchers []Voucher) error {
	rows := make([][]any, len(vouchers))
	for i, v := range vouchers {
		branches, err := json.Marshal(v.Branches)
		if err != nil {
			return err
		}
		rules, err := json.Marshal(v.Rules)
		if err != nil {
			return err
		}
		rows[i] = []any{string(v.ID), string(v.OrderID), string(v.DealID), string(v.OptionID), string(v.MerchantID),
			string(v.AccountID), v.Position, v.Price, v.Commission, v.CommissionVAT, v.UnitsTotal, string(v.State),
			v.FaceHash, v.CodeHash, string(branches), string(rules), v.TermsVersion, v.RefundProfile, v.ValidDays,
			db.Micros(v.PaidAt), db.TimeArg(v.ActiveAt), db.TimeArg(v.ValidUntil), int64(1)}
	}
	_, err := db.InsertMany(ctx, tx, insertVoucher, rows)
	return err
}

// Find reads one voucher.
func Find(ctx context.Context, q db.Querier, id market.VoucherID) (Voucher, error) {
	v, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return v, ErrNotYours
	}
	return v, err
}

// Load reads several vouchers by id.
func Load(ctx context.Context, q db.Querier, ids []market.VoucherID) (map[market.VoucherID]*Voucher, error) {
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[market.VoucherID]*Voucher, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, nil
}

// FindScanned looks a scanned or typed text up by its hash; a short code only finds vouchers of the given merchant.
func FindScanned(
	ctx context.Context, q db.Querier, keys Keys, s Scanned, merchant market.MerchantID,
) (Voucher, error) {
	text, arg := `SELECT `+columns+` FROM voucher WHERE face_hash = $1`, keys.HashFace(s.Face)
	if s.Face == "" {
		text, arg = `SELECT `+columns+` FROM voucher WHERE code_hash = $1`, keys.HashCode(s.Code)
	}
	v, err := db.One(ctx, q, scan, text, arg)
	if db.IsNoRow(err) || err == nil && s.Face == "" && v.MerchantID != merchant {
		return Voucher{}, ErrUnknown
	}
	return v, err
}

// LoadScanned reads the vouchers behind keyed hashes of faces and short codes, by that hash.
func LoadScanned(ctx context.Context, q db.Querier, hashes []string) (map[string]*Voucher, error) {
	out := make(map[string]*Voucher, len(hashes))
	byID := map[market.VoucherID]*Voucher{}
	for _, column := range []string{"face_hash", "code_hash"} {
		rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE `+column+` IN {ids}`, hashes)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			v, ok := byID[rows[i].ID]
			if !ok {
				v = &rows[i]
				byID[v.ID] = v
			}
			// One voucher may be scanned and typed in one batch: both hashes share one memory.
			if column == "face_hash" {
				out[v.FaceHash] = v
			} else {
				out[v.CodeHash] = v
			}
		}
	}
	return out, nil
}

// OfOrder lists an order's vouchers in their order.
func OfOrder(ctx context.Context, q db.Querier, id market.OrderID) ([]Voucher, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE order_id = $1 ORDER BY position`, string(id))
}

// OfOrders lists the vouchers of several orders.
func OfOrders(ctx context.Context, q db.Querier, ids []market.OrderID) ([]Voucher, error) {
	return db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE order_id IN {ids} ORDER BY id`, ids)
}

// ListByAccount pages through an account's vouchers, newest first; before "" begins at the newest.
func ListByAccount(
	ctx context.Context, q db.Querier, account market.AccountID, before market.VoucherID, limit int,
) ([]Voucher, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE account_id = $1 AND id < $2
 ORDER BY id DESC LIMIT $3`, string(account), string(before), limit)
}

// IssuedOf lists a deal's vouchers that are not active yet, for the chunks after tipping.
func IssuedOf(ctx context.Context, q db.Querier, deal market.DealID, limit int) ([]Voucher, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE deal_id = $1 AND state = 'issued'
 ORDER BY id LIMIT $2`, string(deal), limit)
}

// OverdueOf lists active vouchers whose time is over.
func OverdueOf(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Voucher, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE state = 'active' AND valid_until <= $1
 ORDER BY valid_until LIMIT $2`, db.Micros(now), limit)
}

var activate = db.Update{
	Table: "voucher",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "active_at", Type: "bigint"}, {Name: "valid_until", Type: "bigint"},
	},
	Set:   `state = 'active', active_at = v.active_at, valid_until = v.valid_until, version = voucher.version + 1`,
	Where: `voucher.id = v.id AND voucher.state = 'issued'`, Returning: "voucher.id",
}

// Activate makes issued vouchers usable; it gives those that were issued until now.
func Activate(ctx context.Context, tx *db.Tx, vouchers []Voucher) (map[market.VoucherID]bool, error) {
	rows := make([][]any, len(vouchers))
	for i, v := range vouchers {
		rows[i] = []any{string(v.ID), db.Micros(tx.Now()), db.Micros(ValidUntil(tx.Now(), v.ValidDays))}
	}
	return changed(db.UpdateMany(ctx, tx, activate, rows))
}

var use = db.Update{
	Table: "voucher",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "used_before", Type: "bigint"}, {Name: "units", Type: "bigint"},
		{Name: "at", Type: "bigint"},
	},
	Set: `units_used = voucher.units_used + v.units,
 state = CASE WHEN voucher.units_used + v.units = voucher.units_total THEN 'used' ELSE 'active' END,
 ended_at = CASE WHEN voucher.units_used + v.units = voucher.units_total THEN v.at ELSE voucher.ended_at END,
 version = voucher.version + 1`,
	Where: `voucher.id = v.id AND voucher.state = 'active' AND voucher.units_used = v.used_before
 AND voucher.units_used + v.units <= voucher.units_total AND voucher.valid_until > v.at`,
	Returning: "voucher.id",
}

// Use is a claim on the next uses of a voucher.
type Use struct {
	ID         market.VoucherID
	UsedBefore int64
	Units      int64
}

// Claim uses units under the guard of what the decision saw; false when something changed meanwhile.
func Claim(ctx context.Context, tx *db.Tx, uses []Use) (bool, error) {
	rows := make([][]any, len(uses))
	for i, u := range uses {
		rows[i] = []any{string(u.ID), u.UsedBefore, u.Units, db.Micros(tx.Now())}
	}
	passed, err := db.UpdateMany(ctx, tx, use, rows)
	return len(passed) == len(rows), err
}

// Rounds parts uses so that no round claims one voucher twice.
func Rounds(uses []Use) [][]Use {
	var out [][]Use
	seen := map[market.VoucherID]int{}
	for _, u := range uses {
		n := seen[u.ID]
		seen[u.ID]++
		if n == len(out) {
			out = append(out, nil)
		}
		out[n] = append(out[n], u)
	}
	for _, round := range out {
		sort.Slice(round, func(i, j int) bool { return round[i].ID < round[j].ID })
	}
	return out
}

// Unuse takes the last use back after an undo; false when the voucher was used again or is in no state to take it.
func Unuse(ctx context.Context, tx *db.Tx, x Redemption) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE voucher SET units_used = units_used - $2, state = 'active', ended_at = NULL,
 version = version + 1 WHERE id = $1 AND state IN ('active', 'used') AND units_used = $3`,
		string(x.VoucherID), x.Units, x.FirstUse-1+x.Units)
	return n == 1, err
}

// Step is a guarded change of state.
type Step struct {
	ID   market.VoucherID
	From State
	To   State
}

var move = db.Update{
	Table: "voucher",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "was", Type: "text"}, {Name: "becomes", Type: "text"},
		{Name: "at", Type: "bigint"},
	},
	Set:   `state = v.becomes, ended_at = v.at, version = voucher.version + 1`,
	Where: `voucher.id = v.id AND voucher.state = v.was`, Returning: "voucher.id",
}

// Move changes states under the guard of the state each leaves; it gives those that passed.
func Move(ctx context.Context, tx *db.Tx, steps []Step) (map[market.VoucherID]bool, error) {
	rows := make([][]any, len(steps))
	for i, s := range steps {
		var at any
		if s.To != Active && s.To != Issued && s.To != RefundPending {
			at = db.Micros(tx.Now())
		}
		rows[i] = []any{string(s.ID), string(s.From), string(s.To), at}
	}
	return changed(db.UpdateMany(ctx, tx, move, rows))
}

var toRefund = db.Update{
	Table: "voucher",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "refund_id", Type: "text"}, {Name: "was", Type: "text"},
		{Name: "used_before", Type: "bigint"},
	},
	Set:   `state = 'refund_pending', refund_id = v.refund_id, version = voucher.version + 1`,
	Where: `voucher.id = v.id AND voucher.state = v.was AND voucher.units_used = v.used_before`, Returning: "voucher.id",
}

// Leave is a voucher on its way back: the guard names its state and its uses, the very guard that a scan meets, so that
// exactly one of the two wins.
type Leave struct {
	ID         market.VoucherID
	RefundID   market.RefundID
	From       State
	UsedBefore int64
}

// ToRefund marks vouchers as going back; false when one was used or moved meanwhile.
func ToRefund(ctx context.Context, tx *db.Tx, list []Leave) (bool, error) {
	rows := make([][]any, len(list))
	for i, l := range list {
		rows[i] = []any{string(l.ID), string(l.RefundID), string(l.From), l.UsedBefore}
	}
	passed, err := db.UpdateMany(ctx, tx, toRefund, rows)
	return len(passed) == len(rows), err
}

// FinishRefund ends the vouchers of an accepted refund.
func FinishRefund(ctx context.Context, tx *db.Tx, id market.RefundID) ([]Voucher, error) {
	list, err := db.All(ctx, tx, scan, `SELECT `+columns+` FROM voucher WHERE refund_id = $1 ORDER BY id`, string(id))
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE voucher SET state = 'refunded', ended_at = $2, version = version + 1
 WHERE refund_id = $1 AND state = 'refund_pending'`, string(id), db.Micros(tx.Now()))
	return list, err
}

func changed(ids []string, err error) (map[market.VoucherID]bool, error) {
	out := make(map[market.VoucherID]bool, len(ids))
	for _, id := range ids {
		out[market.VoucherID(id)] = true
	}
	return out, err
}
