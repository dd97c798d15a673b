//go:build !unix

package wire

import "net"

// open cannot tell here without waiting.
func open(net.Conn) bool { return true }
