package api

import "github.com/dure-commerce/dure/internal/web/ui"

func columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("api.method")}, {Label: loc.T("api.path")}, {Label: loc.T("api.what")},
		{Label: loc.T("api.needs")}}
}

func rows(loc ui.Loc, lines []line) [][]ui.Cell {
	out := make([][]ui.Cell, len(lines))
	for i, l := range lines {
		needs := loc.T("api.needs_nothing")
		switch {
		case l.Keyed:
			needs = loc.T("api.needs_key")
		case l.Signed:
			needs = loc.T("api.needs_token")
		}
		out[i] = []ui.Cell{{Text: l.Method, Strong: true}, {Text: l.Path}, {Text: l.Summary}, {Text: needs}}
	}
	return out
}
