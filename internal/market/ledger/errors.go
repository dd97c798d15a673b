package ledger

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals of Post. After one of them the transaction holds a part of the batch: return it, so that it rolls back.
var (
	// ErrShort is an account that would fall below zero; Args: Account, Party, Amount (won asked for).
	ErrShort = fail.New(fail.Conflict, "ledger.short")
	// ErrPosted is a scope that stands in the book already with the same body; Args: Scope, Entry. The cause is a
	// *Posted with the old entry.
	ErrPosted = fail.New(fail.Conflict, "ledger.posted")
	// ErrScope is a scope that stands in the book with another body; Args: Scope, Entry.
	ErrScope = fail.New(fail.Conflict, "ledger.scope")
	// ErrMirrored is a correction of an entry that is corrected already; Args: Entry.
	ErrMirrored = fail.New(fail.Conflict, "ledger.mirrored")
	// ErrNotFound is an entry that does not exist.
	ErrNotFound = fail.New(fail.NotFound, "ledger.not_found")
	// ErrBytes is a stored entry whose canonical bytes cannot be read.
	ErrBytes = fail.New(fail.Internal, "ledger.bytes")
	// ErrDay is a day of which no segregation row stands.
	ErrDay = fail.New(fail.NotFound, "ledger.day")
)

// Posted is the cause of ErrPosted: the entry that holds the scope.
type Posted struct{ Entry Entry }

// Error names the entry, for logs.
func (p *Posted) Error() string {
	return "scope " + p.Entry.Scope + " is held by " + string(p.Entry.ID)
}
