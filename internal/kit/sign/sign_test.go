package sign

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
)

func now() time.Time { return time.Unix(1_772_600_000, 0) }

func TestDerive(t *testing.T) {
	key, other := Key(bytes.Repeat([]byte{1}, KeyBytes)), Key(bytes.Repeat([]byte{2}, KeyBytes))
	base := Derive(key, "receipt", "ord_1", 32)
	// The form is fixed for ever: what was signed with it is in other people's hands.
	if got := hex.EncodeToString(base); got != "927917dd9e12ecb988621ed5f71d7a14f8872d940ccd388438df0bd463dbefe8" {
		t.Errorf("the form of derived keys changed: %s", got)
	}
	for name, different := range map[string][]byte{
		"key": Derive(other, "receipt", "ord_1", 32), "label": Derive(key, "receipts", "ord_1", 32),
		"id": Derive(key, "receipt", "ord_2", 32), "border": Derive(key, "receip", "tord_1", 32),
	} {
		if bytes.Equal(base, different) {
			t.Errorf("another %s gives the same bytes", name)
		}
	}
	for _, n := range []int{-1, 0, 1, 31, 32, 33, 255 * 32} {
		want, err := hkdf.Expand(sha256.New, key[:], "\x00\x00\x00\x07receiptord_1", max(n, 0))
		if err != nil || !bytes.Equal(Derive(key, "receipt", "ord_1", n), want) {
			t.Errorf("%d bytes are not what RFC 5869 says, %v", n, err)
		}
	}
	if long := Derive(key, "receipt", "ord_1", 100); len(long) != 100 || !bytes.Equal(long[:32], base) {
		t.Error("a longer key does not continue the shorter one")
	}
}

func TestSignAndVerify(t *testing.T) {
	key, old, body := []byte("a new key"), []byte("an old key"), []byte(`{"amount":12900}`)
	header := Sign(key, now(), body)
	if header != "t=1772600000,v1="+header[16:] || len(header) != 16+64 {
		t.Fatalf("header %s", header)
	}
	keys := [][]byte{key, old}
	const tolerance = 5 * time.Minute
	for name, row := range map[string]struct {
		header string
		body   string
		now    time.Time
		want   error
	}{
		"good":             {header, string(body), now(), nil},
		"by the old key":   {Sign(old, now(), body), string(body), now(), nil},
		"two signatures":   {header + ",v1=" + strings.Repeat("0", 64) + ",v0=x", string(body), now(), nil},
		"at the border":    {header, string(body), now().Add(tolerance), nil},
		"too late":         {header, string(body), now().Add(tolerance + time.Second), ErrStale},
		"from the future":  {header, string(body), now().Add(-tolerance - time.Second), ErrStale},
		"another body":     {header, `{"amount":12901}`, now(), ErrBadSignature},
		"another key":      {Sign([]byte("x"), now(), body), string(body), now(), ErrBadSignature},
		"another time":     {strings.Replace(header, "0000,", "0001,", 1), string(body), now(), ErrBadSignature},
		"cut short":        {header[:len(header)-2], string(body), now(), ErrBadSignature},
		"empty":            {"", string(body), now(), ErrBadSignature},
		"no signature":     {"t=1772600000", string(body), now(), ErrBadSignature},
		"empty signature":  {"t=1772600000,v1=", string(body), now(), ErrBadSignature},
		"no time":          {header[13:], string(body), now(), ErrBadSignature},
		"too many to hear": {header[:12] + strings.Repeat(",v1=00", 9) + header[12:], string(body), now(), ErrBadSignature},
	} {
		if err := Verify(keys, row.header, []byte(row.body), row.now, tolerance); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	if err := Verify(nil, header, body, now(), tolerance); !errors.Is(err, ErrBadSignature) {
		t.Errorf("without keys: %v", err)
	}
}

func TestAnyChangedBitIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(t, "key")
		body := rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "body")
		header := Sign(key, now(), body)
		if err := Verify([][]byte{key}, header, body, now(), 0); err != nil {
			t.Fatal(err)
		}
		body[rapid.IntRange(0, len(body)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if err := Verify([][]byte{key}, header, body, now(), 0); !errors.Is(err, ErrBadSignature) {
			t.Fatal(err)
		}
	})
}

func random(seed uint64) Random { return id.Seeded(clock.NewFake(now()), seed) }

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret", "dure.key")
	key, err := LoadKey(path, random(1))
	if err != nil || key == (Key{}) {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if again, err := LoadKey(path, random(2)); err != nil || again != key {
		t.Errorf("the key changed: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%d files, %v", len(left), err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKey(path, random(2)); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others may read: %v", err)
	}
	for _, text := range []string{"", "abc", strings.Repeat("0", 62), strings.Repeat("g", 64)} {
		spoilt := filepath.Join(t.TempDir(), "spoilt")
		if err := os.WriteFile(spoilt, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKey(spoilt, random(1)); err == nil {
			t.Errorf("%q was taken for a key", text)
		}
	}
}

func TestProcessesThatStartTogetherAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dure.key")
	keys := make([]Key, 8)
	var all sync.WaitGroup
	for i := range keys {
		all.Go(func() {
			key, err := LoadKey(path, random(uint64(i)))
			if err != nil {
				t.Errorf("process %d: %v", i, err)
			}
			keys[i] = key
		})
	}
	all.Wait()
	for i, key := range keys {
		if key != keys[0] || key == (Key{}) {
			t.Errorf("process %d has another key", i)
		}
	}
}

func TestKeyGivenFromOutside(t *testing.T) {
	path, given := filepath.Join(t.TempDir(), "deep", "key"), strings.Repeat("0a", KeyBytes)
	for range 2 {
		if key, err := KeepKey(path, given+"\n"); err != nil || key[0] != 0x0a || key[KeyBytes-1] != 0x0a {
			t.Fatalf("%x, %v", key, err)
		}
	}
	if key, err := LoadKey(path, random(1)); err != nil || key[0] != 0x0a {
		t.Errorf("the file holds %x, %v", key, err)
	}
	_, err := KeepKey(path, strings.Repeat("0b", KeyBytes))
	if err == nil || !strings.Contains(err.Error(), "another root key") {
		t.Errorf("another key answers %v", err)
	}
	for _, bad := range []string{"", "0a", given + "00", strings.Repeat("zz", KeyBytes)} {
		_, err := KeepKey(filepath.Join(t.TempDir(), "key"), bad)
		if err == nil || bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("%q answers %v", bad, err)
		}
	}
}
