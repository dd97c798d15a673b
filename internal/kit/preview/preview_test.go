package preview_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"github.com/dure-commerce/dure/internal/kit/preview"
)

const shopPage = `<!DOCTYPE html><html lang="ko"><head><meta charset="utf-8"><title>쇼핑몰 &gt; 가전</title>
<meta property="og:title" content="무선 청소기 &amp; 거치대"><meta property="og:title" content="두 번째">
<meta property="og:description" content="가볍고
   조용해요"><meta property="og:image" content="/img/1.jpg?a=1&amp;b=2"><meta property="og:site_name" content="한빛전자">
</head><body><meta property="og:image" content="https://late.example/x.jpg"></body></html>`

func TestRead(t *testing.T) {
	euckr, err := korean.EUCKR.NewEncoder().String(`<html><head><title>한글 제목 똠방각하</title></head></html>`)
	if err != nil {
		t.Fatal(err)
	}
	const at = "https://shop.example/item/7"
	for name, c := range map[string]struct {
		kind, body string
		want       preview.Card
	}{
		"Open Graph": {"text/html; charset=utf-8", shopPage, preview.Card{Title: "무선 청소기 & 거치대",
			Description: "가볍고 조용해요", Site: "한빛전자", Image: "https://shop.example/img/1.jpg?a=1&b=2"}},
		"plain": {"text/html", `<title>제목</title><meta name="Description" content="설명">`,
			preview.Card{Title: "제목", Description: "설명"}},
		"CP949 by its header": {"text/html; charset=euc-kr", euckr, preview.Card{Title: "한글 제목 똠방각하"}},
		"CP949 by itself": {"text/html", strings.Replace(euckr, "<head>", `<head><meta charset="euc-kr">`, 1),
			preview.Card{Title: "한글 제목 똠방각하"}},
		"no page":  {"application/pdf", shopPage, preview.Card{}},
		"nothing":  {"text/html", "", preview.Card{}},
		"a script": {"text/html", `<head><script>"<title>아니</title>"</script><title>예</title>`, preview.Card{Title: "예"}},
		"addresses of elsewhere": {"text/html", `<meta property="og:image" content="javascript:alert(1)"><title>a</title>`,
			preview.Card{Title: "a"}},
		"a password in an address": {"text/html", `<meta property="og:image" content="https://a:b@x.example/1.jpg">`,
			preview.Card{}},
		"letters that turn the line": {"text/html", "<title>a\u202eb\u0000c\u2066</title>", preview.Card{Title: "abc"}},
		"a name that no meta element may have": {"text/html", `<meta name="<title>" content="x"><title>y</title>`,
			preview.Card{Title: "y"}},
	} {
		if got := preview.Read(at, c.kind, []byte(c.body)); got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestTextsAreShort(t *testing.T) {
	got := preview.Read("https://a.example/", "text/html", []byte("<title>"+strings.Repeat("가 ", 5_000)+"</title>"))
	if n := utf8.RuneCountInString(got.Title); n > 122 || !strings.HasSuffix(got.Title, "가…") {
		t.Errorf("%d letters: %s", n, got.Title)
	}
	deep := strings.Repeat("<meta><b>", 20_000) + "<title>spät</title>"
	if got := preview.Read("https://a.example/", "text/html", []byte(deep)); got.Title != "" {
		t.Error("read on after thousands of elements")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("text/html", []byte(shopPage))
	f.Add("text/html; charset=euc-kr", []byte("<title>\xb0\xa1\xff</title>"))
	f.Add("text/html", []byte("<meta property=og:image content=//[::1]:80/x>"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		c := preview.Read("https://shop.example/item", kind, body)
		for _, text := range []string{c.Title, c.Description, c.Site} {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n\r\u202e") || utf8.RuneCountInString(text) > 302 {
				t.Fatalf("%q", text)
			}
		}
		if c.Image != "" && !strings.HasPrefix(c.Image, "http://") && !strings.HasPrefix(c.Image, "https://") {
			t.Fatalf("%q", c.Image)
		}
	})
}
