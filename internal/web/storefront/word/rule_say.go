package word

import (
	"slices"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Weekdayer names weekdays; i18n.Localizer does.
type Weekdayer interface{ Weekday(time.Weekday) string }

func weekday(loc ui.Loc, day int) string {
	if speaker, ok := loc.(Weekdayer); ok {
		return speaker.Weekday(time.Weekday(day))
	}
	return loc.T("moment.weekday_" + string(rune('0'+day)))
}

// Uses words the rules of use, one sentence each.
func Uses(loc ui.Loc, r hours.Rules, now time.Time) []string {
	var out []string
	switch days := sorted(r.Weekdays); {
	case len(days) == 0 || len(days) == 7:
		out = append(out, loc.T("deal.use.any_day"))
	default:
		names := make([]string, len(days))
		for i, day := range days {
			names[i] = weekday(loc, day)
		}
		out = append(out, loc.T("deal.use.weekdays", "Days", strings.Join(names, "·")))
	}
	switch {
	case r.From == "" || r.To == "":
		out = append(out, loc.T("deal.use.any_hour"))
	case r.To <= r.From:
		out = append(out, loc.T("deal.use.past_midnight", "From", r.From, "To", r.To))
	default:
		out = append(out, loc.T("deal.use.hours", "From", r.From, "To", r.To))
	}
	if closed := blackouts(loc, r.Blackout, now); closed != "" {
		out = append(out, loc.T("deal.use.not_on", "Days", closed))
	}
	return out
}

// sorted puts Monday first, as Koreans read a week.
func sorted(days []int) []int {
	out := slices.Clone(days)
	slices.SortFunc(out, func(a, b int) int { return (a+6)%7 - (b+6)%7 })
	return slices.Compact(out)
}

const blackoutsMax = 12

// blackouts lists the coming days without use; days that have passed matter to nobody.
func blackouts(loc ui.Loc, days []string, now time.Time) string {
	var names []string
	for _, text := range days {
		day, err := time.ParseInLocation(time.DateOnly, text, deal.Zone)
		if err == nil && day.AddDate(0, 0, 1).After(now) && len(names) < blackoutsMax {
			names = append(names, loc.Day(day))
		}
	}
	return strings.Join(names, ", ")
}

// Refunds words what goes back and when, from the policies in force and the deal's own profile.
func Refunds(loc ui.Loc, set policy.Set, t deal.Terms, price int64) []ui.Fact {
	facts := []ui.Fact{
		{Icon: "undo-2", Bold: loc.T("deal.refund.short_bold"), Text: loc.T("deal.refund.short")},
		{Icon: "calendar-check", Bold: loc.T("deal.refund.days_bold", "Days", int64(set.Refund.WithdrawalDays)),
			Text: loc.T("deal.refund.days")},
	}
	profile, err := set.Profile(policy.ProfileName(t.RefundProfile))
	if err != nil {
		return facts
	}
	after := loc.T("deal.refund.after_none")
	if bp := profile.ClaimBP(price); bp > 0 {
		after = loc.T("deal.refund.after", "Part", loc.Percent(bp), "Years", int64(set.Refund.ClaimYears))
	}
	return append(facts, ui.Fact{Icon: "hourglass", Bold: loc.T("deal.refund.until_bold"),
		Text: loc.T("deal.refund.until", "After", after)})
}

// Promise is the truths above the button, a line each: what happens if not enough join, what goes back, where the money
// is meanwhile.
func Promise(loc ui.Loc, d deal.Deal, set policy.Set, t deal.Terms, price int64) []ui.Fact {
	var facts []ui.Fact
	if !d.Tipped() {
		facts = append(facts, Refunds(loc, set, t, price)[0])
	}
	brief := ui.Fact{Icon: "clock", Bold: loc.T("deal.refund.brief_bold", "Days", int64(set.Refund.WithdrawalDays)),
		Text: loc.T("deal.refund.brief_none")}
	if profile, err := set.Profile(policy.ProfileName(t.RefundProfile)); err == nil && profile.ClaimBP(price) > 0 {
		brief.Text = loc.T("deal.refund.brief", "Part", loc.Percent(profile.ClaimBP(price)), "Years",
			int64(set.Refund.ClaimYears))
	}
	kept := ui.Fact{Icon: "shield-check", Bold: loc.T("deal.kept_bold"), Text: loc.T("deal.kept")}
	kept.More = ui.Link{Label: loc.T("deal.kept_link"), Href: "/trust"}
	return append(facts, brief, kept)
}

// Carries words who carries the discount.
func Carries(loc ui.Loc, shareBP int64) string {
	switch shareBP {
	case 0:
		return loc.T("deal.carries.operator")
	case 10_000:
		return loc.T("deal.carries.merchant")
	}
	return loc.T("deal.carries.both", "Merchant", loc.Percent(shareBP), "Operator", loc.Percent(10_000-shareBP))
}
