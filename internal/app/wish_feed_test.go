package app_test

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
)

// look asks for a page as a program without cookies does.
func (f *fair) look(path string, head ...string) (status int, headers http.Header, body string) {
	f.t.Helper()
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.guest.url+path, http.NoBody)
	if err != nil {
		f.t.Fatal(err)
	}
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(text)
}

// atom is what RFC 4287 asks of a feed and of its entries.
type atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Author  string   `xml:"author>name"`
	Links   []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Summary string `xml:"summary"`
		Link    struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func TestTheFeedOfWishes(t *testing.T) {
	f := newFair(t)
	if _, _, body := f.look("/wanted.atom"); !strings.Contains(body, "<updated>1970-01-01T00:00:00Z</updated>") {
		t.Errorf("empty: %s", body)
	}
	id := f.post("open")
	f.now.Advance(time.Hour)
	f.gather(id)
	if status, _, _ := f.look("/wanted.atom?region=gu_none"); status != http.StatusNotFound {
		t.Errorf("a place that there is not: %d", status)
	}
	status, head, body := f.look("/wanted.atom")
	var feed atom
	if err := xml.Unmarshal([]byte(body), &feed); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v: %s", status, err, body)
	}
	if !strings.HasPrefix(head.Get("Content-Type"), "application/atom+xml") || head.Get("Set-Cookie") != "" {
		t.Errorf("%v", head)
	}
	if len(feed.Entries) != 2 || feed.ID == "" || feed.Title == "" || feed.Author == "" || len(feed.Links) != 2 {
		t.Fatalf("%+v", feed)
	}
	seen := map[string]bool{}
	for _, e := range feed.Entries {
		at, err := time.Parse(time.RFC3339, e.Updated)
		if err != nil || at.After(f.now.Now()) || seen[e.ID] || !strings.HasPrefix(e.ID, "tag:") || e.Title == "" ||
			!strings.HasSuffix(e.Link.Href, "/w/"+id) {
			t.Errorf("%+v, %v", e, err)
		}
		seen[e.ID] = true
	}
	if feed.Updated != feed.Entries[0].Updated || !strings.Contains(feed.Entries[0].ID, "/reached") {
		t.Errorf("updated %s, newest %+v", feed.Updated, feed.Entries[0])
	}
	for name, value := range map[string]string{"If-None-Match": head.Get("ETag"),
		"If-Modified-Since": head.Get("Last-Modified")} {
		if status, _, _ := f.look("/wanted.atom", name, value); value == "" || status != http.StatusNotModified {
			t.Errorf("%s %q: %d", name, value, status)
		}
	}
	f.aggregated(id)
	if _, _, body := f.look("/wanted.atom?category=eat"); strings.Contains(body, "<entry>") {
		t.Errorf("another kind: %s", body)
	}
	_, _, body = f.look("/wanted.atom?category=learn&region=district_11040")
	if strings.Count(body, "<entry>") != 2 || !strings.Contains(body, "/wanted?kind=learn&amp;region=district_11040") ||
		!strings.Contains(body, "성동구") {
		t.Errorf("the kind above, and a place, of a wish for anywhere: %s", body)
	}
}

// aggregated holds the other form against RSS 2.0.
func (f *fair) aggregated(id string) {
	f.t.Helper()
	_, _, body := f.look("/wanted.rss")
	var feed struct {
		XMLName xml.Name `xml:"rss"`
		Version string   `xml:"version,attr"`
		Items   []struct {
			Title, Link string
			GUID        struct {
				PermaLink string `xml:"isPermaLink,attr"`
				ID        string `xml:",chardata"`
			} `xml:"guid"`
			PubDate string `xml:"pubDate"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal([]byte(body), &feed); err != nil || feed.Version != "2.0" || len(feed.Items) != 2 {
		f.t.Fatalf("%v: %s", err, body)
	}
	for _, one := range feed.Items {
		if _, err := time.Parse(time.RFC1123Z, one.PubDate); err != nil || one.GUID.PermaLink != "false" ||
			!strings.Contains(one.GUID.ID, id) {
			f.t.Errorf("%+v, %v", one, err)
		}
	}
}

func TestAWishOnForeignPages(t *testing.T) {
	f := newFair(t)
	id := f.post("open")
	status, head, body := f.look("/w/" + id + "/embed")
	if status != http.StatusOK || !strings.Contains(head.Get("Content-Security-Policy"), "frame-ancestors *") {
		t.Errorf("%d %v", status, head)
	}
	if strings.Contains(body, "<script") || head.Get("Set-Cookie") != "" || !strings.Contains(body, "주말 도예 수업") ||
		!strings.Contains(body, `/join" rel="noopener" target="_blank"`) {
		t.Errorf("%s", body)
	}
	_, head, _ = f.look("/w/" + id)
	if !strings.Contains(head.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("the page itself may be framed: %v", head)
	}
	base := f.s.Frame.Base
	status, head, body = f.look("/oembed?format=json&maxwidth=300&url=" + url.QueryEscape(base+"/w/"+id))
	var said map[string]any
	if err := json.Unmarshal([]byte(body), &said); err != nil || status != http.StatusOK {
		t.Fatalf("%d %v: %s", status, err, body)
	}
	if said["version"] != "1.0" || said["type"] != "rich" || said["width"] != 300.0 ||
		!strings.Contains(fmt.Sprint(said["html"]), base+"/w/"+id+"/embed") || !strings.HasPrefix(
		head.Get("Content-Type"), "application/json") {
		t.Errorf("%v", said)
	}
	for path, want := range map[string]int{"/oembed?format=xml&url=" + url.QueryEscape(base+"/w/"+id): 501,
		"/oembed?url=" + url.QueryEscape("https://evil.example/w/"+id): 404, "/oembed": 404,
		"/oembed?url=" + url.QueryEscape(base+"/w/wsh_none"): 404, "/w/wsh_none/embed": 404} {
		if status, _, _ := f.look(path); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	f.gather(id)
	f.close()
	apptest.Over(t, f.s.Core, f.now).Work()
	if _, _, body := f.look("/w/" + id + "/embed"); strings.Contains(body, "/join") {
		t.Errorf("one may join what is over: %s", body)
	}
}
