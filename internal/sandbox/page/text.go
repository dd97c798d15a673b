package page

import (
	"embed"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/sandbox/pay"
)

//go:embed locale/*.json
var localeFiles embed.FS

// words is one language's texts by key.
type words struct {
	Lang  string
	Other string // the other language's code, for the link
	texts map[string]string
}

// loadWords reads both catalogues; they are part of the program, so a broken one stops the first page.
func loadWords() (map[string]words, error) {
	out := map[string]words{}
	for lang, other := range map[string]string{"ko": "en", "en": "ko"} {
		raw, err := localeFiles.ReadFile("locale/" + lang + ".json")
		if err != nil {
			return nil, err
		}
		w := words{Lang: lang, Other: other}
		if err := json.Unmarshal(raw, &w.texts); err != nil {
			return nil, err
		}
		out[lang] = w
	}
	return out, nil
}

// Get gives a text, or its key when there is none.
func (w words) Get(key string) string {
	if text, ok := w.texts[key]; ok {
		return text
	}
	return key
}

// With gives a text with its one value filled in.
func (w words) With(key, amount string) string {
	return strings.ReplaceAll(w.Get(key), "{{.Amount}}", amount)
}

// Won writes an amount with thousands separators in the language's form.
func (w words) Won(won int64) string {
	digits := strconv.FormatInt(won, 10)
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return w.With("page.won", b.String())
}

// language is the one asked for in the address, else the order's, else the browser's first, else Korean.
func language(r *http.Request, p pay.Payment) string {
	for _, asked := range []string{r.URL.Query().Get("lang"), p.Locale} {
		if asked == "ko" || asked == "en" {
			return asked
		}
	}
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		return "en"
	}
	return "ko"
}
