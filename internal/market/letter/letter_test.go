package letter_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/letter"
)

func words(t *testing.T) *i18n.Bundle {
	t.Helper()
	bundle, err := i18n.New(fstest.MapFS{
		"ko/t.json": {Data: []byte(`{"ui.name":"두레","mail.foot":"{{.Base}}에서","t.subject":"{{.Name}}님, 열렸어요",
			"t.body":"{{.Name}}님 안녕하세요.\n\n{{.Shop}} 소식이에요.","t.button":"보러 가기"}`)},
		"ko/n.json": {Data: []byte(`{"n.subject":"{{count .Firm}}명","n.body":"{{won .Won}}이에요."}`)},
		"en/n.json": {Data: []byte(`{"n.subject":"{{count .Firm}} people","n.body":"It is {{won .Won}}."}`)},
		"en/t.json": {Data: []byte(`{"ui.name":"Dure","mail.foot":"from {{.Base}}","t.subject":"Open, {{.Name}}",
			"t.body":"Dear {{.Name}}.\n\nNews of {{.Shop}}.","t.button":"Look"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return bundle
}

func post(t *testing.T) (letter.Post, *mail.Memory, *db.DB, *queue.Queue) {
	t.Helper()
	d, _ := dbtest.SQLite(t)
	memory := &mail.Memory{}
	p := letter.Post{Mailer: memory, Words: words(t), Base: "https://dure.example", DB: d}
	q := queue.New(d, queue.Options{Node: "a"})
	q.Handle(letter.Kind, queue.Policy{}, p.Deliver)
	return p, memory, d, q
}

func send(t *testing.T, d *db.DB, letters ...letter.Letter) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, l := range letters {
			letter.Send(tx, l)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLettersAreMailedInTheReadersLanguage(t *testing.T) {
	_, memory, d, q := post(t)
	args := map[string]any{"Shop": "국수집 <b>"}
	send(t, d,
		letter.Letter{To: "kim@example.com", Name: "김이웃", Locale: "ko", Key: "t", Args: args, Href: "/d/1?a=1&b=2"},
		letter.Letter{To: "lee@example.com", Name: "Lee", Locale: "en", Key: "t", Args: args, Once: "one"},
		letter.Letter{To: "lee@example.com", Name: "Lee", Locale: "en", Key: "t", Args: args, Once: "one"})
	if _, err := q.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := memory.Sent()
	if len(sent) != 2 {
		t.Fatalf("%d mails", len(sent))
	}
	korean, english := sent[0], sent[1]
	if korean.Subject != "김이웃님, 열렸어요" || !strings.Contains(korean.Text, "국수집 <b> 소식이에요.") ||
		!strings.Contains(korean.Text, "보러 가기\nhttps://dure.example/d/1?a=1&b=2") ||
		!strings.Contains(korean.Text, "dure.example에서") {
		t.Errorf("korean: %+v", korean)
	}
	if strings.Contains(korean.HTML, "<b>") ||
		!strings.Contains(korean.HTML, `href="https://dure.example/d/1?a=1&amp;b=2"`) {
		t.Errorf("html: %s", korean.HTML)
	}
	if english.Subject != "Open, Lee" || strings.Contains(english.HTML, "<a ") {
		t.Errorf("english: %+v", english)
	}
}

func TestNamesCannotAddHeaders(t *testing.T) {
	p, memory, _, _ := post(t)
	if err := p.Mail(t.Context(), "eml_1", letter.Letter{
		To: "kim@example.com", Name: "kim", Locale: "ko", Key: "t",
		Args: map[string]any{"Name": "kim\r\nBcc: all@example.com", "Shop": "x"},
	}); err != nil {
		t.Fatal(err)
	}
	if sent := memory.Sent(); strings.ContainsAny(sent[0].Subject, "\r\n") {
		t.Errorf("%q", sent[0].Subject)
	}
}

func TestFailuresAreTriedAgainOrNot(t *testing.T) {
	p, memory, d, q := post(t)
	memory.Fail(mail.ErrUnavailable)
	err := p.Mail(t.Context(), "eml_1", letter.Letter{To: "kim@example.com", Locale: "ko", Key: "t"})
	if !errors.Is(err, mail.ErrUnavailable) {
		t.Errorf("later: %v", err)
	}
	memory.Fail(mail.ErrRefused)
	send(t, d, letter.Letter{To: "kim@example.com", Locale: "ko", Key: "t"}, letter.Letter{To: "not an address", Key: "t"})
	if _, err := q.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	stuck, err := queue.Stuck(t.Context(), d, queue.StuckJob{}, 10)
	if err != nil || len(stuck) != 2 {
		t.Errorf("stuck %v, %v", stuck, err)
	}
}

// TestNumbersOfLettersStayNumbers: a letter waits as text, and its numbers are written as catalogues write numbers.
func TestNumbersOfLettersStayNumbers(t *testing.T) {
	_, memory, d, q := post(t)
	send(t, d, letter.Letter{To: "kim@example.com", Name: "김이웃", Locale: "ko", Key: "n",
		Args: map[string]any{"Firm": int64(1_200), "Won": int64(9_007_199_254_740_993)}})
	if _, err := q.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := memory.Sent()
	if len(sent) != 1 || sent[0].Subject != "1,200명" || !strings.Contains(sent[0].Text, "9,007,199,254,740,993원") {
		t.Errorf("%+v", sent)
	}
}
