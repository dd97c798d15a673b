package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/i18n"
)

func with(t testing.TB, pairs ...string) *Form {
	t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	form, err := fromValues(values)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// codeAfter gives the one code a getter left, "" when it accepted.
func codeAfter(t *testing.T, f *Form) string {
	t.Helper()
	err := f.Err()
	if err == nil {
		return ""
	}
	var list fail.List
	if !errors.As(err, &list) || len(list) != 1 || list[0].Field != "x" {
		t.Fatalf("want one refusal on x, got %v", err)
	}
	return list[0].Code
}

func TestText(t *testing.T) {
	for _, row := range []struct{ in, want, code string }{
		{"  삼겹살 2인분 ", "삼겹살 2인분", ""},
		{"가나", "가나", ""},
		{"가나", "가나", ""}, // typed on a Mac: decomposed, two characters after NFC
		{"가", "가", "form.too_short"},
		{"", "", "form.required"},
		{" \u3164\u200b ", "", "form.required"},
		{"\u3000\u00a0", "", "form.required"},
		{strings.Repeat("가", 11), strings.Repeat("가", 11), "form.too_long"},
		{"두레\n가게", "두레\n가게", "form.line_break"},
		{"두레\t가게", "두레\t가게", "form.control_character"},
		{"두레\x1b[2J", "두레\x1b[2J", "form.control_character"},
		{"a\u202egpj", "a\u202egpj", "form.direction_character"},
		{"a\u2067b", "a\u2067b", "form.direction_character"},
		{"👨‍👩‍👧 가족", "👨‍👩‍👧 가족", ""},
		{"<script>", "<script>", ""},
		{"=1+1", "=1+1", ""},
	} {
		f := with(t, "x", row.in)
		if got := f.Text("x", 2, 10); got != row.want || codeAfter(t, f) != row.code {
			t.Errorf("%q gave %q, %v; want %q, %s", row.in, got, f.Err(), row.want, row.code)
		}
	}
	if f := with(t); f.Text("x", 0, 10) != "" || f.Err() != nil {
		t.Error("an optional field must accept nothing")
	}
}

func TestMultilineKeepsLinesAndRefusesControls(t *testing.T) {
	f := with(t, "x", "첫 줄\r\n둘째\r\t셋째\n\n")
	if got := f.Multiline("x", 1, 100); got != "첫 줄\n둘째\n\t셋째" || f.Err() != nil {
		t.Errorf("got %q, %v", got, f.Err())
	}
	f = with(t, "x", "첫 줄\n\u202e둘째")
	if f.Multiline("x", 1, 100); codeAfter(t, f) != "form.direction_character" {
		t.Errorf("got %v", f.Err())
	}
}

func TestNumbers(t *testing.T) {
	for _, row := range []struct {
		in   string
		want int64
		code string
	}{
		{"12900", 12900, ""}, {"12,900", 12900, ""}, {"12,900원", 12900, ""},
		{" 12,900 원 ", 12900, ""}, {"₩12,900", 12900, ""},
		{"￦12,900", 12900, ""}, {"１２，９００", 12900, ""}, {"0", 0, ""}, {"1,234,567", 1234567, ""},
		{"12,90", 0, "form.won"}, {"1,2,900", 0, "form.won"}, {",900", 0, "form.won"}, {"12.900", 0, "form.won"},
		{"1만원", 0, "form.won"}, {"무료", 0, "form.won"}, {"1e3", 0, "form.won"},
		{"0x10", 0, "form.won"}, {"--5", 0, "form.won"},
		{"+5", 0, "form.won"}, {"원", 0, "form.won"}, {"", 0, "form.required"}, {"-5", -5, "form.too_small"},
		{"99999999999999999999999", 1<<63 - 1, "form.too_big"}, {"10000001", 10000001, "form.too_big"},
	} {
		f := with(t, "x", row.in)
		if got := f.Won("x", 0, 10_000_000); got != row.want || codeAfter(t, f) != row.code {
			t.Errorf("%q gave %d, %v; want %d, %s", row.in, got, f.Err(), row.want, row.code)
		}
	}
	f := with(t, "x", "30명")
	if f.Int("x", 1, 100); codeAfter(t, f) != "form.number" {
		t.Errorf("got %v", f.Err())
	}
	if f := with(t, "x", "1,000"); f.Int("x", -5, 1000) != 1000 || f.Err() != nil {
		t.Errorf("got %v", f.Err())
	}
}

func TestPhoneDateClockEmail(t *testing.T) {
	phone := func(f *Form) string { return f.Phone("x") }
	date := func(f *Form) string { return f.Date("x") }
	email := func(f *Form) string { return f.Email("x") }
	for _, row := range []struct {
		read           func(*Form) string
		in, want, code string
	}{
		{phone, "010-1234-5678", "01012345678", ""},
		{phone, "+82 10-1234-5678", "01012345678", ""},
		{phone, "+82 (0)2 123 4567", "021234567", ""},
		{phone, "０２－１２３－４５６７", "021234567", ""},
		{phone, "1588-0000", "15880000", ""},
		{phone, "0507-1234-56789", "050712345678 9", "form.phone"},
		{phone, "0507-1234-5678", "050712345678", ""},
		{phone, "010-1234", "", "form.phone"},
		{phone, "010-1234-5678 내선 2", "", "form.phone"},
		{phone, "", "", "form.required"},
		{date, "2026-11-21", "2026-11-21", ""},
		{date, "2026. 11. 21.", "2026-11-21", ""},
		{date, "2026년 1월 2일", "2026-01-02", ""},
		{date, "20261121", "2026-11-21", ""},
		{date, "2026/2/28", "2026-02-28", ""},
		{date, "2026-02-30", "", "form.date"},
		{date, "26-11-21", "", "form.date"},
		{date, "0001-01-01", "", "form.date"},
		{email, " Kim@Example.COM ", "Kim@example.com", ""},
		{email, "김@보기.한국", "김@보기.한국", ""},
		{email, "Kim <kim@example.com>", "", "form.email"},
		{email, "kim@localhost", "", "form.email"},
		{email, "kim@example.com,b@example.com", "", "form.email"},
		{email, "kim@example.com\r\nBcc: a@b.co", "", "form.email"},
		{email, strings.Repeat("a", 250) + "@b.co", "", "form.email"},
		{email, "", "", "form.required"},
	} {
		f := with(t, "x", row.in)
		got := row.read(f)
		if code := codeAfter(t, f); code != row.code || code == "" && got != row.want {
			t.Errorf("%q gave %q, %v; want %q, %s", row.in, got, f.Err(), row.want, row.code)
		}
	}
	for in, want := range map[string]int{"09:00": 540, "9:30": 570, "24:00": 1440, "00:00": 0, "２３：５９": 1439} {
		if f := with(t, "x", in); f.ClockTime("x") != want || f.Err() != nil {
			t.Errorf("%q: %v", in, f.Err())
		}
	}
	for _, in := range []string{"9", "24:01", "12:60", "12:5", "오전 9시", "-1:00", "1:+5"} {
		if f := with(t, "x", in); f.ClockTime("x") != 0 || codeAfter(t, f) != "form.clock" {
			t.Errorf("%q: %v", in, f.Err())
		}
	}
}

func TestChoices(t *testing.T) {
	f := with(t, "x", "b", "many", "a", "many", "c", "many", "a", "on", "on")
	if f.Choice("x", "a", "b") != "b" || !f.Bool("on") || f.Bool("off") || f.Err() != nil {
		t.Error(f.Err())
	}
	if got := f.Many("many", 2, "a", "b", "c"); !reflect.DeepEqual(got, []string{"a", "c"}) || f.Err() != nil {
		t.Error(got, f.Err())
	}
	if f.Choice("x", "a"); codeAfter(t, f) != "form.choice" {
		t.Error(f.Err())
	}
	if f := with(t); f.Choice("x", "", "a") != "" || f.Err() != nil {
		t.Error(f.Err())
	}
	if f := with(t); f.Choice("x", "a") != "" || codeAfter(t, f) != "form.required" {
		t.Error(f.Err())
	}
	f = with(t, "x", "a", "x", "b")
	if f.Many("x", 1, "a", "b") != nil || codeAfter(t, f) != "form.too_many" {
		t.Error(f.Err())
	}
	f = with(t, "x", "a", "x", "z")
	if f.Many("x", 5, "a", "b") != nil || codeAfter(t, f) != "form.choice" {
		t.Error(f.Err())
	}
}

func TestFaultsCollectAndSecretsStayHidden(t *testing.T) {
	f := with(t, "name", "", "price", "공짜", "password", " 비밀 번호 입니다 ", "note", "그대로")
	f.Text("name", 1, 10)
	f.Won("price", 0, 10)
	if f.Secret("password", 8, 100) != " 비밀 번호 입니다 " {
		t.Error("a password was trimmed")
	}
	f.Add(nil)
	f.Add(fail.New(fail.Conflict, "own.rule").On("note"))
	var list fail.List
	if !errors.As(f.Err(), &list) || len(list) != 3 || fail.KindOf(f.Err()) != fail.Invalid {
		t.Fatalf("got %v", f.Err())
	}
	if shown := f.Values(); shown.Get("note") != "그대로" || shown.Has("password") || shown.Get("price") != "공짜" {
		t.Errorf("shown: %v", shown)
	}
	if f.Blank("note") || !f.Blank("name") || !f.Blank("absent") {
		t.Error("Blank is wrong")
	}
}

func request(body, contentType string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func read(r *http.Request, options Options) (*Form, error) {
	return Read(httptest.NewRecorder(), r, options)
}

const (
	encoded  = "application/x-www-form-urlencoded"
	openPart = "--a\r\nContent-Disposition: form-data; name=x\r\n\r\nabc"
)

func TestReadEncoded(t *testing.T) {
	f, err := read(request("x=%EA%B0%80&x=b", encoded+"; charset=utf-8"), Options{})
	if err != nil || f.Text("x", 1, 5) != "가" {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		body, kind string
		want       error
	}{
		"over 64 KiB":     {"x=" + strings.Repeat("a", TextBytesDefault), encoded, ErrTooLarge},
		"many fields":     {strings.Repeat("a&", fieldsMax+1), encoded, ErrTooManyFields},
		"nul":             {"x=a%00b", encoded, ErrNotText},
		"nul in a name":   {"x%00=a", encoded, ErrNotText},
		"invalid utf-8":   {"x=%ff%fe", encoded, ErrNotText},
		"broken escape":   {"x=%zz", encoded, ErrUnreadable},
		"json":            {"{}", "application/json", ErrUnreadable},
		"no type":         {"x=1", "", ErrUnreadable},
		"no boundary":     {"x=1", "multipart/form-data", ErrUnreadable},
		"broken multi":    {"x=1", "multipart/form-data; boundary=a", ErrUnreadable},
		"truncated multi": {openPart, "multipart/form-data; boundary=a", ErrUnreadable},
	} {
		if _, err := read(request(row.body, row.kind), Options{}); !errors.Is(err, row.want) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	if _, err := read(request("x="+strings.Repeat("a", TextBytesDefault-2), encoded), Options{}); err != nil {
		t.Errorf("exactly 64 KiB: %v", err)
	}
	q, err := Query(httptest.NewRequest(http.MethodGet, "/?x=%EA%B0%80", nil))
	if err != nil || q.Text("x", 1, 5) != "가" {
		t.Error(err)
	}
	long := httptest.NewRequest(http.MethodGet, "/?x="+strings.Repeat("a", TextBytesDefault), nil)
	if _, err := Query(long); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

type part struct {
	name, file string
	size       int
}

func multi(t *testing.T, parts ...part) *http.Request {
	t.Helper()
	var body bytes.Buffer
	writer := multipart.NewWriter(&body)
	for _, p := range parts {
		w, err := writer.CreateFormField(p.name)
		if p.file != "" {
			w, err = writer.CreateFormFile(p.name, p.file)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(bytes.Repeat([]byte("a"), p.size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return request(body.String(), writer.FormDataContentType())
}

func TestReadMultipart(t *testing.T) {
	options := Options{TextBytes: 1000, FileBytes: 5000, Files: 2}
	f, err := read(multi(t, part{"x", "", 5}, part{"photo", "가게.jpg", 5000}, part{"photo", "b.jpg", 1}), options)
	if err != nil {
		t.Fatal(err)
	}
	photo, ok := f.File("photo")
	if !ok || photo.Name != "가게.jpg" || len(photo.Data) != 5000 || len(f.Files("photo")) != 2 ||
		f.Text("x", 5, 5) != "aaaaa" {
		t.Errorf("got %v %v", photo.Name, f.Values())
	}
	if _, ok := f.File("absent"); ok {
		t.Error("a file that nobody sent")
	}
	for name, r := range map[string]*http.Request{
		"a file too big":       multi(t, part{"photo", "a.jpg", 5001}),
		"a file too many":      multi(t, part{"a", "a.jpg", 1}, part{"b", "a.jpg", 1}, part{"c", "a.jpg", 1}),
		"too much text":        multi(t, part{"a", "", 600}, part{"b", "", 600}),
		"too much text at all": multi(t, part{"a", "", 100_000}),
		"far too big":          multi(t, part{"photo", "a.jpg", 1_000_000}),
	} {
		if _, err := read(r, options); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := read(multi(t, part{"photo", "a.jpg", 1}), Options{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("no files are allowed by default: %v", err)
	}
}

func TestEveryCodeIsWritten(t *testing.T) {
	catalogues := fstest.MapFS{}
	for _, lang := range []string{"ko", "en"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "web", "ui", "locale", lang, "form.json"))
		if err != nil {
			t.Fatal(err)
		}
		catalogues[lang+"/form.json"] = &fstest.MapFile{Data: data}
		var texts map[string]any
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for _, refusal := range []*fail.Error{
			ErrTooLarge, ErrTooManyFields, ErrUnreadable, ErrNotText, ErrRequired, ErrTooShort, ErrTooLong, ErrControl,
			ErrLineBreak, ErrDirection, ErrChoice, ErrTooMany, ErrEmail, ErrNumber, ErrWon,
			ErrTooSmall, ErrTooBig, ErrPhone, ErrDate, ErrClock,
		} {
			if texts[refusal.Code] == nil {
				t.Errorf("%s has no text for %s", lang, refusal.Code)
			}
		}
	}
	if err := i18n.CheckCatalogues(catalogues); err != nil {
		t.Error(err)
	}
	bundle, err := i18n.New(catalogues)
	if err != nil {
		t.Fatal(err)
	}
	f := with(t, "x", "열한 글자가 넘는 이름이에요")
	f.Text("x", 1, 10)
	refusal, _ := fail.As(f.Err())
	if got := bundle.For("ko").Render(refusal.Code, refusal.Args); got != "10자까지 적을 수 있어요. 지금은 15자예요." {
		t.Error(got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("x=1&y=%EA%B0%80", encoded)
	f.Add("--a\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nabc\r\n--a--", "multipart/form-data; boundary=a")
	f.Fuzz(func(t *testing.T, body, kind string) {
		form, err := read(request(body, kind), Options{TextBytes: 1000, FileBytes: 1000, Files: 1})
		if err != nil {
			if fail.KindOf(err) == fail.Internal {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		for name := range form.Values() {
			text := form.Text(name, 0, 100)
			form.Won(name, 0, 100)
			form.Phone(name)
			form.Date(name)
			form.ClockTime(name)
			form.Email(name)
			if !utf8.ValidString(text) {
				t.Fatalf("%q is not text", text)
			}
		}
	})
}
