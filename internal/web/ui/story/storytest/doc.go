// Package storytest holds the tests that every audience's stories pass: they look as their golden files say, keep the
// content policy and speak both languages wholly.
//
// A page package lists its stories and hands them over. It will not hold fixtures.
package storytest
