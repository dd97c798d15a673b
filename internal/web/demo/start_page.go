package demo

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Password opens every account that a visitor may use.
const Password = "demo-only"

// domain ends the addresses of the accounts that a visitor may be.
const domain = "@demo.dure"

// Deps are what the pages work with.
type Deps struct {
	Frame  *request.Frame
	DB     *db.DB
	Signup *signup.Signup
}

// Routes mounts the pages and hangs the ribbon above every other.
func Routes(mux *http.ServeMux, d Deps) {
	d.Frame.Ribbon = ribbon
	mux.Handle("GET /demo", d.Frame.Handle(d.start))
	mux.Handle("POST /demo/enter", d.Frame.Handle(d.enter))
}

// part is a role one may take, and where it begins.
type part struct {
	key   string // of its texts: demo.KEY.title, demo.KEY.try
	who   string // before the domain
	going string
	scene string
}

func parts() []part {
	return []part{
		{"buyer", "buyer1", "/", "noodle"},
		{"owner", "merchant1", "/office", "shop"},
		{"counter", "scan1", "/counter", "receipt"},
		{"operator", "operator", "/admin", "table"},
		{"finance", "finance", "/admin/money", "ticket"},
		{"support", "support", "/admin", "tea"},
	}
}

func (d Deps) start(r *request.Request) error { return d.show(r, http.StatusOK, "", "") }

func (d Deps) show(r *request.Request, status int, typed, problem string) error {
	p := r.Page(r.Loc.T("demo.title"))
	p.NoIndex = true
	return r.RenderStatus(status, startPage(p, startView{parts: parts(), password: Password, typed: typed,
		problem: problem}))
}

// startView is what the page shows.
type startView struct {
	parts                    []part
	password, typed, problem string
}

// look makes the first way in the page's one primary act.
func look(i int) ui.Look {
	if i == 0 {
		return ui.Primary
	}
	return ui.Soft
}

const whoMax = 60

// enter signs the reader in as one of the town's accounts.
func (d Deps) enter(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	typed := form.Text("who", 1, whoMax)
	name := strings.ToLower(strings.TrimSuffix(strings.TrimSpace(typed), domain))
	a, err := account.FindByEmail(r.Context(), d.DB, name+domain)
	if err != nil {
		if errors.Is(err, account.ErrUnknown) {
			return d.show(r, http.StatusUnprocessableEntity, typed, r.Loc.T("demo.nobody"))
		}
		return err
	}
	entered, err := d.Signup.StepIn(r.Context(), r.Actor, a.ID, r.UserAgent())
	if err != nil {
		return err
	}
	if err := r.Enter(entered.Identity()); err != nil {
		return err
	}
	return r.Redirect(r.Next(form.Text("next", 0, whoMax), going(name)))
}

// going is where an account's day begins.
func going(name string) string {
	switch {
	case strings.HasPrefix(name, "merchant"), strings.HasPrefix(name, "manager"):
		return "/office"
	case strings.HasPrefix(name, "scan"):
		return "/counter"
	case name == "operator", name == "finance", name == "support":
		return "/admin"
	}
	return "/"
}

// ribbon stands above every page of the town. A first look at the front page is asked in, elsewhere it only leads.
func ribbon(loc ui.Loc, path string) *ui.Demo {
	path, _, _ = strings.Cut(path, "?")
	text := loc.T("demo.ribbon")
	if path == "/" {
		text = loc.T("demo.ribbon_first")
	}
	return &ui.Demo{Text: text, Links: []ui.Link{
		{Label: loc.T("demo.ribbon_enter"), Href: "/demo"},
		{Label: loc.T("demo.ribbon_mail"), Href: "/outbox"},
	}}
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
