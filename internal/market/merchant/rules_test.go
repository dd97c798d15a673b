package merchant_test

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

var update = flag.Bool("update", false, "write docs/states/merchant.md anew")

func same(got, want *fail.Error) bool {
	if got == nil || want == nil {
		return (got == nil) == (want == nil)
	}
	return got.Is(want)
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"124-81-00998": "1248100998", // published numbers of large companies
		"2208162517":   "2208162517",
		"120 81 47521": "1208147521",
		"１２４－８１－００９９８": "1248100998",
		"１２４８１００９９８":   "1248100998",
		"124-81-00997": "", "124-81-0099": "", "124-81-009988": "", "0000000000": "", "": "", "abc-de-fghij": "",
		"124-81-00998\x00": "", "١٢٤٨١٠٠٩٩٨": "",
	} {
		got, refusal := merchant.ParseNumber(text)
		if got != want || (refusal == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, refusal)
		}
	}
	if got := merchant.FormatNumber("1248100998"); got != "124-81-00998" {
		t.Error(got)
	}
}

// TestNumberFindsSlips: one wrong digit, and most swapped neighbours, are found; that is what the check digit is for.
func TestNumberFindsSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := []byte(rapid.StringMatching(`[0-9]{9}`).Draw(t, "digits"))
		valid := ""
		for last := byte('0'); last <= '9'; last++ {
			if clean, refusal := merchant.ParseNumber(string(digits) + string(last)); refusal == nil {
				if valid != "" {
					t.Fatalf("two check digits fit %s", digits)
				}
				valid = clean
			}
		}
		if valid == "" {
			if string(digits) != "000000000" {
				t.Fatalf("no check digit fits %s", digits)
			}
			return
		}
		at := rapid.IntRange(0, 7).Draw(t, "at")
		slip := []byte(valid)
		slip[at] = '0' + (slip[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, refusal := merchant.ParseNumber(string(slip)); refusal == nil {
			t.Fatalf("%s passes for %s", slip, valid)
		}
	})
}

func TestParsePhone(t *testing.T) {
	for text, want := range map[string]string{
		"02-123-4567": "02-123-4567", "0212345678": "02-1234-5678", "010 1234 5678": "010-1234-5678",
		"031.123.4567": "031-123-4567", "1588-1234": "1588-1234", "0507-1234-5678": "0507-1234-5678",
		"+82 10-1234-5678": "010-1234-5678", "+82 010-1234-5678": "010-1234-5678",
		"12345": "", "전화": "", "": "", "02-123-4567; DROP": "", "99-1234-5678": "",
	} {
		got, refusal := merchant.ParsePhone(text)
		if merchant.FormatPhone(got) != want || (refusal == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, refusal)
		}
	}
}

func TestBusinessParsesWhatIsThere(t *testing.T) {
	empty, err := merchant.Business{}.Parse()
	if err != nil || empty != (merchant.Business{}) {
		t.Errorf("a page not filled in yet: %+v, %v", empty, err)
	}
	_, err = merchant.Business{
		Number: "1", Name: "a\u202eb", Representative: strings.Repeat("가", 41), Phone: "x", Email: "x",
	}.Parse()
	for _, want := range []error{
		merchant.ErrNumber, merchant.ErrName, merchant.ErrRepresentative, merchant.ErrPhone, merchant.ErrEmail,
	} {
		if !errors.Is(err, want) {
			t.Errorf("%v is not told in %v", want, err)
		}
	}
	good, err := merchant.Business{
		Number: "124-81-00998", Name: " 두레 국수 🍜 ", Representative: "김두레", Phone: "02-123-4567",
		Email: "Shop@Example.com",
	}.Parse()
	if err != nil || good.Name != "두레 국수 🍜" || good.Email != "Shop@example.com" || good.Phone != "021234567" {
		t.Errorf("%+v, %v", good, err)
	}
}

