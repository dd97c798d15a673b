// Package admin is the operator's pages about shops: the line of registrations that wait, one registration with
// everything that was written, and the steps the operator may take with it. The rest of the operator's desk is package
// console, whose menu these pages carry.
//
// Beside a registration stands what the public register says of the shop that it claims to be, with what differs, and
// whoever else claims it.
//
// It will not write a shop's words or prices: an operator approves, returns with a reason, suspends and reinstates.
package admin
