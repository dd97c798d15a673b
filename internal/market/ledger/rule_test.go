package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/ledger/deposited"
)

var (
	about = ledger.About{DealID: "dea_1", OrderID: "ord_1", VoucherID: "vch_1", MerchantID: "mer_1", PolicyID: "pol_1"}
	// worked is the golden case: 19,900 at 12 %, a voucher of three uses.
	worked = ledger.Earn(19_900, 1_200)
)

func payment(amount int64, tipped bool) ledger.Payment {
	return ledger.Payment{About: about, PaymentID: "pay_1", Gateway: "sandbox", Amount: amount, Tipped: tipped}
}

func refund(amount int64) ledger.Return {
	return ledger.Return{About: about, RefundID: "ref_1", Amount: amount}
}

func use(x ledger.Earning, promo int64) ledger.Use {
	return ledger.Use{About: about, RedemptionID: "red_1", Earning: x, Promo: promo}
}

func posted(e ledger.Entry) ledger.Entry {
	e.ID = "ent_1"
	return e
}

func takeBack(amount, before, pending, payable int64) ledger.TakeBack {
	return ledger.TakeBack{Return: refund(amount), Use: worked, Before: before, Pending: pending, Payable: payable}
}

func expiry(price, claimBP, breakageBP int64) ledger.Expiry {
	return ledger.Expiry{About: about, Price: price, ClaimBP: claimBP, BreakageBP: breakageBP}
}

func settled(gross, fee, vat int64) ledger.Entry {
	return ledger.Settled(ledger.Settlement{Gateway: "sandbox", SettlementID: "s1", Gross: gross, Fee: fee, FeeVAT: vat})
}

var payout = ledger.Payout{About: about, PayoutID: "out_1", Amount: 17_274}

// ruleCases are written as text below, in the same order.
func ruleCases() []ledger.Entry {
	statement := ledger.Statement{About: about, StatementID: "stm_1", Net: 17_274}
	reserve := statement
	reserve.Reserve = 274
	transfer := ledger.Transfer{ID: "btr_1", Amount: 5_000}
	return []ledger.Entry{
		ledger.Opening("capital", 5_000_000),
		ledger.Paid(payment(19_900, false)),
		ledger.Paid(payment(19_900, true)),
		ledger.PaidLate(payment(19_900, false)),
		ledger.Tipped(ledger.Tip{About: about, Price: 19_900}),
		ledger.NotTipped(refund(19_900)),
		ledger.Redeemed(use(worked, 0)),
		ledger.Redeemed(use(worked, 1_900)),
		ledger.Redeemed(use(worked, 19_900)),
		ledger.Redeemed(use(ledger.Earn(19_900, 0), 0)),
		ledger.Undone(posted(ledger.Redeemed(use(worked, 1_900))), "red_1"),
		ledger.Due(statement),
		ledger.Due(reserve),
		ledger.RefundDecided(refund(19_900), false),
		ledger.RefundDecided(refund(6_634), true),
		ledger.RefundAccepted(refund(19_900)),
		ledger.RefundSettled(refund(19_900), "sandbox"),
		ledger.TakenBack(takeBack(19_900, 0, 17_274, 0)),
		ledger.TakenBack(takeBack(19_900, 0, 0, 20_000)),
		ledger.TakenBack(takeBack(19_900, 0, 0, 7_000)),
		ledger.TakenBack(takeBack(5_000, 0, 17_274, 0)),
		ledger.TakenBack(takeBack(14_900, 5_000, 17_274, 0)),
		ledger.InterestOwed(refund(41)),
		ledger.ExpiredToPoints(expiry(6_634, 7_000, 0)),
		ledger.Expired(expiry(6_634, 9_000, 0)),
		ledger.Expired(expiry(6_634, 9_000, 10_000)),
		ledger.Expired(expiry(6_634, 9_000, 5_000)),
		ledger.Expired(expiry(6_634, 10_000, 0)),
		ledger.Expired(expiry(6_634, 0, 0)),
		ledger.Claimed(refund(5_971)),
		ledger.PayoutSent(payout),
		ledger.InterestSent(ledger.Payout{About: about, PayoutID: "out_2", Amount: 41}),
		ledger.PayoutConfirmed(payout),
		ledger.PayoutReturned(posted(ledger.PayoutSent(payout))),
		settled(19_900, 597, 60),
		settled(-19_900, -597, -60),
		ledger.Swept(transfer),
		ledger.Netted(statement, 10_274),
		ledger.ToppedUp(transfer),
		ledger.Compensated(ledger.CompensationDue{About: about, ID: "lin_1", Amount: 5_000}),
		ledger.PayoutInterest(ledger.Payout{About: about, PayoutID: "out_1", Amount: 43}),
		ledger.PaidToEscrow(payment(19_900, false)),
		ledger.PriceFell(refund(1_000)),
		ledger.EscrowReturned(refund(18_900)),
		ledger.Released(ledger.Release{About: about, Earning: worked}),
		ledger.Released(ledger.Release{About: about, Earning: ledger.Earn(19_900, 0)}),
		ledger.Disputed(about, 19_900),
		ledger.Ruled(ruling(19_900, 0)),
		ledger.Ruled(ruling(0, 19_900)),
		ledger.Ruled(ruling(12_345, 7_555)),
		ledger.Ruled(ruling(1, 19_899)),
		deposited.Paid(payment(30_000, false)),
		deposited.Returned(refund(30_000)),
		deposited.Kept(about, 30_000),
		deposited.Shared(deposited.Part{About: about, Ref: "ord_9/ord_1", Amount: 4_286}),
	}
}

