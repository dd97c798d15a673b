package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
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

// Type presses the keys of a text one after another on whatever has the focus, as a hardware scanner does.
func (p *Page) Type(text string) {
	p.t.Helper()
	for _, key := range text {
		p.run("type", input.DispatchKeyEvent(input.KeyDown).WithKey(string(key)).WithText(string(key)),
			input.DispatchKeyEvent(input.KeyUp).WithKey(string(key)))
	}
}

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
