package toss

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss/wire"
)

// Time limits of one call. The gateway documents 60 s for payouts and about 30 s for the rest; a buyer does not wait
// that long, and an unknown outcome is looked up anyway.
const (
	readTimeout  = 5 * time.Second
	writeTimeout = 10 * time.Second
	listTimeout  = 60 * time.Second
)

// connectionsDefault bounds the connections to the gateway.
const connectionsDefault = 64

// Bounds of an answer's body.
const (
	answerMax = 1 << 20
	listMax   = 16 << 20
)

// Options say where the gateway is and who we are.
type Options struct {
	URL           string // https://host, without a path
	SecretKey     string
	WebhookSecret []string // the secrets that sign notices; two while one is being replaced
	// Transport carries the calls; nil makes a pool of kept-alive connections fit for load.
	Transport http.RoundTripper
	// Timeout, when positive, replaces the time limits of single calls: for tests and simulations.
	Timeout time.Duration
	// ConnectionsMax bounds the pool, 0 means 64.
	ConnectionsMax int
}

// Client is a connection to the gateway. It is safe for concurrent use.
type Client struct {
	base    string
	key     string
	secrets [][]byte
	timeout time.Duration
	wire    http.RoundTripper
}

var (
	_ gateway.Gateway   = (*Client)(nil)
	_ gateway.Simulator = (*Client)(nil)
)

// New makes a client; it fails on an address that is not one.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" {
		return nil, fmt.Errorf("toss: gateway address %q is not scheme://host", o.URL)
	}
	c := &Client{base: o.URL, key: o.SecretKey, timeout: o.Timeout, wire: o.Transport}
	for _, secret := range o.WebhookSecret {
		if secret != "" {
			c.secrets = append(c.secrets, []byte(secret))
		}
	}
	if c.wire == nil {
		most := o.ConnectionsMax
		if most <= 0 {
			most = connectionsDefault
		}
		c.wire = wire.New(u, wire.Options{Most: most, Now: clock.System().Now})
	}
	return c, nil
}

// request is one call to the gateway.
type request struct {
	step           string
	method, path   string
	idempotencyKey string
	body           any // nil for none
	timeout        time.Duration
	answerMax      int64
}

// do sends the request and decodes a 200 answer into out. Every error is a *gateway.Error.
func (c *Client) do(ctx context.Context, in request, out any) error {
	limit := in.timeout
	if c.timeout > 0 {
		limit = c.timeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	r, err := c.build(ctx, in)
	if err != nil {
		return &gateway.Error{Outcome: gateway.Declined, Step: in.step, Code: gateway.CodeRequest, Err: err}
	}
	// Straight to the wire: a payment API that redirects is misconfigured or not ours, and its answer is taken as it is.
	answer, err := c.wire.RoundTrip(r)
	if err != nil {
		return noAnswer(in.step, err)
	}
	defer func() { _ = answer.Body.Close() }()
	most := in.answerMax
	if most == 0 {
		most = answerMax
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, most+1))
	if err != nil {
		return noAnswer(in.step, err)
	}
	if int64(len(text)) > most {
		return broken(in.step, answer.StatusCode, errors.New("answer is too long"))
	}
	if answer.StatusCode != http.StatusOK {
		return refused(in.step, answer.StatusCode, text)
	}
	if err := json.Unmarshal(text, out); err != nil {
		return broken(in.step, answer.StatusCode, err)
	}
	return nil
}

func (c *Client) build(ctx context.Context, in request) (*http.Request, error) {
	var body io.Reader
	if in.body != nil {
		text, err := json.Marshal(in.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, in.method, c.base+in.path, body)
	if err != nil {
		return nil, err
	}
	// Without it a transport may repeat a request with an idempotency key by itself, and hide a broken connection.
	r.GetBody = nil
	r.SetBasicAuth(c.key, "")
	r.Header.Set("Content-Type", "application/json")
	if in.idempotencyKey != "" {
		r.Header.Set("Idempotency-Key", in.idempotencyKey)
	}
	return r, nil
}
