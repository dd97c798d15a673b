package publish

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/right"
)

// ProposeCmd asks to change what a public deal says or allows.
type ProposeCmd struct {
	DealID market.DealID
	Change deal.Revision
}

// Propose writes a new version of a public deal's terms, which the operator looks at. One waits at a time: a second
// proposal takes the place of the first.
func (p *Publish) Propose(ctx context.Context, actor market.Actor, cmd ProposeCmd) (deal.Terms, error) {
	var next deal.Terms
	_, err := p.step(ctx, actor, cmd.DealID, right.DealEdit, func(tx *db.Tx, d deal.Deal) error {
		if err := d.MayPropose(); err != nil {
			return err
		}
		versions, err := deal.Versions(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		now, err := deal.FindTerms(ctx, tx, d.ID, d.TermsVersion)
		if err != nil {
			return err
		}
		limits, _ := p.Limits(tx.Now())
		if next, err = now.Proposed(cmd.Change, deal.ProposedVersion(versions), limits); err != nil {
			return err
		}
		next.CreatedBy, next.CreatedAt = actor.AccountID, tx.Now()
		if ok, err := deal.SaveTerms(ctx, tx, next); err != nil || !ok {
			return changed(err)
		}
		return tell(ctx, tx, moving{actor: actor, deal: d, action: "propose", detail: cmd.Change.Why})
	})
	return next, err
}

// Accept puts a proposed change into force: who buys from now on buys under it, earlier orders keep their terms.
func (p *Publish) Accept(ctx context.Context, actor market.Actor, id market.DealID) (deal.Deal, error) {
	return p.step(ctx, actor, id, right.DealReview, func(tx *db.Tx, d deal.Deal) error {
		if err := d.MayPropose(); err != nil {
			return err
		}
		next, err := deal.Proposal(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, m := range []struct {
			version  int64
			from, to deal.TermsState
		}{{d.TermsVersion, deal.TermsInForce, deal.TermsReplaced}, {next.Version, deal.TermsProposed, deal.TermsInForce}} {
			key := deal.TermsKey{DealID: id, Version: m.version}
			if ok, err := deal.MoveTerms(ctx, tx, key, m.from, m.to); err != nil || !ok {
				return changed(err)
			}
		}
		if ok, err := deal.Adopt(ctx, tx, d, next.Version); err != nil || !ok {
			return changed(err)
		}
		if p.Index != nil {
			if err := p.Index(ctx, tx, id, next.Title, next.Summary); err != nil {
				return err
			}
		}
		return tell(ctx, tx, moving{actor: actor, deal: d, action: "change_accepted", detail: next.Reason, public: true})
	})
}

// RefuseCmd answers a proposed change with a reason that the merchant reads.
type RefuseCmd struct {
	DealID market.DealID
	Reason string
}

// Refuse lets the terms stand as they are.
func (p *Publish) Refuse(ctx context.Context, actor market.Actor, cmd RefuseCmd) (deal.Deal, error) {
	return p.step(ctx, actor, cmd.DealID, right.DealReview, func(tx *db.Tx, d deal.Deal) error {
		if err := deal.CheckReason(cmd.Reason); err != nil {
			return err
		}
		next, err := deal.Proposal(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		next.Reason = cmd.Reason
		if ok, err := deal.SaveTerms(ctx, tx, next); err != nil || !ok {
			return changed(err)
		}
		key := deal.TermsKey{DealID: d.ID, Version: next.Version}
		if ok, err := deal.MoveTerms(ctx, tx, key, deal.TermsProposed, deal.TermsRefused); err != nil || !ok {
			return changed(err)
		}
		return tell(ctx, tx, moving{actor: actor, deal: d, action: "change_refused", detail: cmd.Reason})
	})
}
