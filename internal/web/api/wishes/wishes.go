package wishes

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/replay"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
)

// Deps are what this part of the interface works with.
type Deps struct {
	DB       *db.DB
	Wanted   *wanted.Wanted
	Auction  *auction.Auction
	Deposits *deposit.Deposits
	Announce *announce.Announce
	Deliver  *deliver.Deliver // nil: no shares
	Index    *search.Index    // of kind "wish"
	Limits   *limit.Counter
	Base     string // our own address in front of pages
}

// Host is the interface that this is a part of.
type Host struct {
	API     huma.API
	Answers *replay.Replay
	Actor   func(ctx context.Context) market.Actor
	Problem func(ctx context.Context, err error) error
	BodyMax int64
}

// part is the operations with what they need.
type part struct {
	Deps
	Host
}

// Register adds the operations to the interface.
func Register(h Host, d Deps) {
	p := &part{d, h}
	p.wishRoutes()
	p.joinRoutes()
	p.leadRoutes()
	p.bidRoutes()
	p.depositRoutes()
	p.voiceRoutes()
	p.escrowRoutes()
}

// Keyed is the header of every write.
type Keyed struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"200" doc:"Same key, same answer."`
}

// WishPath names a wish in an address.
type WishPath struct {
	ID string `path:"wish" maxLength:"40"`
}

func (w WishPath) wish() market.WishID { return market.WishID(w.ID) }

func signed() []map[string][]string { return []map[string][]string{{"bearer": {}}} }

type option func(*huma.Operation)

func open(o *huma.Operation)    { o.Security = nil }
func created(o *huma.Operation) { o.DefaultStatus = http.StatusCreated }

func says(text string) option { return func(o *huma.Operation) { o.Description = text } }

func get[I, O any](p *part, path, summary string, handler func(context.Context, *I) (*O, error), more ...option) {
	register(p, huma.Operation{Method: http.MethodGet, Path: path, Summary: summary}, handler, more)
}

func post[I, O any](p *part, path, summary string, handler func(context.Context, *I) (*O, error), more ...option) {
	register(p, huma.Operation{Method: http.MethodPost, Path: path, Summary: summary}, handler, more)
}

func register[I, O any](p *part, op huma.Operation, handler func(context.Context, *I) (*O, error), more []option) {
	op.Security, op.MaxBodyBytes, op.Tags = signed(), p.BodyMax, []string{"wishes"}
	op.OperationID = strings.ToLower(op.Method) + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(op.Path)
	op.Errors = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
		http.StatusGone, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable}
	for _, change := range more {
		change(&op)
	}
	huma.Register(p.API, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, p.Problem(ctx, err)
		}
		return out, nil
	})
}

// once gives the kept answer of a key, or runs fn and keeps its answer.
func once[R any](ctx context.Context, p *part, cmd asking, fn func(context.Context) (R, error)) (R, error) {
	return replay.Do(ctx, p.Answers, replay.Command{Actor: p.Actor(ctx), Step: cmd.step, Key: cmd.key, Body: cmd.body}, fn)
}

// asking is a step under a key, with what tells it from another.
type asking struct {
	step, key string
	body      any
}
