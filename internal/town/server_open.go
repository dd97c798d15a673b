package town

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// lent is a listener that outlives the server it is lent to.
type lent struct{ net.Listener }

// Close leaves the listener open.
func (lent) Close() error { return nil }

// open starts the gateway in memory, and over a fresh database the server that the past is lived with.
func (w *world) open() error {
	if err := w.openBox(nil); err != nil {
		return err
	}
	if w.options.Open != nil {
		return w.serve(w.options.Listener, w.options.Open)
	}
	return w.serve(lent{w.options.Listener}, func(ctx context.Context, options db.Options) (*db.DB, error) {
		options.Alone = true
		return db.Open(ctx, options)
	})
}

// reopen ends the server and the gateway of the past and opens others over what they left. What has built a town holds
// statements, pages and memory in fragments that what only serves it never needs: most of what a town weighs. A
// database of the caller's stays open, and its server with it.
func (w *world) reopen() error {
	if w.options.Open != nil {
		return nil
	}
	var state bytes.Buffer
	err := errors.Join(w.box.Dump(&state), w.server.Close(), w.box.Close())
	w.server, w.box, w.agenda, w.cast = nil, nil, agenda{}, w.cast.rest()
	if err != nil {
		return err
	}
	runtime.GC() // so that what comes now fills whole pages, not the gaps between what is gone
	if err := w.openBox(&state); err != nil {
		return err
	}
	return w.serve(w.options.Listener, nil)
}

// openBox makes the gateway, with the state of another one or none.
func (w *world) openBox(from io.Reader) error {
	calendar, err := bizday.Korea()
	if err != nil {
		return err
	}
	holiday := func(day string) bool {
		at, err := bizday.ParseDay(day)
		_, off := calendar.Holiday(at)
		return err == nil && off
	}
	o := w.options
	site := "http://" + o.Listener.Addr().String()
	w.box, err = sandbox.New(w.ctx, sandbox.Options{Memory: true, From: from, Clock: w.clock, IDs: w.ids,
		SecretKey: o.GatewayKey, PublicURL: o.GatewayBase, WebhookURL: site + "/hooks/gateway",
		WebhookTransport: w.notices, Log: o.Log, Minute: time.Second, SlowFor: -1, HangFor: -1, Holiday: holiday})
	return err
}

func (w *world) serve(on net.Listener, open func(context.Context, db.Options) (*db.DB, error)) (err error) {
	o := w.options
	config := app.Config{Data: o.Folder, Base: o.Base, Sandbox: true, Gateway: app.GatewayConfig{Key: o.GatewayKey,
		WebhookSecret: []string{sandbox.DefaultWebhookSecret}, Timeout: gatewayWait}, Seller: operator()}
	w.server, err = app.NewServer(w.ctx, app.ServerOptions{Config: config, Clock: w.clock, IDs: w.ids, Log: o.Log,
		Demo: true, Relaxed: true, Open: open, Listener: on, GatewayURL: o.GatewayBase,
		GatewayTransport: w.box.Transport()})
	return err
}

const gatewayWait = 10 * time.Second

// close ends what is open when building fails.
func (w *world) close() (err error) {
	if w.server != nil {
		err = w.server.Close()
	}
	if w.box != nil {
		err = errors.Join(err, w.box.Close())
	}
	_ = w.options.Listener.Close() // the last server had it, and closed it then
	return errors.Join(err, w.options.Gateway.Close())
}

// operator names who runs the site at every foot.
func operator() app.SellerConfig {
	return app.SellerConfig{Name: "두레마을 협동조합 (체험용)", Head: "나누리", Number: "000-00-00000",
		MailOrder: "체험용이라 신고하지 않았어요", Address: "서울 어딘가 두레길 1", Phone: "070-0000-0000",
		Email: "operator@demo.dure"}
}
