package replay

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
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

// Do gives the kept answer of the key, or runs fn and keeps its answer. Refusals are not kept: they are decided anew.
// fn must answer the same when it runs again after a crash.
func Do[R any](ctx context.Context, d *db.DB, cmd Command, fn func(context.Context) (R, error)) (R, error) {
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
	kept, err := answer.Load(ctx, d, []answer.Key{key})
	if err != nil {
		return out, err
	}
	if stored, ok := kept[key]; ok {
		return out, stored.Read(hash, &out)
	}
	if out, err = fn(ctx); err != nil {
		return out, err
	}
	text, err := json.Marshal(out)
	if err != nil {
		return out, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		return answer.Save(ctx, tx, []answer.Row{{Key: key, Hash: hash, Answer: json.RawMessage(text)}})
	})
	if errors.Is(err, db.ErrAgain) {
		// The same key ran twice at once: the other's answer stands.
		return Do(ctx, d, cmd, fn)
	}
	return out, err
}
