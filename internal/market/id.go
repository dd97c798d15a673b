package market

// Identifiers are texts of a prefix and a time-ordered part (kit/id). Codes that people type are other types.
type (
	// AccountID names a person who signs in ("acc_…").
	AccountID string
	// MerchantID names a shop's business ("mer_…").
	MerchantID string
	// BranchID names one place of a merchant ("brn_…").
	BranchID string
	// RegionID is a region's code, prefixed with its level.
	RegionID string
	// CategoryID is a category's code.
	CategoryID string
	// DealID names a deal ("dea_…").
	DealID string
	// OptionID names an option of a deal ("opt_…").
	OptionID string
	// OrderID names an order ("ord_…").
	OrderID string
	// PaymentID names one attempt to pay an order ("pay_…").
	PaymentID string
	// RefundID names one return of money ("ref_…").
	RefundID string
	// VoucherID names a voucher ("vch_…").
	VoucherID string
	// RedemptionID names one use of a voucher ("red_…").
	RedemptionID string
	// EntryID names a ledger entry ("ent_…").
	EntryID string
	// StatementID names a merchant's statement of one day ("stm_…").
	StatementID string
	// PayoutID names one transfer to a merchant ("out_…").
	PayoutID string
	// WishID names what a crowd wants to buy together ("wsh_…").
	WishID string
	// BidID names one seller's bid on a wish ("bid_…").
	BidID string
)

// Prefixes of the identifiers.
const (
	PrefixAccount    = "acc"
	PrefixMerchant   = "mer"
	PrefixBranch     = "brn"
	PrefixDeal       = "dea"
	PrefixOption     = "opt"
	PrefixOrder      = "ord"
	PrefixPayment    = "pay"
	PrefixRefund     = "ref"
	PrefixVoucher    = "vch"
	PrefixRedemption = "red"
	PrefixEntry      = "ent"
	PrefixStatement  = "stm"
	PrefixLine       = "lin"
	PrefixPayout     = "out"
	PrefixWish       = "wsh"
	PrefixBid        = "bid"
)
