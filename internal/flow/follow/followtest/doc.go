// Package followtest keeps and drops bookmarks in a small town on both engines.
package followtest
