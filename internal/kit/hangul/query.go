package hangul

import (
	"slices"
	"strings"
)

// What one query may ask for; the rest of a longer query is not looked at.
const (
	queryRunesMax = 100
	queryWordsMax = 6
	wordRunesMax  = 20
)

// Kind says how a word of a query was written.
type Kind uint8

// The ways to write a word.
const (
	Plain    Kind = iota // 삼겹살, coffee, 2인분
	Initials             // ㅅㄱㅅ
	Mixed                // 삼ㄱ살: typed in part
)

// Word is one word of a query, in normal form.
type Word struct {
	Text string
	Kind Kind
}

// QueryWords splits what a person typed into words, each once.
func QueryWords(query string) []Word {
	runes := []rune(query)
	if len(runes) > queryRunesMax {
		runes = runes[:queryRunesMax]
	}
	var words []Word
	for _, text := range strings.Fields(clusters.Replace(Normalise(string(runes)))) {
		if letters := []rune(text); len(letters) > wordRunesMax {
			text = string(letters[:wordRunesMax])
		}
		word := Word{text, kindOf(text)}
		if len(words) < queryWordsMax && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

func kindOf(text string) Kind {
	consonants, others := 0, 0
	for _, r := range text {
		if IsInitial(r) {
			consonants++
			continue
		}
		others++
	}
	switch {
	case consonants == 0:
		return Plain
	case others == 0:
		return Initials
	}
	return Mixed
}

// Find gives the place of a query's word in a text, both in normal form, or -1. A consonant of the word stands for any
// syllable that begins with it.
func Find(word, text []rune) int {
	for i := 0; i+len(word) <= len(text); i++ {
		if fits(word, text[i:]) {
			return i
		}
	}
	return -1
}

func fits(word, text []rune) bool {
	for i, r := range word {
		if r != text[i] && !(IsInitial(r) && Initial(text[i]) == r) {
			return false
		}
	}
	return true
}

// Distance counts the letters (jamo) by which a word differs from the most similar part of a text.
func Distance(word, text []rune) int {
	// previous[j] is the cost of the best match of the word's part so far that ends before text[j]; starting and
	// ending anywhere in the text is free.
	previous, current := make([]int, len(text)+1), make([]int, len(text)+1)
	for i, r := range word {
		current[0] = i + 1
		for j, other := range text {
			cost := previous[j]
			if r != other {
				cost++
			}
			current[j+1] = min(cost, previous[j+1]+1, current[j]+1)
		}
		previous, current = current, previous
	}
	return slices.Min(previous)
}

// SlipsAllowed is how many letters of a word may be wrong for it to still be meant: one in four, at most three.
func SlipsAllowed(word []rune) int { return min(len(word)/4, 3) }
