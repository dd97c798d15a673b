package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/feedback"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/flow/settle/custody"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/flow/tipping"
	"github.com/dure-commerce/dure/internal/flow/wallet"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/lease"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant/check"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// CoreOptions are what the domain needs from outside.
type CoreOptions struct {
	DB          *db.DB
	Gateway     gateway.Gateway
	GatewayName string
	Simulator   gateway.Simulator // nil outside the sandbox
	Key         sign.Key          // root key of the installation
	BaseURL     string            // our own address, for returns from the gateway and links in mails
	Node        string            // names this node in leases
	Log         *slog.Logger
	LaneOptions lane.Options
	Words       *i18n.Bundle   // nil: the product's own catalogues
	Mailer      mail.Mailer    // nil: the outbox table
	Media       blob.Store     // nil: in memory
	Tracker     track.Tracker  // nil: parcels are not followed
	Register    check.Register // nil: only the operator verifies sellers
	Demo        bool
}

// Core is the domain: every flow over one database, without pages.
type Core struct {
	CoreOptions
	Calendar *bizday.Calendar
	Keys     voucher.Keys
	Lanes    *lane.Lane
	Queue    *queue.Queue
	Leases   *lease.Keeper
	Sealer   *feed.Sealer
	Feed     *feed.Feed

	Post     letter.Post
	Hasher   *account.Hasher
	Limits   *limit.Counter
	Signup   *signup.Signup
	Publish  *publish.Publish
	Checkout *checkout.Checkout
	Tipping  *tipping.Tipping
	Refunds  *refund.Refunds
	Redeem   *redeem.Redeem
	Settle   *settle.Settle
	Custody  *custody.Custody
	Feedback *feedback.Feedback
	Wallet   *wallet.Wallet
	Window
	Shops
	Rooms
	Wishes
	Shares
}

// NewCore wires the flows.
func NewCore(o CoreOptions) (*Core, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Node == "" {
		o.Node = o.DB.IDs().New("nod")
	}
	calendar, err := bizday.Korea()
	if err != nil {
		return nil, fmt.Errorf("holidays: %w", err)
	}
	if err := policy.Check(); err != nil {
		return nil, fmt.Errorf("policies: %w", err)
	}
	c := &Core{CoreOptions: o, Calendar: calendar}
	if err := c.defaults(); err != nil {
		return nil, err
	}
	c.Keys = voucher.NewKeys(sign.Derive(o.Key, "voucher", "", 32))
	c.Lanes = lane.New(o.DB, o.LaneOptions)
	c.Queue = queue.New(o.DB, queue.Options{Node: o.Node, Log: o.Log})
	c.Leases = lease.NewKeeper(o.DB, "sealer", o.Node, 10*time.Second)
	c.Sealer = feed.NewSealer(o.DB, c.Leases)
	c.Feed = feed.New(o.DB)
	c.wireFlows()
	c.registerJobs()
	c.registerWindow()
	c.registerProjections()
	return c, nil
}

// defaults fills seams that tests and tools leave open.
func (c *Core) defaults() (err error) {
	if c.Words == nil {
		if c.Words, err = i18n.New(locale.Files); err != nil {
			return fmt.Errorf("catalogues: %w", err)
		}
	}
	if c.Gateway == nil {
		c.Gateway, c.GatewayName = gateway.Absent{}, "none"
	}
	if c.Mailer == nil {
		c.Mailer = mail.NewBox(c.DB)
	}
	if c.Media == nil {
		c.Media = &blob.Memory{}
	}
	return nil
}

