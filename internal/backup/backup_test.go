package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/backup"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/schema"
)

const noodles = market.MerchantID("mer_noodle")

// site is an instance on disk: key, a photograph, a database.
type site struct {
	folder string
	source backup.Source
	photo  blob.Key
}

func makeSite(t *testing.T, d *db.DB) site {
	t.Helper()
	s := site{folder: t.TempDir()}
	key, media := filepath.Join(s.folder, "key"), filepath.Join(s.folder, "media")
	if _, err := sign.LoadKey(key, d.IDs()); err != nil {
		t.Fatal(err)
	}
	disk, err := blob.OpenDisk(media, "a")
	if err != nil {
		t.Fatal(err)
	}
	if s.photo, err = disk.Put(t.Context(), bytes.Repeat([]byte("a bowl "), 200)); err != nil {
		t.Fatal(err)
	}
	if err := disk.Close(); err != nil {
		t.Fatal(err)
	}
	s.source = backup.Source{DB: d, Key: key, Media: media, Program: "test"}
	return s
}

func (s site) create(t *testing.T) (path string, m backup.Manifest) {
	t.Helper()
	path = filepath.Join(s.folder, "b.tar")
	m, err := backup.Create(t.Context(), path, s.source)
	if err != nil {
		t.Fatal(err)
	}
	return path, m
}

func target(folder string) backup.Target {
	return backup.Target{Folder: folder, Database: filepath.Join(folder, "dure.db"), Key: filepath.Join(folder, "key"),
		Media: filepath.Join(folder, "media")}
}

// reader opens the world's database once more, as the command does beside a server.
func reader(t *testing.T, w *dbtest.World) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: w.URL, Clock: w.Clock, IDs: w.IDs, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestBackupUnderLoadRestoresElsewhere(t *testing.T) {
	d, w := dbtest.SQLite(t)
	world := apptest.New(t, d, w.Clock)
	world.Shop(noodles, "국숫집", "본점")
	s := makeSite(t, d)
	world.Must(approve(t.Context(), d, s.photo))
	now, option := world.OnSale(noodles, func(o *deal.Offer) { o.Capacity, o.Options[0].Quantity = 100_000, 100_000 })
	s.source.DB = reader(t, w)
	ctx, stop := context.WithCancel(t.Context())
	var buyers sync.WaitGroup
	started := make(chan struct{})
	buyers.Go(func() {
		for i := 1; ctx.Err() == nil; i++ {
			buyer := apptest.Buyer(i)
			placed, err := world.Place(buyer, now, option, 1)
			if err == nil {
				_, err = world.Pay(buyer, placed.Order.ID, "ok")
			}
			if err == nil {
				err = world.RunAll(ctx)
			}
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			if i == 10 {
				close(started)
			}
		}
	})
	<-started
	path, m := s.create(t)
	stop()
	buyers.Wait()
	if len(m.Files) != 3 || !m.HasDatabase() || m.Version() == 0 {
		t.Errorf("%+v", m)
	}
	elsewhere := filepath.Join(t.TempDir(), "new")
	if _, err := backup.Extract(t.Context(), path, target(elsewhere)); err != nil {
		t.Fatal(err)
	}
	checkRestored(t, elsewhere, w)
}

// approve lets the shop sell, and gives it a photograph.
func approve(ctx context.Context, d *db.DB, key blob.Key) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `UPDATE merchant SET state = 'approved', pictures = $1 WHERE id = $2`,
			`["9x9/9-`+string(key)+`"]`, string(noodles))
		return err
	})
}

