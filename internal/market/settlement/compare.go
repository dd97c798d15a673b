package settlement

import "github.com/dure-commerce/dure/internal/kit/fail"

// Pair is one of the gateway's rows with what we booked for it.
type Pair struct {
	Source  Source
	Day     string
	Key     string // what they know it by
	Subject string // our payment or refund, "" when we know none
	Ours    int64  // won, below zero for money that went back
	Theirs  int64  // won
	FeeFits bool
}

// Compare classes a pair.
func Compare(p Pair) Difference {
	d := Difference{Source: p.Source, Day: p.Day, GatewayKey: p.Key, SubjectID: p.Subject, Ours: p.Ours,
		Theirs: p.Theirs, Class: Matched}
	switch {
	case p.Subject == "":
		d.Class = MissingHere
	case p.Ours != p.Theirs:
		d.Class = AmountDiffers
	case !p.FeeFits:
		d.Class = FeeDiffers
	}
	return d
}

// Found reports that there is a difference at all.
func (d Difference) Found() bool { return d.Class != Matched }

// Stored gives the class that a kept row of the settlement file has, and a note: a fee that is not the contract's does
// not make the row less ours.
func (d Difference) Stored() (class, note string) {
	if d.Class == FeeDiffers {
		return string(Matched), string(FeeDiffers)
	}
	return string(d.Class), ""
}

// Came reports one of ours that was missing there and is named there by now.
func (d Difference) Came(named bool) bool {
	return d.Source == SourceSettlement && d.Class == MissingThere && named
}

// Learned reports one of theirs that was missing here and that we have booked, by now, with the same amount.
func (d Difference) Learned(ours int64, here bool) bool {
	return here && d.Class == MissingHere && ours != 0 && ours == d.Theirs
}

// Closing is what decides whether a day of the settlement file is complete. Amounts in won.
type Closing struct {
	Day    string // of pay-out
	Today  string
	PayDay bool // banks work and something may be paid
	Rows   int
	Net    int64 // of the rows
	Paid   int64 // by the bank
}

// Over tells that nothing more will come: the bank has paid, there is nothing to be paid, or the day has passed.
func (c Closing) Over(paid bool) bool {
	return paid || !c.PayDay && c.Rows == 0 || c.Silent() || c.Day < c.Today
}

// Silent reports rows that add up to nothing: the bank moves no money, only the fees are booked.
func (c Closing) Silent() bool { return c.Rows > 0 && c.Net == 0 }

// Differences is what the bank paid otherwise than the file says.
func (c Closing) Differences() []Difference {
	if c.Net == c.Paid {
		return nil
	}
	d := Difference{Source: SourceSettlement, Class: AmountDiffers, Day: c.Day, GatewayKey: SettlementReference(c.Day),
		Ours: c.Net, Theirs: c.Paid}
	switch {
	case c.Rows == 0:
		d.Class = MissingHere
	case c.Paid == 0:
		d.Class = MissingThere
	}
	return []Difference{d}
}

// Within refuses an amount that is nothing or above a limit, in won.
func Within(won, limit int64, refusal *fail.Error) (int64, error) {
	if won <= 0 || won > limit {
		return 0, refusal.With("Max", limit).On("won")
	}
	return won, nil
}

// Asked is what a top-up is for: the amount named, or what is missing and not on its way.
func Asked(won, missing, onWay int64) int64 {
	if won != 0 {
		return won
	}
	return max(0, missing-onWay)
}

// Fills reports money that goes into custody.
func (t Transfer) Fills() bool { return t.Purpose == TopUp }

// Explains tells that a line of custody's statement, or else of the operating account's, is this transfer.
func (t Transfer) Explains(e Entry, custody bool) bool {
	if t.Fills() == custody {
		return e.Amount == t.Amount
	}
	return e.Amount == -t.Amount
}

// Of reports a run of a day.
func (r Run) Of(day string) bool { return r.Day == day }
