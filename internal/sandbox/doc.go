// Package sandbox is a payment gateway and a bank to practise with: a process of its own, with its own listener,
// its own database and its own payment page, modelled on the Toss Payments core API 2022-11-16. No money moves.
//
// It owns everything under it and imports only the kit, so that it knows nothing of the platform that calls it:
//
//	record    state in memory, written through to SQL before any answer
//	fault     planned faults, and the numbered points at which the process can be made to end
//	pay       checkouts, confirm, lookup, cancel
//	clearing  transactions, settlement file, pay-outs to the custody account
//	bank      accounts, statements, transfers
//	hook      signed notices from a durable outbox
//	api       HTTP for programs
//	page      the payer's page
//
// The database is made for SQLite, with synchronous=FULL; Memory keeps everything in maps instead, for load benches
// and simulations. All time comes from Options.Clock, all ids from Options.IDs, and every worker is a RunOnce,
// so that a simulation steps it. DURE_SANDBOX_CRASH_AT is the environment variable by which the command passes
// Options.CrashAt.
//
// It will not keep cards, people or anything else that is worth stealing.
package sandbox
