package api

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
)

// TestTheStreamTellsOfWishesWithoutPeople writes each event of a wish to somebody with no part in it: what is told
// names no person, and what names one is not told.
func TestTheStreamTellsOfWishesWithoutPeople(t *testing.T) {
	const who, seller = market.AccountID("acc_member"), market.MerchantID("mer_seller")
	told := map[string]bool{"wish.reached": true, "wish.moved": true, "wish.ended": true, "bid.placed": true,
		"bid.ended": true, "auction.awarded": true}
	for _, e := range []event.Event{event.WishPosted{WishID: "wsh_1", AccountID: who}, event.WishReached{WishID: "wsh_1"},
		event.WishMember{WishID: "wsh_1", AccountID: who}, event.WishLed{WishID: "wsh_1", LeadID: who},
		event.WishMoved{WishID: "wsh_1"}, event.WishEnded{WishID: "wsh_1"}, event.BidPlaced{WishID: "wsh_1"},
		event.BidPlaced{WishID: "wsh_1", MerchantID: seller, UnitPrice: 100}, event.BidEnded{WishID: "wsh_1"},
		event.AuctionAwarded{WishID: "wsh_1", MerchantID: seller}} {
		payload, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		out := httptest.NewRecorder()
		stranger := market.Actor{AccountID: "acc_stranger"}
		if err := writeEvent(out, stranger, feed.Event{Seq: 7, Kind: e.Kind(), Payload: string(payload)}); err != nil {
			t.Fatal(err)
		}
		text := out.Body.String()
		if got := strings.Contains(text, "event: "+e.Kind()); got != told[e.Kind()] {
			t.Errorf("%s told: %t", e.Kind(), got)
		}
		if strings.Contains(text, string(who)) || !strings.HasPrefix(text, "id: 7\n") {
			t.Errorf("%s: %s", e.Kind(), text)
		}
	}
}
