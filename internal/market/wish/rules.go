package wish

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Draft is a wish as its author writes it; all but the name may be left out.
type Draft struct {
	Name       string
	Details    string
	Photo      string
	Link       string
	CategoryID market.CategoryID
	RegionID   market.RegionID
	Way        Way
	TopPrice   money.Won
	Until      time.Time // zero for the usual time
}

const (
	nameMin, nameMax   = 2, 60
	detailsMax         = 1_000
	linkMax            = 500
	priceMin, priceMax = money.Won(100), money.Won(100_000_000)
	day                = 24 * time.Hour
)

// Terms are the figures a wish is written under.
type Terms struct {
	Threshold int64
	Days      int // that it gathers, when its author names no end
	DaysMax   int
	PolicyID  string
}

// Write makes a wish of a draft. Faults come as a fail.List, one a field.
func Write(d Draft, author market.AccountID, terms Terms, now time.Time) (Wish, error) {
	w := Wish{AuthorID: author, LeadID: author, Name: tidy(d.Name), Details: strings.TrimSpace(d.Details), Photo: d.Photo,
		Link: strings.TrimSpace(d.Link), CategoryID: d.CategoryID, RegionID: d.RegionID, Way: d.Way, TopPrice: d.TopPrice,
		Threshold: terms.Threshold, PolicyID: terms.PolicyID, State: Gathering, Round: 1, Until: d.Until,
		CreatedAt: now, Version: 1}
	if w.Until.IsZero() {
		w.Until = now.Add(time.Duration(terms.Days) * day)
	}
	var faults fail.List
	for _, c := range []struct {
		fault *fail.Error
		bad   bool
	}{
		{ErrName.With("Min", nameMin, "Max", nameMax), !within(w.Name, nameMin, nameMax)},
		{ErrDetails.With("Max", detailsMax), !within(w.Details, 0, detailsMax)},
		{ErrLink.With("Max", linkMax), w.Link != "" && !isLink(w.Link)},
		{ErrPrice.With("Min", priceMin, "Max", priceMax),
			w.TopPrice != 0 && (w.TopPrice < priceMin || w.TopPrice > priceMax)},
		{ErrWay, w.Way != AnyWay && w.Way != AtBranch && w.Way != ByParcel},
		{ErrUntil.With("Days", terms.DaysMax), !d.Until.IsZero() && !fits(d.Until, now, terms.DaysMax)},
	} {
		if c.bad {
			faults = append(faults, c.fault)
		}
	}
	return w, faults.Err()
}

// tidy takes blanks at the ends and repeated ones away.
func tidy(text string) string { return strings.Join(strings.Fields(text), " ") }

func within(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return utf8.ValidString(text) && n >= least && n <= most && !strings.ContainsRune(text, 0)
}

// isLink takes addresses that a browser may open: what else an address can name is nobody's shop.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && len(text) <= linkMax && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil
}

func fits(until, now time.Time, daysMax int) bool {
	return !until.Before(now.Add(day)) && !until.After(now.Add(time.Duration(daysMax)*day))
}

// MayWrite answers whether an author with so many gathering wishes may begin another.
func MayWrite(open, most int64) error {
	if open >= most {
		return ErrOpenMax.With("Max", most)
	}
	return nil
}

// Open answers whether people may still join and leave.
func (w Wish) Open(now time.Time) error {
	switch {
	case w.State == Gathering && now.Before(w.Until), w.State == Bidding: // until the auction moves it on
		return nil
	}
	return ErrOver.With("State", string(w.State))
}

// Change is what one step does to a wish's numbers.
type Change struct {
	Firm     int64
	Watching int64
}

// Want decides one member's step: to look on, to count, or to leave. The same step again changes nothing.
func (w Wish) Want(m Member, kind Kind, confirmed bool, now time.Time) (Member, Change, error) {
	if m.Kind == "" {
		m.Kind = Away
	}
	if m.Kind == kind {
		return m, Change{}, nil
	}
	if err := w.Open(now); err != nil {
		return m, Change{}, err
	}
	if kind == Firm && !confirmed {
		return m, Change{}, ErrConfirmed
	}
	change := Change{Firm: count(kind, Firm) - count(m.Kind, Firm),
		Watching: count(kind, Watching) - count(m.Kind, Watching)}
	m.Kind, m.At, m.FirmAt = kind, now, time.Time{}
	if kind == Firm {
		m.FirmAt = now
	}
	return m, change, nil
}

func count(kind, of Kind) int64 {
	if kind == of {
		return 1
	}
	return 0
}

// MayWithdraw answers whether somebody may take a wish back: its lead, while it gathers and nobody else is firm. After
// that it belongs to its crowd: whoever leads it may leave, and the next leads. When its offers came to nothing the
// lead may let it be whoever else is there (rule 61).
func (w Wish) MayWithdraw(who market.AccountID, own Kind) error {
	if w.LeadID != who {
		return ErrLead
	}
	if _, err := Next(w.State, ActWithdraw, ByLead); err != nil {
		return err
	}
	if w.Round <= 1 && w.Firm > count(own, Firm) {
		return ErrAlone
	}
	return nil
}

// Over reports a wish whose time to gather is up.
func (w Wish) Over(now time.Time) bool { return w.State == Gathering && !now.Before(w.Until) }

// Valid refuses what is no kind of place.
func (k Kind) Valid() error {
	if k != Watching && k != Firm && k != Away {
		return ErrKind
	}
	return nil
}

// FirstPlace is an author's own place: one that counts, once the account is confirmed.
func FirstPlace(confirmed bool) Kind {
	if confirmed {
		return Firm
	}
	return Watching
}

// Vacates reports a step after which somebody else should lead: the lead left, or there was none and a firm member
// came.
func (w Wish) Vacates(m Member, c Change) bool {
	return w.LeadID == m.AccountID && m.Kind == Away || w.LeadID == "" && c.Firm > 0
}

// Add counts one step in.
func (c Crowd) Add(step Change) Crowd {
	c.Firm, c.Watching = c.Firm+step.Firm, c.Watching+step.Watching
	c.Peak = max(c.Peak, c.Firm)
	return c
}
