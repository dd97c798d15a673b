package fault

import (
	"strconv"
	"strings"
	"sync"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrCrashPoint says that a crash was asked for at a point that does not exist.
var ErrCrashPoint = fail.New(fail.Invalid, "sandbox.crash_point")

// ExitCode is what the process ends with at a crash point: the code of a killed one.
const ExitCode = 137

// Point names a place at which the process can be made to end hard.
type Point string

// The crash points. Before: nothing of the step is on disk. After: all of it is, and nobody has been told.
const (
	CheckoutBefore   Point = "checkout.before_row"
	CheckoutAfter    Point = "checkout.after_commit"
	AuthorizeBefore  Point = "authorize.before_row"
	AuthorizeAfter   Point = "authorize.after_commit"
	ConfirmBefore    Point = "confirm.before_charge"
	ConfirmAfter     Point = "confirm.after_charge"
	CancelBefore     Point = "cancel.before_row"
	CancelAfter      Point = "cancel.after_commit"
	TransferBefore   Point = "transfer.before_accept"
	TransferAfter    Point = "transfer.after_accept"
	ExecuteBefore    Point = "execute.before_debit"
	ExecuteAfter     Point = "execute.after_debit"
	ReturnBefore     Point = "return.before_credit"
	ReturnAfter      Point = "return.after_credit"
	SettlementBefore Point = "settlement.before_rows"
	SettlementAfter  Point = "settlement.after_rows"
	PayoutBefore     Point = "payout.before_credit"
	PayoutAfter      Point = "payout.after_credit"
	WebhookBefore    Point = "webhook.before_send"
	WebhookAfter     Point = "webhook.after_send"
)

// CrashPoint describes one place of the table: its number, name and what a crash there leaves behind.
type CrashPoint struct {
	Number  int
	Point   Point
	Leaves  string
	Happens bool // whether the step has happened for the world outside
}

// CrashPoints is the table of all places, in the order of a payment's life.
func CrashPoints() []CrashPoint {
	table := []CrashPoint{
		{Point: CheckoutBefore, Leaves: "no checkout; preparing again makes one"},
		{Point: CheckoutAfter, Leaves: "a checkout nobody knows the key of; it expires", Happens: true},
		{Point: AuthorizeBefore, Leaves: "a READY payment; the payer tries again"},
		{Point: AuthorizeAfter, Leaves: "an IN_PROGRESS payment whose key was never told; it expires", Happens: true},
		{Point: ConfirmBefore, Leaves: "an IN_PROGRESS payment, not charged"},
		{Point: ConfirmAfter, Leaves: "a DONE payment, its webhook in the outbox, the confirm unanswered", Happens: true},
		{Point: CancelBefore, Leaves: "a payment without the cancel"},
		{Point: CancelAfter, Leaves: "a cancelled payment, the cancel unanswered", Happens: true},
		{Point: TransferBefore, Leaves: "no transfer"},
		{Point: TransferAfter, Leaves: "an ACCEPTED transfer, the instruction unanswered", Happens: true},
		{Point: ExecuteBefore, Leaves: "an ACCEPTED transfer, executed after the restart"},
		{Point: ExecuteAfter, Leaves: "a COMPLETED transfer, its webhook in the outbox", Happens: true},
		{Point: ReturnBefore, Leaves: "a COMPLETED transfer, returned after the restart"},
		{Point: ReturnAfter, Leaves: "a RETURNED transfer, its webhook in the outbox", Happens: true},
		{Point: SettlementBefore, Leaves: "an open day, closed after the restart"},
		{Point: SettlementAfter, Leaves: "a closed day with all its rows", Happens: true},
		{Point: PayoutBefore, Leaves: "a day not paid out, paid out after the restart"},
		{Point: PayoutAfter, Leaves: "a day paid out once", Happens: true},
		{Point: WebhookBefore, Leaves: "a notice in the outbox, sent after the restart"},
		{Point: WebhookAfter, Leaves: "a notice that was received and will be sent again", Happens: true},
	}
	for i := range table {
		table[i].Number = i + 1
	}
	return table
}

// Crasher ends the process at one chosen point. A nil one never does.
type Crasher struct {
	at   Point
	exit func(code int)

	mu   sync.Mutex
	left int // visits before it happens
}

// NewCrasher reads "NAME" or "NUMBER", optionally with "@N" for the Nth visit; "" gives one that never ends
// anything. exit does not return.
func NewCrasher(spec string, exit func(code int)) (*Crasher, error) {
	if spec == "" {
		return &Crasher{}, nil
	}
	if exit == nil {
		return nil, ErrCrashPoint.With("Spec", spec, "Exit", "missing")
	}
	name, visit, found := strings.Cut(spec, "@")
	nth := 1
	if found {
		n, err := strconv.Atoi(visit)
		if err != nil || n < 1 {
			return nil, ErrCrashPoint.With("Spec", spec)
		}
		nth = n
	}
	for _, p := range CrashPoints() {
		if string(p.Point) == name || strconv.Itoa(p.Number) == name {
			return &Crasher{at: p.Point, exit: exit, left: nth}, nil
		}
	}
	return nil, ErrCrashPoint.With("Spec", spec)
}

// Reach ends the process when this is the chosen point and visit.
func (c *Crasher) Reach(p Point) {
	if c == nil || c.at != p {
		return
	}
	c.mu.Lock()
	c.left--
	now := c.left == 0
	c.mu.Unlock()
	if now {
		c.exit(ExitCode)
	}
}
