package fund

import (
	"context"
	"strconv"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// view is the form with everything a member should know before paying.
type view struct {
	till
	typed
	Key      string
	Problems request.Problems
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }

func (v view) action() string { return "/w/" + string(v.Wish.ID) + "/pay" }

// above reports a price above what the wish's people had named.
func (v view) above() bool { return v.Wish.TopPrice > 0 && v.Escrow.UnitPrice > v.Wish.TopPrice }

// sum is what the form would pay as it stands.
func (v view) sum() money.Won {
	n, err := strconv.ParseInt(v.Quantity, 10, 64)
	if err != nil || n < 1 || n > v.Collect.Most {
		n = 1
	}
	return v.Escrow.UnitPrice * n
}

// lines are what is paid and to whom.
func (v view) lines(loc ui.Loc) []ui.Pair {
	where := loc.T("fund.by_parcel", "Day", loc.Date(v.Escrow.ShipBy.Add(-1), v.Now))
	if !v.Escrow.Parcel() {
		where = loc.T("fund.at_branch", "Branch", v.Branch, "Day", loc.Date(v.Escrow.ShipBy.Add(-1), v.Now))
	}
	list := []ui.Pair{{Key: loc.T("fund.how"), Value: where},
		{Key: loc.T("fund.paid_so_far"), Value: loc.T("fund.units", "Count", v.Units),
			Note: loc.T("fund.needs", "Count", v.Collect.Needs)}}
	if v.above() {
		list = append(list, ui.Pair{Key: loc.T("fund.top"), Value: loc.Won(v.Wish.TopPrice)})
	}
	return append(list, ui.Pair{Key: loc.T("fund.unit"), Value: loc.Won(v.Escrow.UnitPrice), Total: true,
		Note: loc.T("fund.unit_note")})
}

// seller is who sells, as the law wants it named (전자상거래법 20조).
func (v view) seller(loc ui.Loc) []ui.Pair {
	list := []ui.Pair{{Key: loc.T("fund.seller"), Value: v.Seller.Name, Note: loc.T("fund.verified")}}
	if v.Seller.Representative != "" { // a seller that has only bid so far may not have told
		list = append(list, ui.Pair{Key: loc.T("fund.head"), Value: v.Seller.Representative})
	}
	return append(list, []ui.Pair{
		{Key: loc.T("fund.number"), Value: merchant.FormatNumber(v.Seller.Number)},
		{Key: loc.T("fund.phone"), Value: merchant.FormatPhone(v.Seller.Phone)},
	}...)
}

// facts say what happens with the money.
func (v view) facts(loc ui.Loc) []ui.Fact {
	p := policy.At(v.Now)
	list := []ui.Fact{
		{Icon: "lock", Text: loc.T("fund.fact.waits")},
		{Icon: "users-round", Text: loc.T("fund.fact.short", "Count", v.Collect.Needs, "Hours",
			int64(p.Wanted.Pay.ShortHours))},
		{Icon: "wallet", Text: loc.T("fund.fact.falls")},
	}
	if v.Escrow.MadeToOrder {
		return append(list, ui.Fact{Icon: "hand-heart", Text: loc.T("fund.fact.made")})
	}
	return append(list, ui.Fact{Icon: "hand-heart",
		Text: loc.T("fund.fact.withdraw", "Days", int64(p.Refund.WithdrawalDays))})
}

// result is what became of a payment that made no share.
type result string

const (
	resultPending  result = "pending"
	resultDeclined result = "declined"
	resultLate     result = "late"    // money came and goes back
	resultExpired  result = "expired" // nothing was charged
	resultOpen     result = "open"    // the payer came back without paying
)

// result tells them apart.
func (t till) result() result {
	switch t.Last.State {
	case payment.Confirming:
		return resultPending
	case payment.Declined:
		return resultDeclined
	case payment.Captured:
		return resultLate
	case payment.Expired:
		return resultExpired
	case payment.Intent:
	}
	return resultOpen
}

// again reports that the reader may try once more.
func (t till) again() bool {
	return t.Firm && t.Collect.Running(t.Now) == nil && t.result() != resultPending
}

// payLabel names the sum on the button where it cannot change under the finger.
func payLabel(ctx context.Context, v view) string {
	if v.Collect.Most > 1 {
		return say(ctx, "fund.pay")
	}
	return say(ctx, "fund.pay_won", "Won", ui.L(ctx).Won(v.sum()))
}
