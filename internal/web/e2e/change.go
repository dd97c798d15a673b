package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/dure-commerce/dure/internal/kit/clock"
)

// Resize gives the window another width, as turning a phone or dragging a window's corner does.
func (p *Page) Resize(width int) {
	p.t.Helper()
	p.options.Width, p.options.Height = width, 0
	p.options = withDefaults(p.options)
	if width == phoneWidth {
		p.options.Height = phoneHeight
	}
	phone := width < phoneMax
	p.run(fmt.Sprintf("make the window %d wide", width),
		emulation.SetDeviceMetricsOverride(int64(width), int64(p.options.Height), 1, phone),
		emulation.SetTouchEmulationEnabled(phone))
	// What is reckoned from the window's width is right two frames later.
	p.Evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))", nil)
}

// The small phone that the pages are drawn for.
const (
	phoneWidth  = 360
	phoneHeight = 780
	phoneMax    = 700
)

// Dark makes the person prefer dark screens, or light ones again.
func (p *Page) Dark(dark bool) {
	p.t.Helper()
	p.options.Dark = dark
	p.run("change the colours", emulation.SetEmulatedMedia().WithFeatures(p.media()))
}

// Offline tells the page that there is no network, as aeroplane mode does. A worker of the page is not reached by it:
// cut the line of the server too.
func (p *Page) Offline(offline bool) {
	p.t.Helper()
	p.run("switch the network", network.OverrideNetworkState(offline, 0, -1, -1))
}

// keyGap is the time between two keys of a hardware scanner.
const keyGap = 5 * time.Millisecond

// Scan presses the keys of a text and Enter as a hardware scanner does, on whatever has the focus. The keys carry a
// scanner's times: how soon a busy machine gets round to each of them says nothing.
func (p *Page) Scan(text string) {
	p.t.Helper()
	pressed := clock.System().Now()
	press := func(key, text string) {
		down := keyEvent{Type: string(input.KeyDown), Key: key, Text: text, Timestamp: seconds(pressed)}
		up := keyEvent{Type: string(input.KeyUp), Key: key, Timestamp: down.Timestamp}
		pressed = pressed.Add(keyGap)
		p.run("scan", chromedp.ActionFunc(func(ctx context.Context) error {
			return errors.Join(cdp.Execute(ctx, input.CommandDispatchKeyEvent, down, nil),
				cdp.Execute(ctx, input.CommandDispatchKeyEvent, up, nil))
		}))
	}
	for _, key := range text {
		press(string(key), string(key))
	}
	press("Enter", "\r")
}

// keyEvent is a key with its time in seconds and their parts; the library's own type leaves out the parts.
type keyEvent struct {
	Type      string  `json:"type"`
	Key       string  `json:"key"`
	Text      string  `json:"text,omitempty"`
	Timestamp float64 `json:"timestamp"`
}

func seconds(at time.Time) float64 { return float64(at.UnixMicro()) / 1e6 }

// Picture writes what the window shows now, without what lies beneath, as a small WebP; scale 2 is for sharp screens.
func (p *Page) Picture(path string, scale float64) {
	p.t.Helper()
	take := page.CaptureScreenshot().WithFormat(page.CaptureScreenshotFormatWebp).WithQuality(pictureQuality).
		WithClip(&page.Viewport{Width: float64(p.options.Width), Height: float64(p.options.Height), Scale: scale})
	var picture []byte
	p.run("take a small picture", chromedp.ActionFunc(func(ctx context.Context) (err error) {
		picture, err = take.Do(ctx)
		return err
	}))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		p.t.Errorf("folder for pictures: %v", err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		p.t.Errorf("keep a picture: %v", err)
	}
}

const pictureQuality = 80