// ruling splits a share of 19,900 at 12 %.
func ruling(released, refunded int64) ledger.Ruling {
	return ledger.Ruling{Release: ledger.Release{About: about, Earning: ledger.Earn(released, 1_200)}, Refunded: refunded}
}

const ruleTable = `
R0   R0/capital                  1120 5000000                                  = 3100 5000000
R2   R2/pay_1                    1100:sandbox 19900                            = 2100:dea_1 19900
R2   R2/pay_1                    1100:sandbox 19900                            = 2110:dea_1 19900
R2c  R2c/pay_1                   1100:sandbox 19900                            = 2170:ord_1 19900
R3   R3/vch_1                    2100:dea_1 19900                              = 2110:dea_1 19900
R4   R4/ref_1                    2100:dea_1 19900                              = 2170:ord_1 19900
R5   R5/red_1                    2110:dea_1 19900                              = 2140:mer_1 17274 + 4100 2388 + 2200 238
R5   R5/red_1                    2110:dea_1 18000 + 5120 1900                  = 2140:mer_1 17274 + 4100 2388 + 2200 238
R5   R5/red_1                    5120 19900                                    = 2140:mer_1 17274 + 4100 2388 + 2200 238
R5   R5/red_1                    2110:dea_1 19900                              = 2140:mer_1 19900
R6   R6/red_1 <ent_1             2140:mer_1 17274 + 4100 2388 + 2200 238       = 2110:dea_1 18000 + 5120 1900
R7   R7/stm_1                    2140:mer_1 17274                              = 2150:mer_1 17274
R7   R7/stm_1                    2140:mer_1 17274                              = 2150:mer_1 17000 + 2160:mer_1 274
R8   R8/ref_1/decided            2100:dea_1 19900                              = 2170:ord_1 19900
R8   R8/ref_1/decided            2110:dea_1 6634                               = 2170:ord_1 6634
R8   R8/ref_1/accepted           2170:ord_1 19900                              = 1150:ref_1 19900
R8   R8/ref_1/settled            1150:ref_1 19900                              = 1100:sandbox 19900
R9   R9/ref_1                    2140:mer_1 17274 + 4100 2388 + 2200 238       = 2170:ord_1 19900
R9   R9/ref_1                    2150:mer_1 17274 + 4100 2388 + 2200 238       = 2170:ord_1 19900
R9   R9/ref_1     2150:mer_1 7000 + 1160:mer_1 10274 + 4100 2388 + 2200 238    = 2170:ord_1 19900
R10  R10/ref_1                   2140:mer_1 4341 + 4100 600 + 2200 59          = 2170:ord_1 5000
R10  R10/ref_1                   2140:mer_1 12933 + 4100 1788 + 2200 179       = 2170:ord_1 14900
R12  R12/ref_1                   5110 41                                       = 2170:ord_1 41
R13  R13/vch_1                   2110:dea_1 6634                               = 2180:vch_1 4644 + 2140:mer_1 1990
R13b R13b/vch_1                  2110:dea_1 6634                               = 2190:vch_1 5971 + 2140:mer_1 663
R13b R13b/vch_1                  2110:dea_1 6634                               = 2190:vch_1 5971 + 4110 663
R13b R13b/vch_1                  2110:dea_1 6634                        = 2190:vch_1 5971 + 2140:mer_1 332 + 4110 331
R13b R13b/vch_1                  2110:dea_1 6634                               = 2190:vch_1 6634
R13b R13b/vch_1                  2110:dea_1 6634                               = 2140:mer_1 6634
R13d R13d/ref_1                  2190:vch_1 5971                               = 2170:ord_1 5971
R17  R17/out_1/sent              2150:mer_1 17274                              = 1140:out_1 17274
R17  R17/out_2/sent              2170:ord_1 41                                 = 1140:out_2 41
R17  R17/out_1/confirmed         1140:out_1 17274                              = 1110 17274
R17  R17/out_1/sent/returned <ent_1  1140:out_1 17274                          = 2150:mer_1 17274
R18  R18/sandbox/s1              1110 19243 + 5100 597 + 1170 60               = 1100:sandbox 19900
R18  R18/sandbox/s1              1100:sandbox 19900                            = 1110 19243 + 5100 597 + 1170 60
R19  R19/btr_1                   1120 5000                                     = 1110 5000
R21  R21/stm_1                   2150:mer_1 10274                              = 1160:mer_1 10274
R25  R25/btr_1                   1110 5000                                     = 1120 5000
R26  R26/lin_1                   5140 5000                                     = 2140:mer_1 5000
R12  R12/out_1                   5110 43                                       = 2140:mer_1 43
R2   R2/pay_1                    1100:sandbox 19900                            = 2120:ord_1 19900
R14  R14/ref_1                   2120:ord_1 1000                               = 2170:ord_1 1000
R8   R8/ref_1/decided            2120:ord_1 18900                              = 2170:ord_1 18900
R15  R15/ord_1                   2120:ord_1 19900                       = 2140:mer_1 17274 + 4100 2388 + 2200 238
R15  R15/ord_1                   2120:ord_1 19900                              = 2140:mer_1 19900
R16  R16/ord_1/opened            2120:ord_1 19900                              = 2130:ord_1 19900
R16  R16/ord_1/decided           2130:ord_1 19900                       = 2140:mer_1 17274 + 4100 2388 + 2200 238
R16  R16/ord_1/decided           2130:ord_1 19900                              = 2170:ord_1 19900
R16  R16/ord_1/decided           2130:ord_1 19900   = 2140:mer_1 10716 + 4100 1481 + 2200 148 + 2170:ord_1 7555
R16  R16/ord_1/decided           2130:ord_1 19900                              = 2140:mer_1 1 + 2170:ord_1 19899
R2   R2/pay_1                    1100:sandbox 30000                            = 2165:ord_1 30000
R8   R8/ref_1/decided            2165:ord_1 30000                              = 2170:ord_1 30000
R27  R27/ord_1                   2165:ord_1 30000                              = 4120 30000
R28  R28/ord_9/ord_1             4120 4286                                     = 2170:ord_1 4286
`

