package announce

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Projection names the fold's place in the feed.
const Projection = "announce"

// Kinds are the events that are told.
func Kinds() []string {
	return []string{event.WishReached{}.Kind(), event.BidPlaced{}.Kind(), event.WishMoved{}.Kind(),
		event.AuctionAwarded{}.Kind(), event.WishEnded{}.Kind(), event.WishMerged{}.Kind()}
}

// closingTime is how long before the close of the bids members are told of it.
const closingTime = 6 * time.Hour

// Project turns events into jobs that tell of them; kit/feed moves its place in the same transaction. The same step of
// the same wish is one job, however often it is seen.
func (a *Announce) Project(_ context.Context, tx *db.Tx, events []feed.Event) error {
	for _, e := range events {
		if err := project(tx, e); err != nil {
			return err
		}
	}
	return nil
}

func project(tx *db.Tx, e feed.Event) error {
	now := tx.Now()
	switch e.Kind {
	case event.WishReached{}.Kind():
		var r event.WishReached
		if err := event.Decode(e.Payload, &r); err != nil {
			return err
		}
		tell(tx, r.WishID, notice.WishReached, now)
		tell(tx, r.WishID, notice.WishSought, now)
		tell(tx, r.WishID, notice.WishClosing, db.FromMicros(r.BidsUntil).Add(-closingTime))
	case event.BidPlaced{}.Kind():
		var b event.BidPlaced
		if err := event.Decode(e.Payload, &b); err != nil {
			return err
		}
		tell(tx, b.WishID, notice.WishOffered, now)
	case event.WishMoved{}.Kind():
		var m event.WishMoved
		if err := event.Decode(e.Payload, &m); err != nil {
			return err
		}
		if wish.State(m.State).Chooses() {
			tell(tx, m.WishID, notice.WishLook, now)
		}
	case event.AuctionAwarded{}.Kind():
		var w event.AuctionAwarded
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		tell(tx, w.WishID, notice.WishAwarded, now)
	case event.WishMerged{}.Kind():
		var w event.WishMerged
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		tell(tx, w.WishID, notice.WishAsked, now)
		tell(tx, w.IntoID, notice.WishJoined, now)
	case event.WishEnded{}.Kind():
		var w event.WishEnded
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		if wish.State(w.State).Fruitless() {
			tell(tx, w.WishID, notice.WishNothing, now)
		}
	default:
		return fmt.Errorf("announce: kind %s was not asked for", e.Kind)
	}
	return nil
}

func tell(tx *db.Tx, id market.WishID, step notice.Kind, due time.Time) {
	tx.Enqueue(db.Job{Kind: event.JobWishTell, Key: notice.WishSubject(id, step),
		Payload: event.WishTellJob{WishID: id, Step: string(step)}, Due: due})
}
