package command_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/command"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/sign"
)

// dure runs the program in English and gives what it wrote and its status.
func dure(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	t.Setenv("LC_ALL", "en_US.UTF-8")
	var o, e bytes.Buffer
	code = command.Run(t.Context(), args, command.Terminal{Out: &o, Err: &e, Exit: func(int) { t.Error("exit") }})
	return o.String(), e.String(), code
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	outline = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"adm_cd":"1123064",
 "adm_nm":"서울특별시 강남구 역삼1동"},"geometry":{"type":"Polygon","coordinates":[[[127.03,37.5],[127.04,37.5],
 [127.04,37.51],[127.03,37.5]]]}},{"type":"Feature","properties":{"code":"11"},"geometry":null}]}`
	head = "상가업소번호,상호명,지점명,상권업종대분류코드,상권업종대분류명,상권업종중분류코드,상권업종중분류명,상권업종소분류코드," +
		"상권업종소분류명,표준산업분류코드,표준산업분류명,시도코드,시도명,시군구코드,시군구명,행정동코드,행정동명,법정동코드,법정동명," +
		"지번코드,대지구분코드,대지구분명,지번본번지,지번부번지,지번주소,도로명코드,도로명,건물본번지,건물부번지,건물관리번호,건물명," +
		"도로명주소,구우편번호,신우편번호,동정보,층정보,호정보,경도,위도\n"
	shopTail = `,"","I2","음식","I201","한식","I20101","백반/한정식","I56111","한식","11","서울특별시","11680","강남구",` +
		`"1123064","역삼1동","1","역삼동","1","1","대지","1","0","서울특별시 강남구 역삼동 1","1","테헤란로","1","","1","",` +
		`"서울특별시 강남구 테헤란로 1","1","1","","1","","127.0364","37.5006"` + "\n"
)

func TestImportTellsWhatBecameOfRows(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	out, errs, code := dure(t, "import", "regions", write(t, "a.geojson", outline), "--data", data)
	if code != 0 || !strings.Contains(out, "2 regions read: 1 new") || !strings.Contains(out, "a.geojson no. 2") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	csv := write(t, "shops.csv", head+`"MA1","두레국밥"`+shopTail+`"MA2",""`+shopTail)
	out, errs, code = dure(t, "import", "merchants", csv, "--data", data)
	if code != 0 || !strings.Contains(out, "3,MA2,,directory.no_name") || !strings.Contains(out, "2 rows read: 1 new") ||
		!strings.Contains(out, "1 shops can be found") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	report := filepath.Join(t.TempDir(), "report.csv")
	out, errs, code = dure(t, "import", "merchants", csv, "--data", data, "--report", report)
	text, err := os.ReadFile(report)
	if code != 0 || err != nil || !strings.Contains(string(text), "3,MA2,,directory.no_name") ||
		strings.Contains(out, "MA2") || !strings.Contains(out, "1 unchanged") {
		t.Errorf("%d %s %s %s %v", code, out, errs, text, err)
	}
}

func TestImportOfNothingFails(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for name, args := range map[string][]string{
		"no map":         {"import", "regions", write(t, "a.txt", "noodles")},
		"no region":      {"import", "regions", write(t, "b.geojson", `{"type":"FeatureCollection","features":[]}`)},
		"no register":    {"import", "merchants", write(t, "c.csv", "a,b\n1,2\n")},
		"no row":         {"import", "merchants", write(t, "d.csv", head)},
		"no good row":    {"import", "merchants", write(t, "e.csv", head+`"MA2",""`+shopTail)},
		"no backup file": {"restore", write(t, "f.tar", "noodles"), "--data", filepath.Join(t.TempDir(), "new")},
	} {
		if !strings.HasPrefix(name, "no backup") {
			args = append(args, "--data", data)
		}
		if out, errs, code := dure(t, args...); code != 1 || errs == "" {
			t.Errorf("%s: %d %s %s", name, code, out, errs)
		}
	}
}

// running is an instance with a server: a database that a process has open, its key and folder.
func running(t *testing.T) (d *db.DB, data string) {
	t.Helper()
	_, w := dbtest.SQLite(t)
	data = t.TempDir()
	raw, err := os.ReadFile(strings.TrimPrefix(w.URL, "sqlite:"))
	if err == nil {
		err = os.WriteFile(filepath.Join(data, "dure.db"), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	d, err = db.Open(t.Context(), db.Options{URL: "sqlite:" + filepath.Join(data, "dure.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := sign.LoadKey(filepath.Join(data, "key"), id.System(d.Clock())); err != nil {
		t.Fatal(err)
	}
	return d, data
}

func TestDoctorBesideAServer(t *testing.T) {
	d, data := running(t)
	out, errs, code := dure(t, "doctor", "--data", data)
	if code != 0 || !strings.Contains(out, "Everything holds.") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `INSERT INTO ledger_balance (account, party, balance, since)
 VALUES ('2140', 'mer_9', 5, 0)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	out, errs, code = dure(t, "doctor", "--data", data)
	if code != 1 || !strings.Contains(out, "[3] Balance 2140 mer_9") || errs != "" {
		t.Errorf("%d %s %s", code, out, errs)
	}
	out, _, code = dure(t, "doctor", "--data", data, "--json", "--only", "ledger_balances")
	var report struct {
		Healthy bool
		Answers []struct{ Findings []struct{ Row string } }
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || code != 1 || report.Healthy ||
		len(report.Answers) != 1 || report.Answers[0].Findings[0].Row != "2140 mer_9" {
		t.Errorf("%d %s %v", code, out, err)
	}
	if _, errs, code = dure(t, "doctor", "--data", data, "--outside"); code != 1 || !strings.Contains(errs, "gateway") {
		t.Errorf("%d %s", code, errs)
	}
}

