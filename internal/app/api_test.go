package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// caller speaks JSON to a server.
type caller struct {
	t     *testing.T
	url   string
	token string
	keys  int
}

type answered struct {
	status int
	body   map[string]any
}

func (c *caller) call(method, path, key string, body any) answered {
	c.t.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			c.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(context.Background(), method, c.url+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	out := answered{status: res.StatusCode}
	if err := json.NewDecoder(res.Body).Decode(&out.body); err != nil {
		c.t.Fatalf("%s %s: %d: %v", method, path, res.StatusCode, err)
	}
	return out
}

func (c *caller) want(status int, method, path string, body any) map[string]any {
	c.t.Helper()
	key := ""
	if method == http.MethodPost {
		c.keys++
		key = fmt.Sprintf("test-key-%s-%d", c.token, c.keys)
	}
	a := c.call(method, path, key, body)
	if a.status != status {
		c.t.Fatalf("%s %s: %d, want %d: %v", method, path, a.status, status, a.body)
	}
	return a.body
}

func (c caller) as(email string) *caller {
	c.t.Helper()
	out := c.want(http.StatusCreated, http.MethodPost, "/sessions",
		map[string]any{"email": email, "password": "demo-only"})
	c.token = out["token"].(string)
	return &c
}

// site is a whole server over HTTP with a sandbox in memory behind it.
func site(t *testing.T, now *clock.Fake) (*app.Server, *caller) {
	t.Helper()
	ctx := context.Background()
	box, err := sandbox.New(ctx, sandbox.Options{Memory: true, Clock: now, SlowFor: -1, HangFor: -1})
	if err != nil {
		t.Fatal(err)
	}
	gateway := httptest.NewServer(box.Handler())
	t.Cleanup(gateway.Close)
	s, err := app.NewServer(ctx, app.ServerOptions{Clock: now, Demo: true, Relaxed: true, GatewayURL: gateway.URL,
		Config: app.Config{Listen: "127.0.0.1:0", Data: t.TempDir(), Sandbox: true, Gateway: app.GatewayConfig{
			Key: sandbox.DefaultSecretKey, WebhookSecret: []string{sandbox.DefaultWebhookSecret}, Timeout: 5 * time.Second}}})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(s.Handler)
	t.Cleanup(func() {
		front.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, &caller{t: t, url: front.URL}
}

// admit makes an account that signs in with the demonstration's password.
func admit(t *testing.T, s *app.Server, email string) market.AccountID {
	t.Helper()
	hash, err := s.Hasher.Hash(context.Background(), "demo-only")
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.Signup.Admit(context.Background(), market.System(), signup.AdmitCmd{Email: email, Name: "시험",
		Locale: "ko", PasswordHash: hash})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func employ(t *testing.T, s *app.Server, merchant market.MerchantID, who market.AccountID) {
	t.Helper()
	ctx := context.Background()
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO merchant (id, slug, business_number, name, representative, phone, email,
 story, category_id, region_id, bank_code, bank_account, bank_holder, state, created_at, version)
 VALUES ($1, $1, $1, '할매손칼국수', '', '', '', '', '', 'r1', '', '', '', 'approved', $2, 1)`, string(merchant),
			db.Micros(tx.Now())); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO merchant_member (merchant_id, account_id, role, added_by, added_at)
 VALUES ($1, $2, 'owner', 'test', $3)`, string(merchant), string(who), db.Micros(tx.Now()))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPIFromSignInToUndo(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	s, guest := site(t, now)
	employ(t, s, shop, admit(t, s, "merchant1@demo.dure"))
	for i := range 3 {
		admit(t, s, fmt.Sprintf("buyer%d@demo.dure", i+1))
	}
	w := apptest.Over(t, s.Core, now)
	d, o := w.OnSale(shop, nil)

	list := guest.want(http.StatusOK, http.MethodGet, "/deals", nil)
	if deals := list["deals"].([]any); len(deals) != 1 || deals[0].(map[string]any)["id"] != string(d.ID) {
		t.Fatalf("deals %v", list)
	}
	detail := guest.want(http.StatusOK, http.MethodGet, "/deals/"+string(d.ID), nil)
	if options := detail["options"].([]any); options[0].(map[string]any)["id"] != string(o.ID) {
		t.Fatalf("detail %v", detail)
	}
	place := map[string]any{"deal_id": string(d.ID), "option_id": string(o.ID), "quantity": 1}
	if a := guest.call(http.MethodPost, "/orders", "a-key-1234", place); a.status != http.StatusUnauthorized {
		t.Fatalf("a guest's order: %d", a.status)
	}
	var orders []string
	for i, instrument := range []string{"ok", "timeout_charged", "ok"} {
		buyer := guest.as(fmt.Sprintf("buyer%d@demo.dure", i+1))
		placed := buyer.want(http.StatusCreated, http.MethodPost, "/orders", place)
		if placed["state"] != "held" || placed["amount"].(float64) != 19_900 || placed["pay_url"] == "" {
			t.Fatalf("placed %v", placed)
		}
		id := placed["id"].(string)
		paid := buyer.want(http.StatusCreated, http.MethodPost, "/orders/"+id+"/payments",
			map[string]any{"method": "sandbox", "instrument": instrument})
		if paid["state"] != "paid" {
			t.Fatalf("%s: %v", instrument, paid)
		}
		orders = append(orders, id)
	}
	w.Work()
	merchant := guest.as("merchant1@demo.dure")
	buyer := guest.as("buyer1@demo.dure")
	mine := buyer.want(http.StatusOK, http.MethodGet, "/vouchers", nil)["vouchers"].([]any)[0].(map[string]any)
	look := merchant.want(http.StatusOK, http.MethodPost, "/redemptions/check", map[string]any{"code": mine["code"]})
	if look["usable"] != true {
		t.Fatalf("check %v", look)
	}
	use := map[string]any{"code": mine["qr"], "units": 1, "nonce": "nonce-0001"}
	used := merchant.want(http.StatusCreated, http.MethodPost, "/redemptions", use)
	if used["won"].(map[string]any)["net"].(float64) != 17_274 {
		t.Fatalf("used %v", used)
	}
	use["nonce"] = "nonce-0002"
	refused := merchant.want(http.StatusConflict, http.MethodPost, "/redemptions", use)
	if refused["reason"] != "already_used" {
		t.Fatalf("used again %v", refused)
	}
	undone := merchant.want(http.StatusOK, http.MethodPost, "/redemptions/"+used["id"].(string)+"/undo", map[string]any{})
	if undone["state"] != "annulled" || undone["units_left"].(float64) != 1 {
		t.Fatalf("undone %v", undone)
	}
	gone := buyer.want(http.StatusOK, http.MethodPost, "/orders/"+orders[0]+"/cancel", nil)
	if gone["state"] != "refunded" || gone["refunded"].(float64) != 19_900 {
		t.Fatalf("cancelled %v", gone)
	}
	if a := buyer.call(http.MethodGet, "/orders/"+orders[1], "", nil); a.status != http.StatusNotFound {
		t.Fatalf("another's order: %d", a.status)
	}
}

func TestAPIKeys(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	s, guest := site(t, now)
	employ(t, s, shop, admit(t, s, "merchant1@demo.dure"))
	admit(t, s, "buyer1@demo.dure")
	w := apptest.Over(t, s.Core, now)
	d, o := w.OnSale(shop, nil)
	buyer := guest.as("buyer1@demo.dure")
	place := map[string]any{"deal_id": string(d.ID), "option_id": string(o.ID), "quantity": 1}
	if a := buyer.call(http.MethodPost, "/orders", "", place); a.status != http.StatusUnprocessableEntity ||
		a.body["code"] != "idempotency.missing" {
		t.Fatalf("no key: %d %v", a.status, a.body)
	}
	first := buyer.call(http.MethodPost, "/orders", "key-00001", place)
	again := buyer.call(http.MethodPost, "/orders", "key-00001", place)
	if first.status != http.StatusCreated || again.status != http.StatusCreated || first.body["id"] != again.body["id"] {
		t.Fatalf("same key: %v %v", first, again)
	}
	place["quantity"] = 2
	other := buyer.call(http.MethodPost, "/orders", "key-00001", place)
	if other.status != http.StatusConflict || other.body["code"] != "idempotency.other_body" {
		t.Fatalf("other body: %v", other)
	}
	pay := map[string]any{"method": "sandbox", "instrument": "ok"}
	path := "/orders/" + first.body["id"].(string) + "/payments"
	one := buyer.call(http.MethodPost, path, "pay-00001", pay)
	two := buyer.call(http.MethodPost, path, "pay-00001", pay)
	if one.status != http.StatusCreated || two.status != http.StatusCreated || two.body["state"] != "paid" {
		t.Fatalf("pay twice: %v %v", one, two)
	}
	pay["instrument"] = "decline"
	if a := buyer.call(http.MethodPost, path, "pay-00001", pay); a.status != http.StatusConflict {
		t.Fatalf("other instrument under one key: %v", a)
	}
	for name, bad := range map[string]any{"text": "x", "list": []int{1}, "none": nil,
		"types":    map[string]any{"deal_id": 5, "option_id": true, "quantity": "many"},
		"negative": map[string]any{"deal_id": string(d.ID), "option_id": string(o.ID), "quantity": -1},
		"huge":     map[string]any{"deal_id": string(d.ID), "option_id": string(o.ID), "quantity": 1e18},
		"nul":      map[string]any{"deal_id": "dea_\x00", "option_id": "💥\u202e", "quantity": 1}} {
		a := buyer.call(http.MethodPost, "/orders", "bad-key-"+name, bad)
		if a.status < 400 || a.status >= 500 || a.body["code"] == nil || a.body["detail"] == "" {
			t.Errorf("%s: %d %v", name, a.status, a.body)
		}
	}
}
