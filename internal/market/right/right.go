package right

import (
	"maps"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// Refusals, the same for every resource.
var (
	ErrSignIn    = fail.New(fail.Unauthenticated, "right.sign_in")
	ErrForbidden = fail.New(fail.Forbidden, "right.forbidden")
	ErrHidden    = fail.New(fail.NotFound, "right.hidden")
)

// Action is something one can want to do, "resource.verb".
type Action string

// Kind is the sort of resource the action is done on, "deal" of "deal.edit".
func (a Action) Kind() string {
	kind, _, _ := strings.Cut(string(a), ".")
	return kind
}

// Resource tells whom a thing belongs to; what does not apply stays empty.
type Resource struct {
	// MerchantID is the merchant whose thing it is: a deal's, a voucher's, a statement's.
	MerchantID market.MerchantID
	// BranchID is the branch at which the action happens; "" is the merchant as a whole.
	BranchID market.BranchID
	// AccountID is the person whose thing it is: an order's buyer, a voucher's holder, the one who scanned.
	AccountID market.AccountID
}

// Of is the resource that belongs to a merchant as a whole.
func Of(id market.MerchantID) Resource { return Resource{MerchantID: id} }

// At is the resource that belongs to one branch of a merchant.
func At(id market.MerchantID, branch market.BranchID) Resource {
	return Resource{MerchantID: id, BranchID: branch}
}

// Mine is the resource that belongs to a person.
func Mine(id market.AccountID) Resource { return Resource{AccountID: id} }

// Verdict is the answer of Judge.
type Verdict uint8

// The verdicts; the zero value refuses.
const (
	Hidden Verdict = iota
	Forbidden
	SignIn
	Allowed
)

// String names the verdict for tests and logs.
func (v Verdict) String() string { return [...]string{"hidden", "forbidden", "sign in", "allowed"}[v] }

// Check refuses with ErrSignIn, ErrForbidden or ErrHidden, and gives nil when the actor may do the action.
func Check(actor market.Actor, action Action, on Resource) error {
	switch Judge(actor, action, on) {
	case Allowed:
		return nil
	case SignIn:
		return ErrSignIn
	case Forbidden:
		return ErrForbidden.With("Action", string(action))
	}
	return ErrHidden
}

// Can tells pages whether to offer an action.
func Can(actor market.Actor, action Action, on Resource) bool {
	return Judge(actor, action, on) == Allowed
}

// Judge gives the verdict. Jobs (System) may do everything; an action that the table does not know, nobody else.
func Judge(actor market.Actor, action Action, on Resource) Verdict {
	if actor.System {
		return Allowed
	}
	r, known := rules[action]
	switch {
	case !known:
		return Hidden
	case r.allows(actor, on):
		return Allowed
	case !actor.SignedIn():
		return SignIn
	case insider(actor, action.Kind(), on):
		return Forbidden
	}
	return Hidden
}

// insider tells that the actor may know of the thing, so that "you may not" gives nothing away: whoever may look at it,
// the people of its merchant, and the operator's staff. Everybody else hears what a guessed id would answer.
func insider(actor market.Actor, kind string, on Resource) bool {
	look, ok := rules[Action(kind+".view")]
	return ok && look.allows(actor, on) ||
		rules[MerchantView].allows(actor, Of(on.MerchantID)) ||
		rules[ConsoleView].allows(actor, on)
}

// Actions lists every action of the table, sorted, for the page and the test that show it.
func Actions() []Action {
	return slices.Sorted(maps.Keys(rules))
}

// rule says who may. The parts are alternatives: any one that fits is enough.
type rule struct {
	anyone   bool          // also people who are not signed in
	signedIn bool          // every account
	holder   bool          // the account the resource belongs to
	shop     []market.Role // these roles in the resource's merchant
	// passes lets people bound to one branch act although no branch is named; without it they act at theirs only.
	passes bool
	// ownOnly narrows shop to the person who did the thing before (a scan, to undo it).
	ownOnly bool
	staff   []market.Role // these roles at the operator's
}

func (r rule) allows(actor market.Actor, on Resource) bool {
	if r.anyone {
		return true
	}
	if !actor.SignedIn() {
		return false
	}
	return r.signedIn || slices.Contains(r.staff, actor.Staff) ||
		r.holder && on.AccountID == actor.AccountID ||
		r.allowsShop(actor, on)
}

func (r rule) allowsShop(actor market.Actor, on Resource) bool {
	if on.MerchantID == "" || r.ownOnly && on.AccountID != actor.AccountID {
		return false
	}
	for _, m := range actor.Memberships {
		if m.MerchantID != on.MerchantID || !slices.Contains(r.shop, m.Role) {
			continue
		}
		if m.BranchID == "" || m.BranchID == on.BranchID || r.passes && on.BranchID == "" {
			return true
		}
	}
	return false
}
