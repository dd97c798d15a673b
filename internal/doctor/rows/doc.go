// Package rows holds the questions of doctor that statements of SQL answer: data only. Each table is walked by key,
// and each of its rules gives the rows that break an invariant. It asks nothing itself.
package rows
