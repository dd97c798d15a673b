// Package blob keeps bytes under the hash of their content: pictures, exports, attachments.
//
// A key is the SHA-256 of the bytes, so a stored blob never changes, the same bytes are stored once, and a page may be
// told to cache them for ever. The package owns the seam (Store) and its implementations on disk and in memory; an
// object store is a third one that passes blobtest. It will not know what the bytes are, who may read them, or when
// they may be deleted: that stands in the tables of those who hold the keys.
package blob
