package sheet_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/korean"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/sheet"
)

var want = []sheet.Column{{Name: "번호", Required: true}, {Name: "상호명", Required: true}, {Name: "지점명"}}

// read gives one text a row: its line and values, or its line and the code of the refusal.
func read(t *testing.T, in io.Reader) []string {
	t.Helper()
	s, err := sheet.Open(in, want)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for {
		row, err := s.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			out = append(out, fmt.Sprintf("%d %s", row.Line, fail.CodeOf(err)))
			continue
		}
		out = append(out, fmt.Sprintf("%d %q %q %q", row.Line, row.Text(0), row.Text(1), row.Text(2)))
	}
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"plain", "번호,상호명,지점명\n1,두레,본점\n2,가람,\n", []string{`2 "1" "두레" "본점"`, `3 "2" "가람" ""`}},
		{"other order, extra columns, blanks in names", "상호명, 번호 ,주소\r\n두레,1,서울\r\n",
			[]string{`2 "1" "두레" ""`}},
		{"quotes", "번호,상호명,지점명\n\"1\",\"두레, \"\"본\"\"점\",\"\"\n", []string{`2 "1" "두레, \"본\"점" ""`}},
		{"line break in quotes", "번호,상호명,지점명\n1,\"두레\r\n식당\",a\n2,b,c", []string{`2 "1" "두레\n식당" "a"`, `4 "2" "b" "c"`}},
		{"blank lines", "번호,상호명,지점명\n\n1,a,b\n  \n2,c,d\n\n", []string{`3 "1" "a" "b"`, `5 "2" "c" "d"`}},
		{"too few and too many", "번호,상호명,지점명\n1,a\n2,b,c\n3,d,e,f\n", []string{"2 sheet.width", `3 "2" "b" "c"`,
			"4 sheet.width"}},
		{"a quote never closed costs one row", "번호,상호명,지점명\n1,\"a,b\n2,c,d\n3,e,f\n",
			[]string{"2 sheet.quote", `3 "2" "c" "d"`, `4 "3" "e" "f"`}},
		{"a quote closed by accident costs one row", "번호,상호명,지점명\n1,\"a,b\n2,c\",d,e\n3,e,f\n",
			[]string{"2 sheet.width", "3 sheet.width", `4 "3" "e" "f"`}},
		{"a quote inside a quoted value", "번호,상호명,지점명\n1,\"a\"b\",c\n2,d,e\n", []string{"2 sheet.quote", `3 "2" "d" "e"`}},
		{"a quote inside a bare value is a letter", "번호,상호명,지점명\n1,5\" 피자,b\n", []string{`2 "1" "5\" 피자" "b"`}},
	} {
		for reader, in := range map[string]io.Reader{
			"whole": strings.NewReader(c.in), "byte by byte": iotest.OneByteReader(strings.NewReader(c.in)),
			"with mark": strings.NewReader("\ufeff" + c.in), "CP949": bytes.NewReader(cp949(t, c.in)),
		} {
			if diff := cmp.Diff(c.want, read(t, in)); diff != "" {
				t.Errorf("%s, %s: %s", c.name, reader, diff)
			}
		}
	}
}

