package fulfil

import (
	"bytes"
	"encoding/csv"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// sheetView is a file of parcels that was read, before it is sent, or what of it was refused.
type sheetView struct {
	Rows   []parcel.Row
	Faults []sheetFault
	Blank  int64
	Text   string // the good rows, to be sent back with a yes
	Sent   int64
	Done   bool
}

// sheetFault is a line that is not taken, and why.
type sheetFault struct {
	Line int
	Why  string
}

// faultsShown bounds a list of bad lines.
const faultsShown = 50

// sheetBytes bounds the yes to a sheet, which carries its good rows.
const sheetBytes = parcel.BytesMax

// sheet shows what a file would send and, after a yes, sends it.
func (d Deps) sheet(r *request.Request) error {
	if _, err := d.Deliver.Work(r.Context(), r.Actor, wishOf(r)); err != nil {
		return err
	}
	f, err := r.FormOf(form.Options{Files: 1, FileBytes: parcel.BytesMax, TextBytes: sheetBytes})
	if err != nil {
		return err
	}
	if text := f.Values().Get("rows"); text != "" {
		return d.sendSheet(r, text)
	}
	file, given := f.File("sheet")
	if !given || len(file.Data) == 0 {
		return d.refused(r, form.ErrRequired.On("sheet"), (*fulfilView).onTop)
	}
	read, err := d.Deliver.TrySheet(r.Context(), r.Actor, wishOf(r), file.Data)
	if err != nil {
		return d.refused(r, onField(err, "sheet"), (*fulfilView).onTop)
	}
	return d.showSheet(r, &sheetView{Rows: read.Rows, Faults: told(r, read.Faults), Blank: read.Blank,
		Text: rowsText(read.Rows)})
}

// onField binds a refusal to a field; what is no refusal stays as it is.
func onField(err error, field string) error {
	if one, ok := fail.As(err); ok {
		return one.On(field)
	}
	return err
}

// sendSheet notes the rows to which the seller has said yes.
func (d Deps) sendSheet(r *request.Request, text string) error {
	done, err := d.Deliver.ShipSheet(r.Context(), r.Actor, wishOf(r), []byte(text))
	if err != nil {
		return d.refused(r, onField(err, "sheet"), (*fulfilView).onTop)
	}
	if len(done.Faults) == 0 {
		r.Flash(ui.Act, "tender.sheet.sent", "Count", int64(len(done.Sent)))
		return r.Redirect(tender.Address(wishOf(r)) + "/fulfil")
	}
	return d.showSheet(r, &sheetView{Faults: told(r, done.Faults), Sent: int64(len(done.Sent)), Done: true})
}

func (d Deps) showSheet(r *request.Request, s *sheetView) error {
	v, shop, err := d.board(r, deliver.MembersCmd{WishID: wishOf(r)})
	if err != nil {
		return err
	}
	v.Sheet = s
	status := http.StatusOK
	if len(s.Faults) > 0 && len(s.Rows) == 0 {
		status = http.StatusUnprocessableEntity
	}
	return r.RenderStatus(status, d.fulfilPage(r, shop, v))
}

func told(r *request.Request, list []deliver.Fault) []sheetFault {
	out := make([]sheetFault, 0, len(list))
	for _, f := range list {
		out = append(out, sheetFault{Line: f.Line, Why: r.Say(f.Err)})
	}
	return out
}

// sheetHead names the columns that a sheet needs, and those that only help who fills it in.
func sheetHead() []string {
	return []string{"주문번호", "택배사", "송장번호", "받는 분", "연락처", "우편번호", "주소", "상세주소", "배송 메모", "수량"}
}

// rowsText writes good rows as a sheet that ReadSheet reads.
func rowsText(rows []parcel.Row) string {
	var text strings.Builder
	w := csv.NewWriter(&text)
	lines := [][]string{sheetHead()[:3]}
	for _, row := range rows {
		lines = append(lines, []string{row.Order, string(row.Carrier), row.Number})
	}
	if len(rows) == 0 || w.WriteAll(lines) != nil { // a builder takes everything
		return ""
	}
	return text.String()
}

// sheetPage is how many members one look at their addresses reads.
const sheetPage = 500

// sheetFile sends the members to be served as a table that Excel opens, with where they live: each look is noted.
func (d Deps) sheetFile(r *request.Request) error {
	if _, err := r.Form(); err != nil {
		return err
	}
	if _, err := d.Deliver.Work(r.Context(), r.Actor, wishOf(r)); err != nil {
		return err
	}
	var rows []deliver.Member
	cmd := deliver.MembersCmd{WishID: wishOf(r), Limit: sheetPage, Addresses: true}
	for more := true; more; {
		list, next, err := d.Deliver.Members(r.Context(), r.Actor, cmd)
		if err != nil {
			return err
		}
		if more = next && len(list) > 0; more {
			cmd.After = list[len(list)-1].OrderID
		}
		rows = append(rows, slices.DeleteFunc(list, func(m deliver.Member) bool { return m.State != escrow.Held })...)
	}
	text, err := tableOf(rows)
	if err != nil {
		return err
	}
	name := mime.FormatMediaType("attachment", map[string]string{"filename": "parcels-" + string(wishOf(r)) + ".csv"})
	h := r.W.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", name)
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, err = r.W.Write(text)
	return err
}

// tableOf writes members as UTF-8 with its mark, by which Korean Excel knows it. Members whose numbers are alike are
// named by their whole ids.
func tableOf(rows []deliver.Member) ([]byte, error) {
	seen := map[string]int{}
	for _, m := range rows {
		seen[orderNumber(m.OrderID)]++
	}
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	err := w.Write(sheetHead())
	for _, m := range rows {
		number := orderNumber(m.OrderID)
		if seen[number] > 1 {
			number = string(m.OrderID)
		}
		line := []string{number, "", "", m.Name, "", "", "", "", "", strconv.FormatInt(m.Quantity, 10)}
		if a := m.Address; a != nil {
			copy(line[3:], []string{a.Name, a.Phone, a.Postcode, a.Line, a.Detail, a.Note})
		}
		for i := range line {
			line[i] = harmless(line[i])
		}
		err = errors.Join(err, w.Write(line))
	}
	w.Flush()
	return out.Bytes(), errors.Join(err, w.Error())
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
		return "'" + cell
	}
	return cell
}

// faults are the bad lines that are shown, and how many are not.
func (s sheetView) faults() (list []sheetFault, more int64) {
	n := min(len(s.Faults), faultsShown)
	return s.Faults[:n], int64(len(s.Faults) - n)
}

// memberOf names a row of a sheet by its order's number.
func memberOf(row parcel.Row) string { return orderNumber(market.OrderID(row.Order)) }
