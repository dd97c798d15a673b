// Package i18n turns keys into sentences and numbers into words, in Korean first and in English.
//
// It owns the reading of catalogues (flat JSON files, a folder a language, plural objects by go-i18n's rules), the
// Korean particles (josa), and the writing of won, counts, shares, dates and spans of time. A Bundle is made once at
// the start and never changes; a Localizer is a small value a request carries.
//
// It will not read the clock (callers pass now), will not escape for HTML (the templates do), and holds no sentence
// of the product: those live in the catalogues of the packages that say them.
package i18n
