package wanted

import (
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// idMax is more than an id of ours is long.
const idMax = 64

// ask puts a question to a seller, in public.
func (d Deps) ask(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	id, on := market.WishID(r.PathValue("wish")), market.BidID(form.Text("bid", 1, idMax))
	if err := form.Err(); err != nil {
		return err
	}
	_, err = d.Auction.Ask(r.Context(), r.Actor, id, voice.Word{BidID: on, Words: form.Values().Get("words")})
	return said(r, id, on, "wanted.talk.sent", err)
}

// vote says of an offer that it is fine, or what is wrong with it.
func (d Deps) vote(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	id, on := market.WishID(r.PathValue("wish")), market.BidID(form.Text("bid", 1, idMax))
	flag := voice.Flag(form.Text("flag", 0, idMax))
	if err := form.Err(); err != nil {
		return err
	}
	switch string(flag) {
	case "fine":
		flag = ""
	case "":
		return said(r, id, on, "", voice.ErrFlag)
	}
	err = d.Auction.Vote(r.Context(), r.Actor, id, voice.Vote{BidID: on, Flag: flag, Words: form.Values().Get("words")})
	return said(r, id, on, "wanted.vote.sent", err)
}

// said goes back to the offer and tells what became of a word about it.
func said(r *request.Request, id market.WishID, on market.BidID, key string, err error) error {
	switch {
	case err == nil:
		r.Flash(ui.Act, key)
	case fail.KindOf(err) == fail.Invalid, fail.KindOf(err) == fail.Conflict, fail.KindOf(err) == fail.Gone:
		r.Flash(ui.Warn, "wanted.said", "Text", r.Say(err))
	default:
		return err
	}
	return r.Redirect(stage.Href(id) + "#" + string(on))
}
