package market

// Role is what a person may do, at the operator's or in a merchant's shop.
type Role string

// Roles at the operator's.
const (
	RoleAdmin   Role = "admin"
	RoleFinance Role = "finance"
	RoleSupport Role = "support"
)

// Roles in a merchant's shop.
const (
	RoleOwner   Role = "owner"
	RoleManager Role = "manager"
	RoleScan    Role = "scan"
)

// Membership is a role in one merchant; BranchID "" means all branches.
type Membership struct {
	MerchantID MerchantID
	BranchID   BranchID
	Role       Role
}

// Actor is who asks. The zero Actor is somebody not signed in.
type Actor struct {
	AccountID   AccountID
	Name        string
	Confirmed   bool // the e-mail address was confirmed
	Staff       Role // "" for people who are not the operator's
	System      bool // a job or the start of the program, never a request
	Memberships []Membership
	Locale      string // "ko" or "en"
	Address     string // network address for limits and the audit log
}

// System is the actor of jobs.
func System() Actor { return Actor{System: true, Locale: "ko"} }

// SignedIn reports an account behind the actor.
func (a Actor) SignedIn() bool { return a.AccountID != "" }

// Key names the actor in idempotency keys and logs.
func (a Actor) Key() string {
	switch {
	case a.System:
		return "system"
	case a.AccountID != "":
		return string(a.AccountID)
	}
	return "guest"
}

// Membership gives the actor's role in a merchant.
func (a Actor) Membership(id MerchantID) (Membership, bool) {
	for _, m := range a.Memberships {
		if m.MerchantID == id {
			return m, true
		}
	}
	return Membership{}, false
}
