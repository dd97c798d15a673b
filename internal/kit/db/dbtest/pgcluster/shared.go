package pgcluster

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

const (
	keeperPackage = "github.com/dure-commerce/dure/internal/kit/db/dbtest/keeper"
	readyLine     = "ready"
	memoryRoomMin = 2 << 30 // bytes; a smaller memory file system is left alone
)

// Shared is the one server that all test programs of one account use together.
//
// Whoever comes first starts it, by way of the keeper program. Each user holds a shared lock on the lease file for as
// long as it lives, so that even a killed test program gives its lease back; the keeper ends the server once nobody
// has held a lease for a while.
type Shared struct {
	home  string
	lease *os.File
}

// Home returns the folder, in memory where the machine offers that, under which tests keep what they share.
func Home() (string, error) {
	home := filepath.Join(fastRoot(), "dure-test-"+strconv.Itoa(os.Geteuid()))
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", fmt.Errorf("make the folder tests share: %w", err)
	}
	info, err := os.Lstat(home)
	if err != nil {
		return "", fmt.Errorf("look at the folder tests share: %w", err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(owner.Uid) != os.Geteuid() {
		return "", fmt.Errorf("%s belongs to somebody else: remove it", home)
	}
	return home, nil
}

func fastRoot() string {
	const memory = "/dev/shm"
	var room syscall.Statfs_t
	if err := syscall.Statfs(memory, &room); err == nil {
		if room.Bavail*uint64(room.Bsize) >= memoryRoomMin {
			return memory
		}
	}
	return os.TempDir()
}

// Lease takes a share of what tests keep in common, and holds it until the program ends.
func Lease() (*Shared, error) {
	home, err := Home()
	if err != nil {
		return nil, err
	}
	s := &Shared{home: home}
	return s, s.Locked(s.takeLease)
}

func (s *Shared) takeLease() error {
	lease, err := os.OpenFile(leaseFile(s.home), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("open lease: %w", err)
	}
	if err := syscall.Flock(int(lease.Fd()), syscall.LOCK_SH); err != nil {
		return fmt.Errorf("take lease: %w", err)
	}
	s.lease = lease // never closed: the kernel lets go of it when the program ends
	return nil
}

// Home is the folder that stays while the lease is held.
func (s *Shared) Home() string { return s.home }

// Serve makes sure that the shared server runs.
func (s *Shared) Serve() error {
	return s.Locked(func() error {
		if pgserver.Alive(serverFolder(s.home)) {
			return nil
		}
		return startKeeper(s.home)
	})
}

// URL returns the connection string of one database of the shared server.
func (s *Shared) URL(database string) string { return pgserver.URL(serverFolder(s.home), database) }

// Locked runs work while no other test program runs its own.
func (s *Shared) Locked(work func() error) error { return locked(s.home, work) }

func locked(home string, work func() error) error {
	lock, err := os.OpenFile(filepath.Join(home, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return errors.Join(fmt.Errorf("take lock: %w", err), lock.Close())
	}
	return errors.Join(work(), lock.Close())
}

func leaseFile(home string) string    { return filepath.Join(home, "lease") }
func serverFolder(home string) string { return filepath.Join(home, "pg") }

// startKeeper builds the keeper, leaves it running on its own, and waits for its word that the server is ready.
func startKeeper(home string) error {
	program := filepath.Join(home, "keeper")
	if out, err := exec.Command("go", "build", "-o", program, keeperPackage).CombinedOutput(); err != nil {
		return fmt.Errorf("build the keeper of the test server: %w\n%s", err, out)
	}
	log, err := os.Create(filepath.Join(home, "keeper.log"))
	if err != nil {
		return fmt.Errorf("open keeper's log: %w", err)
	}
	keeper := exec.Command(program, home)
	keeper.Dir, keeper.Stderr = home, log
	keeper.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	answer, err := keeper.StdoutPipe()
	if err != nil {
		return fmt.Errorf("listen to keeper: %w", err)
	}
	if err := errors.Join(keeper.Start(), log.Close()); err != nil {
		return fmt.Errorf("start keeper: %w", err)
	}
	line, _ := bufio.NewReader(answer).ReadString('\n')
	if strings.TrimSpace(line) == readyLine {
		return nil
	}
	told, err := os.ReadFile(filepath.Join(home, "keeper.log"))
	return errors.Join(fmt.Errorf("the test server did not start: %s", told), err, keeper.Wait())
}
