package feedback

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// State is where a question stands.
type State string

// The states. A declined question is never put again; a void one belongs to a use that was undone.
const (
	Open     State = "open"
	Answered State = "answered"
	Declined State = "declined"
	Void     State = "void"
)

// YesNo is an answer that may be left open.
type YesNo string

// The answers.
const (
	Unsaid YesNo = ""
	Yes    YesNo = "yes"
	No     YesNo = "no"
)

// Ask is a question to a guest about one use.
type Ask struct {
	ID            string
	RedemptionID  market.RedemptionID
	VoucherID     market.VoucherID
	AccountID     market.AccountID
	MerchantID    market.MerchantID
	BranchID      market.BranchID
	DealID        market.DealID
	AskedAt       time.Time
	State         State
	Satisfaction  int64 // 1 to 5, 0 before the answer
	WouldReturn   YesNo
	SameTreatment YesNo
	Comment       string
	AnsweredAt    time.Time
	Version       int64
}

// Answer is what a guest says.
type Answer struct {
	Satisfaction  int64 // 1 to 5
	WouldReturn   YesNo
	SameTreatment YesNo
	Comment       string
}

// ShopAsk is a question to a merchant about a campaign or a month.
type ShopAsk struct {
	ID           string
	MerchantID   market.MerchantID
	Subject      string // "deal:…" or "month:2026-03"
	AskedAt      time.Time
	State        State
	Satisfaction int64
	WouldRepeat  YesNo
	Comment      string
	AnsweredBy   market.AccountID
	AnsweredAt   time.Time
	Version      int64
}

// ShopAnswer is what a merchant says.
type ShopAnswer struct {
	Satisfaction int64 // 1 to 5
	WouldRepeat  YesNo
	Comment      string
}

// Refusals.
var (
	ErrNotFound     = fail.New(fail.NotFound, "feedback.not_found")
	ErrClosed       = fail.New(fail.Conflict, "feedback.closed")
	ErrNotYet       = fail.New(fail.Conflict, "feedback.not_yet")
	ErrSatisfaction = fail.New(fail.Invalid, "feedback.satisfaction")
	ErrChoice       = fail.New(fail.Invalid, "feedback.choice")
	ErrComment      = fail.New(fail.Invalid, "feedback.comment")
)

// Bounds of an answer.
const (
	best       = 5
	CommentMax = 1000 // characters
	AskDays    = 30   // a guest is not asked about what is longer ago
)

// Check refuses an answer that cannot be counted, each fault beside its field.
func (a Answer) Check() error {
	var faults fail.List
	faults = append(faults, checkSatisfaction(a.Satisfaction)...)
	faults = append(faults, checkChoice(a.WouldReturn, "would_return")...)
	faults = append(faults, checkChoice(a.SameTreatment, "same_treatment")...)
	return append(faults, checkComment(a.Comment)...).Err()
}

// Check refuses an answer that cannot be counted, each fault beside its field.
func (a ShopAnswer) Check() error {
	var faults fail.List
	faults = append(faults, checkSatisfaction(a.Satisfaction)...)
	faults = append(faults, checkChoice(a.WouldRepeat, "would_repeat")...)
	return append(faults, checkComment(a.Comment)...).Err()
}

func checkSatisfaction(n int64) fail.List {
	if n < 1 || n > best {
		return fail.List{ErrSatisfaction.On("satisfaction")}
	}
	return nil
}

func checkChoice(c YesNo, field string) fail.List {
	if c != Unsaid && c != Yes && c != No {
		return fail.List{ErrChoice.On(field)}
	}
	return nil
}

func checkComment(text string) fail.List {
	if len([]rune(text)) > CommentMax {
		return fail.List{ErrComment.With("Max", int64(CommentMax)).On("comment")}
	}
	return nil
}

// MayAnswer answers whether the guest can still say something.
func (a Ask) MayAnswer() error {
	if a.State != Open {
		return ErrClosed
	}
	return nil
}

// MayAnswer answers whether the merchant can say something now: a month once it is over.
func (a ShopAsk) MayAnswer(now time.Time) error {
	switch {
	case a.State != Open:
		return ErrClosed
	case now.Before(a.AskedAt):
		return ErrNotYet
	}
	return nil
}

// Deal is the deal a merchant is asked about, "" for a month.
func (a ShopAsk) Deal() market.DealID {
	id, ok := strings.CutPrefix(a.Subject, "deal:")
	if !ok {
		return ""
	}
	return market.DealID(id)
}

// Month is the month a merchant is asked about as its first day, false for a campaign.
func (a ShopAsk) Month() (time.Time, bool) {
	text, ok := strings.CutPrefix(a.Subject, "month:")
	if !ok {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation("2006-01", text, zone)
	return t, err == nil
}

// zone is Korea's, in which months end.
var zone = time.FixedZone("KST", 9*60*60)

// AskOf plans the question about a use; its id follows from the use, so that a use is asked about once.
func AskOf(use market.RedemptionID) string {
	return "ask_" + strings.TrimPrefix(string(use), market.PrefixRedemption+"_")
}

// SubjectOfDeal names a campaign.
func SubjectOfDeal(id market.DealID) string { return "deal:" + string(id) }

// MonthOf names the month of an instant and gives the instant from which it may be answered: its end.
func MonthOf(at time.Time) (subject string, askedAt time.Time) {
	local := at.In(zone)
	return "month:" + local.Format("2006-01"), time.Date(local.Year(), local.Month()+1, 1, 0, 0, 0, 0, zone).UTC()
}

// AskedSince is the instant since which a guest is still asked.
func AskedSince(now time.Time) time.Time { return now.AddDate(0, 0, -AskDays) }
