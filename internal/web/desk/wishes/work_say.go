package wishes

import (
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Path is where wishes stand at the desk.
const Path = "/office/wanted"

// line is one thing that waits among wishes, and where to see to it.
type line struct {
	Text, Note, Href string
	Todo             bool // it waits for the shop, and a deadline or a person with it
}

// lines words what waits, the most pressing first.
func lines(loc ui.Loc, w report.WishWork) []line {
	const mine = Path + "?tab=mine"
	var out []line
	add := func(n int64, name, href string, todo bool) {
		if n > 0 {
			out = append(out, line{Text: loc.T("desk.wishes."+name, "Count", n), Href: href, Todo: todo})
		}
	}
	add(w.Asking, "asking", mine, true)
	add(w.Disputes, "disputes", mine, true)
	add(w.ToSend, "to_send", mine, w.SendToday > 0)
	if w.SendToday > 0 {
		out[len(out)-1].Note = loc.T("desk.wishes.today", "Count", w.SendToday)
	}
	add(w.Questions, "questions", mine, true)
	add(w.New, "new", Path, false)
	add(w.Choosing, "choosing", mine, false)
	add(w.Paying, "paying", mine, false)
	return out
}
