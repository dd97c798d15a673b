package e2e_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestPagesAreRightAgainAfterALostLine changes the world while nobody can hear of it.
func TestPagesAreRightAgainAfterALostLine(t *testing.T) {
	w := begin(t)
	d, o := w.onSale(nil)
	w.buy(w.buyer, d, o)

	guest := w.visitor(e2e.Options{})
	guest.Allow("net::ERR") // that is what is tried here
	guest.to("/d/" + string(d.ID))
	guest.See("1명이 이미 값을 냈어요")
	owner := guest.beside(e2e.Options{Width: 1440}).signIn("owner")
	owner.Allow("net::ERR")
	owner.to("/office")
	owner.See("지금 1명이 함께하고 있어요", "19,900원")
	operator := guest.beside(e2e.Options{Width: 1440}).signIn("operator")
	operator.Allow("net::ERR")
	operator.to("/admin")
	operator.See("19,900원")
	for _, p := range []*person{guest, owner, operator} {
		p.Evaluate("window.notLoadedAgain = true", nil)
	}

	w.line.cut()
	w.buy(w.second, d, o)
	w.buy(w.third, d, o) // opens the deal
	w.work()
	w.line.mend()
	guest.See("3명이 이미 값을 냈어요", "열렸어요")
	owner.See("지금 3명이 함께하고 있어요", "59,700원")
	operator.See("59,700원")

	w.line.cut()
	w.line.mend()
	w.buy(w.fourth, d, o) // after the line came back, before or after the pages did
	guest.See("4명이 이미 값을 냈어요")
	owner.See("지금 4명이 함께하고 있어요", "79,600원")
	operator.See("79,600원")
	for _, p := range []*person{guest, owner, operator} {
		var same bool
		p.Evaluate("window.notLoadedAgain === true", &same)
		if !same {
			t.Error("a page was loaded again")
		}
	}
	var seen struct {
		PaidPeople int64 `json:"paid_people"`
	}
	w.api("").get("/deals/"+string(d.ID), &seen)
	if seen.PaidPeople != 4 {
		t.Errorf("the API says %d people", seen.PaidPeople)
	}
}
