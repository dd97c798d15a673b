package sandbox_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox"
)

func transferBody(ref string, won int64) fields {
	return fields{
		"ref": ref, "from": "custody", "amount": won,
		"to": fields{"bankCode": "088", "accountNumber": "110-1", "holderName": "김빵집"},
	}
}

func (w *world) transfer(ref string, won int64) answer {
	w.Helper()
	return w.ok("POST", "/bank/transfers", transferBody(ref, won))
}

func (w *world) capital(won int64) {
	w.Helper()
	w.ok("POST", "/bank/deposits", fields{"ref": "capital", "accountId": "custody", "amount": won})
}

func (w *world) balance(account string) int64 {
	w.Helper()
	return w.ok("GET", "/bank/accounts/"+account, nil).won("balance")
}

func TestTransferRefusals(t *testing.T) {
	w := newWorld(t, nil)
	w.capital(10_000)
	set := func(name string, value any) fields {
		b := transferBody("pyt_1", 1_000)
		b[name] = value
		return b
	}
	for name, c := range map[string]struct {
		body fields
		code string
	}{
		"nothing":          {set("amount", 0), "INVALID_REQUEST"},
		"negative":         {set("amount", -5), "INVALID_REQUEST"},
		"no reference":     {set("ref", ""), "INVALID_REQUEST"},
		"odd reference":    {set("ref", "a|b"), "INVALID_REQUEST"},
		"foreign account":  {set("from", "pg"), "INVALID_ACCOUNT"},
		"unknown account":  {set("from", "nobody"), "INVALID_ACCOUNT"},
		"nobody":           {set("to", fields{}), "INVALID_ACCOUNT"},
		"two targets":      {set("toAccountId", "operating"), "INVALID_ACCOUNT"},
		"more than is had": {set("amount", 10_001), "NOT_ENOUGH_BALANCE"},
	} {
		if a := w.call("POST", "/bank/transfers", c.body); a.text1("code") != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
	is(w, "balance", w.balance("custody"), 10_000)
	is(w, "after a refusal the reference is free", w.transfer("pyt_1", 1_000).text1("status"), "ACCEPTED")
	second := w.call("POST", "/bank/transfers", transferBody("pyt_2", 9_001))
	is(w, "the hold counts", second.text1("code"), "NOT_ENOUGH_BALANCE")
}

func TestReferenceHappensOnce(t *testing.T) {
	w := newWorld(t, inFile(t))
	w.capital(10_000)
	w.capital(10_000)
	is(w, "deposited", w.balance("custody"), 10_000)
	w.transfer("pyt_1", 4_000)
	is(w, "the first transfer's amount", w.transfer("pyt_1", 5_000).won("amount"), 4_000)
	w.restart()
	w.settle()
	is(w, "repeated when done", w.transfer("pyt_1", 4_000).text1("status"), "COMPLETED")
	w.settle()
	is(w, "paid", w.balance("custody"), 6_000)
	is(w, "received", w.balance("ext:088:110-1"), 4_000)
}

func TestBounceComesBackNextBusinessDay(t *testing.T) {
	w := newWorld(t, inFile(t))
	w.clock.Advance(2 * 24 * time.Hour) // a Friday
	w.capital(10_000)
	w.fault(fields{"target": "pyt_1", "steps": fields{"execution": fields{"mode": "bounce", "times": 1}}})
	w.transfer("pyt_1", 4_000)
	w.settle()
	is(w, "state", w.ok("GET", "/bank/transfers/pyt_1", nil).text1("status"), "COMPLETED")
	is(w, "balance", w.balance("custody"), 6_000)
	w.restart()
	w.clock.Advance(48 * time.Hour) // Sunday noon
	w.settle()
	is(w, "on Sunday", w.ok("GET", "/bank/transfers/pyt_1", nil).text1("status"), "COMPLETED")
	w.clock.Advance(12 * time.Hour)
	w.settle()
	a := w.ok("GET", "/bank/transfers/pyt_1", nil)
	is(w, "on Monday", a.text1("status"), "RETURNED")
	is(w, "reason", a.text1("failureCode"), "RETURNED_BY_BANK")
	is(w, "balance", w.balance("custody"), 10_000)
	entries := w.ok("GET", "/bank/accounts/custody/entries", nil).fields["entries"].([]any)
	is(w, "entries", len(entries), 3)
	is(w, "kind of the last", entries[2].(fields)["kind"].(string), "return")
}

func TestRejectedTransferNeverLeaves(t *testing.T) {
	w := newWorld(t, nil)
	w.capital(10_000)
	w.fault(fields{"target": "pyt_1", "steps": fields{"execution": fields{"mode": "reject"}}})
	w.transfer("pyt_1", 4_000)
	is(w, "held", w.ok("GET", "/bank/accounts/custody", nil).won("held"), 4_000)
	w.settle()
	is(w, "state", w.ok("GET", "/bank/transfers/pyt_1", nil).text1("status"), "FAILED")
	a := w.ok("GET", "/bank/accounts/custody", nil)
	is(w, "held", a.won("held"), 0)
	is(w, "balance", a.won("balance"), 10_000)
	is(w, "declined at once", func() string {
		w.fault(fields{"steps": fields{"transfer": fields{"mode": "decline", "times": 1}}})
		return w.call("POST", "/bank/transfers", transferBody("pyt_2", 1)).text1("code")
	}(), "INVALID_ACCOUNT")
}

func TestBankTakesItsTime(t *testing.T) {
	w := newWorld(t, func(o *sandbox.Options) { o.BankDelay = 10 * time.Minute })
	w.capital(10_000)
	w.transfer("pyt_1", 4_000)
	w.clock.Advance(10*time.Minute - time.Microsecond)
	w.settle()
	is(w, "before", w.balance("custody"), 10_000)
	w.clock.Advance(time.Microsecond)
	w.settle()
	is(w, "after", w.balance("custody"), 6_000)
}

func TestStatementPages(t *testing.T) {
	w := newWorld(t, nil)
	w.capital(10_000)
	for _, ref := range []string{"a", "b", "c", "d"} {
		w.transfer(ref, 10)
	}
	w.settle()
	var got []string
	after, more := "", true
	for more {
		page := w.ok("GET", "/bank/accounts/custody/entries?limit=2&after="+after, nil)
		for _, e := range page.fields["entries"].([]any) {
			got = append(got, e.(fields)["ref"].(string))
			after = e.(fields)["id"].(string)
		}
		more = page.fields["hasMore"].(bool)
	}
	is(w, "entries", len(got), 5)
	is(w, "first", got[0], "capital")
	is(w, "bad limit", w.call("GET", "/bank/accounts/custody/entries?limit=0", nil).status, 400)
	is(w, "unknown account", w.call("GET", "/bank/accounts/nobody", nil).status, 404)
}

// TestPayoutWords walks the payout API's version of a transfer.
func TestPayoutWords(t *testing.T) {
	w := newWorld(t, nil)
	w.capital(10_000)
	body := fields{
		"refPayoutId": "pyt_1", "destination": transferBody("", 0)["to"], "scheduleType": "EXPRESS",
		"amount": fields{"currency": "KRW", "value": 4_000}, "transactionDescription": "두레 정산",
	}
	is(w, "requested", w.ok("POST", "/v2/payouts", body).text1("status"), "REQUESTED")
	w.settle()
	a := w.ok("GET", "/v2/payouts/pyt_1", nil)
	is(w, "state", a.text1("status"), "COMPLETED")
	is(w, "day", a.text1("payoutDate"), "2026-10-14")
	is(w, "value", a.under("amount", "value"), 4_000)
	is(w, "unknown", w.call("GET", "/v2/payouts/pyt_2", nil).status, 404)
	body["amount"] = fields{"currency": "USD", "value": 4_000}
	is(w, "dollars", w.call("POST", "/v2/payouts", body).status, 400)
}
