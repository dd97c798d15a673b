// Package doctor asks a database whether the invariants of docs/invariants.md hold, and names the rows that break them.
//
// It reads only, beside a running server, in slices that are short enough to let the server breathe; each slice is one
// consistent view, so a history that grows meanwhile raises no false alarm. It repairs nothing: what it finds is either
// somebody's meddling or our own mistake, and both need a person.
//
// A noun's questions stand in files of their own (ledger_*.go, …); registry.go lists them.
package doctor
