package draw

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Flow draws areas in one database.
type Flow struct{ db *db.DB }

// New makes the flow.
func New(d *db.DB) *Flow { return &Flow{db: d} }

// AreaCommand is an area as the operator wants it.
type AreaCommand struct {
	ID      market.RegionID // "" for a new one
	Version int64           // of the area as the operator saw it; 0 for a new one
	Drawing region.Drawing
}

// Area writes a new area or draws one anew, and gives its id. region.ErrChanged answers a version that is no longer the
// latest; faults of the drawing come as a fail.List, one a field.
func (f *Flow) Area(ctx context.Context, actor market.Actor, cmd AreaCommand) (market.RegionID, error) {
	if err := right.Check(actor, right.ConsoleSetting, right.Resource{}); err != nil {
		return "", err
	}
	var id market.RegionID
	err := f.db.Write(ctx, func(tx *db.Tx) error {
		previous, err := before(ctx, tx, cmd)
		if err != nil {
			return err
		}
		known, err := region.DrawBase(ctx, tx, cmd.Drawing.Members)
		if err != nil {
			return err
		}
		area, err := region.Draw(cmd.Drawing, previous, known)
		if err != nil {
			return err
		}
		if id, err = region.PutArea(ctx, tx, area, cmd.Drawing.Members); err != nil {
			return err
		}
		return audit.Write(ctx, tx, actor, audit.Act{Action: "region.draw", Resource: string(id),
			Detail: map[string]int{"members": len(cmd.Drawing.Members)}})
	})
	return id, err
}

// before reads the area that is drawn anew, as the operator saw it.
func before(ctx context.Context, tx *db.Tx, cmd AreaCommand) (region.Region, error) {
	if cmd.ID == "" {
		return region.Region{}, nil
	}
	return region.FindArea(ctx, tx, cmd.ID, cmd.Version)
}
