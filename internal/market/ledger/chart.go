package ledger

import "slices"

// Account is the code of an account in the chart.
type Account string

// The accounts in use; Chart tells what each is.
const (
	GatewayReceivable  Account = "1100"
	BankCustody        Account = "1110"
	BankOperating      Account = "1120"
	PayoutTransit      Account = "1140"
	RefundTransit      Account = "1150"
	MerchantReceivable Account = "1160"
	VATInput           Account = "1170"
	ChargebackDisputed Account = "1180"
	Suspense           Account = "1190"
	Pledge             Account = "2100"
	Unredeemed         Account = "2110"
	EscrowHeld         Account = "2120"
	EscrowDisputed     Account = "2130"
	Pending            Account = "2140"
	Payable            Account = "2150"
	Reserve            Account = "2160"
	BidDeposit         Account = "2165"
	RefundPayable      Account = "2170"
	PointsPaid         Account = "2180"
	Unclaimed          Account = "2190"
	PromoterPayable    Account = "2195"
	VATOutput          Account = "2200"
	Equity             Account = "3100"
	Commission         Account = "4100"
	Breakage           Account = "4110"
	DepositsKept       Account = "4120"
	GatewayFee         Account = "5100"
	LateInterest       Account = "5110"
	Promo              Account = "5120"
	ChargebackLoss     Account = "5130"
	Compensation       Account = "5140"
	Rounding           Account = "5900"
)

// Side is one side of an entry, and the side on which an account normally stands.
type Side string

// The two sides.
const (
	Debit  Side = "D"
	Credit Side = "C"
)

// Other gives the opposite side.
func (s Side) Other() Side {
	if s == Debit {
		return Credit
	}
	return Debit
}

// Client says how an account counts in the segregation equation.
type Client string

// What an account is to the clients' money.
const (
	NotClient       Client = ""
	ClientAsset     Client = "A"
	ClientLiability Client = "L"
)

// PartyKind says whose sub-account a line moves.
type PartyKind string

// The kinds of parties. A deal, order, voucher or merchant that is a party is also named by the entry itself.
const (
	PartyNone     PartyKind = ""
	PartyGateway  PartyKind = "gateway"
	PartyDeal     PartyKind = "deal"
	PartyOrder    PartyKind = "order"
	PartyVoucher  PartyKind = "voucher"
	PartyMerchant PartyKind = "merchant"
	PartyPayout   PartyKind = "payout"
	PartyRefund   PartyKind = "refund"
)

// Info is what the chart says of an account.
type Info struct {
	Account  Account
	Side     Side // the normal side
	Client   Client
	Party    PartyKind
	Floor    bool // has balance rows that never fall below zero on the normal side
	Clearing bool // every party must return to zero within a limit of time
	Either   bool // may stand on either side
}

// NameKey is the catalogue key of the account's name.
func (i Info) NameKey() string { return i.Account.NameKey() }

// NameKey is the catalogue key of the account's name.
func (a Account) NameKey() string { return "ledger.account.a" + string(a) }

// chart is sorted by code.
var chart = []Info{
	{Account: GatewayReceivable, Side: Debit, Client: ClientAsset, Party: PartyGateway},
	{Account: BankCustody, Side: Debit, Client: ClientAsset},
	{Account: BankOperating, Side: Debit},
	{Account: PayoutTransit, Side: Credit, Client: ClientLiability, Party: PartyPayout, Floor: true, Clearing: true},
	{Account: RefundTransit, Side: Credit, Client: ClientLiability, Party: PartyRefund, Floor: true, Clearing: true},
	{Account: MerchantReceivable, Side: Debit, Party: PartyMerchant, Floor: true},
	{Account: VATInput, Side: Debit},
	{Account: ChargebackDisputed, Side: Debit},
	{Account: Suspense, Side: Credit, Client: ClientLiability, Either: true},
	{Account: Pledge, Side: Credit, Client: ClientLiability, Party: PartyDeal, Floor: true},
	{Account: Unredeemed, Side: Credit, Client: ClientLiability, Party: PartyDeal, Floor: true},
	{Account: EscrowHeld, Side: Credit, Client: ClientLiability, Party: PartyOrder, Floor: true},
	{Account: EscrowDisputed, Side: Credit, Client: ClientLiability, Party: PartyOrder, Floor: true},
	{Account: Pending, Side: Credit, Client: ClientLiability, Party: PartyMerchant, Floor: true},
	{Account: Payable, Side: Credit, Client: ClientLiability, Party: PartyMerchant, Floor: true},
	{Account: Reserve, Side: Credit, Client: ClientLiability, Party: PartyMerchant, Floor: true},
	{Account: BidDeposit, Side: Credit, Client: ClientLiability, Party: PartyOrder, Floor: true},
	{Account: RefundPayable, Side: Credit, Client: ClientLiability, Party: PartyOrder, Floor: true},
	{Account: PointsPaid, Side: Credit, Client: ClientLiability, Party: PartyVoucher, Floor: true},
	{Account: Unclaimed, Side: Credit, Client: ClientLiability, Party: PartyVoucher, Floor: true},
	{Account: PromoterPayable, Side: Credit},
	{Account: VATOutput, Side: Credit},
	{Account: Equity, Side: Credit},
	{Account: Commission, Side: Credit},
	{Account: Breakage, Side: Credit},
	{Account: DepositsKept, Side: Credit},
	{Account: GatewayFee, Side: Debit},
	{Account: LateInterest, Side: Debit},
	{Account: Promo, Side: Debit},
	{Account: ChargebackLoss, Side: Debit},
	{Account: Compensation, Side: Debit},
	{Account: Rounding, Side: Debit, Either: true},
}

// byAccount is the chart for looking up; it is built once and never written.
var byAccount = func() map[Account]Info {
	m := make(map[Account]Info, len(chart))
	for _, i := range chart {
		m[i.Account] = i
	}
	return m
}()

// Chart gives all accounts, sorted by code.
func Chart() []Info { return slices.Clone(chart) }

// Lookup gives the chart's line of an account; false for a code that is not in the chart.
func Lookup(a Account) (Info, bool) {
	i, ok := byAccount[a]
	return i, ok
}