func cp949(t *testing.T, s string) []byte {
	t.Helper()
	out, err := korean.EUCKR.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Syllables outside the 2,350 of KS X 1001 are what sets CP949 apart from plain EUC-KR: shops use them.
func TestReadsAllSyllablesOfCP949(t *testing.T) {
	in := cp949(t, "번호,상호명,지점명\n1,뷁쀍똠방각하,햏믜\n")
	if diff := cmp.Diff([]string{`2 "1" "뷁쀍똠방각하" "햏믜"`}, read(t, bytes.NewReader(in))); diff != "" {
		t.Error(diff)
	}
}

func TestBrokenBytes(t *testing.T) {
	long := "번호,상호명,지점명\n" + strings.Repeat("1,가나다라,b\n", 10_000)
	rows := read(t, strings.NewReader(long+"7,a\xff,b\n8,c,d\n"))
	if got := rows[10_000:]; !cmp.Equal(got, []string{"10002 sheet.text", `10003 "8" "c" "d"`}) {
		t.Error(got)
	}
	rows = read(t, bytes.NewReader(append(cp949(t, "번호,상호명,지점명\n"), []byte("1,a\xff\xff,b\n2,c,d\n")...)))
	if !cmp.Equal(rows, []string{"2 sheet.text", `3 "2" "c" "d"`}) {
		t.Error(rows)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want error
	}{
		"nothing":     {"", sheet.ErrEmpty},
		"other names": {"id,name\n1,2\n", sheet.ErrColumns},
		"UTF-16":      {"\xff\xfe\x88\xbc", sheet.ErrEncoding},
		"spreadsheet": {"PK\x03\x04....", sheet.ErrEncoding},
		"open quote":  {"\"번호,상호명", sheet.ErrHeader},
		"long line":   {strings.Repeat("번호,", 60_000), sheet.ErrHeader},
	} {
		if _, err := sheet.Open(strings.NewReader(c.in), want); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := sheet.Open(strings.NewReader("지점명\na\n"), want)
	if e, _ := fail.As(err); e == nil || e.Args["Columns"] != "번호, 상호명" {
		t.Errorf("the missing columns are not named: %v", err)
	}
}

func TestInputErrorsPass(t *testing.T) {
	broken := errors.New("disk gone")
	if _, err := sheet.Open(iotest.ErrReader(broken), want); !errors.Is(err, broken) {
		t.Errorf("at the start: %v", err)
	}
	s, err := sheet.Open(io.MultiReader(strings.NewReader("번호,상호명,지점명\n"+strings.Repeat("1,a,b\n", 20_000)),
		iotest.ErrReader(broken)), want)
	for err == nil {
		_, err = s.Next()
	}
	if !errors.Is(err, broken) {
		t.Errorf("in the middle: %v", err)
	}
}

func TestLongRows(t *testing.T) {
	long := strings.Repeat("가", 30_000)
	in := "번호,상호명,지점명\n1," + long + ",b\n2,\"" + strings.Repeat("x\n", 40) + "\",d\n3,e,f\n"
	rows := read(t, strings.NewReader(in))
	if rows[0] != "2 sheet.long" || rows[1] != "3 sheet.quote" || rows[len(rows)-1] != `44 "3" "e" "f"` {
		t.Errorf("%q", rows)
	}
}

// Where the standard library's stricter reader understands a file, both read the same values.
func FuzzRead(f *testing.F) {
	f.Add("1,두레,본점\n\"2\",\"가,\"\"나\"\"\n다\",\n")
	f.Add("1,\"a,b\n2,c\",d\n")
	f.Fuzz(func(t *testing.T, body string) {
		in := "번호,상호명,지점명\n" + body
		s, err := sheet.Open(strings.NewReader(in), want)
		if err != nil {
			return
		}
		var got [][]string
		clean, last := true, 1
		for {
			row, err := s.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if row.Line <= last || row.Line > 2+strings.Count(body, "\n") {
				t.Fatalf("line %d after %d", row.Line, last)
			}
			last = row.Line
			if err != nil {
				clean = false
				continue
			}
			got = append(got, []string{row.Text(0), row.Text(1), row.Text(2)})
		}
		strict, err := csv.NewReader(strings.NewReader(in)).ReadAll()
		if err != nil || !clean {
			return
		}
		var wanted [][]string
		for _, r := range strict[1:] {
			for i := range r {
				r[i] = strings.TrimSpace(r[i])
			}
			if len(strings.Join(r, "")) > 0 || len(r) == len(want) {
				wanted = append(wanted, r)
			}
		}
		if diff := cmp.Diff(wanted, got); diff != "" && !strings.Contains(body, "\r") {
			t.Fatal(diff)
		}
	})
}

func BenchmarkNext(b *testing.B) {
	row := `"MA010120220805431207","일로딜로","","G2","소매","G209","섬유·의복·신발 소매","G20903","유아용 의류 소매업"` + "\n"
	head := "번호,상호명,지점명,d,e,f,g,h,i\n"
	b.SetBytes(int64(len(row)))
	s, err := sheet.Open(io.MultiReader(strings.NewReader(head), &repeat{text: row}), want)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Next(); err != nil {
			b.Fatal(err)
		}
	}
}

type repeat struct {
	text string
	at   int
}

func (r *repeat) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}
