// Package delivertest makes crowds that have paid and wait to be served, for tests.
package delivertest
