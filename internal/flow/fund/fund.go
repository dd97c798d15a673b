package fund

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/flow/outcome"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Deps are what the journey works with.
type Deps struct {
	DB          *db.DB
	Lanes       *lane.Lane
	Gateway     gateway.Gateway
	GatewayName string // the ledger's party of account 1100
	Simulator   gateway.Simulator
	RefundDue   func(requested time.Time) time.Time // end of the legal time to refund
	BaseURL     string                              // where the gateway sends the payer back to
	Outcome     outcome.Outcome
	// Again lets a wish gather on that no seller serves, for an outcome; false leaves it to end.
	Again func(ctx context.Context, tx *db.Tx, one wish.Wish, outcome string) (bool, error)
	Log   *slog.Logger
}

// Fund runs the journey.
type Fund struct {
	Deps
	agreed  *lane.Step[agreeCmd, Started]
	paged   *lane.Step[payment.CheckoutOf, struct{}]
	begun   *lane.Step[beginCmd, payment.Payment]
	settled *lane.Step[ConfirmCmd, Paid]
}

// New registers the steps with the lanes. All payments of one wish go by its id, so that they share transactions.
func New(deps Deps) *Fund {
	f := &Fund{Deps: deps}
	f.agreed = lane.Register(deps.Lanes, "fund.agree", f.agreeBatch)
	f.paged = lane.Register(deps.Lanes, "fund.page", f.pageBatch)
	f.begun = lane.Register(deps.Lanes, "fund.begin", f.beginBatch)
	f.settled = lane.Register(deps.Lanes, "fund.confirm", f.confirmBatch)
	return f
}

const (
	// chunk is how many shares a transaction moves, so that it holds the writer for a moment only.
	chunk = 64
	// triesMax is how often a step is decided anew that met another.
	triesMax = 5
)

// write runs a step in a transaction, and anew when a guard says that somebody else was first.
func (f *Fund) write(ctx context.Context, step func(tx *db.Tx) error) error {
	var err error
	for range triesMax {
		if err = f.DB.Write(ctx, step); !errors.Is(err, collect.ErrMoved) && !errors.Is(err, escrow.ErrMoved) {
			return err
		}
	}
	return err
}

// anew asks the lane to decide a batch anew when a guard says that somebody else was first.
func anew(err error) error {
	if errors.Is(err, collect.ErrMoved) || errors.Is(err, escrow.ErrMoved) {
		return lane.ErrAgain
	}
	return err
}

// every is anew for a guard that counts the rows it let through.
func every(passed, asked int, err error) error {
	if err == nil && passed != asked {
		return lane.ErrAgain
	}
	return err
}

// times are the figures of policy by which members and sellers are waited for.
func times(now time.Time) collect.Times {
	p := policy.At(now).Wanted.Pay
	t := collect.Times{Pay: hours(p.Hours), Answer: hours(p.ShortHours), Consent: hours(p.ConsentHours),
		Capture: captureTime}
	for _, h := range p.RemindHours {
		t.Remind = append(t.Remind, hours(h))
	}
	return t
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }

// captureTime is how long the end of paying waits for a gateway that does not answer.
const captureTime = time.Hour

// rules are the figures of policy by which shares wait.
func rules(now time.Time) escrow.Rules {
	e := policy.At(now).Wanted.Escrow
	return escrow.Rules{ConfirmDays: e.ConfirmDays, ConfirmDaysMax: e.ConfirmDaysMax, UndeliveredDays: e.UndeliveredDays,
		EvidenceDays: e.EvidenceDays, DisputeDays: e.DisputeDays, AddressDays: e.AddressDays}
}

// touch moves the screens of a wish.
func touch(tx *db.Tx, id market.WishID, seller market.MerchantID) {
	version := db.Micros(tx.Now())
	tx.Touch("wish:"+string(id), version)
	tx.Touch("merchant:"+string(seller), version)
}
