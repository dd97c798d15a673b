package pagetest_test

import "net/url"

// fundPages are where members of a wish pay. Who cannot is led to the wish, and who has paid to the share.
func fundPages() map[string]page {
	return map[string]page{
		"GET /w/{wish}/pay":  {"wish", signed(ok, led), nil},
		"GET /w/{wish}/paid": {"wish", signed(ok, led), nil},
	}
}

func fundWrites() map[string]write {
	return map[string]write{
		"POST /w/{wish}/pay": {kind: "wish", wanted: guestsLed(open(led, unasked)), as: "buyer",
			fields: url.Values{"quantity": {"1"}, "price": {"1000"}, "agree": {"on"}}},
	}
}
