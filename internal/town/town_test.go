package town_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/town"
)

// friday is the present of the towns in these tests.
var friday = time.Date(2026, 11, 20, 14, 20, 0, 0, bizday.Seoul())

// warnings keeps what the program complains of while a town is built.
type warnings struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *warnings) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func build(t *testing.T, o town.Options) *town.Town {
	t.Helper()
	said := &warnings{}
	o.Folder, o.Base, o.Log = t.TempDir(), "http://dure.test",
		slog.New(slog.NewTextHandler(said, &slog.HandlerOptions{Level: slog.LevelError}))
	b, err := town.Build(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if said.text.Len() > 0 {
		t.Errorf("complaints while building:\n%s", said.text.String())
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// count asks for one number.
func count(t *testing.T, b *town.Town, text string, args ...any) int64 {
	t.Helper()
	n, err := db.One(context.Background(), b.DB, db.Scalar[int64], text, args...)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// trace is a hash over everything that happened, and over the ids of everything that is.
func trace(t *testing.T, b *town.Town) string {
	t.Helper()
	sum := sha256.New()
	for _, text := range []string{
		`SELECT id || kind || aggregate || version || payload || at FROM kit_event ORDER BY id`,
		`SELECT id || state || account_id || amount || created_at FROM orders ORDER BY id`,
		`SELECT id || state || units_used FROM voucher ORDER BY id`,
		`SELECT id || scope || rule || at FROM ledger_entry ORDER BY id`,
		`SELECT id || state || paid_units || people || paid_won FROM deal ORDER BY id`,
		`SELECT id || state || firm || watching || version FROM wish ORDER BY id`,
	} {
		rows, err := db.All(context.Background(), b.DB, db.Scalar[string], text)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = fmt.Fprintln(sum, len(rows), strings.Join(rows, "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// One town serves the tests in order: built, looked at, gone on in, visited.
func TestTheTown(t *testing.T) {
	b := build(t, town.Options{Seed: 1, At: friday, Speed: 20})
	t.Logf("built in %s", b.Took)
	first := trace(t, b)
	t.Run("is full", func(t *testing.T) { full(t, b) })
	t.Run("is sound", func(t *testing.T) { sound(t, b) })
	t.Run("goes on", func(t *testing.T) { goesOn(t, b) })
	t.Run("serves a visitor", func(t *testing.T) { visited(t, b) })
	t.Run("is the same again", func(t *testing.T) {
		if again := trace(t, build(t, town.Options{Seed: 1, At: friday})); again != first {
			t.Errorf("traces %s and %s", first, again)
		}
	})
}

// sound asks the doctor.
func sound(t *testing.T, b *town.Town) {
	t.Helper()
	report, err := doctor.Check(context.Background(), b.DB, doctor.Options{Gateway: b.Gateway})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			t.Errorf("%s: %+v", a.Question, f)
		}
	}
}

func full(t *testing.T, b *town.Town) {
	t.Helper()
	for _, c := range []struct {
		what  string
		least int64
		text  string
	}{
		{"open shops", 40, `SELECT count(*) FROM merchant WHERE state = 'approved'`},
		{"deals", 60, `SELECT count(*) FROM deal`},
		{"orders", 3_000, `SELECT count(*) FROM orders WHERE state IN ('paid', 'refunded')`},
		{"uses", 2_000, `SELECT count(*) FROM redemption WHERE state = 'accepted'`},
		{"undone uses", 20, `SELECT count(*) FROM redemption WHERE state = 'annulled'`},
		{"refunds", 100, `SELECT count(*) FROM refund WHERE accepted_at IS NOT NULL`},
		{"words of guests", 500, `SELECT count(*) FROM feedback_ask WHERE state = 'answered'`},
		{"words of shops", 10, `SELECT count(*) FROM feedback_merchant WHERE state = 'answered'`},
		{"statements", 200, `SELECT count(*) FROM statement WHERE state = 'paid'`},
		{"payouts", 200, `SELECT count(*) FROM payout WHERE state = 'confirmed'`},
		{"returned payouts", 2, `SELECT count(*) FROM payout WHERE state = 'returned'`},
		{"held payouts", 1, `SELECT count(*) FROM payout WHERE state = 'held'`},
		{"objections", 3, `SELECT count(*) FROM statement_apart`},
		{"days of segregation", 80, `SELECT count(*) FROM ledger_segregation`},
		{"bookmarks", 50, `SELECT count(*) FROM deal_bookmark`},
		{"followers", 200, `SELECT count(*) FROM merchant_follow`},
		{"mails", 100, `SELECT count(*) FROM kit_mail`},
		{"tipped on sale", 10, `SELECT count(*) FROM deal WHERE state = 'on_sale' AND tipped_at IS NOT NULL`},
		{"waiting on sale", 5, `SELECT count(*) FROM deal WHERE state = 'on_sale' AND tipped_at IS NULL`},
		{"with much room", 10, `SELECT count(*) FROM deal WHERE state = 'on_sale' AND tipped_at IS NOT NULL
 AND per_person >= 20 AND capacity - paid_units - held_units >= 500`},
		{"sold out", 2, `SELECT count(*) FROM deal WHERE state = 'on_sale' AND paid_units = capacity`},
		{"one person short", 1, `SELECT count(*) FROM deal WHERE state = 'on_sale' AND tipped_at IS NULL
 AND threshold_kind = 'people' AND people = threshold - 1`},
	} {
		if got := count(t, b, c.text); got < c.least {
			t.Errorf("%s: %d, at least %d", c.what, got, c.least)
		}
	}
	wishes(t, b, "friday")
	for _, state := range []deal.State{deal.Draft, deal.Submitted, deal.Returned, deal.Withdrawn, deal.Scheduled,
		deal.OnSale, deal.Closing, deal.Asking, deal.Ended, deal.Failed, deal.Cancelled} {
		if count(t, b, `SELECT count(*) FROM deal WHERE state = $1`, string(state)) == 0 {
			t.Errorf("no deal is %s", state)
		}
	}
	if n := count(t, b, `SELECT count(*) FROM kit_job WHERE state = 'stuck'`); n > 0 {
		t.Errorf("%d jobs are stuck", n)
	}
	for step, n := range b.Refused() {
		t.Logf("%d times: %s", n, step)
	}
}

// wishes asks for wishes in every stage up to the payment, and for offers to look at.
func wishes(t *testing.T, b *town.Town, when string) {
	t.Helper()
	for _, state := range []wish.State{wish.Gathering, wish.Bidding, wish.Choosing, wish.Paying, wish.Fulfilling,
		wish.Done, wish.Closed} {
		if count(t, b, `SELECT count(*) FROM wish WHERE state = $1`, string(state)) == 0 {
			t.Errorf("%s: no wish is %s", when, state)
		}
	}
	if n := count(t, b, `SELECT count(*) FROM bid`); n != 14 {
		t.Errorf("%s: %d offers", when, n)
	}
	for _, c := range []struct {
		what string
		want int64
		text string
	}{
		{"on the way", 4, `SELECT count(*) FROM escrow_share WHERE state = 'shipped'`},
		{"arrived, by the carrier's word", 6, `SELECT count(*) FROM escrow_share WHERE state = 'delivered'
 AND delivered_at IS NOT NULL`},
		{"in dispute, after both sides' words", 1, `SELECT count(*) FROM escrow_share s JOIN escrow_dispute d
 ON d.order_id = s.order_id WHERE s.state = 'disputed' AND d.turn = 'buyer' AND d.offered`},
		{"confirmed on the way", 1, `SELECT count(*) FROM escrow_share s JOIN wish w ON w.id = s.wish_id
 WHERE s.outcome = 'confirmed' AND w.state = 'fulfilling'`},
		{"confirmed in the end", 6, `SELECT count(*) FROM escrow_share s JOIN wish w ON w.id = s.wish_id
 WHERE s.outcome = 'confirmed' AND w.state = 'done'`},
		{"released by silence", 7, `SELECT count(*) FROM escrow_share WHERE outcome = 'silence'`},
		{"lines of shares on statements that are paid", 13, `SELECT count(*) FROM statement_line l
 JOIN statement s ON s.id = l.statement_id JOIN wish w ON w.state = 'done' JOIN escrow_share x ON x.wish_id = w.id
 AND x.order_id = l.order_id WHERE l.kind = 'share' AND s.state = 'paid'`},
	} {
		if got := count(t, b, c.text); got != c.want {
			t.Errorf("%s: %d %s, not %d", when, got, c.what, c.want)
		}
	}
}

// Whatever the hour and the seed, the town stands: on a Monday just after midnight, in the Lunar New Year, and when
// policy asks sellers for deposits.
func TestTheTownStandsAtAnyHour(t *testing.T) {
	for _, at := range []string{"2026-11-23T00:03:00+09:00", "2026-02-17T23:50:00+09:00", "2027-03-04T10:10:00+09:00"} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		b := build(t, town.Options{Seed: 3, At: now})
		wishes(t, b, at)
		sound(t, b)
		asked := policy.At(now).Wanted.Bid.DepositBP > 0
		if n := count(t, b, `SELECT count(*) FROM payment WHERE purpose = 'deposit'`); (n > 0) != asked {
			t.Errorf("%s: %d deposits", at, n)
		}
		for _, state := range []deal.State{deal.Scheduled, deal.OnSale, deal.Asking, deal.Ended, deal.Failed} {
			if count(t, b, `SELECT count(*) FROM deal WHERE state = $1`, string(state)) == 0 {
				t.Errorf("%s: no deal is %s", at, state)
			}
		}
	}
}

func goesOn(t *testing.T, b *town.Town) {
	t.Helper()
	before := count(t, b, `SELECT count(*) FROM orders`)
	for i := range 200 {
		if err := b.Step(context.Background()); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if err := b.RunAll(context.Background()); err != nil {
		t.Fatal(err)
	}
	if after := count(t, b, `SELECT count(*) FROM orders`); after < before+20 {
		t.Errorf("%d orders before, %d after", before, after)
	}
	if n := count(t, b, `SELECT count(*) FROM deal WHERE state = 'on_sale' AND tipped_at IS NULL
 AND threshold_kind = 'people' AND people = threshold - 1`); n == 0 {
		t.Error("neighbours took the place that is left for a visitor")
	}
}

// visited signs in, buys and is served at once by the owner, over HTTP; then the town ends cleanly.
func visited(t *testing.T, b *town.Town) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	guest := visitor{t: t, url: b.URL()}
	if status := guest.page("/demo"); status != http.StatusOK {
		t.Errorf("the start page answers %d", status)
	}
	id := ""
	for _, d := range guest.call(http.MethodGet, "/deals?limit=50", nil)["deals"].([]any) {
		if d := d.(map[string]any); strings.HasPrefix(d["title"].(string), "손칼국수 두 그릇") {
			id = d["id"].(string)
		}
	}
	detail := guest.call(http.MethodGet, "/deals/"+id, nil)
	option := detail["options"].([]any)[0].(map[string]any)["id"]
	for i := range 3 {
		buyer := guest.as(fmt.Sprintf("buyer%d@demo.dure", 20+i))
		for range 4 {
			placed := buyer.call(http.MethodPost, "/orders", map[string]any{"deal_id": id, "option_id": option, "quantity": 1})
			paid := buyer.call(http.MethodPost, "/orders/"+placed["id"].(string)+"/payments",
				map[string]any{"method": "sandbox", "instrument": "ok"})
			if paid["state"] != "paid" {
				t.Fatalf("paid %v", paid)
			}
		}
		mine := buyer.call(http.MethodGet, "/vouchers", nil)["vouchers"].([]any)[0].(map[string]any)
		owner := guest.as("merchant1@demo.dure")
		used := owner.call(http.MethodPost, "/redemptions", map[string]any{"code": mine["code"], "units": 1,
			"nonce": fmt.Sprintf("nonce-%04d", i)})
		if used["id"] == nil {
			t.Fatalf("used %v", used)
		}
	}
}

// visitor speaks JSON to the town.
type visitor struct {
	t          *testing.T
	url, token string
	keys       int
}

func (v visitor) as(email string) *visitor {
	v.t.Helper()
	out := v.call(http.MethodPost, "/sessions", map[string]any{"email": email, "password": "demo-only"})
	token, ok := out["token"].(string)
	if !ok {
		v.t.Fatalf("%s: %v", email, out)
	}
	v.token = token
	return &v
}

func (v *visitor) page(path string) int {
	v.t.Helper()
	res, err := http.Get(v.url + path)
	if err != nil {
		v.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

func (v *visitor) call(method, path string, body any) map[string]any {
	v.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(context.Background(), method, v.url+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	if method == http.MethodPost {
		v.keys++
		r.Header.Set("Idempotency-Key", fmt.Sprintf("town-%04d-%x", v.keys, sha256.Sum256([]byte(v.token)))[:40])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		v.t.Fatalf("%s %s: %d %v", method, path, res.StatusCode, err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		v.t.Fatalf("%s %s: %d %v", method, path, res.StatusCode, out)
	}
	return out
}
