// Package paste answers what a pasted link says of itself while somebody writes a wish: its title, a sentence and a
// picture, as a part of the form, and without script as the form again.
//
// It has no rules: flow/glimpse reads the link, and keeps what came of it.
package paste
