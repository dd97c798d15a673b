// Command dure is the whole product: server, demonstration town and tools in one binary.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a container may hold nothing but this program

	"github.com/dure-commerce/dure/internal/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := command.Run(ctx, os.Args[1:], command.Terminal{Out: os.Stdout, Err: os.Stderr, Exit: os.Exit})
	stop()
	os.Exit(code)
}
