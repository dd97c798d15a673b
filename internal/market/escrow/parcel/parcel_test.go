package parcel_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/korean"
	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sheet"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// spell writes what was read, or the code of the refusal.
func spell(n parcel.Name, err error) string {
	if err != nil {
		return fail.CodeOf(err)
	}
	return strings.TrimSpace(string(n.Carrier) + " " + n.Number)
}

func TestRead(t *testing.T) {
	for _, row := range [][3]string{
		{"cj", "612345678901", "cj 612345678901"},
		{"CJ대한통운", "6123-4567-8901", "cj 612345678901"},
		{" 대한 통운 ", "6123 4567 8901", "cj 612345678901"},
		{"ＣＪ대한통운", "６１２３４５６７８９０１", "cj 612345678901"},
		{"한진", "'512345678901", "hanjin 512345678901"},
		{"롯데택배", "230123456789.0", "lotte 230123456789"},
		{"우체국택배", "6865412345678", "post 6865412345678"},
		{"EMS", "eg123456789kr", "post EG123456789KR"},
		{"로젠", "12345678901", "logen 12345678901"},
		{"기타", "ab-1234567", "other AB1234567"},
		{"직접 배송", "", "direct"},
		{"직접배송", "123456", "escrow.parcel.no_number"},
		{"비둘기", "612345678901", "escrow.parcel.carrier"},
		{"", "612345678901", "escrow.parcel.carrier"},
		{"cj", "", "escrow.parcel.number"},
		{"cj", "61234567890", "cj 61234567890"},
		{"cj", "612345678", "escrow.parcel.number"},
		{"cj", "6123456789012", "escrow.parcel.number"},
		{"cj", "61234567890A", "escrow.parcel.number"},
		{"cj", "6.12346E+11", "escrow.parcel.shortened"},
		{"cj", "612345,678901", "escrow.parcel.number"},
		{"cj", "=HYPERLINK(1)", "escrow.parcel.number"},
		{"post", "686541234567", "escrow.parcel.number"},
	} {
		if got := spell(parcel.Read(row[0], row[1])); got != row[2] {
			t.Errorf("%q %q: got %s, want %s", row[0], row[1], got, row[2])
		}
	}
}

// TestReadingTwiceIsReadingOnce: what was read is read again as it is, so that a sheet may be exported and handed in.
func TestReadingTwiceIsReadingOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		carrier := rapid.SampledFrom(parcel.Carriers()).Draw(rt, "carrier")
		number := rapid.StringMatching(`[0-9 -]{0,18}`).Draw(rt, "number")
		first, err := parcel.Read(string(carrier), number)
		if err != nil {
			return
		}
		if again, err := parcel.Read(string(first.Carrier), first.Number); err != nil || again != first {
			rt.Fatalf("%+v read again: %+v, %v", first, again, err)
		}
	})
}

// lines writes a sheet as rows of text.
func lines(s parcel.Sheet) string {
	type one struct {
		line int
		text string
	}
	var all []one
	for _, r := range s.Rows {
		all = append(all, one{r.Line, fmt.Sprintf("%d %s %s", r.Line, r.Order, spell(r.Name, nil))})
	}
	for _, f := range s.Faults {
		all = append(all, one{f.Line, fmt.Sprintf("%d %s", f.Line, f.Err.Code)})
	}
	slices.SortFunc(all, func(a, b one) int { return a.line - b.line })
	texts := make([]string, len(all))
	for i, o := range all {
		texts[i] = o.text
	}
	return strings.Join(texts, "\n")
}

const sample = `주문번호,받는 분,택배사,송장번호
4KXQ-9M2P,김두레,CJ대한통운,6123-4567-8901
ord_01jd000000000000000000000a,이한울,우체국택배,6865412345678

4kxq9m2p,김두레,한진,512345678901
7777-8888,박,대한통운,612345678901
77778889,최,비둘기,612345678902
없음,최,한진,512345678902
1234-5678,"닫히지 않은,한진,512345678903
1234-5679,정,한진,5.12346E+11
2222-3333,정,직접배송,
2222-3334,정,직접배송,
2222-3335,한진,512345678904
`

const sampleRead = `2 4kxq9m2p cj 612345678901
3 ord_01jd000000000000000000000a post 6865412345678
5 escrow.parcel.twice
6 escrow.parcel.same
7 escrow.parcel.carrier
8 escrow.parcel.order
9 sheet.quote
10 escrow.parcel.shortened
11 22223333 direct
12 22223334 direct
13 sheet.width`

func TestReadSheet(t *testing.T) {
	cp949, err := korean.EUCKR.NewEncoder().String(sample)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain": sample, "marked": "\ufeff" + sample, "cp949": cp949,
		"lines of another system": strings.ReplaceAll(sample, "\n", "\r\n"),
		"other names":             strings.Replace(strings.Replace(sample, "송장번호", "운송장 번호", 1), "주문번호", "주문 번호", 1),
		"english": strings.Replace(strings.Replace(strings.Replace(sample, "송장번호", "number", 1), "주문번호", "order", 1),
			"택배사", "carrier", 1),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parcel.ReadSheet([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if lines(got) != sampleRead {
				t.Errorf("got\n%s", lines(got))
			}
		})
	}
}

