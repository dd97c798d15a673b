package account

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals. Those of signing in and of links say the same for "unknown" and for "wrong", so that nobody learns which
// addresses have an account.
var (
	ErrCredentials   = fail.New(fail.Unauthenticated, "account.credentials")
	ErrLink          = fail.New(fail.Gone, "account.link")
	ErrSignedOut     = fail.New(fail.Unauthenticated, "account.signed_out")
	ErrToken         = fail.New(fail.Unauthenticated, "account.token")
	ErrBlocked       = fail.New(fail.Forbidden, "account.blocked")
	ErrUnknown       = fail.New(fail.NotFound, "account.unknown")
	ErrTaken         = fail.New(fail.Conflict, "account.taken")
	ErrTooManyTokens = fail.New(fail.Conflict, "account.too_many_tokens")
	ErrLastAdmin     = fail.New(fail.Conflict, "account.last_admin")
	ErrStaffExists   = fail.New(fail.Conflict, "account.staff_exists")
	ErrBusy          = fail.New(fail.Unavailable, "account.busy")

	ErrEmail          = fail.New(fail.Invalid, "account.email")
	ErrName           = fail.New(fail.Invalid, "account.name")
	ErrNameLong       = fail.New(fail.Invalid, "account.name_long")
	ErrLabel          = fail.New(fail.Invalid, "account.label")
	ErrLocale         = fail.New(fail.Invalid, "account.locale")
	ErrRole           = fail.New(fail.Invalid, "account.role")
	ErrDays           = fail.New(fail.Invalid, "account.days")
	ErrPasswordShort  = fail.New(fail.Invalid, "account.password_short")
	ErrPasswordLong   = fail.New(fail.Invalid, "account.password_long")
	ErrPasswordCommon = fail.New(fail.Invalid, "account.password_common")
	ErrPasswordMine   = fail.New(fail.Invalid, "account.password_mine")
	ErrPasswordWrong  = fail.New(fail.Invalid, "account.password_wrong")
	ErrPasswordText   = fail.New(fail.Invalid, "account.password_text")
)
