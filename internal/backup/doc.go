// Package backup puts an instance into one tar file and brings it back: the database (SQLite), the root key and the
// kept photographs, with a list of sizes and SHA-256 sums behind them and the sum of that list at the very end.
//
// A backup is taken beside a running server. The database is copied first, as it stood at one instant; photographs are
// named by their own sums and written before any row names them, so that those found afterwards are all that the copy
// needs. Restoring writes into an empty folder, believes nothing before every sum was checked, and leaves nothing
// behind when one differs. A PostgreSQL database stays with its own tools: only key and photographs are taken.
package backup
