package pagetest_test

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
)

// sample is one thing that addresses name.
type sample struct {
	kind, id string
	state    string
	on       right.Resource
	also     string // a second value of the address
	none     bool   // it never was
	public   bool   // everybody may see it
}

// samples are things of every kind and every state: of the shop and the buyer whose side the test takes, and foreign.
type samples map[string][]sample

// no is an id that never was.
const no = "xxx_00000000000000000000000000"

// chosen are the people and the things around which the tests turn.
type chosen struct {
	shop, other  market.MerchantID
	buyer, guest market.AccountID
	things       samples
	theirs       map[string]sample // what people have whom only their one thing brings here
	code         string            // a voucher of the shop that may be used
	option       string            // on sale, of the deal
	onSale       string
}

// foreign is an id that is somebody else's.
func (c chosen) foreign() string { return string(c.other) }

// put replaces a mark in a value by what it stands for.
func (c chosen) put(text string) string {
	return strings.NewReplacer("{code}", c.code, "{option}", c.option, "{deal}", c.onSale, "{redemption}",
		c.things["redemption"][0].id).Replace(text)
}

// row reads a sample: id, state, merchant, branch, account, second value, and from when until when it is public.
func row(r db.Row) (s sample, err error) {
	var from, until int64
	err = r.Scan(&s.id, &s.state, &s.on.MerchantID, &s.on.BranchID, &s.on.AccountID, &s.also, &from, &until)
	now := db.Micros(friday)
	s.public = from > 0 && from <= now && (until == 0 || now < until)
	return s, err
}

// kinds are what addresses name, each with the question that lists it.
func kinds() map[string]string {
	return map[string]string{
		"deal": `SELECT id, state, merchant_id, '', '', '', COALESCE(public_from, 0), COALESCE(public_until, 0)
 FROM deal ORDER BY id`,
		"order": `SELECT id, state || COALESCE((SELECT MIN(v.state) FROM voucher v WHERE v.order_id = orders.id), ''),
 merchant_id, '', account_id, '', 0, 0 FROM orders ORDER BY id`,
		"share": `SELECT s.order_id, s.state, e.merchant_id, '', s.account_id, '', 0, 0
 FROM escrow_share s JOIN escrow e ON e.wish_id = s.wish_id ORDER BY s.order_id`,
		"served": `SELECT wish_id, phase, merchant_id, '', '', '', 0, 0 FROM escrow ORDER BY wish_id`,
		"case": `SELECT d.wish_id, d.turn, e.merchant_id, '', '', d.order_id, 0, 0
 FROM escrow_dispute d JOIN escrow e ON e.wish_id = d.wish_id ORDER BY d.order_id`,
		"quarrel":   `SELECT order_id, turn, '', '', '', '', 0, 0 FROM escrow_dispute ORDER BY order_id`,
		"voucher":   `SELECT id, state, merchant_id, '', account_id, '', 0, 0 FROM voucher ORDER BY id`,
		"ask":       `SELECT id, state, merchant_id, '', account_id, '', 0, 0 FROM feedback_ask ORDER BY id`,
		"shopask":   `SELECT id, state, merchant_id, '', '', '', 0, 0 FROM feedback_merchant ORDER BY id`,
		"statement": `SELECT id, state, merchant_id, '', '', '', 0, 0 FROM statement ORDER BY id`,
		"shop":      `SELECT id, state, id, '', '', '', 0, 0 FROM merchant ORDER BY id`,
		"branch":    `SELECT merchant_id, '', merchant_id, id, '', id, 0, 0 FROM merchant_branch ORDER BY id`,
		"mail":      `SELECT id, '', '', '', '', '', 0, 0 FROM kit_mail ORDER BY id`,
		"region":    `SELECT id, level, '', '', '', '', 0, 0 FROM region ORDER BY id`,
		"payment": `SELECT p.id, p.state, o.merchant_id, '', p.account_id, '', 0, 0
 FROM payment p JOIN orders o ON o.id = p.order_id ORDER BY p.id`,
		"redemption": `SELECT id, state, merchant_id, branch_id, staff_id, '', 0, 0 FROM redemption ORDER BY at DESC, id`,
		"entry":      `SELECT id, '', '', '', '', '', 0, 0 FROM directory_entry ORDER BY id`,
		"payout":     `SELECT id, state, '', '', '', '', 0, 0 FROM payout ORDER BY id`,
		"refund":     `SELECT id, state, '', '', '', '', 0, 0 FROM refund ORDER BY id`,
		"difference": `SELECT id, class, '', '', '', '', 0, 0 FROM settlement_difference ORDER BY id`,
		"job":        `SELECT id, state, '', '', '', '', 0, 0 FROM kit_job ORDER BY id`,
		"wish":       `SELECT id, state, '', '', lead_id, '', 1, 0 FROM wish ORDER BY id`,
		"bid":        `SELECT wish_id, state, '', '', '', id, 1, 0 FROM bid ORDER BY id`,
		"slug": `SELECT slug, state, id, '', '', '', CASE WHEN state IN ('approved', 'suspended') THEN 1 ELSE 0 END, 0
 FROM merchant ORDER BY id`,
	}
}

