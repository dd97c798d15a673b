package voucher_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

var noon = time.Date(2026, 3, 4, 3, 0, 0, 0, time.UTC) // a Wednesday, 12:00 in Seoul

func active() voucher.Voucher {
	return voucher.Voucher{ID: "vch_1", MerchantID: "mer_a", Price: 19_900, Commission: 2388, CommissionVAT: 238,
		UnitsTotal: 3, State: voucher.Active, ValidUntil: noon.Add(time.Hour)}
}

func TestReasonsInTheirOrder(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*voucher.Voucher, *voucher.Scan)
		want  error
	}{
		"sound":          {func(*voucher.Voucher, *voucher.Scan) {}, nil},
		"wrong merchant": {func(_ *voucher.Voucher, s *voucher.Scan) { s.MerchantID = "mer_b" }, voucher.ErrWrongMerchant},
		"not tipped":     {func(v *voucher.Voucher, _ *voucher.Scan) { v.State = voucher.Issued }, voucher.ErrNotTipped},
		"tipped": {func(v *voucher.Voucher, s *voucher.Scan) {
			v.State, s.Tipped, v.ValidUntil = voucher.Issued, true, time.Time{}
		}, nil},
		"used": {func(v *voucher.Voucher, _ *voucher.Scan) { v.State, v.UnitsUsed = voucher.Used, 3 },
			voucher.ErrAlreadyUsed},
		"pending":  {func(v *voucher.Voucher, _ *voucher.Scan) { v.State = voucher.RefundPending }, voucher.ErrRefundPending},
		"refunded": {func(v *voucher.Voucher, _ *voucher.Scan) { v.State = voucher.Refunded }, voucher.ErrRefunded},
		"blocked":  {func(v *voucher.Voucher, _ *voucher.Scan) { v.State = voucher.Blocked }, voucher.ErrBlocked},
		"expired":  {func(v *voucher.Voucher, s *voucher.Scan) { s.Now = v.ValidUntil }, voucher.ErrExpired},
		"last µs":  {func(v *voucher.Voucher, s *voucher.Scan) { s.Now = v.ValidUntil.Add(-1) }, nil},
		"short":    {func(v *voucher.Voucher, s *voucher.Scan) { v.UnitsUsed, s.Units = 2, 2 }, voucher.ErrUnitsShort},
		"no units": {func(_ *voucher.Voucher, s *voucher.Scan) { s.Units = 0 }, voucher.ErrUnits},
		"branch": {func(v *voucher.Voucher, _ *voucher.Scan) { v.Branches = []market.BranchID{"brn_2"} },
			voucher.ErrWrongBranch},
		"hours": {func(v *voucher.Voucher, _ *voucher.Scan) { v.Rules = hours.Rules{From: "13:00", To: "15:00"} },
			voucher.ErrOutsideHours},
		"day": {func(v *voucher.Voucher, _ *voucher.Scan) { v.Rules = hours.Rules{Weekdays: []int{0, 6}} },
			voucher.ErrRule},
	} {
		v, s := active(), voucher.Scan{MerchantID: "mer_a", BranchID: "brn_1", Units: 1, Now: noon}
		c.spoil(&v, &s)
		if err := v.MayUse(s); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestUsesAddUpToThePrice(t *testing.T) {
	want := [][4]int64{{6633, 796, 79, 5758}, {6633, 796, 79, 5758}, {6634, 796, 80, 5758}}
	for i, w := range want {
		if p := active().PartsOf(int64(i), 1); [4]int64{p.Price, p.Commission, p.CommissionVAT, p.Net} != w {
			t.Errorf("use %d: %+v, want %v", i+1, p, w)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		uses := rapid.Int64Range(1, 50).Draw(t, "uses")
		v := voucher.Voucher{UnitsTotal: uses, Price: rapid.Int64Range(100*uses, 1<<40).Draw(t, "price")}
		v.Commission = v.Price / 8
		v.CommissionVAT = v.Commission / 10
		var sum voucher.Parts
		for from := int64(0); from < uses; {
			n := rapid.Int64Range(1, uses-from).Draw(t, "n")
			p := v.PartsOf(from, n)
			if p.Net <= 0 || p.Price != p.Commission+p.CommissionVAT+p.Net {
				t.Fatalf("uses %d+%d of %d: %+v", from, n, uses, p)
			}
			sum.Price, sum.Commission, sum.CommissionVAT = sum.Price+p.Price, sum.Commission+p.Commission,
				sum.CommissionVAT+p.CommissionVAT
			from += n
		}
		if sum.Price != v.Price || sum.Commission != v.Commission || sum.CommissionVAT != v.CommissionVAT {
			t.Fatalf("%+v of %+v", sum, v)
		}
	})
}

func TestTypedCodes(t *testing.T) {
	keys := voucher.NewKeys(bytes.Repeat([]byte{7}, 32))
	code := keys.Code("vch_1")
	for _, typed := range []string{code, voucher.Grouped(code), strings.ToLower(voucher.Grouped(code)), " " + code + " "} {
		if s, ok := voucher.Read(typed); !ok || s.Code != code {
			t.Errorf("%q read as %+v", typed, s)
		}
	}
	const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for i := range len(code) {
		for _, wrong := range symbols {
			if byte(wrong) == code[i] {
				continue
			}
			if _, ok := voucher.Read(code[:i] + string(wrong) + code[i+1:]); ok {
				t.Errorf("one wrong character passes at %d", i)
			}
		}
		if i > 0 && code[i] != code[i-1] {
			swapped := []byte(code)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			if _, ok := voucher.Read(string(swapped)); ok {
				t.Errorf("swapped neighbours pass at %d", i)
			}
		}
	}
	if s, ok := voucher.Read(keys.Face("vch_1")); !ok || s.Face != keys.Face("vch_1") {
		t.Errorf("face read as %+v", s)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "V1", "K7PM-3XQ9-2FG", "https://example.com", "👍", strings.Repeat("A", 500)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if s, ok := voucher.Read(text); ok && s.Face == "" && s.Code == "" {
			t.Fatalf("%q was understood as nothing", text)
		}
	})
}

func TestUndoWindows(t *testing.T) {
	x := voucher.Redemption{StaffID: "acc_s", State: voucher.Accepted, At: noon}
	windows := voucher.UndoWindows{Own: 7 * time.Minute, Manager: 30 * time.Hour}
	for name, c := range map[string]struct {
		by   market.AccountID
		role market.Role
		at   time.Duration
		want error
	}{
		"own, at once":          {"acc_s", market.RoleScan, 0, nil},
		"own, the last instant": {"acc_s", market.RoleScan, windows.Own, nil},
		"own, later":            {"acc_s", market.RoleScan, windows.Own + 1, voucher.ErrUndoLate},
		"a colleague's":         {"acc_t", market.RoleScan, 0, voucher.ErrUndoLate},
		"manager":               {"acc_m", market.RoleManager, windows.Manager, nil},
		"manager, late":         {"acc_m", market.RoleManager, windows.Manager + 1, voucher.ErrUndoLate},
	} {
		if err := x.MayUndo(c.by, c.role, windows, noon.Add(c.at)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	x.StatementID = "stm_1"
	if err := x.MayUndo("acc_s", market.RoleOwner, windows, noon); !errors.Is(err, voucher.ErrStated) {
		t.Errorf("past the statement: %v", err)
	}
}
