package wish

import (
	"context"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// Words are what a lead may change of a wish that gathers: never its name, its terms or how many it needs, for which
// its members came.
type Words struct {
	Details string
	Photo   string
	Link    string
}

// Reworded is the wish with other words. Faults come as a fail.List, one a field.
func (w Wish) Reworded(who market.AccountID, n Words) (Wish, error) {
	if w.LeadID != who {
		return w, ErrLead
	}
	if w.State != Gathering {
		return w, ErrState.With("State", string(w.State), "Action", "edit")
	}
	w.Details, w.Photo, w.Link = strings.TrimSpace(n.Details), n.Photo, strings.TrimSpace(n.Link)
	var faults fail.List
	if !within(w.Details, 0, detailsMax) {
		faults = append(faults, ErrDetails.With("Max", detailsMax))
	}
	if w.Link != "" && !isLink(w.Link) {
		faults = append(faults, ErrLink.With("Max", linkMax))
	}
	return w, faults.Err()
}

// SaveWords writes a wish's words over the version that was read; false when it moved meanwhile.
func SaveWords(ctx context.Context, tx *db.Tx, w Wish) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE wish SET details = $3, photo = $4, link = $5, version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'gathering'`, string(w.ID), w.Version, w.Details, w.Photo, w.Link)
	return n == 1, err
}

// MayHandOver answers whether somebody may let another lead: its lead, while people come and leave.
func (w Wish) MayHandOver(who market.AccountID) error {
	switch {
	case w.LeadID != who:
		return ErrLead
	case w.State != Gathering && w.State != Bidding:
		return ErrOver.With("State", string(w.State))
	}
	return nil
}

// LeadAfter is the firm member who would lead next beside one, by the time they became firm; "" for nobody.
func LeadAfter(ctx context.Context, q db.Querier, id market.WishID, except market.AccountID) (market.AccountID, error) {
	next, err := db.One(ctx, q, db.Scalar[market.AccountID], `SELECT account_id FROM wish_member WHERE wish_id = $1
 AND kind = 'firm' AND account_id <> $2 ORDER BY firm_at, account_id LIMIT 1`, string(id), string(except))
	if db.IsNoRow(err) {
		return "", nil
	}
	return next, err
}
