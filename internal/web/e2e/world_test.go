package e2e_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

var update = flag.Bool("update", false, "write the pictures of README anew into docs/pictures")

// world is one server over its own files, the gateway beside it on a listener of its own, and a few people. Everything
// in it came through the flows; the clock goes on from wherever a test puts it.
type world struct {
	*app.Server
	t     testing.TB
	ctx   context.Context
	clock *clock.Switch
	box   *sandbox.Sandbox
	line  *line
	cast
	shop   market.MerchantID
	branch market.BranchID
	keys   int
}

// cast are the people; their addresses are their part's name at people.test.
type cast struct{ operator, owner, scanner, buyer, second, third, fourth market.Actor }

const password = "두레마을 느티나무"

const region = "district_11040" // Seongdong-gu

func mail4(part string) string { return part + "@people.test" }

// seoul gives an instant of the week in which the journeys happen: Monday is the eighth of June 2026.
func seoul(day, hour, minute int) time.Time {
	return time.Date(2026, time.June, day, hour, minute, 0, 0, time.FixedZone("KST", 9*60*60))
}

// begin opens the world at noon of a Tuesday, with an approved noodle shop and nothing on sale.
func begin(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), clock: clock.NewSwitch(clock.NewFake(seoul(1, 9, 0)))}
	w.line = listen(t)
	payments := listen(t)
	ids := id.Seeded(w.clock, 7)
	var err error
	w.box, err = sandbox.New(w.ctx, sandbox.Options{Memory: true, Clock: w.clock, IDs: ids, PublicURL: payments.url(),
		WebhookURL: w.line.url() + "/hooks/gateway", Minute: time.Second, SlowFor: -1, HangFor: -1})
	w.must(err)
	w.Server, err = app.NewServer(w.ctx, app.ServerOptions{Clock: w.clock, IDs: ids, Demo: true, Relaxed: true,
		Listener: w.line, GatewayURL: payments.url(),
		Config: app.Config{Data: t.TempDir(), Sandbox: true, Seller: seller(), Gateway: app.GatewayConfig{
			Key: sandbox.DefaultSecretKey, WebhookSecret: []string{sandbox.DefaultWebhookSecret}, Timeout: 10 * time.Second}}})
	w.must(err)
	ctx, stop := context.WithCancel(context.WithoutCancel(w.ctx))
	var all sync.WaitGroup
	t.Cleanup(func() {
		stop()
		all.Wait()
		if err := errors.Join(w.Close(), w.box.Close()); err != nil {
			t.Error(err)
		}
	})
	all.Go(func() {
		if err := w.box.Serve(ctx, payments); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	w.admit()
	w.fund()
	w.openShop()
	all.Go(func() {
		if err := w.Run(ctx); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	})
	w.at(seoul(9, 12, 10))
	return w
}

func seller() app.SellerConfig {
	return app.SellerConfig{Name: "두레마을 협동조합", Head: "나누리", Number: "000-00-00000", MailOrder: "시험용",
		Address: "서울 성동구 두레길 1", Phone: "070-0000-0000", Email: mail4("operator")}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// at puts the clock to an instant, from which it goes on as clocks do, and lets all work happen that is due then.
func (w *world) at(instant time.Time) {
	w.t.Helper()
	w.clock.Use(clock.Offset{Base: clock.System(), Distance: instant.Sub(clock.System().Now())})
	w.work()
}

// work does what is due, besides the server that does the same by itself.
func (w *world) work() {
	w.t.Helper()
	w.must(w.RunAll(w.ctx))
}

// admit makes the accounts; one hash serves them all.
func (w *world) admit() {
	w.t.Helper()
	hash, err := w.Hasher.Hash(w.ctx, password)
	w.must(err)
	parts := []struct {
		name, part string
		role       market.Role
		to         *market.Actor
	}{
		{"나누리", "operator", market.RoleAdmin, &w.operator}, {"김순자", "owner", "", &w.owner},
		{"박하나", "scanner", "", &w.scanner}, {"이새봄", "buyer", "", &w.buyer}, {"정여름", "second", "", &w.second},
		{"한가을", "third", "", &w.third}, {"오겨울", "fourth", "", &w.fourth},
	}
	var cmds []signup.AdmitCmd
	for _, p := range parts {
		cmds = append(cmds, signup.AdmitCmd{Email: mail4(p.part), Name: p.name, Locale: "ko", PasswordHash: hash,
			Staff: p.role})
	}
	made, err := w.Signup.AdmitMany(w.ctx, market.System(), cmds)
	w.must(err)
	for i, p := range parts {
		*p.to = w.actor(made[i])
	}
}

func (w *world) actor(who market.AccountID) market.Actor {
	w.t.Helper()
	actor, err := account.LoadActor(w.ctx, w.DB, who)
	w.must(err)
	return actor
}

// fund brings the operator's own money: a buffer beside what is kept for others, as the law of the house wants it.
func (w *world) fund() {
	w.t.Helper()
	_, err := w.Simulator.Deposit(w.ctx, gateway.DepositRequest{Ref: "capital", Account: gateway.AccountOperating,
		Memo: "출자금", Amount: 80_000_000})
	w.must(err)
	w.settle()
	_, err = w.Custody.TopUp(w.ctx, w.operator, 1_000_000)
	w.must(err)
	w.settle()
}

// settle lets everything happen that is due now, here and at the gateway.
func (w *world) settle() {
	w.t.Helper()
	for range 4 {
		w.work()
		_, err := w.box.Settle(w.ctx)
		w.must(err)
	}
	w.work()
}

// openShop registers the noodle shop, lets the operator approve it, and hires somebody for the counter.
func (w *world) openShop() {
	w.t.Helper()
	var err error
	w.shop, err = w.Enroll.Begin(w.ctx, w.owner, "할매손칼국수")
	w.must(err)
	w.owner = w.actor(w.owner.AccountID)
	_, err = w.Enroll.Save(w.ctx, w.owner, enroll.SaveCmd{MerchantID: w.shop,
		Business: &merchant.Business{Number: "1248100998", Name: "할매손칼국수", Representative: "김순자",
			Phone: "0212345678", Email: mail4("owner")},
		Profile: &merchant.Profile{Slug: "noodle", CategoryID: "eat.noodle",
			Story: "새벽 네 시에 반죽을 칩니다. 서른 해 동안 하루도 쉬지 않고 손으로 밀었어요."}})
	w.must(err)
	day := merchant.Day{{From: 0, To: 24 * 60}}
	kept, err := w.Enroll.SaveBranch(w.ctx, w.owner, merchant.Branch{MerchantID: w.shop, Name: "성수 본점",
		Address: "서울 성동구 성수이로 18길 7", RegionID: region, LatitudeE7: 375_445_000, LongitudeE7: 1_270_560_000,
		Hours: merchant.Hours{Week: [7]merchant.Day{day, day, day, day, day, day, day}}})
	w.must(err)
	w.branch = kept.ID
	_, err = w.Enroll.SaveBank(w.ctx, w.owner, w.shop, merchant.Bank{Code: "004", Account: "90000000123", Holder: "김순자"})
	w.must(err)
	_, err = w.Enroll.AddDrawing(w.ctx, w.owner, w.shop, photo.Ref(art.URL("noodle", 1)))
	w.must(err)
	_, err = w.Enroll.Submit(w.ctx, w.owner, w.shop)
	w.must(err)
	_, err = w.Enroll.Approve(w.ctx, w.operator, w.shop)
	w.must(err)
	_, err = w.Enroll.Invite(w.ctx, w.owner, enroll.InviteCmd{MerchantID: w.shop, Email: mail4("scanner"),
		Role: market.RoleScan})
	w.must(err)
	w.work()
	secret := w.mailed("scanner", "/invitation?t=")
	_, err = w.Enroll.Accept(w.ctx, w.scanner, secret)
	w.must(err)
	w.owner, w.scanner = w.actor(w.owner.AccountID), w.actor(w.scanner.AccountID)
}

// mailed gives the secret of a link in somebody's newest mail.
func (w *world) mailed(part, path string) string {
	w.t.Helper()
	list, err := mail.NewBox(w.DB).To(w.ctx, mail4(part), 1)
	w.must(err)
	for _, m := range list {
		if _, rest, ok := strings.Cut(m.Text, path); ok {
			secret, _, _ := strings.Cut(rest, "\n")
			plain, err := url.QueryUnescape(strings.TrimSpace(secret))
			w.must(err)
			return plain
		}
	}
	w.t.Fatalf("no mail to %s has a link to %s", part, path)
	return ""
}

// offer is a bowl for two: 19,900 won instead of 32,000, opening at three people.
func offer() deal.Offer {
	return deal.Offer{Title: "손칼국수 두 그릇과 만두 한 접시", Summary: "둘이 먹는 따뜻한 점심",
		Story: "새벽 네 시에 반죽을 칩니다.\n바지락은 그날 들어온 것만 써요.", CategoryID: "eat.noodle", PriceBasis: "가게 차림표",
		ThresholdKind: deal.ThresholdPeople, Threshold: 3, Capacity: 40, PerPerson: 2, StartsAt: seoul(8, 0, 0),
		EndsAt: seoul(22, 0, 0), ValidDays: 365, RefundProfile: "std2025", MerchantShareBP: 10_000,
		Regions:  []market.RegionID{region},
		Pictures: []string{art.URL("noodle", 11), art.URL("noodle", 12)},
		Options:  []deal.OptionOffer{{Name: "두 그릇 세트", ListPrice: 32_000, Price: 19_900, Quantity: 40, Uses: 1}}}
}

// onSale puts a deal on sale since Monday, and the clock back to Tuesday noon.
func (w *world) onSale(change func(*deal.Offer)) (deal.Deal, deal.Option) {
	w.t.Helper()
	w.clock.Use(clock.NewFake(seoul(4, 10, 0)))
	one := offer()
	if change != nil {
		change(&one)
	}
	d, err := w.Publish.SaveDraft(w.ctx, w.owner, publish.DraftCmd{MerchantID: w.shop, Offer: one})
	w.must(err)
	_, err = w.Publish.Submit(w.ctx, w.owner, d.ID)
	w.must(err)
	_, err = w.Publish.Schedule(w.ctx, w.operator, publish.ScheduleCmd{DealID: d.ID})
	w.must(err)
	w.at(seoul(9, 12, 10))
	d, err = deal.Find(w.ctx, w.DB, d.ID)
	w.must(err)
	options, err := deal.Options(w.ctx, w.DB, d.ID)
	w.must(err)
	return d, options[0]
}

// buy holds and pays one unit, and gives its voucher.
func (w *world) buy(who market.Actor, d deal.Deal, o deal.Option) (order.Order, voucher.Voucher) {
	w.t.Helper()
	w.keys++
	placed, err := w.Checkout.Place(w.ctx, checkout.PlaceCmd{Actor: who, DealID: d.ID, OptionID: o.ID, Quantity: 1,
		PolicyID: policy.At(w.clock.Now()).ID, Key: fmt.Sprintf("world-%d", w.keys)})
	w.must(err)
	started, err := w.Checkout.StartPayment(w.ctx, who, checkout.StartCmd{OrderID: placed.Order.ID, Title: "시험"})
	w.must(err)
	key, err := w.Simulator.Authorize(w.ctx, gateway.AuthorizeRequest{CheckoutKey: started.Payment.CheckoutKey,
		Instrument: gateway.InstrumentOK})
	w.must(err)
	paid, err := w.Checkout.Pay(w.ctx, checkout.PayCmd{PaymentID: started.Payment.ID, PaymentKey: key})
	w.must(err)
	vouchers, err := voucher.OfOrder(w.ctx, w.DB, paid.Order.ID)
	w.must(err)
	return paid.Order, vouchers[0]
}

// line is a listener whose connections can be cut, as a network does.
type line struct {
	net.Listener
	mu   sync.Mutex
	down bool
	open map[net.Conn]bool
}

func listen(t testing.TB) *line {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return &line{Listener: l, open: map[net.Conn]bool{}}
}

func (l *line) url() string { return "http://" + l.Addr().String() }

// Accept hangs up at once while the line is cut.
func (l *line) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		down := l.down
		if !down {
			l.open[c] = true
		}
		l.mu.Unlock()
		if !down {
			return wire{c, l}, nil
		}
		_ = c.Close()
	}
}

// cut ends all connections and lets no new one in until mended.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = true
	for c := range l.open {
		_ = c.Close()
	}
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = false
}

// wire is a connection that the line forgets when it ends.
type wire struct {
	net.Conn
	line *line
}

// Close ends the connection.
func (c wire) Close() error {
	c.line.mu.Lock()
	delete(c.line.open, c.Conn)
	c.line.mu.Unlock()
	return c.Conn.Close()
}

// docs is the folder of README's pictures.
func docs(name string) string { return filepath.Join("..", "..", "..", "docs", "pictures", name) }
