package e2e

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is how long a page may take to show what a test waits for; a busy machine with two cores needs most of it.
const patience = 20 * time.Second

// errNoChromium says what to do about a missing browser.
var errNoChromium = errors.New("no Chromium was found: install it (on Debian or Ubuntu: apt-get install chromium " +
	"fonts-noto-cjk; on macOS: brew install --cask chromium) or put it on PATH; browser tests are never skipped")

// Options describe the window and the person before it. Zero values mean a small phone, light, Korean, no camera.
type Options struct {
	Width, Height int    // CSS pixels, 360 × 780 when zero
	Dark          bool   // the person prefers dark screens
	Lang          string // "ko" or "en"
	CameraFile    string // MJPEG that the camera sees, made by package camera
	NoScript      bool   // the person has JavaScript switched off
}

// Page is one window of the browser.
type Page struct {
	ctx     context.Context
	t       testing.TB
	options Options

	mu      sync.Mutex
	faults  []string
	allowed []string
}

// Browser starts a Chromium of its own and gives an empty window. Both end with the test.
func Browser(t testing.TB, options Options) *Page {
	t.Helper()
	program, err := findChromium()
	if err != nil {
		t.Fatal(err)
	}
	options = withDefaults(options)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags(program, options)...)
	t.Cleanup(stop)
	return window(t, allocator, options)
}

// Another opens a window for another person in the same Chromium: no cookies are shared.
func (p *Page) Another(options Options) *Page {
	p.t.Helper()
	var room target.ID
	p.run("make room for another person", chromedp.ActionFunc(func(ctx context.Context) error {
		browser := cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser)
		person, err := target.CreateBrowserContext().Do(browser)
		if err != nil {
			return err
		}
		// A person without any window has no place for a tab: the first one is a window.
		room, err = target.CreateTarget("about:blank").WithBrowserContextID(person).WithNewWindow(true).Do(browser)
		return err
	}))
	return window(p.t, p.ctx, withDefaults(options), chromedp.WithTargetID(room))
}

// Tab opens a second window of the same person.
func (p *Page) Tab() *Page {
	p.t.Helper()
	return window(p.t, p.ctx, p.options)
}

func withDefaults(options Options) Options {
	if options.Width == 0 {
		options.Width, options.Height = phoneWidth, phoneHeight
	}
	if options.Height == 0 {
		options.Height = 900
	}
	if options.Lang == "" {
		options.Lang = "ko"
	}
	return options
}

func findChromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errNoChromium
}

func flags(program string, options Options) []chromedp.ExecAllocatorOption {
	set := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(program), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless,
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(2 * time.Minute),
		chromedp.WindowSize(options.Width, options.Height),
		chromedp.Flag("accept-lang", options.Lang), chromedp.Flag("lang", options.Lang),
		// Nothing but this machine can be looked up, whatever a page asks for.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("font-render-hinting", "none"),
	}
	for _, name := range []string{
		"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync",
		"disable-dev-shm-usage", "disable-extensions", "disable-default-apps", "mute-audio", "hide-scrollbars",
		"disable-search-engine-choice-screen",
	} {
		set = append(set, chromedp.Flag(name, true))
	}
	if options.CameraFile != "" {
		set = append(set, chromedp.Flag("use-fake-device-for-media-stream", true),
			chromedp.Flag("use-fake-ui-for-media-stream", true),
			chromedp.Flag("use-file-for-fake-video-capture", options.CameraFile))
	}
	return set
}

func window(t testing.TB, parent context.Context, options Options, more ...chromedp.ContextOption) *Page {
	t.Helper()
	ctx, closeWindow := chromedp.NewContext(parent, more...)
	p := &Page{ctx: ctx, t: t, options: options}
	t.Cleanup(func() {
		p.reportFaults()
		closeWindow()
	})
	chromedp.ListenTarget(ctx, p.hear)
	if err := chromedp.Run(ctx, p.person()...); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	return p
}

// person sets what a page may learn about the one before the screen.
func (p *Page) person() []chromedp.Action {
	phone := p.options.Width < phoneMax
	actions := []chromedp.Action{
		network.Enable(),
		network.SetExtraHTTPHeaders(network.Headers{"Accept-Language": p.options.Lang}),
		emulation.SetDeviceMetricsOverride(int64(p.options.Width), int64(p.options.Height), 1, phone),
		emulation.SetTouchEmulationEnabled(phone),
		emulation.SetTimezoneOverride("Asia/Seoul"),
		emulation.SetEmulatedMedia().WithFeatures(p.media()),
	}
	if p.options.NoScript {
		actions = append(actions, emulation.SetScriptExecutionDisabled(true))
	}
	return actions
}

// media are the person's wishes about looks.
func (p *Page) media() []*emulation.MediaFeature {
	scheme := "light"
	if p.options.Dark {
		scheme = "dark"
	}
	return []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"}, // pictures and clicks do not wait for animations
	}
}

// Allow expects faults whose text contains part: for tests of pages that fail on purpose.
func (p *Page) Allow(part string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.allowed = append(p.allowed, part)
}

func (p *Page) fault(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, text)
}

func (p *Page) reportFaults() {
	p.t.Helper()
	for _, text := range p.Faults() {
		p.t.Errorf("the page had a fault: %s", text)
	}
}

// Faults gives what went wrong in the page so far and was not allowed.
func (p *Page) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []string
	for _, text := range p.faults {
		expected := false
		for _, part := range p.allowed {
			expected = expected || strings.Contains(text, part)
		}
		if !expected {
			left = append(left, text)
		}
	}
	return left
}