// spell writes an entry as a row of ruleTable.
func spell(e ledger.Entry) string {
	sides := map[ledger.Side][]string{}
	for _, l := range e.Lines {
		account := string(l.Account)
		if l.Party != "" {
			account += ":" + l.Party
		}
		sides[l.Side] = append(sides[l.Side], fmt.Sprintf("%s %d", account, l.Amount))
	}
	head := string(e.Rule) + " " + e.Scope
	if e.Mirrors != "" {
		head += " <" + string(e.Mirrors)
	}
	return head + " " + strings.Join(sides[ledger.Debit], " + ") + " = " + strings.Join(sides[ledger.Credit], " + ")
}

func TestRules(t *testing.T) {
	want := strings.Split(strings.TrimSpace(ruleTable), "\n")
	cases := ruleCases()
	if len(want) != len(cases) {
		t.Fatalf("%d rows for %d entries", len(want), len(cases))
	}
	seen := map[ledger.Rule]bool{}
	for i, e := range cases {
		seen[e.Rule] = true
		if got, row := spell(e), strings.Join(strings.Fields(want[i]), " "); got != row {
			t.Errorf("row %d\n got %s\nwant %s", i+1, got, row)
		}
		if e.Mirrors == "" && e.About != (ledger.About{}) && e.About != about {
			t.Errorf("row %d is about %v", i+1, e.About)
		}
	}
	for _, rule := range ledger.Rules() {
		if !seen[rule] {
			t.Errorf("%s has no row", rule)
		}
	}
}

// TestVoucherAccountsBelongToExpiry holds what the index ledger_entry_expiry counts on.
func TestVoucherAccountsBelongToExpiry(t *testing.T) {
	for _, e := range ruleCases() {
		for _, l := range e.Lines {
			info, _ := ledger.Lookup(l.Account)
			if info.Party == ledger.PartyVoucher && (e.Rule < "R13" || e.Rule >= "R14") {
				t.Errorf("%s moves %s", e.Rule, l.Account)
			}
		}
	}
}

