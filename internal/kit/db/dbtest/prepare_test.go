package dbtest

import (
	"encoding/json"
	"os"
	"testing"
)

// prepareVariable names a file with a JSON list of statements. The test suite writes there what ran on SQLite and in
// no test on PostgreSQL.
const prepareVariable = "DURE_PREPARE"

// TestPostgreSQLPreparesWhatOnlySQLiteRan lets PostgreSQL read statements that no test of any package ran on it.
func TestPostgreSQLPreparesWhatOnlySQLiteRan(t *testing.T) {
	for _, bad := range []string{
		"SELECT id FROM no_such_table", "SELECT no_such_column FROM deal", "SELECT ifnull(id, '') FROM deal",
		"SELECT id || held_units + 1 FROM deal WHERE id = 1", "INSERT OR IGNORE INTO deal (id) VALUES ($1)",
	} {
		if prepare(t, []string{bad}) == nil {
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
	for _, refusal := range prepare(t, statements) {
		t.Errorf("PostgreSQL does not prepare a statement that ran on SQLite: %v", refusal)
	}
	t.Logf("prepared %d statements", len(statements))
}
