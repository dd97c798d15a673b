package admin

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (v line) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{
		{Label: loc.T("admin.shops.name")}, {Label: loc.T("enroll.business.number"), Num: true},
		{Label: loc.T("enroll.business.representative")}, {Label: loc.T("admin.shops.waits")},
	}
}

func (v line) rows(loc ui.Loc, now time.Time) [][]ui.Cell {
	var rows [][]ui.Cell
	for _, m := range v.Shops {
		name := m.Business.Name
		if name == "" {
			name = loc.T("enroll.unnamed")
		}
		at := m.SubmittedAt
		if at.IsZero() {
			at = m.CreatedAt
		}
		rows = append(rows, []ui.Cell{
			{Text: name, Href: home + "/" + string(m.ID), Strong: true},
			{Text: merchant.FormatNumber(m.Business.Number)}, {Text: m.Business.Representative},
			{Text: loc.Ago(at, now)},
		})
	}
	return rows
}

// since is when the shop came into its state, as far as it is known.
func (v dossier) since(loc ui.Loc, now time.Time) string {
	at := v.Shop.CreatedAt
	for _, later := range []time.Time{v.Shop.SubmittedAt, v.Shop.ApprovedAt} {
		if later.After(at) {
			at = later
		}
	}
	return loc.DateTime(at, now)
}

func (v dossier) businessPairs(loc ui.Loc) []ui.Pair {
	b := v.Shop.Business
	bank := ""
	if !v.Shop.Bank.Empty() {
		number := v.Shop.Bank.Masked()
		if v.Whole {
			number = v.Shop.Bank.Account
		}
		bank = loc.T("merchant.bank_"+v.Shop.Bank.Code) + " " + number + " " + v.Shop.Bank.Holder
	}
	pairs := []ui.Pair{
		{Key: loc.T("enroll.business.number"), Value: merchant.FormatNumber(b.Number)},
		{Key: loc.T("enroll.business.name"), Value: b.Name},
		{Key: loc.T("enroll.business.representative"), Value: b.Representative},
		{Key: loc.T("enroll.business.phone"), Value: merchant.FormatPhone(b.Phone)},
		{Key: loc.T("enroll.business.email"), Value: b.Email},
		{Key: loc.T("enroll.step.bank"), Value: bank},
	}
	if !v.Shop.NextBankAt.IsZero() {
		pairs = append(pairs, ui.Pair{
			Key: loc.T("admin.shop.next_bank"), Tone: ui.Warn,
			Value: loc.T("merchant.bank_"+v.Shop.NextBank.Code) + " " + v.Shop.NextBank.Masked(),
			Note:  loc.FullDate(v.Shop.NextBankAt),
		})
	}
	return pairs
}

func (v dossier) peoplePairs() []ui.Pair {
	var pairs []ui.Pair
	for _, p := range v.People {
		pairs = append(pairs, ui.Pair{Key: p.Role, Value: p.Name, Note: p.Email})
	}
	return pairs
}

// of gives the problems of one form of the page.
func (v dossier) of(form string) request.Problems {
	if v.Form == form {
		return v.Problems
	}
	return nil
}

// typed gives back what was written into a form that was refused.
func (v dossier) typed(form string) string {
	if v.Form == form {
		return v.Reason
	}
	return ""
}

// summed tells whether the problems stand above the page: those of forms with a field stand in the form.
func (v dossier) summed() bool {
	return len(v.Problems) > 0 && v.Problems.Of("reason") == ""
}

// checks are what a person should look at; the program has looked at the rest.
func checks(loc ui.Loc, v dossier) []ui.Fact {
	facts := []ui.Fact{
		{Icon: "file-text", Text: loc.T("admin.shop.check_number")},
		{Icon: "landmark", Text: loc.T("admin.shop.check_bank")},
		{Icon: "camera", Text: loc.T("admin.shop.check_photo")},
	}
	given, lost := v.asked()
	if given > 0 {
		facts = append(facts, ui.Fact{Icon: "store", Text: loc.T("admin.claim.on_approve")})
	}
	if lost > 0 {
		facts = append(facts, ui.Fact{Icon: "users", Text: loc.T("admin.claim.on_approve_lost", "Count", lost)})
	}
	return facts
}

// events words the audit log as the shop's timeline.
func (v dossier) events(loc ui.Loc, now time.Time) []ui.Event {
	var events []ui.Event
	for _, e := range v.History {
		who := v.Names[e.Actor]
		if who == "" {
			who = loc.T("admin.shop.by_system")
		}
		events = append(events, ui.Event{
			Text: loc.T("admin.act." + strings.ReplaceAll(e.Action, ".", "_")), Sub: who, At: e.At, Now: now,
		})
	}
	return events
}

// weekPairs is a branch's coming seven days.
func weekPairs(loc ui.Loc, h merchant.Hours, now time.Time) []ui.Pair {
	local := now.In(bizday.Seoul())
	var pairs []ui.Pair
	for ahead := range 7 {
		date := local.AddDate(0, 0, ahead)
		day, note := h.On(date)
		words := loc.T("merchant.page.closed")
		if len(day) > 0 {
			var spans []string
			for _, s := range day {
				spans = append(spans, merchant.Clock(s.From)+"–"+merchant.Clock(s.To))
			}
			words = strings.Join(spans, ", ")
		}
		pairs = append(pairs, ui.Pair{Key: loc.Day(date), Value: words, Note: note})
	}
	return pairs
}
