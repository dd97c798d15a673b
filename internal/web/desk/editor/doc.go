// Package editor is where a merchant writes a deal: one form in one column, with what it means in won and how shoppers
// will see it beside it, kept as it is typed; and where a public deal asks for a change.
//
// It speaks to flow/publish alone. It knows no limits and no sums: those come from the deal's own rules and tables.
package editor
