// Package hangul takes Korean (and any other) text apart for searching: a normal form, bigrams, initial consonants
// (choseong, 초성), letters (jamo) and a distance for spelling slips.
//
// Korean words grow endings and lose their spaces, so words are no good units of search; pairs of syllables are, and
// they need no dictionary. The package is pure: it owns no data and will not judge what a word means.
package hangul
