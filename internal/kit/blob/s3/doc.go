// Package s3 keeps blobs in a bucket of an S3-compatible object store, which any number of nodes may share.
//
// It owns the way to the bucket and nothing else: credentials come from where the field's tools look for them
// (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the shared credentials file, the machine's own role). It will not make
// buckets, set their rules or delete what nobody names any more.
package s3
