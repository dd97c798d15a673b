package merchant

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
)

// Merchant is a shop's business.
type Merchant struct {
	ID           market.MerchantID
	Slug         string // part of its page's address; the id until it is submitted
	State        State
	ReturnReason string // what to mend, while returned; why, while suspended
	Business     Business
	Profile      Profile
	RegionID     market.RegionID // of its first branch
	Bank         Bank
	NextBank     Bank      // asked for and waiting
	NextBankAt   time.Time // zero when nothing waits
	SubmittedAt  time.Time
	ApprovedAt   time.Time
	CreatedAt    time.Time
	Version      int64
}

// Business is who stands behind the shop, as the tax office knows it.
type Business struct {
	Number         string // ten digits
	Name           string // 상호
	Representative string // 대표자
	Phone          string // digits
	Email          string
}

// Profile is what the shop's page shows.
type Profile struct {
	Slug       string // wish for the page's address, until it is submitted
	Story      string
	CategoryID market.CategoryID
	More       []market.CategoryID // further categories
	Colour     Colour
	Pictures   []photo.Ref
}

// Bank is where a shop's money goes.
type Bank struct {
	Code    string // of the institution, three digits (금융결제원)
	Account string // digits
	Holder  string
}

// Branch is one place of a shop.
type Branch struct {
	ID          market.BranchID
	MerchantID  market.MerchantID
	Name        string
	Address     string
	RegionID    market.RegionID
	LatitudeE7  int64 // 1e-7 degrees; 0 with LongitudeE7 0: unknown
	LongitudeE7 int64
	Phone       string // digits, "" for the shop's
	Hours       Hours
	Directions  string // the way to the door
	ClosedAt    time.Time
	Version     int64
}

// HasPlace reports known coordinates.
func (b Branch) HasPlace() bool { return b.LatitudeE7 != 0 || b.LongitudeE7 != 0 }

// Member is somebody who works in a shop.
type Member struct {
	MerchantID market.MerchantID
	AccountID  market.AccountID
	Role       market.Role
	BranchID   market.BranchID // "" for all branches
	AddedBy    market.AccountID
	AddedAt    time.Time
}

// Invitation asks somebody to work in a shop.
type Invitation struct {
	ID         string
	MerchantID market.MerchantID
	Email      string
	Role       market.Role
	BranchID   market.BranchID
	InvitedBy  market.AccountID
	InvitedAt  time.Time
	ExpiresAt  time.Time
	AcceptedAt time.Time
	RevokedAt  time.Time
}

// PrefixInvitation begins an invitation's id.
const PrefixInvitation = "inv"

// Limits of this noun; characters unless said otherwise.
const (
	NameMax        = 40
	HolderMax      = 40
	StoryMax       = 2000
	AddressMax     = 120
	DirectionsMax  = 300
	PicturesMax    = 12
	MoreMax        = 2 // further categories
	BranchesMax    = 200
	ReasonMax      = 1000
	SlugMax        = 40
	InvitationDays = 7
	InvitationsMax = 50 // alive at once
	DraftsMax      = 5  // registrations begun and not submitted, for one owner
)
