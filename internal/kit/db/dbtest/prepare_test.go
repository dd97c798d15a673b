package dbtest

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
)

// prepareVariable names a file with a JSON list of statements. The test suite writes there what ran on SQLite and in
// no test on PostgreSQL.
const prepareVariable = "DURE_PREPARE"

// TestPostgreSQLPreparesWhatOnlySQLiteRan lets PostgreSQL read statements against the real schema: a table, a column,
// a function or a type that it does not know is refused, though nothing is run.
func TestPostgreSQLPreparesWhatOnlySQLiteRan(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), postgresURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	prepare := func(text string) error {
		_, err := conn.Prepare(t.Context(), "", text)
		return err
	}
	for _, bad := range []string{
		"SELECT id FROM no_such_table", "SELECT no_such_column FROM deal", "SELECT ifnull(id, '') FROM deal",
		"SELECT id || held_units + 1 FROM deal WHERE id = 1", "INSERT OR IGNORE INTO deal (id) VALUES ($1)",
	} {
		if prepare(bad) == nil {
			t.Errorf("PostgreSQL prepared %q", bad)
		}
	}
	statements := []string{"SELECT id FROM deal WHERE id = $1 AND held_units > $2"}
	if name := os.Getenv(prepareVariable); name != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &statements); err != nil {
			t.Fatal(err)
		}
	}
	for _, statement := range statements {
		if err := prepare(statement); err != nil {
			t.Errorf("PostgreSQL does not prepare a statement that ran on SQLite: %v\n%s", err, statement)
		}
	}
	t.Logf("prepared %d statements", len(statements))
}
