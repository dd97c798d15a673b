// Package sheet reads tables that people export from other programs: CSV in UTF-8 (with or without a byte order mark)
// or CP949, columns found by name, line breaks inside quotes. A bad row is answered with its line and a reason, and
// reading goes on with the next line; memory does not grow with the file.
//
// It knows no column by itself: callers say which they want.
package sheet
