package pgfault_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

// TestChangedBytes (F06): bytes of a table and of an index change while PostgreSQL sleeps. Doctor names both. Where
// blocks have sums one byte inside a value is enough, and an index is read where the database has amcheck; else a head
// of a block that is none is noticed when the table is read.
func TestChangedBytes(t *testing.T) {
	t.Parallel()
	for _, sums := range []bool{false, true} {
		s := copied(t, nil, false)
		place := s.place(t)
		databaseCommand(t, place.URL, `CREATE EXTENSION IF NOT EXISTS amcheck`)
		table, index := fileOf(t, place.URL, "voucher"), fileOf(t, place.URL, "voucher_pkey")
		if said := bytesOf(t, place.URL); len(said) > 0 {
			t.Fatalf("a sound database: %q", said)
		}
		must(t, s.Stop())
		at := int64(0) // the block's head
		if sums {
			enableSums(t, s)
			at = 8192 - 40 // in the last row
		}
		damage(t, filepath.Join(s.folder, "data", table), at)
		damage(t, filepath.Join(s.folder, "data", index), 8192+at)
		must(t, s.Start(t.Context()))
		said := bytesOf(t, place.URL)
		if !slices.Contains(said, "bytes_table voucher") || !slices.Contains(said, "bytes_index voucher_pkey") {
			t.Errorf("with sums %v doctor found %q", sums, said)
		}
	}
}

// bytesOf is what doctor says of the database's own bytes.
func bytesOf(t *testing.T, url string) (said []string) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: url, ReadOnly: true})
	must(t, err)
	defer func() { must(t, d.Close()) }()
	report, err := doctor.Check(t.Context(), d, doctor.Options{Only: []string{"bytes"}})
	must(t, err)
	if report.Answers[0].Rows < 50 {
		t.Errorf("looked at %d tables and indexes", report.Answers[0].Rows)
	}
	for _, f := range report.Answers[0].Findings {
		said = append(said, f.Code+" "+f.Row)
	}
	return said
}

// fileOf is where a relation lies in the data folder, once it has been written there.
func fileOf(t *testing.T, url, name string) (path string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer func() { must(t, conn.Close(t.Context())) }()
	must(t, conn.QueryRow(t.Context(), `SELECT pg_relation_filepath($1)`, name).Scan(&path))
	return path
}

func databaseCommand(t *testing.T, url, text string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	_, err = conn.Exec(t.Context(), text)
	must(t, err)
	must(t, conn.Close(t.Context()))
}

// enableSums gives every block of a stopped server a sum.
func enableSums(t *testing.T, s *server) {
	t.Helper()
	programs, err := pgserver.Find()
	must(t, err)
	data := filepath.Join(s.folder, "data")
	info, err := os.Stat(data)
	must(t, err)
	program := exec.CommandContext(t.Context(), filepath.Join(programs, "pg_checksums"), "--enable", "--no-sync", data)
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && int(owner.Uid) != os.Geteuid() {
		program.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	program.Dir = s.folder
	if out, err := program.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, strings.TrimSpace(string(out)))
	}
}

// damage turns some bits of a file around.
func damage(t *testing.T, path string, at int64) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	was := make([]byte, 24)
	_, err = file.ReadAt(was, at)
	must(t, err)
	for i := range was {
		was[i] ^= 0xa5
	}
	_, err = file.WriteAt(was, at)
	must(t, err)
	must(t, file.Close())
}
