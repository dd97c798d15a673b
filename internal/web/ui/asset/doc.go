// Package asset holds the script, style, font and icon files of the product and serves them from the binary.
//
// It owns the built files in dist, their content-hashed addresses, their caching and compression, and the
// content security policy they are written for. The sources are in src and npm; `go generate ./internal/web/ui/...`
// builds dist out of them, and a test fails when dist is older than its sources.
//
// It will not serve uploaded pictures, nor anything that is not part of the build.
package asset

//go:generate go run ../build
