package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fetch"
)

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "203.248.252.2": true, "2001:4860:4860::8888": true, "2620:fe::fe": true, "::ffff:8.8.8.8": true,
		"0.0.0.0": false, "10.1.2.3": false, "100.64.0.1": false, "100.127.255.255": false, "127.0.0.1": false,
		"127.8.8.8": false, "169.254.169.254": false, "172.16.0.1": false, "172.31.255.1": false, "192.0.0.8": false,
		"192.0.2.1": false, "192.88.99.1": false, "192.168.1.1": false, "198.18.0.1": false, "198.19.9.9": false,
		"198.51.100.1": false, "203.0.113.1": false, "224.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "64:ff9b:1::1": false, "100::1": false, "2001::1": false, "2001:2::1": false,
		"2001:db8::1": false, "2002:7f00:1::": false, "3fff::1": false, "fc00::1": false, "fd00:ec2::254": false,
		"fe80::1": false, "fe80::1%eth0": false, "fec0::1": false, "ff02::1": false, "2001:4860::1%x": false,
	} {
		if got := fetch.Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	if fetch.Public(netip.Addr{}) {
		t.Error("no address at all")
	}
}

// shop is a server of this machine that a test lets its client reach under the name shop.example, and its addresses.
func shop(t *testing.T, handler http.HandlerFunc, change func(*fetch.Options)) (*fetch.Client, func(string) string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	o := fetch.Options{
		Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
			if host == "shop.example" {
				return []netip.Addr{at.Addr()}, nil
			}
			return nil, fmt.Errorf("no such host: %s", host)
		},
		// The test's server stands in for port 80 of a public address.
		Trust: func(a netip.AddrPort) bool { return a == at },
	}
	if change != nil {
		change(&o)
	}
	return fetch.New(o), func(path string) string { return fmt.Sprintf("http://shop.example:%d%s", at.Port(), path) }
}

func TestGetReadsAPage(t *testing.T) {
	c, at := shop(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=euc-kr")
		fmt.Fprintf(w, "%s|%s|%s", r.UserAgent(), r.Header.Get("Accept"), r.Header.Get("Referer"))
	}, func(o *fetch.Options) { o.Agent = "Dure test" })
	page, err := c.Get(t.Context(), at("/old"), "text/html")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(page.URL, "/new") || page.Type != "text/html; charset=euc-kr" ||
		string(page.Body) != "Dure test|text/html|" {
		t.Errorf("%s %s %q", page.URL, page.Type, page.Body)
	}
}

func TestNothingButThePublicWebIsReached(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	at := netip.MustParseAddrPort(server.Listener.Addr().String())
	c := fetch.New(fetch.Options{Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
		switch host {
		case "inside.example":
			return []netip.Addr{at.Addr()}, nil
		case "both.example":
			return []netip.Addr{netip.MustParseAddr("198.41.0.4"), at.Addr()}, nil
		}
		return nil, errors.New("no such host")
	}})
	for _, address := range []string{
		server.URL, fmt.Sprintf("http://inside.example:%d/", at.Port()), fmt.Sprintf("http://both.example:%d/", at.Port()),
		fmt.Sprintf("http://[::ffff:127.0.0.1]:%d/", at.Port()), "http://localhost/", "http://127.1/", "http://2130706433/",
		"http://0x7f.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data", "http://8.8.8.8:22/",
		"ftp://shop.example/", "file:///etc/passwd", "javascript:alert(1)", "//shop.example/", "", "http://", "http:x",
		"http://user:secret@shop.example/", "gopher://shop.example/", "http://shop.example\x00/",
	} {
		if _, err := c.Get(t.Context(), address, "*/*"); err == nil {
			t.Errorf("%q was read", address)
		}
	}
	if asked.Load() > 0 {
		t.Errorf("%d requests came in", asked.Load())
	}
}

func TestEachRedirectIsLookedAt(t *testing.T) {
	var inside atomic.Int64
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inside.Add(1) }))
	defer secret.Close()
	for _, to := range []string{secret.URL, "file:///etc/passwd", "http://169.254.169.254/", "gopher://x/", "/round"} {
		c, at := shop(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }, nil)
		if _, err := c.Get(t.Context(), at("/"), "*/*"); err == nil {
			t.Errorf("led to %s", to)
		}
	}
	if inside.Load() > 0 {
		t.Error("a redirect led inside")
	}
}

func TestANameThatAnswersDifferentlyGainsNothing(t *testing.T) {
	var asked atomic.Int64
	c, at := shop(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "page") }, func(o *fetch.Options) {
		first := o.Resolve
		o.Resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			if asked.Add(1) > 1 {
				return []netip.Addr{netip.MustParseAddr("169.254.169.254")}, nil
			}
			return first(ctx, host)
		}
	})
	if page, err := c.Get(t.Context(), at("/"), "*/*"); err != nil || string(page.Body) != "page" {
		t.Errorf("%q, %v", page.Body, err)
	}
	if asked.Load() != 1 {
		t.Errorf("the name was looked up %d times", asked.Load())
	}
}

func TestLimits(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for range 64 {
		if _, err := z.Write(bytes.Repeat([]byte("0"), 1<<14)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	release := make(chan struct{})
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    error
	}{
		"long": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 10_001)) }, fetch.ErrLarge},
		"long when unpacked": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed.Bytes())
		}, fetch.ErrLarge},
		"as long as may be": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.Repeat("x", 10_000))
		}, nil},
		"not there": {http.NotFound, fetch.ErrAnswer},
		"silent":    {func(http.ResponseWriter, *http.Request) { <-release }, fetch.ErrAnswer},
		"begins and stops": {func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "x")
			_ = http.NewResponseController(w).Flush()
			<-release
		}, fetch.ErrAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			client, at := shop(t, c.handler, func(o *fetch.Options) { o.BodyMax, o.Timeout = 10_000, 500*time.Millisecond })
			_, err := client.Get(t.Context(), at("/"), "*/*")
			if !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if name == "silent" || name == "begins and stops" {
				release <- struct{}{}
			}
		})
	}
}
