package i18n

import (
	"fmt"
	"strings"
	"unicode"
)

// final is how a word's last syllable sounds, which is all a particle needs to know.
type final uint8

const (
	finalUnknown final = iota
	finalVowel
	finalRieul
	finalConsonant
)

// particle holds the forms after a consonant, after a vowel, and when the sound cannot be known.
type particle struct{ consonant, vowel, unknown string }

// particleOf knows each pair in either order, because people write 이/가 but 와/과.
func particleOf(pair string) (particle, bool) {
	switch pair {
	case "은/는", "는/은":
		return particle{"은", "는", "은(는)"}, true
	case "이/가", "가/이":
		return particle{"이", "가", "이(가)"}, true
	case "을/를", "를/을":
		return particle{"을", "를", "을(를)"}, true
	case "과/와", "와/과":
		return particle{"과", "와", "와(과)"}, true
	case "(으)로", "으로/로", "로/으로":
		return particle{"으로", "로", "(으)로"}, true
	case "이에요/예요", "예요/이에요":
		return particle{"이에요", "예요", "이에요"}, true
	case "아/야", "야/아":
		return particle{"아", "야", "아(야)"}, true
	case "이랑/랑", "랑/이랑", "(이)랑":
		return particle{"이랑", "랑", "(이)랑"}, true
	case "이나/나", "나/이나", "(이)나":
		return particle{"이나", "나", "(이)나"}, true
	}
	return particle{}, false
}

// Josa chooses the particle of a pair ("은/는", "이/가", "을/를", "와/과", "(으)로", "이에요/예요") that follows the word.
// Words are judged as they are read aloud: Hangul by its last syllable, digits and Latin letters by their Korean
// reading. A note in round brackets is skipped, as Korean spelling wants: 두레(주)는. It fails on an unknown pair.
func Josa(word, pair string) (string, error) {
	forms, ok := particleOf(pair)
	if !ok {
		return "", fmt.Errorf("i18n: no particle %q", pair)
	}
	switch sound := soundOf(word); {
	case sound == finalUnknown:
		return forms.unknown, nil
	case sound == finalVowel, sound == finalRieul && forms.vowel == "로":
		return forms.vowel, nil
	}
	return forms.consonant, nil
}

// soundOf finds the last thing that is read aloud and how it ends.
func soundOf(word string) final {
	runes := trimUnread([]rune(word))
	if len(runes) == 0 {
		return finalUnknown
	}
	last := runes[len(runes)-1]
	switch {
	case last >= '가' && last <= '힣':
		return soundOfCoda(int(last-'가') % 28)
	case last >= 'ㄱ' && last <= 'ㅎ':
		if last == 'ㄹ' {
			return finalRieul
		}
		return finalConsonant
	case last >= 'ㅏ' && last <= 'ㅣ', last == '%', last == '℃':
		return finalVowel
	case last >= '0' && last <= '9':
		return soundOfNumber(runes)
	case isLatin(last):
		return soundOfLatin(runes)
	}
	return finalUnknown
}

// rieulCoda is ㄹ's place among the 28 codas of the Unicode syllable table.
const rieulCoda = 8

func soundOfCoda(coda int) final {
	switch coda {
	case 0:
		return finalVowel
	case rieulCoda:
		return finalRieul
	}
	return finalConsonant
}

// trimUnread drops what is not read at the end: space, quotes, stops, emoji, and a bracketed note after a word.
func trimUnread(runes []rune) []rune {
	for len(runes) > 0 {
		last := runes[len(runes)-1]
		if last == ')' || last == '）' {
			if open := openingOf(runes); open > 0 && len(trimUnread(runes[:open])) > 0 {
				runes = runes[:open]
				continue
			}
		}
		if unicode.IsLetter(last) || unicode.IsDigit(last) || last == '%' || last == '℃' {
			break
		}
		runes = runes[:len(runes)-1]
	}
	return runes
}

// openingOf finds the bracket that the last rune closes, or -1.
func openingOf(runes []rune) int {
	depth := 0
	for i := len(runes) - 1; i >= 0; i-- {
		switch runes[i] {
		case ')', '）':
			depth++
		case '(', '（':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// soundOfNumber reads the last digit, or the power of ten where the number ends in zeros: 십, 백, 천, 만, 억, 조.
func soundOfNumber(runes []rune) final {
	zeros, decimals := 0, false
	i := len(runes) - 1
	for ; i >= 0 && (runes[i] == '0' || runes[i] == ','); i-- {
		if runes[i] == '0' {
			zeros++
		}
	}
	if i >= 0 && runes[i] == '.' {
		decimals = true
	}
	if zeros > 0 {
		if !decimals && i >= 0 && runes[i] >= '1' && runes[i] <= '9' && zeros >= 12 && zeros < 16 {
			return finalVowel
		}
		return finalConsonant
	}
	switch runes[len(runes)-1] {
	case '1', '7', '8':
		return finalRieul
	case '3', '6':
		return finalConsonant
	}
	return finalVowel
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// soundOfLatin guesses the Korean reading of a Latin word: units after a number, capitals letter by letter, words by
// their usual transcription. It is a guess; names that matter are written in Hangul.
func soundOfLatin(runes []rune) final {
	start := len(runes)
	for start > 0 && isLatin(runes[start-1]) {
		start--
	}
	word := string(runes[start:])
	if start > 0 && unicode.IsDigit(runes[start-1]) {
		if sound := soundOfUnit(word); sound != finalUnknown {
			return sound
		}
	}
	if word == strings.ToUpper(word) || len(word) == 1 {
		return soundOfLetter(word[len(word)-1])
	}
	return soundOfWord(strings.ToLower(word))
}

// soundOfUnit knows the units of a price list: grams end in ㅁ, litres and metres in a vowel.
func soundOfUnit(word string) final {
	switch word {
	case "g", "kg", "mg":
		return finalConsonant
	case "l", "L", "ml", "mL", "cm", "mm", "m", "km":
		return finalVowel
	}
	return finalUnknown
}

// soundOfLetter reads a letter by its name: 엘, 엠, 엔 and 알 close, all others end in a vowel.
func soundOfLetter(letter byte) final {
	switch letter {
	case 'L', 'l', 'R', 'r':
		return finalRieul
	case 'M', 'm', 'N', 'n':
		return finalConsonant
	}
	return finalVowel
}

func soundOfWord(word string) final {
	switch {
	case strings.HasSuffix(word, "le"), strings.HasSuffix(word, "l"):
		return finalRieul
	case strings.HasSuffix(word, "m"), strings.HasSuffix(word, "n"), strings.HasSuffix(word, "ng"),
		strings.HasSuffix(word, "me"), strings.HasSuffix(word, "ne"), strings.HasSuffix(word, "ck"):
		return finalConsonant
	}
	last, before, third := word[len(word)-1], word[len(word)-2], byte(' ')
	if len(word) > 2 {
		third = word[len(word)-3]
	}
	// A stop after one short vowel becomes a coda (컵, 북, 인터넷); after two vowels or a consonant it gets a vowel (코트, 파크).
	if strings.IndexByte("bcpkt", last) >= 0 {
		short := isVowelLetter(before) && (!isVowelLetter(third) || before == third)
		if short || before == last {
			return finalConsonant
		}
	}
	return finalVowel
}

func isVowelLetter(letter byte) bool { return strings.IndexByte("aeiou", letter) >= 0 }
