package gatewaytest

import (
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

func (s *suite) settles() {
	sold := s.day()
	p := s.paid(10_000)
	_, err := s.Gateway.Cancel(s.ctx, gateway.CancelRequest{
		PaymentKey: p.PaymentKey, Reason: "변심", Amount: 4_000, IdempotencyKey: "rfd_settle",
	})
	s.must(err)
	s.paid(20_000)
	s.Advance(24 * time.Hour)
	s.Settle()
	rows, more, err := s.Gateway.Settlements(s.ctx, s.day(), s.day(), 1)
	s.must(err)
	equal(s, "more rows", more, false)
	equal(s, "rows", len(rows), 3)
	var gross, net int64
	for _, r := range rows {
		equal(s, "day of sale", r.SoldDate, sold)
		equal(s, "cancel row", r.Cancel, r.Amount < 0)
		equal(s, "fee", r.Fee, r.FeeSupply+r.FeeVAT)
		equal(s, "pay-out", r.PayOut, r.Amount-r.Fee-r.InterestFee)
		gross += r.Amount
		net += r.PayOut
	}
	equal(s, "gross", gross, 26_000)
	entries, err := s.Gateway.BankEntries(s.ctx, gateway.AccountCustody, "")
	s.must(err)
	equal(s, "bank entries", len(entries), 1)
	equal(s, "kind", entries[0].Kind, gateway.EntrySettlement)
	equal(s, "reference", entries[0].Ref, "settlement:"+s.day())
	equal(s, "paid in", entries[0].Amount, net)
	account, err := s.Gateway.BankAccount(s.ctx, gateway.AccountCustody)
	s.must(err)
	equal(s, "balance", account.Balance, net)
	s.Settle()
	entries, err = s.Gateway.BankEntries(s.ctx, gateway.AccountCustody, entries[0].ID)
	s.must(err)
	equal(s, "further entries", len(entries), 0)
}

func (s *suite) deposit(account string, won int64) {
	s.Helper()
	for range 2 { // the second one is the same deposit
		e, err := s.Simulator.Deposit(s.ctx, gateway.DepositRequest{Ref: "capital:" + account, Account: account, Amount: won})
		s.must(err)
		equal(s, "balance after the deposit", e.Balance, won)
	}
}

func (s *suite) transfers() {
	in := gateway.TransferRequest{
		Ref: "pyt_1", From: gateway.AccountCustody, BankCode: "088", Account: "110123456789", Holder: "김빵집", Amount: 30_000,
	}
	_, err := s.Gateway.Transfer(s.ctx, in)
	s.is(err, gateway.Retryable) // there is no money yet
	s.deposit(gateway.AccountCustody, 50_000)
	for range 3 {
		t, err := s.Gateway.Transfer(s.ctx, in)
		s.must(err)
		equal(s, "state", t.Status, gateway.TransferAccepted)
	}
	account, err := s.Gateway.BankAccount(s.ctx, gateway.AccountCustody)
	s.must(err)
	equal(s, "balance before", account.Balance, 50_000)
	equal(s, "held", account.Held, 30_000)
	more := in
	more.Amount = 31_000
	_, err = s.Gateway.Transfer(s.ctx, more)
	equal(s, "code of a reference used otherwise", gateway.CodeOf(err), gateway.CodeMismatch)
	s.Settle()
	t, err := s.Gateway.LookupTransfer(s.ctx, in.Ref)
	s.must(err)
	equal(s, "state", t.Status, gateway.TransferCompleted)
	account, err = s.Gateway.BankAccount(s.ctx, gateway.AccountCustody)
	s.must(err)
	equal(s, "balance after", account.Balance, 20_000)
	equal(s, "held after", account.Held, 0)
	entries, err := s.Gateway.BankEntries(s.ctx, gateway.AccountCustody, "")
	s.must(err)
	equal(s, "entries", len(entries), 2)
	equal(s, "booked", entries[1].Amount, -30_000)
	equal(s, "reference", entries[1].Ref, in.Ref)
	in.Ref, in.Amount = "pyt_2", 20_001
	_, err = s.Gateway.Transfer(s.ctx, in)
	s.is(err, gateway.Retryable)
}

func (s *suite) movesBetweenAccounts() {
	s.deposit(gateway.AccountOperating, 1_000_000)
	_, err := s.Gateway.Transfer(s.ctx, gateway.TransferRequest{
		Ref: "topup_1", From: gateway.AccountOperating, ToAccount: gateway.AccountCustody, Amount: 400_000,
	})
	s.must(err)
	s.Settle()
	custody, err := s.Gateway.BankAccount(s.ctx, gateway.AccountCustody)
	s.must(err)
	equal(s, "custody", custody.Balance, 400_000)
	entries, err := s.Gateway.BankEntries(s.ctx, gateway.AccountCustody, "")
	s.must(err)
	equal(s, "entries", len(entries), 1)
	equal(s, "amount", entries[0].Amount, 400_000)
	_, err = s.Gateway.Transfer(s.ctx, gateway.TransferRequest{
		Ref: "topup_2", From: gateway.AccountOperating, ToAccount: gateway.AccountOperating, Amount: 1,
	})
	s.is(err, gateway.Declined)
}
