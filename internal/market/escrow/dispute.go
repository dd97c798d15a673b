package escrow

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Reason is why a member disputes.
type Reason string

// The reasons.
const (
	NotSent    Reason = "not_sent"
	NotArrived Reason = "not_arrived"
	Broken     Reason = "broken"
	Different  Reason = "different"  // from what was promised
	Incomplete Reason = "incomplete" // something is missing
	Regret     Reason = "regret"     // withdrawal after it was sent (전자상거래법 17조 1항)
	Fake       Reason = "fake"
	OtherCause Reason = "other"
)

// Reasons lists the reasons in the order in which pages offer them.
func Reasons() []Reason {
	return []Reason{NotArrived, Broken, Different, Incomplete, Fake, NotSent, Regret, OtherCause}
}

// NameKey is the catalogue key of the reason's name.
func (r Reason) NameKey() string { return "escrow.reason." + string(r) }

// Dispute is about one share, which it freezes.
type Dispute struct {
	OrderID   market.OrderID
	WishID    market.WishID
	Reason    Reason
	Turn      Turn
	Amount    money.Won
	Offered   bool
	Offer     money.Won // what the seller would give back
	OpenedAt  time.Time
	DueAt     time.Time // the end of this turn
	Until     time.Time // the dispute ends by then whatever happens
	EndedAt   time.Time
	Outcome   Outcome
	Refunded  money.Won
	Note      string           // the operator's public reason
	DecidedBy market.AccountID // of OutRuled
	Version   int64
}

// Evidence is what one side says and shows.
type Evidence struct {
	ID        string
	OrderID   market.OrderID
	Side      By
	AccountID market.AccountID
	Words     string
	Pictures  []string // names of stored pictures
	At        time.Time
}

// Limits of evidence.
const (
	WordsMax      = 2000 // characters
	PicturesMax   = 8
	EvidenceMax   = 40 // pieces of one dispute
	noteMin       = 10
	pictureLength = 400 // a photo's reference names every size of it
)

// Refusals of disputes.
var (
	ErrReason   = fail.New(fail.Invalid, "escrow.dispute_reason")
	ErrWords    = fail.New(fail.Invalid, "escrow.dispute_words")    // Args: Max
	ErrPictures = fail.New(fail.Invalid, "escrow.dispute_pictures") // Args: Max
	ErrMany     = fail.New(fail.TooMany, "escrow.dispute_many")     // Args: Max
	ErrOffer    = fail.New(fail.Invalid, "escrow.dispute_offer")    // Args: Max, in won
	ErrNoOffer  = fail.New(fail.Conflict, "escrow.dispute_no_offer")
	ErrRuling   = fail.New(fail.Invalid, "escrow.dispute_ruling") // Args: Max, in won
	ErrNote     = fail.New(fail.Invalid, "escrow.dispute_note")   // Args: Min, Max, in characters
	// ErrLate is what comes when the clock has decided.
	ErrLate = fail.New(fail.Conflict, "escrow.late")
)

// Check refuses evidence that says nothing or too much.
func (v Evidence) Check() error {
	switch {
	case v.Words == "" || len([]rune(v.Words)) > WordsMax:
		return ErrWords.With("Max", int64(WordsMax)).On("words")
	case len(v.Pictures) > PicturesMax || slices.ContainsFunc(v.Pictures, badPicture):
		return ErrPictures.With("Max", int64(PicturesMax)).On("pictures")
	}
	return nil
}

func badPicture(name string) bool {
	return name == "" || len(name) > pictureLength || strings.ContainsFunc(name, unicode.IsSpace)
}

// Dispute freezes a share and asks the seller for its word.
func (e Escrow) Dispute(s Share, why Reason, r Rules, now time.Time) (Share, Dispute, error) {
	to, err := Next(s.State, ActDispute, ByBuyer)
	switch {
	case err != nil:
		return s, Dispute{}, err
	case e.Phase != Fulfilling:
		return s, Dispute{}, ErrNotBegun
	case e.over(s, now):
		return s, Dispute{}, ErrLate
	case !slices.Contains(Reasons(), why):
		return s, Dispute{}, ErrReason.On("reason")
	}
	d := Dispute{OrderID: s.OrderID, WishID: s.WishID, Reason: why, Turn: TurnSeller, Amount: s.Amount, OpenedAt: now,
		Until: after(now, r.DisputeDays), Version: 1}
	d.DueAt = d.due(r, now)
	s.State, s.DisputedAt, s.DueAt = to, now, d.DueAt
	return s, d, nil
}

