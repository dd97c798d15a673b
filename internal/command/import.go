package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
)

// errNothing is a file of which no row could be taken.
var errNothing = fail.New(fail.Invalid, "operate.nothing")

// importCommand brings public data into an instance.
type importCommand struct {
	Regions   importRegionsCommand   `cmd:"" help:"${import_regions_help}"`
	Merchants importMerchantsCommand `cmd:"" help:"${import_merchants_help}"`
}

// importRegionsCommand loads names and outlines of regions.
type importRegionsCommand struct {
	storeFlags `embed:""`
	Files      []string `arg:"" name:"file" type:"existingfile" help:"${region_files_help}"`
	Credit     string   `help:"${credit_help}"`
}

// Run loads the files and tells what became of their rows.
func (c *importRegionsCommand) Run(ctx context.Context, io streams) (err error) {
	var files []load.File
	for _, path := range c.Files {
		file, err := load.FromPath(path)
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	d, err := c.open(ctx, io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	r, err := load.New(d).Regions(ctx, market.System(), load.RegionsCommand{Files: files, Credit: c.Credit})
	if err != nil {
		if one, ok := fail.As(err); ok { // which of the files it was stands before the refusal
			name, _ := strings.CutSuffix(err.Error(), one.Error())
			_, _ = fmt.Fprint(io.err, name)
		}
		return err
	}
	say := func(key string, pairs ...any) { _, _ = fmt.Fprintln(io.out, io.words.T(key, pairs...)) }
	for _, refused := range r.Refused {
		say("operate.region_refused", "File", refused.File, "Number", refused.Number, "Name", refused.Name, "Why",
			io.words.Render(refused.Why.Code, refused.Why.Args))
	}
	for _, renamed := range r.Renamed {
		say("operate.region_renamed", "Code", renamed.Code, "Given", renamed.Given, "Kept", renamed.Kept)
	}
	say("operate.regions_done", "Rows", r.Rows, "New", r.New, "Changed", r.Changed, "Unchanged", r.Unchanged, "Refused",
		len(r.Refused))
	if r.Rows == len(r.Refused) {
		return errNothing
	}
	return nil
}

// importMerchantsCommand loads the public register of shops.
type importMerchantsCommand struct {
	storeFlags `embed:""`
	File       string `arg:"" type:"existingfile" help:"${merchant_file_help}"`
	Report     string `type:"path" help:"${report_help}"`
	IndexLater bool   `help:"${index_later_help}"`
}

// reportBytes is how much of the report is shown when it goes into no file.
const reportBytes = 4 << 10

// Run loads the file, writes the report and then the search index.
func (c *importMerchantsCommand) Run(ctx context.Context, io streams) (err error) {
	file, err := load.FromPath(c.File)
	if err != nil {
		return err
	}
	d, err := c.open(ctx, io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	report, err := openReport(c.Report)
	if err != nil {
		return err
	}
	progress := newLine(io.err)
	say := func(m *fail.Error) string { return io.words.Render(m.Code, m.Args) }
	tally, err := load.New(d).Merchants(ctx, market.System(),
		load.MerchantsCommand{File: file, Progress: progress, Report: report, Say: say})
	progress.end()
	err = errors.Join(err, report.close())
	if err != nil && ctx.Err() != nil {
		_, _ = fmt.Fprintln(io.err, io.words.T("operate.merchants_stopped"))
		return errEnded
	}
	if err != nil {
		return err
	}
	if kept := report.head(); kept != "" {
		_, _ = fmt.Fprintln(io.out, kept)
	}
	_, _ = fmt.Fprintln(io.out, io.words.T("operate.merchants_done", "Rows", tally.Rows, "New", tally.New, "Changed",
		tally.Changed, "Unchanged", tally.Unchanged, "Refused", tally.Refused, "Unmatched", tally.Unmatched))
	if c.Report == "" && tally.Refused+tally.Unmatched > 0 {
		_, _ = fmt.Fprintln(io.out, io.words.T("operate.report_hint"))
	}
	if tally.Rows == tally.Refused {
		return errNothing
	}
	if c.IndexLater {
		return nil
	}
	return writeIndex(ctx, d, io)
}

// writeIndex makes the entries findable; a server does the same in the background.
func writeIndex(ctx context.Context, d *db.DB, io streams) error {
	all, err := directory.PendingCount(ctx, d)
	if err != nil || all == 0 {
		return err
	}
	progress := newLine(io.err)
	defer progress.end()
	indexer := load.NewIndexer(d)
	for worked := true; worked; {
		if worked, err = indexer.RunOnce(ctx); err != nil {
			return err
		}
		left, err := directory.PendingCount(ctx, d)
		if err != nil {
			return err
		}
		_, _ = progress.Write([]byte(io.words.T("operate.indexing", "Done", all-left, "All", all)))
	}
	progress.end()
	_, err = fmt.Fprintln(io.out, io.words.T("operate.indexed", "All", all))
	return err
}

// report is where rows that were refused are told of: a file, or the first lines for the terminal.
type report struct {
	io.Writer
	file *os.File
	kept *bytes.Buffer
}

func openReport(path string) (*report, error) {
	if path == "" {
		kept := &bytes.Buffer{}
		return &report{Writer: capped{kept}, kept: kept}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &report{Writer: file, file: file}, nil
}

func (r *report) close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// head is what was kept: whole lines, without the mark for spreadsheets, nothing but the heading being nothing.
func (r *report) head() string {
	if r.kept == nil {
		return ""
	}
	text := strings.TrimPrefix(r.kept.String(), "\ufeff")
	if r.kept.Len() >= reportBytes {
		text = text[:strings.LastIndexByte(text, '\n')+1]
	}
	if strings.Count(text, "\n") < 2 {
		return ""
	}
	return strings.TrimRight(text, "\n")
}

// capped keeps the first bytes and swallows the rest.
type capped struct{ kept *bytes.Buffer }

func (c capped) Write(text []byte) (int, error) {
	if room := reportBytes - c.kept.Len(); room > 0 {
		c.kept.Write(text[:min(room, len(text))])
	}
	return len(text), nil
}
