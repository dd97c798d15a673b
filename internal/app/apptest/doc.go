// Package apptest is a small world for tests: the whole domain over a test database, a sandbox gateway in memory
// reached through its HTTP handler, a clock that the test moves, and short words for what people do.
package apptest
