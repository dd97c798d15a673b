package right

import "github.com/dure-commerce/dure/internal/market"

// Actions on a merchant. What shows money is an action of its own, because people who only scan never see it.
const (
	MerchantView     Action = "merchant.view"      // its office pages, without money
	MerchantRegister Action = "merchant.register"  // begin a registration of one's own
	MerchantEdit     Action = "merchant.edit"      // profile, photos, branches, hours
	MerchantSubmit   Action = "merchant.submit"    // hand the registration in
	MerchantBank     Action = "merchant.bank"      // change the payout account
	MerchantBankView Action = "merchant.bank_view" // see the whole number of the payout account
	MerchantMoney    Action = "merchant.money"     // sales, earnings, reports
	MerchantPeople   Action = "merchant.people"    // see, invite and remove people
	MerchantLeave    Action = "merchant.leave"     // end one's own membership
	MerchantReview   Action = "merchant.review"    // approve or return a registration
	MerchantSuspend  Action = "merchant.suspend"   // suspend and reinstate
	MerchantClaim    Action = "merchant.claim"     // say that a directory entry is this merchant
	MerchantFollow   Action = "merchant.follow"

	MerchantClaimDecide Action = "merchant.claim_decide" // grant, refuse and release what a shop claims
)

// Actions on a deal.
const (
	DealView        Action = "deal.view" // as its makers see it; the public page needs no right
	DealEdit        Action = "deal.edit" // write a draft, propose terms
	DealSubmit      Action = "deal.submit"
	DealWithdraw    Action = "deal.withdraw"     // take a deal back before its sale
	DealDecideShort Action = "deal.decide_short" // accept short or extend
	DealSales       Action = "deal.sales"        // the sales board, with money
	DealReview      Action = "deal.review"       // approve or return terms, schedule
	DealCancel      Action = "deal.cancel"       // end a running sale and refund everybody
	DealBookmark    Action = "deal.bookmark"
)

// Actions on an order.
const (
	OrderPlace  Action = "order.place"
	OrderView   Action = "order.view"
	OrderPay    Action = "order.pay"
	OrderCancel Action = "order.cancel"
	OrderRefund Action = "order.refund" // ask for the money back by one's right
	OrderGrant  Action = "order.grant"  // refund by the operator's decision
)

// Actions on a voucher.
const (
	VoucherView    Action = "voucher.view" // with its QR code
	VoucherGift    Action = "voucher.gift"
	VoucherRefund  Action = "voucher.refund"
	VoucherLookUp  Action = "voucher.look_up" // what the counter sees of it: no money, a masked name
	VoucherRevoke  Action = "voucher.revoke"
	VoucherHistory Action = "voucher.history" // every step, for help and disputes
)

// Actions on a redemption.
const (
	RedemptionMake    Action = "redemption.make"
	RedemptionView    Action = "redemption.view"     // the counter's list, without money
	RedemptionMoney   Action = "redemption.money"    // what each use earned
	RedemptionUndoOwn Action = "redemption.undo_own" // the person who scanned, within minutes
	RedemptionUndo    Action = "redemption.undo"     // a supervisor, within the day
	RedemptionAsk     Action = "redemption.ask"      // the guest names the branch and the shop answers
)

// Actions on statements and payouts.
const (
	StatementView   Action = "statement.view"
	StatementAnswer Action = "statement.answer" // confirm or object
	StatementDecide Action = "statement.decide" // the operator's answer to an objection
	StatementHold   Action = "statement.hold"   // hold a payout and let it go
	StatementRun    Action = "statement.run"    // start a settlement or payout run by hand
)

// Actions on a wish.
const (
	WishPost     Action = "wish.post"
	WishJoin     Action = "wish.join"      // look on, count, leave
	WishWithdraw Action = "wish.withdraw"  // as its lead; market/wish says who leads and when
	WishTakeDown Action = "wish.take_down" // on legal ground, with a public reason
	WishFollow   Action = "wish.follow"    // as a shop, kinds of wishes
	WishMerge    Action = "wish.merge"     // as its lead: ask, agree, take back
	WishLead     Action = "wish.lead"      // as its lead: other words, and who leads next
)

// Actions on bids.
const (
	BidPlace      Action = "bid.place"
	BidWithdraw   Action = "bid.withdraw"
	BidJudge      Action = "bid.judge"      // vote, flag and ask; market/bid says which members may
	BidAnswer     Action = "bid.answer"     // what members asked
	BidDisqualify Action = "bid.disqualify" // with a public reason
)

// Actions on a member's share of a crowd's money, and on what its seller does for it.
const (
	ShareView     Action = "share.view"     // with its parcel, its dates and its dispute
	ShareReceive  Action = "share.receive"  // confirm receipt, ask for more time, leave, name an address
	ShareServe    Action = "share.serve"    // hand over at the branch against the member's code
	ShareSend     Action = "share.send"     // name parcels, give a share back
	ShareAddress  Action = "share.address"  // where a member lives, as long as it is needed
	ShareGiveBack Action = "share.giveback" // by the operator's decision
	DisputeOpen   Action = "dispute.open"
	DisputeSpeak  Action = "dispute.speak" // answer, reply, give in; market/escrow says whose turn it is
	DisputeDecide Action = "dispute.decide"
)

// Actions on what people say after a use.
const (
	FeedbackView   Action = "feedback.view" // who said it, behind the public words
	FeedbackGive   Action = "feedback.give"
	FeedbackAnswer Action = "feedback.answer"
	FeedbackRemove Action = "feedback.remove" // legal removal, leaves a stub
)

