package e2e

import (
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// hear collects what would be seen in the browser's console, and requests that leave this machine.
func (p *Page) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.fault("script: " + exceptionText(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeAssert {
			p.fault("console: " + consoleText(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError && !missingIcon(e.Entry.URL) {
			p.fault(strings.TrimSpace("browser: " + e.Entry.Text + " " + e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if leavesMachine(e.Request.URL) {
			p.fault("request leaves this machine: " + e.Request.URL)
		}
	}
}

func exceptionText(details *runtime.ExceptionDetails) string {
	if details.Exception != nil && details.Exception.Description != "" {
		return details.Exception.Description
	}
	return details.Text
}

func consoleText(arguments []*runtime.RemoteObject) string {
	var words []string
	for _, argument := range arguments {
		if argument.Description != "" {
			words = append(words, argument.Description)
			continue
		}
		words = append(words, string(argument.Value))
	}
	return strings.Join(words, " ")
}

// missingIcon forgives the one file that browsers ask for by themselves on pages without a declared icon.
func missingIcon(address string) bool { return strings.HasSuffix(address, "/favicon.ico") }

func leavesMachine(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	switch u.Scheme {
	case "data", "blob", "about", "chrome", "chrome-error":
		return false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	return host != "localhost" && (ip == nil || !ip.IsLoopback())
}

// Failure is one broken accessibility rule, as axe tells it.
type Failure struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (f Failure) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", f.ID, f.Impact, f.Help)
	for _, node := range f.Nodes {
		fmt.Fprintf(&b, "\n  %s\n    %s", node.HTML, strings.ReplaceAll(node.Summary, "\n", "\n    "))
	}
	return b.String()
}
