package stage

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// PartWord is the argument by which the program starts as a part of a bench: a process of its own.
const PartWord = "bench-part"

// ErrPart is a part that there is not, or that did not start.
var ErrPart = fail.New(fail.Internal, "bench.part")

// Part runs the part that a bench started this process for; it ends when the bench does. Parts of other packages are
// given by name.
func Part(ctx context.Context, args []string, in io.Reader, out io.Writer, more map[string]PartFunc) error {
	if len(args) != 2 {
		return ErrPart.With("Name", strings.Join(args, " "))
	}
	// The bench holds the other end of our input: when it dies, however it dies, so do we.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, in)
		stop()
	}()
	if args[0] == "node" {
		var o NodeOptions
		if err := json.Unmarshal([]byte(args[1]), &o); err != nil {
			return ErrPart.With("Name", args[0]).Wrap(err)
		}
		return serveNode(ctx, o, out)
	}
	part, ok := more[args[0]]
	if !ok {
		return ErrPart.With("Name", args[0])
	}
	return part(ctx, []byte(args[1]), out)
}

// PartFunc is the work of a part: it reads its options and writes lines of JSON.
type PartFunc func(ctx context.Context, options []byte, out io.Writer) error

// Process is a running part.
type Process struct {
	command *exec.Cmd
	hold    io.Closer
	lines   *bufio.Reader
}

// Start runs this very program as a part, with options written as JSON.
func Start(ctx context.Context, name string, options any) (*Process, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, program, PartWord, name, string(text))
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &Process{command: command, hold: in, lines: bufio.NewReader(out)}, nil
}

// Read decodes the part's next line.
func (p *Process) Read(into any) error {
	line, err := p.lines.ReadBytes('\n')
	if err != nil {
		return ErrPart.With("Name", p.command.Args[2]).Wrap(err)
	}
	return json.Unmarshal(line, into)
}

// Kill ends the part as a power cut would: with SIGKILL, in the middle of whatever it does.
func (p *Process) Kill() error {
	err := p.command.Process.Kill()
	_ = p.command.Wait() // it was killed: it has no other end
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// Node is a running server process.
type Node struct {
	*Process
	ready
}

// StartNode runs a server over a place.
func StartNode(ctx context.Context, o NodeOptions) (*Node, error) {
	p, err := Start(ctx, "node", o)
	if err != nil {
		return nil, err
	}
	n := &Node{Process: p}
	if err := p.Read(&n.ready); err != nil {
		return nil, errors.Join(err, p.Kill())
	}
	return n, nil
}

// URL is where the product answers; EchoURL where a bare server does.
func (n *Node) URL() string     { return n.ready.URL }
func (n *Node) EchoURL() string { return n.ready.Echo }

// Figures asks the process about itself.
func (n *Node) Figures(ctx context.Context) (f Figures, err error) {
	body, err := n.ask(ctx, "/figures")
	if err == nil {
		err = json.Unmarshal(body, &f)
	}
	return f, err
}

// Served tells how long requests took inside the server since it was last asked.
func (n *Node) Served(ctx context.Context) (spread load.Spread, err error) {
	body, err := n.ask(ctx, "/timed")
	if err == nil {
		err = json.Unmarshal(body, &spread)
	}
	return spread, err
}

// TidyUp lets the process give back memory that it no longer needs, so that Figures tell what it does need.
func (n *Node) TidyUp(ctx context.Context) error {
	_, err := n.ask(ctx, "/tidied")
	return err
}

// Profile writes where the process spends its time during some seconds.
func (n *Node) Profile(ctx context.Context, file string, seconds int) error {
	body, err := n.ask(ctx, fmt.Sprintf("/profile?seconds=%d", seconds))
	if err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o600)
}

const askWait = 90 * time.Second

func (n *Node) ask(ctx context.Context, path string) (body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, n.Control+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	client := http.Client{}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return nil, ErrPart.With("Name", path, "Status", answer.StatusCode)
	}
	return io.ReadAll(answer.Body)
}
