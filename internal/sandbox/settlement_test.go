package sandbox_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox"
)

type settledRow struct {
	OrderID, PaymentKey, SoldDate, PaidOutDate string
	Amount, Fee, SupplyAmount, VAT             int64
	PayOutAmount                               int64
	Cancel                                     *struct{ CancelAmount int64 }
}

func (w *world) file(query string) []settledRow {
	w.Helper()
	var rows []settledRow
	if err := json.Unmarshal([]byte(w.ok("GET", "/v1/settlements?"+query, nil).text), &rows); err != nil {
		w.Fatal(err)
	}
	return rows
}

// lines writes rows as aligned text, in the manner of the tables below.
func lines(rows []settledRow) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%s %s→%s %d −%d(%d+%d) =%d\n", r.OrderID, r.SoldDate[5:], r.PaidOutDate[5:], r.Amount, r.Fee,
			r.SupplyAmount, r.VAT, r.PayOutAmount)
	}
	return b.String()
}

// TestGoldenSettlement checks a day's file to the won: 2.2 % and VAT, each rounded half up, cancels giving back what
// the remaining amount no longer costs.
func TestGoldenSettlement(t *testing.T) {
	w := newWorld(t, nil)
	a, b := w.paid("order-a", 19_900), w.paid("order-b", 10_000)
	w.paid("order-c", 100)
	w.ok("POST", "/v1/payments/"+a+"/cancel", fields{"cancelReason": "변심", "cancelAmount": 6_633})
	w.ok("POST", "/v1/payments/"+b+"/cancel", fields{"cancelReason": "변심"})
	w.settle()
	is(w, "today is open", lines(w.file("startDate=2026-10-14&endDate=2026-10-14")), "")
	w.clock.Advance(12*time.Hour - time.Microsecond)
	w.settle()
	is(w, "until midnight", lines(w.file("startDate=2026-10-14&endDate=2026-10-14")), "")
	w.clock.Advance(time.Microsecond)
	w.settle()
	want := "" +
		"order-a 10-14→10-15 19900 −482(438+44) =19418\n" +
		"order-b 10-14→10-15 10000 −242(220+22) =9758\n" +
		"order-c 10-14→10-15 100 −2(2+0) =98\n" +
		"order-a 10-14→10-15 -6633 −-161(-146+-15) =-6472\n" +
		"order-b 10-14→10-15 -10000 −-242(-220+-22) =-9758\n"
	is(w, "file", "\n"+lines(w.file("startDate=2026-10-14&endDate=2026-10-14")), "\n"+want)
	is(w, "by day of pay-out", lines(w.file("dateType=paidOutDate&startDate=2026-10-15&endDate=2026-10-15")), want)
	is(w, "another day", lines(w.file("dateType=paidOutDate&startDate=2026-10-16&endDate=2026-10-31")), "")
	is(w, "custody", w.balance("custody"), 19_418+98-6_472)
	is(w, "books", w.books().won("paidOut"), 13_044)
	is(w, "gateway's side", w.balance("pg"), -13_044)
	for _, q := range []string{"", "startDate=2026-10-14", "startDate=2026-10-15&endDate=2026-10-14",
		"startDate=2026-10-14&endDate=2026-10-14&dateType=x", "startDate=2026-10-14&endDate=2026-10-14&size=5001",
		"startDate=2026-10-14&endDate=2026-10-14&page=0"} {
		is(w, "bad query "+q, w.call("GET", "/v1/settlements?"+q, nil).status, 400)
	}
}

func TestSettlementPages(t *testing.T) {
	w := newWorld(t, nil)
	for day := range 3 {
		for i := range 5 {
			w.paid(fmt.Sprintf("order-%d-%d", day, i), 1_000)
		}
		w.clock.Advance(24 * time.Hour)
		w.settle()
	}
	var got []string
	for page := 1; page < 10; page++ {
		for _, r := range w.file(fmt.Sprintf("startDate=2026-10-01&endDate=2026-10-31&size=4&page=%d", page)) {
			got = append(got, r.OrderID)
		}
	}
	is(w, "rows", len(got), 15)
	is(w, "first", got[0], "order-0-0")
	is(w, "last", got[14], "order-2-4")
	var rows []struct{ TransactionKey, OrderID string }
	after, n := "", 0
	for {
		text := w.ok("GET", "/v1/transactions?startDate=2026-10-15&endDate=2026-10-16&limit=4&startingAfter="+after, nil).text
		if err := json.Unmarshal([]byte(text), &rows); err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			break
		}
		n, after = n+len(rows), rows[len(rows)-1].TransactionKey
	}
	is(w, "transactions of two days", n, 10)
}

