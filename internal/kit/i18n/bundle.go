package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Korean and English are the languages every catalogue must have; Korean is what is read when one is missing.
const (
	Korean  = "ko"
	English = "en"
)

// languages lists the supported languages, the default first.
func languages() []string { return []string{Korean, English} }

// Bundle holds every catalogue of every language, checked and ready; it is safe for concurrent use.
type Bundle struct {
	localizers map[string]*Localizer
}

// New reads the catalogues of all given file systems ({ko,en}/<area>.json at their root) and this package's own.
// It fails on unreadable JSON, on a key given twice, on a broken template and on an unknown particle.
func New(systems ...fs.FS) (*Bundle, error) {
	own, err := fs.Sub(ownLocale, "locale")
	if err != nil {
		return nil, fmt.Errorf("i18n: own catalogue: %w", err)
	}
	systems = append([]fs.FS{own}, systems...)
	inner := goi18n.NewBundle(language.Make(Korean))
	bundle := &Bundle{localizers: map[string]*Localizer{}}
	for _, lang := range languages() {
		messages, err := readLanguage(lang, systems)
		if err != nil {
			return nil, err
		}
		if err := inner.AddMessages(language.Make(lang), messages...); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", lang, err)
		}
		bundle.localizers[lang] = newLocalizer(lang, messages)
	}
	for lang, localizer := range bundle.localizers {
		localizer.inner = goi18n.NewLocalizer(inner, lang)
		if lang != Korean {
			localizer.fallback = bundle.localizers[Korean]
		}
	}
	return bundle, nil
}

// For gives the localizer of a language ("ko", "en"), and the Korean one for any other.
func (b *Bundle) For(lang string) *Localizer {
	if localizer, ok := b.localizers[lang]; ok {
		return localizer
	}
	return b.localizers[Korean]
}

// Languages lists the languages the bundle speaks, the default first.
func (b *Bundle) Languages() []string { return languages() }

// Keys lists every key of a language in order, for tests and for the page that shows the catalogues.
func (b *Bundle) Keys(lang string) []string {
	localizer := b.For(lang)
	keys := make([]string, 0, len(localizer.plain)+len(localizer.templated))
	for key := range localizer.plain {
		keys = append(keys, key)
	}
	for key := range localizer.templated {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func newLocalizer(lang string, messages []*goi18n.Message) *Localizer {
	localizer := &Localizer{
		lang:      lang,
		zone:      time.FixedZone("KST", seoulOffsetSeconds),
		plain:     map[string]string{},
		templated: map[string]*goi18n.Message{},
	}
	localizer.parser = newParser(localizer)
	localizer.singles = &singles{speaker: localizer, functions: functions(localizer)}
	for _, message := range messages {
		if isPlain(message) {
			localizer.plain[message.ID] = message.Other
			continue
		}
		localizer.templated[message.ID] = message
	}
	return localizer
}

// isPlain tells that a message is one fixed text, which needs no template and no plural rule.
func isPlain(message *goi18n.Message) bool {
	return message.One == "" && !strings.Contains(message.Other, "{{")
}

// readLanguage reads every file of one language and refuses the same key in two places.
func readLanguage(lang string, systems []fs.FS) ([]*goi18n.Message, error) {
	var all []*goi18n.Message
	from := map[string]string{}
	for _, system := range systems {
		names, err := fs.Glob(system, path.Join(lang, "*.json"))
		if err != nil {
			return nil, fmt.Errorf("i18n: %w", err)
		}
		for _, name := range names {
			messages, err := readFile(system, name)
			if err != nil {
				return nil, fmt.Errorf("i18n: %s: %w", name, err)
			}
			for _, message := range messages {
				if earlier, twice := from[message.ID]; twice {
					return nil, fmt.Errorf("i18n: key %q stands in %s and in %s", message.ID, earlier, name)
				}
				from[message.ID] = name
			}
			all = append(all, messages...)
		}
	}
	return all, nil
}

// readFile reads one flat catalogue; go-i18n's own reader would accept nested ones and lose doubled keys.
func readFile(system fs.FS, name string) ([]*goi18n.Message, error) {
	data, err := fs.ReadFile(system, name)
	if err != nil {
		return nil, err
	}
	if err := refuseDoubledKeys(data); err != nil {
		return nil, err
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		return nil, err
	}
	messages := make([]*goi18n.Message, 0, len(raw))
	for key, value := range raw {
		message, err := readMessage(key, value)
		if err != nil {
			return nil, fmt.Errorf("key %q: %w", key, err)
		}
		messages = append(messages, message)
	}
	sort.Slice(messages, func(i, j int) bool { return messages[i].ID < messages[j].ID })
	return messages, nil
}

func readMessage(key string, value json.RawMessage) (*goi18n.Message, error) {
	var plain string
	if err := json.Unmarshal(value, &plain); err == nil {
		if strings.TrimSpace(plain) == "" {
			return nil, errors.New("the text is empty")
		}
		return &goi18n.Message{ID: key, Other: plain}, checkTemplates(plain)
	}
	var forms map[string]string
	if err := json.Unmarshal(value, &forms); err != nil {
		return nil, errors.New("neither a text nor an object of plural forms")
	}
	message := &goi18n.Message{ID: key, One: forms["one"], Other: forms["other"]}
	if message.Other == "" {
		return nil, errors.New(`the plural form "other" is missing`)
	}
	for form := range forms {
		if form != "one" && form != "other" {
			return nil, fmt.Errorf("unknown plural form %q", form)
		}
	}
	return message, checkTemplates(message.One, message.Other)
}

// refuseDoubledKeys walks the top level of the object, because the decoder silently keeps the last of two equal keys.
func refuseDoubledKeys(data []byte) error {
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		key, ok := token.(string)
		if !ok {
			return fmt.Errorf("unexpected %v", token)
		}
		if seen[key] {
			return fmt.Errorf("key %q twice", key)
		}
		seen[key] = true
		var skipped json.RawMessage
		if err := decoder.Decode(&skipped); err != nil {
			return err
		}
	}
	return nil
}
