package settle

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// IssueOnce issues the statements of the last day that is over, for some merchants at a time: first those with uses,
// then those whose draft holds corrections or shares only. Days that were missed are on the same statement.
func (s *Settle) IssueOnce(ctx context.Context) (bool, error) {
	now := s.Now()
	day := s.Times(now).LastDay(now)
	for _, kind := range []settlement.RunKind{settlement.RunStatements, settlement.RunDrafts} {
		run, over, err := settlement.OpenRun(ctx, s.DB, kind, day, now)
		if err != nil {
			return false, err
		}
		if !over {
			return true, s.issueSome(ctx, run)
		}
	}
	return false, nil
}

func (s *Settle) issueSome(ctx context.Context, run settlement.Run) error {
	after := market.MerchantID(run.Cursor)
	var merchants []market.MerchantID
	var err error
	if run.Kind == settlement.RunStatements {
		merchants, err = voucher.UnstatedMerchants(ctx, s.DB, run.Day, after, merchantsAtOnce)
	} else {
		merchants, err = settlement.DraftMerchants(ctx, s.DB, run.Day, after, merchantsAtOnce)
	}
	if err != nil {
		return err
	}
	for _, id := range merchants {
		if err := s.issue(ctx, id, run.Day); err != nil {
			return err
		}
		after = id
	}
	return s.Advance(ctx, run, settlement.Progress{Cursor: string(after), Done: int64(len(merchants)),
		Over: len(merchants) < merchantsAtOnce})
}

// issue brings a merchant's uses up to a day onto the draft, a chunk a transaction, and issues it with the last.
func (s *Settle) issue(ctx context.Context, id market.MerchantID, day string) error {
	for more := true; more; {
		err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
			more, err = s.issueChunk(ctx, tx, id, day)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Settle) issueChunk(ctx context.Context, tx *db.Tx, id market.MerchantID, day string) (more bool, err error) {
	if err := settlement.Lock(ctx, tx, id); err != nil {
		return false, err
	}
	if _, err := settlement.FindDay(ctx, tx, id, day); !errors.Is(err, settlement.ErrNotFound) {
		return false, err // issued before, or an error
	}
	uses, err := voucher.Unstated(ctx, tx, id, day, linesAtOnce)
	if err != nil {
		return false, err
	}
	var draft settlement.Statement
	if len(uses) > 0 {
		draft, err = putOn(ctx, tx, id, uses)
	} else {
		draft, err = settlement.FindDraft(ctx, tx, id)
	}
	switch {
	case errors.Is(err, settlement.ErrNotFound):
		return false, nil
	case err != nil || len(uses) == linesAtOnce:
		return true, err
	case draft.Empty():
		return false, nil
	}
	return false, s.finish(ctx, tx, draft, day)
}

// putOn puts uses on the merchant's draft.
func putOn(
	ctx context.Context, tx *db.Tx, id market.MerchantID, uses []voucher.Redemption,
) (settlement.Statement, error) {
	draft, err := settlement.OpenDraft(ctx, tx, id)
	if err != nil {
		return draft, err
	}
	put, err := voucher.PutOn(ctx, tx, draft.ID, uses)
	if err != nil {
		return draft, err
	}
	lines := make([]settlement.Line, len(put))
	for i, x := range put {
		lines[i] = useLine(x)
	}
	return settlement.Append(ctx, tx, draft, lines)
}

func useLine(x voucher.Redemption) settlement.Line {
	return settlement.Line{Kind: settlement.Use, SourceID: string(x.ID), RedemptionID: x.ID, VoucherID: x.VoucherID,
		OrderID: x.OrderID, DealID: x.DealID, BranchID: x.BranchID, Units: x.Units, Price: x.Price,
		Commission: x.Commission, CommissionVAT: x.CommissionVAT, Net: x.Net, At: x.At}
}

// finish issues a draft: what it earned becomes payable (R7), a debt of the merchant is taken from it (R21).
func (s *Settle) finish(ctx context.Context, tx *db.Tx, draft settlement.Statement, day string) error {
	due := draft.Body()
	assert.That(due >= 0, "28 a draft's body is what stands pending", "statement", draft.ID, "body", due)
	owed, err := ledger.Balance(ctx, tx, ledger.MerchantReceivable, string(draft.MerchantID))
	if err != nil {
		return err
	}
	netted := draft.NettedBy(owed)
	if netted > 0 {
		lines := []settlement.Line{settlement.NettedLine(draft, netted, tx.Now())}
		if draft, err = settlement.Append(ctx, tx, draft, lines); err != nil {
			return err
		}
	}
	st, err := settlement.Issue(ctx, tx, draft, day, s.Times(tx.Now()).Deadlines(day, tx.Now()))
	if err != nil {
		return err
	}
	book := ledger.Statement{About: about(tx.Now(), st.MerchantID), StatementID: st.ID, Net: due}
	var entries []ledger.Entry
	if due > 0 {
		entries = append(entries, ledger.Due(book))
	}
	if netted > 0 {
		entries = append(entries, ledger.Netted(book, netted))
	}
	tx.Emit(event.Of(event.StatementIssued{StatementID: st.ID, MerchantID: st.MerchantID, Day: st.Day, Lines: st.Lines,
		Net: st.Net}, st.Version))
	touch(tx, st.MerchantID)
	return ledger.Post(ctx, tx, entries)
}

// ConfirmOnce confirms by silence the statements whose time for objections is over.
func (s *Settle) ConfirmOnce(ctx context.Context) (bool, error) {
	list, err := settlement.Silent(ctx, s.DB, s.Now(), merchantsAtOnce)
	if err != nil || len(list) == 0 {
		return false, err
	}
	return true, s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, st := range list {
			if err := confirm(ctx, tx, st, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

func confirm(ctx context.Context, tx *db.Tx, st settlement.Statement, by market.AccountID) error {
	first, err := settlement.Confirm(ctx, tx, st.ID, by)
	if err != nil || !first {
		return err
	}
	tx.Emit(event.Of(event.StatementConfirmed{StatementID: st.ID, MerchantID: st.MerchantID, Silence: by == ""},
		st.Version+1))
	touch(tx, st.MerchantID)
	return nil
}