// Actions on an account.
const (
	AccountView  Action = "account.view"
	AccountEdit  Action = "account.edit" // name, locale, password, tokens, sessions
	AccountBlock Action = "account.block"
	AccountStaff Action = "account.staff" // create staff, set roles
	AccountAdmit Action = "account.admit" // make an account without a mail: imports and the demo, as System only
)

// Actions at the operator's console.
const (
	ConsoleView    Action = "console.view"
	ConsoleMoney   Action = "console.money"   // ledger, custody, runs
	ConsoleAudit   Action = "console.audit"   // who did what
	ConsoleSetting Action = "console.setting" // policies, regions, limits
	ConsoleJob     Action = "console.job"     // stuck work: look and start again
	ConsoleImport  Action = "console.import"  // regions, directory, calendars
	RoomSwitch     Action = "room.switch"     // open and shut waiting rooms by hand
)

// Sets of roles that the table names; nothing changes them.
var (
	everyRole = []market.Role{market.RoleOwner, market.RoleManager, market.RoleScan}
	leading   = []market.Role{market.RoleOwner, market.RoleManager}
	owner     = []market.Role{market.RoleOwner}

	everyStaff = []market.Role{market.RoleAdmin, market.RoleFinance, market.RoleSupport}
	caring     = []market.Role{market.RoleAdmin, market.RoleSupport}
	counting   = []market.Role{market.RoleAdmin, market.RoleFinance}
	admin      = []market.Role{market.RoleAdmin}
)

// rules is the whole table. Read a line as "who may": everybody named may, nobody else.
var rules = map[Action]rule{
	MerchantView:     {shop: everyRole, passes: true, staff: everyStaff},
	MerchantRegister: {signedIn: true},
	MerchantEdit:     {shop: leading},
	MerchantSubmit:   {shop: owner},
	MerchantBank:     {shop: owner},
	MerchantBankView: {shop: owner, staff: counting},
	MerchantMoney:    {shop: leading, staff: counting},
	MerchantPeople:   {shop: owner},
	MerchantLeave:    {shop: everyRole, passes: true, ownOnly: true},
	MerchantReview:   {staff: caring},
	MerchantSuspend:  {staff: caring},
	MerchantClaim:    {shop: owner, staff: caring},
	MerchantFollow:   {signedIn: true},

	MerchantClaimDecide: {staff: caring},

	DealView:        {shop: everyRole, passes: true, staff: everyStaff},
	DealEdit:        {shop: leading},
	DealSubmit:      {shop: leading},
	DealWithdraw:    {shop: leading},
	DealDecideShort: {shop: owner},
	DealSales:       {shop: leading, staff: everyStaff},
	DealReview:      {staff: caring},
	DealCancel:      {staff: admin},
	DealBookmark:    {signedIn: true},

	OrderPlace:  {signedIn: true},
	OrderView:   {holder: true, staff: everyStaff},
	OrderPay:    {holder: true},
	OrderCancel: {holder: true},
	OrderRefund: {holder: true},
	OrderGrant:  {staff: everyStaff},

	VoucherView:    {holder: true, staff: caring},
	VoucherGift:    {holder: true},
	VoucherRefund:  {holder: true},
	VoucherLookUp:  {shop: everyRole, passes: true},
	VoucherRevoke:  {staff: caring},
	VoucherHistory: {holder: true, staff: everyStaff},

	RedemptionMake:    {shop: everyRole},
	RedemptionView:    {holder: true, shop: everyRole, passes: true, staff: everyStaff},
	RedemptionMoney:   {shop: leading, staff: everyStaff},
	RedemptionUndoOwn: {shop: everyRole, ownOnly: true},
	RedemptionUndo:    {shop: leading},
	RedemptionAsk:     {holder: true},

	StatementView:   {shop: leading, staff: counting},
	StatementAnswer: {shop: owner},
	StatementDecide: {staff: counting},
	StatementHold:   {staff: counting},
	StatementRun:    {staff: counting},

	WishPost:     {signedIn: true},
	WishJoin:     {signedIn: true},
	WishWithdraw: {holder: true},
	WishTakeDown: {staff: caring},
	WishFollow:   {shop: leading},
	WishMerge:    {holder: true},
	WishLead:     {holder: true},

	BidPlace:      {shop: leading},
	BidWithdraw:   {shop: leading},
	BidJudge:      {signedIn: true},
	BidAnswer:     {shop: leading},
	BidDisqualify: {staff: caring},

	ShareView:     {holder: true, shop: leading, staff: everyStaff},
	ShareReceive:  {holder: true},
	ShareServe:    {shop: everyRole},
	ShareSend:     {shop: leading},
	ShareAddress:  {shop: leading},
	ShareGiveBack: {staff: caring},
	DisputeOpen:   {holder: true},
	DisputeSpeak:  {holder: true, shop: leading},
	DisputeDecide: {staff: caring},

	FeedbackView:   {holder: true, shop: leading, staff: caring},
	FeedbackGive:   {holder: true},
	FeedbackAnswer: {shop: leading},
	FeedbackRemove: {staff: admin},

	AccountView:  {holder: true, staff: caring},
	AccountEdit:  {holder: true},
	AccountBlock: {staff: caring},
	AccountStaff: {staff: admin},
	AccountAdmit: {},

	ConsoleView:    {staff: everyStaff},
	ConsoleMoney:   {staff: counting},
	ConsoleAudit:   {staff: admin},
	ConsoleSetting: {staff: admin},
	ConsoleJob:     {staff: everyStaff},
	RoomSwitch:     {staff: caring},
	ConsoleImport:  {staff: admin},
}
