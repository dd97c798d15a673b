package wishes

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Deposit is what a shop put down for its bid.
type Deposit struct {
	ID      string    `json:"id"`
	Amount  int64     `json:"amount" doc:"Won."`
	State   string    `json:"state" doc:"held, returned or kept"`
	Cause   string    `json:"cause,omitempty" doc:"Why it went back or was kept."`
	PaidAt  time.Time `json:"paid_at,omitzero"`
	EndedAt time.Time `json:"ended_at,omitzero"`
}

type depositsOutput struct {
	Body struct {
		Down     int64     `json:"down" doc:"Won that count now."`
		Deposits []Deposit `json:"deposits"`
	}
}

type depositInput struct {
	Keyed
	WishPath
	Body struct {
		MerchantID string `json:"merchant_id" maxLength:"40"`
		Total      int64  `json:"total" minimum:"1" doc:"Won that should be down together: bid.deposit names the least."`
	}
}

// Paying is where a deposit is paid.
type Paying struct {
	Amount     int64  `json:"amount" doc:"Won that are missing to the total."`
	PaymentID  string `json:"payment_id"`
	PaymentURL string `json:"payment_url" doc:"The gateway's page."`
}

type payingOutput struct {
	Body Paying
}

func (p *part) depositRoutes() {
	get(p, "/wishes/{wish}/deposits", "What a shop has down for its bid, and what became of it", p.deposits)
	post(p, "/wishes/{wish}/deposits", "Begin to pay a deposit; what is down already is not paid again", p.putDown,
		says("A bid without enough down is refused with bid.deposit and the sum. Asked again for the same, the same page "+
			"is answered."))
}

func (p *part) deposits(ctx context.Context, in *ownInput) (*depositsOutput, error) {
	seller := market.MerchantID(in.MerchantID)
	if err := right.Check(p.Actor(ctx), right.BidPlace, right.Of(seller)); err != nil {
		return nil, err
	}
	list, err := p.Deposits.List(ctx, in.wish(), seller)
	out := &depositsOutput{}
	out.Body.Deposits = []Deposit{}
	for _, x := range list {
		if x.Down() {
			out.Body.Down += x.Amount
		}
		if x.Paid() {
			out.Body.Deposits = append(out.Body.Deposits, Deposit{ID: string(x.ID), Amount: x.Amount,
				State: string(x.State), Cause: string(x.Cause), PaidAt: x.PaidAt, EndedAt: x.EndedAt})
		}
	}
	return out, err
}

// putDown needs no kept answer: asking twice is asking once by itself.
func (p *part) putDown(ctx context.Context, in *depositInput) (*payingOutput, error) {
	s, err := p.Deposits.Start(ctx, p.Actor(ctx), deposit.StartCmd{WishID: in.wish(),
		MerchantID: market.MerchantID(in.Body.MerchantID), Total: in.Body.Total})
	return &payingOutput{Body: Paying{Amount: s.Payment.Amount, PaymentID: string(s.Payment.ID), PaymentURL: s.URL}}, err
}
