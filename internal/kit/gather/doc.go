// Package gather makes one read of many: what concurrent callers want to know of single keys is asked of the database
// in one statement.
//
// There is no timer and no memory. A caller that finds nobody reading reads at once; who comes meanwhile waits, and all
// who wait are the next read. So every answer comes from a read that began after its caller asked: it is as fresh as
// one of its own would have been.
package gather
