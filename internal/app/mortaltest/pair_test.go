package mortaltest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox"
)

// process is one of the two, started again whenever it was killed.
type process struct {
	t      *testing.T
	life   life
	cmd    *exec.Cmd
	gone   chan struct{}
	deaths int
}

func (p *process) start() {
	p.t.Helper()
	text, err := json.Marshal(p.life)
	must(p.t, err)
	p.cmd = exec.CommandContext(p.t.Context(), os.Args[0])
	p.cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	must(p.t, err)
	must(p.t, p.cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		p.t.Fatalf("the process did not start: %q %v", line, err)
	}
	p.gone = make(chan struct{})
	go func(cmd *exec.Cmd, gone chan struct{}) {
		_ = cmd.Wait()
		close(gone)
	}(p.cmd, p.gone)
}

// tend starts the process again when it is dead; a death that was no killing fails the test.
func (p *process) tend() (died bool) {
	p.t.Helper()
	select {
	case <-p.gone:
	default:
		return false
	}
	status, _ := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() || status.Signal() != syscall.SIGKILL {
		p.t.Fatalf("the process ended by itself: %v", p.cmd.ProcessState)
	}
	p.deaths++
	p.life.CrashAt = ""
	p.start()
	return true
}

// stop ends the process for good.
func (p *process) stop() {
	if p.gone == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// pair is a platform and a gateway.
type pair struct {
	t                 *testing.T
	platform, gateway process
	now               time.Time
	token             string
}

// newPair starts both over copies of a prepared world.
func newPair(t *testing.T, w world, crashAt string) *pair {
	t.Helper()
	p := &pair{t: t, now: w.now, token: w.tokens["buyer1"]}
	folder := t.TempDir()
	must(t, os.CopyFS(folder, os.DirFS(w.folder)))
	must(t, os.Chmod(filepath.Join(folder, "platform", "key"), 0o600)) // the copy is open to all, and refused
	p.gateway = process{t: t, life: life{Gateway: true, Listen: w.gateway, Folder: folder + "/gateway",
		Other: "http://" + w.platform, At: w.now, CrashAt: crashAt}}
	p.platform = process{t: t, life: life{Listen: w.platform, Folder: folder + "/platform",
		Other: "http://" + w.gateway, At: w.now}}
	t.Cleanup(p.stop)
	p.gateway.start()
	p.platform.start()
	return p
}

// stop ends both for good, by killing: nothing they acknowledged may need a farewell.
func (p *pair) stop() {
	p.platform.stop()
	p.gateway.stop()
}

// answer is what came back, or that nothing did.
type answer struct {
	status int
	body   map[string]any
	raw    []byte
}

// send asks once. No answer at all is status 0: somebody died on the way.
func (p *pair) send(method, address, token, key string, body any) (a answer) {
	p.t.Helper()
	text, err := json.Marshal(body)
	must(p.t, err)
	r, err := http.NewRequestWithContext(p.t.Context(), method, address, bytes.NewReader(text))
	must(p.t, err)
	r.GetBody = nil // a client's own second try would hide a death
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	} else {
		r.SetBasicAuth(sandbox.DefaultSecretKey, "")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	got, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return a
	}
	defer func() { _ = got.Body.Close() }()
	if a.raw, err = io.ReadAll(got.Body); err != nil {
		return answer{}
	}
	a.status = got.StatusCode
	_ = json.Unmarshal(a.raw, &a.body)
	return a
}

// patient asks as a program does that lost its answer: the same again, with the same key, until it is answered.
func (p *pair) patient(method, path, key string, body any) answer {
	p.t.Helper()
	for range 10 {
		a := p.send(method, "http://"+p.platform.life.Listen+"/api/v1"+path, p.token, key, body)
		p.heal(a)
		if a.status >= 200 && a.status < 500 {
			return a
		}
		p.rest()
	}
	p.t.Fatalf("%s %s: never answered", method, path)
	return answer{}
}

// heal starts again who died. Without an answer somebody did: a killed process may still be on its way out when its
// caller hears of it.
func (p *pair) heal(a answer) bool {
	p.t.Helper()
	if a.status == 0 {
		patience, stop := context.WithTimeout(p.t.Context(), 10*time.Second)
		defer stop()
		select {
		case <-p.platform.gone:
		case <-p.gateway.gone:
		case <-patience.Done():
			p.t.Fatal("no answer, and nobody died")
		}
	}
	platform, gateway := p.platform.tend(), p.gateway.tend()
	return platform || gateway
}

// tell commands the platform; a death on the way is healed and told again.
func (p *pair) tell(command string) []byte {
	p.t.Helper()
	for range 10 {
		a := p.send(http.MethodPost, "http://"+p.platform.life.Listen+"/-/"+command, "", "", nil)
		died := p.heal(a)
		if a.status == http.StatusOK {
			return a.raw
		}
		if !died {
			p.t.Fatalf("%s: %d %s", command, a.status, a.raw)
		}
	}
	p.t.Fatalf("%s: it dies for ever", command)
	return nil
}

// pass moves both clocks; who starts again starts at the present.
func (p *pair) pass(d time.Duration) {
	p.t.Helper()
	p.now = p.now.Add(d)
	p.platform.life.At, p.gateway.life.At = p.now, p.now
	p.tell("clock?at=" + url.QueryEscape(p.now.Format(time.RFC3339Nano)))
	p.bank("PUT", "/sandbox/clock", map[string]any{"at": p.now})
}

// bank commands the gateway's and bank's tester's address.
func (p *pair) bank(method, path string, body any) answer {
	p.t.Helper()
	for range 10 {
		a := p.send(method, "http://"+p.gateway.life.Listen+path, "", "", body)
		died := p.heal(a)
		if a.status == http.StatusOK {
			return a
		}
		if !died {
			p.t.Fatalf("%s %s: %d %s", method, path, a.status, a.raw)
		}
	}
	p.t.Fatalf("%s %s: it dies for ever", method, path)
	return answer{}
}

// rest lets both do what is due now and in the minutes to come, as long as a patient retry needs.
func (p *pair) rest() {
	p.t.Helper()
	for range 4 {
		p.tell("work")
		p.bank("POST", "/sandbox/settle", map[string]any{})
		p.pass(30 * time.Second)
	}
	p.tell("work")
}

// sound fails on anything doctor finds in our books, the gateway's or the bank's.
func (p *pair) sound() {
	p.t.Helper()
	var said []string
	must(p.t, json.Unmarshal(p.tell("doctor"), &said))
	for _, one := range said {
		p.t.Errorf("doctor: %s", one)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// freeAddress takes a port that the two processes keep over all their lives.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { must(t, listener.Close()) }()
	return fmt.Sprint(listener.Addr())
}
