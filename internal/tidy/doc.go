// Package tidy checks the rules of this house that compilers and linters do not see.
//
// A check reads the repository as text and syntax, never by running it, and answers with findings that say what to do.
// The checks run as an ordinary test (go test ./internal/tidy). Each has a test of its own that plants the mistake and
// compares the message. What cannot be met yet stands in ratchets.txt, whose numbers only go down; there are no
// exceptions beside it.
//
// The package owns no rule: style and architecture are written in ARCHITECTURE.md and CONTRIBUTING.md.
package tidy
