package pagetest_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/doctor"
)

const (
	plainForm = "application/x-www-form-urlencoded"
	jsonBody  = "application/json"
)

// target is one write that somebody may do, and how it is done rightly.
type target struct {
	pattern, address string
	who              *person
	fields           url.Values
	body             map[string]any
	of               sample
}

// completeWrites fails for a write that has no line, and for a line that has no address.
func completeWrites(t *testing.T, s *site) {
	known := writes()
	all := patterns(t, s)
	for _, pattern := range all {
		if _, has := known[pattern]; !has && strings.HasPrefix(pattern, "POST ") {
			t.Errorf("no line says who may %q", pattern)
		}
	}
	for pattern := range known {
		if !slices.Contains(all, pattern) {
			t.Errorf("a line speaks of %q, which the server does not have", pattern)
		}
	}
}

// targetsMax is how many of a write's forms are besieged.
const targetsMax = 2

// targets finds, for every write, the forms that pages showed, or makes what its line says.
func (p *walk) targets(c chosen, people []*person) (list []target) {
	p.t.Helper()
	table := writes()
	order := slices.SortedFunc(maps.Keys(table), func(a, b string) int {
		return cmp.Or(ending(a)-ending(b), cmp.Compare(a, b))
	})
	for _, pattern := range order {
		line := table[pattern]
		found := 0
		for _, f := range p.forms[pattern] {
			if f.who.actor.SignedIn() != (line.wanted(&person{}, sample{})[0] == ok) && found < targetsMax {
				list = append(list, target{pattern: pattern, address: f.action, who: f.who, fields: ready(f.fields)})
				found++
			}
		}
		if found == 0 && line.as != "" {
			list = append(list, p.made(c, people, pattern, line))
			found++
		}
		if found == 0 {
			p.t.Errorf("%q is shown on no page and its line does not say how it is sent", pattern)
		}
	}
	return list
}

// ending sorts what takes something away behind what would miss it: shops from the market, people from shops, and in
// the end everybody's session.
func ending(pattern string) int {
	for i, last := range []string{"/people/remove", "/places/{branch}/close", "/admin/", "/account/sessions", "/signout"} {
		if strings.Contains(pattern, last) {
			return i + 1
		}
	}
	return 0
}

// made is a target that no page shows.
func (p *walk) made(c chosen, people []*person, pattern string, line write) target {
	p.t.Helper()
	at := slices.IndexFunc(people, func(who *person) bool { return who.name == line.as })
	if at < 0 {
		p.t.Fatalf("%s: nobody is called %s", pattern, line.as)
	}
	x := target{pattern: pattern, who: people[at], fields: url.Values{}}
	_, path, _ := strings.Cut(pattern, " ")
	x.of = line.best(x.who, of(c, line.kind))
	x.address = fill(path, x.of)
	for name, values := range line.fields {
		for _, v := range values {
			x.fields.Add(name, c.put(v))
		}
	}
	if line.body != nil {
		x.body = map[string]any{}
		for name, v := range line.body {
			if text, isText := v.(string); isText {
				v = c.put(text)
			}
			x.body[name] = v
		}
	}
	return x
}

// best is a thing that somebody may do it to.
func (l write) best(who *person, all []sample) sample {
	for _, s := range all {
		if answers := l.wanted(who, s); answers[0] == ok && !s.none {
			return s
		}
	}
	return all[0]
}

// ready fills in what a form leaves for its reader to type.
func ready(fields url.Values) url.Values {
	typed := map[string]string{"password": "demo-only", "old": "demo-only", "email": "someone@example.com",
		"reason": "확인했어요. 다시 살펴봐 주세요.", "won": "1000", "label": "계산대",
		"name":      "두레 손님",
		"code":      "ABCD-EFGH-JKMN",
		"bank_code": "004", "bank_account": "110123456789", "bank_holder": "김두레", "comment": "잘 먹었어요."}
	out := url.Values{}
	for name, values := range fields {
		out[name] = slices.Clone(values)
		if len(values) == 1 && values[0] == "" {
			out[name] = []string{typed[name]}
		}
	}
	return out
}

