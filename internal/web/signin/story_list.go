package signin

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// storyNow is the instant at which every fixture stands: a Thursday evening in Seoul.
func storyNow() time.Time { return time.Date(2026, 11, 19, 9, 20, 0, 0, time.UTC) }

// Stories are the doors and the pages of one's own account from fixtures: normal, empty, long, huge and wrong.
func Stories() []ui.Story {
	list := append(doorStories(), accountStories()...)
	for i := range list {
		list[i].Group, list[i].Whole = "signin", true
	}
	return list
}

// story is a page for somebody who has not signed in.
func story(name, title string, content func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return ui.Story{Name: name, Render: func(loc ui.Loc) templ.Component {
		return content(loc, ui.Page{Title: loc.T(title), Loc: loc, Now: storyNow(), NoIndex: true, Path: "/signin",
			Place: ui.Place{Name: "성수동", Href: "/regions"}, Seller: ui.Seller{Name: "성수상인회", Broker: true}})
	}}
}

// mineStory is a page for somebody who has.
func mineStory(name, title string, content func(ui.Loc, ui.Page) templ.Component) ui.Story {
	return story(name, title, func(loc ui.Loc, p ui.Page) templ.Component {
		p.Viewer = &ui.Viewer{Name: "서연", Href: "/me", Unread: 2}
		return content(loc, p)
	})
}

func wrong(loc ui.Loc, field, key string) request.Problems {
	return request.Problems{{Field: field, Message: loc.T(key, "Min", account.PasswordMin, "Max", account.NameMax)}}
}

func doorStories() []ui.Story {
	list := []ui.Story{
		story("signup", "signin.up.title", func(_ ui.Loc, p ui.Page) templ.Component { return signUpPage(p, person{}) }),
		story("signup-error", "signin.up.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return signUpPage(p, person{Email: "서연@naver", Name: "", Next: "/d/dea_1", Problems: append(
				wrong(loc, "email", "account.email"), append(wrong(loc, "name", "account.name"),
					wrong(loc, "password", "account.password_short")...)...)})
		}),
		story("signin", "signin.in.title", func(_ ui.Loc, p ui.Page) templ.Component { return signInPage(p, coming{}) }),
		story("signin-demo", "signin.in.title", func(_ ui.Loc, p ui.Page) templ.Component {
			return signInPage(p, coming{Demo: true, Next: "/office"})
		}),
		story("signin-error", "signin.in.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return signInPage(p, coming{Email: "seoyeon@example.com", Problems: wrong(loc, "", "account.credentials")})
		}),
		story("forgot", "signin.forgot.title", func(_ ui.Loc, p ui.Page) templ.Component { return forgotPage(p, person{}) }),
		story("forgot-error", "signin.forgot.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return forgotPage(p, person{Email: "seoyeon", Problems: wrong(loc, "email", "account.email")})
		}),
		story("reset", "signin.reset.title", func(_ ui.Loc, p ui.Page) templ.Component { return resetPage(p, person{}) }),
		story("reset-error", "signin.reset.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return resetPage(p, person{Problems: wrong(loc, "password", "account.password_common")})
		}),
		story("setup", "signin.setup.title", func(_ ui.Loc, p ui.Page) templ.Component { return setupPage(p, person{}) }),
		story("setup-error", "signin.setup.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return setupPage(p, person{Email: "dure@example.com", Name: longName(),
				Problems: append(wrong(loc, "name", "account.name_long"), wrong(loc, "password", "account.password_mine")...)})
		}),
	}
	return append(list, letterStories()...)
}

func letterStories() []ui.Story {
	return []ui.Story{
		story("sent", "signin.sent.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return sentPage(p, sent{To: "seoyeon@example.com", Text: loc.T("signin.sent.confirm"), Again: "/signup"})
		}),
		story("sent-demo", "signin.sent.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return sentPage(p, sent{To: longAddress(), Text: loc.T("signin.sent.reset"), Again: "/forgot", Demo: true})
		}),
		story("confirm", "signin.confirm.title", func(_ ui.Loc, p ui.Page) templ.Component {
			return confirmPage(p, confirming{Email: "seoyeon@example.com", Known: true})
		}),
		story("confirm-error", "signin.confirm.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return confirmPage(p, confirming{Email: longAddress(), Problems: wrong(loc, "password", "account.password_wrong")})
		}),
		story("dead", "signin.dead.title", func(loc ui.Loc, p ui.Page) templ.Component {
			return deadPage(p, loc.T("account.link"), ui.Button{Label: loc.T("signin.dead.signup"), Look: ui.Primary,
				Href: "/signup"})
		}),
		story("outbox", "signin.outbox.title", func(_ ui.Loc, p ui.Page) templ.Component {
			return outboxPage(p, storyMails(), storyNow())
		}),
		story("outbox-empty", "signin.outbox.title", func(_ ui.Loc, p ui.Page) templ.Component {
			return outboxPage(p, nil, storyNow())
		}),
		story("mail", "signin.outbox.title", func(_ ui.Loc, p ui.Page) templ.Component {
			m := storyMails()[0]
			return mailPage(p, m, piecesOf("https://dure.example", m))
		}),
	}
}

