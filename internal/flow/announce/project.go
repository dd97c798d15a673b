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
		event.AuctionAwarded{}.Kind(), event.WishEnded{}.Kind(), event.WishMerged{}.Kind(),
		event.WishAgain{}.Kind(), event.WishDown{}.Kind()}
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
		tell(tx, step{r.WishID, notice.WishReached, r.Round}, now)
		tell(tx, step{r.WishID, notice.WishSought, r.Round}, now)
		tell(tx, step{r.WishID, notice.WishClosing, r.Round}, db.FromMicros(r.BidsUntil).Add(-closingTime))
	case event.BidPlaced{}.Kind():
		var b event.BidPlaced
		if err := event.Decode(e.Payload, &b); err != nil {
			return err
		}
		tell(tx, step{b.WishID, notice.WishOffered, b.Round}, now)
	case event.WishMoved{}.Kind():
		var m event.WishMoved
		if err := event.Decode(e.Payload, &m); err != nil {
			return err
		}
		if wish.State(m.State).Chooses() {
			tell(tx, step{m.WishID, notice.WishLook, m.Round}, now)
		}
	case event.AuctionAwarded{}.Kind():
		var w event.AuctionAwarded
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		tell(tx, step{w.WishID, notice.WishAwarded, w.Round}, now)
	case event.WishMerged{}.Kind():
		var w event.WishMerged
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		tell(tx, step{w.WishID, notice.WishAsked, 1}, now)
		tell(tx, step{w.IntoID, notice.WishJoined, 1}, now)
	case event.WishDown{}.Kind():
		var w event.WishDown
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		tell(tx, step{w.WishID, notice.WishDown, 1}, now)
	case event.WishAgain{}.Kind():
		var w event.WishAgain
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		tell(tx, step{w.WishID, notice.WishAgain, w.Round}, now)
	case event.WishEnded{}.Kind():
		var w event.WishEnded
		if err := event.Decode(e.Payload, &w); err != nil {
			return err
		}
		if wish.State(w.State).Fruitless() && w.Outcome != wish.OutcomeTakenDown {
			tell(tx, step{w.WishID, notice.WishNothing, w.Round}, now)
		}
	default:
		return fmt.Errorf("announce: kind %s was not asked for", e.Kind)
	}
	return nil
}

// step is what is told of a wish, once a round.
type step struct {
	wish  market.WishID
	kind  notice.Kind
	round int64
}

func tell(tx *db.Tx, s step, due time.Time) {
	tx.Enqueue(db.Job{Kind: event.JobWishTell, Key: notice.WishRound(s.wish, s.kind, s.round),
		Payload: event.WishTellJob{WishID: s.wish, Step: string(s.kind), Round: s.round}, Due: due})
}
