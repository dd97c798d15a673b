package deliver

import (
	"context"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// What people are told. A letter's words stand under "share.mail." and the kind; a notice's kind is "share_" and it.
const (
	toldShipped     = "shipped"
	toldDelivered   = "delivered"
	toldSilence     = "silence" // soon the share is released by itself
	toldReleased    = "released"
	toldRefunded    = "refunded"
	toldDisputeOpen = "dispute_open"
	toldDisputed    = "disputed" // to the seller
	toldTurn        = "turn"     // it is the reader's turn to speak
	toldTurnSeller  = "turn_seller"
	toldDecided     = "decided"
	toldDecidedSell = "decided_seller"
)

// Told lists the kinds of letters and notices of this journey to members, for tests of the catalogues.
func Told() []string {
	return []string{toldShipped, toldDelivered, toldSilence, toldReleased, toldRefunded, toldDisputeOpen, toldTurn,
		toldDecided}
}

// ToldSellers lists the kinds of letters to sellers.
func ToldSellers() []string { return []string{toldDisputed, toldTurnSeller, toldDecidedSell} }

// word is something to be told about one share.
type word struct {
	share    escrow.Share
	seller   market.MerchantID
	kind     string
	once     string // tells one word of a kind about a share from the next
	toSeller bool
	until    time.Time
	released money.Won
	refunded money.Won
	carrier  parcel.Carrier
	number   string
}

func stamp(t time.Time) string { return strconv.FormatInt(db.Micros(t), 36) }

// tell writes letters and notices with the transaction; the same word about a share is told once.
func (d *Deliver) tell(ctx context.Context, tx *db.Tx, words []word) error {
	if len(words) == 0 {
		return nil
	}
	b, err := readers(ctx, tx, words)
	if err != nil {
		return err
	}
	var notices []notice.Notice
	for _, w := range words {
		l := letter.Letter{Key: "share.mail." + w.kind, Args: b.args(w),
			Once: "share/" + w.kind + "/" + string(w.share.OrderID) + "/" + w.once}
		if w.toSeller {
			shop := b.shops[w.seller]
			l.To, l.Name, l.Href = shop.Email, shop.Name, "/office/disputes/"+string(w.share.OrderID)
		} else {
			a := b.people[w.share.AccountID]
			l.To, l.Name, l.Locale, l.Href = a.Email, a.Name, a.Locale, "/shares/"+string(w.share.OrderID)
			notices = append(notices, notice.Notice{AccountID: w.share.AccountID, Kind: notice.Share(w.kind),
				Subject: notice.ShareSubject(w.share.OrderID, w.kind, w.once), Title: b.wish(w), Sender: b.shops[w.seller].Name})
		}
		if l.To != "" {
			letter.Send(tx, l)
		}
	}
	_, err = notice.Tell(ctx, tx, notices)
	return err
}

// reading is who is told, and of what.
type reading struct {
	people map[market.AccountID]account.Account
	shops  map[market.MerchantID]settlement.Shop
	wishes map[market.WishID]*wish.Wish
}

func readers(ctx context.Context, q db.Querier, words []word) (b reading, err error) {
	accounts := make([]market.AccountID, len(words))
	shops := make([]market.MerchantID, len(words))
	wishes := make([]market.WishID, len(words))
	for i, w := range words {
		accounts[i], shops[i], wishes[i] = w.share.AccountID, w.seller, w.share.WishID
	}
	people, err := account.ListByIDs(ctx, q, accounts)
	if err != nil {
		return b, err
	}
	b.people = make(map[market.AccountID]account.Account, len(people))
	for _, a := range people {
		b.people[a.ID] = a
	}
	if b.shops, err = settlement.LoadShops(ctx, q, shops); err != nil {
		return b, err
	}
	b.wishes, err = wish.Load(ctx, q, wishes)
	return b, err
}

func (b reading) wish(w word) string {
	if one := b.wishes[w.share.WishID]; one != nil {
		return one.Name
	}
	return string(w.share.WishID)
}

func (b reading) args(w word) map[string]any {
	args := map[string]any{"Wish": b.wish(w), "Shop": b.shops[w.seller].Name, "Number": w.number,
		"Won": settlement.Grouped(w.share.Amount), "Released": settlement.Grouped(w.released),
		"Refunded": settlement.Grouped(w.refunded), "Until": ""}
	if !w.until.IsZero() {
		args["Until"] = settlement.LastDayOf(w.until)
	}
	return args
}

// tellEnds tells members how their share ended, and sellers how a dispute did.
func (d *Deliver) tellEnds(ctx context.Context, tx *db.Tx, ends []escrow.End) error {
	words := make([]word, 0, len(ends))
	for _, e := range ends {
		w := word{share: e.Share, seller: e.MerchantID, kind: toldRefunded, released: e.Released, refunded: e.Share.Refunded}
		switch {
		case e.Frozen():
			w.kind = toldDecided
			toSeller := w
			toSeller.kind, toSeller.toSeller = toldDecidedSell, true
			words = append(words, toSeller)
		case e.Releases():
			w.kind = toldReleased
		}
		words = append(words, w)
	}
	return d.tell(ctx, tx, words)
}

// tellTurn tells the side whose word a dispute waits for.
func (d *Deliver) tellTurn(
	ctx context.Context, tx *db.Tx, s escrow.Share, seller market.MerchantID, x escrow.Dispute,
) error {
	w := word{share: s, seller: seller, kind: toldTurn, once: stamp(x.DueAt), until: x.DueAt}
	switch x.Turn {
	case escrow.TurnSeller:
		w.kind, w.toSeller = toldTurnSeller, true
	case escrow.TurnBuyer:
	case escrow.TurnOperator, escrow.TurnOver:
		return nil
	}
	return d.tell(ctx, tx, []word{w})
}
