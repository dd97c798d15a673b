package load

import (
	"context"
	"encoding/csv"
	"errors"
	"hash/maphash"
	"io"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/kit/sheet"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/region"
)

// batchRows is how many rows are compared and handed to the writer at once.
const batchRows = 1024

// batch is what some rows of the register come to.
type batch struct {
	rows, refused, unmatched, unchanged int64
	bytes                               int64 // of the file read so far
	fresh, changed                      []directory.Draft
}

// register reads the file of one load.
type register struct {
	db         *db.DB
	cmd        MerchantsCommand
	in         io.Closer
	sheet      *sheet.Reader
	atlas      *region.Atlas
	matched    map[string]region.Match // answers of the atlas by names, as most rows repeat them
	industries *category.Industries
	seen       map[uint64]int // line of each number, by hash
	seed       maphash.Seed
	report     *csv.Writer
}

func (f *Flow) openRegister(ctx context.Context, cmd MerchantsCommand) (*register, error) {
	r := &register{db: f.db, cmd: cmd, seen: map[uint64]int{}, seed: maphash.MakeSeed(),
		matched: map[string]region.Match{}}
	var err error
	if r.atlas, err = region.LoadAtlas(ctx, f.db); err != nil {
		return nil, err
	}
	if r.industries, err = category.LoadIndustries(); err != nil {
		return nil, err
	}
	in, err := cmd.File.Open()
	if err != nil {
		return nil, err
	}
	if r.sheet, err = sheet.Open(in, directory.Columns()); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	r.in = in
	if cmd.Report != nil {
		if err := r.beginReport(); err != nil {
			return nil, errors.Join(err, in.Close())
		}
	}
	return r, nil
}

// byteOrderMark tells spreadsheets that a CSV file is UTF-8; without it Korean letters open as noise.
const byteOrderMark = "\ufeff"

func (r *register) beginReport() error {
	if _, err := io.WriteString(r.cmd.Report, byteOrderMark); err != nil {
		return err
	}
	r.report = csv.NewWriter(r.cmd.Report)
	return r.report.Write(strings.Split(r.cmd.say(msgReportHead), "|"))
}

func (r *register) close() error {
	err := r.in.Close()
	if r.report != nil {
		r.report.Flush()
		err = errors.Join(err, r.report.Error())
	}
	return err
}

// read hands over batches until the file ends or ctx does.
func (r *register) read(ctx context.Context, out chan<- batch) error {
	var b batch
	drafts := make([]directory.Draft, 0, batchRows)
	hand := func() error {
		if err := r.compare(ctx, drafts, &b); err != nil {
			return err
		}
		b.bytes = r.sheet.Bytes()
		select {
		case out <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
		b, drafts = batch{}, drafts[:0]
		return nil
	}
	for {
		row, err := r.sheet.Next()
		if errors.Is(err, io.EOF) {
			return hand()
		}
		var why *fail.Error
		if err != nil && !errors.As(err, &why) {
			return err
		}
		b.rows++
		var draft directory.Draft
		if why == nil {
			draft, why = r.take(row)
		}
		if why != nil {
			b.refused++
			if err := r.note(row.Line, draft, why); err != nil {
				return err
			}
		} else {
			if draft.Matched == string(region.ByDistrict) || draft.Matched == string(region.ByProvince) ||
				draft.Matched == string(region.Unmatched) {
				b.unmatched++
				if err := r.note(row.Line, draft, unmatched(draft)); err != nil {
					return err
				}
			}
			drafts = append(drafts, draft)
		}
		if b.rows == batchRows {
			if err := hand(); err != nil {
				return err
			}
		}
	}
}

// take makes an entry of a row: read, once only, with its region and category.
func (r *register) take(row sheet.Row) (directory.Draft, *fail.Error) {
	d, why := directory.Read(row)
	if why != nil {
		return d, why
	}
	number := maphash.String(r.seed, string(d.ID))
	if line, twice := r.seen[number]; twice {
		return d, directory.ErrTwice.With("Key", d.Key(), "Line", line)
	}
	r.seen[number] = row.Line
	m := r.match(d)
	d.RegionID, d.DistrictID, d.Matched = m.RegionID, m.DistrictID, string(m.How)
	d.CategoryID = r.industries.Of(category.Industry{LargeCode: d.LargeCode, Large: d.Large, MiddleCode: d.MiddleCode,
		Middle: d.Middle, SmallCode: d.SmallCode, Small: d.Small})
	d.Seal()
	return d, nil
}

// match asks the atlas, and keeps answers that depend on names alone.
func (r *register) match(d directory.Draft) region.Match {
	key := d.Province + "\x00" + d.District + "\x00" + d.Neighbourhood
	if m, found := r.matched[key]; found {
		return m
	}
	m := r.atlas.Match(region.Place{Province: d.Province, District: d.District, Neighbourhood: d.Neighbourhood,
		At: shape.Point{Lat: d.LatitudeE7, Lng: d.LongitudeE7}})
	if m.How == region.ByName {
		r.matched[key] = m
	}
	return m
}

// compare sorts drafts by what is to be done with them.
func (r *register) compare(ctx context.Context, drafts []directory.Draft, b *batch) error {
	known, err := directory.LookUp(ctx, r.db, drafts)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		switch directory.Judge(d, known) {
		case directory.New:
			b.fresh = append(b.fresh, d)
		case directory.Changed:
			b.changed = append(b.changed, d)
		case directory.Unchanged:
			b.unchanged++
		}
	}
	return nil
}

// note writes a line of the report. A value that a spreadsheet would take for a formula is marked as text.
func (r *register) note(line int, d directory.Draft, why *fail.Error) error {
	if r.report == nil {
		return nil
	}
	record := []string{strconv.Itoa(line), d.Key(), d.Label(), why.Code, r.cmd.say(why)}
	for i, value := range record {
		if value != "" && strings.ContainsRune("=+-@\t\r", rune(value[0])) {
			record[i] = "'" + value
		}
	}
	return r.report.Write(record)
}
