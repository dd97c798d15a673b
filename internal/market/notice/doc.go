// Package notice is a person's page of notices: what they asked to be told, once each, read or not.
//
// It owns the table notice, whose rows end with their time. It writes no letters, knows nobody's address, and presses
// nobody to look.
package notice
