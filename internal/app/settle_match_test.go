package app_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/settle/custody"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// differences writes what stands open between the gateway's lists and our books.
func (t *till) differences() string {
	t.T.Helper()
	d, err := t.Custody.Desk(t.Ctx, apptest.Operator())
	t.Must(err)
	var b strings.Builder
	for _, x := range d.Differences {
		fmt.Fprintf(&b, "%s %s ours=%d theirs=%d\n", x.Source, x.Class, x.Ours, x.Theirs)
	}
	for _, e := range d.Unmatched {
		fmt.Fprintf(&b, "bank %s %d\n", e.Kind, e.Amount)
	}
	return b.String()
}

// gatewayOrder is what the gateway calls a buyer's order.
func (t *till) gatewayOrder(v voucher.Voucher) string {
	t.T.Helper()
	list, err := payment.OfOrder(t.Ctx, t.DB, v.OrderID)
	t.Must(err)
	return string(list[0].ID)
}

// TestDifferences plants each kind of fault in the settlement file: every one is found, in its class, and the late row
// ends its own.
func TestDifferences(t *testing.T) {
	for _, row := range []struct {
		name   string
		target func(s *till, v voucher.Voucher) string
		plan   map[string]any
		want   string
	}{
		{"omitted", (*till).gatewayOrder, map[string]any{"omit": true},
			`settlement missing_there ours=19900 theirs=0`},
		{"less", (*till).gatewayOrder, map[string]any{"addWon": -700},
			`settlement amount_differs ours=19900 theirs=19200`},
		{"a stranger", (*till).gatewayOrder, map[string]any{"extraWon": 5_000},
			`settlement missing_here ours=0 theirs=5000`},
		{"the bank pays more", func(*till, voucher.Voucher) string { return "settlement:2026-03-10" },
			map[string]any{"addWon": 11}, `
			settlement amount_differs ours=77672 theirs=77683
			bank settlement 77683`},
	} {
		t.Run(row.name, func(t *testing.T) {
			apptest.Each(t, func(w *apptest.World) {
				s := newTill(w)
				list := s.sell(1, 4)
				target := row.target(s, list[0])
				s.fault(map[string]any{"target": target, "settlement": row.plan})
				s.at("10 12:00")
				s.same("differences", s.differences(), row.want)
				s.sound()
				s.clear(target)
				s.at("12 12:00")
				switch row.name {
				case "omitted":
					s.same("after the late row", s.differences(), ``)
				case "the bank pays more":
					s.accept()
				default:
					d, err := w.Custody.Desk(w.Ctx, apptest.Operator())
					w.Must(err)
					w.Must(w.Custody.ResolveDifference(w.Ctx, apptest.Operator(), d.Differences[0].ID, "PG에 확인함"))
					s.same("after the operator's word", s.differences(), ``)
				}
				s.sound()
			})
		})
	}
}

// clear removes a fault.
func (t *till) clear(target string) {
	t.T.Helper()
	t.sandbox("DELETE", "/sandbox/faults?target="+target, nil, nil)
}

// accept books the line that nothing explains as the bank has it: 11 won stay owed to the gateway.
func (t *till) accept() {
	t.T.Helper()
	d, err := t.Custody.Desk(t.Ctx, apptest.Operator())
	t.Must(err)
	t.Must(t.Custody.AcceptEntry(t.Ctx, apptest.Operator(), custody.AcceptCmd{EntryID: d.Unmatched[0].ID,
		Reason: "PG가 11원을 더 보냄"}))
	totals, err := ledger.Sum(t.Ctx, t.DB)
	t.Must(err)
	if got := totals.Balance(ledger.GatewayReceivable); got != -11 {
		t.T.Fatalf("the gateway owes %d", got)
	}
}

// TestTransactionsBothWays: a payment that the gateway knows and we do not, and one that we alone know.
func TestTransactionsBothWays(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		stray := s.gatewayOrder(list[0])
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			_, err := db.Exec(w.Ctx, tx, `UPDATE payment SET payment_key = 'pay_other' WHERE id = $1`, stray)
			return err
		}))
		s.at("10 00:30")
		var found []string
		for _, line := range strings.Split(s.differences(), "\n") {
			if strings.HasPrefix(line, "transactions") {
				found = append(found, line)
			}
		}
		s.same("both ways", strings.Join(found, "\n"), `
			transactions missing_here ours=0 theirs=19900
			transactions missing_there ours=19900 theirs=0`)
	})
}

