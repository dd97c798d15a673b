package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/sandbox/api"
	"github.com/dure-commerce/dure/internal/sandbox/bank"
	"github.com/dure-commerce/dure/internal/sandbox/clearing"
	"github.com/dure-commerce/dure/internal/sandbox/courier"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
	"github.com/dure-commerce/dure/internal/sandbox/page"
	"github.com/dure-commerce/dure/internal/sandbox/pay"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

// Sandbox is one gateway and one bank.
type Sandbox struct {
	opts    Options
	store   *record.Store
	db      *db.DB // nil in memory
	scratch string // folder to remove at the end, "" when the database is the caller's
	outbox  *hook.Outbox
	handler http.Handler
	workers []Worker
}

// Worker is one kind of background work, stepped by RunOnce.
type Worker struct {
	Name    string
	RunOnce func(ctx context.Context) (worked bool, err error)
}

// New opens the state and makes the sandbox; nothing runs by itself until Serve, or until the caller steps it.
func New(ctx context.Context, o Options) (*Sandbox, error) {
	o = o.withDefaults()
	crash, err := fault.NewCrasher(o.CrashAt, o.Exit)
	if err != nil {
		return nil, err
	}
	s := &Sandbox{opts: o, store: record.New(o.Clock, o.IDs)}
	if err := s.assemble(crash); err != nil {
		return nil, err
	}
	if o.Memory {
		if o.From == nil {
			return s, nil
		}
		s.opts.From = nil // read once, and not kept
		return s, s.store.Restore(o.From)
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (o Options) withDefaults() Options {
	o.SecretKey = orText(o.SecretKey, DefaultSecretKey)
	o.WebhookSecret = orText(o.WebhookSecret, DefaultWebhookSecret)
	o.Listen = orText(o.Listen, "127.0.0.1:0")
	if o.Manual != nil {
		o.Clock = o.Manual
	}
	if o.Clock == nil {
		o.Clock = clock.System()
	}
	if o.IDs == nil {
		o.IDs = id.System(o.Clock)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Minute = orTime(o.Minute, time.Minute)
	o.SlowFor = orTime(o.SlowFor, 3*time.Second)
	o.HangFor = orTime(o.HangFor, time.Minute)
	if o.FeeBP == 0 {
		o.FeeBP = clearing.Standard().RateBP
	}
	if o.SettleDays == 0 {
		o.SettleDays = clearing.Standard().BusinessDays
	}
	if o.WebhookSenders == 0 {
		o.WebhookSenders = 4
	}
	return o
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func orTime(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// assemble makes the parts; each registers its records with the store.
func (s *Sandbox) assemble(crash *fault.Crasher) error {
	o := s.opts
	calendar := clearing.Calendar{Holiday: o.Holiday}
	plans := fault.NewPlans(s.store)
	s.outbox = hook.NewOutbox(s.store, plans, o.WebhookURL == "")
	theBank := bank.New(s.store, bank.Options{
		Plans: plans, Outbox: s.outbox, Delay: o.BankDelay, NextDay: calendar.NextDay, Crash: crash,
	})
	house := clearing.New(s.store, clearing.Options{
		Plans: plans, Bank: theBank, Calendar: calendar, Crash: crash,
		Contract: clearing.Contract{RateBP: o.FeeBP, BusinessDays: o.SettleDays},
	})
	desk := pay.New(s.store, pay.Options{Outbox: s.outbox, House: house, Crash: crash})
	kept := api.NewKept(s.store)
	sender := &hook.Sender{
		Store: s.store, Outbox: s.outbox, URL: o.WebhookURL, Secret: o.WebhookSecret, Minute: o.Minute,
		Client: o.WebhookTransport, Crash: crash,
	}
	s.workers = []Worker{
		{"expiry", (&pay.Worker{Store: s.store, Desk: desk}).RunOnce},
		{"bank", (&bank.Worker{Store: s.store, Bank: theBank}).RunOnce},
		{"settlement", (&clearing.Worker{Store: s.store, House: house}).RunOnce},
		{"idempotency", kept.RunOnce},
		{workerWebhook, sender.RunOnce},
	}
	mux := http.NewServeMux()
	api.New(api.Deps{
		Store: s.store, Desk: desk, House: house, Bank: theBank, Outbox: s.outbox, Plans: plans, Crash: crash,
		SecretKey: o.SecretKey, PublicURL: o.PublicURL, SlowFor: o.SlowFor, HangFor: o.HangFor, Manual: o.Manual,
		Settle: s.Settle,
	}, kept).Register(mux)
	courier.New(s.store, o.SecretKey).Register(mux)
	payers, err := page.New(s.store, desk, crash)
	if err != nil {
		return fmt.Errorf("payment page: %w", err)
	}
	payers.Register(mux)
	s.handler = mux
	return nil
}

const workerWebhook = "webhook"

func (s *Sandbox) open(ctx context.Context) error {
	url := s.opts.URL
	if url == "" {
		folder, err := os.MkdirTemp("", "dure-sandbox-")
		if err != nil {
			return fmt.Errorf("temporary database: %w", err)
		}
		s.scratch, url = folder, "sqlite:"+filepath.Join(folder, "sandbox.db")
	}
	d, err := db.Open(ctx, db.Options{
		URL: url, Clock: s.opts.Clock, IDs: s.opts.IDs, Log: s.opts.Log, Relaxed: s.opts.Relaxed, Readers: 1,
	})
	if err != nil {
		return err
	}
	s.db = d
	return s.store.Open(ctx, d)
}

// Handler answers both programs and payers.
func (s *Sandbox) Handler() http.Handler { return s.handler }

// Workers gives the background work, in the order in which RunOnce takes it.
func (s *Sandbox) Workers() []Worker { return s.workers }

// RunOnce lets the first worker that has something due do one piece of it.
func (s *Sandbox) RunOnce(ctx context.Context) (worked bool, err error) {
	for _, w := range s.workers {
		if worked, err = w.RunOnce(ctx); worked || err != nil {
			return worked, err
		}
	}
	return false, nil
}

// settleMax bounds Settle against a receiver that makes new notices for each one it gets.
const settleMax = 1_000_000

// Settle runs RunOnce until nothing is due at the present instant, and gives the number of pieces done.
func (s *Sandbox) Settle(ctx context.Context) (steps int, err error) {
	for steps < settleMax {
		worked, err := s.RunOnce(ctx)
		if err != nil || !worked {
			return steps, err
		}
		steps++
	}
	return steps, nil
}

// Dump writes the whole state, for Options.From of another sandbox.
func (s *Sandbox) Dump(w io.Writer) error { return s.store.Dump(w) }

// Close ends the sandbox; a temporary database is removed.
func (s *Sandbox) Close() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	if s.scratch != "" {
		err = errors.Join(err, os.RemoveAll(s.scratch))
	}
	return err
}
