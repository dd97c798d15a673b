// Package load brings the world's data into an instance: the shipped regions and categories at the start of the
// program, outlines of regions and the public register of shops from files an operator has.
//
//	Seed           the shipped list of regions and categories            at every start, writes only what differs
//	Regions        TopoJSON or GeoJSON → regions and outlines            dure import regions FILE...
//	Merchants      CSV of the shop register → unclaimed directory entries   dure import merchants FILE
//	Index          directory entries → search index, resumable           after Merchants, and as a background step
//
// Every load may be run again: what is already there counts as unchanged. Files are read and compared outside of any
// transaction; writes go in chunks of a few milliseconds, so that a sale on the same database hardly waits. A load that
// is cancelled leaves whole rows behind, and the next run goes on from there.
//
// Measured with BenchmarkMerchants on two shared cores, SQLite with synchronous=FULL, 500,000 rows of 39 columns: first
// load 18 to 33 s (20 s of processor time), again 3.4 to 9 s, 155 to 205 MB of memory. 97 of 100 chunks hold the writer
// for less than 20 ms; the others are the commits at which SQLite folds its log into the file. The search index takes
// some 65 s of processor time, longer than the load, and is therefore a step of its own: its waiting list is in the
// database (directory_unindexed), so that it may stop and go on anywhere, and entries can be listed meanwhile.
//
// Rules of what a row may be live in market/region, market/category and market/directory.
package load
