package wallet

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// interestStories are the page on which a buyer names an account: asked, refused, thanked, nothing owed, huge, and
// parts of a seller's deposit, alone and beside interest.
func interestStories() []ui.Story {
	owed := func(name string, typed merchant.Bank, wrong []string, list ...payment.Interest) ui.Story {
		return page(name, func(loc ui.Loc, p ui.Page) templ.Component {
			var problems request.Problems
			for i, field := range wrong {
				key := []string{"merchant.bank", "merchant.bank_account", "merchant.bank_holder"}[i]
				problems = append(problems, ui.FieldError{Field: field, Message: loc.T(key, "Max", merchant.HolderMax)})
			}
			v := newInterestView(loc, list)
			p.Back, p.Heading, p.Title = "/orders", v.Title, v.Title
			v.Typed, v.Key = typed, "k"
			return interestPage(p, v, problems)
		})
	}
	asked := payment.Interest{State: payment.InterestAsked, Amount: 485}
	sent := payment.Interest{State: payment.InterestSent, Amount: 1_213}
	paid := payment.Interest{State: payment.InterestPaid, Amount: 99}
	part := payment.Interest{State: payment.InterestAsked, Amount: 1_715, Kind: payment.KindDeposit}
	huge := payment.Interest{State: payment.InterestAsked, Amount: 98_765_432_100}
	return []ui.Story{
		owed("interest", merchant.Bank{}, nil, paid, asked), owed("interest-empty", merchant.Bank{}, nil),
		owed("interest-done", merchant.Bank{}, nil, sent, paid), owed("interest-huge", merchant.Bank{}, nil, huge, huge),
		owed("interest-part", merchant.Bank{}, nil, part), owed("interest-mixed", merchant.Bank{}, nil, paid, asked, part),
		owed("interest-error", merchant.Bank{Account: "12-34"}, []string{"bank_code", "bank_account", "bank_holder"}, asked),
	}
}
