// Package record keeps the sandbox's state: typed rows in memory, every change written through to SQL before the
// answer leaves.
//
// One mutex makes each step atomic and ordered. The changes of all steps that arrive while a flush runs go to disk
// together in the next one, so the flush is shared and never waited for inside the mutex. A reader too waits
// until what it saw is on disk: nobody is told a thing that a crash could take back. When a flush fails the
// store stops for good, because memory is then ahead of the disk; a restart begins from the disk again.
//
// Without a database the same code runs in memory only, for load benches and simulations.
//
// It owns the tables sandbox_record and sandbox_schema and knows nothing of payments. The rows are JSON texts
// that SQL never looks into: the sandbox is one process, and its rules stand in Go under that one mutex.
package record