func (c *Core) wireFlows() {
	c.Post = letter.Post{Mailer: c.Mailer, Words: c.Words, Base: c.BaseURL, DB: c.DB}
	c.Hasher = account.NewHasher(c.DB.IDs(), account.CostDefault(), 2)
	c.Limits = limit.NewCounter(c.DB)
	c.wireWindow()
	c.wireWishes()
	c.wireShops()
	c.wireGlimpse()
	c.wireMerge()
	c.wireShares()
	c.Signup = signup.New(signup.Deps{DB: c.DB, Hasher: c.Hasher, Limits: c.Limits, Post: c.Post, Demo: c.Demo})
	c.Publish = publish.New(publish.Deps{DB: c.DB, Limits: c.DealLimits, PayoutDay: c.PayoutDay, Score: c.score,
		Index: c.indexDeal, MaySell: maySell})
	c.wireRooms()
	c.Checkout = checkout.New(checkout.Deps{DB: c.DB, Lanes: c.Lanes, Gateway: c.Gateway, GatewayName: c.GatewayName,
		Simulator: c.Simulator, Keys: c.Keys, RefundDue: c.RefundDue, BaseURL: c.BaseURL, Admit: c.Admit.Pass, Log: c.Log})
	c.Tipping = tipping.New(c.DB)
	c.Refunds = refund.New(refund.Deps{DB: c.DB, Gateway: c.Gateway, GatewayName: c.GatewayName, Due: c.RefundDue,
		Interest: lateInterest, Log: c.Log})
	c.Redeem = redeem.New(redeem.Deps{DB: c.DB, Lanes: c.Lanes, Keys: c.Keys, Day: dayOf})
	c.Settle = settle.New(settle.Deps{DB: c.DB, Gateway: c.Gateway, GatewayName: c.GatewayName, Simulator: c.Simulator,
		Calendar: c.Calendar, Checks: c.checkBooks,
		Log: c.Log})
	c.Custody = custody.New(c.Settle)
	c.Feedback = feedback.New(c.DB)
	c.Wallet = wallet.New(c.DB, c.Keys)
}

func dayOf(micros int64) string { return bizday.Day(db.FromMicros(micros)) }

// RunAll steps every background worker in turn until nothing is left to do at this instant: for tests, simulations and
// the making of a demo. It gives an error when a worker fails or when the work does not end.
func (c *Core) RunAll(ctx context.Context) error {
	for range runAllMax {
		worked := false
		for _, w := range c.Workers() {
			did, err := w.RunOnce(ctx)
			if err != nil {
				return fmt.Errorf("worker %s: %w", w.Name, err)
			}
			worked = worked || did
		}
		if !worked {
			return nil
		}
	}
	return fmt.Errorf("background work does not end")
}

const runAllMax = 100_000

// Workers are the background tasks of a node.
func (c *Core) Workers() []queue.Worker {
	workers := []queue.Worker{
		{Name: "queue", RunOnce: c.Queue.RunOnce, Poll: time.Second},
		{Name: "lapse", RunOnce: c.Checkout.Lapse, Poll: checkout.LapseEvery},
		{Name: "resolve", RunOnce: c.Checkout.ResolveOpen, Poll: 10 * time.Second},
		{Name: "sealer", RunOnce: c.Sealer.RunOnce, Poll: 200 * time.Millisecond, Wake: c.Sealer.Wake(), Rest: feedRest},
		{Name: "feed", RunOnce: c.Feed.RunOnce, Poll: 500 * time.Millisecond, Wake: c.Sealer.Sealed(), Rest: feedRest},
	}
	return slices.Concat(workers, c.roomWorkers(), c.fundWorkers(), c.shareWorkers(), c.Settle.Workers(),
		c.Custody.Workers(), c.Custody.Interest.Workers())
}

// feedRest lets events gather: numbering and counting after every commit would take the writer twice as often as those
// who sell and redeem.
const feedRest = 25 * time.Millisecond

// Ping reads from the database.
func (c *Core) Ping(ctx context.Context) error {
	_, err := db.One(ctx, c.DB, db.Scalar[int64], `SELECT 1`)
	return err
}

// Close ends the lanes; the database is the caller's.
func (c *Core) Close() { c.Lanes.Close() }