// pick finds, on one of the equal worlds, one thing of each state on each side: ours, the other shop's, anybody's.
func (s *site) pick(shop, other market.MerchantID, buyer market.AccountID) samples {
	s.t.Helper()
	out := samples{}
	for kind, text := range kinds() {
		all, err := db.All(context.Background(), s.DB, row, text)
		if err != nil {
			s.t.Fatalf("%s: %v", kind, err)
		}
		near := func(one sample) int {
			switch {
			case one.on.AccountID == buyer:
				return 0
			case one.on.MerchantID == shop:
				return 1
			case one.on.MerchantID == other && one.on.AccountID == "":
				return 2
			}
			return 3
		}
		slices.SortStableFunc(all, func(a, b sample) int { return near(a) - near(b) })
		seen := map[string]bool{}
		for _, one := range all {
			one.kind = kind
			side := fmt.Sprint(one.state, near(one), one.public)
			if !seen[side] {
				seen[side] = true
				out[kind] = append(out[kind], one)
			}
		}
		out[kind] = append(out[kind], sample{kind: kind, id: no, also: no, none: true})
	}
	return out
}

// busy is the neighbour with the most kinds of things.
const busy = `SELECT v.account_id FROM voucher v
 WHERE EXISTS (SELECT 1 FROM orders o WHERE o.account_id = v.account_id AND o.state = 'refunded')
 AND EXISTS (SELECT 1 FROM voucher w WHERE w.account_id = v.account_id AND w.state = 'active' AND w.units_used = 0)
 GROUP BY v.account_id ORDER BY count(DISTINCT v.state) DESC,
 (SELECT count(DISTINCT f.state) FROM feedback_ask f WHERE f.account_id = v.account_id) DESC, v.account_id LIMIT 1`

