// Package schema holds the migrations, a folder each, and brings a database to the newest.
//
// A folder NNNN_name has up.sql (the text both engines share, types as PostgreSQL writes them), notes.md (why, and
// which package owns the tables), before.sql and after.sql (queries that must answer no row), and, where one engine
// needs DDL of its own, up.sqlite.sql or up.postgres.sql with statements parted by a line of "---".
// Migrations only go forward and never change once released.
package schema
