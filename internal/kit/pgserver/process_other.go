//go:build !linux

package pgserver

import "syscall"

// endWithParent does nothing where the kernel has no such wish; the keeper then stops the server by itself.
func endWithParent(*syscall.SysProcAttr) {}
