package backup_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

// operatorCommand is a command of PostgreSQL's in the operator's page or in what `dure backup` says.
var operatorCommand = regexp.MustCompile(`pg_(?:dump|restore) --[^\n]*`)

// commandsOf gives the commands in a text, "\"" unquoted.
func commandsOf(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	plain := strings.NewReplacer(`\"`, `"`, `\n`, "\n").Replace(string(text))
	return operatorCommand.FindAllString(plain, -1)
}

// TestPostgresComesBackAsTheOperatorsPageSays runs the page's own commands: the database goes out and comes back whole
// in another one, with its triggers, and doctor finds it sound. The program says the same commands in both languages.
func TestPostgresComesBackAsTheOperatorsPageSays(t *testing.T) {
	d, w := dbtest.Postgres(t)
	world := apptest.New(t, d, w.Clock)
	world.Shop(noodles, "국수집")
	world.Approve(noodles)
	sale, option := world.OnSale(noodles, nil)
	world.Buy(apptest.Buyer(1), sale, option, 2)
	world.Work()
	other, otherWorld := dbtest.Postgres(t)
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	commands := commandsOf(t, "../../docs/operating.md")
	if len(commands) != 2 {
		t.Fatalf("the page has %q", commands)
	}
	for _, lang := range []string{"ko", "en"} {
		said := commandsOf(t, "../web/ui/locale/"+lang+"/backup.json")
		for i, command := range commands {
			if i >= len(said) || said[i] != command {
				t.Errorf("%s: the program says %q, the page %q", lang, said, commands)
			}
		}
	}
	folder := t.TempDir()
	runCommand(t, folder, w.URL, commands[0])
	runCommand(t, folder, otherWorld.URL, commands[1])
	back := reader(t, otherWorld)
	for _, table := range []string{"orders", "voucher", "ledger_posting", "kit_event", "deal"} {
		count := `SELECT count(*) FROM ` + table
		was, err := db.One(t.Context(), d, db.Scalar[int64], count)
		if err != nil {
			t.Fatal(err)
		}
		is, err := db.One(t.Context(), back, db.Scalar[int64], count)
		if err != nil || is != was || was == 0 {
			t.Errorf("%s: %d rows came back of %d, %v", table, is, was, err)
		}
	}
	report, err := doctor.Check(t.Context(), back, doctor.Options{Resting: true})
	if err != nil || !report.Healthy() {
		t.Errorf("doctor: %+v, %v", report, err)
	}
	again, err := db.Open(t.Context(), db.Options{URL: otherWorld.URL, Clock: w.Clock, IDs: w.IDs})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	err = again.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `DELETE FROM ledger_posting`)
		return err
	})
	if err == nil {
		t.Error("the book can be deleted from after its return: a trigger is lost")
	}
}

// runCommand runs a line of the page as an operator would.
func runCommand(t *testing.T, folder, url, line string) {
	t.Helper()
	bin, err := pgserver.Find()
	if err != nil {
		t.Fatal(err)
	}
	program := exec.CommandContext(t.Context(), "sh", "-c", line)
	program.Dir = folder
	program.Env = append(os.Environ(), "DURE_DATABASE_URL="+url, "PATH="+bin+":"+os.Getenv("PATH"))
	if said, err := program.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, said)
	}
}
