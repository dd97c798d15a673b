package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/api"
)

// Answers that say nothing of whether the command was carried out.
var (
	ErrSilent = fail.New(fail.Unavailable, "fault.silent") // no answer: the line broke or the server died
	ErrBusy   = fail.New(fail.Unavailable, "fault.busy")   // 503, 429 or 500: ask again
	ErrNoHint = fail.New(fail.Internal, "fault.no_hint")   // 503 without Retry-After
	ErrOther  = fail.New(fail.Internal, "fault.other")     // another answer to the same key
	// ErrRoom is a place in a hot deal's waiting room: keep the ticket (Args: Ticket) and ask again.
	ErrRoom = fail.New(fail.Unavailable, "room.waiting")
)

// Client buys and redeems at one address, which may move.
type Client struct {
	World   *stage.World
	Journal *Journal
	Mark    func() int64 // told to every answered step, nil for none

	address atomic.Pointer[string]
	client  *http.Client
	busy    atomic.Int64
	silent  atomic.Int64
	blind   atomic.Int64
	acked   atomic.Int64
}

// New is a client for a world that is served somewhere.
func New(w *stage.World, address string) *Client {
	c := &Client{World: w, Journal: &Journal{}, client: &http.Client{Timeout: 30 * time.Second,
		Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	c.Move(address)
	return c
}

// Move tells where the server is now.
func (c *Client) Move(address string) { c.address.Store(&address) }

// Tally is how many answers said "busy" (a place in a waiting room is none), how many of those said nothing of when to
// come again, and how many questions were never answered.
type Tally struct{ Busy, Blind, Silent int64 }

// Tally counts since the beginning.
func (c *Client) Tally() Tally {
	return Tally{Busy: c.busy.Load(), Blind: c.blind.Load(), Silent: c.silent.Load()}
}

// Acked is how many steps were acknowledged so far.
func (c *Client) Acked() int64 { return c.acked.Load() }

// Rest closes the connections that wait for more.
func (c *Client) Rest() { c.client.CloseIdleConnections() }

// Buy lets so many callers buy and redeem, each buyer once, until ctx ends or purchases have been begun. A step without
// an answer is left for Recover.
func (c *Client) Buy(ctx context.Context, callers, purchases int) {
	var all sync.WaitGroup
	var begun atomic.Int64
	for range callers {
		all.Go(func() {
			for ctx.Err() == nil && begun.Add(1) <= int64(purchases) {
				p := c.Journal.next(c.World.Buyers(), len(c.World.Items))
				if p == nil {
					return
				}
				_ = c.live(ctx, p) // what failed stands in the journal as asked and not answered
			}
		})
	}
	all.Wait()
}

// Hold lets so many further buyers order and not pay yet.
func (c *Client) Hold(ctx context.Context, buyers int) error {
	for range buyers {
		p := c.Journal.next(c.World.Buyers(), len(c.World.Items))
		if err := c.order(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// live goes through a purchase from its first step without an answer.
func (c *Client) live(ctx context.Context, p *Purchase) error {
	for _, step := range []func(context.Context, *Purchase) error{c.order, c.pay, c.use} {
		if err := step(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// Recover asks everything again, once under the same keys, from the purchase of a number on: what was not answered, and
// what was. It fails when an answer is another one than at first, or when there is none.
func (c *Client) Recover(ctx context.Context, from int) error {
	var all sync.WaitGroup
	var mu sync.Mutex
	var found error
	work := make(chan *Purchase)
	for range 8 {
		all.Go(func() {
			for p := range work {
				if err := c.patient(ctx, p); err != nil && !refused(err) {
					mu.Lock()
					found = errors.Join(found, fmt.Errorf("buyer %d: %w", p.Buyer, err))
					mu.Unlock()
				}
			}
		})
	}
	for _, p := range c.Journal.All()[from:] {
		work <- p
	}
	close(work)
	all.Wait()
	return found
}

// again is how long a caller waits whose payment is being looked up.
const again = 500 * time.Millisecond

// Looked is how long Recover may take where payments were cut off: the server looks them up after 15 seconds.
const Looked = time.Minute

func (c *Client) patient(ctx context.Context, p *Purchase) error {
	tick := time.NewTicker(again)
	defer tick.Stop()
	for {
		p.Refuse = ""
		err := c.live(context.WithoutCancel(ctx), p)
		if code := fail.CodeOf(err); code != payment.ErrPending.Code && code != ErrRoom.Code {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}

// refused tells that the server decided against a command, as it may.
func refused(err error) bool {
	kind := fail.KindOf(err)
	return kind != fail.Unavailable && kind != fail.Internal
}

func (c *Client) order(ctx context.Context, p *Purchase) error {
	item := c.World.Items[p.Item]
	var out api.Order
	err := c.step(ctx, &p.Order, Call{Path: "/orders", Key: p.orderKey(), Token: c.World.Buyer(p.Buyer).Token,
		Ticket: p.ticket, Body: map[string]any{"deal_id": item.Deal, "option_id": item.Option, "quantity": 1}, Out: &out})
	p.note(err)
	if waits, is := fail.As(err); is && waits.Code == ErrRoom.Code {
		p.ticket, _ = waits.Args["Ticket"].(string)
	}
	if err == nil {
		err = c.keep(&p.Order, out.ID)
	}
	return err
}

func (c *Client) pay(ctx context.Context, p *Purchase) error {
	var out api.Order
	err := c.step(ctx, &p.Payment, Call{Path: "/orders/" + p.Order.ID + "/payments", Key: p.paymentKey(),
		Token: c.World.Buyer(p.Buyer).Token, Body: map[string]any{"method": "sandbox", "instrument": "ok"}, Out: &out})
	p.note(err)
	if err != nil {
		return err
	}
	if out.State != "paid" || len(out.Vouchers) != 1 {
		return ErrBusy.Wrap(fmt.Errorf("order %s: state %s, %d vouchers", p.Order.ID, out.State, len(out.Vouchers)))
	}
	if p.Voucher != "" && p.Voucher != out.Vouchers[0].ID {
		return ErrOther.Wrap(fmt.Errorf("voucher %s was %s", out.Vouchers[0].ID, p.Voucher))
	}
	if qr := out.Vouchers[0].QR; qr != "" {
		p.Code = qr
	}
	p.Voucher = out.Vouchers[0].ID
	return c.keep(&p.Payment, out.ID)
}

func (c *Client) use(ctx context.Context, p *Purchase) error {
	shop := c.World.Shops[p.Item%len(c.World.Shops)]
	var out api.Redemption
	err := c.step(ctx, &p.Use, Call{Path: "/redemptions", Key: p.useKey(), Token: shop.Staff.Token,
		Body: map[string]any{"merchant_id": shop.ID, "branch_id": shop.Branch, "code": p.Code, "units": 1,
			"nonce": p.useKey()}, Out: &out})
	p.note(err)
	if err == nil {
		err = c.keep(&p.Use, out.ID)
	}
	return err
}

func (p *Purchase) note(err error) {
	if err != nil && refused(err) {
		p.Refuse = fail.CodeOf(err)
	}
}

// keep writes an answer down, or compares it with the first one.
func (c *Client) keep(s *Step, id string) error {
	if s.Answered {
		if s.ID != id {
			return ErrOther.Wrap(fmt.Errorf("%s was %s", id, s.ID))
		}
		return nil
	}
	s.ID, s.Answered = id, true
	if c.Mark != nil {
		s.Mark = c.Mark()
	}
	c.acked.Add(1)
	return nil
}

// Call is one request to the interface.
type Call struct {
	Path, Key, Token string
	Ticket           string // of the waiting room
	Body, Out        any
}

func (c *Client) step(ctx context.Context, s *Step, q Call) error {
	s.Asked = true
	return c.Ask(ctx, q)
}

// Ask posts to the interface and reads the answer. A refusal has the code that the server gave it.
func (c *Client) Ask(ctx context.Context, q Call) error {
	text, err := json.Marshal(q.Body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, *c.address.Load()+api.Prefix+q.Path,
		bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.GetBody = nil // no second try that we do not know of
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+q.Token)
	r.Header.Set("Idempotency-Key", q.Key)
	if q.Ticket != "" {
		r.Header.Set("Room-Ticket", q.Ticket)
	}
	got, err := c.client.Do(r)
	if err != nil {
		c.silent.Add(1)
		return ErrSilent.Wrap(err)
	}
	defer func() { _ = got.Body.Close() }()
	answer, err := io.ReadAll(got.Body)
	if err != nil {
		c.silent.Add(1)
		return ErrSilent.Wrap(err)
	}
	return c.read(got, answer, q.Out)
}

func (c *Client) read(got *http.Response, answer []byte, out any) error {
	said := fmt.Errorf("%d %s", got.StatusCode, strings.TrimSpace(string(answer)))
	var problem api.Problem
	unread := json.Unmarshal(answer, &problem)
	switch code := got.StatusCode; {
	case code < http.StatusMultipleChoices:
		return json.Unmarshal(answer, out)
	case unread == nil && problem.Code == ErrRoom.Code:
		return ErrRoom.With("Ticket", problem.Args["Ticket"]).Wrap(said)
	case code >= http.StatusInternalServerError, code == http.StatusTooManyRequests:
		c.busy.Add(1)
		if code == http.StatusServiceUnavailable && got.Header.Get("Retry-After") == "" {
			c.blind.Add(1)
		}
		return ErrBusy.Wrap(said)
	}
	if unread != nil {
		return ErrBusy.Wrap(said)
	}
	return fail.New(fail.Conflict, problem.Code).Wrap(said)
}