// TestRefundIsSettled: the settlement file's line of a cancel is the third step of R8.
func TestRefundIsSettled(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		f, err := w.Refunds.CancelVoucher(w.Ctx, apptest.Buyer(1), list[0].ID)
		w.Must(err)
		s.run()
		if got := balance(w, ledger.RefundTransit, string(f.ID)); got != 19_900 {
			w.T.Fatalf("on its way back: %d", got)
		}
		s.at("10 12:00")
		f, err = payment.FindRefund(w.Ctx, w.DB, f.ID)
		w.Must(err)
		if f.State != payment.RefundSettled || balance(w, ledger.RefundTransit, string(f.ID)) != 0 {
			w.T.Fatalf("%+v", f)
		}
		s.same("differences", s.differences(), ``)
		s.same("gateway owes nothing", s.money(),
			`2140=0 2150=0 1160=0 1140=0 1100=0 1110=1058254 1120=4000000`)
		s.sound()
	})
}

// TestCover: a buffer that the gateway's fees have eaten becomes a dated task, which the top-up ends.
func TestCover(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		s.sell(1, 4)
		s.at("10 00:30")
		c, err := w.Custody.Cover(w.Ctx, "", 10)
		w.Must(err)
		day := c.Days[0]
		// Owed 79,600; there 1,000,000 + 79,600 − 1,928 of fees.
		if day.Day != "2026-03-09" || day.TopUp != 1_928 || day.DueDay != "2026-03-11" || !day.Open() || day.Broken() {
			w.T.Fatalf("%+v", day)
		}
		if _, err := w.Custody.SweepNow(w.Ctx, apptest.Operator(), 0); err == nil {
			w.T.Fatal("swept while the buffer is short")
		}
		_, err = w.Custody.TopUp(w.Ctx, apptest.Operator(), 0)
		w.Must(err)
		s.run()
		d, err := w.Custody.Desk(w.Ctx, apptest.Operator())
		w.Must(err)
		if len(d.TopUps) != 0 || d.Now.TopUp != 0 || d.Now.Buffer() != 1_000_000 {
			w.T.Fatalf("%+v", d.Now)
		}
		if _, err := w.Custody.TopUp(w.Ctx, apptest.Operator(), 5_000_000); err == nil {
			w.T.Fatal("more than the operator has")
		}
		s.sound()
	})
}

// TestManyMerchants: each gets one statement for what the feed says was used and not undone, and one payout.
func TestManyMerchants(t *testing.T) {
	const shops = 70 // more than one step of the run
	d := func(i int) market.MerchantID { return market.MerchantID(fmt.Sprintf("mer_%03d", i)) }
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error { return copyShops(w, tx, list[0], d, shops) }))
		for i := range shops {
			s.merchant(d(i), settlement.Account{BankCode: "004", Number: fmt.Sprintf("%011d", i), Holder: "가게"})
			v, err := voucher.Find(w.Ctx, w.DB, market.VoucherID(fmt.Sprintf("vch_%03d", i)))
			w.Must(err)
			x := s.use(v)
			if i%10 == 3 {
				_, err := w.Redeem.Undo(w.Ctx, apptest.Staff(d(i), "brn_1"), redeem.UndoCmd{RedemptionID: x.ID,
					Reason: "잘못 찍음"})
				w.Must(err)
			}
		}
		s.at("10 12:00")
		fed := s.fed()
		for i := range shops {
			id := d(i)
			stated, err := w.Settle.Statements(w.Ctx, apptest.Owner(id), id, 0, 5)
			w.Must(err)
			paid := int64(0)
			for _, st := range stated {
				paid += st.Net
			}
			if paid != fed[id] || len(stated) > 1 {
				w.T.Fatalf("%s: statements say %d, the feed %d", id, paid, fed[id])
			}
			s.soundMerchant(id)
		}
		if fed[d(3)] != 0 || fed[d(4)] == 0 {
			w.T.Fatalf("feed %v", fed)
		}
		s.sound()
	})
}

// copyShops gives each shop a voucher like the first one, with money behind it.
func copyShops(w *apptest.World, tx *db.Tx, like voucher.Voucher, id func(int) market.MerchantID, n int) error {
	var list []voucher.Voucher
	var entries []ledger.Entry
	for i := range n {
		v := like
		v.ID, v.MerchantID = market.VoucherID(fmt.Sprintf("vch_%03d", i)), id(i)
		v.Position = int64(100 + i)
		v.FaceHash, v.CodeHash = w.Keys.HashFace(w.Keys.Face(v.ID)), w.Keys.HashCode(w.Keys.Code(v.ID))
		list = append(list, v)
		entries = append(entries, ledger.Paid(ledger.Payment{About: ledger.About{DealID: v.DealID, OrderID: v.OrderID,
			MerchantID: v.MerchantID}, PaymentID: market.PaymentID("pay_" + string(v.ID)), Gateway: "sandbox",
			Amount: v.Price, Tipped: true}))
	}
	for i := range list {
		list[i].State, list[i].ActiveAt = voucher.Active, w.Clock.Now()
		list[i].ValidUntil = voucher.ValidUntil(w.Clock.Now(), list[i].ValidDays)
	}
	if err := voucher.Insert(w.Ctx, tx, list); err != nil {
		return err
	}
	return ledger.Post(w.Ctx, tx, entries)
}

