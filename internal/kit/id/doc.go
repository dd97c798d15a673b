// Package id makes identifiers: a three-letter prefix and a UUIDv7 in Crockford base32, so that they sort by
// time of making. It is the only reader of randomness besides key files.
package id
