package search

import (
	"strings"

	"github.com/dure-commerce/dure/internal/kit/hangul"
)

// The sorts of token; the letters lie outside a to p, in which the runes are written.
const (
	sortKind    = 'k' // the index an object belongs to
	sortLetter  = 'u' // one letter
	sortPair    = 'v' // two neighbouring letters
	sortInitial = 'w' // one initial consonant
	sortInPair  = 'x' // the initials of two neighbouring letters
)

// token writes runes as a word of plain letters, which no engine's tokenizer or query language takes for anything else.
func token(sort byte, runes ...rune) string {
	out := make([]byte, 0, 1+5*len(runes))
	out = append(out, sort)
	for _, r := range runes {
		for shift := 16; shift >= 0; shift -= 4 {
			out = append(out, 'a'+byte(r>>shift)&15)
		}
	}
	return string(out)
}

// tokensOf lists every token of a body; each field stands alone, so that no pair spans two of them.
func tokensOf(kind string, fields []string) string {
	tokens := []string{token(sortKind, []rune(kind)...)}
	seen := map[string]bool{}
	add := func(text string) {
		if !seen[text] {
			seen[text] = true
			tokens = append(tokens, text)
		}
	}
	for _, field := range fields {
		letters := []rune(strings.ReplaceAll(field, " ", ""))
		for i, r := range letters {
			add(token(sortLetter, r))
			add(token(sortInitial, hangul.Initial(r)))
			if i > 0 {
				before := letters[i-1]
				add(token(sortPair, before, r))
				add(token(sortInPair, hangul.Initial(before), hangul.Initial(r)))
			}
		}
	}
	return strings.Join(tokens, " ")
}

// syntax is how an engine writes a question to its full-text index.
type syntax struct{ and, or string }

func (s syntax) all(terms []string) string { return "(" + strings.Join(terms, s.and) + ")" }
func (s syntax) any(terms []string) string { return "(" + strings.Join(terms, s.or) + ")" }

// exact asks for every pair of a word's letters; a consonant alone is asked for among the initials.
func (s syntax) exact(word []rune) string {
	if len(word) == 1 {
		if hangul.IsInitial(word[0]) {
			return token(sortInitial, word[0])
		}
		return token(sortLetter, word[0])
	}
	terms := make([]string, 0, len(word))
	for i := 1; i < len(word); i++ {
		a, b := word[i-1], word[i]
		if hangul.IsInitial(a) || hangul.IsInitial(b) {
			terms = append(terms, token(sortInPair, hangul.Initial(a), hangul.Initial(b)))
			continue
		}
		terms = append(terms, token(sortPair, a, b))
	}
	return s.all(terms)
}

// Words that short or long are only looked for as they stand: a slip in one of them could mean anything.
const (
	slipRunesMin      = 2
	slipLatinRunesMin = 4
	slipRunesMax      = 12
)

// mayslip tells whether a word is worth reading generously.
func maySlip(word hangul.Word) bool {
	letters := []rune(word.Text)
	least := slipRunesMin
	if letters[0] < 'ㄱ' {
		least = slipLatinRunesMin
	}
	return word.Kind == hangul.Plain && len(letters) >= least && len(letters) <= slipRunesMax
}

// slipped asks for a word with any one letter wrong, missing or too many: for each letter, all letters and pairs that
// do not touch it.
func (s syntax) slipped(word []rune) string {
	ways := make([]string, 0, len(word))
	for wrong := range word {
		var terms []string
		for i, r := range word {
			if i == wrong {
				continue
			}
			terms = append(terms, token(sortLetter, r))
			if i > 0 && i-1 != wrong {
				terms = append(terms, token(sortPair, word[i-1], r))
			}
		}
		ways = append(ways, s.all(terms))
	}
	return s.any(ways)
}
