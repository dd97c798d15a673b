// Package lite knows what is SQLite's alone and needs no open database: its log as a file, the lock of who writes, and
// how it likes its parameters.
package lite
