package natsbus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Errors of a mesh's configuration.
var (
	// ErrToken is a mesh beyond loopback without a secret: whoever reaches the port would read along.
	ErrToken = fail.New(fail.Invalid, "cluster.no_token")
	// ErrAddress is an address that is no host:port; Args: Address.
	ErrAddress = fail.New(fail.Invalid, "cluster.address")
	// ErrStart is a server inside the node that does not get ready.
	ErrStart = fail.New(fail.Unavailable, "cluster.not_started")
)

// Mesh says how the servers inside the nodes find each other.
type Mesh struct {
	Listen string   // host:port for the other nodes
	Routes []string // host:port of all nodes; our own among them does no harm
	Token  string   // the secret all nodes share; only a mesh on loopback may go without
}

const (
	startWait  = 10 * time.Second
	routeRetry = 500 * time.Millisecond
	pingEvery  = 5 * time.Second
	pingsMax   = 2
	meshUser   = "dure"
)

// check refuses a mesh that strangers could listen to.
func (m Mesh) check() (host string, port int, err error) {
	for _, address := range append([]string{m.Listen}, m.Routes...) {
		if host, _, err = split(address); err != nil {
			return "", 0, err
		}
		if m.Token == "" && !loopback(host) {
			return "", 0, ErrToken.With("Address", address)
		}
	}
	return split(m.Listen)
}

func split(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil || port <= 0 || port > 65535 {
		return "", 0, ErrAddress.With("Address", address)
	}
	return host, port, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// start runs a server in this process. Its port for clients is a random one on loopback that wants a password made for
// this run: a server that listens nowhere would not join others either, and our own client does not need the port.
func (m Mesh) start(name, password string, log *slog.Logger) (*server.Server, error) {
	host, port, err := m.check()
	if err != nil {
		return nil, err
	}
	o := &server.Options{
		ServerName: name, Host: "127.0.0.1", Port: server.RANDOM_PORT, Username: meshUser, Password: password,
		NoSigs: true, NoSystemAccount: true, MaxPayload: payloadMax, PingInterval: pingEvery, MaxPingsOut: pingsMax,
		Cluster: server.ClusterOpts{Name: "dure", Host: host, Port: port, NoAdvertise: true, PoolSize: -1,
			PingInterval: pingEvery, MaxPingsOut: pingsMax},
	}
	if m.Token != "" {
		o.Cluster.Username, o.Cluster.Password, o.Cluster.AuthTimeout = meshUser, m.Token, 5
	}
	for _, address := range m.Routes {
		route := &url.URL{Scheme: "nats-route", Host: address}
		if m.Token != "" {
			route.User = url.UserPassword(meshUser, m.Token)
		}
		o.Routes = append(o.Routes, route)
	}
	s, err := server.NewServer(o)
	if err != nil {
		return nil, ErrStart.Wrap(err)
	}
	s.SetLoggerV2(words{log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startWait) {
		s.Shutdown()
		return nil, ErrStart.Wrap(errors.New("not ready after " + startWait.String()))
	}
	return s, nil
}

// words puts the server's own words into our log. Its notices are for debugging; a mate that cannot be reached is a
// warning of the node that judges by whom it hears.
type words struct{ log *slog.Logger }

func (w words) say(level slog.Level, format string, args []any) {
	w.log.Log(context.Background(), level, "nats", "said", fmt.Sprintf(format, args...))
}

// Noticef logs for whoever searches.
func (w words) Noticef(format string, args ...any) { w.say(slog.LevelDebug, format, args) }

// Warnf logs for whoever searches: it warns of passwords in the configuration, which is how nodes know each other.
func (w words) Warnf(format string, args ...any) { w.say(slog.LevelDebug, format, args) }

// Fatalf logs an error; the bus that does not start is the caller's to refuse.
func (w words) Fatalf(format string, args ...any) { w.say(slog.LevelError, format, args) }

// Errorf logs for whoever searches: a route that is down is tried again for ever.
func (w words) Errorf(format string, args ...any) { w.say(slog.LevelDebug, format, args) }

// Debugf logs nothing: the server is not asked for it.
func (w words) Debugf(string, ...any) {}

// Tracef logs nothing: the server is not asked for it.
func (w words) Tracef(string, ...any) {}
