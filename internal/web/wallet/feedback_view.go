package wallet

import (
	"time"

	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// askView is a question as pages put it.
type askView struct {
	Href     string
	Title    string // what was bought, or the campaign or month
	Shop     string
	When     string
	Answer   feedback.Answer
	Shopside feedback.ShopAnswer
	Key      string
	Problems request.Problems
}

func newAskView(loc ui.Loc, a feedback.Ask, b catalog.Bought, now time.Time) askView {
	return askView{Href: "/feedback/" + a.ID, Title: b.Title, Shop: b.MerchantName,
		When: loc.T("feedback.used_on", "Day", loc.Date(a.AskedAt, now))}
}

// yesNo are the two answers of a question that may be left open.
func yesNo(loc ui.Loc, yes, no string, chosen feedback.YesNo) []ui.Choice {
	return []ui.Choice{
		{Value: string(feedback.Yes), Label: loc.T(yes), Checked: chosen == feedback.Yes},
		{Value: string(feedback.No), Label: loc.T(no), Checked: chosen == feedback.No},
	}
}

func shopTitle(loc ui.Loc, a feedback.ShopAsk, titles map[string]string) string {
	if month, ok := a.Month(); ok {
		return loc.T("feedback.shop_month", "Year", int64(month.Year()), "Month", int64(month.Month()))
	}
	return titles[string(a.Deal())]
}