func TestBank(t *testing.T) {
	for _, c := range []struct {
		bank merchant.Bank
		want error
	}{
		{merchant.Bank{}, nil},
		{merchant.Bank{Code: "004", Account: "123-456-78901234", Holder: "김두레"}, nil},
		{merchant.Bank{Code: "999", Account: "12345678", Holder: "김두레"}, merchant.ErrBank},
		{merchant.Bank{Code: "004", Account: "1234567", Holder: "김두레"}, merchant.ErrBankAccount},
		{merchant.Bank{Code: "004", Account: "12345678901234567", Holder: "김두레"}, merchant.ErrBankAccount},
		{merchant.Bank{Code: "004", Account: "12345678x", Holder: "김두레"}, merchant.ErrBankAccount},
		{merchant.Bank{Code: "004", Account: "12345678"}, merchant.ErrBankHolder},
	} {
		if _, err := c.bank.Parse(); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c.bank, err)
		}
	}
	if got := (merchant.Bank{Account: "1234567890"}).Masked(); got != "···7890" {
		t.Error(got)
	}
}

func TestANewAccountWaitsOnceTheShopIsApproved(t *testing.T) {
	now := time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)
	old, next := merchant.Bank{Code: "004", Account: "11111111"}, merchant.Bank{Code: "088", Account: "22222222"}
	draft := merchant.Merchant{State: merchant.Draft, Bank: old}
	m, err := draft.Rebank(next, now, 72*time.Hour)
	if err != nil || m.Bank != next || m.BankDue(now.Add(1000*time.Hour)) {
		t.Errorf("draft: %+v, %v", m, err)
	}
	shop := merchant.Merchant{State: merchant.Approved, Bank: old}
	m, err = shop.Rebank(next, now, 72*time.Hour)
	if err != nil || m.Bank != old || m.NextBank != next {
		t.Fatalf("approved: %+v, %v", m, err)
	}
	if m.BankDue(now.Add(72*time.Hour-1)) || !m.BankDue(now.Add(72*time.Hour)) {
		t.Error("the wait ends at another instant")
	}
	if _, err := m.Rebanked(now); !errors.Is(err, merchant.ErrNothingWaits) {
		t.Errorf("taken too early: %v", err)
	}
	if done, err := m.Rebanked(now.Add(72 * time.Hour)); err != nil || done.Bank != next || !done.NextBankAt.IsZero() {
		t.Errorf("taken: %+v, %v", done, err)
	}
	if back, err := m.Unbanked(); err != nil || back.Bank != old || back.BankDue(now.Add(1000*time.Hour)) {
		t.Errorf("cancelled: %+v, %v", back, err)
	}
	if _, err := shop.Rebank(old, now, time.Hour); !errors.Is(err, merchant.ErrBankSame) {
		t.Errorf("the same account: %v", err)
	}
	if _, err := shop.Rebank(merchant.Bank{}, now, time.Hour); !errors.Is(err, merchant.ErrBankAccount) {
		t.Errorf("no account: %v", err)
	}
}

func TestColoursAlwaysLetWordsBeRead(t *testing.T) {
	lum := func(c merchant.Colour) float64 { return merchant.Luminance(c) }
	for r := 0; r < 256; r += 15 {
		for g := 0; g < 256; g += 15 {
			for b := 0; b < 256; b += 15 {
				c := merchant.Colour(fmt.Sprintf("#%02x%02x%02x", r, g, b))
				light, dark := lum(c), lum(c.Ink())
				if light < dark {
					light, dark = dark, light
				}
				if ratio := (light + 0.05) / (dark + 0.05); ratio < 4.5 {
					t.Fatalf("%s under %s: %.2f", c.Ink(), c, ratio)
				}
			}
		}
	}
}