// TestWeekend: Friday, Saturday and Sunday are paid together on Monday, in one bank entry.
func TestWeekend(t *testing.T) {
	w := newWorld(t, inFile(t))
	w.clock.Advance(48 * time.Hour) // Friday 16th
	for i := range 3 {
		w.paid(fmt.Sprintf("order-%d", i), 10_000)
		w.settle()
		w.clock.Advance(24 * time.Hour)
		w.restart()
	}
	w.settle()
	is(w, "custody on Monday", w.balance("custody"), 3*(10_000-242))
	entries := w.ok("GET", "/bank/accounts/custody/entries", nil).fields["entries"].([]any)
	is(w, "entries", len(entries), 1)
	is(w, "reference", entries[0].(fields)["ref"].(string), "settlement:2026-10-19")
	is(w, "rows", len(w.file("dateType=paidOutDate&startDate=2026-10-19&endDate=2026-10-19")), 3)
}

func TestHolidaysAndContract(t *testing.T) {
	w := newWorld(t, func(o *sandbox.Options) {
		o.Holiday = func(day string) bool { return day == "2026-10-16" }
		o.SettleDays, o.FeeBP = 2, 300
	})
	w.paid("order-1", 10_000)
	w.clock.Advance(24 * time.Hour)
	w.settle()
	rows := w.file("startDate=2026-10-14&endDate=2026-10-14")
	is(w, "paid out", rows[0].PaidOutDate, "2026-10-19")
	is(w, "fee", rows[0].Fee, 330)
}

// TestNegativeDay: a day of cancels only is collected from custody once custody can cover it.
func TestNegativeDay(t *testing.T) {
	w := newWorld(t, inFile(t))
	key := w.paid("order-1", 10_000)
	w.clock.Advance(24 * time.Hour)
	w.settle()
	w.ok("POST", "/bank/transfers", fields{"ref": "out", "from": "custody", "toAccountId": "operating", "amount": 9_000})
	w.ok("POST", "/v1/payments/"+key+"/cancel", fields{"cancelReason": "변심"})
	w.clock.Advance(24 * time.Hour)
	w.settle()
	is(w, "custody cannot pay", w.balance("custody"), 758)
	is(w, "awaiting", w.books().won("awaitingPayout"), -9_758)
	w.restart()
	w.ok("POST", "/bank/transfers", fields{"ref": "back", "from": "operating", "toAccountId": "custody", "amount": 9_000})
	w.settle()
	is(w, "custody", w.balance("custody"), 0)
	is(w, "paid out", w.books().won("paidOut"), 0)
}

func TestPlantedDifferences(t *testing.T) {
	w := newWorld(t, nil)
	for _, order := range []string{"order-good", "order-missing", "order-other", "order-extra"} {
		w.paid(order, 10_000)
	}
	w.fault(fields{"target": "order-missing", "settlement": fields{"omit": true}})
	w.fault(fields{"target": "order-other", "settlement": fields{"addWon": -700}})
	w.fault(fields{"target": "order-extra", "settlement": fields{"extraWon": 5_000}})
	w.fault(fields{"target": "settlement:2026-10-15", "settlement": fields{"addWon": 11}})
	w.clock.Advance(24 * time.Hour)
	w.settle()
	rows := w.file("startDate=2026-10-14&endDate=2026-10-14")
	is(w, "rows", len(rows), 4)
	sum := int64(0)
	seen := map[string]int64{}
	for _, r := range rows {
		seen[r.OrderID] = r.Amount
		sum += r.PayOutAmount
	}
	is(w, "good", seen["order-good"], 10_000)
	is(w, "other", seen["order-other"], 9_300)
	_, there := seen["order-missing"]
	is(w, "missing is there", there, false)
	is(w, "the bank pays 11 won more than the file says", w.balance("custody"), sum+11)
	is(w, "unsettled", w.books().won("unsettledGross"), 10_000)
	// Once the gateway finds its mistake the row comes late, with a day of pay-out that is still to come.
	w.ok("DELETE", "/sandbox/faults?target=order-missing", nil)
	w.settle()
	late := w.file("startDate=2026-10-14&endDate=2026-10-14")[4]
	is(w, "late row", late.OrderID+" "+late.PaidOutDate, "order-missing 2026-10-16")
	w.clock.Advance(24 * time.Hour)
	w.settle()
	is(w, "unsettled in the end", w.books().won("unsettledGross"), 0)
}