// fed adds up what the feed says of each merchant's uses, in won net.
func (t *till) fed() map[market.MerchantID]int64 {
	t.T.Helper()
	out := map[market.MerchantID]int64{}
	type told struct {
		kind, payload string
	}
	list, err := db.All(t.Ctx, t.DB, func(r db.Row) (told, error) {
		var x told
		err := r.Scan(&x.kind, &x.payload)
		return x, err
	}, `SELECT kind, payload FROM kit_event WHERE kind IN ('voucher.redeemed', 'voucher.undone') AND seq IS NOT NULL
 ORDER BY seq`)
	t.Must(err)
	for _, x := range list {
		var e event.VoucherRedeemed // both events name the merchant and the net
		t.Must(json.Unmarshal([]byte(x.payload), &e))
		if x.kind == (event.VoucherUndone{}).Kind() {
			e.Net = -e.Net
		}
		out[e.MerchantID] += e.Net
	}
	return out
}

// TestExpiry: reminders go out, the voucher ends, 90 % waits for its owner, who claims it; the rest is the merchant's.
func TestExpiry(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.use(list[3])
		v, err := voucher.Find(w.Ctx, w.DB, list[0].ID)
		w.Must(err)
		for i := 1; i <= 3; i++ {
			w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error { return buyerAccount(w, tx, i) }))
		}
		s.at("11 12:00") // what was used is paid in time: a payout a year late would bear interest
		for _, days := range []int{31, 30, 14, 7, 1, 0} {
			s.Clock.Set(v.ValidUntil.AddDate(0, 0, -days-1).Add(9 * time.Hour))
			s.run()
		}
		if got := s.letters("ending/"); got != 3*4 {
			w.T.Fatalf("%d reminders", got)
		}
		s.until(v.ValidUntil.Add(time.Minute))
		v, err = voucher.Find(w.Ctx, w.DB, list[0].ID)
		w.Must(err)
		if v.State != voucher.Expired || balance(w, ledger.Unclaimed, string(v.ID)) != 17_910 ||
			balance(w, ledger.Pending, string(shop)) != 3*1_990 {
			w.T.Fatalf("%s, claim %d, pending %d", v.State, balance(w, ledger.Unclaimed, string(v.ID)),
				balance(w, ledger.Pending, string(shop)))
		}
		if _, err := w.Refunds.Claim(w.Ctx, apptest.Buyer(2), v.ID); err == nil {
			w.T.Fatal("somebody else claims")
		}
		f, err := w.Refunds.Claim(w.Ctx, apptest.Buyer(1), v.ID)
		w.Must(err)
		if _, err := w.Refunds.Claim(w.Ctx, apptest.Buyer(1), v.ID); err == nil || f.Amount != 17_910 {
			w.T.Fatalf("claimed twice, or %d", f.Amount)
		}
		s.run()
		f, err = payment.FindRefund(w.Ctx, w.DB, f.ID)
		w.Must(err)
		if !f.Done() || balance(w, ledger.Unclaimed, string(v.ID)) != 0 {
			w.T.Fatalf("%+v", f)
		}
		s.until(v.ValidUntil.Add(60 * time.Hour))
		stated, err := w.Settle.Statements(w.Ctx, apptest.Owner(shop), shop, 0, 1)
		w.Must(err)
		if stated[0].Net != 3*1_990 || stated[0].State != settlement.Paid || stated[0].Commission != 0 {
			w.T.Fatalf("%+v", stated[0])
		}
		s.sound()
	})
}

func buyerAccount(w *apptest.World, tx *db.Tx, n int) error {
	b := apptest.Buyer(n)
	_, err := db.Exec(w.Ctx, tx, `INSERT INTO account (id, email, email_key, name, password_hash, locale, confirmed_at,
 created_at, version) VALUES ($1, $1, $1, $2, '', 'ko', 1, 1, 1)`, string(b.AccountID), b.Name)
	return err
}

func (t *till) letters(prefix string) int64 {
	t.T.Helper()
	n, err := db.One(t.Ctx, t.DB, db.Scalar[int64],
		`SELECT COUNT(*) FROM kit_job WHERE kind = 'mail.send' AND key LIKE $1`, prefix+"%")
	t.Must(err)
	return n
}
