// Package feed puts what happened into one total order and lets projections follow it.
//
// Transactions leave events without a number. The sealer, one node at a time under a lease, numbers committed rows
// without a gap: sorted within one scan by aggregate and version, never by guesses about commit times. A projection
// reads the numbered events in batches; its effect and its cursor move in one transaction, so each event counts once,
// and a projection that is rebuilt from zero sees the same events in the same order.
//
// It owns kit_event's numbers, kit_feed and kit_cursor. It does not know what events mean; order between aggregates
// within one scan means nothing, so handlers look at versions. A projection that fails stops alone.
package feed
