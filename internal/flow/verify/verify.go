package verify

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/merchant/check"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Deps are what the journey works with.
type Deps struct {
	DB       *db.DB
	Register check.Register // nil: none is configured, and only the operator's approval verifies
	Log      *slog.Logger
}

// Verify runs the journey.
type Verify struct{ Deps }

// New makes the journey.
func New(deps Deps) *Verify {
	if deps.Register == nil {
		deps.Register = check.Absent{}
	}
	if deps.Log == nil {
		deps.Log = slog.New(slog.DiscardHandler)
	}
	return &Verify{deps}
}

// Workers are the background tasks of the journey, none without a register.
func (v *Verify) Workers() []queue.Worker {
	if _, absent := v.Register.(check.Absent); absent {
		return nil
	}
	return []queue.Worker{
		{Name: "verify.begin", RunOnce: v.BeginOnce, Poll: time.Minute},
		{Name: "verify.ask", RunOnce: v.AskOnce, Poll: 10 * time.Second},
	}
}

const beginAtOnce = 50

// BeginOnce has sellers asked about that offer on wishes and are not known yet, or by another number.
func (v *Verify) BeginOnce(ctx context.Context) (bool, error) {
	list, err := catalog.Unverified(ctx, v.DB, beginAtOnce)
	if err != nil || len(list) == 0 {
		return false, err
	}
	return true, v.DB.Write(ctx, func(tx *db.Tx) error {
		for _, m := range list {
			if err := check.Begin(ctx, tx, m.ID, m.Number); err != nil {
				return err
			}
		}
		return nil
	})
}

// AskOnce asks the register about one seller. The next asking is put off before the call, so that of several nodes one
// asks; the call stands outside any transaction.
func (v *Verify) AskOnce(ctx context.Context) (bool, error) {
	due, err := check.Due(ctx, v.DB, v.DB.Clock().Now(), 1)
	if err != nil || len(due) == 0 {
		return false, err
	}
	claimed := false
	err = v.DB.Write(ctx, func(tx *db.Tx) (err error) {
		claimed, err = check.Save(ctx, tx, due[0].Put(tx.Now()))
		return err
	})
	if err != nil || !claimed {
		return err == nil, err
	}
	result, err := v.Register.Check(ctx, due[0].Number)
	if err != nil {
		v.Log.WarnContext(ctx, "no answer about a business", "merchant", due[0].MerchantID, "error", err)
		result = check.Down
	}
	return true, v.DB.Write(ctx, func(tx *db.Tx) error { return v.answered(ctx, tx, due[0], result) })
}

func (v *Verify) answered(ctx context.Context, tx *db.Tx, asked check.Standing, result check.Result) error {
	s, err := check.Find(ctx, tx, asked.MerchantID)
	if err != nil || s.Number != asked.Number {
		return err // another number by now: it is asked about by itself
	}
	if err := check.Note(ctx, tx, s, result, v.Register.Source()); err != nil {
		return err
	}
	next := s.After(result, v.Register.Source(), tx.Now())
	if _, err := check.Save(ctx, tx, next); err != nil || !next.Moved(s) {
		return err
	}
	tx.Touch("merchant:"+string(s.MerchantID), db.Micros(tx.Now()))
	return tell(ctx, tx, next)
}

// tell writes to the seller how the check came out.
func tell(ctx context.Context, tx *db.Tx, s check.Standing) error {
	m, err := merchant.Find(ctx, tx, s.MerchantID)
	if err != nil || m.Business.Email == "" {
		return err
	}
	letter.Send(tx, letter.Letter{To: m.Business.Email, Name: m.Business.Name, Key: "merchant.mail." + string(s.Result),
		Args: map[string]any{"Shop": m.Business.Name, "Number": merchant.FormatNumber(s.Number)},
		Href: "/office", Once: "verify/" + string(s.MerchantID) + "/" + s.Number + "/" + string(s.Result)})
	return nil
}

// Retry has the register asked once more about a seller that it refused.
func (v *Verify) Retry(ctx context.Context, actor market.Actor, id market.MerchantID) error {
	if err := right.Check(actor, right.BidPlace, right.Of(id)); err != nil {
		return err
	}
	return v.DB.Write(ctx, func(tx *db.Tx) error {
		s, err := check.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.MayRetry(tx.Now()); err != nil {
			return err
		}
		s.AskAt = tx.Now()
		_, err = check.Save(ctx, tx, s)
		return err
	})
}

// Standing is where a seller stands, for its people and the operator's; ok is false before it was ever asked about.
func (v *Verify) Standing(
	ctx context.Context, actor market.Actor, id market.MerchantID,
) (s check.Standing, ok bool, err error) {
	if err := right.Check(actor, right.MerchantView, right.Of(id)); err != nil {
		return s, false, err
	}
	s, err = check.Find(ctx, v.DB, id)
	if errors.Is(err, check.ErrNotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// Verified tells whether a seller may be paid for: approved by the operator, or found running by the register.
func (v *Verify) Verified(ctx context.Context, id market.MerchantID) (bool, error) {
	m, err := merchant.Find(ctx, v.DB, id)
	if err != nil || m.MaySell() {
		return err == nil, err
	}
	s, err := check.Find(ctx, v.DB, id)
	if errors.Is(err, check.ErrNotFound) {
		return false, nil
	}
	return err == nil && m.MayBid() && s.Is(m.Business.Number), err
}
