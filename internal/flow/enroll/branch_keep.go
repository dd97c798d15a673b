package enroll

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// SaveBranch adds a branch (no ID) or writes an open one, and gives it as it stands. A branch without a neighbourhood
// whose coordinates are known gets the one it lies in. The first branch's neighbourhood is the shop's.
func (e *Enroll) SaveBranch(ctx context.Context, actor market.Actor, b merchant.Branch) (merchant.Branch, error) {
	if err := right.Check(actor, right.MerchantEdit, right.At(b.MerchantID, b.ID)); err != nil {
		return merchant.Branch{}, err
	}
	var kept merchant.Branch
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		placed, err := place(ctx, tx, b)
		if err != nil {
			return err
		}
		if kept, err = placed.Parse(); err != nil {
			return err
		}
		if kept.ID == "" {
			kept, err = e.open(ctx, tx, actor, kept)
		} else {
			err = merchant.SaveBranch(ctx, tx, kept)
		}
		if err != nil {
			return err
		}
		act := did(right.MerchantEdit, b.MerchantID, "branch", string(kept.ID))
		if err := audit.Write(ctx, tx, actor, act); err != nil {
			return err
		}
		return e.home(ctx, tx, b.MerchantID)
	})
	return kept, err
}

// open adds a branch; only people of the whole shop may, not those of one branch.
func (e *Enroll) open(
	ctx context.Context, tx *db.Tx, actor market.Actor, b merchant.Branch,
) (merchant.Branch, error) {
	if err := right.Check(actor, right.MerchantEdit, right.Of(b.MerchantID)); err != nil {
		return b, err
	}
	branches, err := merchant.Branches(ctx, tx, b.MerchantID)
	if err != nil {
		return b, err
	}
	if err := merchant.RoomForBranch(branches); err != nil {
		return b, err
	}
	b.ID = market.BranchID(tx.NewID(market.PrefixBranch))
	return b, merchant.InsertBranch(ctx, tx, b)
}

// place finds the neighbourhood of a branch, or makes sure that the chosen one exists.
func place(ctx context.Context, q db.Querier, b merchant.Branch) (merchant.Branch, error) {
	if b.RegionID == "" && b.HasPlace() {
		around, err := region.Locate(ctx, q, shape.Point{Lat: b.LatitudeE7, Lng: b.LongitudeE7})
		switch {
		case errors.Is(err, region.ErrOutside):
			return b, nil // Parse tells
		case err != nil:
			return b, err
		}
		b.RegionID = around[len(around)-1].ID
		return b, nil
	}
	if b.RegionID == "" {
		return b, nil // Parse tells
	}
	_, err := region.Find(ctx, q, b.RegionID)
	if errors.Is(err, region.ErrNotFound) {
		return b, merchant.ErrRegion.On("region")
	}
	return b, err
}

// home keeps the shop's own neighbourhood that of its first branch.
func (e *Enroll) home(ctx context.Context, tx *db.Tx, id market.MerchantID) error {
	m, err := merchant.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	branches, err := merchant.Branches(ctx, tx, id)
	if err != nil {
		return err
	}
	if len(branches) > 0 && branches[0].RegionID != m.RegionID {
		m.RegionID = branches[0].RegionID
		if err := merchant.Save(ctx, tx, m); err != nil {
			return err
		}
	}
	return e.show(ctx, tx, m)
}

// CloseBranch closes a branch for good; vouchers that name it stay good elsewhere by their own rules.
func (e *Enroll) CloseBranch(
	ctx context.Context, actor market.Actor, id market.MerchantID, branch market.BranchID,
) error {
	if err := right.Check(actor, right.MerchantEdit, right.Of(id)); err != nil {
		return err
	}
	return e.DB.Write(ctx, func(tx *db.Tx) error {
		if err := merchant.CloseBranch(ctx, tx, id, branch); err != nil {
			return err
		}
		act := did(right.MerchantEdit, id, "closed", string(branch))
		if err := audit.Write(ctx, tx, actor, act); err != nil {
			return err
		}
		return e.home(ctx, tx, id)
	})
}
