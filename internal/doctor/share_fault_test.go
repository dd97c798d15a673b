package doctor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/deliver/delivertest"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// shareNames are the questions about shares, and those of the book and the settlement that they must leave true.
var shareNames = []string{"share_stated", "share_disputes", "share_lines", "late_shares", "settlement_pending",
	"settlement_statements", "owed_back", "ledger_balances", "ledger_entries", "refunds"}

// TestEndsOfSharesAreNamed walks a crowd to where each share stands somewhere else, asks at every step, then plants
// wrong rows and takes them back.
func TestEndsOfSharesAreNamed(t *testing.T) {
	delivertest.Each(t, 4, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		ask := func() []string {
			t.Helper()
			report, err := doctor.Check(ctx, readOnly(t, w.W), doctor.Options{Slice: 2, Only: shareNames})
			if err != nil {
				t.Fatal(err)
			}
			spoken(t, report)
			got := findings(report)
			slices.Sort(got)
			return got
		}
		sound := func(when string) {
			t.Helper()
			if got := ask(); len(got) > 0 {
				t.Errorf("%s: %v", when, got)
			}
		}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		sound("begun")
		must(w.Deliver.PutAddress(ctx, w.Members[3], w.Orders[3], address.Address{Name: "김두레", Phone: "01012345678",
			Postcode: "04001", Line: "서울 마포구 월드컵로 1"}))
		_, err := w.Deliver.Ship(ctx, w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: w.Sent()[:3]})
		must(err)
		for i := range 3 {
			w.Tracker.Tell(delivertest.Parcel(i), parcel.Delivered, w.W.Clock.Now())
		}
		w.Run()
		sound("delivered")
		_, err = w.Deliver.Confirm(ctx, w.Members[0], w.Orders[0])
		must(err)
		sound("confirmed")
		_, err = w.Deliver.OpenDispute(ctx, w.Members[1], deliver.DisputeCmd{OrderID: w.Orders[1], Reason: escrow.Fake,
			Words: "진짜가 아니에요"})
		must(err)
		sound("disputed")
		_, err = w.Deliver.Withdraw(ctx, w.Members[3], w.Orders[3])
		must(err)
		w.Run()
		sound("withdrawn")
		plantShares(t, w, ask)
		sound("mended")
		w.W.Clock.Set(w.Share(2).DueAt.Add(2 * time.Hour))
		for _, late := range w.Orders[1:3] {
			if got := ask(); !slices.Contains(got, "32 share_late "+string(late)) {
				t.Errorf("without a sweep: %v", got)
			}
		}
		w.Run()
		w.W.Clock.Advance(2 * time.Hour)
		sound("swept")
	})
}

// plantShares plants wrong rows, one at a time, and takes them back: of the members one has confirmed, one disputes,
// and one has what was sent.
func plantShares(t *testing.T, w *delivertest.World, ask func() []string) {
	t.Helper()
	done, disputed, open := string(w.Orders[0]), string(w.Orders[1]), string(w.Orders[2])
	for _, c := range []struct{ plant, back, at, want string }{
		{`UPDATE escrow_share SET amount = amount - 1 WHERE order_id = $1`,
			`UPDATE escrow_share SET amount = amount + 1 WHERE order_id = $1`, disputed, "32 dispute_lost " + disputed},
		{`UPDATE escrow_share SET due_at = due_at + 1 WHERE order_id = $1`,
			`UPDATE escrow_share SET due_at = due_at - 1 WHERE order_id = $1`, disputed, "32 dispute_lost " + disputed},
		{`UPDATE escrow_share SET due_at = due_at - 864000000000 WHERE order_id = $1`,
			`UPDATE escrow_share SET due_at = due_at + 864000000000 WHERE order_id = $1`, open, "32 share_late " + open},
		{`UPDATE escrow_share SET amount = amount - 1, released = released - 1 WHERE order_id = $1`,
			`UPDATE escrow_share SET amount = amount + 1, released = released + 1 WHERE order_id = $1`, done, ""},
	} {
		write(t, w.D, c.plant, c.at)
		got := ask()
		switch {
		case c.want != "" && strings.Join(got, ", ") != c.want:
			t.Errorf("%s: %v, want %s", c.plant, got, c.want)
		case c.want == "" && (len(got) != 2 || !strings.HasPrefix(got[0], "28 line_without_share") ||
			got[1] != "28 share_without_line "+done):
			t.Errorf("%s: %v", c.plant, got)
		}
		write(t, w.D, c.back, c.at)
	}
}
