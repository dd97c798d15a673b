package ledger

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// About names what an entry is about, with pseudonymous ids only. The ids a line has as its party stand here too, so
// that every sheet can be read by them.
type About struct {
	DealID     market.DealID
	OrderID    market.OrderID
	VoucherID  market.VoucherID
	MerchantID market.MerchantID
	PolicyID   string // snapshot of the policies under which the amounts were reckoned
}

// Entry is one atomic change of the book: its debits equal its credits.
type Entry struct {
	ID      market.EntryID // given by Post
	At      time.Time      // given by Post: the transaction's instant
	Day     string         // given by Post: the instant's day in Korea, 2026-03-04
	Rule    Rule
	Scope   string         // unique in the book: the same fact is posted once
	Mirrors market.EntryID // the entry that this one takes back
	About
	Lines []Line
}

// Line moves an amount on one side of a party's account.
type Line struct {
	Account Account
	Party   string
	Side    Side
	Amount  money.Won // above zero
}

// Rule is the number of a posting rule.
type Rule string

// The posting rules in use.
const (
	RuleOpening         Rule = "R0"
	RulePaid            Rule = "R2"
	RulePaidLate        Rule = "R2c"
	RuleTipped          Rule = "R3"
	RuleNotTipped       Rule = "R4"
	RuleRedeemed        Rule = "R5"
	RuleUndone          Rule = "R6"
	RuleDue             Rule = "R7"
	RuleRefund          Rule = "R8"
	RuleTakenBack       Rule = "R9"
	RulePartRefunded    Rule = "R10"
	RuleInterest        Rule = "R12"
	RuleExpiredToPoints Rule = "R13"
	RuleExpired         Rule = "R13b"
	RuleClaimed         Rule = "R13d"
	RulePayout          Rule = "R17"
	RuleSettled         Rule = "R18"
	RuleSweep           Rule = "R19"
	RuleNetted          Rule = "R21"
	RuleTopUp           Rule = "R25"
	RuleDepositKept     Rule = "R27"
	RuleDepositShared   Rule = "R28"
)

// Rules gives the posting rules in use, in the order of their numbers.
func Rules() []Rule {
	return []Rule{RuleOpening, RulePaid, RulePaidLate, RuleTipped, RuleNotTipped, RuleRedeemed, RuleUndone, RuleDue,
		RuleRefund, RuleTakenBack, RulePartRefunded, RuleInterest, RuleExpiredToPoints, RuleExpired, RuleClaimed,
		RulePriceFell, RuleReleased, RuleDisputed, RulePayout, RuleSettled, RuleSweep, RuleNetted, RuleTopUp, RuleCompensated,
		RuleDepositKept, RuleDepositShared}
}

// NameKey is the catalogue key of the rule's name.
func (r Rule) NameKey() string { return "ledger.rule." + strings.ToLower(string(r)) }

// seoul is the operator's zone; Korea has had no summer time since 1988.
var seoul = time.FixedZone("Asia/Seoul", 9*60*60)

// DayOf gives the day of an instant in Korea, as entries and reports write it.
func DayOf(t time.Time) string { return t.In(seoul).Format(time.DateOnly) }

// Mirror makes the correction of an entry: the same lines on the other sides. The original must have been posted.
func Mirror(original Entry, rule Rule, scope string) Entry {
	assert.That(original.ID != "", "9 a mirror names a posted entry", "scope", original.Scope)
	e := Entry{Rule: rule, Scope: scope, Mirrors: original.ID, About: original.About}
	for _, l := range original.Lines {
		l.Side = l.Side.Other()
		e.Lines = append(e.Lines, l)
	}
	return e
}

// debit and credit leave out lines of nothing: a free commission has no posting.
func (e *Entry) debit(a Account, party string, amount money.Won) { e.add(a, party, Debit, amount) }

func (e *Entry) credit(a Account, party string, amount money.Won) { e.add(a, party, Credit, amount) }

func (e *Entry) add(a Account, party string, side Side, amount money.Won) {
	assert.That(amount >= 0, "7 amounts are won above zero", "rule", e.Rule, "scope", e.Scope, "amount", amount)
	if amount > 0 {
		e.Lines = append(e.Lines, Line{Account: a, Party: party, Side: side, Amount: amount})
	}
}

// Amount gives the sum of an entry's debits, which is the sum of its credits.
func (e Entry) Amount() money.Won {
	var sum money.Won
	for _, l := range e.Lines {
		if l.Side == Debit {
			sum += l.Amount
		}
	}
	return sum
}

// check stops entries that our own code made wrongly; nobody's input can cause one of these.
func (e *Entry) check() {
	if fault := Fault(e); fault != "" {
		assert.That(false, "1 an entry is well formed", "fault", fault, "scope", e.Scope, "lines", e.Lines)
	}
}

// Fault tells what is wrong with the form of an entry, beginning with the number of the invariant; "" when nothing is.
func Fault(e *Entry) string {
	switch {
	case e.Scope == "" || !plain(e.Scope):
		return "8 an entry has a scope of ids"
	case len(e.Lines) < 2:
		return "1 an entry has two sides"
	}
	var debits, credits money.Won
	for i := range e.Lines {
		l := &e.Lines[i]
		info, known := Lookup(l.Account)
		switch {
		case !known:
			return "1 every account is in the chart"
		case l.Amount <= 0:
			return "7 amounts are won above zero"
		case !e.fits(info.Party, l.Party):
			return "3 a line's party is named by its entry"
		case l.Side == Debit:
			debits += l.Amount
		case l.Side == Credit:
			credits += l.Amount
		default:
			return "1 a line has a side"
		}
	}
	if debits != credits {
		return "1 debits equal credits"
	}
	return ""
}

func (e *Entry) fits(kind PartyKind, party string) bool {
	switch kind {
	case PartyNone:
		return party == ""
	case PartyDeal:
		return party != "" && party == string(e.DealID)
	case PartyOrder:
		return party != "" && party == string(e.OrderID)
	case PartyVoucher:
		return party != "" && party == string(e.VoucherID)
	case PartyMerchant:
		return party != "" && party == string(e.MerchantID)
	case PartyGateway, PartyPayout, PartyRefund:
	}
	return party != "" && plain(party)
}

// plain admits what identifiers are made of: a name, an address or a number of a person cannot slip in as a text.
func plain(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') &&
			c != '_' && c != '-' && c != '/' && c != '.' && c != ':' {
			return false
		}
	}
	return true
}

// Moved gives what an entry debits and credits on an account, whoever the party.
func (e Entry) Moved(a Account) (debit, credit money.Won) {
	for _, l := range e.Lines {
		switch {
		case l.Account != a:
		case l.Side == Debit:
			debit += l.Amount
		default:
			credit += l.Amount
		}
	}
	return debit, credit
}
