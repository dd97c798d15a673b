package lite

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Lock keeps a second process from writing the same file; the kernel drops it when the process dies.
type Lock struct{ file *os.File }

// LockFile takes the lock, or tells who holds it.
func LockFile(path string) (l *Lock, holder string, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, "", fmt.Errorf("lock file: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		text := make([]byte, 32)
		n, _ := f.ReadAt(text, 0)
		_ = f.Close()
		return nil, string(text[:n]), err
	}
	if err := f.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(f, "pid %d", os.Getpid())
	}
	return &Lock{file: f}, "", nil
}

// Release gives the lock back.
func (l *Lock) Release() error { return l.file.Close() }

// Held tells whether a process holds the lock.
func Held(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // which gives the lock back
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
