package settlement

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals of settlement.
var (
	ErrNotFound   = fail.New(fail.NotFound, "settlement.not_found")
	ErrState      = fail.New(fail.Conflict, "settlement.state")
	ErrChanged    = fail.New(fail.Conflict, "settlement.changed")
	ErrReason     = fail.New(fail.Invalid, "settlement.reason")
	ErrNothing    = fail.New(fail.Invalid, "settlement.nothing_chosen")
	ErrLate       = fail.New(fail.Conflict, "settlement.objection_late")
	ErrObjected   = fail.New(fail.Conflict, "settlement.objected")
	ErrLineKind   = fail.New(fail.Invalid, "settlement.line_kind")
	ErrAnswered   = fail.New(fail.Conflict, "settlement.answered")
	ErrAmount     = fail.New(fail.Invalid, "settlement.amount")
	ErrBank       = fail.New(fail.Conflict, "settlement.bank_account")
	ErrSweep      = fail.New(fail.Conflict, "settlement.sweep_limit")
	ErrTopUp      = fail.New(fail.Conflict, "settlement.top_up_limit")
	ErrSandbox    = fail.New(fail.Forbidden, "settlement.sandbox_only")
	ErrBooks      = fail.New(fail.Internal, "settlement.books_differ")
	ErrNotMatched = fail.New(fail.Conflict, "settlement.not_matched")
)
