package pgfault_test

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"github.com/dure-commerce/dure/internal/command"
)

// nodeEnv makes the test binary be the program itself, with its arguments, instead of a test.
const nodeEnv = "DURE_PGFAULT_NODE"

func TestMain(m *testing.M) {
	if os.Getenv(nodeEnv) == "" {
		m.Run() // its result becomes the process's exit code when TestMain returns
		closeGrounds()
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() { // the test holds the other end: when it dies, however it dies, so does the node
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	command.Run(ctx, os.Args[1:], command.Terminal{Out: os.Stdout, Err: os.Stderr, Exit: func(int) {}})
}
