package account

import "strings"

// maskSign stands for what a mask hides, as Korean forms write it.
const maskSign = "○"

// Masked is a name as people at a counter may see it: enough to greet, too little to look up. "김나영" is "김○영",
// "남궁민수" is "남○○수", "Mina Kim" is "M○○○ K○○".
func Masked(name string) string {
	words := strings.Fields(name)
	for i, word := range words {
		words[i] = maskWord([]rune(word), len(words) == 1 && isHangul(word))
	}
	return strings.Join(words, " ")
}

// maskWord keeps the first letter, and of a Korean name written as one word the last.
func maskWord(letters []rune, keepLast bool) string {
	var b strings.Builder
	for i, letter := range letters {
		if i == 0 && len(letters) > 1 || keepLast && i > 1 && i == len(letters)-1 {
			b.WriteRune(letter)
			continue
		}
		b.WriteString(maskSign)
	}
	return b.String()
}

func isHangul(word string) bool {
	for _, r := range word {
		if r < '가' || r > '힣' {
			return false
		}
	}
	return true
}
