package notice

import (
	"context"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/waitlist"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame  *request.Frame
	DB     *db.DB
	Follow *follow.Follow
	// Announce ends letters about wishes.
	Announce *announce.Announce
}

// Routes mounts the pages and gives the bell its number.
func Routes(mux *http.ServeMux, d Deps) {
	d.Frame.Unread = d.unread
	mux.Handle("GET /notices", d.Frame.Signed(d.list))
	mux.Handle("GET /letters/off", d.Frame.Handle(d.offForm))
	mux.Handle("POST /letters/off", d.Frame.Handle(d.off))
	mux.Handle("GET /letters/off/wishes", d.Frame.Handle(d.wishOffForm))
	mux.Handle("POST /letters/off/wishes", d.Frame.Handle(d.wishOff))
}

const idMax = 64

// unread is the bell's number; a bell that cannot count stays silent.
func (d Deps) unread(ctx context.Context, actor market.Actor) int64 {
	n, err := notice.Unread(ctx, d.DB, actor.AccountID)
	if err != nil {
		d.Frame.Log.Warn("unread notices not counted", "account", actor.AccountID, "error", err)
		return 0
	}
	return n
}

// list shows the notices and marks what it shows as looked at: the bell of this page rings for the last time.
func (d Deps) list(r *request.Request) error {
	query, err := r.Query()
	if err != nil {
		return err
	}
	before := query.Text("before", 0, idMax)
	if err := query.Err(); err != nil {
		return err
	}
	list, err := notice.List(r.Context(), d.DB, r.Actor.AccountID, before)
	if err != nil {
		return err
	}
	page := r.Page(r.Loc.T("notice.title"))
	page.Back, page.Heading, page.NoIndex = "/me", page.Title, true
	if page.Viewer.Unread > 0 {
		if err := d.Follow.Looked(r.Context(), r.Actor, r.Now); err != nil {
			return err
		}
		page.Viewer.Unread = 0
	}
	return r.Render(listPage(page, events(r.Loc, list, r.Now), further(list)))
}

func further(list []notice.Notice) string {
	if len(list) < notice.PageMax {
		return ""
	}
	return "/notices?before=" + list[len(list)-1].ID
}

func events(loc ui.Loc, list []notice.Notice, now time.Time) []ui.Event {
	out := make([]ui.Event, len(list))
	for i, n := range list {
		text, href := "notice.begins", "/d/"+n.Subject
		order, isShare := n.ShareID()
		switch id, isWish := n.WishID(); {
		case isShare:
			text, href = "notice."+string(n.Kind), "/shares/"+string(order)
		case n.Kind == notice.WaitOffer:
			text, href = "notice.offer", "/o/"+n.Subject+"/pay"
		case isWish:
			text, href = "notice."+string(n.Kind), "/w/"+string(id)+n.Kind.Part()
		}
		out[i] = ui.Event{Who: n.Title, Text: loc.T(text, "Title", n.Title, "Minutes", int64(waitlist.OfferTime.Minutes())),
			Sub: loc.T("notice.why."+string(n.Kind), "Shop", n.Sender), At: n.At, Now: now, Tone: ui.Act,
			New: n.ReadAt.IsZero(), Href: href}
	}
	return out
}

func offOf(get func(string) string) follow.Off {
	return follow.Off{AccountID: market.AccountID(get("who")), MerchantID: market.MerchantID(get("shop")),
		Mark: get("mark")}
}

// offForm asks once: programs that look into letters follow links, and must not end anything.
func (d Deps) offForm(r *request.Request) error {
	off := offOf(r.URL.Query().Get)
	m, err := d.Follow.CheckOff(r.Context(), off)
	if err != nil {
		return err
	}
	return r.Render(offPage(d.page(r), m, off, false))
}

func (d Deps) off(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	off := offOf(form.Values().Get)
	m, err := d.Follow.CheckOff(r.Context(), off)
	if err != nil {
		return err
	}
	if err := d.Follow.EndLetters(r.Context(), off); err != nil {
		return err
	}
	return r.Render(offPage(d.page(r), m, off, true))
}

// page begins the page of a letter's link, whose address stays out of the language switch and of search engines.
func (d Deps) page(r *request.Request) ui.Page {
	page := r.Page(r.Loc.T("notice.off.title"))
	page.NoIndex, page.Path = true, "/"
	return page
}

func shopHref(m merchant.Merchant) string { return "/m/" + m.Profile.Slug }

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
