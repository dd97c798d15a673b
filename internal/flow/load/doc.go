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
// Rules of what a row may be live in market/region, market/category and market/directory.
package load
