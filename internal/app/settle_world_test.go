package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// till is a world with a shop that sells, and words for what a settlement test does and sees.
type till struct {
	*apptest.World
	mortal *mortal // the sandbox when it can be killed, else nil
	uses   int64   // of each voucher, 0 for one
	deal   deal.Deal
	option deal.Option
	scans  int
}

// newTill registers the shop, pays capital in, fills the buffer and puts a deal on sale on Monday, 9 March 2026.
func newTill(w *apptest.World) *till {
	t := &till{World: w}
	t.begin()
	return t
}

func (t *till) begin() {
	t.T.Helper()
	w := t.World
	t.merchant(shop, settlement.Account{BankCode: "004", Number: "12345678901", Holder: "손칼국수"})
	t.Work()
	w.Must(w.Custody.PayIn(w.Ctx, apptest.Operator(), 5_000_000, "capital-1"))
	t.run()
	_, err := w.Custody.TopUp(w.Ctx, apptest.Operator(), 1_000_000)
	w.Must(err)
	t.run()
	t.deal, t.option = w.OnSale(shop, func(o *deal.Offer) { o.Options[0].Uses = max(1, t.uses) })
	t.run()
}

// merchant writes a shop's row as its registration leaves it.
func (t *till) merchant(id market.MerchantID, bank settlement.Account) {
	t.T.Helper()
	t.Must(t.DB.Write(t.Ctx, func(tx *db.Tx) error {
		_, err := db.Exec(t.Ctx, tx, `INSERT INTO merchant (id, slug, business_number, name, representative, phone, email,
 story, category_id, region_id, bank_code, bank_account, bank_holder, state, created_at, version)
 VALUES ($1, $1, $1, '손칼국수', '김두레', '', 'shop@dure.test', '', '', '', $2, $3, $4, 'approved', 0, 1)
 ON CONFLICT (id) DO UPDATE SET bank_code = excluded.bank_code, bank_account = excluded.bank_account`,
			string(id), bank.BankCode, bank.Number, bank.Holder)
		return err
	}))
}

// run lets bank, gateway and platform do what is due, until all three are still.
func (t *till) run() {
	t.T.Helper()
	for range 50 {
		t.Work()
		if t.settle() == 0 {
			return
		}
	}
	t.T.Fatal("bank and platform never come to rest")
}

// settle lets bank and gateway do what is due, and gives the number of steps.
func (t *till) settle() (steps int) {
	t.T.Helper()
	if t.mortal == nil {
		steps, err := t.Sandbox.Settle(t.Ctx)
		t.Must(err)
		return steps
	}
	err := t.mortal.survive(func() (err error) {
		steps, err = t.mortal.box.Settle(t.Ctx)
		return err
	})
	if errors.Is(err, errKilled) {
		return 1
	}
	t.Must(err)
	return steps
}

func (t *till) transport() http.RoundTripper {
	if t.mortal != nil {
		return t.mortal
	}
	return t.Sandbox.Transport()
}

// at moves the clock to a time of day in Korea, "10 12:00" for March, and runs what is due at the hours between, at
// which something happens: midnight, the run of the night, the end of objections, the payouts, and a look some time
// after.
func (t *till) at(text string) {
	t.T.Helper()
	to, err := time.ParseInLocation("2006-01-02 15:04", "2026-03-"+text, bizday.Seoul())
	t.Must(err)
	t.until(to)
}

func (t *till) until(to time.Time) {
	t.T.Helper()
	for t.Clock.Now().Before(to) {
		today := bizday.StartOfDay(t.Clock.Now())
		next := bizday.EndOfDay(t.Clock.Now())
		for _, minutes := range []time.Duration{10, 600, 605, 620} {
			if at := today.Add(minutes * time.Minute); at.After(t.Clock.Now()) && at.Before(next) {
				next = at
			}
		}
		if next.After(to) {
			next = to
		}
		t.Clock.Set(next)
		t.run()
	}
}

// sell sells one voucher each to n buyers, numbered from a number on.
func (t *till) sell(from, n int) []voucher.Voucher {
	t.T.Helper()
	var out []voucher.Voucher
	for i := range n {
		o := t.Buy(apptest.Buyer(from+i), t.deal, t.option, 1)
		list, err := voucher.OfOrder(t.Ctx, t.DB, o.ID)
		t.Must(err)
		out = append(out, list...)
	}
	t.run()
	return out
}

// use redeems a voucher.
func (t *till) use(v voucher.Voucher) voucher.Redemption {
	t.T.Helper()
	t.scans++
	done, err := t.Redeem.Do(t.Ctx, redeem.Cmd{Actor: apptest.Staff(v.MerchantID, "brn_1"), MerchantID: v.MerchantID,
		BranchID: "brn_1", Text: t.Keys.Face(v.ID), Units: 1, Nonce: fmt.Sprintf("nonce-%08d", t.scans)})
	t.Must(err)
	return done.Redemption
}

