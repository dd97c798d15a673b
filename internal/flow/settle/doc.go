// Package settle is the journey of a merchant's money, and of the money that guards it.
//
//	uses, shares ─► draft ─ 00:10 ─► issued ─ 10:00, silence ─► confirmed ─► payout ─► bank ─► paid
//	                                    └─ objection: the line goes apart ─ answer ─►┘     └─ returned: a new payout
//	bank statements, settlement file, transaction list ─► matched, or in a list with its age
//	books ─► segregation of the day ─► top-up task ─► top-up; commission ─► sweep
//
// Everything here runs again after a crash: the runs of a day keep how far they came, a payout's reference makes its
// transfer happen once, and every change of a merchant's money begins with the lock of their settlement.
package settle
