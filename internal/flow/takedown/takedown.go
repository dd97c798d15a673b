package takedown

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Refusals.
var (
	ErrKeyMissing = fail.New(fail.Invalid, "idempotency.missing")
	// ErrChanged asks to look again: the wish moved meanwhile.
	ErrChanged = fail.New(fail.Conflict, "wish.changed")
)

const keyMax = 200

// Deps are what the journey works with.
type Deps struct {
	DB    *db.DB
	Index *search.Index // of wishes
	// Stop ends the paying for a wish and pays everybody back.
	Stop func(ctx context.Context, tx *db.Tx, id market.WishID) error
}

// TakeDown runs the journey.
type TakeDown struct{ Deps }

// New makes the journey.
func New(d Deps) *TakeDown { return &TakeDown{d} }

// Cmd asks to take a wish down. Key is the idempotency key: the same one again changes nothing.
type Cmd struct {
	WishID market.WishID
	Ground wish.Ground
	Words  string // why, for everybody
	Key    string
}

// Do takes a wish down, by the operator.
func (t *TakeDown) Do(ctx context.Context, actor market.Actor, cmd Cmd) error {
	if err := right.Check(actor, right.WishTakeDown, right.Resource{}); err != nil {
		return err
	}
	if cmd.Key == "" || len(cmd.Key) > keyMax {
		return ErrKeyMissing
	}
	down, err := wish.Down{Ground: cmd.Ground, Words: cmd.Words, Key: cmd.Key}.Parse()
	if err != nil {
		return err
	}
	return t.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := wish.Find(ctx, tx, cmd.WishID)
		if err != nil {
			return err
		}
		if one.TakenDown() {
			return one.DownAgain(cmd.Key)
		}
		return t.take(ctx, tx, actor, one, down)
	})
}

func (t *TakeDown) take(ctx context.Context, tx *db.Tx, actor market.Actor, one wish.Wish, down wish.Down) error {
	is, ok, err := wish.TakeDown(ctx, tx, one, down)
	if err == nil && !ok {
		err = ErrChanged
	}
	if err != nil {
		return err
	}
	if is.ClosedSince(one) {
		if err := t.end(ctx, tx, is); err != nil {
			return err
		}
	}
	if err := t.Index.Remove(ctx, tx, string(one.ID)); err != nil {
		return err
	}
	tx.Emit(event.Of(event.WishDown{WishID: is.ID, Ground: string(down.Ground)}, is.Version))
	for _, topic := range []string{"wish:" + string(is.ID), "console"} {
		tx.Touch(topic, db.Micros(tx.Now()))
	}
	return audit.Write(ctx, tx, actor, audit.Act{Action: string(right.WishTakeDown), Resource: string(is.ID),
		Detail: map[string]string{"ground": string(down.Ground), "reason": down.Words, "state": string(one.State)}})
}

// end lets go of everything that hung on a wish that closed by it.
func (t *TakeDown) end(ctx context.Context, tx *db.Tx, is wish.Wish) error {
	a, err := bid.Find(ctx, tx, is.ID)
	if err != nil {
		return err
	}
	if !a.In(bid.Void) { // nobody won it, and what was paid goes back already
		if _, err := bid.Cancel(ctx, tx, is.ID, bid.ByOperator, bid.VoidDown); err != nil {
			return err
		}
	}
	if err := t.Stop(ctx, tx, is.ID); err != nil {
		return err
	}
	tx.Emit(event.Of(event.WishEnded{WishID: is.ID, State: string(is.State), Outcome: is.Outcome, Round: is.Round},
		is.Version))
	return nil
}
