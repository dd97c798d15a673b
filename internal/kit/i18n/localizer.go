package i18n

import (
	"embed"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

//go:embed locale
var ownLocale embed.FS

// seoulOffsetSeconds is Korea's distance from UTC; the country has had no summer time since 1988.
const seoulOffsetSeconds = 9 * 60 * 60

// Localizer speaks one language in one time zone; it is immutable and safe for concurrent use.
type Localizer struct {
	lang      string
	zone      *time.Location
	inner     *goi18n.Localizer
	parser    *textParser
	plain     map[string]string
	templated map[string]*goi18n.Message
	singles   *singles
	fallback  *Localizer
}

// Lang gives the language's tag, "ko" or "en", as the html element wants it.
func (l *Localizer) Lang() string { return l.lang }

// Zone gives the time zone in which times are written; it is Asia/Seoul unless In was used.
func (l *Localizer) Zone() *time.Location { return l.zone }

// In gives a copy that writes times in another zone.
func (l *Localizer) In(zone *time.Location) *Localizer {
	moved := *l
	moved.zone = zone
	return &moved
}

// T gives the text of a key, filled with name-value pairs: T("deal.joined", "Name", name, "Count", 3).
// The name Count chooses the plural form. A key nobody wrote comes back as itself, so that a page still shows.
func (l *Localizer) T(key string, pairs ...any) string {
	if text, ok := l.plain[key]; ok {
		return text
	}
	if _, ok := l.templated[key]; !ok {
		return l.missing(key, pairs)
	}
	data := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			data[name] = pairs[i+1]
		}
	}
	return l.execute(key, data)
}

// Render is T with the values in a map, as fail.Error carries them.
func (l *Localizer) Render(key string, values map[string]any) string {
	if text, ok := l.plain[key]; ok {
		return text
	}
	if _, ok := l.templated[key]; !ok {
		if l.fallback != nil {
			return l.fallback.Render(key, values)
		}
		return key
	}
	return l.execute(key, values)
}

// Has tells whether the key is written in this language.
func (l *Localizer) Has(key string) bool {
	_, plain := l.plain[key]
	_, templated := l.templated[key]
	return plain || templated
}

func (l *Localizer) missing(key string, pairs []any) string {
	if l.fallback != nil {
		return l.fallback.T(key, pairs...)
	}
	return key
}

// execute fills a template; a value nobody gave or of the wrong type shows the key instead of half a sentence.
//
// A message without a form for one ("5 min ago") serves every count.
func (l *Localizer) execute(key string, data map[string]any) string {
	if message := l.templated[key]; hasOneForm(message) {
		if one := l.singles.get(key, message); one != nil {
			if text, ok := one.fill(l.singles.speaker, data); ok {
				return text
			}
		}
	}
	config := goi18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: data["Count"],
		TemplateParser: l.parser}
	text, err := l.inner.Localize(&config)
	if err != nil && config.PluralCount != nil {
		config.PluralCount = nil
		text, err = l.inner.Localize(&config)
	}
	if err != nil {
		return key
	}
	return text
}
