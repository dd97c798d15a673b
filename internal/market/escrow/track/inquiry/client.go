package inquiry

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http" //nolint:depguard // an adapter speaks HTTP
	"net/url"
	"time"

	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
)

// timeoutDefault bounds a call.
const timeoutDefault = 10 * time.Second

// answerMax bounds an answer, in bytes; eventsMax bounds what is taken of one parcel.
const (
	answerMax = 4 << 20
	eventsMax = 200
)

// Options say where the service is and who we are.
type Options struct {
	URL string // scheme://host, with or without a path
	Key string // "" sends none
	// Transport carries the calls; nil means HTTP over the network.
	Transport http.RoundTripper
	Timeout   time.Duration // of one call, 0 means 10 s
}

// Client is a connection to the service. It is safe for concurrent use.
type Client struct {
	options Options
	base    string
}

var _ track.Tracker = (*Client)(nil)

// New makes a client; it fails on an address that is not one.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("tracking: address %q is not scheme://host", o.URL)
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Timeout <= 0 {
		o.Timeout = timeoutDefault
	}
	return &Client{options: o, base: u.JoinPath("track").String()}, nil
}

type name struct {
	Carrier parcel.Carrier `json:"carrier"`
	Number  string         `json:"number"`
}

type told struct {
	name
	Events []struct {
		Kind  parcel.Kind `json:"kind"`
		At    time.Time   `json:"at"`
		Place string      `json:"place"`
	} `json:"events"`
}

// Track asks about parcels; every error is a track.ErrDown.
func (c *Client) Track(ctx context.Context, parcels []parcel.Name) ([]track.Told, error) {
	ask := struct {
		Parcels []name `json:"parcels"`
	}{make([]name, len(parcels))}
	asked := make(map[name]bool, len(parcels))
	for i, p := range parcels {
		ask.Parcels[i] = name{p.Carrier, p.Number}
		asked[ask.Parcels[i]] = true
	}
	var answer struct {
		Parcels []told `json:"parcels"`
	}
	if err := c.call(ctx, ask, &answer); err != nil {
		return nil, track.ErrDown.Wrap(err)
	}
	var out []track.Told
	for _, t := range answer.Parcels {
		if !asked[t.name] {
			continue // nobody asked
		}
		one := track.Told{Name: parcel.Name{Carrier: t.Carrier, Number: t.Number}}
		for _, e := range t.Events[:min(len(t.Events), eventsMax)] {
			one.Events = append(one.Events, parcel.Event{Kind: e.Kind, At: e.At.UTC(), Place: e.Place})
		}
		out = append(out, one)
	}
	return out, nil
}

func (c *Client) call(ctx context.Context, ask, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	body, err := json.Marshal(ask)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if c.options.Key != "" {
		r.Header.Set("Authorization", "Bearer "+c.options.Key)
	}
	// Straight to the transport: a service that redirects is not the one that was configured.
	got, err := c.options.Transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusOK {
		return fmt.Errorf("tracking answered %d", got.StatusCode)
	}
	return json.NewDecoder(io.LimitReader(got.Body, answerMax)).Decode(answer)
}
