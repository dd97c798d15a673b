package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
)

// rawCall is one request, and what is worth telling of its answer.
type rawCall struct{ path, token, key, body string }

// told sends a call; accept, when given, sends it the long way.
func (c rawCall) told(t *testing.T, url, accept string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"/api/v1"+c.path,
		strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for name, value := range map[string]string{"Accept": accept, "Idempotency-Key": c.key, "Authorization": c.token} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(res.StatusCode, " ", res.Header.Get("Content-Type"), " ", res.Header.Get("Www-Authenticate"),
		res.Header.Get("Retry-After"), "\n",
		string(text))
}

// The writes that come in rushes have a short way; whatever is asked, it answers as the long one does.
func TestShortWaysAnswerAsTheLongOnes(t *testing.T) {
	const shop = market.MerchantID("mch_noodle")
	now := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	s, guest := site(t, now)
	employ(t, s, shop, admit(t, s, "merchant1@demo.dure"))
	admit(t, s, "buyer1@demo.dure")
	w := apptest.Over(t, s.Core, now)
	d, o := w.OnSale(shop, nil)
	buyer, till := "Bearer "+guest.as("buyer1@demo.dure").token, "Bearer "+guest.as("merchant1@demo.dure").token
	place := fmt.Sprintf(`{"deal_id":%q,"option_id":%q,"quantity":1}`, d.ID, o.ID)
	first := rawCall{"/orders", buyer, "key-of-one", place}.told(t, guest.url, "")
	_, rest, _ := strings.Cut(first, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	pay, use := "/orders/"+id+"/payments", `{"merchant_id":"mch_noodle","branch_id":"","code":%q,"units":1,"nonce":%q}`
	longDeal := `{"deal_id":"` + strings.Repeat("d", 41) + `","option_id":"","quantity":1}`
	for name, c := range map[string]rawCall{
		"placed":           {"/orders", buyer, "key-of-one", place},
		"other body":       {"/orders", buyer, "key-of-one", strings.Replace(place, ":1}", ":2}", 1)},
		"no token":         {"/orders", "", "key-of-one", place},
		"bad token":        {"/orders", "Bearer nobody", "key-of-one", place},
		"no bearer":        {"/orders", "Basic nobody", "key-of-one", place},
		"no key":           {"/orders", buyer, "", place},
		"short key":        {"/orders", buyer, "key", place},
		"long key":         {"/orders", buyer, strings.Repeat("k", 201), place},
		"too many":         {"/orders", buyer, "key-of-two", strings.Replace(place, ":1}", ":3}", 1)},
		"far too many":     {"/orders", buyer, "key-of-two", strings.Replace(place, ":1}", ":101}", 1)},
		"none":             {"/orders", buyer, "key-of-two", strings.Replace(place, ":1}", ":0}", 1)},
		"no deal":          {"/orders", buyer, "key-of-two", `{"deal_id":"deal_1","option_id":"","quantity":1}`},
		"long deal":        {"/orders", buyer, "key-of-two", longDeal},
		"missing":          {"/orders", buyer, "key-of-two", `{"deal_id":"deal_1","quantity":1}`},
		"unknown":          {"/orders", buyer, "key-of-two", strings.Replace(place, "{", `{"x":1,`, 1)},
		"twice":            {"/orders", buyer, "key-of-two", strings.Replace(place, "{", `{"quantity":200,`, 1)},
		"wrong type":       {"/orders", buyer, "key-of-two", strings.Replace(place, ":1}", `:"1"}`, 1)},
		"no JSON":          {"/orders", buyer, "key-of-two", place[:20]},
		"nothing":          {"/orders", buyer, "key-of-two", ""},
		"large":            {"/orders", buyer, "key-of-two", place + strings.Repeat(" ", 2_000)},
		"paid":             {pay, buyer, "key-of-pay", `{"method":"sandbox","instrument":"ok"}`},
		"paid again":       {pay, buyer, "key-of-more", `{"method":"sandbox","instrument":"ok"}`},
		"other method":     {pay, buyer, "key-of-more", `{"method":"cash","instrument":"ok"}`},
		"other instrument": {pay, buyer, "key-of-more", `{"method":"sandbox","instrument":"slow"}`},
		"other's order":    {pay, till, "key-of-more", `{"method":"sandbox","instrument":"ok"}`},
		"no order":         {"/orders/ord_1/payments", buyer, "key-of-more", `{"method":"sandbox","instrument":"ok"}`},
		"no code":          {"/redemptions", till, "key-of-use", fmt.Sprintf(use, "nothing", "nonce-0001")},
		"short nonce":      {"/redemptions", till, "key-of-use", fmt.Sprintf(use, "nothing", "nonce")},
		"no till":          {"/redemptions", buyer, "key-of-use", fmt.Sprintf(use, "nothing", "nonce-0001")},
	} {
		short, long := c.told(t, guest.url, ""), c.told(t, guest.url, "application/json;q=0.9")
		if short != long {
			t.Errorf("%s: the short way answers\n%s, the long one\n%s", name, short, long)
		}
	}
}

// A token that was revoked is no good with the very next call, however well its bearer was known a moment ago.
func TestARevokedTokenIsRefusedAtOnce(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	s, guest := site(t, now)
	id := admit(t, s, "buyer1@demo.dure")
	buyer := guest.as("buyer1@demo.dure")
	for range 3 {
		buyer.want(http.StatusOK, http.MethodGet, "/orders", nil)
	}
	err := s.DB.Write(context.Background(), func(tx *db.Tx) error {
		return account.RevokeAll(context.Background(), tx, id, account.PurposeAPI)
	})
	if err != nil {
		t.Fatal(err)
	}
	buyer.want(http.StatusUnauthorized, http.MethodGet, "/orders", nil)
}
