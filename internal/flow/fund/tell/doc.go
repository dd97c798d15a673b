// Package tell writes to members and sellers what happens while a wish is paid.
package tell