func TestWorkedCase(t *testing.T) {
	if worked.Commission != 2_388 || worked.VAT != 238 || worked.Net() != 17_274 {
		t.Errorf("whole: %+v, net %d", worked, worked.Net())
	}
	want := []ledger.Earning{
		{Price: 6_633, Commission: 796, VAT: 79},
		{Price: 6_633, Commission: 796, VAT: 79},
		{Price: 6_634, Commission: 796, VAT: 80},
	}
	for i, w := range want {
		if got := worked.Uses(int64(i+1), 1, 3); got != w {
			t.Errorf("use %d: got %+v, want %+v", i+1, got, w)
		}
	}
	if got := worked.Uses(1, 2, 3); got != (ledger.Earning{Price: 13_266, Commission: 1_592, VAT: 158}) {
		t.Errorf("two uses at once: %+v", got)
	}
	if got := expiry(6_634, 9_000, 0).Claim(); got != 5_971 {
		t.Errorf("claim on the third use: %d", got)
	}
}

// TestPublishedCases holds the cases of the dispute commission (money.md invariant 24).
func TestPublishedCases(t *testing.T) {
	// 398,000 for 20 uses, 14 left, 70 % of the rest (consumuch.com 56893).
	left := ledger.Earn(398_000, 0).Uses(7, 14, 20).Price
	if got := expiry(left, 7_000, 0).Claim(); got != 195_020 {
		t.Errorf("14 of 20 uses: %d", got)
	}
	// 115,843 lapsed points, 90 % (consumer.gwd.go.kr 56505).
	if got := expiry(115_843, 9_000, 0).Claim(); got < 104_258 {
		t.Errorf("lapsed points: %d", got)
	}
}

// TestAskTable holds the table of the merchant who asks what is left: 20,000 at half price and half of it as fee.
func TestAskTable(t *testing.T) {
	x := ledger.Earn(10_000, 5_000)
	if x.Net() != 4_500 || x.Price-x.Commission != 5_000 {
		t.Errorf("got %+v, net %d", x, x.Net())
	}
}

func TestConstructorsRefuseNonsense(t *testing.T) {
	rows := map[string]func(){
		"16 use beyond the last":    func() { worked.Uses(3, 2, 3) },
		"16 use before the first":   func() { worked.Uses(0, 1, 3) },
		"7 negative amount":         func() { ledger.Paid(payment(-1, false)) },
		"7 commission above price":  func() { ledger.Redeemed(use(ledger.Earn(10_000, 9_500), 0)) },
		"1 promo above the price":   func() { ledger.Redeemed(use(worked, 19_901)) },
		"18 more than the use":      func() { ledger.TakenBack(takeBack(19_901, 0, 0, 0)) },
		"18 more than what is left": func() { ledger.TakenBack(takeBack(14_901, 5_000, 0, 0)) },
		"18 nothing taken back":     func() { ledger.TakenBack(takeBack(0, 0, 0, 0)) },
		"25 claim above the whole":  func() { ledger.Expired(expiry(100, 10_001, 0)) },
		"7 nothing fell":            func() { ledger.PriceFell(refund(0)) },
		"7 nothing given back":      func() { ledger.EscrowReturned(refund(0)) },
		"7 ruled beyond the whole":  func() { ledger.Ruled(ruling(19_901, -1)) },
		"9 mirror of nothing":       func() { ledger.Undone(ledger.Redeemed(use(worked, 0)), "red_1") },
	}
	for name, call := range rows {
		t.Run(name, func(t *testing.T) {
			number, _, _ := strings.Cut(name, " ")
			if got := broken(call); !strings.HasPrefix(got, number+" ") {
				t.Errorf("got %q", got)
			}
		})
	}
}

// broken gives the statement of the invariant at which a call stopped, "" when it did not.
func broken(call func()) (statement string) {
	defer func() {
		if failure, ok := recover().(*assert.Failure); ok {
			statement = failure.Statement
		}
	}()
	call()
	return ""
}

// TestAUseGoesBackWonByWon: no part of a single won takes more than that won from anybody, and all of them are the use.
func TestAUseGoesBackWonByWon(t *testing.T) {
	for _, bp := range []money.BasisPoints{0, 350, 1_200, 3_000, 9_000} {
		use := ledger.Earn(1_990, bp)
		var net, commission, vat int64
		for before := range use.Price {
			e := ledger.TakenBack(ledger.TakeBack{Return: refund(1), Use: use, Before: before, Payable: 1})
			n, _ := e.Moved(ledger.Payable)
			c, _ := e.Moved(ledger.Commission)
			v, _ := e.Moved(ledger.VATOutput)
			net, commission, vat = net+n, commission+c, vat+v
		}
		if net != use.Net() || commission != use.Commission || vat != use.VAT {
			t.Errorf("%d: %d, %d and %d of %+v", bp, net, commission, vat, use)
		}
	}
}
