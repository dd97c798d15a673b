package settle

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/settlement/export"
)

// errStop ends a reading whose reader wants no more.
var errStop = errors.New("settle: enough")

// File is a statement as a table to download: each use from its sale to its payout. Word gives a catalogue's text in
// the reader's language.
func (s *Settle) File(
	ctx context.Context, actor market.Actor, id market.StatementID, word func(key string) string,
) (export.Table, error) {
	st, err := settlement.Find(ctx, s.DB, id)
	if err != nil {
		return export.Table{}, err
	}
	if err := right.Check(actor, right.StatementView, right.Of(st.MerchantID)); err != nil {
		return export.Table{}, err
	}
	t := export.Table{Sheet: word("settlement.sheet") + " " + st.Day}
	for _, c := range fileColumns() {
		t.Columns = append(t.Columns, export.Column{Name: word("settlement.column." + c.Name), Kind: c.Kind})
	}
	t.Rows = func(yield func([]export.Cell, error) bool) {
		err := s.EachRow(ctx, actor, id, func(_ settlement.Statement, row Row) error {
			if !yield(row.cells(st, word), nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
	return t, nil
}

func fileColumns() []export.Column {
	return []export.Column{
		{Name: "seq", Kind: export.Number}, {Name: "kind"}, {Name: "deal"}, {Name: "order"},
		{Name: "paid", Kind: export.Moment}, {Name: "voucher"}, {Name: "day", Kind: export.Moment},
		{Name: "units", Kind: export.Number}, {Name: "price", Kind: export.Number},
		{Name: "commission", Kind: export.Number}, {Name: "commission_vat", Kind: export.Number},
		{Name: "net", Kind: export.Number}, {Name: "state"}, {Name: "payout"}, {Name: "note"},
	}
}

// cells are a row in the order of fileColumns.
func (r Row) cells(st settlement.Statement, word func(key string) string) []export.Cell {
	number := ""
	if r.OrderID != "" {
		number = r.Order.Number()
	}
	state, day := word("settlement.state."+string(st.State)), ""
	if r.Payout != nil {
		state, day = word("settlement.payout."+string(r.Payout.State)), r.Payout.Day
	}
	return []export.Cell{
		export.Count(r.Seq), export.Of(word("settlement.line." + r.Sort())), export.Of(r.Title), export.Of(number),
		export.At(r.Voucher.PaidAt), export.Of(string(r.VoucherID)), export.At(r.At), export.Count(r.Units),
		export.Count(r.Price), export.Count(r.Commission), export.Count(r.CommissionVAT), export.Count(r.Net),
		export.Of(state), export.Of(day), export.Of(r.Note),
	}
}
