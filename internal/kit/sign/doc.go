// Package sign derives keys, signs what is sent to other machines, and keeps the one secret of an installation in a
// file.
//
// It owns the forms: HKDF over SHA-256 for derived keys, "t=SECONDS,v1=HEX" for signed messages, 64 hex digits for a
// key file. It will not encrypt, knows no format but these, and takes the time and randomness as arguments.
package sign
