package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
)

// CheckCatalogues proves that a file system's Korean and English catalogues hold the same keys with the same
// placeholders, that English plural objects have their singular, and that Korean ones have none. It reports all faults.
func CheckCatalogues(system fs.FS) error {
	sets := map[string]map[string]*goi18n.Message{}
	for _, lang := range languages() {
		messages, err := readLanguage(lang, []fs.FS{system})
		if err != nil {
			return err
		}
		sets[lang] = map[string]*goi18n.Message{}
		for _, message := range messages {
			sets[lang][message.ID] = message
		}
	}
	var faults []error
	for key, korean := range sets[Korean] {
		english, ok := sets[English][key]
		if !ok {
			faults = append(faults, fmt.Errorf("key %q has no English text", key))
			continue
		}
		faults = append(faults, compare(key, korean, english)...)
	}
	for key := range sets[English] {
		if _, ok := sets[Korean][key]; !ok {
			faults = append(faults, fmt.Errorf("key %q has no Korean text", key))
		}
	}
	slices.SortFunc(faults, func(a, b error) int {
		if a.Error() < b.Error() {
			return -1
		}
		return 1
	})
	return errors.Join(faults...)
}

func compare(key string, korean, english *goi18n.Message) []error {
	var faults []error
	if korean.One != "" {
		faults = append(faults, fmt.Errorf("key %q: Korean has no singular form", key))
	}
	koreanNames, _ := placeholders(korean.Other)
	englishNames, _ := placeholders(english.Other)
	if !slices.Equal(koreanNames, englishNames) {
		faults = append(faults, fmt.Errorf("key %q: Korean asks for %v, English for %v", key, koreanNames, englishNames))
	}
	singular, _ := placeholders(english.One)
	for _, name := range singular {
		if !slices.Contains(koreanNames, name) {
			faults = append(faults, fmt.Errorf("key %q: the English singular asks for %s", key, name))
		}
	}
	if english.One != "" && !slices.Contains(englishNames, "Count") {
		faults = append(faults, fmt.Errorf("key %q: a plural object needs {{.Count}}", key))
	}
	return faults
}
