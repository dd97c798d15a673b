package board

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// mine lists the wishes a reader is in, with what is to be done next.
func (d Deps) mine(r *request.Request, before market.WishID) error {
	if !r.Actor.SignedIn() {
		return r.SignInFirst()
	}
	b := board{Now: r.Now, Mine: true}
	err := d.DB.Read(r.Context(), func(q *db.ReadTx) error {
		own, err := wish.OfAccount(r.Context(), q, r.Actor.AccountID, before, pageRows+1)
		if err != nil {
			return err
		}
		if before != "" {
			b.First = "/wanted?mine=1"
		}
		if len(own) > pageRows {
			own = own[:pageRows]
			b.Next = "/wanted?mine=1&before=" + string(own[pageRows-1].ID)
		}
		list := make([]wish.Wish, len(own))
		for i, one := range own {
			list[i] = one.Wish
		}
		if b.Rows, err = RowsOf(r.Context(), q, list); err != nil {
			return err
		}
		for i := range b.Rows {
			b.Rows[i].Own = own[i].Member
		}
		return nil
	})
	if err != nil {
		return err
	}
	page := r.Page(r.Loc.T("wanted.mine.title"))
	page.NoIndex = true
	return r.Render(minePage(page, b))
}

// todo is what a member has to do next about a wish, or what they wait for.
func (w Row) todo(loc ui.Loc, now time.Time) string {
	firm := "watching"
	if w.Own.Counts() {
		firm = "firm"
	}
	switch w.State {
	case wish.Gathering:
		return loc.T("wanted.todo.gathering_"+firm, "Missing", w.Missing(), "At", loc.DateTime(w.Until, now))
	case wish.Bidding:
		return loc.T("wanted.todo.bidding_"+firm, "At", loc.DateTime(w.Auction.ClosesAt, now))
	case wish.Choosing, wish.Paying, wish.Fulfilling:
		return loc.T("wanted.todo." + string(w.State) + "_" + firm)
	case wish.Done, wish.Closed, wish.Merged:
	}
	return loc.T("wanted.todo." + string(w.State))
}

// toneClass colours words by what they mean.
func toneClass(tone ui.Tone) string {
	if tone == ui.Quiet {
		return ""
	}
	return "of-" + string(tone)
}
