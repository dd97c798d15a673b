package console

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// changeView is a shop's request to change a public deal, beside the terms it would replace.
type changeView struct {
	Now    deal.Terms
	Next   deal.Terms
	Places []report.Place
}

// changeRow is one thing that would read differently.
type changeRow struct {
	What         string
	Old, New     string
	Before, Then []photo.Ref // instead of words
}

// change reads the request that waits for an answer, nil when none does or none can be answered any more.
func (d Deps) change(ctx context.Context, of deal.Deal) (*changeView, error) {
	if open := of.MayPropose() == nil; !open {
		return nil, nil
	}
	next, err := deal.Proposal(ctx, d.DB, of.ID)
	if errors.Is(err, deal.ErrNoProposal) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &changeView{Next: next}
	if v.Now, err = deal.FindTerms(ctx, d.DB, of.ID, of.TermsVersion); err != nil {
		return nil, err
	}
	v.Places, err = report.Places(ctx, d.DB, of.MerchantID)
	return v, err
}

// rows lists only what differs, in the order in which a guest reads it.
func (v changeView) rows(loc ui.Loc, now time.Time) []changeRow {
	var out []changeRow
	words := func(key, from, to string) {
		if from != to {
			out = append(out, changeRow{What: loc.T(key), Old: from, New: to})
		}
	}
	words("console.deal.title", v.Now.Title, v.Next.Title)
	words("console.change.summary", v.Now.Summary, v.Next.Summary)
	words("console.deal.story", v.Now.Story, v.Next.Story)
	if !slices.Equal(v.Now.Pictures, v.Next.Pictures) {
		out = append(out, changeRow{What: loc.T("console.change.pictures"), Before: photos(v.Now.Pictures),
			Then: photos(v.Next.Pictures)})
	}
	words("console.deal.valid", loc.T("console.days", "Count", v.Now.ValidDays),
		loc.T("console.days", "Count", v.Next.ValidDays))
	words("console.change.use", usableWhen(loc, v.Now.Rules, now), usableWhen(loc, v.Next.Rules, now))
	words("console.change.places", v.places(loc, v.Now.Branches), v.places(loc, v.Next.Branches))
	return out
}

func photos(refs []string) []photo.Ref {
	out := make([]photo.Ref, len(refs))
	for i, ref := range refs {
		out[i] = photo.Ref(ref)
	}
	return out
}

// usableWhen writes the rules of use, a line a rule: days, hours, days left out.
func usableWhen(loc ui.Loc, r hours.Rules, now time.Time) string {
	var lines []string
	if len(r.Weekdays) == 0 {
		lines = append(lines, loc.T("console.change.any_day"))
	} else {
		lines = append(lines, weekdays(loc, r.Weekdays))
	}
	if r.From != "" && r.To != "" {
		lines = append(lines, r.From+" – "+r.To)
	}
	var out []string
	for _, day := range r.Blackout {
		if t, err := time.ParseInLocation(time.DateOnly, day, now.Location()); err == nil {
			out = append(out, loc.Date(t, now))
		}
	}
	if len(out) > 0 {
		lines = append(lines, loc.T("console.change.not_on", "Days", strings.Join(out, ", ")))
	}
	return strings.Join(lines, "\n")
}

// weekdays names days in the order of a Korean week, which begins on Monday.
func weekdays(loc ui.Loc, days []int) string {
	const week, sundayLast = 7, 6
	sorted := slices.Clone(days)
	slices.SortFunc(sorted, func(a, b int) int { return (a+sundayLast)%week - (b+sundayLast)%week })
	names := make([]string, len(sorted))
	for i, day := range sorted {
		names[i] = loc.T("moment.weekday_" + strconv.Itoa(day))
	}
	return strings.Join(names, ", ")
}

// places names branches; one that has closed since keeps its number.
func (v changeView) places(loc ui.Loc, ids []market.BranchID) string {
	if len(ids) == 0 {
		return loc.T("console.change.everywhere")
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
		for _, p := range v.Places {
			if p.ID == id {
				names[i] = p.Name
			}
		}
	}
	return strings.Join(names, ", ")
}

// reasonID keeps the boxes for reasons apart; the one that was sent has the name that a refusal links to.
func (v dealView) reasonID(act string) string {
	if v.Sent == act {
		return "f-reason"
	}
	return "f-reason-" + act
}

// reasonBox is where an act's reason is typed; after a refusal it holds what was typed and says what is wrong.
func (v dealView) reasonBox(act, label, help string) ui.Field {
	box := ui.Field{ID: v.reasonID(act), Name: "reason", Type: "textarea", Label: label, Help: help,
		MaxLength: reasonMax}
	if v.Sent == act {
		box.Value, box.Error = v.Typed, v.Of("reason")
	}
	return box
}

// reasonMax is how many letters a box for a reason takes.
const reasonMax = 500
