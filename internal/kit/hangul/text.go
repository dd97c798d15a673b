package hangul

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// The syllable block of Unicode: 19 initials by 21 vowels by 28 codas, in this order (The Unicode Standard, §3.12).
const (
	syllableFirst = '가'
	syllableLast  = '힣'
	codas         = 28
	vowels        = 21
)

var (
	initials = []rune("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
	medials  = []rune("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
	finals   = []rune("\x00ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
	// clusters are what a keyboard makes of two consonants typed after another: ㄳ is meant as ㄱㅅ.
	clusters = strings.NewReplacer("ㄳ", "ㄱㅅ", "ㄵ", "ㄴㅈ", "ㄶ", "ㄴㅎ", "ㄺ", "ㄹㄱ", "ㄻ", "ㄹㅁ", "ㄼ", "ㄹㅂ",
		"ㄽ", "ㄹㅅ", "ㄾ", "ㄹㅌ", "ㄿ", "ㄹㅍ", "ㅀ", "ㄹㅎ", "ㅄ", "ㅂㅅ")
)

// Normalise gives the form in which texts are compared: plain width, NFC, lower case, with everything that is not a
// letter, a digit or a pictograph turned into single spaces.
func Normalise(text string) string {
	text = norm.NFC.String(width.Fold.String(norm.NFC.String(text)))
	var b strings.Builder
	gap := false
	for _, r := range text {
		switch {
		case r == 0xfe0f || r == 0x200d: // joiners inside pictographs
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.So, r) && r != unicode.ReplacementChar:
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r):
		default:
			gap = true
		}
	}
	return b.String()
}

// Compact is Normalise without the spaces, since 삼겹살집 and 삼겹살 집 are the same to a reader.
func Compact(text string) string { return strings.ReplaceAll(Normalise(text), " ", "") }

// Unigrams gives every different letter of the text, in order of appearance.
func Unigrams(text string) []string { return grams([]rune(Compact(text)), 1) }

// Bigrams gives every different pair of neighbouring letters of the text, in order of appearance.
func Bigrams(text string) []string { return grams([]rune(Compact(text)), 2) }

func grams(runes []rune, size int) []string {
	var out []string
	seen := map[string]bool{}
	for i := 0; i+size <= len(runes); i++ {
		gram := string(runes[i : i+size])
		if !seen[gram] {
			seen[gram] = true
			out = append(out, gram)
		}
	}
	return out
}

// Choseong puts each syllable's initial consonant in its place and leaves all else: 삼겹살 2인분 is ㅅㄱㅅ 2ㅇㅂ.
func Choseong(text string) string {
	return strings.Map(Initial, Normalise(text))
}

// Initial gives a syllable's initial consonant, and any other rune as it is.
func Initial(r rune) rune {
	if r < syllableFirst || r > syllableLast {
		return r
	}
	return initials[(r-syllableFirst)/(vowels*codas)]
}

// IsInitial tells a consonant that can begin a syllable, as the keyboard types it alone.
func IsInitial(r rune) bool {
	return r >= 'ㄱ' && r <= 'ㅎ' && strings.ContainsRune(string(initials), r)
}

// Jamo takes syllables apart into letters: 삼겹 is ㅅㅏㅁㄱㅕㅂ.
func Jamo(text string) []rune {
	out := make([]rune, 0, 2*len(text))
	for _, r := range text {
		if r < syllableFirst || r > syllableLast {
			out = append(out, r)
			continue
		}
		place := r - syllableFirst
		out = append(out, initials[place/(vowels*codas)], medials[place/codas%vowels])
		if coda := place % codas; coda > 0 {
			out = append(out, finals[coda])
		}
	}
	return out
}
