// Package clock is the only reader of the machine's time.
//
// Rules get an instant as an argument; stores and flows use the instant of their transaction.
package clock
