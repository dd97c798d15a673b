// Package load makes requests and measures them: a plain HTTP/1.1 client that costs little beside the server it asks,
// callers in a closed loop, arrivals in an open one, and what their times add up to.
//
// It has no idea what it asks for, and keeps no time but the machine's monotonic clock.
package load
