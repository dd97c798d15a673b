package wish

import (
	"context"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// ErrFewer wants a number of people from Least to below the present one.
var ErrFewer = fail.New(fail.Invalid, "wish.fewer").On("threshold")

// ThresholdMax is more people than any wish needs.
const ThresholdMax = 1_000_000

// Rounds are the figures by which a wish gathers on when its offers came to nothing (rule 61).
type Rounds struct {
	Max       int64         // after so many it is over
	Pause     time.Duration // in which members look and leave before sellers are asked anew
	Least     time.Duration // that must be left of its time
	Threshold int64         // below which nobody may set the number it needs
}

// GoesOn reports a wish that may gather on at an instant: a round is left, time is left, and somebody is there.
func (w Wish) GoesOn(r Rounds, now time.Time) bool {
	return w.Round < r.Max && w.Firm > 0 && !w.Until.Before(now.Add(r.Least))
}

// Paused reports a round that has just begun again: the point is not passed before the pause is over.
func (w Wish) Paused() bool { return w.State == Gathering && !w.PauseUntil.IsZero() }

// Rests reports a pause that is not over at an instant.
func (w Wish) Rests(now time.Time) bool { return w.Paused() && now.Before(w.PauseUntil) }

// Again reports a wish that gathers after its offers came to nothing: its lead may ask for fewer, or let it be.
func (w Wish) Again() bool { return w.State == Gathering && w.Round > 1 }

// Full reports that as many are firm as it needs.
func (w Wish) Full() bool { return w.Firm >= w.Threshold }

// MayBeFewer reports a wish whose lead may ask for fewer people than it needs now.
func (w Wish) MayBeFewer(r Rounds) bool { return w.Again() && w.Threshold > r.Threshold }

// MayAskFewer answers whether somebody may set how many people a wish needs: its lead, while it gathers again, and
// never fewer than policy allows. The number it has is no change.
func (w Wish) MayAskFewer(who market.AccountID, threshold int64, r Rounds) error {
	switch {
	case w.LeadID != who:
		return ErrLead
	case !w.Again():
		return ErrState.With("State", string(w.State), "Action", "fewer")
	case threshold == w.Threshold:
		return nil
	case threshold > w.Threshold || threshold < r.Threshold:
		return ErrFewer.With("Least", min(r.Threshold, w.Threshold), "Most", w.Threshold-1)
	}
	return nil
}

// RoundKey names a round of a wish, so that its jobs are its own.
func (w Wish) RoundKey() string {
	if w.Round <= 1 {
		return string(w.ID)
	}
	return string(w.ID) + ":" + strconv.FormatInt(w.Round, 10)
}

// Past is a round that came to nothing.
type Past struct {
	Round     int64
	Threshold int64
	Firm      int64 // at its end
	Sellers   int64 // who had bid
	ReachedAt time.Time
	EndedAt   time.Time
	Outcome   string // why, as that of a wish that closed
}

// Pasts lists the rounds of a wish that came to nothing, the first one first.
func Pasts(ctx context.Context, q db.Querier, id market.WishID) ([]Past, error) {
	return db.All(ctx, q, func(r db.Row) (Past, error) {
		var p Past
		err := r.Scan(&p.Round, &p.Threshold, &p.Firm, &p.Sellers, db.Time(&p.ReachedAt), db.Time(&p.EndedAt), &p.Outcome)
		return p, err
	}, `SELECT round, threshold, firm, sellers, reached_at, ended_at, outcome FROM wish_round WHERE wish_id = $1
 ORDER BY round`, string(id))
}

// Restart is how a wish begins another round.
type Restart struct {
	Outcome    string // why the last one came to nothing
	Sellers    int64  // who had bid in it
	PauseUntil time.Time
}

// Return brings a wish, in the state in which it was read, back to gathering, with the round that ended written down,
// and gives it as it is then. It answers false when it is no longer as it was read. ErrState refuses a step that its
// state does not allow.
func Return(ctx context.Context, tx *db.Tx, w Wish, s Restart) (Wish, bool, error) {
	to, err := Next(w.State, ActAgain, ByClock)
	if err != nil {
		return w, false, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE wish SET state = $3, round = round + 1, pause_until = $4, reached_at = NULL,
 reached_version = NULL, version = version + 1 WHERE id = $1 AND version = $2`, string(w.ID), w.Version, string(to),
		db.Micros(s.PauseUntil))
	if err != nil || n != 1 {
		return w, false, err
	}
	_, err = db.InsertMany(ctx, tx, db.Insert{Table: "wish_round", Columns: []string{"wish_id", "round", "threshold",
		"firm", "sellers", "reached_at", "ended_at", "outcome"}}, [][]any{{string(w.ID), w.Round, w.Threshold, w.Firm,
		s.Sellers, db.Micros(w.ReachedAt), db.Micros(tx.Now()), s.Outcome}})
	w.State, w.Round, w.PauseUntil, w.ReachedAt, w.Version = to, w.Round+1, s.PauseUntil, time.Time{}, w.Version+1
	return w, true, err
}

// GoOn ends the pause of a wish that gathers, in the state in which it was read, for a number of people: enough of them
// pass the point by it. It gives the wish as it is then, and answers false when it is no longer as it was read.
func GoOn(ctx context.Context, tx *db.Tx, w Wish, threshold int64, by By) (Wish, bool, error) {
	is := w
	is.Threshold, is.PauseUntil, is.Version = threshold, time.Time{}, w.Version+1
	if is.Full() {
		var err error
		if is.State, err = Next(w.State, ActReach, by); err != nil {
			return w, false, err
		}
		is.ReachedAt = tx.Now()
	}
	var version any
	if is.Reached() {
		version = is.Version
	}
	n, err := db.Exec(ctx, tx, `UPDATE wish SET state = $3, threshold = $4, pause_until = NULL, reached_at = $5,
 reached_version = $6, version = version + 1 WHERE id = $1 AND version = $2 AND state = 'gathering'`, string(w.ID),
		w.Version, string(is.State), is.Threshold, db.TimeArg(is.ReachedAt), version)
	return is, n == 1, err
}
