package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

const (
	idleMax   = 30 * time.Second // how long the server outlives its last user
	idleProbe = 2 * time.Second
)

// Keep starts the shared server under home, says so on out, and returns after the server was idle for a while and
// has been removed. It is the whole of the keeper program.
func Keep(ctx context.Context, home string, out io.Writer) error {
	folder := serverFolder(home)
	// What a killed keeper left behind is of no use to anybody: the starter made sure that no server answers there.
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("clear old server: %w", err)
	}
	server, err := pgserver.New(ctx, pgserver.Config{Folder: folder})
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	if _, err := fmt.Fprintln(out, readyLine); err != nil {
		return errors.Join(err, server.Remove())
	}
	lease, err := os.OpenFile(leaseFile(home), os.O_RDWR, 0)
	if err != nil {
		return errors.Join(fmt.Errorf("open lease: %w", err), server.Remove())
	}
	return keepWhileUsed(ctx, home, server, lease)
}

func keepWhileUsed(ctx context.Context, home string, server *pgserver.Server, lease *os.File) error {
	tick := time.NewTicker(idleProbe)
	defer tick.Stop()
	idle := time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), server.Remove())
		case <-server.Ended():
			return errors.Join(errors.New("the server ended by itself"), server.Remove())
		case <-tick.C:
		}
		if leased(lease) {
			idle = 0
			continue
		}
		if idle += idleProbe; idle < idleMax {
			continue
		}
		removed, err := removeUnlessLeased(home, server, lease)
		if removed || err != nil {
			return err
		}
		idle = 0
	}
}

// leased tells whether any test program holds its share of the lease.
func leased(lease *os.File) bool {
	if syscall.Flock(int(lease.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return true
	}
	return syscall.Flock(int(lease.Fd()), syscall.LOCK_UN) != nil
}

// removeUnlessLeased looks again while nobody can join, so that no program is left with a server that just went away.
func removeUnlessLeased(home string, server *pgserver.Server, lease *os.File) (removed bool, err error) {
	err = locked(home, func() error {
		if leased(lease) {
			return nil
		}
		removed = true
		return errors.Join(server.Remove(), clearHome(home))
	})
	return removed, err
}

// clearHome removes what tests kept in memory for the next test, and what killed tests left behind.
func clearHome(home string) error {
	templates, err := filepath.Glob(filepath.Join(home, TemplatePattern))
	for _, path := range templates {
		err = errors.Join(err, os.Remove(path))
	}
	return errors.Join(err, os.RemoveAll(ScratchFolder(home)))
}

// TemplatePattern matches the names of template files in the shared folder.
const TemplatePattern = "template-*"

// ScratchFolder is where tests put files of one test; the keeper clears what killed tests left there.
func ScratchFolder(home string) string { return filepath.Join(home, "scratch") }
