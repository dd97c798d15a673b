package desk

import (
	"encoding/csv"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const (
	salesShown = 50
	salesChunk = 500
)

type salesView struct {
	Row   report.Row
	Sum   report.SaleSum
	Sales []report.Sale
	Page  report.SalePage
	Now   time.Time
}

func (d Deps) sales(r *request.Request) error {
	shop, row, answered, err := d.Deal(r)
	if err != nil || answered {
		return err
	}
	if err := right.Check(r.Actor, right.DealSales, right.Of(shop.ID)); err != nil {
		return err
	}
	v := salesView{Row: row, Now: r.Now, Page: pageOf(r.URL.Query())}
	ask := v.Page
	ask.Limit = salesShown + 1
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		if v.Sum, err = report.Sums(r.Context(), q, row.Deal); err != nil {
			return err
		}
		v.Sales, err = report.Sales(r.Context(), q, row.Deal.ID, ask)
		return err
	})
	if err != nil {
		return err
	}
	page := d.Page(r, shop, AtDeals, r.Loc.T("desk.sales.title"))
	page.Crumbs = crumbs(r.Loc, row, ui.Link{Label: r.Loc.T("desk.sales.title")})
	return r.Render(salesPage(page, v))
}

// pageOf reads where the reading of a list goes on; what is no number begins anew.
func pageOf(q url.Values) report.SalePage {
	passed, err := strconv.ParseInt(q.Get("passed"), 10, 64)
	if err != nil || passed < 0 || len(q.Get("after")) > 64 || strings.ContainsRune(q.Get("after"), 0) {
		return report.SalePage{}
	}
	return report.SalePage{After: market.OrderID(q.Get("after")), Passed: passed}
}

// after is the address of the next page, "" on the last.
func (v salesView) after() string {
	if len(v.Sales) <= salesShown {
		return ""
	}
	last := v.Sales[salesShown-1]
	return Address(v.Row.Deal.ID) + "/sales?after=" + url.QueryEscape(string(last.OrderID)) + "&passed=" +
		strconv.FormatInt(last.Number, 10)
}

// table is the buyers from the first to the last.
func (v salesView) table(loc ui.Loc) ui.Table {
	t := ui.Table{Caption: loc.T("desk.sales.title"), HideCaption: true, After: v.after(), Columns: []ui.Column{
		{Label: loc.T("desk.sales.number")}, {Label: loc.T("desk.sales.who")}, {Label: loc.T("desk.sales.when")},
		{Label: loc.T("desk.sales.what")}, {Label: loc.T("desk.sales.paid"), Num: true}, {Label: loc.T("desk.sales.used")},
		{Label: loc.T("desk.sales.net"), Num: true}, {Label: loc.T("desk.sales.back"), Num: true}}}
	for _, s := range v.Sales[:min(salesShown, len(v.Sales))] {
		back := ui.Cell{Text: "–"}
		if s.RefundedWon > 0 {
			back = ui.Cell{Text: loc.Count(s.RefundedWon), Tone: ui.Loss}
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: loc.Count(s.Number)}, {Text: nameOf(loc, s), Strong: true},
			{Text: loc.DateTime(s.PaidAt, v.Now)}, {Text: loc.T("desk.sales.units", "Option", s.Option, "Count", s.Units)},
			{Text: loc.Count(s.Amount)}, usedCell(loc, s, v.Now), {Text: loc.Count(s.Net), Strong: s.Net > 0}, back})
	}
	return t
}

func nameOf(loc ui.Loc, s report.Sale) string {
	if s.Name == "" {
		return loc.T("desk.moment.somebody")
	}
	return s.Name
}

func usedCell(loc ui.Loc, s report.Sale, now time.Time) ui.Cell {
	switch {
	case s.UsedUnits == 0:
		return ui.Cell{Text: loc.T("desk.sales.not_used")}
	case s.UsedUnits == s.UsesAll:
		return ui.Cell{Text: loc.T("desk.sales.all_used"), Note: loc.DateTime(s.LastUse, now), Tone: ui.Act}
	}
	return ui.Cell{Text: loc.T("desk.sales.some_used", "Used", s.UsedUnits, "All", s.UsesAll),
		Note: loc.DateTime(s.LastUse, now)}
}

// salesFile sends all sales of a deal as a table that Excel opens: UTF-8 with its mark.
func (d Deps) salesFile(r *request.Request) error {
	shop, row, answered, err := d.Deal(r)
	if err != nil || answered {
		return err
	}
	if err := right.Check(r.Actor, right.DealSales, right.Of(shop.ID)); err != nil {
		return err
	}
	head := []string{"number", "who", "when", "option", "units", "paid", "used", "last_use", "net", "back"}
	for i, key := range head {
		head[i] = r.Loc.T("desk.file." + key)
	}
	out, err := startFile(r, "sales-"+string(row.Deal.ID), head)
	if err != nil {
		return err
	}
	page := report.SalePage{Limit: salesChunk}
	for {
		list, err := report.Sales(r.Context(), d.DB, row.Deal.ID, page)
		if err != nil {
			return out.broken(err)
		}
		for _, s := range list {
			out.row(whole(s.Number), nameOf(r.Loc, s), stamp(s.PaidAt), s.Option, whole(s.Units), whole(s.Amount),
				whole(s.UsedUnits)+" / "+whole(s.UsesAll), stamp(s.LastUse), whole(s.Net), whole(s.RefundedWon))
		}
		if len(list) < salesChunk {
			return out.end()
		}
		last := list[len(list)-1]
		page.After, page.Passed = last.OrderID, last.Number
	}
}

// file is a table on its way to a spreadsheet.
type file struct {
	w   *csv.Writer
	r   *request.Request
	err error
}

func startFile(r *request.Request, name string, head []string) (*file, error) {
	h := r.W.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	h.Set("X-Content-Type-Options", "nosniff")
	if _, err := io.WriteString(r.W, "\ufeff"); err != nil {
		return nil, err
	}
	f := &file{w: csv.NewWriter(r.W), r: r}
	f.w.UseCRLF = true
	f.row(head...)
	return f, nil
}

func (f *file) row(cells ...string) {
	for i, c := range cells {
		cells[i] = harmless(c)
	}
	if f.err == nil {
		f.err = f.w.Write(cells)
	}
}

func (f *file) end() error {
	f.w.Flush()
	if f.err == nil {
		f.err = f.w.Error()
	}
	return f.err
}

// broken ends a file that cannot be whole: a reader must not take its part for all.
func (f *file) broken(err error) error {
	f.row(f.r.Loc.T("desk.file.broken"))
	f.w.Flush()
	return err
}

// harmless keeps a spreadsheet from taking a text for a formula (CSV injection); plain numbers stay numbers.
func harmless(cell string) string {
	if cell == "" || !strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
		return cell
	}
	if _, err := strconv.ParseInt(cell, 10, 64); err == nil {
		return cell
	}
	return "'" + cell
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

// stamp writes an instant in Korea's time as spreadsheets read it.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(report.Zone).Format(time.DateTime)
}

func salesHead(loc ui.Loc, v salesView) string {
	if v.Sum.Orders == 0 {
		return loc.T("desk.sales.title")
	}
	return loc.T("desk.sales.head", "Count", v.Sum.Orders)
}
