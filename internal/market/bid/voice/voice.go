package voice

import (
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
)

// Refusals of what is said about a bid.
var (
	// ErrNotMember keeps votes to the firm members.
	ErrNotMember = fail.New(fail.Forbidden, "bid.vote.not_member")
	// ErrFlag asks for one of the reasons of a flag.
	ErrFlag = fail.New(fail.Invalid, "bid.vote.reason")
	// ErrWords bounds what is said about a bid. Args: Max in letters.
	ErrWords = fail.New(fail.Invalid, "bid.words")
	// ErrAnswered keeps one answer a question.
	ErrAnswered = fail.New(fail.Conflict, "bid.answered")
)

// Flag is why a member thinks that a bid should not win.
type Flag string

// The flags.
const (
	FlagFake    Flag = "fake"    // it will not be delivered
	FlagTerms   Flag = "terms"   // not what the wish asks for
	FlagUnclear Flag = "unclear" // it leaves open what one gets
	FlagSeller  Flag = "seller"  // bad experience with the seller
	FlagOther   Flag = "other"
)

// Flags lists the flags in the order in which they are offered.
func Flags() []Flag { return []Flag{FlagFake, FlagTerms, FlagUnclear, FlagSeller, FlagOther} }

const (
	wordsMax = 500
	otherMin = 5
)

// Vote is a member's voice on a bid: a flag with its reason, or that it is fine.
type Vote struct {
	BidID     market.BidID
	AccountID market.AccountID
	Flag      Flag // "" keeps the bid
	Words     string
	At        time.Time
}

// Parse cleans a vote of a firm member; the words are a must only for FlagOther.
func (v Vote) Parse(isFirm bool) (Vote, error) {
	if !isFirm {
		return v, ErrNotMember
	}
	if v.Flag != "" && !slices.Contains(Flags(), v.Flag) {
		return v, ErrFlag.On("reason")
	}
	least := 0
	if v.Flag == FlagOther {
		least = otherMin
	}
	words, refusal := form.Lines(v.Words, least, wordsMax)
	if refusal != nil {
		return v, ErrWords.With("Max", wordsMax).On("words")
	}
	v.Words = words
	return v, nil
}

// Word is a question about a bid, or the seller's answer to one.
type Word struct {
	ID        string
	BidID     market.BidID
	Answers   string // the question's id, "" for a question
	AccountID market.AccountID
	Words     string
	At        time.Time
}

// Parse cleans a question or an answer.
func (w Word) Parse() (Word, error) {
	words, refusal := form.Lines(w.Words, 2, wordsMax)
	if refusal != nil {
		return w, ErrWords.With("Max", wordsMax).On("words")
	}
	w.Words = words
	return w, nil
}
