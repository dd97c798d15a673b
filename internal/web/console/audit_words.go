package console

import (
	"encoding/json"
	"strings"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// auditNames reads the names of those who acted; an account that is gone has none.
func (d Deps) auditNames(r *request.Request, rows []audit.Entry) (map[string]string, error) {
	var ids []market.AccountID
	for _, e := range rows {
		if strings.HasPrefix(e.Actor, market.PrefixAccount+"_") {
			ids = append(ids, market.AccountID(e.Actor))
		}
	}
	list, err := account.ListByIDs(r.Context(), d.DB, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(list))
	for _, a := range list {
		names[string(a.ID)] = a.Name
	}
	return names, nil
}

func (v auditView) rows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Rows))
	for i, e := range v.Rows {
		out[i] = []ui.Cell{{Text: loc.DateTime(e.At, v.Now), Keep: true}, {Text: v.who(loc, e.Actor), Keep: true},
			{Text: did(loc, e.Action), Strong: true, Keep: true},
			{Text: thing(loc, e.Resource), Href: "/admin/audit?about=" + e.Resource, Keep: true},
			{Text: detail(loc, e.Detail), Long: true}, {Text: e.Address, Keep: true}}
	}
	return out
}

// who names the one who acted: a person, nobody signed in, or the system itself.
func (v auditView) who(loc ui.Loc, actor string) string {
	if name := v.Names[actor]; name != "" {
		return name
	}
	if text, ok := written(loc, "console.audit."+actor); ok {
		return text
	}
	return thing(loc, actor)
}

// did says an act in words; one that has none yet is shown by its name.
func did(loc ui.Loc, action string) string {
	if text, ok := written(loc, "console.did."+strings.ReplaceAll(action, ".", "_")); ok {
		return text
	}
	return action
}

// tailLetters of an identifier tell two things of one kind apart.
const tailLetters = 5

// thing says what kind of thing an identifier names, with its last letters.
func thing(loc ui.Loc, id string) string {
	kind, rest, _ := strings.Cut(id, "_")
	what, ok := written(loc, "console.thing."+kind)
	if !ok || len(rest) <= tailLetters {
		return id
	}
	return loc.T("console.audit.tail", "What", what, "Tail", rest[len(rest)-tailLetters:])
}

// written gives a text that may not be in the catalogues: a missing key comes back as itself.
func written(loc ui.Loc, key string) (string, bool) {
	text := loc.T(key)
	return text, text != key
}

// detail is written as JSON; a text is shown as the text it is, a list of things as their kind and number, and nothing
// as nothing.
func detail(loc ui.Loc, kept string) string {
	var text string
	if json.Unmarshal([]byte(kept), &text) == nil {
		return text
	}
	var list []string
	if json.Unmarshal([]byte(kept), &list) != nil || len(list) == 0 {
		return kept
	}
	kind, _, _ := strings.Cut(list[0], "_")
	what, ok := written(loc, "console.thing."+kind)
	if !ok {
		return strings.Join(list, ", ")
	}
	return loc.T("console.audit.several", "What", what, "Count", int64(len(list)))
}
