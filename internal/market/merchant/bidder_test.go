package merchant_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// TestWhoMayBid: who is named may offer, and only who was approved may sell.
func TestWhoMayBid(t *testing.T) {
	named := merchant.Business{Name: "연남 공방", Number: "1248100998", Phone: "01012345678"}
	for _, c := range []struct {
		name      string
		state     merchant.State
		business  merchant.Business
		bid, sell bool
	}{
		{"named", merchant.Draft, named, true, false},
		{"without a number", merchant.Draft, merchant.Business{Name: named.Name, Phone: named.Phone}, false, false},
		{"without a name", merchant.Draft, merchant.Business{Number: named.Number, Phone: named.Phone}, false, false},
		{"unreachable", merchant.Draft, merchant.Business{Name: named.Name, Number: named.Number}, false, false},
		{"handed in", merchant.Submitted, named, true, false},
		{"given back", merchant.Returned, named, false, false},
		{"approved", merchant.Approved, named, true, true},
		{"suspended", merchant.Suspended, named, false, false},
	} {
		m := merchant.Merchant{State: c.state, Business: c.business}
		if m.MayBid() != c.bid || m.MaySell() != c.sell {
			t.Errorf("%s: bids %v, sells %v", c.name, m.MayBid(), m.MaySell())
		}
	}
	if lacks := fail.All(merchant.Business{}.Named().Err()); len(lacks) != 3 || lacks[1].Field != "number" {
		t.Errorf("nothing lacks %v", lacks)
	}
}
