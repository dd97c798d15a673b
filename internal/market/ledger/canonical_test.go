package ledger_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/ledger"
)

// golden is an entry with every field, and its bytes as others may check theirs against. A change here is a new version
// of the format, never an edit.
func golden() ledger.Entry {
	e := ledger.Undone(posted(ledger.Redeemed(use(worked, 1_900))), "red_1")
	e.ID, e.At, e.Day = "ent_2", time.Date(2026, 3, 4, 1, 2, 3, 4_000, time.UTC), "2026-03-04"
	return e
}

const goldenBytes = `
01
0005 656e745f32
00064c285e31f8c4
000a 323032362d30332d3034
0002 5236
0008 52362f7265645f31
0005 656e745f31
0005 6465615f31
0005 6f72645f31
0005 7663685f31
0005 6d65725f31
0005 706f6c5f31
0005
0004 32313130 0005 6465615f31 43 0000000000004650
0004 35313230 0000            43 000000000000076c
0004 32313430 0005 6d65725f31 44 000000000000437a
0004 34313030 0000            44 0000000000000954
0004 32323030 0000            44 00000000000000ee
`

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCanonicalGolden(t *testing.T) {
	want := unhex(t, goldenBytes)
	if got := ledger.Canonical(golden()); !bytes.Equal(got, want) {
		t.Errorf("got\n%x\nwant\n%x", got, want)
	}
	e, err := ledger.Decode(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := spell(e); got != spell(golden()) || !e.At.Equal(golden().At) || e.About != about || e.ID != "ent_2" {
		t.Errorf("got %+v", e)
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := unhex(t, goldenBytes)
	edit := func(at int, b byte) []byte {
		c := bytes.Clone(good)
		c[at] = b
		return c
	}
	sideAt := len(good) - 9
	rows := map[string][]byte{
		"nothing":            nil,
		"another version":    edit(0, 2),
		"one byte too many":  append(bytes.Clone(good), 0),
		"no UTF-8":           edit(3, 0xff),
		"a side of its own":  edit(sideAt, 'X'),
		"a negative amount":  edit(sideAt+1, 0x80),
		"an amount of zero":  edit(len(good)-1, 0),
		"a line too few":     edit(len(good)-5*24, 0xff),
		"a length too large": edit(1, 0xff),
	}
	for name, b := range rows {
		if _, err := ledger.Decode(b); !errors.Is(err, ledger.ErrBytes) {
			t.Errorf("%s: got %v, want ErrBytes", name, err)
		}
	}
	for n := range good {
		if _, err := ledger.Decode(good[:n]); !errors.Is(err, ledger.ErrBytes) {
			t.Errorf("cut to %d bytes: got %v, want ErrBytes", n, err)
		}
	}
}

// TestCanonicalTellsEntriesApart: fields that join to the same text still give other bytes.
func TestCanonicalTellsEntriesApart(t *testing.T) {
	a, b := golden(), golden()
	a.DealID, a.OrderID = "dea_1", "ord_1"
	b.DealID, b.OrderID = "dea_1o", "rd_1"
	if bytes.Equal(ledger.Canonical(a), ledger.Canonical(b)) {
		t.Error("two entries have the same bytes")
	}
}

// FuzzDecode: what is accepted encodes to the same bytes again, so no two texts of bytes mean the same entry.
func FuzzDecode(f *testing.F) {
	f.Add(unhex(f, goldenBytes))
	for _, e := range ruleCases() {
		f.Add(ledger.Canonical(e))
	}
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ledger.Decode(b)
		if err != nil {
			if !errors.Is(err, ledger.ErrBytes) {
				t.Fatalf("got %v, want ErrBytes", err)
			}
			return
		}
		if again := ledger.Canonical(e); !bytes.Equal(again, b) {
			t.Fatalf("decoded and encoded\n%x\ngave\n%x", b, again)
		}
	})
}
