package signin

import (
	"slices"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
)

func (d Deps) peopleList(r *request.Request) error {
	people, err := d.People(r.Context(), r.Loc.Lang())
	if err != nil {
		return err
	}
	return r.Render(peoplePage(page(r, "signin.people.title"), people))
}

// peopleEnter makes the reader one of the town's people; only those who are listed, so that a demonstration in which
// somebody signed up by hand gives that account to nobody else.
func (d Deps) peopleEnter(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	id := market.AccountID(form.Text("person", 1, idMax))
	people, err := d.People(r.Context(), r.Loc.Lang())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(people, func(p Person) bool { return p.ID == id })
	if i < 0 {
		return request.ErrNoPage
	}
	entered, err := d.Signup.StepIn(r.Context(), r.Actor, id, device(r))
	if err != nil {
		return err
	}
	return enter(r, entered, r.Next(people[i].Go, "/"))
}
