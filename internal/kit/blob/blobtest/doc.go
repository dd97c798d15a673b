// Package blobtest holds the behaviour every blob.Store must show. Only tests import it.
package blobtest
