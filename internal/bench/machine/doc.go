// Package machine says of the machine of a bench what its figures hang on.
package machine
