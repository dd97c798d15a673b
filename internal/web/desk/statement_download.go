package desk

import (
	"bytes"
	"mime"
	"net/http"

	"github.com/dure-commerce/dure/internal/market/settlement/export"
	"github.com/dure-commerce/dure/internal/web/request"
)

// statementSheet sends a statement as a spreadsheet, each use from its sale to its payout.
func (d Deps) statementSheet(r *request.Request) error {
	_, v, answered, err := d.statementOf(r)
	if err != nil || answered {
		return err
	}
	table, err := d.Settle.File(r.Context(), r.Actor, v.S.ID, func(key string) string { return r.Loc.T(key) })
	if err != nil {
		return err
	}
	// The whole sheet is made before the first byte, so that a failure can still be told.
	var sheet bytes.Buffer
	if err := export.XLSX(&sheet, table); err != nil {
		return err
	}
	name := mime.FormatMediaType("attachment", map[string]string{"filename": "statement-" + v.S.Day + ".xlsx"})
	r.W.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	r.W.Header().Set("Content-Disposition", name)
	r.W.Header().Set("Cache-Control", "private, no-store")
	r.W.WriteHeader(http.StatusOK)
	_, err = sheet.WriteTo(r.W)
	return err
}