// due is the end of the turn that begins now.
func (d Dispute) due(r Rules, now time.Time) time.Time {
	at := after(now, r.EvidenceDays)
	if d.Turn == TurnOperator || at.After(d.Until) {
		return d.Until
	}
	return at
}

// Word is what is said in a dispute.
type Word struct {
	OrderID    market.OrderID
	Say        Say
	By         By
	AccountID  market.AccountID
	MerchantID market.MerchantID // of BySeller
	Words      string
	Pictures   []string
	Offered    bool      // with SayAnswer
	Refunded   money.Won // of an offer or of a ruling: what goes back to the member
}

// evidence is what the word leaves in the dispute's file.
func (w Word) evidence() Evidence {
	return Evidence{OrderID: w.OrderID, Side: w.By, AccountID: w.AccountID, Words: w.Words, Pictures: w.Pictures}
}

// speaks tells whether the word goes to the file: taking an offer and giving in need no words, and a ruling has its
// note.
func (w Word) speaks() bool {
	return w.Say != SayRule && (w.Say != SayTake && w.Say != SayGiveIn || w.Words != "")
}

// Hear gives the dispute after a word, or the refusal. A word that comes after its time is not heard: silence decides.
func (d Dispute) Hear(w Word, r Rules, now time.Time) (Dispute, error) {
	to, err := NextTurn(d.Turn, w.Say, w.By)
	if err != nil {
		return d, err
	}
	if w.speaks() {
		if err := w.evidence().Check(); err != nil {
			return d, err
		}
	}
	if !now.Before(d.DueAt) && w.By != ByOperator {
		return d, ErrLate
	}
	moved := to != d.Turn
	d.Turn = to
	switch w.Say {
	case SayAnswer:
		if w.Offered && (w.Refunded < 0 || w.Refunded > d.Amount) {
			return d, ErrOffer.With("Max", d.Amount).On("offer")
		}
		d.Offered, d.Offer = w.Offered, 0
		if w.Offered {
			d.Offer = w.Refunded
		}
	case SayTake:
		if !d.Offered {
			return d, ErrNoOffer
		}
		return d.over(ending{OutOffer, d.Offer}, now), nil
	case SayGiveIn:
		if w.By == ByBuyer {
			return d.over(ending{OutBuyerGaveIn, 0}, now), nil
		}
		return d.over(ending{OutSellerGaveIn, d.Amount}, now), nil
	case SayRule:
		return d.rule(w, now)
	case SayReply, SayMore, SayNone:
	}
	if moved {
		d.DueAt = d.due(r, now)
	}
	return d, nil
}

// rule is the operator's decision, in won and with a reason that both sides read.
func (d Dispute) rule(w Word, now time.Time) (Dispute, error) {
	switch {
	case w.Refunded < 0 || w.Refunded > d.Amount:
		return d, ErrRuling.With("Max", d.Amount).On("refunded")
	case len([]rune(w.Words)) < noteMin || len([]rune(w.Words)) > WordsMax:
		return d, ErrNote.With("Min", int64(noteMin), "Max", int64(WordsMax)).On("words")
	}
	d.Note, d.DecidedBy = w.Words, w.AccountID
	return d.over(ending{OutRuled, w.Refunded}, now), nil
}

func (d Dispute) over(x ending, now time.Time) Dispute {
	d.Turn, d.EndedAt, d.Outcome, d.Refunded = TurnOver, now, x.Outcome, x.Refunded
	return d
}

// Overdue decides a dispute in which somebody's time has run out, and tells whether it has. A silent seller loses.
// When the member or the operator keeps silent, the only word of a third party counts: evidence of delivery.
func (d Dispute) Overdue(proven bool, now time.Time) (Dispute, bool) {
	if d.Turn == TurnOver || now.Before(d.DueAt) {
		return d, false
	}
	back := d.Amount
	if proven && d.Turn != TurnSeller {
		back = 0
	}
	out := map[Turn]Outcome{TurnSeller: OutSellerSilent, TurnBuyer: OutBuyerSilent,
		TurnOperator: OutOperatorSilent}[d.Turn]
	return d.over(ending{out, back}, now), true
}

// Settle brings the share to where its dispute is.
func (d Dispute) Settle(s Share, r Rules, now time.Time) Share {
	assert.That(s.State == Disputed && s.Amount == d.Amount, "32 a dispute decides the share that it froze",
		"order", s.OrderID, "state", s.State, "amount", s.Amount)
	if d.Turn == TurnOver {
		return s.end(Decided, ending{d.Outcome, d.Refunded}, r, now)
	}
	s.DueAt = d.DueAt
	return s
}