// checkRestored opens what was restored as a new server would, and asks doctor.
func checkRestored(t *testing.T, folder string, w *dbtest.World) {
	t.Helper()
	to := target(folder)
	d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + to.Database, Clock: w.Clock, IDs: w.IDs})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if _, err := schema.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if _, err := sign.LoadKey(to.Key, d.IDs()); err != nil {
		t.Error(err)
	}
	media, err := blob.OpenReading(to.Media)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = media.Close() }()
	o := doctor.Options{Media: media, Resting: true}
	for _, q := range doctor.Questions() {
		if q.Name != "ledger_entries" { // the test's offers name a policy that never was
			o.Only = append(o.Only, q.Name)
		}
	}
	report, err := doctor.Check(t.Context(), d, o)
	if err != nil || !report.Healthy() {
		t.Errorf("%+v %v", report, err)
	}
	orders, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT count(*) FROM orders`)
	if err != nil || orders < 10 {
		t.Error(orders, err)
	}
}

// Every part is guarded: whichever byte is flipped, the part is named and nothing is left in the folder.
func TestFlippedByteIsRefusedByName(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s := makeSite(t, d)
	path, m := s.create(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, at := range places(t, whole) {
		for _, offset := range []int64{at[0], (at[0] + at[1]) / 2, at[1] - 1} {
			broken := bytes.Clone(whole)
			broken[offset] ^= 0x40
			err := extract(t, broken)
			one, ok := fail.As(err)
			if !ok || one.Code != backup.ErrDamaged.Code {
				t.Errorf("%s at %d: %v", name, offset, err)
				continue
			}
			want := name
			if name == "manifest.sha256" { // which of the two is wrong nobody can tell
				want = "manifest.json"
			}
			if one.Args["Name"] != want {
				t.Errorf("%s at %d: named %v", name, offset, one.Args["Name"])
			}
		}
	}
	if n := len(places(t, whole)); n != len(m.Files)+2 {
		t.Errorf("%d parts were looked at", n)
	}
}

// places tells where the bytes of each part lie.
func places(t *testing.T, whole []byte) map[string][2]int64 {
	t.Helper()
	in := bytes.NewReader(whole)
	archive := tar.NewReader(in)
	out := map[string][2]int64{}
	for {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		at := in.Size() - int64(in.Len())
		out[head.Name] = [2]int64{at, at + min(head.Size, 64<<10)}
		if strings.HasSuffix(head.Name, ".sha256") {
			out[head.Name] = [2]int64{at, at + head.Size - 1} // its line end may be anything
		}
	}
}

// extract restores bytes into a new folder, which must be empty after a refusal.
func extract(t *testing.T, archive []byte) error {
	t.Helper()
	base := t.TempDir()
	path, folder := filepath.Join(base, "x.tar"), filepath.Join(base, "new")
	if err := os.WriteFile(path, archive, 0o600); err != nil {
		t.Fatal(err)
	}
	_, refused := backup.Extract(t.Context(), path, target(folder))
	entries, err := os.ReadDir(folder)
	if refused != nil && (err != nil || len(entries) > 0) {
		t.Errorf("left behind: %v %v", entries, err)
	}
	return refused
}

type part struct{ name, text string }

func archive(t *testing.T, parts ...part) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, p := range parts {
		if err := w.WriteHeader(&tar.Header{Name: p.name, Size: int64(len(p.text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestForeignAndShortArchives(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	path, _ := makeSite(t, d).create(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const newer = `{"format": 9}`
	sum := sha256.Sum256([]byte(newer))
	for name, row := range map[string]struct {
		archive []byte
		want    *fail.Error
	}{
		"no tar":           {[]byte(strings.Repeat("x", 1024)), backup.ErrArchive},
		"nothing":          {nil, backup.ErrShort},
		"cut in a part":    {whole[:2_000], backup.ErrDamaged},
		"cut between":      {archive(t, part{"key", "k"}), backup.ErrShort},
		"another file":     {archive(t, part{"notes.txt", "k"}), backup.ErrForeign},
		"out of its place": {archive(t, part{"media/../../key", "k"}), backup.ErrForeign},
		"absolute":         {archive(t, part{"/key", "k"}), backup.ErrForeign},
		"twice":            {archive(t, part{"key", "k"}, part{"key", "k"}), backup.ErrForeign},
		"of a newer program": {archive(t, part{"manifest.json", newer},
			part{"manifest.sha256", hex.EncodeToString(sum[:])}), backup.ErrNewer},
		"a sum of another list": {archive(t, part{"manifest.json", newer},
			part{"manifest.sha256", strings.Repeat("0", 64)}), backup.ErrDamaged},
	} {
		if err := extract(t, row.archive); !errors.Is(err, row.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFoldersAndFilesAreNotOverwritten(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s := makeSite(t, d)
	path, _ := s.create(t)
	if _, err := backup.Create(t.Context(), path, s.source); !errors.Is(err, backup.ErrExists) {
		t.Error(err)
	}
	if _, err := backup.Extract(t.Context(), path, target(s.folder)); !errors.Is(err, backup.ErrNotEmpty) {
		t.Error(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error("an archive holds the key:", info, err)
	}
	left, err := filepath.Glob(path + ".*")
	if err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

func TestPostgresStaysWithItsTools(t *testing.T) {
	d, _ := dbtest.Postgres(t)
	s := makeSite(t, d)
	path, m := s.create(t)
	if m.HasDatabase() || len(m.Files) != 2 || m.Engine != string(db.Postgres) || m.Version() == 0 {
		t.Errorf("%+v", m)
	}
	folder := filepath.Join(t.TempDir(), "new")
	if _, err := backup.Extract(t.Context(), path, target(folder)); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "media", string(s.photo[:2]), string(s.photo))); err != nil {
		t.Error(err)
	}
}

func TestCancelledBackupLeavesNothing(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	s := makeSite(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	s.source.Progress = func(name string, _ int64) {
		if name == "key" {
			cancel()
		}
	}
	path := filepath.Join(s.folder, "b.tar")
	if _, err := backup.Create(ctx, path, s.source); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if left, err := filepath.Glob(path + "*"); err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}
