package replay

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/gather"
	"github.com/dure-commerce/dure/internal/market"
)

// Errors of keys.
var (
	ErrKeyMissing = fail.New(fail.Invalid, "idempotency.missing")
	ErrKeyLong    = fail.New(fail.Invalid, "idempotency.too_long")
)

const keyMax = 200

// Command is one asking: who, which step, under which key, with which body.
type Command struct {
	Actor market.Actor
	Step  string
	Key   string
	Body  any
}

// Replay reads and keeps answers.
type Replay struct {
	db   *db.DB
	kept *gather.Group[answer.Key, answer.Stored]
}

// New makes a replay over a database; who asks at the same time looks together.
func New(d *db.DB) *Replay {
	load := func(ctx context.Context, keys []answer.Key) (map[answer.Key]answer.Stored, error) {
		return answer.Load(ctx, d, keys)
	}
	return &Replay{db: d, kept: gather.New(load)}
}

// Row is how an answer is kept under the command's key.
type Row[R any] func(R) answer.Row

// Do gives the kept answer of the key, or runs fn and keeps its answer. Refusals are not kept: they are decided anew.
// fn must answer the same when it runs again after a crash.
func Do[R any](ctx context.Context, r *Replay, cmd Command, fn func(context.Context) (R, error)) (R, error) {
	return Within(ctx, r, cmd, func(ctx context.Context, _ Row[R]) (R, bool, error) {
		out, err := fn(ctx)
		return out, false, err
	})
}

// Within is Do for a journey that can keep the answer with the transaction that made it true: fn is given what makes
// the row, and tells whether it has written one.
func Within[R any](
	ctx context.Context, r *Replay, cmd Command, fn func(context.Context, Row[R]) (out R, kept bool, err error),
) (R, error) {
	var out R
	if cmd.Key == "" {
		return out, ErrKeyMissing
	}
	if len(cmd.Key) > keyMax {
		return out, ErrKeyLong.With("Max", keyMax)
	}
	hash, err := answer.Hash(cmd.Body)
	if err != nil {
		return out, err
	}
	key := answer.Key{Actor: cmd.Actor.Key(), Step: cmd.Step, Key: cmd.Key}
	stored, found, err := r.kept.Get(ctx, key)
	if err != nil {
		return out, err
	}
	if found {
		return out, stored.Read(hash, &out)
	}
	row := func(out R) answer.Row { return answer.Row{Key: key, Hash: hash, Answer: out} }
	out, isKept, err := fn(ctx, row)
	if err != nil || isKept {
		return out, err
	}
	err = r.db.Write(ctx, func(tx *db.Tx) error { return answer.Save(ctx, tx, []answer.Row{row(out)}) })
	if errors.Is(err, db.ErrAgain) {
		// The same key ran twice at once: the other's answer stands.
		return Within(ctx, r, cmd, fn)
	}
	return out, err
}
