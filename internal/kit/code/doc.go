// Package code writes random numbers as texts that people read aloud, type and scan: Crockford's base 32 with a check
// character that catches every single wrong character and every swap of neighbours.
//
// It owns two formats: the token (V1 and 26 characters, 130 bits, for a QR code) and the short code
// (XXXX-XXXX-XXC, 50 bits and a check character, for a keyboard). It will not make random numbers and will not look
// anything up: a code that parses is well written, not valid.
package code
