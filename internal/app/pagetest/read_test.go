package pagetest_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dure-commerce/dure/internal/kit/routetable"
)

// passing are ids that a page draws for a form: they are fresh on every look.
var passing = regexp.MustCompile(`\b(key|err|ses|tok|imp)_[0-9a-z]{26}|\b[0-9a-z]{10}</code>`)

// TestTheSite runs its parts in order over one pair of worlds.
func TestTheSite(t *testing.T) {
	p := newPair(t)
	t.Logf("built in %s and %s", p.lite.Took, p.big.Took)
	c := p.lite.choose()
	if diff := cmp.Diff(c, p.big.choose(), cmp.AllowUnexported(chosen{}, sample{})); diff != "" {
		t.Errorf("the worlds of both engines differ:\n%s", diff)
	}
	for _, s := range []*site{p.lite, p.big} {
		s.keep(c)
	}
	people := p.people(c)
	all := append(slices.Clone(people), p.others(c)...)
	t.Run("every address is in a table", func(t *testing.T) { complete(t, p.lite); completeWrites(t, p.lite) })
	w := &walk{pair: p, seen: map[string]map[string]bool{}, forms: map[string][]filled{}}
	t.Run("every page to everybody", func(t *testing.T) { p.t = t; w.readAll(c, people) })
	t.Run("where pages lead", func(t *testing.T) { p.t = t; w.more(c, all); w.follow() })
	t.Run("nobody writes who may not", func(t *testing.T) { p.t = t; w.rightsOfWrites(c, people, w.targets(c, all)) })
	t.Run("whatever is sent", func(t *testing.T) { p.t = t; p.besiege(c, w.targets(c, all)) })
	t.Run("all is sound", p.sound)
}

// walk is a visit of all pages, which remembers what they offer.
type walk struct {
	*pair
	seen  map[string]map[string]bool // person → addresses seen
	queue []step
	forms map[string][]filled // pattern → forms met, as somebody
}

// step is a link that a page offers somebody.
type step struct {
	who        *person
	from, link string
}

// filled is a form as a page showed it to somebody.
type filled struct {
	form
	who  *person
	from string
}

// patterns asks the server for all its addresses.
func patterns(t *testing.T, s *site) []string {
	t.Helper()
	mux, isMux := s.Handler.(*http.ServeMux)
	if !isMux {
		t.Fatal("the site's handler is no http.ServeMux any more")
	}
	list, err := routetable.Patterns(mux)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// complete fails for an address that has no line, and for a line that has no address.
func complete(t *testing.T, s *site) {
	known := pages()
	all := patterns(t, s)
	for _, pattern := range all {
		if strings.HasPrefix(pattern, "POST ") {
			continue
		}
		if _, has := known[pattern]; !has {
			t.Errorf("no line says who may read %q", pattern)
		}
	}
	for pattern := range known {
		if !slices.Contains(all, pattern) {
			t.Errorf("a line speaks of %q, which the server does not have", pattern)
		}
	}
}

// readAll visits every page with every thing it may name, as everybody.
func (p *walk) readAll(c chosen, people []*person) {
	table := pages()
	asked := 0
	for _, pattern := range patterns(p.t, p.lite) {
		line, has := table[pattern]
		if !has {
			continue
		}
		path := strings.TrimPrefix(pattern, "GET ")
		for _, who := range people {
			for _, s := range of(c, line.kind) {
				p.read(who, path, "", line.wanted, s)
				asked++
			}
			for _, query := range line.query {
				p.read(who, path, query, line.wanted, of(c, line.kind)[0])
				asked++
			}
		}
	}
	p.t.Logf("%d pages", asked)
}

// of gives the things a pattern can name.
func of(c chosen, kind string) []sample {
	switch kind {
	case "":
		return []sample{{}}
	case "story":
		return []sample{{id: "page", also: "deal"}, {id: "none", also: "none", none: true}}
	case "sitemap":
		return []sample{{id: "1"}, {id: "shops-1"}, {id: "none", none: true}}
	case "lang":
		return []sample{{id: "ko"}, {id: "en"}, {id: "fr", none: true}}
	case "part":
		var list []sample
		for _, s := range c.things["deal"] {
			s.also = "meter"
			list = append(list, s)
		}
		list[0].also, list[1].also = "act", "state"
		return append(list, sample{id: list[0].id, also: "none", none: true, kind: "deal"})
	case "wishpart":
		var list []sample
		for i, s := range c.things["wish"] {
			s.also = []string{"state", "meter", "act", "offers", "way"}[i%5]
			list = append(list, s)
		}
		return append(list, sample{id: list[0].id, also: "none", none: true, kind: "wish"})
	}
	return c.things[kind]
}

func (p *walk) read(who *person, path, query string, wanted rule, s sample) {
	p.t.Helper()
	address := fill(path, s) + query
	if path == "/" {
		address = "/no/such/page"
	}
	got := p.get(who, address)
	if want := wanted(who, s); !slices.Contains(want, got.status) {
		p.t.Errorf("%s as %s (%s %q of %s%s): %d, want %v; to %q", address, who.name, s.kind, s.state, s.on.MerchantID,
			s.on.AccountID, got.status, want, got.header.Get("Location"))
	}
	p.note(who, address, got)
}

// note remembers that somebody was here, and what the page offers.
func (p *walk) note(who *person, address string, got answer) {
	p.t.Helper()
	if p.seen[who.name] == nil {
		p.seen[who.name] = map[string]bool{}
	}
	p.seen[who.name][address] = true
	if !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") || strings.HasPrefix(address, "/stories/") {
		return
	}
	offers, err := parse(got.body)
	if err != nil {
		p.t.Errorf("%s as %s: the page cannot be read: %v", address, who.name, err)
	}
	for _, link := range offers.links {
		link, _, _ = strings.Cut(link, "#")
		p.queue = append(p.queue, step{who, address, link})
	}
	for _, f := range offers.forms {
		if f.action == "" {
			f.action = address
		}
		pattern := p.lite.pattern(http.MethodPost, f.action)
		p.forms[pattern] = append(p.forms[pattern], filled{f, who, address})
	}
}

