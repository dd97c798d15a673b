package purchase

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/room"
	"github.com/dure-commerce/dure/internal/market/waitlist"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// ErrAgree refuses an order whose terms were not agreed to.
var ErrAgree = fail.New(fail.Invalid, "order.agree")

// choice is the page on which one decides what and how many.
type choice struct {
	Sheet    catalog.Sheet
	Seller   string
	OptionID string // as typed
	Quantity string // as typed
	Agreed   bool
	Key      string
	Now      time.Time
	Problems request.Problems
}

func (c choice) href() string { return "/d/" + string(c.Sheet.Deal.ID) }

func (d Deps) load(ctx context.Context, id market.DealID, now time.Time) (c choice, err error) {
	c = choice{Now: now, Quantity: "1"}
	err = d.DB.Read(ctx, func(q *db.ReadTx) error {
		c.Sheet, err = catalog.Find(ctx, q, id, now)
		return err
	})
	if len(c.Sheet.Options) > 0 {
		c.OptionID = string(c.Sheet.Options[0].ID)
	}
	return c, err
}

func (d Deps) choose(r *request.Request) error {
	c, err := d.load(r.Context(), market.DealID(r.PathValue("deal")), r.Now)
	if err != nil {
		return err
	}
	if !word.PhaseOf(c.Sheet.Deal, r.Now).Buyable() {
		return r.Redirect(c.href()) // the deal's page says why
	}
	if d.Admit != nil {
		free, err := d.Admit.MayChoose(r.Context(), room.Arrival{Actor: r.Actor, DealID: c.Sheet.Deal.ID})
		if err != nil {
			return err
		}
		if !free {
			return r.Redirect(c.href() + "/room")
		}
	}
	c.Key = r.NewKey()
	return r.Render(d.choosePage(r, c))
}

func (d Deps) choosePage(r *request.Request, c choice) templ.Component {
	page := r.Page(r.Loc.T("order.choose.title"))
	page.Back, page.Heading, page.NoIndex = c.href(), r.Loc.T("order.choose.title"), true
	return orderPage(page, c)
}

// hold takes the units for some minutes and goes on to the payment.
func (d Deps) hold(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	c, err := d.load(r.Context(), market.DealID(r.PathValue("deal")), r.Now)
	if err != nil {
		return err
	}
	values := form.Values()
	c.OptionID, c.Quantity, c.Key = values.Get("option"), values.Get("quantity"), values.Get("key")
	c.Agreed = form.Bool("agree")
	again := func(p request.Problems) templ.Component {
		c.Problems = p
		return d.choosePage(r, c)
	}
	quantity := form.Int("quantity", 1, order.QuantityMax)
	option := form.Text("option", 1, 64)
	key := form.Text("key", 1, 200)
	version := form.Int("terms", 1, 1<<31)
	if !c.Agreed {
		form.Add(ErrAgree.On("agree"))
	}
	if err := form.Err(); err != nil {
		return r.Fail(err, again)
	}
	if version != c.Sheet.Deal.TermsVersion {
		return r.Fail(deal.ErrChanged, again)
	}
	placed, err := d.Checkout.Place(r.Context(), checkout.PlaceCmd{Actor: r.Actor, DealID: c.Sheet.Deal.ID,
		OptionID: market.OptionID(option), Quantity: quantity, PolicyID: policy.At(r.Now).ID, Key: key})
	if err != nil {
		return d.refused(r, err, again)
	}
	return r.Redirect("/o/" + string(placed.Order.ID) + "/pay")
}

// refused shows why the units were not given, beside the form where that helps.
func (d Deps) refused(r *request.Request, err error, again func(request.Problems) templ.Component) error {
	switch {
	case errors.Is(err, room.ErrWaiting), errors.Is(err, room.ErrDrawing), errors.Is(err, waitlist.ErrFirst):
		return r.Redirect("/d/" + r.PathValue("deal") + "/room") // the place is there already
	case errors.Is(err, order.ErrLimit), errors.Is(err, deal.ErrFewerLeft):
		if one, ok := fail.As(err); ok {
			err = one.On("quantity")
		}
	case errors.Is(err, deal.ErrNoOption):
		err = deal.ErrNoOption.On("option")
		return r.RenderStatus(http.StatusUnprocessableEntity, again(r.Problems(err)))
	case errors.Is(err, deal.ErrOver), errors.Is(err, order.ErrConfirmed), errors.Is(err, deal.ErrOwnPeople):
		return r.RenderStatus(request.Status(fail.KindOf(err)), again(r.Problems(err)))
	}
	return r.Fail(err, again)
}

// options are the choices, those that are gone marked so.
func (c choice) options(loc ui.Loc) []ui.Choice {
	out := make([]ui.Choice, len(c.Sheet.Options))
	for i, o := range c.Sheet.Options {
		left := min(o.Free(), c.Sheet.Deal.Free())
		out[i] = ui.Choice{Value: string(o.ID), Label: o.Name, Won: loc.Won(o.Price), Disabled: left <= 0}
		switch {
		case left <= 0:
			out[i].Help = loc.T("deal.option.none")
		case o.Uses > 1:
			out[i].Help = loc.T("deal.option.uses", "Count", o.Uses)
		}
	}
	return out
}

// most is the largest number one person may take.
func (c choice) most() int64 {
	return max(1, min(c.Sheet.Deal.PerPerson, c.Sheet.Deal.Free(), order.QuantityMax))
}

func (c choice) promise(loc ui.Loc) []ui.Fact {
	set := policy.At(c.Now)
	promise := word.Promise(loc, c.Sheet.Deal, set, c.Sheet.Terms, c.Sheet.Price)
	return append(word.Refunds(loc, set, c.Sheet.Terms, c.Sheet.Price), promise[len(promise)-1])
}

func (c choice) uses(loc ui.Loc) []string { return word.Uses(loc, c.Sheet.Terms.Rules, c.Now) }

func (c choice) errors() []ui.FieldError { return c.Problems }
