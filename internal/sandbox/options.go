package sandbox

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
)

// ErrOpenDoor says that Serve was asked to listen beyond this machine with a key that everybody knows.
var ErrOpenDoor = fail.New(fail.Invalid, "sandbox.open_door")

// Keys that everybody knows: fit for a sandbox on one's own machine and for nothing else.
const (
	DefaultSecretKey     = "test_sk_dure_sandbox"
	DefaultWebhookSecret = "test_whsec_dure_sandbox"
)

// CrashEnv names the environment variable that carries Options.CrashAt.
const CrashEnv = "DURE_SANDBOX_CRASH_AT"

// Options say how a sandbox is set up. The zero value works: a database in a temporary file, the machine's
// clock, no webhooks.
type Options struct {
	// Listen is the address of the listener, "" means 127.0.0.1:0. Beyond loopback a SecretKey of one's own is needed.
	Listen string
	URL    string // database, "sqlite:PATH"; "" means a temporary file that is removed at the end
	Memory bool   // no database at all
	// From is the state that a sandbox in memory begins with, as Sandbox.Dump wrote it; nil means none.
	From io.Reader
	// Relaxed switches the database's synchronous writes off: for tests that restart, not for those that kill.
	Relaxed bool

	SecretKey     string // what callers authenticate with, "" means DefaultSecretKey
	PublicURL     string // address of the payment pages, "" means the listener's
	WebhookURL    string // where notices go, "" sends none
	WebhookSecret string // what notices are signed with, "" means DefaultWebhookSecret
	// WebhookTransport carries the notices, nil means HTTP; a simulation calls its receiver directly.
	WebhookTransport http.RoundTripper
	// WebhookSenders is the number of notices sent at once by Serve, 0 means 4.
	WebhookSenders int

	Clock clock.Clock // nil means the machine's
	IDs   id.Source   // nil means random ones
	Log   *slog.Logger
	// Manual makes the sandbox run on this clock, which PUT /sandbox/clock moves; Clock is ignored then.
	Manual *clock.Fake

	Minute    time.Duration // unit of the webhook ladder of 1, 4, 16, … minutes, 0 means a minute
	SlowFor   time.Duration // how long a slow answer takes, 0 means 3 s; negative means no time
	HangFor   time.Duration // how long a suppressed answer holds the caller, 0 means 60 s; negative cuts at once
	BankDelay time.Duration // between accepting and executing a transfer, 0 means at the bank's next step
	// Holiday reports Korean bank holidays by day (YYYY-MM-DD); nil knows weekends only.
	Holiday func(day string) bool
	FeeBP   int64 // the gateway's fee without VAT in basis points, 0 means 220
	// SettleDays is the number of business days from sale to pay-out, 0 means 1.
	SettleDays int

	CrashAt string // a name or number of CrashPoints, with "@N" for the Nth visit; "" never
	// Exit is what a crash calls: os.Exit in a command, a panic in a simulation that throws the sandbox away.
	// CrashAt without it is refused.
	Exit func(code int)
	// Ready is called by Serve once the listener is open, with its address (http://host:port).
	Ready func(url string)
}

// CrashPoints is the table of places at which CrashAt can end the process.
func CrashPoints() []fault.CrashPoint { return fault.CrashPoints() }
