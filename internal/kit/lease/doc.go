// Package lease gives one holder at a time the right to do something: number the feed, for one.
//
// A lease has an end and an epoch that grows with each new holder. Clocks and pauses can make two nodes believe that
// they hold it; so whoever acts under a lease calls Check in the same transaction, which fails for every epoch but the
// newest and holds off a new holder until the commit. Correctness rests on the epoch, the end only decides who tries.
//
// It owns kit_lease. It is never on the way of a sale.
package lease
