// Package story holds the fixtures of every part of ui: normal, empty, long Korean words, huge numbers, error.
//
// The same fixtures feed the pages under /stories/, the golden files and the photographs. Names and figures are
// invented. It will not hold fixtures of pages; a page package keeps its own and the app puts all into one ui.Book.
package story
