package settlement

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/market"
)

// Statement is what a merchant earned up to a day. All sums are in won over its lines; Net = Price − Commission −
// CommissionVAT.
type Statement struct {
	ID            market.StatementID
	MerchantID    market.MerchantID
	Number        int64  // from 1, without gaps, for each merchant
	Day           string // the last day it covers; "" of a draft
	State         State
	Lines         int64
	Price         int64
	Commission    int64
	CommissionVAT int64
	Net           int64
	Apart         int64 // the part of Net that is paid on its own
	FirstSeq      int64
	LastSeq       int64
	PayableDay    string // the first day on which it may be paid out
	TableEnded    bool   // its days were reckoned past the end of the table of holidays
	OpenedAt      time.Time
	FromAt        time.Time // of its oldest line
	IssuedAt      time.Time
	ObjectUntil   time.Time // silence confirms at this instant
	ConfirmedAt   time.Time
	ConfirmedBy   string // "" by silence
	PayoutID      market.PayoutID
	Version       int64
}

// Body is what the statement itself pays, in won.
func (s Statement) Body() int64 { return s.Net - s.Apart }

// Empty reports a draft without lines.
func (s Statement) Empty() bool { return s.Lines == 0 }

// Drafted reports a statement that is not issued: its uses are still pending.
func (s Statement) Drafted() bool { return s.State == Draft }

// Holds reports the draft that a use stands on.
func (s Statement) Holds(id market.StatementID) bool { return s.State == Draft && s.ID == id }

// Open reports a statement that can be objected to at an instant.
func (s Statement) Open(now time.Time) bool { return s.State == Issued && now.Before(s.ObjectUntil) }

// MayObject refuses an objection that comes too early or too late.
func (s Statement) MayObject(now time.Time) error {
	switch {
	case s.State == Draft:
		return ErrState.With("State", string(s.State))
	case !s.Open(now):
		return ErrLate.With("Until", s.ObjectUntil)
	}
	return nil
}

// MayConfirm refuses a confirmation by hand of what is not open.
func (s Statement) MayConfirm() error {
	if !allowed("statement", string(s.State), "confirm") {
		return ErrState.With("State", string(s.State))
	}
	return nil
}

// NettedBy is what a debt of the merchant takes from the body, in won: never more than it has.
func (s Statement) NettedBy(owed int64) int64 { return max(0, min(owed, s.Body())) }

// Kind is what a line is for.
type Kind string

// The kinds of lines. A use, a share and a compensation bring money; a correction takes it back. What a correction
// cannot take becomes a debt: carried gives it back to the sum, and a later netted takes it.
const (
	Use          Kind = "use"
	Share        Kind = "share"
	Correction   Kind = "correction"
	Carried      Kind = "carried"
	Netted       Kind = "netted"
	Compensation Kind = "compensation"
)

// Line is one row of a statement; it never changes.
type Line struct {
	ID            string
	StatementID   market.StatementID
	MerchantID    market.MerchantID
	Seq           int64
	Kind          Kind
	SourceID      string // what it stands for, once for each kind
	RedemptionID  market.RedemptionID
	VoucherID     market.VoucherID
	OrderID       market.OrderID
	DealID        market.DealID
	BranchID      market.BranchID
	Units         int64
	Price         int64
	Commission    int64
	CommissionVAT int64
	Net           int64
	At            time.Time
	Note          string
}

// Sort is what the line is called: its kind, and apart from a voucher's share that of a member of a wish.
func (l Line) Sort() string {
	if l.Kind == Share && l.VoucherID == "" {
		return "wish"
	}
	return string(l.Kind)
}

// NettedLine is the row that shows a debt taken from a statement.
func NettedLine(s Statement, won int64, at time.Time) Line {
	return Line{Kind: Netted, SourceID: string(s.ID), Price: -won, Net: -won, At: at}
}

// TakeBack is what a refund of a used voucher took: Price from all parties, Net from the merchant, of which Early came
// from payable money and Owed became a debt.
type TakeBack struct {
	RefundID      market.RefundID
	Use           Line // ids of the use
	Price         int64
	Commission    int64
	CommissionVAT int64
	Early         int64
	Owed          int64
	At            time.Time
	Note          string
}

// Lines are the rows that show a take-back.
func (t TakeBack) Lines() []Line {
	back := t.Use
	back.Kind, back.SourceID, back.Units, back.At, back.Note = Correction, string(t.RefundID), 0, t.At, t.Note
	back.Price, back.Commission, back.CommissionVAT = -t.Price, -t.Commission, -t.CommissionVAT
	back.Net = back.Price - back.Commission - back.CommissionVAT
	if t.Owed == 0 {
		return []Line{back}
	}
	carried := t.Use
	carried.Kind, carried.SourceID, carried.Units, carried.At, carried.Note = Carried, string(t.RefundID), 0, t.At, ""
	carried.Price, carried.Commission, carried.CommissionVAT, carried.Net = t.Owed, 0, 0, t.Owed
	return []Line{back, carried}
}

// Apart is a line that goes its own way: under objection, or taken early.
type Apart struct {
	LineID      string
	StatementID market.StatementID
	MerchantID  market.MerchantID
	Amount      int64 // won that it pays, below zero when it was taken early
	State       ApartState
	Reason      string // of the objection
	ObjectedBy  market.AccountID
	ObjectedAt  time.Time
	Outcome     Outcome
	Answer      string
	AnsweredBy  market.AccountID
	AnsweredAt  time.Time
	PayoutID    market.PayoutID
	Version     int64
}

// ApartState says whether a line apart may be paid.
type ApartState string

// The states of a line apart.
const (
	Frozen ApartState = "frozen"
	Ready  ApartState = "ready"
)

// Outcome is how an objection ended.
type Outcome string

// The outcomes: the statement's line stands, or the merchant was right.
const (
	Upheld  Outcome = "upheld"
	Granted Outcome = "granted"
)

// Objection reports an objection that waits for its answer.
func (a Apart) Objection() bool { return !a.ObjectedAt.IsZero() && a.AnsweredAt.IsZero() }

// MayObject tells how a line is objected to. Only money that comes is frozen; what was taken stays taken until the
// answer, because its buyer has it already.
func (l Line) MayObject() error {
	if l.Kind == Carried || l.Kind == Netted {
		return ErrLineKind
	}
	return nil
}

// Objected is the line apart that an objection makes.
func (l Line) Objected(by market.AccountID, reason string, now time.Time) Apart {
	a := Apart{LineID: l.ID, StatementID: l.StatementID, MerchantID: l.MerchantID, State: Ready, Reason: reason,
		ObjectedBy: by, ObjectedAt: now}
	if l.Net > 0 {
		a.State, a.Amount = Frozen, l.Net
	}
	return a
}

const (
	reasonMin = 2
	reasonMax = 500
)

// CheckReason refuses a reason that says nothing, and gives it without surrounding blanks.
func CheckReason(text string) (string, error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < reasonMin || n > reasonMax {
		return "", ErrReason.With("Min", reasonMin, "Max", reasonMax).On("reason")
	}
	return text, nil
}

// total adds lines up; At is the oldest.
func total(lines []Line) (sum Line) {
	for i, l := range lines {
		if i == 0 || l.At.Before(sum.At) {
			sum.At = l.At
		}
		assert.That(l.Net == l.Price-l.Commission-l.CommissionVAT, "28 a line adds up", "source", l.SourceID)
		sum.Price += l.Price
		sum.Commission += l.Commission
		sum.CommissionVAT += l.CommissionVAT
		sum.Net += l.Net
	}
	return sum
}
