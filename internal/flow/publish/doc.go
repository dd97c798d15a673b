// Package publish is the journey of a deal from a merchant's draft to its place in the week.
//
//	SaveDraft ─► Submit ─► (waiting line) ─► Return with reason ─► SaveDraft …
//	                                     └─► Schedule: terms in force, public as 예고 ─► flow/tipping opens it
//
// Nobody but the merchant sets a price: an operator's attempt is refused and logged. The table of won that the merchant
// saw is frozen into the terms, the commission at scheduling.
package publish