// rightsOfWrites sends every write as everybody whom the matrix does not let, on both engines.
func (p *walk) rightsOfWrites(c chosen, people []*person, list []target) {
	p.t.Helper()
	table, asked := writes(), 0
	for _, x := range list {
		_, path, _ := strings.Cut(x.pattern, " ")
		for _, who := range people {
			for _, s := range of(c, table[x.pattern].kind) {
				want, there := table[x.pattern].wanted(who, s), s
				there.none = false
				if slices.Contains(table[x.pattern].wanted(who, there), ok) || s.public {
					continue // may, whatever the answer for this one thing
				}
				y := x
				y.address, y.who = fill(path, s), who
				for i, on := range []*site{p.lite, p.big} {
					c := y.call(i, y.body, y.fields)
					c.header = http.Header{"Idempotency-Key": {fmt.Sprintf("pagetest-right-%05d", asked)}}
					got := on.send(c)
					asked++
					if !slices.Contains(want, got.status) || got.status == led && !leads(got) {
						p.t.Errorf("%s as %s on %s (%s %q of %s%s): %d, want %v; to %q", y.address, who.name, on.DB.Engine(),
							s.kind, s.state, s.on.MerchantID, s.on.AccountID, got.status, want, got.header.Get("Location"))
					}
				}
			}
		}
	}
	p.t.Logf("%d refusals", asked)
}

// leads reports that somebody was led away instead of served.
func leads(a answer) bool {
	to := a.header.Get("Location")
	return strings.HasPrefix(to, "/signin") || to == "/counter" || to == "/office/new"
}

// call is the request of a target, with other fields or another body.
func (x target) call(engine int, body map[string]any, fields url.Values) call {
	c := call{method: http.MethodPost, address: x.address, lang: x.who.lang, cookies: x.who.lite, key: x.who.liteKey,
		kind: plainForm}
	if engine > 0 {
		c.cookies, c.key = x.who.big, x.who.bigKey
	}
	if x.body == nil {
		c.body = strings.NewReader(fields.Encode())
		return c
	}
	text, err := json.Marshal(body)
	if err != nil {
		text = []byte("{}")
	}
	c.kind, c.body = jsonBody, bytes.NewReader(text)
	return c
}

// long is more than any field takes.
var long = strings.Repeat("가나다 ", 8_000)

// texts are what nobody should type.
func texts(foreign string) []string {
	return []string{"", "abc", "-1", "0", "9223372036854775807", "99999999999999999999999999", "1e9", "0x10",
		"한글 🍜 שלום \u202e", "\x00", "\xff\xfe", long, "<script>alert(1)</script>", "'; DROP TABLE deal; --",
		foreign, no, "2026-02-30", "../../etc/passwd"}
}

// telling are those that each field gets alone, beside others that are right.
func telling(foreign string) []string {
	return []string{"", "-1", "9223372036854775807", "\x00", "\xffx", "한글 🍜 \u202e", foreign}
}

// jsons are values of every wrong type.
func jsons(foreign string) []any {
	return []any{nil, "", "abc", -1, 0, 1.5, int64(1) << 62, json.RawMessage("1e400"), true, []int{1},
		map[string]int{"x": 1}, "한글 🍜 \u202e", "\x00", long, foreign}
}

// siege is the sweep of one site.
type siege struct {
	*site
	engine  int
	foreign string
	asked   int
	keys    int
}

// besiege sends everything that is wrong to every write, on both sites at once.
func (p *pair) besiege(c chosen, list []target) {
	p.t.Helper()
	var all sync.WaitGroup
	for engine, on := range []*site{p.lite, p.big} {
		all.Go(func() {
			s := &siege{site: on, engine: engine, foreign: c.foreign()}
			for _, x := range list {
				s.wrong(x)
			}
			for _, x := range list {
				s.twice(x)
			}
			p.t.Logf("%s: %d requests", on.DB.Engine(), s.asked)
		})
	}
	all.Wait()
}

// wrong sends one write wrongly in every way.
func (s *siege) wrong(x target) {
	if x.body != nil {
		s.wrongBody(x)
	} else {
		s.wrongFields(x)
	}
	huge := x.call(s.engine, nil, nil)
	huge.body = io.LimitReader(endless{}, 10<<20)
	s.check(x, "10 MB", huge)
	for kind, text := range map[string]string{"text/plain": "x",
		"multipart/form-data; boundary=x": "--x\r\nContent-Disposition",
		"multipart/form-data":             "", "": "\xff\x00", jsonBody: `{"x": [`, plainForm: "%zz=%%%&=;&\x00=\xff"} {
		bad := x.call(s.engine, nil, nil)
		bad.kind, bad.body = kind, strings.NewReader(text)
		s.check(x, "a body of "+cmp.Or(kind, "no kind"), bad)
	}
}

func (s *siege) wrongFields(x target) {
	s.check(x, "no fields", x.call(s.engine, nil, url.Values{}))
	names := slices.Sorted(maps.Keys(x.fields))
	for _, text := range texts(s.foreign) {
		all := url.Values{}
		for _, name := range names {
			all.Set(name, text)
		}
		s.check(x, fmt.Sprintf("all fields %.20q", text), x.call(s.engine, nil, all))
	}
	for _, name := range names {
		less := maps.Clone(x.fields)
		delete(less, name)
		s.check(x, "without "+name, x.call(s.engine, nil, less))
		for _, text := range telling(s.foreign) {
			other := maps.Clone(x.fields)
			other[name] = []string{text}
			s.check(x, fmt.Sprintf("%s %.20q", name, text), x.call(s.engine, nil, other))
		}
		many := maps.Clone(x.fields)
		many[name] = slices.Repeat([]string{"x"}, 500)
		s.check(x, "500 times "+name, x.call(s.engine, nil, many))
	}
}

