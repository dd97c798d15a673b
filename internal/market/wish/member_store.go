package wish

import (
	"context"
	"sort"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const memberColumns = `wish_id, account_id, kind, firm_at, at`

func scanMember(r db.Row) (Member, error) {
	var m Member
	err := r.Scan(&m.WishID, &m.AccountID, &m.Kind, db.Time(&m.FirmAt), db.Time(&m.At))
	return m, err
}

// FindMember reads somebody's place in a wish; who never came is Away.
func FindMember(ctx context.Context, q db.Querier, key MemberKey) (Member, error) {
	m, err := db.One(ctx, q, scanMember, `SELECT `+memberColumns+` FROM wish_member WHERE id = $1`, key.text())
	if db.IsNoRow(err) {
		return Member{WishID: key.WishID, AccountID: key.AccountID, Kind: Away}, nil
	}
	return m, err
}

// LoadMembers reads the places of a batch; who never came is missing in the answer.
func LoadMembers(ctx context.Context, q db.Querier, keys []MemberKey) (map[MemberKey]Member, error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.text()
	}
	rows, err := db.ByIDs(ctx, q, scanMember, `SELECT `+memberColumns+` FROM wish_member WHERE id IN {ids}`, ids)
	out := make(map[MemberKey]Member, len(rows))
	for _, m := range rows {
		out[MemberKey{m.WishID, m.AccountID}] = m
	}
	return out, err
}

// NextLead is the firm member who has been firm longest, "" for nobody.
func NextLead(ctx context.Context, q db.Querier, id market.WishID) (market.AccountID, error) {
	next, err := db.One(ctx, q, db.Scalar[market.AccountID],
		`SELECT account_id FROM wish_member WHERE wish_id = $1 AND kind = 'firm' ORDER BY firm_at, account_id LIMIT 1`,
		string(id))
	if db.IsNoRow(err) {
		return "", nil
	}
	return next, err
}

// Step is a member's place before and after a batch.
type Step struct {
	Was Kind // "" for somebody who never came
	Now Member
}

var memberMove = db.Update{
	Table: "wish_member",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "was", Type: "text"}, {Name: "kind", Type: "text"},
		{Name: "firm_at", Type: "bigint"}, {Name: "at", Type: "bigint"}},
	Set:       `kind = v.kind, firm_at = CASE WHEN v.firm_at < 0 THEN NULL ELSE v.firm_at END, at = v.at`,
	Where:     `wish_member.id = v.id AND wish_member.kind = v.was`,
	Returning: "wish_member.id",
}

// PutMembers writes places, each only when it still is what it was read as: it answers false when any is not, and the
// caller decides anew. So a place is counted once, whichever nodes write it.
func PutMembers(ctx context.Context, tx *db.Tx, steps map[MemberKey]Step) (bool, error) {
	var fresh, known [][]any
	for key, s := range steps {
		row := []any{key.text(), string(key.WishID), string(key.AccountID), string(s.Now.Kind), db.TimeArg(s.Now.FirmAt),
			db.Micros(s.Now.At)}
		if s.Was == "" {
			fresh = append(fresh, row)
			continue
		}
		firmAt := int64(-1)
		if s.Now.Kind == Firm {
			firmAt = db.Micros(s.Now.FirmAt)
		}
		known = append(known, []any{key.text(), string(s.Was), string(s.Now.Kind), firmAt, db.Micros(s.Now.At)})
	}
	for _, rows := range [][][]any{fresh, known} {
		sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	}
	n, err := db.InsertMany(ctx, tx, db.Insert{Table: "wish_member",
		Columns:    []string{"id", "wish_id", "account_id", "kind", "firm_at", "at"},
		OnConflict: "ON CONFLICT (id) DO NOTHING"}, fresh)
	if err != nil || int(n) != len(fresh) {
		return false, err
	}
	passed, err := db.UpdateMany(ctx, tx, memberMove, known)
	return len(passed) == len(known), err
}

// Crowd is what a batch does to a wish's numbers.
type Crowd struct {
	Change
	Peak int64 // the most firm members above those at the batch's begin, at any of its steps
}

// crossedMark stands behind the id of a wish that has reached its point.
const crossedMark = "!"

// crosses is true for a change that brings the last missing member of a round whose pause is over.
const crosses = `wish.state = 'gathering' AND wish.firm + v.peak >= wish.threshold
 AND (wish.pause_until IS NULL OR wish.pause_until <= v.at)`

var crowdMove = db.Update{
	Table: "wish",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "firm", Type: "bigint"},
		{Name: "watching", Type: "bigint"}, {Name: "peak", Type: "bigint"}, {Name: "at", Type: "bigint"}},
	// All right sides read the row as it was: the point is reached when the most members of any moment were enough.
	Set: `firm = wish.firm + v.firm, watching = wish.watching + v.watching, version = wish.version + 1,
 state = CASE WHEN ` + crosses + ` THEN 'bidding' ELSE wish.state END,
 pause_until = CASE WHEN ` + crosses + ` THEN NULL ELSE wish.pause_until END,
 reached_at = CASE WHEN ` + crosses + ` THEN v.at ELSE wish.reached_at END,
 reached_version = CASE WHEN ` + crosses + ` THEN wish.version + 1 ELSE wish.reached_version END`,
	Where: `wish.id = v.id AND wish.state IN ('gathering', 'bidding') AND wish.firm + v.firm >= 0
 AND wish.watching + v.watching >= 0 AND (wish.state = 'bidding' OR v.at < wish.until_at)`,
	Returning: `wish.id || CASE WHEN wish.reached_version = wish.version THEN '` + crossedMark + `' ELSE '' END`,
}

// Apply moves the numbers of wishes and tells which reached their point by it: each wish once, ever. It answers false
// when a wish no longer takes members: the caller decides anew.
func Apply(ctx context.Context, tx *db.Tx, crowds map[market.WishID]Crowd,
) (reached []market.WishID, ok bool, err error) {
	rows := make([][]any, 0, len(crowds))
	for id, c := range crowds {
		rows = append(rows, []any{string(id), c.Firm, c.Watching, c.Peak, db.Micros(tx.Now())})
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	passed, err := db.UpdateMany(ctx, tx, crowdMove, rows)
	for _, id := range passed {
		if one, crossed := strings.CutSuffix(id, crossedMark); crossed {
			reached = append(reached, market.WishID(one))
		}
	}
	return reached, len(passed) == len(rows), err
}
