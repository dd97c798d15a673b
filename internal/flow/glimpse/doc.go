// Package glimpse reads what a pasted link says of itself, for the form of a new wish: kit/fetch brings the page and
// its picture, kit/preview reads the page, and the picture is made anew and kept as one of ours.
//
// Nothing is fetched inside a transaction. A link that was read lately is not read again, whoever asks; a person may
// ask for a few new links an hour. What a page says is a suggestion: its author still writes the wish.
package glimpse