func (s *siege) wrongBody(x target) {
	s.check(x, "no key", x.call(s.engine, x.body, nil))
	for _, name := range slices.Sorted(maps.Keys(x.body)) {
		less := maps.Clone(x.body)
		delete(less, name)
		s.check(x, "without "+name, s.keyed(x.call(s.engine, less, nil)))
		for _, value := range jsons(s.foreign) {
			other := maps.Clone(x.body)
			other[name] = value
			s.check(x, fmt.Sprintf("%s %.20v", name, value), s.keyed(x.call(s.engine, other, nil)))
		}
	}
	for _, text := range []string{"", "[]", "null", "1", `"x"`, "{", "{}", "\xff\xfe", `{"\u0000": "\ud800"}`} {
		bad := s.keyed(x.call(s.engine, nil, nil))
		bad.body = strings.NewReader(text)
		s.check(x, "body "+text, bad)
	}
	for _, key := range []string{"\x00", "한글-🍜-key", strings.Repeat("k", 5_000), "\xff"} {
		bad := x.call(s.engine, x.body, nil)
		bad.header = http.Header{"Idempotency-Key": {key}}
		s.check(x, fmt.Sprintf("key %.10q", key), bad)
	}
}

// keyed gives a request an idempotency key of its own.
func (s *siege) keyed(c call) call {
	s.keys++
	c.header = http.Header{"Idempotency-Key": {fmt.Sprintf("pagetest-key-%05d", s.keys)}}
	return c
}

// twice sends one write rightly, two times under the same key: the answer is the same.
func (s *siege) twice(x target) {
	c := s.keyed(x.call(s.engine, x.body, x.fields))
	first := s.check(x, "as it is", c)
	c.body = x.call(s.engine, x.body, x.fields).body
	again := s.check(x, "as it is, again", c)
	if x.body == nil && !x.fields.Has("key") || first.status >= http.StatusBadRequest {
		return
	}
	if first.status != again.status || location(first) != location(again) {
		s.t.Errorf("%s on %s: %d to %s, and the same again %d to %s", x.address, s.DB.Engine(), first.status, location(first),
			again.status, location(again))
	}
}

// check sends a request and holds the answer to what holds for all: no failure of ours, in the reader's language.
func (s *siege) check(x target, what string, c call) answer {
	s.asked++
	got := s.send(c)
	said := s.said.take()
	if got.status >= http.StatusInternalServerError || said != "" {
		s.t.Errorf("%s as %s on %s, %s: %d %s", x.address, x.who.name, s.DB.Engine(), what, got.status, said)
	}
	kind := got.header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "text/html") && strings.Contains(got.body, "<html"):
		if !strings.Contains(got.body, `<html lang="`+x.who.lang+`"`) {
			s.t.Errorf("%s as %s, %s: not in %s", x.address, x.who.name, what, x.who.lang)
		}
	case strings.HasPrefix(kind, "application/problem+json"):
		var problem struct{ Code, Detail string }
		if err := json.Unmarshal([]byte(got.body), &problem); err != nil || problem.Code == "" ||
			korean(problem.Detail) != (x.who.lang == "ko") {
			s.t.Errorf("%s as %s, %s: %d %s", x.address, x.who.name, what, got.status, got.body)
		}
	case got.status >= http.StatusBadRequest && !strings.HasPrefix(x.address, "/hooks/"):
		s.t.Errorf("%s as %s, %s: %d without words for people: %s %.100q", x.address, x.who.name, what, got.status, kind,
			got.body)
	}
	return got
}

func korean(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r >= '가' && r <= '힣' })
}

// endless is a body without an end, of letters.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// sound lets all work happen and asks the doctor, on both sites at once.
func (p *pair) sound(t *testing.T) {
	t.Helper()
	var all sync.WaitGroup
	for _, on := range []*site{p.lite, p.big} {
		all.Go(func() { on.sound(t) })
	}
	all.Wait()
}

func (s *site) sound(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	if err := s.RunAll(ctx); err != nil {
		t.Error(err)
		return
	}
	report, err := doctor.Check(ctx, s.DB, doctor.Options{Gateway: s.Gateway, Media: s.Media})
	if err != nil {
		t.Error(err)
		return
	}
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			t.Errorf("%s on %s: %+v", a.Question, s.DB.Engine(), f)
		}
	}
}