func TestProfile(t *testing.T) {
	p, err := merchant.Profile{
		Slug: " 두레-국수2 ", Story: "국수를 삶아요.\r\n매일.", Colour: "#1F6F54", CategoryID: "food.noodle",
		More: []market.CategoryID{"food.noodle", "", "food.korean", "food.korean"},
	}.Parse()
	if err != nil || p.Slug != "두레-국수2" || p.Story != "국수를 삶아요.\n매일." || p.Colour != "#1f6f54" ||
		len(p.More) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = merchant.Profile{
		Slug: "a b", Story: strings.Repeat("가", merchant.StoryMax+1), Colour: "red; }",
		More:     []market.CategoryID{"a", "b", "c"},
		Pictures: make([]photo.Ref, merchant.PicturesMax+1),
	}.Parse()
	for _, want := range []error{
		merchant.ErrSlug, merchant.ErrStory, merchant.ErrColour, merchant.ErrCategory, merchant.ErrPictures,
	} {
		if !errors.Is(err, want) {
			t.Errorf("%v is not told in %v", want, err)
		}
	}
	for _, bad := range []string{
		"../x", "a--b", "-a", "a-", "a/b", "두레 국수", "admin\x00", "محل", "🍜국수", "a", strings.Repeat("가", 41),
	} {
		if got, refusal := merchant.ParseSlug(bad); !same(refusal, merchant.ErrSlug) {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func TestSlugs(t *testing.T) {
	for name, want := range map[string]string{
		"두레 국수 (강남점)": "두레-국수-강남점", "Café 봄": "caf-봄", "!!!": "shop", "가": "shop-가",
		strings.Repeat("국수", 40): strings.Repeat("국수", 18),
	} {
		m := merchant.Merchant{ID: "mer_1", Business: merchant.Business{Name: name}}
		list := m.Slugs()
		if list[0] != want || list[1] != want+"-2" || list[len(list)-1] != "mer-1" {
			t.Errorf("%s: %v", name, list[:2])
		}
		if _, refusal := merchant.ParseSlug(list[50]); refusal != nil {
			t.Errorf("%s is no address", list[50])
		}
	}
	if list := (merchant.Merchant{Profile: merchant.Profile{Slug: "국수"}}).Slugs(); len(list) != 1 {
		t.Errorf("a wish is bent: %v", list)
	}
}

func TestWhatStands(t *testing.T) {
	m := merchant.Merchant{ID: "mer_1", Slug: "국수집", State: merchant.Approved, SubmittedAt: time.Unix(1, 0),
		Business: merchant.Business{Number: "1248100998", Name: "국수집", Representative: "김", Phone: "02", Email: "a@b.co"}}
	if m.Reprofile(merchant.Profile{Slug: "다른집"}).Slug != "국수집" {
		t.Error("the address of a page moved")
	}
	other := m.Business
	other.Name = "다른집"
	if _, err := m.Rebusiness(other); !errors.Is(err, merchant.ErrSettled) {
		t.Errorf("renamed: %v", err)
	}
	other = m.Business
	other.Phone = "0212345678"
	if changed, err := m.Rebusiness(other); err != nil || changed.Business.Phone != "0212345678" {
		t.Errorf("phone: %v", err)
	}
	draft := merchant.Merchant{ID: "mer_1", Slug: "mer_1", State: merchant.Draft}
	if got := draft.Reprofile(merchant.Profile{Slug: "국수집"}); got.Slug != "국수집" || got.Profile.Slug != "국수집" {
		t.Errorf("%+v", got)
	}
	if got := draft.Reprofile(merchant.Profile{Slug: "국수집"}).Reprofile(merchant.Profile{}); got.Slug != "mer_1" {
		t.Errorf("%+v", got)
	}
}

func TestMissing(t *testing.T) {
	var fields []string
	for _, fault := range (merchant.Merchant{}).Missing(nil) {
		fields = append(fields, fault.Field)
	}
	if got := strings.Join(fields, " "); got !=
		"number name representative phone email branch bank_account category story pictures" {
		t.Error(got)
	}
	if faults := (merchant.Merchant{}).Missing([]merchant.Branch{{}}); !errors.Is(faults, merchant.ErrMissing) ||
		faults[5].Field != "hours" {
		t.Error(faults)
	}
}

// TestStates draws the table and walks every pair of state and action.
func TestStates(t *testing.T) {
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/merchant.md", Title: "a shop", Intro: "Drawn from " +
		"`internal/market/merchant` by its test (`go test ./internal/market/merchant -update`).",
		Begins: []string{"draft"}, Update: *update}, merchant.Transitions())
	states := []merchant.State{
		merchant.Draft, merchant.Submitted, merchant.Returned, merchant.Approved, merchant.Suspended,
	}
	actions := []merchant.Action{
		merchant.ActSubmit, merchant.ActReturn, merchant.ActApprove, merchant.ActSuspend, merchant.ActReinstate,
	}
	allowed := 0
	for _, from := range states {
		for _, action := range actions {
			to, err := from.Next(action)
			if err == nil {
				allowed++
			} else if to != from || !errors.Is(err, merchant.ErrState) {
				t.Errorf("%s %s: %s, %v", from, action, to, err)
			}
		}
	}
	if allowed != len(merchant.Transitions()) {
		t.Errorf("%d steps allowed, %d in the table", allowed, len(merchant.Transitions()))
	}
}
