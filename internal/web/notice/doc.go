// Package notice is a person's page of notices behind the bell, and the page at which letters of a shop are ended by
// the link in them, without signing in.
//
// It has no rules: what is told to whom is decided by flow/follow.
package notice
