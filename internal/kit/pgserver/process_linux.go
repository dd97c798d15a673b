package pgserver

import "syscall"

// endWithParent asks the kernel to stop the server when the process that started it dies, however it dies.
func endWithParent(attributes *syscall.SysProcAttr) {
	attributes.Pdeathsig = syscall.SIGINT
}
