// Package page is the payer's page of the sandbox: it shows what is to be paid and lets the tester choose how the
// payment shall end. It says in both languages that it is for practice and that no money moves.
//
// It works without script, from 320 px up, in light and dark, and knows the payer only by the key in the address.
package page
