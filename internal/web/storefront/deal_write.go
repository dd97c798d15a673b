package storefront

import (
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/web/storefront/word"
)

// around splits a sentence at the words that carry its weight.
func around(text, bold string) (before, after string) {
	if bold == "" {
		return text, ""
	}
	before, after, _ = strings.Cut(text, bold)
	return before, after
}

func useIcon(i int) string {
	icons := [...]string{"calendar-check", "clock", "ban"}
	return icons[min(i, len(icons)-1)]
}

func plain(n int64) string { return strconv.FormatInt(n, 10) }

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func availability(phase word.Phase) string {
	switch phase {
	case word.Gathering, word.Open:
		return "https://schema.org/InStock"
	case word.Coming:
		return "https://schema.org/PreOrder"
	case word.Full, word.SoldOut:
		return "https://schema.org/SoldOut"
	}
	return "https://schema.org/Discontinued"
}
