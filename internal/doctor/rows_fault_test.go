package doctor_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// sales is a sold deal: one order used once, one given back, one untouched, one held.
type sales struct {
	*apptest.World
	db      *db.DB
	world   *dbtest.World
	media   *blob.Memory
	picture blob.Key
	deal    deal.Deal
	used    order.Order
	back    order.Order
	rest    order.Order
	held    order.Order
}

const noodles = market.MerchantID("mer_noodle")

func makeSales(t *testing.T, d *db.DB, world *dbtest.World) *sales {
	t.Helper()
	s := &sales{World: apptest.New(t, d, world.Clock), db: d, world: world, media: &blob.Memory{}}
	s.Shop(noodles, "국숫집", "본점")
	write(t, d, `UPDATE merchant SET state = 'approved' WHERE id = $1`, string(noodles))
	var err error
	s.picture, err = s.media.Put(s.Ctx, []byte("a bowl"))
	s.Must(err)
	var option deal.Option
	s.deal, option = s.OnSale(noodles, nil)
	s.used = s.Buy(apptest.Buyer(1), s.deal, option, 2)
	s.back = s.Buy(apptest.Buyer(2), s.deal, option, 1)
	s.rest = s.Buy(apptest.Buyer(3), s.deal, option, 1)
	s.Work()
	list, err := voucher.OfOrder(s.Ctx, d, s.used.ID)
	s.Must(err)
	owner := apptest.Owner(noodles)
	_, err = s.Redeem.Do(s.Ctx, redeem.Cmd{Actor: owner, MerchantID: noodles, BranchID: "brn_1",
		Text: s.Keys.Face(list[0].ID), Units: 1, Nonce: "nonce-00001"})
	s.Must(err)
	_, err = s.Refunds.Cancel(s.Ctx, apptest.Buyer(2), s.back.ID)
	s.Must(err)
	s.Work()
	placed, err := s.Place(apptest.Buyer(4), s.deal, option, 1)
	s.Must(err)
	s.held = placed.Order
	s.Work()
	write(t, d, `UPDATE merchant SET pictures = $1 WHERE id = $2`, `["9x9/9-`+string(s.picture)+`"]`, string(noodles))
	return s
}

func (s *sales) ask(t testing.TB, o doctor.Options) []string {
	t.Helper()
	o.Slice, o.Media, o.Gateway = 2, s.media, s.Client
	for _, q := range doctor.Questions() {
		if !strings.HasPrefix(q.Name, "ledger_") && !strings.HasPrefix(q.Name, "settlement_") {
			o.Only = append(o.Only, q.Name)
		}
	}
	report, err := doctor.Check(t.Context(), readOnly(t, s.world), o)
	if err != nil {
		t.Fatal(err)
	}
	spoken(t, report)
	return findings(report)
}

// fill writes the names of rows: {deal}, {used}, {back}, {rest} and {held} are ids.
func (s *sales) fill(text string) string {
	return strings.NewReplacer("{deal}", string(s.deal.ID), "{used}", string(s.used.ID), "{back}", string(s.back.ID),
		"{rest}", string(s.rest.ID), "{held}", string(s.held.ID), "{a}", string(apptest.Buyer(1).AccountID)).Replace(text)
}

type rowFault struct {
	name string
	do   string // a statement; {…} are filled in
	undo string // brings the row back
	// want is "number code row"; the row may be a SELECT in brackets.
	want string
}

// dayNow is the hour of the sales.
const dayNow = "2026-03-09 00h"

