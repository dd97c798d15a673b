// Package bidtest is an auction house for tests: every step in a transaction of its own, on both engines.
package bidtest
