package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http" //nolint:depguard // an adapter speaks HTTP
	"net/url"
	"time"

	"github.com/dure-commerce/dure/internal/market/merchant/check"
)

const (
	timeoutDefault = 10 * time.Second
	answerMax      = 1 << 20
	pathStatus     = "api/nts-businessman/v1/status"
)

// Options say where the register is and who we are.
type Options struct {
	URL string // scheme://host
	Key string
	// Transport carries the calls; nil means HTTP over the network.
	Transport http.RoundTripper
	Timeout   time.Duration // of one call, 0 means 10 s
}

// Client is a connection to the register. It is safe for concurrent use.
type Client struct {
	options Options
	address string
	source  string
}

var _ check.Register = (*Client)(nil)

// New makes a client; it fails on an address that is not one.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("register: address %q is not scheme://host", o.URL)
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Timeout <= 0 {
		o.Timeout = timeoutDefault
	}
	address := u.JoinPath(pathStatus)
	address.RawQuery = url.Values{"serviceKey": {o.Key}}.Encode()
	return &Client{options: o, address: address.String(), source: u.Host}, nil
}

// Source is the register's host.
func (c *Client) Source() string { return c.source }

// Check asks about one number; every error is a check.ErrDown.
func (c *Client) Check(ctx context.Context, number string) (check.Result, error) {
	result, err := c.ask(ctx, number)
	if err != nil {
		return check.Down, check.ErrDown.Wrap(err)
	}
	return result, nil
}

func (c *Client) ask(ctx context.Context, number string) (check.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	body, err := json.Marshal(map[string][]string{"b_no": {number}})
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	got, err := c.options.Transport.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the register answered %d", got.StatusCode)
	}
	var answer struct {
		Data []struct {
			Number string `json:"b_no"`
			Code   string `json:"b_stt_cd"`
		} `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(got.Body, answerMax)).Decode(&answer); err != nil {
		return "", err
	}
	for _, row := range answer.Data {
		if row.Number == number {
			return resultOf(row.Code)
		}
	}
	return "", fmt.Errorf("the register did not answer about the number")
}

func resultOf(code string) (check.Result, error) {
	switch code {
	case "01":
		return check.Normal, nil
	case "02":
		return check.Suspended, nil
	case "03":
		return check.Closed, nil
	case "":
		return check.Unknown, nil
	}
	return "", fmt.Errorf("the register says %q", code)
}
