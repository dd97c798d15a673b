package wanted

import (
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// offersTitle is the sentence above the offers.
func (v view) offersTitle(loc ui.Loc) string {
	a := v.Auction
	switch {
	case a.Kind == bid.Sealed && !a.Shown():
		return loc.T("wanted.offers.sealed", "Count", int64(len(v.Sealed)))
	case a.Winner != "":
		return loc.T("wanted.offers.won", "Price", v.winning())
	case a.LowestPrice > 0:
		return loc.T("wanted.offers.lowest", "Count", a.Bids, "Price", a.LowestPrice)
	case len(v.Offers) > 0:
		return loc.T("wanted.offers.some", "Count", int64(len(v.Offers)))
	}
	return loc.T("wanted.offers.none")
}

func (v view) winning() int64 {
	for _, o := range v.Offers {
		if o.Bid.Won() {
			return o.Bid.Offer.PriceAt(v.quantity())
		}
	}
	return v.Auction.LowestPrice
}

// offersNote says what happens with the offers next.
func (v view) offersNote(loc ui.Loc) string {
	a := v.Auction
	switch {
	case v.Wish.State == wish.Gathering:
		return loc.T("wanted.offers.note_gathering")
	case v.Wish.State == wish.Bidding && a.Kind == bid.Sealed:
		return loc.T("wanted.offers.note_sealed", "At", loc.DateTime(a.ClosesAt, v.Now))
	case v.Wish.State == wish.Bidding:
		return loc.T("wanted.offers.note_bidding", "At", loc.DateTime(a.ClosesAt, v.Now), "Minutes",
			int64(v.Figures.Bid.ExtendMinutes), "Times", v.Figures.Bid.ExtendsMax)
	case v.Wish.State == wish.Choosing:
		return loc.T("wanted.offers.note_choosing")
	case a.Winner != "":
		return loc.T("wanted.offers.note_won", "Firm", a.Firm)
	}
	return ""
}

// voting says what votes may do and what they may not (decision 40).
func (v view) voting(loc ui.Loc) string {
	return loc.T("wanted.vote.rule", "Quorum", voice.Quorum(v.Rules, v.Wish.Firm), "Part", v.Rules.FlagsPart)
}

// judges reports that the reader may say something about offers now, and whether it counts.
func (v view) judges() bool {
	return v.Auction.MayJudge() == nil && (v.Wish.State == wish.Bidding || v.Wish.State == wish.Choosing ||
		v.Wish.State == wish.Gathering)
}

func (v view) votes() bool { return v.judges() && v.Own.Counts() }

// verified is the mark beside a seller: who has not been checked may bid, and is never paid before.
func (o offer) verified(loc ui.Loc) ui.Chip {
	if o.Verified {
		return ui.Chip{Label: loc.T("wanted.seller.verified"), Tone: ui.Act, Icon: "badge-check"}
	}
	return ui.Chip{Label: loc.T("wanted.seller.unverified"), Tone: ui.Warn, Icon: "triangle-alert"}
}

func (o offer) seller(loc ui.Loc) string { return stage.Seller(loc, o.Seller) }
func (o offer) sellerHref() string       { return stage.SellerHref(o.Seller) }

// record is what the seller's earlier shares say of it, or that there are none.
func (o offer) record(loc ui.Loc) string {
	words := o.Facts.Words()
	said := make([]string, len(words))
	for i, w := range words {
		said[i] = loc.T(w.Key, "Count", w.Args["Count"], "Of", w.Args["Of"])
	}
	return strings.Join(said, " · ")
}

// price is what one costs: for the crowd where the offer covers it, else from its own least quantity on.
func (o offer) price() int64 {
	if o.Price > 0 {
		return o.Price
	}
	return o.Bid.Offer.PriceAt(o.Bid.Offer.QuantityMin)
}

// terms are what the price is for.
func (o offer) terms(loc ui.Loc, now time.Time) []ui.Pair {
	t := o.Bid.Offer
	way := loc.T("wanted.offer.shipping")
	if t.Delivery == bid.AtBranch {
		way = loc.T("wanted.offer.branch", "Branch", o.Branch)
	}
	quantity := loc.T("wanted.offer.from", "Min", t.QuantityMin)
	if t.QuantityMax > 0 {
		quantity = loc.T("wanted.offer.between", "Min", t.QuantityMin, "Max", t.QuantityMax)
	}
	return []ui.Pair{{Key: loc.T("wanted.offer.by"), Value: loc.Date(t.PromisedBy.Add(-time.Second), now)},
		{Key: loc.T("wanted.offer.way"), Value: way}, {Key: loc.T("wanted.offer.quantity"), Value: quantity}}
}

// steps show how the price falls with the crowd; an offer of one price shows none.
func (o offer) steps(loc ui.Loc) []ui.PriceStep {
	t := o.Bid.Offer
	if len(t.Steps) == 0 {
		return nil
	}
	at := func(from, price int64) ui.PriceStep {
		return ui.PriceStep{People: loc.T("wanted.offer.step", "From", from), Price: loc.Won(price),
			Done: o.Quantity >= from, Now: o.price() == price}
	}
	out := []ui.PriceStep{at(t.QuantityMin, t.UnitPrice)}
	for _, s := range t.Steps {
		out = append(out, at(s.From, s.UnitPrice))
	}
	return out
}

// pictures are the evidence that can be shown.
func (o offer) pictures() []ui.Picture {
	var out []ui.Picture
	for i, key := range o.Bid.Offer.Evidence {
		ref := photo.Ref(key)
		if ref.Src() == "" {
			continue
		}
		width, height := ref.Size()
		out = append(out, ui.Picture{Src: ref.Src(), Srcset: ref.Srcset(), Sizes: "17rem", Width: width, Height: height,
			Alt: strconv.Itoa(i + 1), Shape: "round"})
	}
	return out
}

// verdict is why the offer won or did not, once that is decided, and why it is out before.
func (o offer) verdict(loc ui.Loc) *ui.Notice {
	if o.Reason == "" {
		return nil
	}
	text := loc.T("bid.outcome." + string(o.Reason))
	if o.Detail != "" {
		if said := loc.T(o.Detail); said != o.Detail {
			text += " – " + said
		} else {
			text += " – " + o.Detail
		}
	}
	if o.Bid.Won() || o.Reason == bid.ReasonLowest && o.Place == 1 {
		return &ui.Notice{Tone: ui.Act, Title: loc.T("wanted.offer.won"), Text: text}
	}
	return &ui.Notice{Title: loc.T("wanted.offer.lost"), Text: text}
}

// tally is what members said, in one line.
func (o offer) tally(loc ui.Loc) string {
	if o.Tally.Voters == 0 {
		return loc.T("wanted.vote.none")
	}
	return loc.T("wanted.vote.tally", "Voters", o.Tally.Voters, "Flags", o.Tally.Flags)
}

// talk is the questions with their answers, oldest first.
func (o offer) talk(loc ui.Loc, now time.Time) []exchange {
	answers := map[string]voice.Word{}
	for _, w := range o.Words {
		if w.Answers != "" {
			answers[w.Answers] = w
		}
	}
	var out []exchange
	for _, w := range o.Words {
		if w.Answers == "" {
			out = append(out, exchange{ID: w.ID, Question: w.Words, Answer: answers[w.ID].Words, Who: o.Askers[w.AccountID],
				At: loc.Ago(w.At, now)})
		}
	}
	return out
}

type exchange struct{ ID, Question, Answer, Who, At string }

// flagChoices are the reasons one may give against an offer, after the word that it is fine.
func (o offer) flagChoices(loc ui.Loc) []ui.Choice {
	chosen := "-"
	if o.Mine != nil {
		chosen = string(o.Mine.Flag)
	}
	out := []ui.Choice{{Value: "fine", Label: loc.T("wanted.vote.fine"), Checked: chosen == ""}}
	for _, f := range voice.Flags() {
		out = append(out, ui.Choice{Value: string(f), Label: loc.T("bid.flag." + string(f)), Checked: chosen == string(f)})
	}
	return out
}

func (o offer) mineWords() string {
	if o.Mine == nil {
		return ""
	}
	return o.Mine.Words
}

// proof is the outcome of the check that anybody can do; "" while something is hidden.
func (v view) proof(loc ui.Loc) *ui.Notice {
	if !v.Auction.Shown() || v.Auction.Seq == 0 || v.Auction.ClosedAt.IsZero() {
		return nil
	}
	if len(v.Faults) > 0 {
		return &ui.Notice{Tone: ui.Loss, Title: loc.T("wanted.proof.wrong"), Text: loc.T("wanted.proof.wrong_text")}
	}
	return &ui.Notice{Tone: ui.Act, Icon: "shield-check", Title: loc.T("wanted.proof.right"),
		Text: loc.T("wanted.proof.right_" + string(v.kind()))}
}
