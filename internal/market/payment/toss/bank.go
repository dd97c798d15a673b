package toss

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

const (
	stepTransfer  = "transfer"
	stepDeposit   = "deposit"
	stepStatement = "statement"
)

type wireTransfer struct {
	Ref         string    `json:"ref"`
	From        string    `json:"from"`
	Amount      int64     `json:"amount"`
	Status      string    `json:"status"`
	FailureCode string    `json:"failureCode"`
	AcceptedAt  time.Time `json:"acceptedAt"`
	ExecutedAt  time.Time `json:"executedAt"`
	ReturnedAt  time.Time `json:"returnedAt"`
}

func (w wireTransfer) transfer() gateway.Transfer {
	return gateway.Transfer{
		Ref: w.Ref, From: w.From, Status: gateway.TransferStatus(w.Status), Amount: w.Amount,
		FailureCode: w.FailureCode, AcceptedAt: w.AcceptedAt.UTC(), ExecutedAt: w.ExecutedAt.UTC(),
		ReturnedAt: w.ReturnedAt.UTC(),
	}
}

// Transfer instructs the bank. A reference that is known gives the first transfer, which is compared with this one.
func (c *Client) Transfer(ctx context.Context, in gateway.TransferRequest) (gateway.Transfer, error) {
	if in.Ref == "" || in.From == "" || in.Amount <= 0 {
		return gateway.Transfer{}, unsendable(stepTransfer)
	}
	body := map[string]any{"ref": in.Ref, "from": in.From, "amount": in.Amount, "memo": in.Memo}
	if in.ToAccount != "" {
		body["toAccountId"] = in.ToAccount
	} else {
		body["to"] = map[string]string{
			"bankCode": in.BankCode, "accountNumber": in.Account, "holderName": in.Holder,
		}
	}
	var out wireTransfer
	err := c.do(ctx, request{
		step: stepTransfer, method: http.MethodPost, path: "/bank/transfers", timeout: writeTimeout,
		idempotencyKey: in.Ref, body: body,
	}, &out)
	t := out.transfer()
	if err == nil && (t.Ref != in.Ref || t.Amount != in.Amount || t.From != in.From) {
		return t, mismatch(stepTransfer, "transfer "+t.Ref)
	}
	return t, err
}

// LookupTransfer finds a transfer by our reference.
func (c *Client) LookupTransfer(ctx context.Context, ref string) (gateway.Transfer, error) {
	var out wireTransfer
	err := c.do(ctx, request{
		step: stepLookup, method: http.MethodGet, path: "/bank/transfers/" + url.PathEscape(ref), timeout: readTimeout,
	}, &out)
	if err == nil && out.Ref != ref {
		return out.transfer(), mismatch(stepLookup, "transfer "+out.Ref)
	}
	return out.transfer(), err
}

type wireEntry struct {
	ID      string    `json:"id"`
	Account string    `json:"accountId"`
	Kind    string    `json:"kind"`
	Ref     string    `json:"ref"`
	Memo    string    `json:"memo"`
	Amount  int64     `json:"amount"`
	Balance int64     `json:"balance"`
	At      time.Time `json:"at"`
}

func (w wireEntry) entry() gateway.BankEntry {
	return gateway.BankEntry{
		ID: w.ID, Account: w.Account, Kind: w.Kind, Ref: w.Ref, Memo: w.Memo, Amount: w.Amount, Balance: w.Balance,
		At: w.At.UTC(),
	}
}

// BankEntries lists up to a thousand lines of an account's statement after an entry; none means the end.
func (c *Client) BankEntries(ctx context.Context, account, after string) ([]gateway.BankEntry, error) {
	var out struct {
		Entries []wireEntry `json:"entries"`
	}
	err := c.do(ctx, request{
		step: stepStatement, method: http.MethodGet, timeout: listTimeout, answerMax: listMax,
		path: "/bank/accounts/" + url.PathEscape(account) + "/entries?after=" + url.QueryEscape(after),
	}, &out)
	if err != nil {
		return nil, err
	}
	entries := make([]gateway.BankEntry, len(out.Entries))
	for i, e := range out.Entries {
		if e.Account != account {
			return nil, mismatch(stepStatement, "account "+e.Account)
		}
		entries[i] = e.entry()
	}
	return entries, nil
}

// BankAccount gives an account's balance.
func (c *Client) BankAccount(ctx context.Context, account string) (gateway.BankAccount, error) {
	var out struct {
		ID      string `json:"id"`
		Balance int64  `json:"balance"`
		Held    int64  `json:"held"`
	}
	err := c.do(ctx, request{
		step: stepStatement, method: http.MethodGet, path: "/bank/accounts/" + url.PathEscape(account), timeout: readTimeout,
	}, &out)
	if err == nil && out.ID != account {
		return gateway.BankAccount{}, mismatch(stepStatement, "account "+out.ID)
	}
	return gateway.BankAccount{ID: out.ID, Balance: out.Balance, Held: out.Held}, err
}

// Deposit brings money from outside into an account of the sandbox's bank.
func (c *Client) Deposit(ctx context.Context, in gateway.DepositRequest) (gateway.BankEntry, error) {
	var out wireEntry
	err := c.do(ctx, request{
		step: stepDeposit, method: http.MethodPost, path: "/bank/deposits", timeout: writeTimeout, idempotencyKey: in.Ref,
		body: map[string]any{"ref": in.Ref, "accountId": in.Account, "amount": in.Amount, "memo": in.Memo},
	}, &out)
	if err == nil && (out.Ref != in.Ref || out.Amount != in.Amount || out.Account != in.Account) {
		return out.entry(), mismatch(stepDeposit, "deposit "+out.Ref)
	}
	return out.entry(), err
}
