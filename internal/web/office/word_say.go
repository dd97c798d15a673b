package office

import (
	"net/url"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/office/hours"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// headline is the sentence the reader came for: how far the shop is.
func headline(loc ui.Loc, v overview) string {
	if v.Shop.State == merchant.Draft || v.Shop.State == merchant.Returned {
		if v.Left > 0 {
			return loc.T("enroll.head.left", "Shop", shopName(loc, v.Shop), "Count", v.Left)
		}
		return loc.T("enroll.head.ready", "Shop", shopName(loc, v.Shop))
	}
	return loc.T("enroll.head."+string(v.Shop.State), "Shop", shopName(loc, v.Shop))
}

func meaning(loc ui.Loc, v overview) string { return loc.T("enroll.means." + string(v.Shop.State)) }

// summed names the field of each thing that is missing, since the fields stand on other pages.
func summed(loc ui.Loc, problems request.Problems) []ui.FieldError {
	out := make([]ui.FieldError, len(problems))
	for i, p := range problems {
		out[i] = ui.FieldError{Message: p.Message}
		if p.Field != "" {
			out[i].Message = loc.T("enroll.field."+p.Field) + ": " + p.Message
		}
	}
	return out
}

func moreID(i int) string { return "f-more-" + strconv.Itoa(i) }

func moreAt(p merchant.Profile, i int) string {
	if i < len(p.More) {
		return string(p.More[i])
	}
	return ""
}

// moreError stands beside the first of the further categories.
func moreError(p request.Problems, i int) string {
	if i > 0 {
		return ""
	}
	return p.Of("more")
}

func colourOf(v telling) merchant.Colour {
	if v.Shop.Profile.Colour == "" {
		return platformColour
	}
	return v.Shop.Profile.Colour
}

// href is where the branch's form goes.
func (v placing) href() string {
	id := string(v.Branch.ID)
	if id == "" {
		id = newBranch
	}
	return base(v.Shop.ID) + "/places/" + id
}

// regionError stands beside the typed name, unless there is a list to pick from.
func (v placing) regionError() string {
	if text := v.Problems.Of("region_name"); text != "" || len(v.Candidates) > 0 {
		return text
	}
	return v.Problems.Of("region")
}

func (c crew) branchChoices() []ui.Choice {
	var choices []ui.Choice
	for _, b := range c.Branches {
		choices = append(choices, ui.Choice{Value: string(b.ID), Label: b.Name})
	}
	return choices
}

func weekdayName(loc ui.Loc, day time.Weekday) string {
	return loc.T("enroll.weekday." + strconv.Itoa(int(day)))
}

func weekdayChoices(loc ui.Loc) []ui.Choice {
	var choices []ui.Choice
	for _, day := range hours.Weekdays() {
		choices = append(choices, ui.Choice{Value: strconv.Itoa(int(day)), Label: weekdayName(loc, day)})
	}
	return choices
}

func nths(loc ui.Loc) []ui.Choice {
	var choices []ui.Choice
	for _, n := range []string{"1", "2", "3", "4", "5", "-1"} {
		choices = append(choices, ui.Choice{Value: n, Label: loc.T("enroll.nth." + n)})
	}
	return choices
}

// breakWords is the summary under which the breaks are written; it tells Monday's when there is one.
func breakWords(loc ui.Loc, h hours.Form) string {
	for _, day := range hours.Weekdays() {
		if d := h.Week[day]; d.Break != "" && d.Back != "" {
			return loc.T("enroll.hours.break_set", "Day", weekdayName(loc, day), "From", d.Break, "To", d.Back)
		}
	}
	return loc.T("enroll.hours.break_none")
}

// signInHref leads through a door and back to an invitation.
func signInHref(door, secret string) string {
	return door + "?next=" + url.QueryEscape("/invitation?t="+url.QueryEscape(secret))
}
