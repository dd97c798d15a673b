package merchant

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals.
var (
	ErrNotFound    = fail.New(fail.NotFound, "merchant.not_found")
	ErrNotApproved = fail.New(fail.Conflict, "merchant.not_approved")
	ErrSettled     = fail.New(fail.Conflict, "merchant.settled") // cannot change once submitted
	ErrNumberTaken = fail.New(fail.Conflict, "merchant.number_taken")
	ErrSlugTaken   = fail.New(fail.Conflict, "merchant.slug_taken")
	ErrManyDrafts  = fail.New(fail.Conflict, "merchant.many_drafts")
	ErrChanged     = fail.New(fail.Conflict, "merchant.changed") // somebody else was faster

	ErrNumber         = fail.New(fail.Invalid, "merchant.number")
	ErrName           = fail.New(fail.Invalid, "merchant.name")
	ErrRepresentative = fail.New(fail.Invalid, "merchant.representative")
	ErrPhone          = fail.New(fail.Invalid, "merchant.phone")
	ErrEmail          = fail.New(fail.Invalid, "merchant.email")
	ErrStory          = fail.New(fail.Invalid, "merchant.story")
	ErrSlug           = fail.New(fail.Invalid, "merchant.slug")
	ErrColour         = fail.New(fail.Invalid, "merchant.colour")
	ErrCategory       = fail.New(fail.Invalid, "merchant.category")
	ErrPictures       = fail.New(fail.Invalid, "merchant.pictures")
	ErrBank           = fail.New(fail.Invalid, "merchant.bank")
	ErrBankAccount    = fail.New(fail.Invalid, "merchant.bank_account")
	ErrBankHolder     = fail.New(fail.Invalid, "merchant.bank_holder")
	ErrBankSame       = fail.New(fail.Invalid, "merchant.bank_same")
	ErrNothingWaits   = fail.New(fail.Conflict, "merchant.nothing_waits")
	ErrReason         = fail.New(fail.Invalid, "merchant.reason")
	ErrMissing        = fail.New(fail.Invalid, "merchant.missing") // Args: What

	ErrBranchName   = fail.New(fail.Invalid, "merchant.branch_name")
	ErrAddress      = fail.New(fail.Invalid, "merchant.address")
	ErrRegion       = fail.New(fail.Invalid, "merchant.region")
	ErrPlace        = fail.New(fail.Invalid, "merchant.place")
	ErrDirections   = fail.New(fail.Invalid, "merchant.directions")
	ErrHours        = fail.New(fail.Invalid, "merchant.hours") // Args: Day
	ErrHoursDate    = fail.New(fail.Invalid, "merchant.hours_date")
	ErrHoursMany    = fail.New(fail.Invalid, "merchant.hours_many")
	ErrManyBranches = fail.New(fail.Conflict, "merchant.many_branches")
	ErrLastBranch   = fail.New(fail.Conflict, "merchant.last_branch")

	ErrRole            = fail.New(fail.Invalid, "merchant.role")
	ErrInviteEmail     = fail.New(fail.Invalid, "merchant.invite_email")
	ErrInvitation      = fail.New(fail.Gone, "merchant.invitation")
	ErrManyInvitations = fail.New(fail.Conflict, "merchant.many_invitations")
	ErrMember          = fail.New(fail.Conflict, "merchant.member")
	ErrNoMember        = fail.New(fail.NotFound, "merchant.no_member")
	ErrLastOwner       = fail.New(fail.Conflict, "merchant.last_owner")
)
