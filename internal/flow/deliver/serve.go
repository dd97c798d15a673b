package deliver

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/pass"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// ServeCmd hands over at a branch what a member is owed, against the code on the member's page.
type ServeCmd struct {
	MerchantID market.MerchantID
	BranchID   market.BranchID
	Text       string // scanned or typed
}

// Refusals at the branch.
var (
	// ErrPass is a text that is no member's code, or that of another shop's.
	ErrPass = fail.New(fail.NotFound, "escrow.pass")
	// ErrBranch is a share that is handed over at another branch.
	ErrBranch = fail.New(fail.Conflict, "escrow.pass_branch")
)

// Handed is what the counter sees of a share.
type Handed struct {
	escrow.Share
	Wish string // what was wanted
	// Guest is the member's masked name.
	Guest string
	// Net is what the seller earned by it, once it is handed over; for the eyes of those who may see the shop's money.
	Net money.Won
	// Refusal is why it cannot be handed over now, nil when it can.
	Refusal error
	// Again tells that it was handed over before.
	Again bool
}

// IsPass tells, without any look into the database, whether a scanned or typed text may be a member's code.
func IsPass(text string) bool {
	_, ok := pass.Read(text)
	return ok
}

// IsPassFace tells whether a text is what a camera reads off a member's page, which nobody guesses.
func IsPassFace(text string) bool {
	s, ok := pass.Read(text)
	return ok && s.OrderID != ""
}

// LookServe shows at the counter what a code is good for; it changes nothing.
func (d *Deliver) LookServe(ctx context.Context, actor market.Actor, cmd ServeCmd) (out Handed, err error) {
	err = d.DB.Read(ctx, func(r *db.ReadTx) error {
		s, e, err := d.served(ctx, r, actor, cmd)
		if err != nil {
			return err
		}
		out, err = handed(ctx, r, s, e)
		out.Again = s.Outcome == escrow.OutUsed
		_, out.Refusal = e.Take(s, serving(s, e), RulesAt(r.Now()), r.Now())
		if out.Refusal == nil {
			out.Refusal = fitsBranch(e, cmd.BranchID)
		}
		return err
	})
	return out, err
}

// Serve releases a share that is handed over at the branch. The same code again answers the same, with Again set.
func (d *Deliver) Serve(ctx context.Context, actor market.Actor, cmd ServeCmd) (out Handed, err error) {
	err = d.write(ctx, func(tx *db.Tx) error {
		s, e, err := d.served(ctx, tx, actor, cmd)
		if err != nil {
			return err
		}
		if err := fitsBranch(e, cmd.BranchID); err != nil {
			return err
		}
		answers, err := escrow.Take(ctx, tx, RulesAt(tx.Now()), []escrow.Act{serving(s, e)})
		if err != nil {
			return err
		}
		if err := answers[0].Err; err != nil {
			if s.Outcome == escrow.OutUsed && errors.Is(err, escrow.ErrState) {
				out, err = handed(ctx, tx, s, e)
				out.Again = true
			}
			return err
		}
		noted := audit.Act{Action: string(right.ShareServe), Resource: string(s.OrderID), Detail: cmd.BranchID}
		if err := audit.Write(ctx, tx, actor, noted); err != nil {
			return err
		}
		if out, err = handed(ctx, tx, answers[0].End.Share, e); err != nil {
			return err
		}
		return d.ended(ctx, tx, []escrow.End{*answers[0].End})
	})
	return out, err
}

func serving(s escrow.Share, e escrow.Escrow) escrow.Act {
	return escrow.Act{OrderID: s.OrderID, Action: escrow.ActUse, By: escrow.ByBranch, MerchantID: e.MerchantID}
}

// fitsBranch refuses a branch that is not the one promised.
func fitsBranch(e escrow.Escrow, at market.BranchID) error {
	if at != "" && e.BranchID != "" && at != e.BranchID {
		return ErrBranch
	}
	return nil
}

// served finds the share of a code among those that the seller hands over at branches.
func (d *Deliver) served(
	ctx context.Context, q db.Querier, actor market.Actor, cmd ServeCmd,
) (escrow.Share, escrow.Escrow, error) {
	if err := right.Check(actor, right.ShareServe, right.At(cmd.MerchantID, cmd.BranchID)); err != nil {
		return escrow.Share{}, escrow.Escrow{}, err
	}
	scanned, ok := pass.Read(cmd.Text)
	if !ok {
		return escrow.Share{}, escrow.Escrow{}, ErrPass
	}
	ids := []market.OrderID{scanned.OrderID}
	if scanned.OrderID == "" {
		var err error
		if ids, err = pass.Numbered(ctx, q, cmd.MerchantID, scanned.Number); err != nil {
			return escrow.Share{}, escrow.Escrow{}, err
		}
	}
	for _, id := range ids {
		if !d.Passes.Fits(scanned, id) {
			continue
		}
		s, e, err := found(ctx, q, id)
		if err != nil || e.MerchantID == cmd.MerchantID {
			return s, e, err
		}
	}
	return escrow.Share{}, escrow.Escrow{}, ErrPass
}

func handed(ctx context.Context, q db.Querier, s escrow.Share, e escrow.Escrow) (Handed, error) {
	out := Handed{Share: s, Net: ledger.Earn(s.Released, e.CommissionBP).Net()}
	wanted, err := wish.Find(ctx, q, s.WishID)
	if err != nil {
		return out, err
	}
	out.Wish = wanted.Name
	people, err := account.ListByIDs(ctx, q, []market.AccountID{s.AccountID})
	for _, a := range people {
		out.Guest = account.Masked(a.Name)
	}
	return out, err
}

// Pass is what a member shows at the branch: the text of a QR code, and a short code to read out.
type Pass struct{ Face, Code string }

// passOf is the member's pass while there is something to hand over.
func (d *Deliver) passOf(s escrow.Share, e escrow.Escrow) *Pass {
	if _, err := e.Take(s, serving(s, e), RulesAt(d.now()), d.now()); err != nil {
		return nil
	}
	return &Pass{Face: d.Passes.Face(s.OrderID), Code: d.Passes.Code(s.OrderID)}
}
