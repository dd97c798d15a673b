// Package trust shows anybody how much money of other people's is held and that as much stands apart for it: the
// equation of market/ledger as a sentence, as it is now and day by day. It reckons nothing itself.
package trust
