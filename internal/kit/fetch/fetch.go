package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Refusals.
var (
	// ErrAddress refuses an address that does not lead into the public web.
	ErrAddress = fail.New(fail.Invalid, "fetch.address")
	// ErrLarge refuses an answer that is longer than Options.BodyMax.
	ErrLarge = fail.New(fail.TooLarge, "fetch.large")
	// ErrAnswer is an address that does not answer in time, or not with a page.
	ErrAnswer = fail.New(fail.Unavailable, "fetch.answer")
)

// Options bound a client. Zero values take the defaults that stand behind.
type Options struct {
	Timeout   time.Duration // of a whole call with its redirects; 10 s
	BodyMax   int64         // bytes of an answer, unpacked; 1 MiB
	Redirects int           // 3
	Agent     string        // how the client names itself; "Dure"
	// Resolve finds the addresses of a name; nil asks the system.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// Trust lets more addresses in than the public ones, port included: for tests only.
	Trust func(netip.AddrPort) bool
}

// Client reads the public web.
type Client struct {
	options Options
	http    http.Client
}

const (
	timeoutUsual   = 10 * time.Second
	bodyUsual      = 1 << 20
	redirectsUsual = 3
	headerMax      = 64 << 10
)

// New makes a client.
func New(o Options) *Client {
	if o.Timeout <= 0 {
		o.Timeout = timeoutUsual
	}
	if o.BodyMax <= 0 {
		o.BodyMax = bodyUsual
	}
	if o.Redirects <= 0 {
		o.Redirects = redirectsUsual
	}
	if o.Agent == "" {
		o.Agent = "Dure"
	}
	if o.Resolve == nil {
		o.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	c := &Client{options: o}
	c.http = http.Client{
		Timeout: o.Timeout,
		// No proxy of the environment: it would reach what we must not.
		Transport: &http.Transport{DialContext: c.dial, DisableKeepAlives: true, MaxResponseHeaderBytes: headerMax,
			TLSHandshakeTimeout: o.Timeout, ResponseHeaderTimeout: o.Timeout},
		CheckRedirect: c.redirect,
	}
	return c
}

// Page is what an address answered.
type Page struct {
	URL  string // where it came from in the end
	Type string // as the answer names it, "text/html; charset=euc-kr"
	Body []byte
}

// Get reads an address. accept names the types that are wanted, as the header does.
func (c *Client) Get(ctx context.Context, address, accept string) (Page, error) {
	u, err := url.Parse(address)
	if err != nil || !c.allowed(u) {
		return Page{}, ErrAddress
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return Page{}, ErrAddress.Wrap(err)
	}
	r.Header.Set("User-Agent", c.options.Agent)
	r.Header.Set("Accept", accept)
	answer, err := c.http.Do(r)
	if err != nil {
		if errors.Is(err, ErrAddress) {
			return Page{}, ErrAddress.Wrap(err)
		}
		return Page{}, ErrAnswer.Wrap(err)
	}
	defer func() { _ = answer.Body.Close() }() // nothing is kept of it
	if answer.StatusCode != http.StatusOK {
		return Page{}, ErrAnswer.Wrap(errors.New(answer.Status))
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, c.options.BodyMax+1))
	if err != nil {
		return Page{}, ErrAnswer.Wrap(err)
	}
	if int64(len(body)) > c.options.BodyMax {
		return Page{}, ErrLarge
	}
	return Page{URL: answer.Request.URL.String(), Type: answer.Header.Get("Content-Type"), Body: body}, nil
}

// allowed takes addresses of the web without a name and password in them; dial looks at where they lead.
func (c *Client) allowed(u *url.URL) bool {
	return (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil && u.Opaque == ""
}

func (c *Client) redirect(r *http.Request, before []*http.Request) error {
	last := before[len(before)-1]
	switch {
	case len(before) > c.options.Redirects:
		return errors.New("too many redirects")
	case !c.allowed(r.URL), last.URL.Scheme == "https" && r.URL.Scheme != "https":
		return ErrAddress
	}
	r.Header.Del("Referer") // who named the address is nobody's business
	return nil
}

// dial connects to one of the addresses that were looked at, never to a name.
func (c *Client) dial(ctx context.Context, network, target string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(target)
	if err != nil {
		return nil, ErrAddress.Wrap(err)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, ErrAddress.Wrap(err)
	}
	addresses, err := c.addresses(ctx, strings.TrimSuffix(host, "."))
	if err != nil {
		return nil, err
	}
	for _, a := range addresses {
		if !c.mayReach(netip.AddrPortFrom(a.Unmap(), uint16(port))) {
			return nil, ErrAddress
		}
	}
	var dialer net.Dialer
	var last error = ErrAddress
	for _, a := range addresses {
		conn, err := dialer.DialContext(ctx, network, netip.AddrPortFrom(a.Unmap(), uint16(port)).String())
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

func (c *Client) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	return c.options.Resolve(ctx, host)
}

// mayReach takes the web's two ports of public addresses.
func (c *Client) mayReach(a netip.AddrPort) bool {
	if c.options.Trust != nil && c.options.Trust(a) {
		return true
	}
	return Public(a.Addr()) && (a.Port() == 80 || a.Port() == 443)
}
