package settle

import (
	"context"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
)

// Deps are what the journey works with.
type Deps struct {
	DB          *db.DB
	Gateway     gateway.Gateway
	GatewayName string            // the ledger's party of account 1100
	Simulator   gateway.Simulator // nil outside the sandbox
	Calendar    *bizday.Calendar
	// Checks looks at the books and gives the first rows that break an invariant, and the number of all; a nil func
	// finds nothing.
	Checks func(ctx context.Context) (faults []check.Fault, found int64, err error)
	Log    *slog.Logger
}

// Settle runs the journey.
type Settle struct{ Deps }

// New makes the journey.
func New(deps Deps) *Settle {
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Settle{deps}
}

const (
	merchantsAtOnce = 64
	linesAtOnce     = 256
	vouchersAtOnce  = 128
)

// Workers are the background tasks of the journey. Each step is small, and the runs of a day keep how far they came.
func (s *Settle) Workers() []queue.Worker {
	return []queue.Worker{
		{Name: "settle.reminders", RunOnce: s.RemindOnce, Poll: time.Minute},
		{Name: "settle.expiry", RunOnce: s.ExpireOnce, Poll: time.Minute},
		{Name: "settle.statements", RunOnce: s.IssueOnce, Poll: 30 * time.Second},
		{Name: "settle.silence", RunOnce: s.ConfirmOnce, Poll: 30 * time.Second},
		{Name: "settle.payouts", RunOnce: s.PayoutsOnce, Poll: 30 * time.Second},
		{Name: "settle.mend", RunOnce: s.MendOnce, Poll: time.Minute},
		{Name: "settle.late", RunOnce: s.LateOnce, Poll: time.Minute},
	}
}

// Times are the hours and days of settlement in force at an instant.
func (d Deps) Times(now time.Time) settlement.Times {
	p := policy.At(now).Settlement
	return settlement.Times{Calendar: d.Calendar, IssueAt: time.Duration(p.IssueAt) * time.Minute,
		ObjectUntil: time.Duration(p.ObjectUntil) * time.Minute, ObjectDays: p.ObjectBusinessDays,
		PayoutDays: p.PayoutBusinessDays}
}

// Contract is what the gateway may keep of a payment of an instant, and when it pays.
func (d Deps) Contract(at time.Time) settlement.Contract {
	g := policy.At(at).Gateway
	return settlement.Contract{FeeBP: g.FeeBP, BusinessDays: g.BusinessDays}
}

// Now is the instant of the database's clock.
func (d Deps) Now() time.Time { return d.DB.Clock().Now() }

// Advance writes how far a run came, in a transaction of its own.
func (d Deps) Advance(ctx context.Context, r settlement.Run, p settlement.Progress) error {
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := settlement.Advance(ctx, tx, r, p)
		return err
	})
}

func touch(tx *db.Tx, id market.MerchantID) {
	version := db.Micros(tx.Now())
	tx.Touch("merchant:"+string(id), version)
	tx.Touch("console", version)
}

func about(now time.Time, id market.MerchantID) ledger.About {
	return ledger.About{MerchantID: id, PolicyID: policy.At(now).ID}
}
