package tender

import (
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// offerView is a wish with the form to offer on it.
type offerView struct {
	auction.Desk
	Line     row
	Shop     merchant.Merchant
	Places   []report.Place
	Fields   fields
	Problems request.Problems
	Trial    auction.Trial // what would become of what is typed
	Tried    bool
	Left     []auction.Left // what is typed would leave the shop
	Drawn    bool           // again, around what was typed
	Switch   string         // to another shop of the reader's, "" where there is none
	Deposits []deposit.Deposit
	Key      string
	Now      time.Time
	Answer   typedAnswer
}

// typedAnswer is an answer that was refused.
type typedAnswer struct {
	To, Words string
	Problems  request.Problems
}

func wishOf(r *request.Request) market.WishID { return market.WishID(r.PathValue("wish")) }

// load reads all that the page of a wish shows to a shop.
func (d Deps) load(r *request.Request, s seller) (offerView, error) {
	v := offerView{Shop: s.M, Key: r.NewKey(), Now: r.Now}
	var err error
	if v.Desk, err = d.Auction.Desk(r.Context(), r.Actor, wishOf(r), s.M.ID); err != nil {
		return v, err
	}
	rows := []row{{Wish: v.Wish, Auction: v.Auction, Own: v.Own, HasOwn: v.HasOwn}}
	if err := d.name(r, rows); err != nil {
		return v, err
	}
	v.Line = rows[0]
	if v.Deposits, err = d.Deposits.List(r.Context(), v.Wish.ID, s.M.ID); err != nil {
		return v, err
	}
	if d.Switch != nil {
		v.Switch = d.Switch(r.Actor, Address(v.Wish.ID))
	}
	v.Places, err = report.Places(r.Context(), d.DB, s.M.ID)
	return v, err
}

// show is the wish as the seller sees it, its form filled with what stands already.
func (d Deps) show(r *request.Request) error {
	id := wishOf(r)
	if _, err := wish.Find(r.Context(), d.DB, id); err != nil {
		return err
	}
	s, answered, err := d.seller(r, id)
	if err != nil || answered {
		return err
	}
	v, err := d.load(r, s)
	if err != nil {
		return err
	}
	if r.Fragment() {
		return r.Render(standingPart(v))
	}
	v.Fields = v.fresh()
	if v.HasOwn {
		v.Fields = fieldsOf(v.Own.Offer)
	}
	if x, there := kept(r, id); there {
		v.Fields, v.Drawn = x, true
	}
	if err := d.came(r, v); err != nil {
		return err
	}
	d.allow(r)
	return r.Render(offerPage(d.WishPage(r, s.Shop, id, v.Wish.Name), v))
}

// fresh is what an empty form begins with.
func (v offerView) fresh() fields {
	x := fields{Delivery: string(bid.Shipping), Least: number(max(1, v.Auction.Quantity/2))}
	if v.Wish.Way == wish.AtBranch {
		x.Delivery = string(bid.AtBranch)
	}
	if len(v.Places) == 1 {
		x.Branch = string(v.Places[0].ID)
	}
	return x
}

// sent is a form that came.
type sent struct {
	seller
	*form.Form
	x     fields
	offer bid.Offer
	err   error // what could not be read
}

// read reads the form of an offer; what it carries is kept whatever is wrong with it.
func (d Deps) read(r *request.Request) (sent, bool, error) {
	var c sent
	f, err := r.FormOf(FormOptions())
	if err != nil {
		return c, false, err
	}
	var s seller
	var answered bool
	if id := f.Values().Get("shop"); id != "" {
		s, err = d.named(r, market.MerchantID(id))
	} else {
		s, answered, err = d.seller(r, wishOf(r))
	}
	if err != nil || answered {
		return c, answered, err
	}
	c = sent{seller: s, Form: f, x: typed(f)}
	c.offer = offer(f, c.x)
	var refused fail.List
	c.x.Pictures, refused = d.KeepPictures(r, f, c.x.Pictures)
	c.offer.Evidence = c.x.Pictures
	c.err = append(fail.List(fail.All(f.Err())), refused...).Err()
	return c, false, nil
}

// place makes the offer, or does what another button of the form asks for.
func (d Deps) place(r *request.Request) error {
	if err := d.mayOffer(r); err != nil {
		return err
	}
	c, answered, err := d.read(r)
	if err != nil || answered {
		return err
	}
	if c.x.Pressed == "deposit" && c.err == nil {
		return d.putDown(r, c)
	}
	if c.x.Pressed != "place" && c.x.Pressed != "" {
		c.x.pressed()
		return d.again(r, c, nil)
	}
	if c.err != nil {
		return d.again(r, c, c.err)
	}
	v, err := d.load(r, c.seller)
	if err != nil {
		return err
	}
	if !v.same(c.offer) {
		_, err = d.Auction.Place(r.Context(), auction.PlaceCmd{Actor: r.Actor, WishID: v.Wish.ID, MerchantID: c.M.ID,
			Offer: c.offer})
	}
	if err != nil {
		return d.again(r, c, err)
	}
	r.Keep(keptKey(v.Wish.ID), "")
	r.Flash(ui.Act, "tender.placed")
	return r.Redirect(Address(v.Wish.ID))
}

// mayOffer refuses who may not offer for any shop, before anything is read.
func (d Deps) mayOffer(r *request.Request) error {
	if !leads(r.Actor) {
		return right.ErrForbidden
	}
	return nil
}

// same reports an offer that stands already, so that sending twice is sending once.
func (v offerView) same(o bid.Offer) bool {
	clean, err := o.Parse(v.Auction, v.Now)
	return err == nil && v.HasOwn && v.Own.Offer.Same(clean)
}

// again draws the form with what was typed, and with what was wrong.
func (d Deps) again(r *request.Request, c sent, refusal error) error {
	v, err := d.load(r, c.seller)
	if err != nil {
		return err
	}
	v.Fields, v.Drawn = c.x, true
	d.allow(r)
	if err := d.weigh(r, c, &v); err != nil {
		return err
	}
	if key := c.Values().Get("key"); key != "" && len(key) < idMax {
		v.Key = Shown(key)
	}
	page := d.WishPage(r, c.Shop, v.Wish.ID, v.Wish.Name)
	if refusal == nil {
		return r.RenderStatus(http.StatusOK, offerPage(page, v))
	}
	return r.Fail(refusal, func(p request.Problems) templ.Component {
		v.Problems = p
		return offerPage(page, v)
	})
}

// preview answers what the typed offer would be worth, as one types.
func (d Deps) preview(r *request.Request) error {
	if err := d.mayOffer(r); err != nil {
		return err
	}
	c, answered, err := d.read(r)
	if err != nil || answered {
		return err
	}
	v, err := d.load(r, c.seller)
	if err != nil {
		return err
	}
	v.Fields = c.x
	if err := d.weigh(r, c, &v); err != nil {
		return err
	}
	if v.Tried && v.Trial.Refusal != nil {
		v.Problems = r.Problems(v.Trial.Refusal)
	}
	return r.Render(ui.Fragment(r.Loc, previewPart(v)))
}

// priced reports a form that could be read and names a price.
func (c sent) priced() bool { return c.err == nil && c.offer.UnitPrice > 0 }

// weigh tries what is typed, when there is a price to try, and reckons what it would leave.
func (d Deps) weigh(r *request.Request, c sent, v *offerView) (err error) {
	v.Left = auction.LeftOf(c.offer, v.Auction.Compared(), v.Terms)
	if !c.priced() {
		return nil
	}
	v.Trial, err = d.Auction.Try(r.Context(), auction.PlaceCmd{Actor: r.Actor, WishID: v.Wish.ID, MerchantID: c.M.ID,
		Offer: c.offer})
	v.Tried = err == nil
	return err
}

// withdraw takes the shop's offer back.
func (d Deps) withdraw(r *request.Request) error {
	if err := d.mayOffer(r); err != nil {
		return err
	}
	s, answered, err := d.seller(r, wishOf(r))
	if err != nil || answered {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := market.BidID(f.Text("bid", 1, idMax))
	if err := f.Err(); err != nil {
		return bid.ErrNotFound
	}
	err = d.Auction.Withdraw(r.Context(), r.Actor, auction.WithdrawCmd{WishID: wishOf(r), BidID: id, MerchantID: s.M.ID})
	if err != nil {
		return err
	}
	r.Flash(ui.Act, "tender.withdrawn")
	return r.Redirect(Address(wishOf(r)))
}

// answer answers a question about the shop's offer, in public.
func (d Deps) answer(r *request.Request) error {
	if err := d.mayOffer(r); err != nil {
		return err
	}
	s, answered, err := d.seller(r, wishOf(r))
	if err != nil || answered {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	v, err := d.load(r, s)
	if err != nil {
		return err
	}
	v.Answer = typedAnswer{To: Shown(f.Values().Get("question")), Words: Shown(f.Values().Get("words"))}
	w := voice.Word{BidID: v.Own.ID, Answers: f.Text("question", 1, idMax), Words: f.Multiline("words", 0, noteMax)}
	err = f.Err()
	if err == nil {
		_, err = d.Auction.Answer(r.Context(), r.Actor, s.M.ID, w)
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Answer.Problems, v.Fields = Among(p, v.Answer.To), v.fresh()
			if v.HasOwn {
				v.Fields = fieldsOf(v.Own.Offer)
			}
			return offerPage(d.WishPage(r, s.Shop, v.Wish.ID, v.Wish.Name), v)
		})
	}
	r.Flash(ui.Act, "tender.answered")
	return r.Redirect(Address(v.Wish.ID))
}

// asked pairs each question with its answer, the newest question first.
type asked struct {
	Question voice.Word
	Answer   voice.Word
}

func (v offerView) asked() []asked {
	var out []asked
	at := map[string]int{}
	for _, w := range v.Words {
		if w.Answers == "" {
			at[w.ID] = len(out)
			out = append(out, asked{Question: w})
			continue
		}
		if i, known := at[w.Answers]; known {
			out[i].Answer = w
		}
	}
	slices.Reverse(out)
	return out
}

func (v offerView) answerProblems(question string) request.Problems {
	if v.Answer.To != question {
		return nil
	}
	return v.Answer.Problems
}

func (v offerView) answerWords(question string) string {
	if v.Answer.To != question {
		return ""
	}
	return v.Answer.Words
}
