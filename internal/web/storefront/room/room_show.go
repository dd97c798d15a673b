package room

import (
	"time"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// view is everything the page is made of.
type view struct {
	admit.View
	Sheet  catalog.Sheet
	Signed bool
	Now    time.Time
}

func (d Deps) load(r *request.Request) (view, error) {
	v := view{Now: r.Now, Signed: r.Actor.SignedIn()}
	id := market.DealID(r.PathValue("deal"))
	err := d.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		v.Sheet, err = catalog.Find(r.Context(), q, id, r.Now)
		return err
	})
	if err != nil {
		return v, err
	}
	v.View, err = d.Admit.Look(r.Context(), r.Actor, id)
	return v, err
}

func (d Deps) show(r *request.Request) error {
	v, err := d.load(r)
	if err != nil {
		return err
	}
	page := r.Page(r.Loc.T("room.title"))
	page.Back, page.Heading, page.NoIndex = v.href(), page.Title, true
	page.LiveTopics = v.topics()
	return r.Render(roomPage(page, v))
}

// part answers the live region and nothing else.
func (d Deps) part(r *request.Request) error {
	v, err := d.load(r)
	if err != nil {
		return err
	}
	return r.Render(ui.Fragment(r.Loc, placePart(v)))
}

// move comes in or leaves, and goes back to the page.
func (d Deps) move(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	what := form.Choice("what", "enter", "leave")
	if err := form.Err(); err != nil {
		return err
	}
	v, err := d.load(r)
	if err != nil {
		return err
	}
	if what == "leave" {
		err = d.Admit.Leave(r.Context(), r.Actor, v.Sheet.Deal.ID)
	} else {
		_, err = d.Admit.Join(r.Context(), admit.JoinCmd{Actor: r.Actor, DealID: v.Sheet.Deal.ID})
	}
	if err != nil {
		return d.again(r, v, err)
	}
	return r.Redirect(v.href() + "/room")
}

// wait puts the reader onto the waiting list, or takes them off it.
func (d Deps) wait(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	what := form.Choice("what", "wait", "leave")
	option := form.Text("option", 0, 64)
	if err := form.Err(); err != nil {
		return err
	}
	v, err := d.load(r)
	if err != nil {
		return err
	}
	if what == "leave" {
		err = d.Admit.Unwish(r.Context(), r.Actor, v.Sheet.Deal.ID)
	} else {
		err = d.Admit.Wish(r.Context(), admit.WishCmd{Actor: r.Actor, DealID: v.Sheet.Deal.ID,
			OptionID: market.OptionID(option)})
	}
	if err != nil {
		return d.again(r, v, err)
	}
	r.Flash(ui.Act, "room.wish."+what)
	return r.Redirect(v.href() + "/room")
}

// again tells on the page itself what a reader can do nothing about but wait or look.
func (d Deps) again(r *request.Request, v view, err error) error {
	if status := request.Status(kindOf(err)); status == 409 || status == 503 {
		r.Flash(ui.Warn, "room.said", "Text", r.Say(err))
		return r.Redirect(v.href() + "/room")
	}
	return err
}

func (d Deps) draw(r *request.Request) error {
	v, err := d.load(r)
	if err != nil {
		return err
	}
	page := r.Page(r.Loc.T("room.draw.title"))
	page.Back, page.Heading, page.NoIndex = v.href()+"/room", page.Title, true
	return r.Render(drawPage(page, v))
}
