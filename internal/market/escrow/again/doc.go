// Package again ends a void escrow once everything of it has gone back, and opens it anew for a wish that gathered on:
// one wish has one escrow, whose shares of an earlier round have all ended before another round is paid for. What was
// frozen for each of those rounds stays in escrow_past.
package again