// rowFaults are planted and taken back one after another in one world.
func rowFaults() []rowFault {
	const ofUsed = `(SELECT min(id) FROM voucher WHERE order_id = '{used}' AND units_used = 1)`
	const paid = `(SELECT id FROM payment WHERE order_id = '{used}')`
	const given = `(SELECT id FROM refund WHERE order_id = '{back}')`
	const use = `(SELECT id FROM redemption WHERE order_id = '{used}')`
	set := func(table, change, back, row, want string) rowFault {
		return rowFault{name: table + " " + change, do: "UPDATE " + table + " SET " + change + " WHERE " + row,
			undo: "UPDATE " + table + " SET " + back + " WHERE " + row, want: want}
	}
	return []rowFault{
		set("deal", "held_units = held_units + 1", "held_units = held_units - 1", "id = '{deal}'",
			"70 deal_held {deal}, 71 deal_options_held {deal}"),
		set("deal", "paid_units = paid_units - 1", "paid_units = paid_units + 1", "id = '{deal}'",
			"70 deal_paid {deal}, 71 deal_options_paid {deal}"),
		set("deal", "people = people + 1", "people = people - 1", "id = '{deal}'", "70 deal_people {deal}"),
		set("deal", "capacity = 2", "capacity = 10", "id = '{deal}'", "12 deal_capacity {deal}"),
		set("deal_option", "held_units = 0", "held_units = 1", "deal_id = '{deal}'", "71 deal_options_held {deal}"),
		set("order_limit", "held_units = held_units + 1", "held_units = held_units - 1", "account_id = '{a}'",
			"72 limit_held {deal}:{a}"),
		set("order_limit", "paid_units = paid_units - 1", "paid_units = paid_units + 1", "account_id = '{a}'",
			"72 limit_paid {deal}:{a}"),
		set("voucher", "units_total = 0", "units_total = 1", "order_id = '{used}' AND units_used = 1",
			"14 voucher_overused ["+ofUsed+"]"),
		set("redemption", "state = 'annulled'", "state = 'accepted'", "order_id = '{used}'",
			"14 voucher_uses ["+ofUsed+"]"),
		set("redemption", "net = net + 1", "net = net - 1", "order_id = '{used}'", "76 redemption_won ["+use+"]"),
		set("voucher", "account_id = 'acc_x'", "account_id = '{a}'", "order_id = '{used}'",
			"73 voucher_order ["+ofUsed+"], 72 limit_paid {deal}:{a}"),
		set("orders", "quantity = quantity + 1", "quantity = quantity - 1", "id = '{used}'", "73 order_vouchers {used}"),
		set("orders", "state = 'lapsed'", "state = 'paid'", "id = '{used}'",
			"73 order_unpaid_vouchers {used}, 21 payment_homeless ["+paid+"]"),
		set("orders", "refunded_units = 0", "refunded_units = 1", "id = '{back}'", "74 order_refunded_units {back}"),
		set("orders", "refunded_won = refunded_won + 1, amount = amount + 1",
			"refunded_won = refunded_won - 1, amount = amount - 1", "id = '{back}'",
			"74 order_refunded_won {back}, 21 order_payment {back}"),
		set("payment", "refundable = refundable - 1", "refundable = refundable + 1", "order_id = '{used}'",
			"18 payment_rest ["+paid+"]"),
		set("payment", "amount = amount + 1", "amount = amount - 1", "order_id = '{used}'",
			"36 outside_amount ["+paid+"], 21 order_payment {used}"),
		set("refund", "amount = amount - 1", "amount = amount + 1", "order_id = '{back}'",
			"36 outside_refunded [(SELECT id FROM payment WHERE order_id = '{back}')], 74 order_refunded_won {back}"),
		set("refund", "payment_id = 'pay_x'", "payment_id = (SELECT id FROM payment WHERE order_id = '{back}')",
			"order_id = '{back}'", "75 refund_payment ["+given+"]"),
		set("refund", "state = 'stuck'", "state = 'accepted'", "order_id = '{back}'", "75 refund_stuck ["+given+"]"),
		set("refund", "state = 'sent', due_at = 1", "state = 'accepted'", "order_id = '{back}'",
			"75 refund_late ["+given+"]"),
		set("orders", "hold_until = 1", "hold_until = 9000000000000000", "id = '{held}'", "4 hold_late {held}"),
		set("payment", "state = 'confirming', created_at = 1", "state = 'captured'", "order_id = '{rest}'",
			"21 capture_late [(SELECT id FROM payment WHERE order_id = '{rest}')], 21 order_payment {rest}"),
		set("kit_event", "seq = NULL, at = 1", "seq = 2", "(seq = 2 OR seq IS NULL)",
			"77 event_gap 2, 77 event_unnumbered [(SELECT id FROM kit_event WHERE seq = 2 OR seq IS NULL)]"),
		set("kit_feed", "seq = seq + 1", "seq = seq - 1", "name = 'events'",
			"77 event_head [(SELECT CAST(max(seq) + 1 AS text) FROM kit_event)]"),
		{"a stuck job", `INSERT INTO kit_job (id, kind, key, payload, due_at, created_at, state)
 VALUES ('job_x', 'x', 'x', '', 1, 1, 'stuck')`, `DELETE FROM kit_job WHERE id = 'job_x'`, "78 job_stuck job_x"},
		{"a late job", `INSERT INTO kit_job (id, kind, key, payload, due_at, created_at, state)
 VALUES ('job_x', 'x', 'x', '', 1, 1, 'ready')`, `DELETE FROM kit_job WHERE id = 'job_x'`, "78 job_late job_x"},
		set("kit_migration", "version_id = 999", "version_id = 21", "version_id IN (21, 999)",
			"81 migration_missing 0021_order, 81 migration_unknown 999"),
		{"a promise of a migration", `INSERT INTO directory_unindexed (entry_id) VALUES ('dir_x')`,
			`DELETE FROM directory_unindexed`, "81 migration_assertion dir_x"},
	}
}

