// Package interest is the journey of what a buyer is owed because a refund came late.
//
//	refund accepted late ─► owed (R12) ─► account known from before? ─► due ─► job ─► bank ─► paid (R17)
//	                                        └─ no: asked by letter ─► named ─►┘     └─ failed, sent back: asked anew
//
// A gateway gives back no more than was paid, so interest goes by bank, from custody. A reference for each attempt
// makes the transfer happen once; nothing is posted as paid before the bank's own statement says so.
package interest