// choose finds the people and the things around which the tests turn.
func (s *site) choose() chosen {
	s.t.Helper()
	one := func(text string, args ...any) string {
		s.t.Helper()
		found, err := db.One(context.Background(), s.DB, db.Scalar[string], text, args...)
		if err != nil {
			s.t.Fatal(err)
		}
		return found
	}
	shopOf := func(email string) market.MerchantID {
		return market.MerchantID(one(`SELECT m.merchant_id FROM merchant_member m JOIN account a ON a.id = m.account_id
 WHERE a.email_key = $1`, email))
	}
	c := chosen{shop: shopOf("merchant1@demo.dure"), other: shopOf("merchant2@demo.dure"),
		buyer: market.AccountID(one(busy)), guest: s.account("buyer40@demo.dure")}
	s.crowds(c)
	c.things = s.pick(c.shop, c.other, c.buyer)
	c.theirs = map[string]sample{}
	for name, text := range map[string]string{
		"drafter": `SELECT d.id, m.account_id FROM deal d` + ownersOf + `WHERE d.state = 'draft' ORDER BY d.id LIMIT 1`,
		"asked":   `SELECT d.id, m.account_id FROM deal d` + ownersOf + `WHERE d.state = 'asking' ORDER BY d.id LIMIT 1`,
		"returned": `SELECT m.merchant_id, m.account_id FROM merchant s JOIN merchant_member m ON m.merchant_id = s.id
 WHERE s.state = 'returned' ORDER BY s.id LIMIT 1`,
		"holder": `SELECT id, account_id FROM orders WHERE state = 'held' ORDER BY id LIMIT 1`,
		"answerer": `SELECT d.id, m.account_id FROM feedback_merchant d` + ownersOf + `WHERE d.state = 'open'
 ORDER BY d.id LIMIT 1`,
	} {
		found, err := db.One(context.Background(), s.DB, func(r db.Row) (x sample, err error) {
			return x, r.Scan(&x.id, &x.on.AccountID)
		}, text)
		if err != nil {
			s.t.Fatalf("%s: %v", name, err)
		}
		c.theirs[name] = found
	}
	c.code = s.Keys.Face(market.VoucherID(one(`SELECT id FROM voucher WHERE merchant_id = $1 AND state = 'active'
 ORDER BY id LIMIT 1`, string(c.shop))))
	c.onSale = one(`SELECT id FROM deal WHERE merchant_id = $1 AND state = 'on_sale' ORDER BY id LIMIT 1`, string(c.shop))
	c.option = one(`SELECT id FROM deal_option WHERE deal_id = $1 ORDER BY position LIMIT 1`, c.onSale)
	return c
}

// keep lets our guest follow the shop and bookmark its deal, so that a page of kept things has some.
func (s *site) keep(c chosen) {
	s.t.Helper()
	ctx := context.Background()
	guest, err := account.LoadActor(ctx, s.DB, c.guest)
	if err == nil {
		err = s.Enroll.Follow(ctx, guest, c.shop, true)
	}
	if err == nil {
		err = s.Follow.Keep(ctx, guest, follow.KeepCmd{DealID: market.DealID(c.onSale), Notify: true})
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

const ownersOf = ` JOIN merchant_member m ON m.merchant_id = d.merchant_id AND m.role = 'owner' `

// account finds who has an address.
func (s *site) account(email string) market.AccountID {
	s.t.Helper()
	const query = `SELECT id FROM account WHERE email_key = $1`
	found, err := db.One(context.Background(), s.DB, db.Scalar[string], query, email)
	if err != nil {
		s.t.Fatalf("%s: %v", email, err)
	}
	return market.AccountID(found)
}

// people are all who come to the site.
func (p *pair) people(c chosen) []*person {
	p.t.Helper()
	at := func(name string) market.AccountID { return p.lite.account(name + "@demo.dure") }
	return []*person{
		p.enter("visitor", "ko", ""), p.enter("buyer", "ko", c.buyer), p.enter("newcomer", "en", c.guest),
		p.enter("owner", "ko", at("merchant1")), p.enter("manager", "en", at("manager1")),
		p.enter("scan", "ko", at("scan1")), p.enter("foreign owner", "ko", at("merchant2")),
		p.enter("admin", "ko", at("operator")), p.enter("finance", "en", at("finance")),
		p.enter("support", "ko", at("support")),
	}
}

// others are people whom only the one thing brings here that they have and nobody else.
func (p *pair) others(c chosen) (list []*person) {
	p.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(c.theirs)) {
		list = append(list, p.enter(name, "ko", c.theirs[name].on.AccountID))
	}
	return list
}

// fill writes the address of a pattern for a thing: the first wildcard is its id, the second its second value.
func fill(pattern string, s sample) string {
	values := []string{s.id, s.also}
	path := strings.TrimSuffix(pattern, "{$}")
	for _, value := range values {
		begin := strings.IndexByte(path, '{')
		if begin < 0 {
			break
		}
		length := strings.IndexByte(path[begin:], '}')
		path = path[:begin] + url.PathEscape(value) + path[begin+length+1:]
	}
	return path
}
