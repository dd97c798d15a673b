package e2e

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed find.js
var findScript string

//go:embed testdata/axe.min.js
var axeScript string

// script calls one verb of find.js.
func script(verb string, arguments ...string) string {
	quoted := []string{jsonText(verb)}
	for _, argument := range arguments {
		quoted = append(quoted, jsonText(argument))
	}
	return strings.TrimSpace(findScript) + "(" + strings.Join(quoted, ", ") + ")"
}

func jsonText(text string) string {
	encoded, err := json.Marshal(text)
	if err != nil {
		return `""` // a string always has a JSON form
	}
	return string(encoded)
}

// Screenshot writes a picture of the whole page to out/browser/<test>/<name>.png and gives its path.
func (p *Page) Screenshot(name string) string {
	p.t.Helper()
	var picture []byte
	if err := chromedp.Run(p.ctx, chromedp.FullScreenshot(&picture, 100)); err != nil {
		p.t.Errorf("take a picture: %v", err)
		return ""
	}
	folder := filepath.Join(outputFolder(), strings.ReplaceAll(p.t.Name(), "/", "_"))
	path := filepath.Join(folder, name+".png")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Errorf("folder for pictures: %v", err)
	}
	if err := os.WriteFile(path, picture, 0o644); err != nil {
		p.t.Errorf("keep a picture: %v", err)
	}
	return path
}

// outputFolder is out/browser at the root of the module, which git ignores.
func outputFolder() string {
	folder, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(folder, "go.mod")); missing == nil {
			return filepath.Join(folder, "out", "browser")
		}
		if folder == filepath.Dir(folder) {
			break
		}
		folder = filepath.Dir(folder)
	}
	return filepath.Join(os.TempDir(), "dure-browser")
}

// Accessible fails the test for every accessibility rule that the page breaks.
func (p *Page) Accessible() {
	p.t.Helper()
	for _, failure := range p.Failures() {
		p.t.Errorf("%s is hard to use for somebody: %s", p.URL(), failure)
	}
}

// Failures gives the accessibility rules (WCAG 2.2 A and AA, and axe's best practices) that the page breaks.
func (p *Page) Failures() []Failure {
	p.t.Helper()
	var ready bool
	p.run("load axe", chromedp.Evaluate(axeScript+"; true", &ready))
	var found []Failure
	p.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations)`, &found)
	return found
}

// NoSideways fails the test when the page is wider than its window: phones would scroll sideways.
func (p *Page) NoSideways() {
	p.t.Helper()
	var size struct{ Page, Window int }
	p.Evaluate("({Page: document.documentElement.scrollWidth, Window: document.documentElement.clientWidth})", &size)
	if size.Page > size.Window {
		p.t.Errorf("%s is %s", p.URL(), fmt.Sprintf("%d pixels wide in a window of %d", size.Page, size.Window))
	}
}
