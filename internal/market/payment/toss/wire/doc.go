// Package wire carries HTTP/1.1 requests to one server over a few connections that are kept: each call writes and reads
// in its caller's goroutine, where net/http has two of its own for each connection and wakes three for each call.
//
// It sends a request once, on a connection that was seen to be open a moment ago, and never again by itself: a broken
// connection is the caller's to judge. It follows no proxy, no redirect and no upgrade.
package wire
