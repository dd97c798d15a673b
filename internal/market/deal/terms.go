package deal

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const termsColumns = `deal_id, version, state, title, summary, story, category_id, price_basis, valid_days, use_rules,
 branches, refund_profile, merchant_share_bp, commission_bp, stated_cost, won_table, policy_id, pictures, reason,
 created_by, created_at`

func scanTerms(r db.Row) (Terms, error) {
	var t Terms
	var rules, branches, pictures string
	err := r.Scan(&t.DealID, &t.Version, &t.State, &t.Title, &t.Summary, &t.Story, &t.CategoryID, &t.PriceBasis,
		&t.ValidDays, &rules, &branches, &t.RefundProfile, &t.MerchantShareBP, &t.CommissionBP, &t.StatedCost,
		&t.WonTable, &t.PolicyID, &pictures, &t.Reason, &t.CreatedBy, db.Time(&t.CreatedAt))
	if err != nil {
		return t, err
	}
	for _, part := range []struct {
		text string
		to   any
	}{{rules, &t.Rules}, {branches, &t.Branches}, {pictures, &t.Pictures}} {
		if err := json.Unmarshal([]byte(part.text), part.to); err != nil {
			return t, fmt.Errorf("terms of %s: %w", t.DealID, err)
		}
	}
	return t, nil
}

// TermsKey names one version of a deal's terms.
type TermsKey struct {
	DealID  market.DealID
	Version int64
}

// LoadTerms reads all versions of the given deals' terms.
func LoadTerms(ctx context.Context, q db.Querier, ids []market.DealID) (map[TermsKey]*Terms, error) {
	rows, err := db.ByIDs(ctx, q, scanTerms, `SELECT `+termsColumns+` FROM deal_terms WHERE deal_id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[TermsKey]*Terms, len(rows))
	for i := range rows {
		out[TermsKey{rows[i].DealID, rows[i].Version}] = &rows[i]
	}
	return out, nil
}

// FindTerms reads one version.
func FindTerms(ctx context.Context, q db.Querier, id market.DealID, version int64) (Terms, error) {
	t, err := db.One(ctx, q, scanTerms, `SELECT `+termsColumns+` FROM deal_terms WHERE deal_id = $1 AND version = $2`,
		string(id), version)
	if db.IsNoRow(err) {
		return t, ErrNotFound
	}
	return t, err
}

// SaveTerms writes a version, or replaces it while it is a draft; false when it is no draft any more.
func SaveTerms(ctx context.Context, tx *db.Tx, t Terms) (bool, error) {
	var parts [3]string
	for i, v := range []any{t.Rules, nonNil(t.Branches), nonNil(t.Pictures)} {
		text, err := json.Marshal(v)
		if err != nil {
			return false, err
		}
		parts[i] = string(text)
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO deal_terms (`+termsColumns+`)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
 ON CONFLICT (deal_id, version) DO UPDATE SET title = excluded.title, summary = excluded.summary,
 story = excluded.story, category_id = excluded.category_id, price_basis = excluded.price_basis,
 valid_days = excluded.valid_days, use_rules = excluded.use_rules, branches = excluded.branches,
 refund_profile = excluded.refund_profile, merchant_share_bp = excluded.merchant_share_bp,
 commission_bp = excluded.commission_bp, stated_cost = excluded.stated_cost, won_table = excluded.won_table,
 policy_id = excluded.policy_id, pictures = excluded.pictures, reason = excluded.reason, state = excluded.state
 WHERE deal_terms.state IN ('draft', 'proposed')`,
		string(t.DealID), t.Version, string(t.State), t.Title, t.Summary, t.Story, string(t.CategoryID), t.PriceBasis,
		t.ValidDays, parts[0], parts[1], t.RefundProfile, t.MerchantShareBP, t.CommissionBP, t.StatedCost, t.WonTable,
		t.PolicyID, parts[2], t.Reason, string(t.CreatedBy), db.Micros(t.CreatedAt))
	return n == 1, err
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// MoveTerms changes the state of a version under the guard of the state it leaves.
func MoveTerms(ctx context.Context, tx *db.Tx, key TermsKey, from, to TermsState) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE deal_terms SET state = $4 WHERE deal_id = $1 AND version = $2 AND state = $3`,
		string(key.DealID), key.Version, string(from), string(to))
	return n == 1, err
}
