package asset_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

func get(t *testing.T, address, accept string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, http.NoBody)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	asset.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestEveryFileIsServedForEverUnderItsHash(t *testing.T) {
	handler := asset.Handler()
	for name, entry := range asset.Names() {
		r := httptest.NewRequest(http.MethodGet, asset.URL(name), http.NoBody)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		sum := sha256.Sum256(w.Body.Bytes())
		if w.Code != http.StatusOK || hex.EncodeToString(sum[:5]) != entry.Hash {
			t.Errorf("%s: status %d, content does not match its hash", name, w.Code)
		}
		if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: headers %v", name, w.Header())
		}
	}
}

func TestCompressionFollowsWhatTheBrowserAccepts(t *testing.T) {
	for accept, want := range map[string]string{
		"gzip, br": "br", "gzip": "gzip", "": "", "br;q=0, gzip;q=0.5": "gzip", "gzip;q=0": "",
	} {
		if got := get(t, asset.URL("app.js"), accept).Header.Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q answered %q, want %q", accept, got, want)
		}
	}
	plain, err := asset.Read("app.css")
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := gzip.NewReader(get(t, asset.URL("app.css"), "gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("gzip copy differs from app.css (%v)", err)
	}
}

func TestUnknownAndOldAddressesAreNotFound(t *testing.T) {
	unknown := []string{"/assets/app.0000000000.css", asset.URL("nothing.js"), "/assets/", "/assets/../go.mod"}
	for _, address := range unknown {
		if got := get(t, address, "").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s answered %d", address, got)
		}
	}
}

// First load: style, script, icons and the font sheet of every page, as gzip sends them. The page itself has the rest.
func TestFirstLoadStaysSmall(t *testing.T) {
	const most = 72 << 10
	total := 0
	for _, name := range []string{"app.css", "app.js", "icons.svg", "font.css", "favicon.svg"} {
		body, err := io.ReadAll(get(t, asset.URL(name), "gzip").Body)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes", name, len(body))
		total += len(body)
	}
	if total > most {
		t.Errorf("the files of a first load weigh %d bytes, more than %d: a page may have 100 KB in all", total, most)
	}
}

func TestPolicyForbidsInlineAndOpensOnlyWhatIsAsked(t *testing.T) {
	strict := asset.Policy{}.Header()
	for _, bad := range []string{"unsafe-inline", "unsafe-eval", "http:", "https:", "*"} {
		if strings.Contains(strict, bad) {
			t.Errorf("the strict policy holds %q: %s", bad, strict)
		}
	}
	for _, want := range []string{
		"default-src 'none'", "script-src 'self';", "style-src 'self';", "base-uri 'none'", "frame-ancestors 'none'",
	} {
		if !strings.Contains(strict, want) {
			t.Errorf("the strict policy lacks %q: %s", want, strict)
		}
	}
	scan := asset.Policy{Wasm: true, Camera: true, Form: []string{"https://pay.example"}}
	wide, permissions := scan.Header(), scan.Permissions()
	if !strings.Contains(wide, "script-src 'self' 'wasm-unsafe-eval'") || strings.Contains(wide, "'unsafe-eval'") ||
		!strings.Contains(wide, "form-action 'self' https://pay.example") || !strings.Contains(permissions, "camera=(self)") {
		t.Errorf("the scan page's policy: %s; %s", wide, permissions)
	}
}

var fontAddress = regexp.MustCompile(`/assets/[^)]+\.woff2`)

func TestFontSheetNamesOnlyServedFilesAndNeverBlocks(t *testing.T) {
	sheet, err := asset.Read("font.css")
	if err != nil {
		t.Fatal(err)
	}
	faces, swaps := bytes.Count(sheet, []byte("@font-face")), bytes.Count(sheet, []byte("font-display:swap"))
	if faces == 0 || faces != swaps {
		t.Errorf("%d faces, %d of them swap", faces, swaps)
	}
	for _, address := range fontAddress.FindAllString(string(sheet), -1) {
		if got := get(t, address, "").StatusCode; got != http.StatusOK {
			t.Errorf("%s answered %d", address, got)
		}
	}
}

// A short page is a sign-in: bar, one sentence, two fields, one button. Every further rare syllable costs a file of
// 26 KB once; a long deal page reaches 14 files, shown in the phone's own face until they are there, then cached.
func TestFontsOfAShortPageStayBelowTheirBudget(t *testing.T) {
	const most = 160 << 10
	sheet, err := asset.Read("font.css")
	if err != nil {
		t.Fatal(err)
	}
	text := "두레 우리 동네 찾기 이용권 나 로그인하고 이어서 함께해요 이메일 name@example.com 비밀번호 로그인 처음이라면 가입하기 12,900원"
	total, files := 0, 0
	for face := range strings.SplitSeq(string(sheet), "@font-face") {
		if address := fontAddress.FindString(face); address != "" && covers(face, text) {
			body, err := io.ReadAll(get(t, address, "").Body)
			if err != nil {
				t.Fatal(err)
			}
			total, files = total+len(body), files+1
		}
	}
	t.Logf("%d files, %d bytes", files, total)
	if total > most {
		t.Errorf("a short page loads %d bytes of fonts in %d files, more than %d", total, files, most)
	}
}

func TestVendoredFilesAreAsRecorded(t *testing.T) {
	record, err := os.ReadFile("npm/VENDORED.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(record))
	checked := 0
	for lines.Scan() {
		sum, name, found := strings.Cut(strings.TrimSpace(lines.Text()), "  ")
		if !found || len(sum) != 64 {
			continue
		}
		content, err := os.ReadFile(filepath.Join("npm", name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := sha256.Sum256(content)
		if hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not the file that was recorded", name)
		}
		checked++
	}
	if checked < 9 {
		t.Errorf("only %d files are recorded", checked)
	}
}