// daybookFaults are planted in what the desk adds up.
func daybookFaults() []rowFault {
	set := func(table, change, back, row, want string) rowFault {
		return rowFault{name: table + " " + change, do: "UPDATE " + table + " SET " + change + " WHERE " + row,
			undo: "UPDATE " + table + " SET " + back + " WHERE " + row, want: want}
	}
	return []rowFault{
		set("daybook_deal", "usable = usable + 1", "usable = usable - 1", "deal_id = '{deal}'",
			"53 daybook_deal {deal} usable"),
		set("daybook_deal", "back_won = 0", "back_won = 19900", "deal_id = '{deal}'", "53 daybook_deal {deal} back_won"),
		set("daybook_hour", "net = net + 1", "net = net - 1", "uses > 0", "53 daybook_hour mer_noodle "+dayNow+" net"),
		set("daybook_hour", "people = 9", "people = 2", "uses > 0", "53 daybook_hour mer_noodle "+dayNow+" people"),
		set("daybook_pace", "people = people + 1", "people = people - 1", "deal_id = '{deal}'",
			"53 daybook_joins {deal} "+dayNow),
		set("daybook_day", "guests = 0", "guests = 1", "guests < 2", "53 daybook_guests mer_noodle "+dayNow[:10]),
	}
}

func TestRowFaultsAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		if got := s.ask(t, doctor.Options{}); len(got) > 0 {
			t.Fatalf("a sound world: %s", strings.Join(got, "\n"))
		}
		unguard(t, d, "deal", "deal_option", "order_limit", "voucher", "redemption", "orders", "payment", "refund")
		for _, f := range slices.Concat(rowFaults(), daybookFaults()) {
			wants := s.wants(t, f.want)
			plant(t, d, "", s.fill(f.do))
			got := s.ask(t, doctor.Options{})
			for _, want := range wants {
				if !slices.Contains(got, want) {
					t.Errorf("%s: %q was not found, but\n%s", f.name, want, strings.Join(got, "\n"))
				}
			}
			plant(t, d, "", s.fill(f.undo))
		}
		if got := s.ask(t, doctor.Options{Resting: true}); len(got) > 0 {
			t.Errorf("all is taken back: %s", strings.Join(got, "\n"))
		}
	})
}

// wants fills what is wanted, asking the database for rows in brackets.
func (s *sales) wants(t testing.TB, text string) []string {
	t.Helper()
	var out []string
	for _, want := range strings.Split(s.fill(text), ", ") {
		head, query, asked := strings.Cut(want, "[")
		if asked {
			row, err := db.One(s.Ctx, s.db, db.Scalar[string], "SELECT "+strings.TrimSuffix(query, "]"))
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			want = head + row
		}
		if want != "" {
			out = append(out, want)
		}
	}
	return out
}

// unguard lifts the constraints that would refuse what the test plants.
func unguard(t testing.TB, d *db.DB, tables ...string) {
	t.Helper()
	if d.Engine() == db.SQLite {
		plant(t, d, "", "PRAGMA ignore_check_constraints = ON")
		return
	}
	for _, table := range tables {
		names, err := db.All(t.Context(), d, db.Scalar[string], `SELECT CAST(conname AS text) FROM pg_constraint
 WHERE contype = 'c' AND conrelid = (SELECT oid FROM pg_class WHERE relname = $1 AND relkind = 'r')`, table)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			plant(t, d, "", fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT %s", table, name))
		}
	}
}

