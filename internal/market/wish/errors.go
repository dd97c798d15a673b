package wish

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals of wishes.
var (
	ErrNotFound = fail.New(fail.NotFound, "wish.not_found")
	// ErrName wants a name of 2 to 60 letters. Args: Min, Max.
	ErrName = fail.New(fail.Invalid, "wish.name").On("name")
	// ErrDetails refuses a text that is too long. Args: Max.
	ErrDetails = fail.New(fail.Invalid, "wish.details").On("details")
	// ErrLink wants an address of the web. Args: Max.
	ErrLink = fail.New(fail.Invalid, "wish.link").On("link")
	// ErrPrice wants a price between Min and Max won, or none.
	ErrPrice = fail.New(fail.Invalid, "wish.price").On("top_price")
	// ErrWay names no way of delivery.
	ErrWay = fail.New(fail.Invalid, "wish.way").On("way")
	// ErrUntil wants an end from tomorrow to Days days from now.
	ErrUntil = fail.New(fail.Invalid, "wish.until").On("until")
	// ErrKind names no kind of place.
	ErrKind = fail.New(fail.Invalid, "wish.kind").On("kind")
	// ErrOpenMax refuses one more wish of an author who has Max that gather.
	ErrOpenMax = fail.New(fail.TooMany, "wish.open_max")
	// ErrOver refuses to join or to leave when the bids are closed, or the wish has ended.
	ErrOver = fail.New(fail.Gone, "wish.over")
	// ErrConfirmed wants a confirmed e-mail address for a firm place: one person, one place (decision 38).
	ErrConfirmed = fail.New(fail.Forbidden, "wish.confirmed")
	// ErrAlone lets a lead withdraw a wish only while nobody else is firm.
	ErrAlone = fail.New(fail.Conflict, "wish.not_alone")
	// ErrSame refuses to merge a wish into itself.
	ErrSame = fail.New(fail.Invalid, "merger.same").On("into")
	// ErrMergeLate refuses to merge a wish that does not gather any more.
	ErrMergeLate = fail.New(fail.Conflict, "merger.late")
	// ErrMergeInto refuses to merge into a wish that takes nobody any more.
	ErrMergeInto = fail.New(fail.Conflict, "merger.closed").On("into")
	// ErrLead refuses what only the lead may do.
	ErrLead = fail.New(fail.Forbidden, "wish.lead")
)

// Outcomes of wishes that closed.
const (
	OutcomeExpired   = "expired"
	OutcomeWithdrawn = "withdrawn"
	OutcomeNoBid     = "no_bid"
	OutcomeTooFew    = "too_few"
	OutcomeTakenDown = "taken_down"
)
