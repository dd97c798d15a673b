// Package app wires the program: configuration, database, seams, flows, pages, workers.
//
// It has no rules. What runs in the background stands in jobs.go (one line a kind), what listens to the feed in
// subscriptions.go, and every address in routes.go.
package app