// fault plants a fault in the sandbox.
func (t *till) fault(plan map[string]any) {
	t.T.Helper()
	t.sandbox("PUT", "/sandbox/faults", plan, nil)
}

func (t *till) sandbox(method, path string, body, into any) {
	t.T.Helper()
	text, err := json.Marshal(body)
	t.Must(err)
	r, err := http.NewRequestWithContext(t.Ctx, method, "http://sandbox"+path, bytes.NewReader(text))
	t.Must(err)
	r.SetBasicAuth(sandbox.DefaultSecretKey, "")
	answer, err := t.transport().RoundTrip(r)
	t.Must(err)
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		t.T.Fatalf("%s %s: %d", method, path, answer.StatusCode)
	}
	if into != nil {
		t.Must(json.NewDecoder(answer.Body).Decode(into))
	}
}

// money writes the merchant's accounts, and those of the bank, in one line.
func (t *till) money() string {
	t.T.Helper()
	var b strings.Builder
	for _, a := range []ledger.Account{ledger.Pending, ledger.Payable, ledger.MerchantReceivable} {
		fmt.Fprintf(&b, "%s=%d ", a, balance(t.World, a, string(shop)))
	}
	totals, err := ledger.Sum(t.Ctx, t.DB)
	t.Must(err)
	for _, a := range []ledger.Account{ledger.PayoutTransit, ledger.GatewayReceivable, ledger.BankCustody,
		ledger.BankOperating} {
		fmt.Fprintf(&b, "%s=%d ", a, totals.Balance(a))
	}
	return strings.TrimSpace(b.String())
}

// statements writes the merchant's statements and their lines.
func (t *till) statements() string {
	t.T.Helper()
	list, err := t.Settle.Statements(t.Ctx, apptest.Owner(shop), shop, 0, 50)
	t.Must(err)
	var b strings.Builder
	for i := len(list) - 1; i >= 0; i-- {
		s := list[i]
		fmt.Fprintf(&b, "%d %s %s net %d apart %d seq %d-%d\n", s.Number, orDash(s.Day), s.State, s.Net, s.Apart,
			s.FirstSeq, s.LastSeq)
		lines, err := settlement.Lines(t.Ctx, t.DB, s.ID, 0, 100)
		t.Must(err)
		for _, l := range lines {
			fmt.Fprintf(&b, "  %d %s %d = %d + %d + %d\n", l.Seq, l.Kind, l.Price, l.Commission, l.CommissionVAT, l.Net)
		}
	}
	return b.String()
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// payouts writes the merchant's payouts, the oldest first.
func (t *till) payouts() string {
	t.T.Helper()
	list, err := t.Settle.Payouts(t.Ctx, apptest.Owner(shop), shop, "", 50)
	t.Must(err)
	var b strings.Builder
	for i := len(list) - 1; i >= 0; i-- {
		p := list[i]
		fmt.Fprintf(&b, "%s %d %s %s replaces=%t\n", p.Day, p.Amount, p.State, orDash(string(p.HoldCode)), p.Replaces != "")
	}
	return b.String()
}

// same compares two texts line by line, whatever their indentation.
func (t *till) same(what, got, want string) {
	t.T.Helper()
	if g, w := trimmed(got), trimmed(want); g != w {
		t.T.Fatalf("%s\n got:\n%s\nwant:\n%s", what, g, w)
	}
}

func trimmed(text string) string {
	var out []string
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		out = append(out, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(out, "\n")
}

// sound asks doctor what must hold whatever happened: our books against each other, and against the bank's.
func (t *till) sound() {
	t.T.Helper()
	t.soundMerchant(shop)
	for _, f := range t.ill() {
		t.T.Errorf("doctor: %d %s %s %v", f.Invariant, f.Code, f.Row, f.Args)
	}
	found, err := doctor.Outside(t.Ctx, t.DB, func(ctx context.Context, account string) (int64, error) {
		there, err := t.Client.BankAccount(ctx, account)
		return there.Balance, err
	})
	t.Must(err)
	for _, f := range found {
		t.T.Errorf("outside: %s %v", f.Row, f.Args)
	}
	if t.T.Failed() {
		t.T.FailNow()
	}
}

// ill gives what doctor finds about settlement.
func (t *till) ill() []doctor.Finding {
	t.T.Helper()
	var only []string
	for _, q := range doctor.Questions() {
		if strings.HasPrefix(q.Name, "settlement_") {
			only = append(only, q.Name)
		}
	}
	report, err := doctor.Check(t.Ctx, t.DB, doctor.Options{Only: only})
	t.Must(err)
	var out []doctor.Finding
	for _, a := range report.Answers {
		out = append(out, a.Findings...)
	}
	return out
}

func (t *till) soundMerchant(id market.MerchantID) {
	t.T.Helper()
	standing, err := settlement.Standing(t.Ctx, t.DB, id)
	t.Must(err)
	if booked := balance(t.World, ledger.Payable, string(id)); booked != standing {
		t.T.Fatalf("statements say %d is payable, the books %d", standing, booked)
	}
}
