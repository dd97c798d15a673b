// Command keeper runs the PostgreSQL server that all test programs share, and ends it when none is left.
//
// Package pgcluster builds and starts it; nobody calls it by hand.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/dure-commerce/dure/internal/kit/db/dbtest/pgcluster"
)

func main() {
	// The kernel stops the server when the thread that started it ends, so that thread must be the one that stays.
	runtime.LockOSThread()
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: keeper FOLDER (started by the tests themselves)")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := pgcluster.Keep(ctx, os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
