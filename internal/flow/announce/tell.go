package announce

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/lookout"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Members and shops are read many at once beside the writer, and told in chunks that hold it for a moment only.
const (
	batch = 1_024
	chunk = 64
)

// lettered are the steps of which firm members also get a letter: that it begins to matter, that it
// goes on, and how it ended.
func lettered() []notice.Kind {
	return []notice.Kind{
		notice.WishReached, notice.WishAgain, notice.WishNothing, notice.WishDown,
	}
}

// Tell tells everybody whom a step of a wish concerns. Running again goes on where it stopped and tells nobody twice.
func (a *Announce) Tell(ctx context.Context, job event.WishTellJob) error {
	one, err := wish.Find(ctx, a.db, job.WishID)
	if err != nil {
		return err
	}
	of := step{one.ID, notice.Kind(job.Step), job.Round}
	switch of.kind {
	case notice.WishSought:
		return a.shops(ctx, one, of)
	case notice.WishClosing:
		return a.closing(ctx, one, of)
	case notice.WishDown:
		if err := a.bidders(ctx, one, of); err != nil {
			return err
		}
		return a.members(ctx, one, of)
	default:
		return a.members(ctx, one, of)
	}
}

// bidders tells the sellers who had bid on a wish.
func (a *Announce) bidders(ctx context.Context, one wish.Wish, of step) error {
	bids, err := bid.Bids(ctx, a.db, one.ID)
	if err != nil {
		return err
	}
	sellers := make([]market.MerchantID, len(bids))
	for i, b := range bids {
		sellers[i] = b.MerchantID
	}
	slices.Sort(sellers)
	for part := range slices.Chunk(slices.Compact(sellers), chunk) {
		if err := a.db.Write(ctx, func(tx *db.Tx) error { return tellSellers(ctx, tx, of, part) }); err != nil {
			return err
		}
	}
	return nil
}

func tellSellers(ctx context.Context, tx *db.Tx, of step, sellers []market.MerchantID) error {
	people, err := catalog.Keepers(ctx, tx, sellers)
	if err != nil {
		return err
	}
	told := make([]notice.Notice, len(people))
	for i, k := range people {
		told[i] = notice.Notice{AccountID: k.AccountID, Kind: of.kind, Subject: of.subject(), Sender: k.Shop}
		tx.Touch("account:"+string(k.AccountID), db.Micros(tx.Now()))
	}
	_, err = notice.Tell(ctx, tx, told)
	return err
}

// closing tells that the last hours for bids have come; when the close has moved, or is done, it is told later or not
// at all.
func (a *Announce) closing(ctx context.Context, one wish.Wish, of step) error {
	is, err := bid.Find(ctx, a.db, one.ID)
	if errors.Is(err, bid.ErrNoAuction) || err == nil && !is.In(bid.Open) {
		return nil
	}
	if err != nil {
		return err
	}
	return a.members(ctx, one, of)
}

// subject names a step of a round in notices.
func (s step) subject() string { return notice.WishRound(s.wish, s.kind, s.round) }

// once names a step of a round in letters.
func (s step) once(name string) string {
	if s.round <= 1 {
		return name + ":" + string(s.wish)
	}
	return name + ":" + string(s.wish) + ":" + strconv.FormatInt(s.round, 10)
}

func (a *Announce) members(ctx context.Context, one wish.Wish, of step) error {
	after := market.AccountID("")
	for {
		list, err := catalog.Companions(ctx, a.db, one.ID, after, batch)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(list, chunk) {
			if err := a.db.Write(ctx, func(tx *db.Tx) error { return tellMembers(ctx, tx, one, of, part) }); err != nil {
				return err
			}
		}
		if len(list) < batch {
			return nil
		}
		after = list[len(list)-1].AccountID
	}
}

func tellMembers(ctx context.Context, tx *db.Tx, one wish.Wish, of step, list []catalog.Companion) error {
	told := make([]notice.Notice, len(list))
	for i, c := range list {
		told[i] = notice.Notice{AccountID: c.AccountID, Kind: of.kind, Subject: of.subject(), Title: one.Name}
		if c.Firm && slices.Contains(lettered(), of.kind) {
			letter.Send(tx, letter.Letter{To: c.Email, Name: c.Name, Locale: c.Locale, Key: "announce.letter." + string(of.kind),
				Href: "/w/" + string(one.ID), Args: map[string]any{"Title": one.Name, "Threshold": one.Threshold},
				Once: of.once(string(of.kind)) + ":" + string(c.AccountID)})
		}
		tx.Touch("account:"+string(c.AccountID), db.Micros(tx.Now()))
	}
	_, err := notice.Tell(ctx, tx, told)
	return err
}

// shops tells the shops that a wish concerns that people look for what they may have.
func (a *Announce) shops(ctx context.Context, one wish.Wish, of step) error {
	sought := catalog.Sought{WishID: one.ID, Categories: lookout.Chain(one.CategoryID), RegionID: one.RegionID}
	after := market.MerchantID("")
	for {
		list, err := catalog.Interested(ctx, a.db, sought, after, batch)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(list, chunk) {
			if err := a.db.Write(ctx, func(tx *db.Tx) error { return a.tellShops(ctx, tx, one, of, part) }); err != nil {
				return err
			}
		}
		if len(list) < batch {
			return nil
		}
		after = list[len(list)-1]
	}
}

func (a *Announce) tellShops(ctx context.Context, tx *db.Tx, one wish.Wish, of step, shops []market.MerchantID) error {
	if _, err := lookout.Told(ctx, tx, one.ID, shops); err != nil {
		return err
	}
	people, err := catalog.Keepers(ctx, tx, shops)
	if err != nil {
		return err
	}
	told := make([]notice.Notice, len(people))
	for i, k := range people {
		told[i] = notice.Notice{AccountID: k.AccountID, Kind: notice.WishSought,
			Subject: of.subject(), Title: one.Name, Sender: k.Shop}
		if k.Letters {
			letter.Send(tx, letter.Letter{To: k.Email, Name: k.Name, Locale: k.Locale, Key: "announce.letter.wish_sought",
				Href: "/w/" + string(one.ID), Off: a.OffHref(k.AccountID, k.MerchantID),
				Args: map[string]any{"Title": one.Name, "Shop": k.Shop, "Firm": one.Firm},
				Once: of.once("sought") + ":" + string(k.AccountID)})
		}
		tx.Touch("account:"+string(k.AccountID), db.Micros(tx.Now()))
	}
	_, err = notice.Tell(ctx, tx, told)
	return err
}

// Announced is how far the word of a wish went.
type Announced struct {
	Shops int64 // that were told of it, each once
	At    time.Time
}

// Reach reads how far the word of a wish went, in all its rounds; zero before it has reached its point.
func (a *Announce) Reach(ctx context.Context, id market.WishID) (Announced, error) {
	one, err := wish.Find(ctx, a.db, id)
	if err != nil || !one.Reached() && one.Round <= 1 {
		return Announced{}, err
	}
	n, err := lookout.Reach(ctx, a.db, id)
	return Announced{Shops: n, At: one.ReachedAt}, err
}
