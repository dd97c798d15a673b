package app_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/deliver/delivertest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// TestAPIOfShares lets a seller send, a member confirm and another complain; nobody else sees their shares.
func TestAPIOfShares(t *testing.T) {
	f := newFair(t)
	ctx := context.Background()
	var paid []delivertest.Paid
	var who []*caller
	for n := range 2 {
		email := fmt.Sprintf("payer%d@demo.dure", n)
		paid = append(paid, delivertest.Paid{OrderID: market.OrderID(fmt.Sprintf("ord_%026d", n)),
			AccountID: admit(t, f.s, email)})
		who = append(who, f.guest.as(email))
	}
	if err := (delivertest.Crowd{Wish: "wsh_shares", Seller: potter, Way: escrow.ByParcel, Members: paid}).Begin(ctx,
		f.s.DB); err != nil {
		t.Fatal(err)
	}
	const one = "/escrows/{order}"
	mine, theirs := "/escrows/"+string(paid[0].OrderID), "/escrows/"+string(paid[1].OrderID)
	list := f.ask(who[0], http.StatusOK, to{http.MethodGet, "/escrows", "/escrows"}, nil)
	if rows := list["escrows"].([]any); len(rows) != 1 || at(rows[0], "held") != float64(delivertest.Price) {
		t.Errorf("%v", list)
	}
	for _, c := range []struct {
		caller *caller
		method string
		path   string
		status int
	}{{f.guest, "GET", mine, 401}, {who[1], "GET", mine, 404}, {f.members[0], "GET", mine, 404},
		{who[1], "POST", mine + "/confirm", 404}, {f.members[0], "POST", mine + "/confirm", 404}} {
		if a := c.caller.call(c.method, c.path, "foreign-key", nil); a.status != c.status {
			t.Errorf("%s %s: %d %v", c.method, c.path, a.status, a.body)
		}
	}
	parcels := map[string]any{"wish_id": "wsh_shares", "parcels": []any{
		map[string]any{"order_id": string(paid[0].OrderID), "carrier": string(delivertest.Parcel(1).Carrier),
			"number": delivertest.Parcel(1).Number},
		map[string]any{"order_id": "ord_none", "carrier": "cj", "number": "1"}}}
	if a := who[0].call("POST", "/escrows/parcels", "parcels-key", parcels); a.status != http.StatusNotFound {
		t.Errorf("a member sends: %v", a)
	}
	sent := f.ask(f.seller, http.StatusOK, to{http.MethodPost, "/escrows/parcels", "/escrows/parcels"}, parcels)
	if fmt.Sprint(sent["noted"]) != "["+string(paid[0].OrderID)+"]" || len(sent["faults"].([]any)) != 1 {
		t.Errorf("%v", sent)
	}
	seen := f.ask(f.seller, http.StatusOK, to{http.MethodGet, mine, one}, nil)
	if seen["state"] != "shipped" || len(seen["parcels"].([]any)) != 1 || strings.Contains(fmt.Sprint(seen), "payer") {
		t.Errorf("%v", seen)
	}
	done := f.ask(who[0], http.StatusOK, to{http.MethodPost, mine + "/confirm", one + "/confirm"}, nil)
	if done["state"] != "released" || done["released"] != float64(delivertest.Price) || done["held"] != 0.0 {
		t.Errorf("%v", done)
	}
	frozen := f.ask(who[1], http.StatusOK, to{http.MethodPost, theirs + "/dispute", one + "/dispute"},
		map[string]any{"reason": "not_sent", "words": "아직도 보내지 않았어요."})
	if frozen["state"] != "disputed" || frozen["frozen"] != float64(delivertest.Price) {
		t.Errorf("%v", frozen)
	}
}