func TestWholeSheetsRefused(t *testing.T) {
	many := "주문번호,택배사,송장번호\n" + strings.Repeat("x,y,z\n", parcel.RowsMax+1)
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":         {"", sheet.ErrEmpty},
		"a spreadsheet":   {"PK\x03\x04\x00", sheet.ErrEncoding},
		"columns missing": {"주문번호,택배사\n4KXQ-9M2P,cj\n", sheet.ErrColumns},
		"too many rows":   {many, parcel.ErrLarge},
		"too many bytes":  {strings.Repeat("x", parcel.BytesMax+1), parcel.ErrLarge},
	} {
		if _, err := parcel.ReadSheet([]byte(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReadSheet: whatever a seller hands in, every row is either taken whole or told by its line.
func FuzzReadSheet(f *testing.F) {
	f.Add([]byte(sample))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := parcel.ReadSheet(data)
		if err != nil {
			return
		}
		orders := map[string]bool{}
		for _, r := range got.Rows {
			again, err := parcel.Read(string(r.Carrier), r.Number)
			if key, wrong := parcel.OrderKey(r.Order); err != nil || again != r.Name || wrong != nil || key != r.Order {
				t.Fatalf("%+v is not what a sheet may say", r)
			}
			if orders[r.Order] || r.Line < 2 {
				t.Fatalf("%s twice, or in line %d", r.Order, r.Line)
			}
			orders[r.Order] = true
		}
	})
}

func TestOrderKeys(t *testing.T) {
	const id = "ord_01jd000000000000004kxq9m2p"
	whole, number := parcel.KeysOf(id)
	for _, text := range []string{id, strings.ToUpper(id)} {
		if key, err := parcel.OrderKey(text); err != nil || key != whole {
			t.Errorf("%s: %s %v", text, key, err)
		}
	}
	for _, text := range []string{"4KXQ-9M2P", "4kxq9m2p", " 4KXQ-9m2p "} {
		if key, err := parcel.OrderKey(text); err != nil || key != number {
			t.Errorf("%s: %s %v", text, key, err)
		}
	}
	for _, text := range []string{"", "4KXQ-9M2", "ord_1", "4KXQ-9M2É", "4KXQ'9M2P"} {
		if _, err := parcel.OrderKey(text); !errors.Is(err, parcel.ErrOrder) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestMatch: rows find their orders by the whole id or by the number, and only where the number is one order's.
func TestMatch(t *testing.T) {
	const a, b = "ord_01jd000000000000004kxq9m2p", "ord_01jd111111111111114kxq9m2p" // alike at their ends
	const c = "ord_01jd00000000000000aaaa1111"
	rows := func(orders ...string) parcel.Sheet {
		var s parcel.Sheet
		for i, order := range orders {
			key, err := parcel.OrderKey(order)
			if err != nil {
				t.Fatal(err)
			}
			s.Rows = append(s.Rows, parcel.Row{Line: i + 2, Order: key, Name: parcel.Name{Carrier: parcel.Direct}})
		}
		return s
	}
	got := rows("4KXQ-9M2P", a, b, "AAAA-1111", c, "BBBB-1111").Match([]string{a, b, c})
	want := "2 escrow.unknown_order\n3 " + a + " direct\n4 " + b + " direct\n5 " + c +
		" direct\n6 escrow.parcel.twice\n7 escrow.unknown_order"
	if lines(got) != want {
		t.Errorf("got\n%s\nwant\n%s", lines(got), want)
	}
}

func at(hour int) time.Time { return time.Date(2026, 3, 4, hour, 0, 0, 0, time.UTC) }

func TestTrack(t *testing.T) {
	event := func(k parcel.Kind, hour int) parcel.Event { return parcel.Event{Kind: k, At: at(hour)} }
	for _, c := range []struct {
		events []parcel.Event
		want   parcel.Kind
	}{
		{nil, parcel.None},
		{[]parcel.Event{event(parcel.Accepted, 1)}, parcel.Accepted},
		{[]parcel.Event{event(parcel.Moving, 2), event(parcel.Accepted, 3)}, parcel.Moving},
		{[]parcel.Event{event(parcel.Delivered, 2), event(parcel.Moving, 9)}, parcel.Delivered},
		{[]parcel.Event{event(parcel.Returned, 3), event(parcel.Delivered, 2)}, parcel.Returned},
		{[]parcel.Event{event(parcel.Returned, 2), event(parcel.Delivered, 3)}, parcel.Delivered},
		{[]parcel.Event{event(parcel.Returned, 3), event(parcel.Delivered, 3)}, parcel.Returned},
		{[]parcel.Event{event(parcel.Returned, 3)}, parcel.Returned},
		{[]parcel.Event{event("lost", 3)}, parcel.None},
	} {
		if got := parcel.Fold(c.events).State(); got != c.want {
			t.Errorf("%v: %q, want %q", c.events, got, c.want)
		}
		if parcel.Fold(c.events).Proven() != (c.want == parcel.Delivered) {
			t.Errorf("%v: proven", c.events)
		}
	}
}

// TestTrackForgetsOrder: any order of the same events, late and twice, says the same.
func TestTrackForgetsOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) parcel.Event {
			kind := rapid.SampledFrom(parcel.Kinds()).Draw(rt, "kind")
			return parcel.Event{Kind: kind, At: at(rapid.IntRange(0, 9).Draw(rt, "at"))}
		}), 0, 8).Draw(rt, "events")
		want := parcel.Fold(events)
		other := append(slices.Clone(events), events...)
		other = rapid.Permutation(other).Draw(rt, "order")
		if got := parcel.Fold(other); got != want {
			rt.Fatalf("%+v, want %+v", got, want)
		}
	})
}
