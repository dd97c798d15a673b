package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// probePause is the time between two looks at a page; nothing in a page tells a driver that it now reads right.
const probePause = 40 * time.Millisecond

// Goto opens an address and waits until the page has loaded.
func (p *Page) Goto(address string) {
	p.t.Helper()
	p.run("open "+address, chromedp.Navigate(address))
}

// Reload loads the page again.
func (p *Page) Reload() {
	p.t.Helper()
	p.run("reload", chromedp.Reload())
}

// Fill types into the field with this label, replacing what stands there. Dates and times are written as HTML does:
// 2026-03-04, 18:30.
func (p *Page) Fill(label, value string) {
	p.t.Helper()
	var field struct{ Typed bool }
	p.await("a field labelled "+quoted(label), script("fill", label, value), &field)
	if field.Typed {
		p.run("type into "+quoted(label), input.InsertText(value))
	}
}

// Choose picks the option that reads so in the list with this label.
func (p *Page) Choose(label, option string) {
	p.t.Helper()
	p.await("an option "+quoted(option)+" in a list labelled "+quoted(label), script("choose", label, option), nil)
}

// Upload puts a file into the field with this label.
func (p *Page) Upload(label, path string) {
	p.t.Helper()
	p.await("a field labelled "+quoted(label), script("has", label), nil)
	var field *runtime.RemoteObject
	p.run("find "+quoted(label), chromedp.Evaluate(script("field", label), &field))
	p.run("upload into "+quoted(label), dom.SetFileInputFiles([]string{path}).WithObjectID(field.ObjectID))
}

// Click clicks the link, button, tab, switch or label that reads so. A text that many share is a mistake of the page,
// or of the test: give more of it.
func (p *Page) Click(text string) {
	p.t.Helper()
	var place struct{ X, Y float64 }
	p.await("something to click that reads "+quoted(text), script("place", text), &place)
	p.run("click "+quoted(text), chromedp.MouseClickXY(place.X, place.Y))
}

// Press presses a key, for example "Enter", "Tab" or "Escape", on whatever has the focus.
func (p *Page) Press(key string) {
	p.t.Helper()
	keys := map[string]string{"Enter": "\r", "Tab": "\t", "Escape": "\u001b", "Space": " "}
	typed, known := keys[key]
	if !known {
		typed = key
	}
	p.run("press "+key, chromedp.KeyEvent(typed))
}

// See waits until the page shows each of the texts.
func (p *Page) See(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.await("the text "+quoted(text), script("shows", text), nil)
	}
}

// NotSee waits until the page does not show the text.
func (p *Page) NotSee(text string) {
	p.t.Helper()
	p.await("the text "+quoted(text)+" to be gone", "!("+script("shows", text)+")", nil)
}

// Text gives all visible text, with single spaces.
func (p *Page) Text() string {
	p.t.Helper()
	var read struct{ Text string }
	p.await("a page to read", "document.body && {Text: document.body.innerText}", &read)
	return strings.Join(strings.Fields(read.Text), " ")
}

// URL gives the address the window shows.
func (p *Page) URL() string {
	p.t.Helper()
	var address string
	p.await("an address", "location.href", &address)
	return address
}

// Evaluate runs a script in the page and reads its value, waiting for a promise.
func (p *Page) Evaluate(expression string, value any) {
	p.t.Helper()
	p.run("evaluate", chromedp.Evaluate(expression, value, awaitPromise))
}

func awaitPromise(parameters *runtime.EvaluateParams) *runtime.EvaluateParams {
	return parameters.WithAwaitPromise(true)
}

func (p *Page) run(what string, actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		p.fail(fmt.Sprintf("%s: %v", what, err))
	}
}

// Until looks again and again until done answers true: for what a page does not show.
func (p *Page) Until(what string, done func() bool) {
	p.t.Helper()
	p.poll(what, func() (bool, error) { return done(), nil })
}

// await looks again and again until the expression is truthy, and reads its value. Errors of a page that is just being
// replaced by the next one are passed over.
func (p *Page) await(what, expression string, value any) {
	p.t.Helper()
	p.poll(what, func() (bool, error) {
		var answer json.RawMessage
		err := chromedp.Run(p.ctx, chromedp.Evaluate(expression, &answer))
		if err != nil || !truthy(answer) || value == nil {
			return err == nil && truthy(answer), err
		}
		err = json.Unmarshal(answer, value)
		return err == nil, err
	})
}

func (p *Page) poll(what string, look func() (bool, error)) {
	p.t.Helper()
	tick := time.NewTicker(probePause)
	defer tick.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		done, err := look()
		if done {
			return
		}
		select {
		case <-tick.C:
		case <-deadline.C:
			p.fail(fmt.Sprintf("waited %v for %s%s", patience, what, because(err)))
			return
		case <-p.ctx.Done():
			p.fail("the window was closed while waiting for " + what)
			return
		}
	}
}

func truthy(answer json.RawMessage) bool {
	text := string(answer)
	return text != "" && text != "null" && text != "false" && text != `""` && text != "0"
}

func because(err error) string {
	var protocol *cdp.Error
	if err == nil || errors.As(err, &protocol) {
		return ""
	}
	return fmt.Sprintf(" (%v)", err)
}

// fail ends the test with a picture and the page's words, which is what one wants to see first.
func (p *Page) fail(message string) {
	p.t.Helper()
	var words string
	_ = chromedp.Run(p.ctx, chromedp.Evaluate("location.href + '\\n' + document.body.innerText", &words))
	picture := p.Screenshot("failure")
	for _, text := range p.Faults() {
		message += "\nfault: " + text
	}
	p.t.Fatalf("%s\npicture: %s\nthe page reads: %s", message, picture, words)
}

func quoted(text string) string { return fmt.Sprintf("%q", text) }
