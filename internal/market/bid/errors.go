package bid

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals of the auction and of those who act in it.
var (
	ErrNotFound  = fail.New(fail.NotFound, "bid.not_found")
	ErrNoAuction = fail.New(fail.NotFound, "bid.no_auction")
	ErrPlanned   = fail.New(fail.Conflict, "bid.planned_already")
	// ErrState refuses a step that the state does not allow. Args: State, Action.
	ErrState = fail.New(fail.Conflict, "bid.state")
	// ErrOver refuses a bid after the close.
	ErrOver = fail.New(fail.Gone, "bid.over")
	// ErrTooLate keeps a bid to its word after the close.
	ErrTooLate = fail.New(fail.Gone, "bid.too_late")
	// ErrRunning refuses to close what is not over. Args: Until.
	ErrRunning = fail.New(fail.Conflict, "bid.running")
	// ErrOwnLowest keeps a seller from undercutting himself.
	ErrOwnLowest = fail.New(fail.Conflict, "bid.own_lowest")
	// ErrTooHigh refuses a price that is not a step below the lowest. Args: Max in won.
	ErrTooHigh = fail.New(fail.Conflict, "bid.too_high")
	// ErrCeiling refuses a price above what members would pay at most. Args: Max in won.
	ErrCeiling = fail.New(fail.Invalid, "bid.ceiling")
	// ErrTries bounds the bids of one seller in an auction. Args: Max.
	ErrTries = fail.New(fail.TooMany, "bid.tries")
	// ErrFull bounds the bids of an auction. Args: Max.
	ErrFull = fail.New(fail.TooMany, "bid.full")
	// ErrBarred refuses a seller whose bid was taken out of the same auction.
	ErrBarred = fail.New(fail.Forbidden, "bid.barred")
	// ErrHidden keeps what is sealed until it is revealed.
	ErrHidden = fail.New(fail.Forbidden, "bid.hidden")

	ErrNotRegistered = fail.New(fail.Forbidden, "bid.not_registered")
	ErrOwnCrowd      = fail.New(fail.Forbidden, "bid.own_crowd")
	ErrUnverified    = fail.New(fail.Forbidden, "bid.unverified")
	// ErrDeposit asks for a deposit first. Args: Deposit in won.
	ErrDeposit = fail.New(fail.Conflict, "bid.deposit")

	// ErrReason refuses a missing public reason. Args: Min and Max in letters.
	ErrReason = fail.New(fail.Invalid, "bid.reason")
)

// Refusals of an auction's plan and of an offer, each beside its field.
var (
	ErrKind   = fail.New(fail.Invalid, "bid.plan.kind")
	ErrTop    = fail.New(fail.Invalid, "bid.plan.ceiling") // Args: Min, Max in won
	ErrStep   = fail.New(fail.Invalid, "bid.plan.step")    // Args: Max in won
	ErrWindow = fail.New(fail.Invalid, "bid.plan.window")
	ErrCrowd  = fail.New(fail.Invalid, "bid.plan.quantity") // Args: Max

	ErrDelivery   = fail.New(fail.Invalid, "bid.offer.delivery")
	ErrBranch     = fail.New(fail.Invalid, "bid.offer.branch")
	ErrPrice      = fail.New(fail.Invalid, "bid.offer.unit_price") // Args: Min, Max in won
	ErrQuantity   = fail.New(fail.Invalid, "bid.offer.quantity")   // Args: Max
	ErrSteps      = fail.New(fail.Invalid, "bid.offer.steps")      // Args: Max
	ErrPriceStep  = fail.New(fail.Invalid, "bid.offer.step_price")
	ErrPromisedBy = fail.New(fail.Invalid, "bid.offer.promised_by") // Args: Days
	ErrNote       = fail.New(fail.Invalid, "bid.offer.note")        // Args: Max
	ErrEvidence   = fail.New(fail.Invalid, "bid.offer.evidence")    // Args: Max
)