func TestDoctorOfAnOlderDatabase(t *testing.T) {
	d, data := running(t)
	err := d.Migrator(t.Context(), func(pool *sql.DB) error {
		_, err := pool.ExecContext(t.Context(), `DELETE FROM kit_migration WHERE version_id = 21`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if out, errs, code := dure(t, "doctor", "--data", data); code != 1 || !strings.Contains(out, "0021_order") {
		t.Errorf("%d %s %s", code, out, errs)
	}
}

func TestToolsThatWriteSayWhoHoldsTheDatabase(t *testing.T) {
	_, data := running(t)
	_, errs, code := dure(t, "import", "regions", write(t, "a.geojson", outline), "--data", data)
	if code != 1 || !strings.Contains(errs, "Another program") || !strings.Contains(errs, "pid") {
		t.Errorf("%d %s", code, errs)
	}
}

func TestBackupAndRestore(t *testing.T) {
	_, data := running(t)
	archive, elsewhere := filepath.Join(t.TempDir(), "b.tar"), filepath.Join(t.TempDir(), "new")
	out, errs, code := dure(t, "backup", archive, "--data", data)
	if code != 0 || !strings.Contains(out, "Backed up") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	out, errs, code = dure(t, "restore", archive, "--data", elsewhere)
	if code != 0 || !strings.Contains(out, "Everything holds.") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	_, errs, code = dure(t, "restore", archive, "--data", elsewhere)
	if code != 1 || !strings.Contains(errs, "not empty") {
		t.Errorf("%d %s", code, errs)
	}
	whole, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 1
	err = errors.Join(os.Remove(archive), os.WriteFile(archive, whole, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	_, errs, code = dure(t, "restore", archive, "--data", filepath.Join(t.TempDir(), "third"))
	if code != 1 || !strings.Contains(errs, "database.sqlite") {
		t.Errorf("%d %s", code, errs)
	}
}

func TestBackupOfPostgresSaysHow(t *testing.T) {
	_, w := dbtest.Postgres(t)
	_, data := running(t)
	archive := filepath.Join(t.TempDir(), "b.tar")
	out, errs, code := dure(t, "backup", archive, "--data", data, "--database", w.URL)
	if code != 0 || !strings.Contains(out, "pg_dump") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	out, errs, code = dure(t, "restore", archive, "--data", filepath.Join(t.TempDir(), "new"))
	if code != 0 || !strings.Contains(out, "pg_restore") {
		t.Errorf("%d %s %s", code, out, errs)
	}
	out, errs, code = dure(t, "restore", archive, "--data", filepath.Join(t.TempDir(), "other"), "--database", w.URL)
	if code != 0 || !strings.Contains(out, "Everything holds.") {
		t.Errorf("%d %s %s", code, out, errs)
	}
}

func TestHelpIsWholeInBothLanguages(t *testing.T) {
	for _, lang := range []string{"ko_KR.UTF-8", "en_US.UTF-8"} {
		for _, args := range [][]string{{"--help"}, {"import", "--help"}, {"import", "regions", "--help"},
			{"import", "merchants", "--help"}, {"doctor", "--help"}, {"backup", "--help"}, {"restore", "--help"}} {
			t.Setenv("LC_ALL", lang)
			var out bytes.Buffer
			code := command.Run(t.Context(), args, command.Terminal{Out: &out, Err: &out})
			if text := out.String(); code != 0 || strings.Contains(text, "operate.") || strings.Contains(text, "cli.") {
				t.Errorf("%s %v: %d\n%s", lang, args, code, text)
			}
		}
	}
}

func TestRecountBeginsAtTheFirstEvent(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if _, errs, code := dure(t, "migrate", "--data", data); code != 0 {
		t.Fatal(errs)
	}
	d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + filepath.Join(data, "dure.db")})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		for _, text := range []string{`UPDATE kit_feed SET seq = 1`, `INSERT INTO kit_cursor VALUES ('daybook', 1, 1)`,
			`INSERT INTO daybook_deal VALUES ('dea_1', 'mer_1', 9, 9, 9, 9, 9, 9, 9, 9)`,
			`INSERT INTO kit_event VALUES ('evt_1', 'order.paid', 'ord_1', 2, '{"order_id":"ord_1","deal_id":"dea_1",
"merchant_id":"mer_1","account_id":"acc_1","units":2,"amount":39800}', 1, 1)`} {
			if _, err := db.Exec(t.Context(), tx, text); err != nil {
				return err
			}
		}
		return nil
	})
	if err = errors.Join(err, d.Close()); err != nil {
		t.Fatal(err)
	}
	out, errs, code := dure(t, "recount", "--data", data)
	if code != 0 || !strings.Contains(out, "up to event 1; 0 left") {
		t.Fatalf("%d %s %s", code, out, errs)
	}
	d, err = db.Open(t.Context(), db.Options{URL: "sqlite:" + filepath.Join(data, "dure.db"), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	units, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT units FROM daybook_deal WHERE orders = 1`)
	if err = errors.Join(err, d.Close()); err != nil || units != 2 {
		t.Errorf("%d %v", units, err)
	}
}
