package ui

import (
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// Story is one state of a part or page: normal, empty, long Korean words, huge numbers, error.
type Story struct {
	Group, Name string
	Whole       bool // Render gives a whole document with its own layout
	Render      func(Loc) templ.Component
}

// Address is where a Book shows the story.
func (s Story) Address() string {
	return "/stories/" + url.PathEscape(s.Group) + "/" + url.PathEscape(s.Name)
}

// Book shows stories under /stories/ in every language it is given; the app mounts it in demo mode only.
type Book struct {
	Stories []Story
	Loc     func(lang string) Loc
	Now     time.Time // fixed, so that pictures and golden files stay the same
}

// ServeHTTP answers /stories/ with the list and /stories/{group}/{name}?lang=en with one story.
func (b Book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		lang = "ko"
	}
	loc := b.Loc(lang)
	w.Header().Set("Content-Security-Policy", asset.Policy{}.Header())
	content := b.index(loc)
	if group := r.PathValue("group"); group != "" {
		story, ok := b.find(group, r.PathValue("name"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		content = b.one(loc, story)
	}
	if err := Render(w, r, http.StatusOK, content); err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// Mount adds the book's addresses to a mux.
func (b Book) Mount(mux *http.ServeMux) {
	mux.Handle("GET /stories/{$}", b)
	mux.Handle("GET /stories/{group}/{name}", b)
}

func (b Book) find(group, name string) (Story, bool) {
	for _, story := range b.Stories {
		if story.Group == group && story.Name == name {
			return story, true
		}
	}
	return Story{}, false
}

func (b Book) one(loc Loc, story Story) templ.Component {
	if story.Whole {
		return story.Render(loc)
	}
	page := Page{Title: story.Group + " · " + story.Name, Loc: loc, Now: b.Now, NoIndex: true, Path: story.Address()}
	return plate(page, story.Render(loc))
}

func (b Book) index(loc Loc) templ.Component {
	groups := map[string][]Story{}
	var order []string
	for _, story := range b.Stories {
		if groups[story.Group] == nil {
			order = append(order, story.Group)
		}
		groups[story.Group] = append(groups[story.Group], story)
	}
	page := Page{Title: loc.T("ui.stories.title"), Loc: loc, Now: b.Now, NoIndex: true, Path: "/stories/"}
	return contents(page, order, groups)
}

func plateLayout(p Page) Layout { return Layout{page: p, kind: "plate"} }
