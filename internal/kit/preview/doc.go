// Package preview reads what a page says of itself for those who link to it: its title, a sentence and a picture, by
// Open Graph (ogp.me) and, where that is missing, by plain HTML.
//
// It reads the head only, in whatever letters the page is written (UTF-8, EUC-KR, CP949 and the rest of the web's), and
// believes nothing: texts are plain and short, addresses are whole and of the web. It fetches nothing; kit/fetch does.
package preview
