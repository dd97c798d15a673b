package api

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// Statement is what a shop earned on one day.
type Statement struct {
	ID            string    `json:"id"`
	MerchantID    string    `json:"merchant_id"`
	Day           string    `json:"day"`
	Number        int64     `json:"number"`
	State         string    `json:"state" doc:"draft, issued, confirmed or paid"`
	Lines         int64     `json:"lines"`
	Gross         int64     `json:"gross"`
	Commission    int64     `json:"commission"`
	CommissionVAT int64     `json:"commission_vat"`
	Net           int64     `json:"net"`
	IssuedAt      time.Time `json:"issued_at,omitzero"`
	ObjectUntil   time.Time `json:"object_until,omitzero"`
}

// StatementLine is one line, from the sale to the payout.
type StatementLine struct {
	Seq           int64     `json:"seq" doc:"Without gaps within the shop."`
	Kind          string    `json:"kind"`
	VoucherID     string    `json:"voucher_id"`
	OrderID       string    `json:"order_id"`
	Title         string    `json:"title"`
	Price         int64     `json:"price"`
	Commission    int64     `json:"commission"`
	CommissionVAT int64     `json:"commission_vat"`
	Net           int64     `json:"net"`
	At            time.Time `json:"at"`
}

type statementsInput struct {
	MerchantID string `query:"merchant_id" maxLength:"40" doc:"Needed by those who belong to several shops."`
	Below      int64  `query:"below" minimum:"0" doc:"Number of the last statement of the page before."`
	Limit      int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

type statementsOutput struct {
	Body struct {
		Statements []Statement `json:"statements"`
		Balances   Balances    `json:"balances"`
	}
}

// Balances are where the shop's money stands.
type Balances struct {
	Pending int64 `json:"pending" doc:"Earned, on no issued statement yet."`
	Owed    int64 `json:"owed" doc:"What the shop owes."`
}

type statementInput struct {
	ID    string `path:"id" maxLength:"40"`
	After int64  `query:"after" minimum:"0"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type statementOutput struct {
	Body struct {
		Statement
		Rows []StatementLine `json:"rows"`
		More bool            `json:"more"`
	}
}

func (a *api) statementRoutes() {
	get(a, "/statements", "Statements of a shop, newest first", a.listStatements)
	get(a, "/statements/{id}", "One statement, line by line", a.findStatement)
}

func (a *api) listStatements(ctx context.Context, in *statementsInput) (*statementsOutput, error) {
	actor := actorOf(ctx)
	merchant, _, err := place(actor, Place{MerchantID: in.MerchantID})
	if err != nil {
		return nil, err
	}
	list, err := a.Settle.Statements(ctx, actor, merchant, in.Below, in.Limit)
	if err != nil {
		return nil, err
	}
	sums, err := a.Settle.Balances(ctx, actor, merchant)
	if err != nil {
		return nil, err
	}
	out := &statementsOutput{}
	out.Body.Balances = Balances{Pending: sums.Pending, Owed: sums.Owed}
	out.Body.Statements = make([]Statement, len(list))
	for i, s := range list {
		out.Body.Statements[i] = statementOf(s)
	}
	return out, nil
}

func statementOf(s settlement.Statement) Statement {
	return Statement{ID: string(s.ID), MerchantID: string(s.MerchantID), Day: s.Day, Number: s.Number,
		State: string(s.State), Lines: s.Lines, Gross: s.Price, Commission: s.Commission, CommissionVAT: s.CommissionVAT,
		Net: s.Net, IssuedAt: s.IssuedAt, ObjectUntil: s.ObjectUntil}
}

func (a *api) findStatement(ctx context.Context, in *statementInput) (*statementOutput, error) {
	detail, err := a.Settle.Statement(ctx, actorOf(ctx), settle.DetailCmd{StatementID: market.StatementID(in.ID),
		After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &statementOutput{}
	out.Body.Statement, out.Body.More = statementOf(detail.Statement), detail.More
	out.Body.Rows = make([]StatementLine, len(detail.Rows))
	for i, l := range detail.Rows {
		out.Body.Rows[i] = StatementLine{Seq: l.Seq, Kind: string(l.Kind), VoucherID: string(l.VoucherID),
			OrderID: string(l.OrderID), Title: l.Title, Price: l.Price, Commission: l.Commission,
			CommissionVAT: l.CommissionVAT, Net: l.Net, At: l.At}
	}
	return out, nil
}
