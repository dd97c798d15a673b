package wallet

import (
	"slices"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/wallet"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// lineView is one card of a list.
type lineView struct {
	Href, Title, Shop, Note string
	Chip                    ui.Chip
	Won                     string
	Picture                 string
}

func orderLine(loc ui.Loc, p wallet.Purchase, now time.Time) lineView {
	chip := ui.Chip{Label: loc.T("wallet.chip." + string(p.State)), Tone: orderTone(p.State)}
	if p.State == order.Paid && p.Bought.TippedAt.IsZero() {
		chip = ui.Chip{Label: loc.T("wallet.chip.gathering"), Tone: ui.Gather}
	}
	return lineView{Href: "/orders/" + string(p.ID), Title: p.Bought.Title, Shop: p.Bought.MerchantName,
		Note: loc.T("wallet.line", "Day", loc.Date(p.CreatedAt, now), "Option", p.Bought.Option, "Count", p.Quantity),
		Chip: chip, Won: loc.Won(p.Amount), Picture: photo.Ref(p.Bought.Picture).Thumb()}
}

func orderTone(s order.State) ui.Tone {
	switch s {
	case order.Held:
		return ui.Warn
	case order.Paid:
		return ui.Act
	case order.Refunded:
		return ui.Info
	case order.Lapsed, order.Cancelled:
	}
	return ui.Quiet
}

func voucherLine(loc ui.Loc, s wallet.Stub, now time.Time) lineView {
	line := lineView{Href: "/vouchers/" + string(s.ID), Title: s.Bought.Title, Shop: s.Bought.MerchantName,
		Picture: photo.Ref(s.Bought.Picture).Thumb(),
		Chip:    ui.Chip{Label: loc.T("voucher.chip." + string(s.State)), Tone: voucherTone(s.State)}}
	switch s.State {
	case voucher.Active:
		line.Note = loc.Until(s.ValidUntil, now)
		if s.ValidUntil.Sub(now) > soon {
			line.Note = loc.T("voucher.story.until", "Until", lastDay(loc, s.ValidUntil))
		}
	case voucher.Issued:
		line.Note = loc.T("voucher.line.waits", "Until", saleEnd(loc, s.Bought.EndsAt, now))
	default:
		if !s.EndedAt.IsZero() {
			line.Note = loc.Date(s.EndedAt, now)
		}
	}
	if s.Open() && s.UnitsTotal > 1 {
		line.Won = leftWords(loc, s.Voucher)
	}
	return line
}

// soon: an end that is nearer is told as days left.
const soon = 30 * 24 * time.Hour

func voucherTone(s voucher.State) ui.Tone {
	switch s {
	case voucher.Active:
		return ui.Act
	case voucher.Issued:
		return ui.Gather
	case voucher.RefundPending, voucher.Refunded, voucher.ExpiryRefunded:
		return ui.Info
	case voucher.Expired:
		return ui.Loss
	case voucher.Blocked:
		return ui.Warn
	case voucher.Used:
	}
	return ui.Quiet
}

// receiptView is an order as its page shows it.
type receiptView struct {
	ID       string
	Now      time.Time
	Title    string // what was bought
	Sentence string // what the reader came for
	Meaning  string
	Meter    *ui.Meter
	Met      string
	Lines    []ui.Pair
	Payment  []ui.Pair
	Story    []ui.Event
	Vouchers []lineView
	Seller   []ui.Pair
	DealHref string
	PayHref  string
	Refund   string
	// InterestHref is where interest of this order asks for an account, "" when none does.
	InterestHref string
	Say          string
}

func newReceiptView(loc ui.Loc, o wallet.Receipt, now time.Time) receiptView {
	v := receiptView{ID: string(o.ID), Now: now, Title: o.Bought.Title}
	if !o.Deal.Past(now) {
		v.DealHref = "/d/" + string(o.DealID)
	}
	v.Sentence, v.Meaning = orderSentence(loc, o, now)
	v.Say = v.Sentence
	if o.State == order.Paid && !o.Deal.Tipped() {
		m := meter(loc, o.Deal)
		m.Size = ""
		v.Meter, v.Met = &m, loc.T("wallet.met", "Goal", counted(loc, o.Deal.ThresholdKind, o.Deal.Threshold), "Met",
			counted(loc, o.Deal.ThresholdKind, o.Deal.Progress()))
	}
	v.Lines = []ui.Pair{
		{Key: o.Bought.Title, Note: o.Bought.Option},
		{Key: loc.T("wallet.receipt.price"), Value: loc.T("wallet.receipt.times", "Price", o.UnitPrice, "Count", o.Quantity)},
		{Key: loc.T("wallet.receipt.sum"), Value: loc.Won(o.Amount), Total: true},
	}
	if o.RefundedWon > 0 {
		v.Lines = append(v.Lines,
			ui.Pair{Key: loc.T("wallet.receipt.back"), Value: loc.Won(-o.RefundedWon)},
			ui.Pair{Key: loc.T("wallet.receipt.left"), Value: loc.Won(o.Amount - o.RefundedWon), Total: true})
	}
	v.Payment = paymentPairs(loc, o, now)
	v.Story = orderStory(loc, o, now)
	v.Seller = sellerPairs(loc, o)
	for _, one := range o.Vouchers {
		v.Vouchers = append(v.Vouchers, voucherLine(loc, wallet.Stub{Voucher: one, Bought: o.Bought}, now))
	}
	if list, err := voucher.Refundable(o.Vouchers, now); err == nil && len(list) > 0 {
		v.Refund = "/orders/" + string(o.ID) + "/refund"
	}
	return v
}

// open keeps the ways that are open to the reader: staff who may see a buyer's order may not all see the QR codes of
// its vouchers, and nobody asks for another's money.
func (v *receiptView) open(reader market.Actor, buyer market.AccountID) {
	if !right.Can(reader, right.VoucherView, right.Mine(buyer)) {
		for i := range v.Vouchers {
			v.Vouchers[i].Href = ""
		}
	}
	if !right.Can(reader, right.OrderRefund, right.Mine(buyer)) {
		v.Refund = ""
	}
}

// orderSentence says in plain words where an order stands and what that means.
func orderSentence(loc ui.Loc, o wallet.Receipt, now time.Time) (sentence, meaning string) {
	if o.State == order.Held && asked(o.Payments) {
		return loc.T("wallet.state.confirming"), loc.T("wallet.state.confirming_means")
	}
	switch o.State {
	case order.Held:
		return loc.T("wallet.state.held", "Until", loc.Time(o.HoldUntil)), loc.T("wallet.state.held_means")
	case order.Lapsed:
		return loc.T("wallet.state.lapsed"), loc.T("wallet.state.lapsed_means")
	case order.Cancelled:
		return loc.T("wallet.state.cancelled"), loc.T("wallet.state.lapsed_means")
	case order.Refunded:
		return refundSentence(loc, o)
	case order.Paid: // told below by what became of the vouchers
	}
	if !o.Deal.Tipped() {
		return loc.T("wallet.state.gathering", "Missing", missing(loc, o.Deal)),
			loc.T("wallet.state.gathering_means", "Until", saleEnd(loc, o.Deal.EndsAt, now))
	}
	if usable := count(o.Vouchers, voucher.Voucher.Standing); usable > 0 {
		return loc.T("wallet.state.usable", "Count", usable), loc.T("wallet.state.usable_means")
	}
	if count(o.Vouchers, func(v voucher.Voucher) bool { return v.State == voucher.Expired }) > 0 {
		return loc.T("wallet.state.expired"), ""
	}
	return loc.T("wallet.state.used"), loc.T("wallet.state.used_means")
}

func refundSentence(loc ui.Loc, o wallet.Receipt) (sentence, meaning string) {
	var due time.Time
	for _, f := range o.Refunds {
		if !f.Done() && f.DueAt.After(due) {
			due = f.DueAt
		}
	}
	if due.IsZero() {
		return loc.T("wallet.state.refunded", "Won", o.RefundedWon), loc.T("wallet.refund.card")
	}
	return loc.T("wallet.state.refunding", "Won", o.RefundedWon), loc.T("wallet.refund.due", "Due", lastDay(loc, due))
}

func asked(list []payment.Payment) bool {
	return slices.ContainsFunc(list, func(p payment.Payment) bool { return p.State == payment.Confirming })
}

func count(list []voucher.Voucher, fits func(voucher.Voucher) bool) int64 {
	n := int64(0)
	for _, v := range list {
		if fits(v) {
			n++
		}
	}
	return n
}

func paymentPairs(loc ui.Loc, o wallet.Receipt, now time.Time) []ui.Pair {
	pairs := []ui.Pair{
		{Key: loc.T("wallet.receipt.number"), Value: o.Number()},
		{Key: loc.T("wallet.receipt.ordered"), Value: loc.DateTime(o.CreatedAt, now)},
	}
	for _, p := range o.Payments {
		if p.State == payment.Captured {
			pairs = append(pairs,
				ui.Pair{Key: loc.T("wallet.receipt.paid"), Value: loc.DateTime(p.CapturedAt, now)},
				ui.Pair{Key: loc.T("wallet.receipt.through"), Value: loc.T("wallet.gateway." + p.Gateway)})
		}
	}
	return pairs
}

// orderStory is the way of the money: refunds with their days.
func orderStory(loc ui.Loc, o wallet.Receipt, now time.Time) []ui.Event {
	var list []told
	for i := range o.Refunds {
		list = append(list, refundTold(loc, &o.Refunds[i], now)...)
	}
	slices.SortStableFunc(list, func(a, b told) int { return a.at.Compare(b.at) })
	out := make([]ui.Event, len(list))
	for i, one := range list {
		if !one.event.Todo {
			one.event.Sub = joined(loc.DateTime(one.at, now), one.event.Sub)
		}
		out[i] = one.event
	}
	return out
}

const numberDigits = 10

// businessNumber writes ten digits as people know them: 123-45-67890.
func businessNumber(digits string) string {
	if len(digits) != numberDigits {
		return digits
	}
	return digits[:3] + "-" + digits[3:5] + "-" + digits[5:]
}

func sellerPairs(loc ui.Loc, o wallet.Receipt) []ui.Pair {
	var pairs []ui.Pair
	for _, one := range []struct{ key, value string }{
		{"wallet.seller.name", o.Seller.Name}, {"wallet.seller.head", o.Seller.Representative},
		{"wallet.seller.number", businessNumber(o.Seller.Number)}, {"wallet.seller.phone", dashed(o.Seller.Phone)},
		{"wallet.seller.email", o.Seller.Email},
	} {
		if one.value != "" {
			pairs = append(pairs, ui.Pair{Key: loc.T(one.key), Value: one.value})
		}
	}
	for _, p := range o.Places {
		if !p.Closed {
			pairs = append(pairs, ui.Pair{Key: p.Name, Value: p.Address})
		}
	}
	return pairs
}

// refundView is what would come back, before it is asked for.
type refundView struct {
	Title    string // of what was bought
	Back     string // address to leave by
	Action   string
	Key      string
	Amount   int64
	Sentence string
	Lines    []ui.Pair
	Facts    []ui.Fact
	Seen     string // the amount as the form carries it
	Changed  bool   // the amount differs from what was seen
	Errors   []ui.FieldError
}

func newRefundView(loc ui.Loc, p refund.Preview) refundView {
	v := refundView{Amount: p.Amount, Seen: strconv.FormatInt(p.Amount, 10),
		Sentence: loc.T("wallet.refund.would", "Won", p.Amount)}
	for i, one := range p.Vouchers {
		line := ui.Pair{Key: loc.T("wallet.refund.voucher", "Number", int64(i+1)), Value: loc.Won(one.LeftWon())}
		if one.UnitsUsed > 0 {
			line.Note = loc.T("wallet.refund.unused_part", "Used", one.UnitsUsed, "Total", one.UnitsTotal)
		}
		v.Lines = append(v.Lines, line)
	}
	v.Lines = append(v.Lines, ui.Pair{Key: loc.T("wallet.refund.sum"), Value: loc.Won(p.Amount), Total: true})
	v.Facts = []ui.Fact{
		{Icon: "calendar-check", Text: loc.T("wallet.refund.by", "Due", lastDay(loc, p.DueAt))},
		{Icon: "wallet", Text: loc.T("wallet.refund.same_card")},
		{Icon: "ticket", Text: loc.T("wallet.refund.no_more")},
	}
	return v
}
