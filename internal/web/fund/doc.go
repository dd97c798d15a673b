// Package fund is where the firm members of a wish pay for the offer that has won: what it costs, until when, who
// sells, where it goes, what happens when too few pay; and what became of a payment that made no share.
//
// A payment that did is a share: its own page tells the rest (web/share). Buttons work without script.
package fund
