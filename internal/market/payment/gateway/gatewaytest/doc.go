// Package gatewaytest is the suite that every adapter of package gateway must pass against its sandbox: what the
// platform's flows rely on, and nothing about the wire.
package gatewaytest
