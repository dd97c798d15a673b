// Package arrays turns rows into one array a column, as PostgreSQL takes many rows in one statement: the type of each
// column, the arrays themselves, and the text that makes rows of them again. It knows no connection and runs nothing.
package arrays
