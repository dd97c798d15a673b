package settle

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
)

// Confirm confirms a statement by hand, before silence does. Confirming again answers the same.
func (s *Settle) Confirm(
	ctx context.Context, actor market.Actor, id market.StatementID,
) (st settlement.Statement, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if st, err = answerable(ctx, tx, actor, id); err != nil {
			return err
		}
		if err := st.MayConfirm(); err != nil {
			return err
		}
		if err := confirm(ctx, tx, st, actor.AccountID); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, actor, audit.Act{Action: "statement.confirm", Resource: string(id)}); err != nil {
			return err
		}
		st, err = settlement.Find(ctx, tx, id)
		return err
	})
	return st, err
}

// answerable finds a statement that the actor may answer for the merchant, and locks the merchant.
func answerable(
	ctx context.Context, tx *db.Tx, actor market.Actor, id market.StatementID,
) (settlement.Statement, error) {
	st, err := settlement.Find(ctx, tx, id)
	if err != nil {
		return st, err
	}
	if err := right.Check(actor, right.StatementAnswer, right.Of(st.MerchantID)); err != nil {
		return st, err
	}
	if err := settlement.Lock(ctx, tx, st.MerchantID); err != nil {
		return st, err
	}
	return settlement.Find(ctx, tx, id)
}

// ObjectCmd says which lines of a statement are wrong, and why.
type ObjectCmd struct {
	StatementID market.StatementID
	LineIDs     []string
	Reason      string
}

// Object freezes the named lines and nothing else; the rest of the statement goes its way.
func (s *Settle) Object(
	ctx context.Context, actor market.Actor, cmd ObjectCmd,
) (st settlement.Statement, err error) {
	reason, err := settlement.CheckReason(cmd.Reason)
	if err != nil {
		return st, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if st, err = answerable(ctx, tx, actor, cmd.StatementID); err != nil {
			return err
		}
		if err := st.MayObject(tx.Now()); err != nil {
			return err
		}
		lines, err := settlement.LinesFor(ctx, tx, st, cmd.LineIDs)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := l.MayObject(); err != nil {
				return err
			}
			if err := settlement.Object(ctx, tx, l.Objected(actor.AccountID, reason, tx.Now())); err != nil {
				return err
			}
		}
		touch(tx, st.MerchantID)
		if err := audit.Write(ctx, tx, actor, audit.Act{Action: string(right.StatementAnswer),
			Resource: string(st.ID), Detail: cmd.LineIDs}); err != nil {
			return err
		}
		st, err = settlement.Find(ctx, tx, st.ID)
		return err
	})
	return st, err
}

// AnswerCmd is the operator's answer to an objection; the merchant reads the reason.
type AnswerCmd struct {
	LineID string
	settlement.Ruling
}

// Answer ends an objection. The line becomes payable; what was granted comes as a line of the next statement: a
// correction when the buyer gets money back, a compensation when the merchant gets more.
func (s *Settle) Answer(ctx context.Context, actor market.Actor, cmd AnswerCmd) error {
	if err := right.Check(actor, right.StatementDecide, right.Resource{}); err != nil {
		return err
	}
	ruling, err := cmd.Check()
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := settlement.FindApart(ctx, tx, cmd.LineID)
		if err != nil {
			return err
		}
		if err := settlement.Lock(ctx, tx, a.MerchantID); err != nil {
			return err
		}
		err = settlement.Answer(ctx, tx, settlement.Settled{LineID: cmd.LineID, Outcome: ruling.Outcome,
			Answer: ruling.Reason, By: actor.AccountID})
		if err != nil {
			return err
		}
		if err := s.grant(ctx, tx, actor, cmd.LineID, ruling); err != nil {
			return err
		}
		if err := mailAnswer(ctx, tx, a, ruling); err != nil {
			return err
		}
		touch(tx, a.MerchantID)
		return audit.Write(ctx, tx, actor, audit.Act{Action: string(right.StatementDecide), Resource: cmd.LineID,
			Detail: ruling})
	})
}

// grant carries out what a ruling gives: a refund to the buyer is a journey of its own.
func (s *Settle) grant(
	ctx context.Context, tx *db.Tx, actor market.Actor, line string, ruling settlement.Ruling,
) error {
	lines, err := settlement.LoadLines(ctx, tx, []string{line})
	if err != nil || len(lines) == 0 {
		return err
	}
	l := lines[0]
	if ruling.Refund > 0 {
		if err := l.MayRefund(ruling.Refund); err != nil {
			return err
		}
		tx.Enqueue(db.Job{Kind: event.JobRefundGrant, Key: line, Payload: event.GrantJob{RedemptionID: l.RedemptionID,
			Won: ruling.Refund, Reason: ruling.Reason, By: actor.AccountID, Key: line}})
	}
	if ruling.Compensation == 0 {
		return nil
	}
	draft, err := settlement.OpenDraft(ctx, tx, l.MerchantID)
	if err != nil {
		return err
	}
	if _, err := settlement.Append(ctx, tx, draft, []settlement.Line{l.Compensated(ruling, tx.Now())}); err != nil {
		return err
	}
	return ledger.Post(ctx, tx, []ledger.Entry{ledger.Compensated(ledger.CompensationDue{
		About: about(tx.Now(), l.MerchantID), ID: line, Amount: ruling.Compensation})})
}
