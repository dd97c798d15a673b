package ui

import (
	"context"
	"io"
)

// Tile is one neighbourhood of a TileMap, at a place in the grid.
type Tile struct {
	Name, Note, Href string
	X, Y             int64
	Level            int64 // 0 to 3: how much is going on
	Here             bool
}

// TileMap is a map made of equal squares: every neighbourhood can be tapped, none is too small to see.
type TileMap struct {
	Label string
	Tiles []Tile
}

// Render writes the map.
func (m TileMap) Render(ctx context.Context, w io.Writer) error { return m.view().Render(ctx, w) }

const (
	tileSize = 60
	tileStep = 64
)

func (m TileMap) box() string {
	var columns, rows int64 = 1, 1
	for _, tile := range m.Tiles {
		columns, rows = max(columns, tile.X+1), max(rows, tile.Y+1)
	}
	return "0 0 " + whole(columns*tileStep-tileStep+tileSize) + " " + whole(rows*tileStep-tileStep+tileSize)
}

func (t Tile) class() string {
	switch {
	case t.Here:
		return "tile here"
	case t.Level > 0:
		return "tile l" + whole(min(t.Level, 3))
	}
	return "tile"
}

func (t Tile) name() string {
	if t.Note == "" {
		return t.Name
	}
	return t.Name + " " + t.Note
}