func accountStories() []ui.Story {
	page := func(name string, change func(ui.Loc, *mine)) ui.Story {
		return mineStory(name, "signin.account.title", func(loc ui.Loc, p ui.Page) templ.Component {
			m := storyMine()
			change(loc, &m)
			return accountPage(p, m)
		})
	}
	return []ui.Story{
		mineStory("me", "signin.me.title", func(_ ui.Loc, p ui.Page) templ.Component { return mePage(p, true) }),
		mineStory("me-long", "signin.me.title", func(loc ui.Loc, p ui.Page) templ.Component {
			p.Viewer = &ui.Viewer{Name: longName(), Href: "/me", Roles: []ui.Link{
				{Label: loc.T("request.desk_office"), Href: "/office"}, {Label: loc.T("request.desk_console"), Href: "/admin"}}}
			return mePage(p, true)
		}),
		story("me-guest", "signin.me.title", func(_ ui.Loc, p ui.Page) templ.Component { return mePage(p, false) }),
		page("account", func(ui.Loc, *mine) {}),
		page("account-empty", func(_ ui.Loc, m *mine) { m.Sessions, m.Tokens = m.Sessions[:1], nil }),
		page("account-long", func(_ ui.Loc, m *mine) {
			m.Name, m.Account.Email = longName(), longAddress()
			m.Tokens[0].Label = strings.Repeat("가게 계산대에서 쓰는 ", 4) + "토큰"
			m.Sessions[0].Device = strings.Repeat("아주긴이름의브라우저", 6)
		}),
		page("account-token", func(_ ui.Loc, m *mine) {
			m.Fresh = "dure_tok_" + strings.Repeat("0k9q2m7x4a1z", 4)
		}),
		page("account-error", func(loc ui.Loc, m *mine) {
			m.Form, m.At = "password", append(wrong(loc, "old", "account.password_wrong"),
				wrong(loc, "password", "account.password_short")...)
		}),
		page("account-token-error", func(loc ui.Loc, m *mine) {
			m.Form, m.At = "token", append(wrong(loc, "label", "account.label"), wrong(loc, "old", "account.password_wrong")...)
		}),
	}
}

func longName() string {
	return "새벽 다섯 시부터 국수를 미는 성수동 뚝섬역 앞 할매손칼국수집 큰딸"
}

func longAddress() string {
	return "the.longest.address.anybody.would.type.by.hand@mail.neighbourhood.example"
}

func storyMine() mine {
	now := storyNow()
	return mine{Present: "ses_1", Name: "서연", Locale: "ko",
		Account: account.Account{Name: "서연", Email: "seoyeon@example.com", Locale: "ko"},
		Sessions: []account.Session{
			{ID: "ses_1", Device: "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/27.0", Address: "203.0.113.7",
				SeenAt: now.Add(-time.Minute)},
			{ID: "ses_2", Device: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/131.0",
				Address: "2001:db8:85a3::8a2e:370:7334",
				SeenAt:  now.Add(-30 * time.Hour)},
			{ID: "ses_3", Device: "curl", Address: "198.51.100.20", SeenAt: now.Add(-20 * 24 * time.Hour)},
		},
		Tokens: []account.Token{{ID: "tok_1", Label: "가게 계산대", ExpiresAt: now.Add(80 * 24 * time.Hour)}}}
}

func storyMails() []mail.Message {
	now := storyNow()
	return []mail.Message{
		{ID: "mai_1", To: "seoyeon@example.com", Name: "서연", Subject: "가입을 마쳐 주세요", At: now.Add(-time.Minute),
			Text: "서연님, 두레에 오신 걸 반겨요.\n아래 링크를 누르면 가입이 끝나요.\n\n" +
				"https://dure.example/signup/confirm?t=0k9q2m7x4a1z0k9q2m7x4a1z0k9q2m7x4a1z\n\n" +
				"가입한 적이 없다면 이 메일을 지워 주세요."},
		{ID: "mai_2", To: longAddress(), Name: longName(), At: now.Add(-50 * time.Hour),
			Subject: "손칼국수 두 그릇에 만두 한 접시가 모였어요. 이용권이 지갑에 들어 있어요"},
	}
}
