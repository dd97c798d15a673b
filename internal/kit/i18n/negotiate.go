package i18n

import "golang.org/x/text/language"

// acceptLanguageMax bounds how many bytes of a header are read; browsers send well under a hundred.
const acceptLanguageMax = 256

// Negotiate chooses the page's language: what the reader picked before (the cookie's value), else what the browser
// asks for, else Korean. A browser that asks only for languages we do not speak gets English.
func Negotiate(acceptLanguage, cookie string) string {
	for _, lang := range languages() {
		if cookie == lang {
			return lang
		}
	}
	if len(acceptLanguage) > acceptLanguageMax {
		acceptLanguage = acceptLanguage[:acceptLanguageMax]
	}
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return Korean
	}
	for _, tag := range wanted {
		base, _ := tag.Base()
		for _, lang := range languages() {
			if base.String() == lang {
				return lang
			}
		}
	}
	if wanted[0] == language.Und || wanted[0].String() == "mul" {
		return Korean
	}
	return English
}
