package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/town"
)

// Refusals of the demonstration.
var (
	// errNotLoopback keeps a demonstration with one-click sign-ins off the network unless it is asked for.
	errNotLoopback = fail.New(fail.Invalid, "cli.not_loopback")
	errAt          = fail.New(fail.Invalid, "cli.bad_at")
	errBase        = fail.New(fail.Invalid, "cli.public_base")
)

// demoCommand builds and runs the living town.
type demoCommand struct {
	Listen  string  `help:"${listen_help}" default:"127.0.0.1:8080" env:"DURE_LISTEN"`
	Public  bool    `help:"${public_help}"`
	Base    string  `help:"${base_help}" env:"DURE_BASE_URL"`
	Payment string  `help:"${payment_help}" env:"DURE_DEMO_PAYMENT"`
	PayBase string  `help:"${pay_base_help}" env:"DURE_DEMO_PAYMENT_URL"`
	Seed    uint64  `help:"${seed_help}" default:"1"`
	At      string  `help:"${at_help}"`
	Still   bool    `help:"${still_help}"`
	Speed   float64 `help:"${speed_help}" default:"1"`
	Log     string  `help:"${log_help}" enum:"debug,info,warn,error" default:"error"`
}

// Run builds the town in a temporary folder, serves it, and clears it away at the end.
func (c *demoCommand) Run(ctx context.Context, std streams) (err error) {
	o := town.Options{Seed: c.Seed, Still: c.Still, Speed: c.Speed, Base: c.Base, Log: logger(c.Log, std.err)}
	if c.At != "" {
		if o.At, err = time.Parse(time.RFC3339, c.At); err != nil {
			return errAt.Wrap(err)
		}
	}
	if o.Listener, o.Gateway, err = c.listen(ctx); err != nil {
		return err
	}
	if o.GatewayBase, err = c.payBase(o.Gateway); err != nil {
		return errors.Join(err, o.Listener.Close(), o.Gateway.Close())
	}
	if c.Public {
		// Whoever can reach the payment pages must not command them: a key that nobody else knows.
		o.GatewayKey = id.System(clock.System()).New("key")
	}
	if o.Folder, err = os.MkdirTemp(memoryFolder(), "dure-demo-"); err != nil {
		return errors.Join(err, o.Listener.Close(), o.Gateway.Close())
	}
	defer func() { err = errors.Join(err, os.RemoveAll(o.Folder)) }()
	_, _ = fmt.Fprintln(std.out, std.words.T("cli.demo_building"))
	o.Progress = progress(std.out)
	t, err := town.Build(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(townGC)
	}
	_, _ = fmt.Fprintln(std.out, std.words.T("cli.demo_ready", "URL", t.BaseURL,
		"Took", fmt.Sprintf("%.1f", t.Took.Seconds())))
	return t.Run(ctx)
}

// progress writes how much of the past has been lived: over itself on a terminal, else a tenth a line.
func progress(out io.Writer) func(percent int) {
	step, form := 10, "%3d %%\n"
	if file, ok := out.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			step, form = 1, "\r%3d %%"
		}
	}
	next := step
	return func(percent int) {
		if percent < next {
			return
		}
		next = percent + step - percent%step
		_, _ = fmt.Fprintf(out, form, percent)
		if percent == 100 && step == 1 {
			_, _ = fmt.Fprintln(out)
		}
	}
}

// townGC collects sooner than a server would: a town is small, idle most of its life, and beside other work.
const townGC = 50

// listen opens the site's and the payment pages' listeners.
func (c *demoCommand) listen(ctx context.Context) (site, payments net.Listener, err error) {
	var config net.ListenConfig
	if site, err = config.Listen(ctx, "tcp", c.Listen); err != nil {
		return nil, nil, err
	}
	host, _, err := net.SplitHostPort(site.Addr().String())
	if err != nil {
		return nil, nil, errors.Join(err, site.Close())
	}
	ip := net.ParseIP(host)
	switch {
	case !c.Public && (ip == nil || !ip.IsLoopback()):
		return nil, nil, errors.Join(errNotLoopback, site.Close())
	case c.Base == "" && ip.IsUnspecified():
		return nil, nil, errors.Join(errBase, site.Close())
	}
	address := c.Payment
	if address == "" {
		address = net.JoinHostPort(host, "0")
	}
	if payments, err = config.Listen(ctx, "tcp", address); err != nil {
		return nil, nil, errors.Join(err, site.Close())
	}
	return site, payments, nil
}

// payBase is where browsers find the payment pages: as given, or on the host of the site's public address.
func (c *demoCommand) payBase(payments net.Listener) (string, error) {
	if c.PayBase != "" || c.Base == "" {
		return c.PayBase, nil
	}
	base, err := url.Parse(c.Base)
	if err != nil || base.Hostname() == "" {
		return "", errBase
	}
	_, port, err := net.SplitHostPort(payments.Addr().String())
	return "http://" + net.JoinHostPort(base.Hostname(), port), err
}

const (
	memoryPath = "/dev/shm"
	memoryLeft = 1 << 30 // bytes: a town begins with some tens of MB and grows while it is visited
)

// memoryFolder is a folder that lies in memory and has room, "" for the system's own temporary one.
func memoryFolder() string {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(memoryPath, &stat); err != nil || stat.Bavail*uint64(stat.Bsize) < memoryLeft {
		return ""
	}
	return memoryPath
}
