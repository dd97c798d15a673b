package wanted_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// TestALeadWordsAndHandsOverItsWish: what a lead may change, and nobody else; the numbers never move by it.
func TestALeadWordsAndHandsOverItsWish(t *testing.T) {
	each(t, func(w *world) {
		one := w.post(person(1), "")
		words := wish.Words{Details: " 조용한 것 ", Link: "https://example.kr/a"}
		if err := w.wanted.Edit(w.t.Context(), person(2), one.ID, words); !errors.Is(err, right.ErrHidden) {
			w.t.Errorf("by another: %v", err)
		}
		bad := wish.Words{Details: strings.Repeat("가", 1001), Link: "javascript:x"}
		if err := w.wanted.Edit(w.t.Context(), person(1), one.ID, bad); !errors.Is(err, wish.ErrDetails) ||
			!errors.Is(err, wish.ErrLink) {
			w.t.Errorf("bad words: %v", err)
		}
		w.must(w.wanted.Edit(w.t.Context(), person(1), one.ID, words))
		if got := w.find(one.ID); got.Details != "조용한 것" || got.Link != words.Link || got.Name != one.Name ||
			got.Firm != 1 || got.Version != one.Version+1 {
			w.t.Errorf("%+v", got)
		}
		if err := w.wanted.HandOver(w.t.Context(), person(1), one.ID); !errors.Is(err, wanted.ErrNobody) {
			w.t.Errorf("to nobody: %v", err)
		}
		for n := range 2 {
			_, err := w.join(person(n+2), one.ID, wish.Firm)
			w.must(err)
		}
		w.must(w.wanted.HandOver(w.t.Context(), person(1), one.ID))
		if got := w.find(one.ID); got.LeadID != person(2).AccountID || got.Firm != 3 {
			w.t.Errorf("%+v", got)
		}
		if err := w.wanted.HandOver(w.t.Context(), person(1), one.ID); !errors.Is(err, right.ErrHidden) {
			w.t.Errorf("twice: %v", err)
		}
		w.must(w.wanted.Withdraw(w.t.Context(), person(2), w.post(person(2), "").ID))
	})
}

func TestWordsStandOnceSellersBid(t *testing.T) {
	each(t, func(w *world) {
		one := w.post(person(1), "work")
		for n := range 9 {
			_, err := w.join(person(n+2), one.ID, wish.Firm)
			w.must(err)
		}
		if err := w.wanted.Edit(w.t.Context(), person(1), one.ID, wish.Words{}); !errors.Is(err, wish.ErrState) {
			w.t.Errorf("%v", err)
		}
		w.must(w.wanted.HandOver(w.t.Context(), person(1), one.ID))
	})
}
