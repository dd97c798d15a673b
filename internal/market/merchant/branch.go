package merchant

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const branchColumns = `id, merchant_id, name, address, region_id, latitude_e7, longitude_e7, phone, hours, directions,
	closed_at, version`

func scanBranch(r db.Row) (Branch, error) {
	var b Branch
	var hours string
	err := r.Scan(&b.ID, &b.MerchantID, &b.Name, &b.Address, &b.RegionID, &b.LatitudeE7, &b.LongitudeE7, &b.Phone,
		&hours, &b.Directions, db.Time(&b.ClosedAt), &b.Version)
	if err != nil {
		return b, err
	}
	if hours != "" {
		if err := json.Unmarshal([]byte(hours), &b.Hours); err != nil {
			return b, fmt.Errorf("hours of %s: %w", b.ID, err)
		}
	}
	return b, nil
}

// FindBranch gives a branch of a shop, or ErrNotFound; another shop's branch is not found.
func FindBranch(ctx context.Context, q db.Querier, id market.MerchantID, branch market.BranchID) (Branch, error) {
	b, err := db.One(ctx, q, scanBranch, `SELECT `+branchColumns+` FROM merchant_branch
		WHERE id = $1 AND merchant_id = $2`, string(branch), string(id))
	return b, missing(err)
}

// Branches gives a shop's open branches, the first one first.
func Branches(ctx context.Context, q db.Querier, id market.MerchantID) ([]Branch, error) {
	return db.All(ctx, q, scanBranch, `SELECT `+branchColumns+` FROM merchant_branch
		WHERE merchant_id = $1 AND closed_at IS NULL ORDER BY id`, string(id))
}

// BranchesByIDs gives branches of a set of ids, closed ones too, in no order.
func BranchesByIDs(ctx context.Context, q db.Querier, ids []market.BranchID) ([]Branch, error) {
	return db.ByIDs(ctx, q, scanBranch, `SELECT `+branchColumns+` FROM merchant_branch WHERE id IN `+db.IDsMark, ids)
}

// InsertBranch writes a new branch at version 1.
func InsertBranch(ctx context.Context, tx *db.Tx, b Branch) error {
	hours, err := json.Marshal(b.Hours)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO merchant_branch (id, merchant_id, name, address, region_id, latitude_e7,
		longitude_e7, cell, phone, hours, directions, closed_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULL, 1)`,
		string(b.ID), string(b.MerchantID), b.Name, b.Address, string(b.RegionID), b.LatitudeE7, b.LongitudeE7, b.Cell(),
		b.Phone, string(hours), b.Directions)
	return err
}

// SaveBranch writes an open branch; ErrNotFound when it is another shop's or closed.
func SaveBranch(ctx context.Context, tx *db.Tx, b Branch) error {
	hours, err := json.Marshal(b.Hours)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE merchant_branch SET name = $1, address = $2, region_id = $3, latitude_e7 = $4,
		longitude_e7 = $5, cell = $6, phone = $7, hours = $8, directions = $9, version = version + 1
		WHERE id = $10 AND merchant_id = $11 AND closed_at IS NULL`,
		b.Name, b.Address, string(b.RegionID), b.LatitudeE7, b.LongitudeE7, b.Cell(), b.Phone, string(hours), b.Directions,
		string(b.ID), string(b.MerchantID))
	return atLeastOne(n, err, ErrNotFound)
}

// CloseBranch closes a branch for good; a shop's last open one stays (ErrLastBranch).
func CloseBranch(ctx context.Context, tx *db.Tx, id market.MerchantID, branch market.BranchID) error {
	if err := lock(ctx, tx, id); err != nil {
		return err
	}
	open, err := Branches(ctx, tx, id)
	if err != nil {
		return err
	}
	if len(open) == 1 && open[0].ID == branch {
		return ErrLastBranch
	}
	n, err := db.Exec(ctx, tx, `UPDATE merchant_branch SET closed_at = $1, version = version + 1
		WHERE id = $2 AND merchant_id = $3 AND closed_at IS NULL`, db.Micros(tx.Now()), string(branch), string(id))
	return atLeastOne(n, err, ErrNotFound)
}

// RoomForBranch refuses with ErrManyBranches when a shop has as many branches as it may.
func RoomForBranch(open []Branch) error {
	if len(open) >= BranchesMax {
		return ErrManyBranches.With("Max", BranchesMax)
	}
	return nil
}

// lock writes the shop's row unchanged, so that two people who change its parts at once meet there.
func lock(ctx context.Context, tx *db.Tx, id market.MerchantID) error {
	n, err := db.Exec(ctx, tx, `UPDATE merchant SET version = version WHERE id = $1`, string(id))
	return atLeastOne(n, err, ErrNotFound)
}

func atLeastOne(n int64, err, otherwise error) error {
	if err == nil && n == 0 {
		return otherwise
	}
	return err
}
