package doctor

import (
	"context"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// fundQuestions are those of where a crowd's money is (31).
func fundQuestions() []Question { return []Question{{Name: "shares", Walk: walkShares}} }

// walkShares: what a member has paid stands where the share says, alone by itself: held, disputed, released or back
// (31).
func walkShares(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		shares, err := escrow.AllShares(ctx, r, market.OrderID(after), w.Limit())
		if err != nil || len(shares) == 0 {
			return "", 0, err
		}
		ids := make([]market.OrderID, len(shares))
		for i, s := range shares {
			ids[i] = s.OrderID
		}
		book, err := readShareBook(ctx, r, ids)
		if err != nil {
			return "", 0, err
		}
		for _, s := range shares {
			book.judge(w, s)
		}
		return string(ids[len(ids)-1]), len(shares), nil
	})
}

// shareBook is what the book and the refunds say of shares, in won.
type shareBook struct{ held, frozen, released, refunded map[market.OrderID]int64 }

func readShareBook(ctx context.Context, r *db.ReadTx, ids []market.OrderID) (b shareBook, err error) {
	if b.held, err = ledger.Balances(ctx, r, ledger.EscrowHeld, ids); err != nil {
		return b, err
	}
	if b.frozen, err = ledger.Balances(ctx, r, ledger.EscrowDisputed, ids); err != nil {
		return b, err
	}
	if b.released, err = wonOf(ctx, r, rows.ShareReleases, ids); err != nil {
		return b, err
	}
	b.refunded, err = wonOf(ctx, r, rows.ShareRefunds, ids)
	return b, err
}

func wonOf(ctx context.Context, r *db.ReadTx, text string, ids []market.OrderID) (map[market.OrderID]int64, error) {
	type sum struct {
		id  market.OrderID
		won int64
	}
	rows, err := db.ByIDs(ctx, r, func(row db.Row) (s sum, err error) { return s, row.Scan(&s.id, &s.won) }, text, ids)
	out := make(map[market.OrderID]int64, len(rows))
	for _, s := range rows {
		out[s.id] = s.won
	}
	return out, err
}

func (b shareBook) judge(w *Walk, s escrow.Share) {
	stand := s.Stands()
	for _, x := range []struct {
		code     string
		is, want int64
	}{
		{"share_held", b.held[s.OrderID], stand.Held},
		{"share_frozen", b.frozen[s.OrderID], stand.Frozen},
		{"share_released", b.released[s.OrderID], stand.Released},
		{"share_refunded", b.refunded[s.OrderID], stand.Refunded},
	} {
		if x.is != x.want {
			w.Found(31, x.code, string(s.OrderID), "Is", x.is, "Want", x.want)
		}
	}
}
