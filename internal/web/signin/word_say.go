package signin

import (
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// deviceName puts what a browser says of itself into the words a person knows it by.
func deviceName(loc ui.Loc, agent string) string {
	system := first(agent, [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "Chromebook"},
		{"Mac OS X", "Mac"}, {"Linux", "Linux"},
	})
	browser := first(agent, [][2]string{
		{"KAKAOTALK", "KakaoTalk"}, {"NAVER", "NAVER"}, {"Whale/", "Whale"}, {"SamsungBrowser", "Samsung Internet"},
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"},
		{"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	})
	switch {
	case system == "" && browser == "":
		return loc.T("signin.account.unknown_device")
	case system == "":
		return browser
	case browser == "":
		return system
	}
	return system + " · " + browser
}

func first(agent string, signs [][2]string) string {
	for _, sign := range signs {
		if strings.Contains(agent, sign[0]) {
			return sign[1]
		}
	}
	return ""
}

// tokenDays are the lives of a token that the form offers.
func tokenDays(loc ui.Loc) []ui.Choice {
	var choices []ui.Choice
	for _, days := range []int{7, 30, 90, 365} {
		choices = append(choices, ui.Choice{
			Value: strconv.Itoa(days), Label: loc.T("signin.token.some_days", "Count", days),
		})
	}
	return choices
}

// tokenProblems leads the summary's links to the token form, whose fields share the page with those of the password.
func tokenProblems(problems request.Problems) []ui.FieldError {
	var out []ui.FieldError
	for _, p := range problems {
		field := p.Field
		if field == "old" {
			field = "password"
		}
		if field != "" {
			field = "token-" + field
		}
		out = append(out, ui.FieldError{Field: field, Message: p.Message})
	}
	return out
}
