// Package disk puts a disk that can break between SQLite and the real one: it notes every write and every flush, fails
// flushes, runs full, is slow, and tells what a power cut at any moment would have left.
//
// It wraps SQLite's own way to files (a VFS) for the files below one folder; all others pass untouched. A power cut
// keeps what was flushed, and of each later write nothing, all, or some of its blocks of 4 KB, torn at sectors of 512
// bytes.
// After a flush that failed, what it should have flushed is lost for good, as on Linux.
package disk
