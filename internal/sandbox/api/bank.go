package api

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/sandbox/bank"
	"github.com/dure-commerce/dure/internal/sandbox/clearing"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/pay"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

const entriesMax = 1000

// findAccount shows one account's balance.
func (s *Server) findAccount(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.view(w, r, fault.Statement, id, func() (any, *refusal.Refusal) {
		a, ok := s.Bank.Account(id)
		if !ok {
			return nil, refusal.NotFound()
		}
		return a, nil
	})
}

// listEntries shows an account's statement after an entry.
func (s *Server) listEntries(w http.ResponseWriter, r *http.Request) {
	id, after := r.PathValue("id"), r.URL.Query().Get("after")
	limit, ok := numberOf(r, "limit", entriesMax, entriesMax)
	if !ok {
		writeRefusal(w, refusal.InvalidRequest("limit가 올바르지 않습니다."))
		return
	}
	s.view(w, r, fault.Statement, id, func() (any, *refusal.Refusal) {
		page, more := s.Bank.Entries(id, after, limit)
		return map[string]any{"entries": page, "hasMore": more}, nil
	})
}

// acceptDeposit brings money from outside into an account: how a sandbox gets its opening capital.
func (s *Server) acceptDeposit(w http.ResponseWriter, r *http.Request) {
	var in bank.Deposit
	if !readJSON(w, r, &in) {
		return
	}
	s.perform(w, r, call{step: fault.Transfer, target: in.Ref,
		act: func(tx *record.Tx, _ fault.Mode) (any, *refusal.Refusal) { return s.Bank.Deposit(tx, in) }})
}

// acceptTransfer takes an instruction; the bank executes it later.
func (s *Server) acceptTransfer(w http.ResponseWriter, r *http.Request) {
	var in bank.Instruction
	if !readJSON(w, r, &in) {
		return
	}
	s.transfer(w, r, in, func(t bank.Transfer) any { return t })
}

func (s *Server) transfer(w http.ResponseWriter, r *http.Request, in bank.Instruction, show func(bank.Transfer) any) {
	s.perform(w, r, call{step: fault.Transfer, target: in.Ref, after: fault.TransferAfter,
		act: func(tx *record.Tx, mode fault.Mode) (any, *refusal.Refusal) {
			if _, known := s.Bank.Find(in.Ref); !known {
				if mode == fault.Decline {
					return nil, refusal.InvalidAccount()
				}
				s.Crash.Reach(fault.TransferBefore)
			}
			t, no := s.Bank.Accept(tx, in)
			return show(t), no
		}})
}

// findTransfer shows a transfer by the caller's reference.
func (s *Server) findTransfer(w http.ResponseWriter, r *http.Request) {
	s.showTransfer(w, r, func(t bank.Transfer) any { return t })
}

func (s *Server) showTransfer(w http.ResponseWriter, r *http.Request, show func(bank.Transfer) any) {
	ref := r.PathValue("ref")
	s.view(w, r, fault.Lookup, ref, func() (any, *refusal.Refusal) {
		t, ok := s.Bank.Find(ref)
		if !ok {
			return nil, refusal.NotFound()
		}
		return show(t), nil
	})
}

// payout is a transfer in the words of the gateway's payout API, version 2.
type payout struct {
	ID           string           `json:"id"`
	RefPayoutID  string           `json:"refPayoutId"`
	Destination  bank.Payee       `json:"destination"`
	ScheduleType string           `json:"scheduleType"`
	PayoutDate   string           `json:"payoutDate"`
	Amount       payoutAmount     `json:"amount"`
	Description  string           `json:"transactionDescription"`
	RequestedAt  string           `json:"requestedAt"`
	Status       string           `json:"status"`
	Error        *pay.WireFailure `json:"error"`
}

type payoutAmount struct {
	Currency string `json:"currency"`
	Value    int64  `json:"value"`
}

// requestPayout pays from the custody account, in the payout API's words.
func (s *Server) requestPayout(w http.ResponseWriter, r *http.Request) {
	var in payout
	if !readJSON(w, r, &in) {
		return
	}
	if in.Amount.Currency != "KRW" {
		writeRefusal(w, refusal.InvalidRequest("원화만 지급할 수 있습니다."))
		return
	}
	s.transfer(w, r, bank.Instruction{
		Ref: in.RefPayoutID, From: bank.Custody, To: in.Destination, Amount: in.Amount.Value, Memo: in.Description,
	}, payoutOf)
}

// findPayout shows a payout by the caller's reference.
func (s *Server) findPayout(w http.ResponseWriter, r *http.Request) { s.showTransfer(w, r, payoutOf) }

func payoutOf(t bank.Transfer) any {
	status := map[bank.Status]string{
		bank.Accepted: "REQUESTED", bank.Completed: "COMPLETED", bank.Failed: "FAILED", bank.Returned: "FAILED",
	}[t.Status]
	p := payout{
		ID: t.Ref, RefPayoutID: t.Ref, Destination: t.To, ScheduleType: "EXPRESS", PayoutDate: clearing.Day(t.AcceptedAt),
		Amount: payoutAmount{"KRW", t.Amount}, Description: t.Memo, RequestedAt: pay.Stamp(t.AcceptedAt), Status: status,
	}
	if t.FailureCode != "" {
		p.Error = &pay.WireFailure{Code: t.FailureCode}
	}
	return p
}