// more looks at things of others, with their eyes: what our own people have in no state.
func (p *walk) more(c chosen, people []*person) {
	p.t.Helper()
	paths := map[string][]string{"drafter": {"/office/deals/{id}"}, "asked": {"/office/deals/{id}/short"},
		"returned": {"/office/shop/{id}"}, "holder": {"/o/{id}/pay"}, "answerer": {"/office/words", "/feedback/{id}/shop"}}
	for _, who := range people {
		for _, path := range paths[who.name] {
			p.note(who, path, p.get(who, fill(path, c.theirs[who.name])))
		}
	}
}

// linksMax is how many links of one pattern and the same query names everybody follows.
const linksMax = 12

// follow goes one step on from every page, in the reader's other language.
func (p *walk) follow() {
	p.t.Helper()
	begun := len(p.queue)
	followed := map[string]int{}
	for _, each := range p.queue[:begun] {
		if p.seen[each.who.name][each.link] || strings.HasPrefix(each.link, "/stories/") {
			continue
		}
		address, err := url.Parse(each.link)
		if err != nil {
			p.t.Errorf("%s as %s leads to %q: %v", each.from, each.who.name, each.link, err)
			continue
		}
		names := slices.Sorted(maps.Keys(address.Query()))
		kind := fmt.Sprint(each.who.name, p.lite.pattern(http.MethodGet, each.link), names)
		if followed[kind]++; followed[kind] > linksMax {
			continue
		}
		other := *each.who
		other.lang = map[string]string{"ko": "en", "en": "ko"}[other.lang]
		got := p.get(&other, each.link)
		if got.status != http.StatusOK && got.status != http.StatusSeeOther && got.status != http.StatusConflict {
			p.t.Errorf("%s as %s leads to %s, which answers %d", each.from, each.who.name, each.link, got.status)
		}
		p.note(each.who, each.link, got)
	}
	p.t.Logf("%d links offered, %d kinds followed", begun, len(followed))
}

// pattern is which route answers an address.
func (s *site) pattern(method, address string) string {
	s.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, origin+address, http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	mux, isMux := s.Handler.(*http.ServeMux)
	if !isMux {
		s.t.Fatal("the site's handler is no http.ServeMux any more")
	}
	_, pattern := mux.Handler(r)
	return pattern
}

// get asks both sites and compares.
func (p *pair) get(who *person, address string) answer {
	p.t.Helper()
	look := call{method: http.MethodGet, address: address, lang: who.lang, cookies: who.lite, key: who.liteKey}
	lite := p.lite.send(look)
	look.cookies, look.key = who.big, who.bigKey
	big := p.big.send(look)
	p.compare(who, address, lite, big)
	return lite
}

func (p *pair) compare(who *person, address string, lite, big answer) {
	p.t.Helper()
	if said := p.lite.said.take() + p.big.said.take(); said != "" {
		p.t.Errorf("%s as %s: the server complains: %s", address, who.name, said)
	}
	if lite.status != big.status {
		p.t.Errorf("%s as %s: %d on SQLite, %d on PostgreSQL", address, who.name, lite.status, big.status)
		return
	}
	one, two := passing.ReplaceAllString(lite.body, "$1"), passing.ReplaceAllString(big.body, "$1")
	if one != two {
		p.t.Errorf("%s as %s: the pages differ:\n%s", address, who.name, difference(one, two))
	}
}

// difference shows where two texts part.
func difference(one, two string) string {
	at := 0
	for at < len(one) && at < len(two) && one[at] == two[at] {
		at++
	}
	around := func(text string) string { return text[max(0, min(at-120, len(text))):min(len(text), at+200)] }
	return fmt.Sprintf("  SQLite:     …%s…\n  PostgreSQL: …%s…", around(one), around(two))
}
