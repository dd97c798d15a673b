package sandbox_test

import "testing"

func TestChargesAtOnce(t *testing.T) {
	w := newWorld(t, inFile(t))
	charge := func(key, order string, won int64) answer {
		return w.call("POST", "/sandbox/charges", fields{"paymentKey": key, "orderId": order, "amount": won})
	}
	for name, c := range map[string]struct {
		key, order string
		won        int64
		code       string
	}{
		"a key of ours":      {"pay_1", "order-9", 9_900, "INVALID_REQUEST"},
		"another order":      {"direct.ok.order-8", "order-9", 9_900, "INVALID_REQUEST"},
		"unknown instrument": {"direct.gold.order-9", "order-9", 9_900, "INVALID_REQUEST"},
		"no instrument":      {"direct.order-9", "order-9", 9_900, "INVALID_REQUEST"},
		"odd order":          {"direct.ok.or der", "or der", 9_900, "INVALID_REQUEST"},
		"below minimum":      {"direct.ok.order-9", "order-9", 99, "BELOW_MINIMUM_AMOUNT"},
		"too much":           {"direct.ok.order-9", "order-9", 10_000_000_001, "INVALID_REQUEST"},
		"declined":           {"direct.decline.order-9", "order-9", 9_900, "REJECT_CARD_COMPANY"},
	} {
		if a := charge(c.key, c.order, c.won); a.text1("code") != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
	first := charge("direct.ok.order-9", "order-9", 9_900)
	is(w, "charged", first.text1("status"), "DONE")
	is(w, "key", first.text1("paymentKey"), "direct.ok.order-9")
	is(w, "again", charge("direct.ok.order-9", "order-9", 9_900).text1("code"), "ALREADY_PROCESSED_PAYMENT")
	is(w, "another way", charge("direct.slow.order-9", "order-9", 9_900).text1("code"), "DUPLICATED_ORDER_ID")
	w.restart()
	is(w, "after a restart", w.ok("GET", "/v1/payments/orders/order-9", nil).won("totalAmount"), 9_900)
}
