// Package dbtest gives tests a migrated database of their own, on both engines.
//
// Each runs a test body once on SQLite and once on PostgreSQL; Cluster gives a whole PostgreSQL server that a test may
// stop, kill and start again. Databases are copies of a template that is migrated once per schema, so a test pays
// milliseconds. A missing PostgreSQL fails the test and says what to install: there is no skipping.
//
// Only tests import this package. It keeps one server per account for all test programs of a run (see pgcluster), which
// is the only state it holds.
package dbtest
