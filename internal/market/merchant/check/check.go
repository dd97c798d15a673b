package check

import (
	"context"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// Register answers whether businesses run.
type Register interface {
	// Check asks about one business; an error means that nothing was learned, and is asked again.
	Check(ctx context.Context, number string) (Result, error)
	// Source names the register, for the record.
	Source() string
}

// Result is what a register says of a business.
type Result string

// The results.
const (
	Normal    Result = "normal"
	Suspended Result = "suspended" // 휴업
	Closed    Result = "closed"    // 폐업
	Unknown   Result = "unknown"   // the register knows no such number
	Down      Result = "down"      // it gave no answer
)

// Results lists them.
func Results() []Result { return []Result{Normal, Suspended, Closed, Unknown, Down} }

// NameKey is the catalogue key that tells the result in words.
func (r Result) NameKey() string { return "merchant.check." + string(r) }

// State is where a merchant stands by its register.
type State string

// The states.
const (
	Waiting  State = "waiting"
	Verified State = "verified"
	Refused  State = "refused"
)

// NameKey is the catalogue key of the state's name.
func (s State) NameKey() string { return "merchant.verify." + string(s) }

// Standing is where a merchant stands.
type Standing struct {
	MerchantID market.MerchantID
	Number     string // that was asked about
	State      State
	Result     Result // the last one, "" before the first
	Source     string
	CheckedAt  time.Time // zero before the first answer
	AskAt      time.Time
	Asks       int64 // calls without an answer since the last one
	Version    int64
}

// Is reports a merchant whose present number is verified.
func (s Standing) Is(number string) bool {
	return s.State == Verified && s.Number == number && number != ""
}

// Moved reports a standing that is another than it was.
func (s Standing) Moved(was Standing) bool { return s.State != was.State }

// Refusals.
var (
	ErrDown = fail.New(fail.Unavailable, "merchant.check_down")
	// ErrAbsent is asked of no register at all.
	ErrAbsent = fail.New(fail.Unavailable, "merchant.check_absent")
	// ErrSoon asks again too soon; Args: Minutes.
	ErrSoon = fail.New(fail.TooMany, "merchant.check_soon")
	// ErrNotFound is a merchant that was never asked about.
	ErrNotFound = fail.New(fail.NotFound, "merchant.check_none")
)

// Absent stands where no register is configured: merchants are verified by the operator's approval.
type Absent struct{}

var _ Register = Absent{}

// Check answers ErrAbsent.
func (Absent) Check(context.Context, string) (Result, error) { return Down, ErrAbsent }

// Source answers "".
func (Absent) Source() string { return "" }

// How long until a number is asked about again.
const (
	againVerified = 30 * 24 * time.Hour
	againFirst    = time.Minute
	againMax      = 6 * time.Hour
	// RetryAfter is how soon a merchant may ask for another look.
	RetryAfter = 10 * time.Minute
)

// After gives where a merchant stands after an answer.
func (s Standing) After(r Result, source string, now time.Time) Standing {
	if r == Down || !slices.Contains(Results(), r) {
		return s // it stays as it was put off
	}
	s.Result, s.Source, s.CheckedAt, s.Asks, s.State, s.AskAt = r, source, now, 0, Refused, time.Time{}
	if r == Normal {
		s.State, s.AskAt = Verified, now.Add(againVerified)
	}
	return s
}

// Put gives the standing while it is being asked about: where it would be if no answer came.
func (s Standing) Put(now time.Time) Standing {
	wait := againFirst
	for range s.Asks {
		wait = min(2*wait, againMax)
	}
	s.AskAt, s.Asks = now.Add(wait), s.Asks+1
	return s
}

// MayRetry answers whether the merchant may ask for another look now.
func (s Standing) MayRetry(now time.Time) error {
	if s.State != Refused || now.Before(s.CheckedAt.Add(RetryAfter)) {
		return ErrSoon.With("Minutes", int64(RetryAfter/time.Minute))
	}
	return nil
}
