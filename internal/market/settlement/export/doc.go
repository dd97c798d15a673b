// Package export writes tables of settlement as files that merchants open: CSV as Korean Excel reads it (UTF-8 with a
// byte order mark, CRLF) and XLSX, both row by row, whatever their number.
//
// A text can never become a formula: people's words stand in these files, and somebody's accountant opens them. It
// knows no statement and reads no database; callers name the columns in the reader's language.
package export
