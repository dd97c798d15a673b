package export_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/dure-commerce/dure/internal/market/settlement/export"
)

var moment = time.Date(2026, 3, 9, 15, 4, 5, 0, time.UTC)

// nasty are words that somebody's accountant must not run.
var nasty = []string{
	`=HYPERLINK("http://x")`, "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "  =1+1", "＝1+1", "|calc", "%0a=1",
}

func rows(list ...[]export.Cell) iter.Seq2[[]export.Cell, error] {
	return func(yield func([]export.Cell, error) bool) {
		for _, row := range list {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func table(texts ...string) export.Table {
	var list [][]export.Cell
	for i, text := range texts {
		list = append(list, []export.Cell{export.Count(int64(i + 1)), export.Of(text), export.Count(-17_274),
			export.At(moment)})
	}
	return export.Table{Sheet: "정산서: 3월/9일", Rows: rows(list...), Columns: []export.Column{
		{Name: "번호", Kind: export.Number}, {Name: "상품"}, {Name: "정산 금액", Kind: export.Number},
		{Name: "일시", Kind: export.Moment}}}
}

func TestCSV(t *testing.T) {
	var out bytes.Buffer
	if err := export.CSV(&out, table("손칼국수, \"두 그릇\"", "")); err != nil {
		t.Fatal(err)
	}
	want := "\uFEFF번호,상품,정산 금액,일시\r\n1,\"손칼국수, \"\"두 그릇\"\"\",-17274,2026-03-10 00:04:05\r\n" +
		"2,,-17274,2026-03-10 00:04:05\r\n"
	if out.String() != want {
		t.Errorf("got %q", out.String())
	}
}

func TestNoFormulaInCSV(t *testing.T) {
	var out bytes.Buffer
	if err := export.CSV(&out, table(nasty...)); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\uFEFF"))).ReadAll()
	if err != nil || len(records) != len(nasty)+1 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for i, r := range records[1:] {
		if !strings.HasPrefix(r[1], "'") {
			t.Errorf("%q is written as %q", nasty[i], r[1])
		}
	}
}

func TestXLSX(t *testing.T) {
	var out bytes.Buffer
	if err := export.XLSX(&out, table(append(nasty, "손칼국수\x00 두 그릇")...)); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	sheet := book.GetSheetName(0)
	if sheet != "정산서  3월 9일" {
		t.Errorf("sheet %q", sheet)
	}
	got, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil || len(got) != len(nasty)+2 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if text := strings.Join(got[len(got)-1], "|"); text != "10|손칼국수 두 그릇|-17274|2026-03-10 00:04:05" {
		t.Errorf("last row %s", text)
	}
	for i := range nasty {
		cell, err := excelize.CoordinatesToCellName(2, i+2)
		if err != nil {
			t.Fatal(err)
		}
		formula, err := book.GetCellFormula(sheet, cell)
		kind, typeErr := book.GetCellType(sheet, cell)
		if err != nil || typeErr != nil || formula != "" || kind != excelize.CellTypeInlineString {
			t.Errorf("%q is %v %q %v", nasty[i], kind, formula, err)
		}
	}
}

func TestAnErrorEndsTheFile(t *testing.T) {
	broken := errors.New("broken")
	list := table()
	list.Rows = func(yield func([]export.Cell, error) bool) { yield(nil, broken) }
	if err := export.CSV(&bytes.Buffer{}, list); !errors.Is(err, broken) {
		t.Error(err)
	}
	if err := export.XLSX(&bytes.Buffer{}, list); !errors.Is(err, broken) {
		t.Error(err)
	}
}
