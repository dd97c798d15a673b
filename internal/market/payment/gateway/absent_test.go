package gateway_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

func TestAbsentDidNothing(t *testing.T) {
	var g gateway.Gateway = gateway.Absent{}
	_, prepare := g.Prepare(t.Context(), gateway.PrepareRequest{})
	_, confirm := g.Confirm(t.Context(), gateway.ConfirmRequest{})
	_, lookup := g.Lookup(t.Context(), "key")
	_, byOrder := g.LookupByOrder(t.Context(), "ord_1")
	_, cancel := g.Cancel(t.Context(), gateway.CancelRequest{})
	_, webhook := g.VerifyWebhook(nil, nil, time.Time{})
	_, _, settlements := g.Settlements(t.Context(), "", "", 1)
	_, _, transactions := g.Transactions(t.Context(), "", "", "")
	_, transfer := g.Transfer(t.Context(), gateway.TransferRequest{})
	_, lookupTransfer := g.LookupTransfer(t.Context(), "")
	_, entries := g.BankEntries(t.Context(), "", "")
	_, account := g.BankAccount(t.Context(), "")
	for i, err := range []error{prepare, confirm, lookup, byOrder, cancel, webhook, settlements, transactions, transfer,
		lookupTransfer, entries, account} {
		if gateway.OutcomeOf(err) != gateway.Retryable || gateway.CodeOf(err) != gateway.CodeAbsent {
			t.Errorf("call %d: %v", i, err)
		}
	}
}
