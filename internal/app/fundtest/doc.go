// Package fundtest tests how a crowd pays: whole wishes over the product's wiring and the sandbox gateway, on both
// engines. After each, doctor finds everything true and every member's won adds up.
package fundtest
