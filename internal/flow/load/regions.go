package load

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Flow loads data into one database.
type Flow struct{ db *db.DB }

// New makes the flow.
func New(d *db.DB) *Flow { return &Flow{db: d} }

// File is something to read: a name for reports, its size (0 when unknown) and a way to open it.
type File struct {
	Name  string
	Bytes int64
	Open  func() (io.ReadCloser, error)
}

// FromPath is a file on disk.
func FromPath(path string) (File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return File{}, err
	}
	return File{Name: filepath.Base(path), Bytes: info.Size(),
		Open: func() (io.ReadCloser, error) { return os.Open(path) }}, nil
}

// CreditSGIS is whose outlines the published ones are, as their licence asks to say.
const CreditSGIS = "통계청 SGIS, 공공누리 제1유형"

// RegionsCommand names the files, in any order, and whose outlines they hold.
type RegionsCommand struct {
	Files  []File
	Credit string // "" for CreditSGIS
}

// RegionsReport tells what became of the rows.
type RegionsReport struct {
	Rows, New, Changed, Unchanged int
	Refused                       []region.Refusal
	Renamed                       []region.Renamed
}

// Regions loads regions and outlines from TopoJSON or GeoJSON files. A file that cannot be read ends the load before
// anything is written; a bad row is refused with a reason and the others are taken.
func (f *Flow) Regions(ctx context.Context, actor market.Actor, cmd RegionsCommand) (RegionsReport, error) {
	if err := right.Check(actor, right.ConsoleImport, right.Resource{}); err != nil {
		return RegionsReport{}, err
	}
	var rows []region.Row
	for _, file := range cmd.Files {
		features, err := readOutlines(file)
		if err != nil {
			return RegionsReport{}, fmt.Errorf("%s: %w", file.Name, err)
		}
		for i, feature := range features {
			rows = append(rows, region.Row{File: file.Name, Number: i + 1, Feature: feature})
		}
	}
	if _, err := f.Seed(ctx, actor); err != nil {
		return RegionsReport{}, err
	}
	stock, err := region.Stock(ctx, f.db)
	if err != nil {
		return RegionsReport{}, err
	}
	credit := cmd.Credit
	if credit == "" {
		credit = CreditSGIS
	}
	plan, err := region.Merge(stock, rows, credit)
	if err != nil {
		return RegionsReport{}, err
	}
	report := RegionsReport{Rows: len(rows), New: len(plan.New), Changed: len(plan.Changed), Unchanged: plan.Unchanged,
		Refused: plan.Refused, Renamed: plan.Renamed}
	if err := f.writeRegions(ctx, plan); err != nil {
		return report, err
	}
	return report, f.db.Write(ctx, func(tx *db.Tx) error {
		return audit.Write(ctx, tx, actor, audit.Act{Action: "region.load", Resource: string(region.Korea),
			Detail: map[string]int{"rows": report.Rows, "new": report.New, "changed": report.Changed,
				"refused": len(report.Refused)}})
	})
}

func readOutlines(file File) (features []shape.Feature, err error) {
	in, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer func() {
		if closeErr := in.Close(); err == nil {
			err = closeErr
		}
	}()
	features, err = shape.Read(in)
	return features, region.FileError(err)
}

func (f *Flow) writeRegions(ctx context.Context, plan region.Plan) error {
	pace := newPacer(f.db)
	_, err := pace.write(ctx, len(plan.New), func(ctx context.Context, tx *db.Tx, from, to int) error {
		return region.Insert(ctx, tx, plan.New[from:to])
	})
	if err != nil {
		return err
	}
	_, err = pace.write(ctx, len(plan.Changed), func(ctx context.Context, tx *db.Tx, from, to int) error {
		return region.Update(ctx, tx, plan.Changed[from:to])
	})
	return err
}
