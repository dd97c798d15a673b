// Package command is the program as the terminal sees it: its commands, their flags and what they print.
//
// It stands beside app, so that commands may use everything that is built over it: the demonstration town, benches and
// checks. It has no rules and wires nothing itself.
package command
