package directory

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/machine"
	"github.com/dure-commerce/dure/internal/market"
)

// ClaimID names a claim.
type ClaimID string

// PrefixClaim begins every ClaimID.
const PrefixClaim = "clm"

// Claim is somebody's word that an entry of the register is their shop.
type Claim struct {
	ID         ClaimID
	EntryID    EntryID
	MerchantID market.MerchantID
	AccountID  market.AccountID // who said it; "" when it is older than claims
	State      ClaimState
	Reason     string  // why it was refused or released
	LostTo     ClaimID // the claim that was granted instead
	CreatedAt  time.Time
	AskedAt    time.Time // when it came before the operator, zero while it is begun for the first time
	DecidedAt  time.Time // zero while it is live
	Version    int64
}

// Limits of claims.
const (
	ClaimsMax = 20 // live ones of one shop, granted ones not counted
	RivalsMax = 50 // live ones of one entry that are shown
	ReasonMax = 500
	reasonMin = 5
)

// Refusals of claims.
var (
	// ErrNoClaim answers an id that is no claim's, or another shop's.
	ErrNoClaim = fail.New(fail.NotFound, "directory.claim_not_found")
	// ErrClaimState refuses a step that a claim's state does not allow. Args: State, Action.
	ErrClaimState = fail.New(fail.Conflict, "directory.claim_state")
	// ErrManyClaims refuses one more claim of a shop. Args: Max.
	ErrManyClaims = fail.New(fail.Conflict, "directory.many_claims")
	// ErrReason refuses a reason that is too short or too long. Args: Max in letters.
	ErrReason = fail.New(fail.Invalid, "directory.reason")
)

// ClaimState is where a claim stands.
type ClaimState string

// The states. Only a granted claim holds its entry; all others leave it to whoever else asks.
const (
	ClaimBegun     ClaimState = "begun" // its registration is not handed in, or was given back
	ClaimAsked     ClaimState = "asked" // before the operator
	ClaimGranted   ClaimState = "granted"
	ClaimRefused   ClaimState = "refused"
	ClaimWithdrawn ClaimState = "withdrawn"
	ClaimReleased  ClaimState = "released" // granted by mistake
)

// Live reports a claim that may still be granted.
func (s ClaimState) Live() bool { return s == ClaimBegun || s == ClaimAsked }

// ClaimAction is what moves a claim.
type ClaimAction string

// The actions.
const (
	ActAsk      ClaimAction = "ask"
	ActReturn   ClaimAction = "return"
	ActGrant    ClaimAction = "grant"
	ActRefuse   ClaimAction = "refuse"
	ActWithdraw ClaimAction = "withdraw"
	ActRelease  ClaimAction = "release"
)

// ClaimTransition is one allowed step.
type ClaimTransition = machine.Step[ClaimState, ClaimAction, string]

// ClaimTransitions is the whole life of a claim: the code follows this table, and docs/states is drawn from it.
func ClaimTransitions() machine.Table[ClaimState, ClaimAction, string] {
	allow := machine.Allow[ClaimState, ClaimAction, string]
	return machine.Table[ClaimState, ClaimAction, string]{
		allow(ClaimBegun, ActAsk, ClaimAsked, "owner"),
		allow(ClaimAsked, ActReturn, ClaimBegun, "operator"),
		allow(ClaimAsked, ActGrant, ClaimGranted, "operator"),
		allow(ClaimBegun, ActRefuse, ClaimRefused, "operator"),
		allow(ClaimAsked, ActRefuse, ClaimRefused, "operator"),
		allow(ClaimBegun, ActWithdraw, ClaimWithdrawn, "owner"),
		allow(ClaimAsked, ActWithdraw, ClaimWithdrawn, "owner"),
		allow(ClaimGranted, ActRelease, ClaimReleased, "operator"),
	}
}

// Next gives the state an action leads to, or ErrClaimState.
func (s ClaimState) Next(action ClaimAction) (ClaimState, error) {
	to, ok := ClaimTransitions().NextBy(s, action)
	if !ok {
		return s, ErrClaimState.With("State", string(s), "Action", string(action))
	}
	return to, nil
}

// FirstState is where a claim begins: with a registration that its owner still writes it waits until that is handed in,
// else it is before the operator at once.
func FirstState(writing bool) ClaimState {
	if writing {
		return ClaimBegun
	}
	return ClaimAsked
}

// ParseReason cleans what an operator writes about a claim; it refuses with ErrReason.
func ParseReason(text string) (string, *fail.Error) {
	reason, refusal := form.Lines(text, reasonMin, ReasonMax)
	if refusal != nil {
		return "", ErrReason.On("reason").With("Max", ReasonMax)
	}
	return reason, nil
}