// Rows are deleted one after another; what one leaves behind does not hide the next.
func TestDeletedRowsAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		for _, row := range []struct{ do, want string }{
			{`DELETE FROM voucher WHERE order_id = '{rest}'`,
				"73 order_vouchers {rest}, 70 deal_paid {deal}, 70 deal_people {deal}"},
			{`DELETE FROM orders WHERE id = '{held}'`, "70 deal_held {deal}"},
			{`DELETE FROM redemption WHERE order_id = '{used}'`,
				"14 voucher_uses [(SELECT min(id) FROM voucher WHERE order_id = '{used}' AND units_used = 1)]"},
			{`DELETE FROM kit_event WHERE seq = 3`, "77 event_gap 3"},
			{`DELETE FROM kit_event WHERE seq = (SELECT max(seq) FROM kit_event)`,
				"77 event_head [(SELECT CAST(max(seq) AS text) FROM kit_event)]"},
			{`DELETE FROM refund WHERE order_id = '{back}'`,
				"18 payment_rest [(SELECT id FROM payment WHERE order_id = '{back}')], 74 order_refunded_units {back}"},
			{`DELETE FROM payment WHERE order_id = '{rest}'`, "21 order_payment {rest}"},
		} {
			wants := s.wants(t, row.want)
			if before := s.ask(t, doctor.Options{}); slices.Contains(before, wants[0]) {
				t.Errorf("%s was found before its time", wants[0])
			}
			plant(t, d, "", s.fill(row.do))
			got := s.ask(t, doctor.Options{})
			for _, want := range wants {
				if !slices.Contains(got, want) {
					t.Errorf("%s: %q was not found, but\n%s", row.do, want, strings.Join(got, "\n"))
				}
			}
		}
	})
}

// An entry that is gone is named by what it was about.
func TestMissingEntriesAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		wants := s.wants(t, `75 payment_entry [(SELECT id FROM payment WHERE order_id = '{used}')], `+
			`75 refund_entry [(SELECT id FROM refund WHERE order_id = '{back}')], `+
			`76 redemption_entry [(SELECT id FROM redemption WHERE order_id = '{used}')]`)
		plant(t, d, "ledger_entry", `DELETE FROM ledger_entry`)
		got := s.ask(t, doctor.Options{})
		for _, want := range wants {
			if !slices.Contains(got, want) {
				t.Errorf("%q was not found, but\n%s", want, strings.Join(got, "\n"))
			}
		}
	})
}

func TestLostPicturesAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		s.Must(s.media.Delete(s.Ctx, s.picture))
		if got := s.ask(t, doctor.Options{}); !slices.Equal(got, []string{"80 picture_missing " + string(noodles)}) {
			t.Error(got)
		}
	})
}

// flipped answers other bytes than were stored.
type flipped struct{ doctor.Media }

func (f flipped) Get(ctx context.Context, _ blob.Key) (io.ReadSeekCloser, error) {
	other := &blob.Memory{}
	key, err := other.Put(ctx, []byte("a bowI"))
	if err != nil {
		return nil, err
	}
	return other.Get(ctx, key)
}

func TestChangedPicturesAndEndedSessionsAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		write(t, d, `INSERT INTO kit_session (token, data, expires_at) VALUES ('x', $1, 1)`, []byte{0})
		report, err := doctor.Check(t.Context(), d, doctor.Options{Only: []string{"media", "sessions"},
			Media: flipped{s.media}})
		if err != nil {
			t.Fatal(err)
		}
		spoken(t, report)
		want := []string{"79 session_left kit_session", "80 picture_changed " + string(noodles)}
		if got := findings(report); !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
	})
}

// forgetful is a gateway that lost a payment, or cannot be reached.
type forgetful struct {
	gateway.Gateway
	err error
}

func (f forgetful) LookupByOrder(context.Context, string) (gateway.Payment, error) {
	return gateway.Payment{}, f.err
}

func TestGatewayThatForgot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		lost := &gateway.Error{Outcome: gateway.NotFound}
		o := doctor.Options{Only: []string{"outside_payments"}, Gateway: forgetful{s.Client, lost}}
		report, err := doctor.Check(t.Context(), d, o)
		if err != nil || report.Count() != 3 || report.Answers[0].Findings[0].Code != "outside_unknown" {
			t.Error(report, err)
		}
		spoken(t, report)
		o.Gateway = forgetful{s.Client, errors.New("no line")}
		if _, err := doctor.Check(t.Context(), d, o); err == nil {
			t.Error("a gateway out of reach is no sound book")
		}
	})
}

// What waits while no server runs is not late.
func TestRestingDatabaseIsNotLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		s := makeSales(t, d, w)
		w.Clock.Advance(72 * time.Hour)
		if got := s.ask(t, doctor.Options{}); len(got) == 0 {
			t.Error("a hold and jobs are late")
		}
		if got := s.ask(t, doctor.Options{Resting: true}); len(got) > 0 {
			t.Error(got)
		}
	})
}
