package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Act is what somebody did.
type Act struct {
	Action   string // the right that was used, "merchant.approve", or another verb of that shape
	Resource string // id of the thing it was done to
	Detail   any    // written as JSON; nil for none
}

// Entry is one written line.
type Entry struct {
	ID       string
	Actor    string // account id, "system" or "guest"
	Action   string
	Resource string
	Detail   string // JSON, "" for none
	Address  string
	At       time.Time
}

// PageMax is the most entries List gives at once.
const PageMax = 200

// addressMax bounds what an actor's network address may take, in bytes; IPv6 with a zone needs fewer.
const addressMax = 64

// Write adds one line with the transaction.
func Write(ctx context.Context, tx *db.Tx, actor market.Actor, act Act) error {
	detail := ""
	if act.Detail != nil {
		raw, err := json.Marshal(act.Detail)
		if err != nil {
			return fmt.Errorf("audit %s: %w", act.Action, err)
		}
		detail = string(raw)
	}
	address := actor.Address
	if len(address) > addressMax {
		address = address[:addressMax]
	}
	_, err := db.Exec(ctx, tx, `INSERT INTO audit (id, actor, action, resource, detail, address, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID("aud"), actor.Key(), act.Action, act.Resource, detail, address, db.Micros(tx.Now()))
	return err
}

// Filter narrows List; empty fields do not.
type Filter struct {
	Resource string
	Actor    string
	Before   string // id of the last entry of the page before
	Limit    int    // at most PageMax, which is also the default
}

const columns = `id, actor, action, resource, detail, address, at`

func scan(r db.Row) (Entry, error) {
	var e Entry
	err := r.Scan(&e.ID, &e.Actor, &e.Action, &e.Resource, &e.Detail, &e.Address, db.Time(&e.At))
	return e, err
}

// List gives the newest entries first, a page from just before Filter.Before.
func List(ctx context.Context, q db.Querier, f Filter) ([]Entry, error) {
	limit := f.Limit
	if limit <= 0 || limit > PageMax {
		limit = PageMax
	}
	before := f.Before
	if before == "" {
		before = "z" // after every id, in every collation
	}
	switch {
	case f.Resource != "" && f.Actor != "":
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM audit
			WHERE resource = $1 AND actor = $2 AND id < $3 ORDER BY id DESC LIMIT $4`, f.Resource, f.Actor, before, limit)
	case f.Resource != "":
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM audit
			WHERE resource = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, f.Resource, before, limit)
	case f.Actor != "":
		return db.All(ctx, q, scan, `SELECT `+columns+` FROM audit
			WHERE actor = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, f.Actor, before, limit)
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM audit
		WHERE id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}
