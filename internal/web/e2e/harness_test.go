package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/dure-commerce/dure/internal/web/e2e/camera"
)

const goodPage = `<!doctype html><html lang="ko"><head><title>가게</title><meta name="viewport"
content="width=device-width"><link rel="icon" href="data:,"></head><body><main><h1>두레 가게</h1>
<form action="/hello"><label for="n">이름</label> <input id="n" name="n" autocomplete="name" value="옛 이름">
<label for="d">날짜</label> <input id="d" name="d" type="date">
<label for="s">크기</label> <select id="s" name="s"><option value="1">작은 것</option><option value="2">큰 것</option></select>
<button>보내기</button></form></main></body></html>`

func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self' data: blob: 'unsafe-inline'")
		if _, err := strings.NewReplacer("{{query}}", r.URL.Query().Encode()).WriteString(w, page); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestPageIsUsedByWhatIsWritten(t *testing.T) {
	const answer = `<!doctype html><html lang="ko"><head><title>답</title></head><body><main><h1>답</h1>
<p id="q">{{query}}</p></main></body></html>`
	address := serve(t, map[string]string{"/": goodPage, "/hello": answer})
	page := Browser(t, Options{Dark: true})
	page.Goto(address + "/")
	page.See("두레 가게")
	page.NotSee("답")
	page.Accessible()
	page.NoSideways()
	page.Fill("이름", "김두레")
	page.Fill("날짜", "2026-03-04")
	page.Choose("크기", "큰 것")
	page.Click("보내기")
	page.See("답")
	if got, want := page.Text(), "답 d=2026-03-04&n=%EA%B9%80%EB%91%90%EB%A0%88&s=2"; got != want {
		t.Errorf("the form sent %q, want %q", got, want)
	}
	picture, err := os.ReadFile(page.Screenshot("answer"))
	if err != nil || !bytes.HasPrefix(picture, []byte("\x89PNG")) {
		t.Errorf("the picture is no PNG: %v", err)
	}
}

func TestAxeFindsPlantedMistakes(t *testing.T) {
	const bad = `<!doctype html><html lang="ko"><head><title>x</title></head><body><main><h1>x</h1>
<input name="n"><p style="color:#ccc">흐린 글씨</p></main></body></html>`
	page := Browser(t, Options{})
	page.Goto(serve(t, map[string]string{"/": bad}) + "/")
	var found []string
	for _, failure := range page.Failures() {
		found = append(found, failure.ID)
	}
	slices.Sort(found)
	if want := []string{"color-contrast", "label"}; !slices.Equal(found, want) {
		t.Errorf("axe found %v, want %v", found, want)
	}
}

func TestFaultsOfAPageAreHeard(t *testing.T) {
	const bad = `<!doctype html><html lang="ko"><head><title>x</title></head><body><main><h1>x</h1>
<img alt="" src="https://example.org/x.png"><img alt="" src="/gone.png"><script>console.error("oops");
setTimeout(() => { document.body.append("late"); throw new Error("broken") }, 1)</script></main></body></html>`
	page := Browser(t, Options{})
	page.Goto(serve(t, map[string]string{"/": bad}) + "/")
	page.See("late")
	for _, want := range []string{"oops", "broken", "gone.png", "Content Security Policy"} {
		if all := strings.Join(page.Faults(), "\n"); !strings.Contains(all, want) {
			t.Errorf("%q was not heard in:\n%s", want, all)
		}
		page.Allow(want)
	}
	page.Allow("leaves this machine: https://example.org/x.png")
	if left := page.Faults(); len(left) != 0 {
		t.Errorf("faults that were not planted: %q", left)
	}
}

func TestPeopleShareNoCookies(t *testing.T) {
	const mark = `<!doctype html><html lang="ko"><head><title>x</title><link rel="icon" href="data:,"></head><body>
<main><h1>x</h1><p id="c"></p></main><script>document.getElementById("c").textContent =
document.cookie || "none"; document.cookie = "who=me"</script></body></html>`
	address := serve(t, map[string]string{"/": mark})
	me := Browser(t, Options{Width: 1280})
	me.Goto(address + "/")
	me.See("none")
	tab := me.Tab()
	tab.Goto(address + "/")
	tab.See("who=me")
	other := me.Another(Options{Lang: "en"})
	other.Goto(address + "/")
	other.See("none")
}

func TestFakeCameraShowsTheCode(t *testing.T) {
	const scan = `<!doctype html><html lang="ko"><head><title>x</title><link rel="icon" href="data:,"></head><body>
<main><h1>x</h1><video id="v" autoplay muted playsinline></video></main><script>
navigator.mediaDevices.getUserMedia({video: true}).then((stream) => { document.getElementById("v").srcObject = stream })
window.still = () => { const v = document.getElementById("v"); if (!v.videoWidth) return "";
const c = document.createElement("canvas"); c.width = v.videoWidth; c.height = v.videoHeight;
c.getContext("2d").drawImage(v, 0, 0); return c.toDataURL("image/png") }</script></body></html>`
	const code = "https://dure.example/v/DURE-2345-6789"
	page := Browser(t, Options{CameraFile: camera.Film(t, camera.QR(t, code))})
	page.Goto(serve(t, map[string]string{"/": scan}) + "/")
	var got string
	page.Until("a code in the camera's picture", func() bool { // the first pictures of a stream are black
		var still string
		page.Evaluate("window.still()", &still)
		got = decode(t, still)
		return got != ""
	})
	if got != code {
		t.Errorf("the camera saw %q, want %q", got, code)
	}
}

func decode(t *testing.T, dataURL string) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(dataURL, "data:image/png;base64,"))
	if err != nil || len(raw) == 0 {
		return ""
	}
	picture, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		return ""
	}
	return result.GetText()
}

func TestVendoredAxeIsTheOneWeNoted(t *testing.T) {
	notes, err := os.ReadFile("testdata/README.md")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(axeScript))
	if !strings.Contains(string(notes), hex.EncodeToString(sum[:])) {
		t.Errorf("axe.min.js is %x, which testdata/README.md does not say", sum)
	}
}

func TestMissingChromiumSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := findChromium(); err == nil || !strings.Contains(err.Error(), "apt-get install chromium") {
		t.Errorf("error %v; want one that says what to install", err)
	}
}
