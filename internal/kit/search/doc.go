// Package search finds objects by what people type, with the same answers on both engines.
//
// Texts are cut into pairs of letters by kit/hangul; the engine's full-text index only narrows the field, and every
// candidate is then compared in Go, so that what is found, and in which order, does not depend on the engine. A word
// is found inside a longer one, by its initial consonants, and, when nothing fits exactly, with a slip of the pen.
//
// The package owns the tables kit_search and kit_search_word. It will not decide who may see what it finds, nor join
// to other tables: it answers ids.
package search
