package right_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
)

var update = flag.Bool("update", false, "write docs/rights.md anew")

const (
	shop   = market.MerchantID("mer_ours")
	other  = market.MerchantID("mer_theirs")
	mine   = market.BranchID("brn_mine")
	yours  = market.BranchID("brn_yours")
	me     = market.AccountID("acc_me")
	nobody = market.AccountID("acc_other")
)

func member(id market.MerchantID, role market.Role, branch market.BranchID) market.Actor {
	return market.Actor{AccountID: me, Memberships: []market.Membership{{MerchantID: id, Role: role, BranchID: branch}}}
}

func staff(role market.Role) market.Actor { return market.Actor{AccountID: me, Staff: role} }

// columns are the actors of the matrix; the thing belongs to the shop and to somebody else, except where it says so.
func columns() []struct {
	name  string
	actor market.Actor
	on    right.Resource
} {
	theirs := right.Resource{MerchantID: shop, AccountID: nobody}
	own := right.Resource{MerchantID: shop, AccountID: me}
	at := func(b market.BranchID, holder market.AccountID) right.Resource {
		return right.Resource{MerchantID: shop, BranchID: b, AccountID: holder}
	}
	return []struct {
		name  string
		actor market.Actor
		on    right.Resource
	}{
		{"guest", market.Actor{}, theirs},
		{"stranger", market.Actor{AccountID: me}, theirs},
		{"holder", market.Actor{AccountID: me}, own},
		{"owner", member(shop, market.RoleOwner, ""), theirs},
		{"manager", member(shop, market.RoleManager, ""), theirs},
		{"scan", member(shop, market.RoleScan, ""), theirs},
		{"scan, own act", member(shop, market.RoleScan, ""), own},
		{"branch manager, shop", member(shop, market.RoleManager, mine), theirs},
		{"branch manager, here", member(shop, market.RoleManager, mine), at(mine, nobody)},
		{"branch manager, there", member(shop, market.RoleManager, mine), at(yours, nobody)},
		{"branch scan, here", member(shop, market.RoleScan, mine), at(mine, nobody)},
		{"branch scan, there", member(shop, market.RoleScan, mine), at(yours, nobody)},
		{"foreign owner", member(other, market.RoleOwner, ""), theirs},
		{"admin", staff(market.RoleAdmin), theirs},
		{"finance", staff(market.RoleFinance), theirs},
		{"support", staff(market.RoleSupport), theirs},
	}
}

var signs = map[right.Verdict]string{
	right.Allowed: "yes", right.Forbidden: "no", right.Hidden: "-", right.SignIn: "sign in",
}

func matrix() string {
	var b strings.Builder
	b.WriteString("# Who may do what\n\n" +
		"Drawn from `internal/market/right` by its test (`go test ./internal/market/right -update`).\n" +
		"*yes*: may. *no*: is told \"not you\" (403). *-*: is told what a guessed id is told (404). *sign in*: 401.\n" +
		"The thing belongs to one shop and to somebody else, except for *holder* and *own act*.\n\n| action |")
	for _, c := range columns() {
		b.WriteString(" " + c.name + " |")
	}
	b.WriteString("\n|---" + strings.Repeat("|---", len(columns())) + "|\n")
	for _, action := range right.Actions() {
		fmt.Fprintf(&b, "| `%s` |", action)
		for _, c := range columns() {
			b.WriteString(" " + signs[right.Judge(c.actor, action, c.on)] + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestMatrix holds every action × role × own and foreign thing to the page that people review.
func TestMatrix(t *testing.T) {
	const page = "../../../docs/rights.md"
	if *update {
		if err := os.WriteFile(page, []byte(matrix()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(matrix(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(got) || got[i] != line {
			t.Fatalf("docs/rights.md line %d differs from the table; look, then -update\npage:  %s\ntable: %v", i+1, line,
				got[min(i, len(got)-1)])
		}
	}
}

func TestForeignThingsAreHiddenFromEveryShop(t *testing.T) {
	open := []right.Action{
		right.MerchantRegister, right.MerchantFollow, right.DealBookmark, right.OrderPlace,
		right.WishPost, right.WishJoin, right.BidJudge,
	}
	for _, action := range right.Actions() {
		for _, role := range []market.Role{market.RoleOwner, market.RoleManager, market.RoleScan} {
			actor := member(other, role, "")
			on := right.Resource{MerchantID: shop, BranchID: mine, AccountID: nobody}
			want := right.Hidden
			if slices.Contains(open, action) {
				want = right.Allowed
			}
			if got := right.Judge(actor, action, on); got != want {
				t.Errorf("%s of another shop, %s: %s, want %s", role, action, got, want)
			}
		}
	}
}

func TestScannersNeverSeeMoney(t *testing.T) {
	money := []right.Action{
		right.MerchantBank, right.MerchantBankView, right.MerchantMoney, right.DealSales, right.RedemptionMoney,
		right.StatementView,
		right.StatementAnswer, right.OrderView, right.ConsoleMoney,
	}
	for _, action := range money {
		for _, branch := range []market.BranchID{"", mine} {
			on := right.Resource{MerchantID: shop, BranchID: branch, AccountID: nobody}
			if right.Can(member(shop, market.RoleScan, branch), action, on) {
				t.Errorf("scan may %s", action)
			}
		}
	}
}

func TestNothingNamelessBelongsToAnybody(t *testing.T) {
	for _, action := range right.Actions() {
		// A member whose merchant id is empty, and a guest, must not match a resource that names nobody.
		empty := market.Actor{Memberships: []market.Membership{{Role: market.RoleOwner}}}
		if right.Can(empty, action, right.Resource{}) {
			t.Errorf("a guest may %s on nothing", action)
		}
		signed := market.Actor{AccountID: me, Memberships: []market.Membership{{Role: market.RoleOwner}}}
		stranger := market.Actor{AccountID: me}
		if right.Judge(signed, action, right.Resource{}) != right.Judge(stranger, action, right.Resource{}) {
			t.Errorf("a membership of no merchant changes %s", action)
		}
	}
}

func TestCheckSpeaksInKinds(t *testing.T) {
	stranger := market.Actor{AccountID: me}
	cases := []struct {
		name   string
		actor  market.Actor
		action right.Action
		on     right.Resource
		want   fail.Kind
		err    error
	}{
		{"guest", market.Actor{}, right.DealEdit, right.Of(shop), fail.Unauthenticated, right.ErrSignIn},
		{"stranger", stranger, right.DealEdit, right.Of(shop), fail.NotFound, right.ErrHidden},
		{"scan", member(shop, market.RoleScan, ""), right.DealEdit, right.Of(shop), fail.Forbidden, right.ErrForbidden},
		{"unknown action", staff(market.RoleAdmin), "deal.devour", right.Of(shop), fail.NotFound, right.ErrHidden},
	}
	for _, c := range cases {
		err := right.Check(c.actor, c.action, c.on)
		if fail.KindOf(err) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if err := right.Check(market.System(), right.StatementRun, right.Resource{}); err != nil {
		t.Errorf("jobs may not: %v", err)
	}
	if err := right.Check(member(shop, market.RoleOwner, ""), right.DealEdit, right.Of(shop)); err != nil {
		t.Errorf("owner may not: %v", err)
	}
}
