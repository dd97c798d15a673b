package publish

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Deps are what the journey works with.
type Deps struct {
	DB *db.DB
	// Limits gives the bounds of policy at an instant, with the policy's id.
	Limits func(now time.Time) (limits deal.Limits, policyID string)
	// PayoutDay gives the day on which a use at the given instant is paid out.
	PayoutDay func(use time.Time) time.Time
	// Index puts a deal's words into the search, in the same transaction; nil leaves it out.
	Index func(ctx context.Context, tx *db.Tx, id market.DealID, words ...string) error
	// MaySell refuses a shop that is not approved, or no longer; nil lets every shop hand in.
	MaySell func(ctx context.Context, q db.Querier, id market.MerchantID) error
	// Score reckons a deal's place in the operator's sorting when it is submitted.
	Score func(ctx context.Context, q db.Querier, d deal.Deal, t deal.Terms) (score int64, parts string, err error)
}

// Publish runs the journey.
type Publish struct{ Deps }

// New makes the journey.
func New(deps Deps) *Publish { return &Publish{deps} }

// DraftCmd saves a draft; an empty DealID begins a new one.
type DraftCmd struct {
	DealID     market.DealID
	MerchantID market.MerchantID
	Offer      deal.Offer
}

// SaveDraft keeps what was written so far, faulty or not, and tells the faults: nothing typed is lost.
func (p *Publish) SaveDraft(ctx context.Context, actor market.Actor, cmd DraftCmd) (deal.Deal, error) {
	if err := right.Check(actor, right.DealEdit, right.Of(cmd.MerchantID)); err != nil {
		return deal.Deal{}, err
	}
	var d deal.Deal
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		limits, policyID := p.Limits(tx.Now())
		offer := cmd.Offer.Storable(tx.Now())
		var err error
		if d, err = p.target(ctx, tx, cmd, offer); err != nil {
			return err
		}
		terms := offer.Terms(d.ID, d.TermsVersion, limits, policyID)
		terms.CreatedBy, terms.CreatedAt = actor.AccountID, tx.Now()
		if terms.WonTable, err = p.table(offer, limits, tx.Now()); err != nil {
			return err
		}
		if ok, err := deal.SaveTerms(ctx, tx, terms); err != nil || !ok {
			return changed(err)
		}
		options := offer.OptionRows(d.ID, func() market.OptionID { return market.OptionID(tx.NewID(market.PrefixOption)) })
		if err := deal.ReplaceOptions(ctx, tx, d.ID, options); err != nil {
			return err
		}
		tx.Touch("merchant:"+string(d.MerchantID), db.Micros(tx.Now()))
		return deal.ReplaceRegions(ctx, tx, d.ID, offer.Regions)
	})
	return d, err
}

// target finds the deal to write, or makes it.
func (p *Publish) target(ctx context.Context, tx *db.Tx, cmd DraftCmd, offer deal.Offer) (deal.Deal, error) {
	if cmd.DealID == "" {
		d := offer.Deal(market.DealID(tx.NewID(market.PrefixDeal)), cmd.MerchantID)
		d.CreatedAt = tx.Now()
		return d, deal.Insert(ctx, tx, d)
	}
	d, err := deal.Find(ctx, tx, cmd.DealID)
	if err != nil {
		return d, err
	}
	if d.MerchantID != cmd.MerchantID {
		return d, deal.ErrNotFound
	}
	if err := d.Editable(); err != nil {
		return d, err
	}
	next := offer.Deal(d.ID, d.MerchantID)
	next.TermsVersion, next.State, next.CreatedAt = d.TermsVersion, d.State, d.CreatedAt
	ok, err := deal.Rewrite(ctx, tx, next)
	if err != nil || !ok {
		return d, changed(err)
	}
	return next, nil
}

// table freezes what the merchant saw, one row an option.
func (p *Publish) table(offer deal.Offer, limits deal.Limits, now time.Time) (string, error) {
	text, err := json.Marshal(p.tables(offer, limits, now))
	if err != nil {
		return "", fmt.Errorf("table: %w", err)
	}
	return string(text), nil
}

// Tables reckons the merchant's tables for an offer as it is typed.
func (p *Publish) Tables(offer deal.Offer) []deal.Table {
	now := p.DB.Clock().Now()
	limits, _ := p.Limits(now)
	return p.tables(offer, limits, now)
}

func (p *Publish) tables(offer deal.Offer, limits deal.Limits, now time.Time) []deal.Table {
	use := offer.ExampleUse(now)
	out := make([]deal.Table, len(offer.Options))
	for i, o := range offer.Options {
		out[i] = deal.TableOf(deal.TableFacts{Option: o, CommissionBP: limits.CommissionBP,
			MerchantShareBP: offer.MerchantShareBP, StatedCost: offer.StatedCost, Capacity: offer.Capacity,
			ValidDays: offer.ValidDays, LastUse: use, PayoutDay: p.PayoutDay(use)})
	}
	return out
}

// Submit hands a draft in: it must be without fault, and takes its place in the waiting line.
func (p *Publish) Submit(ctx context.Context, actor market.Actor, id market.DealID) (deal.Deal, error) {
	return p.step(ctx, actor, id, right.DealSubmit, func(tx *db.Tx, d deal.Deal) error {
		to, err := deal.Next(d.State, deal.ActSubmit, deal.ByMerchant)
		if err != nil {
			return err
		}
		if err := p.maySell(ctx, tx, d); err != nil {
			return err
		}
		offer, terms, err := p.load(ctx, tx, d)
		if err != nil {
			return err
		}
		limits, _ := p.Limits(tx.Now())
		if err := offer.Check(limits, tx.Now()); err != nil {
			return err
		}
		score, parts, err := p.Score(ctx, tx, d, terms)
		if err != nil {
			return err
		}
		if err := deal.SetScore(ctx, tx, d.ID, score, parts); err != nil {
			return err
		}
		return move(ctx, tx, moving{actor: actor, deal: d, action: "submit",
			step: deal.Step{ID: d.ID, From: d.State, To: to, SubmittedAt: tx.Now()}})
	})
}

func (p *Publish) maySell(ctx context.Context, q db.Querier, d deal.Deal) error {
	if p.MaySell == nil {
		return nil
	}
	return p.MaySell(ctx, q, d.MerchantID)
}

// Withdraw takes a deal back before it is scheduled.
func (p *Publish) Withdraw(ctx context.Context, actor market.Actor, id market.DealID) (deal.Deal, error) {
	return p.step(ctx, actor, id, right.DealWithdraw, func(tx *db.Tx, d deal.Deal) error {
		to, err := deal.Next(d.State, deal.ActWithdraw, deal.ByMerchant)
		if err != nil {
			return err
		}
		return move(ctx, tx, moving{actor: actor, deal: d, action: "withdraw",
			step: deal.Step{ID: d.ID, From: d.State, To: to}})
	})
}

// Return gives a submitted deal back with a reason that the merchant reads.
func (p *Publish) Return(ctx context.Context, actor market.Actor, id market.DealID, reason string) (deal.Deal, error) {
	return p.step(ctx, actor, id, right.DealReview, func(tx *db.Tx, d deal.Deal) error {
		if err := deal.CheckReason(reason); err != nil {
			return err
		}
		to, err := deal.Next(d.State, deal.ActReturn, deal.ByOperator)
		if err != nil {
			return err
		}
		return move(ctx, tx, moving{actor: actor, deal: d, action: "return", detail: reason,
			step: deal.Step{ID: d.ID, From: d.State, To: to, ReturnReason: reason}})
	})
}

// step runs one action on one deal in one transaction and gives the deal as it then stands.
func (p *Publish) step(
	ctx context.Context, actor market.Actor, id market.DealID, action right.Action, fn func(*db.Tx, deal.Deal) error,
) (deal.Deal, error) {
	var d deal.Deal
	err := p.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if d, err = deal.Find(ctx, tx, id); err != nil {
			return err
		}
		if err := right.Check(actor, action, right.Of(d.MerchantID)); err != nil {
			return err
		}
		if err := fn(tx, d); err != nil {
			return err
		}
		d, err = deal.Find(ctx, tx, id)
		return err
	})
	return d, err
}

// moving is one step of a deal by a person, with the words of its history.
type moving struct {
	actor  market.Actor
	deal   deal.Deal
	step   deal.Step
	action string
	detail string
	public bool // the deal's page shows it
}

func move(ctx context.Context, tx *db.Tx, m moving) error {
	if ok, err := deal.Move(ctx, tx, m.step); err != nil || !ok {
		return changed(err)
	}
	tx.Emit(event.Of(event.DealMoved{DealID: m.deal.ID, MerchantID: m.deal.MerchantID, From: string(m.step.From),
		To: string(m.step.To)}, m.deal.Version+1))
	return tell(ctx, tx, m)
}

// tell writes what a person did to a deal into its history and the audit log, and moves the screens.
func tell(ctx context.Context, tx *db.Tx, m moving) error {
	if err := deal.Log(ctx, tx, deal.LogLine{DealID: m.deal.ID, Actor: m.actor.Key(), Action: m.action,
		Public: m.public, Detail: m.detail}); err != nil {
		return err
	}
	version := db.Micros(tx.Now())
	tx.Touch("deal:"+string(m.deal.ID), version)
	tx.Touch("merchant:"+string(m.deal.MerchantID), version)
	tx.Touch("console", version)
	return audit.Write(ctx, tx, m.actor, audit.Act{Action: "deal." + m.action, Resource: string(m.deal.ID),
		Detail: m.detail})
}

// load reads a deal as the offer it was written as.
func (p *Publish) load(ctx context.Context, q db.Querier, d deal.Deal) (deal.Offer, deal.Terms, error) {
	terms, err := deal.FindTerms(ctx, q, d.ID, d.TermsVersion)
	if err != nil {
		return deal.Offer{}, terms, err
	}
	options, err := deal.Options(ctx, q, d.ID)
	if err != nil {
		return deal.Offer{}, terms, err
	}
	regions, err := deal.Regions(ctx, q, d.ID)
	return deal.OfferOf(d, terms, options, regions), terms, err
}

// Load reads a deal for its editor.
func (p *Publish) Load(ctx context.Context, actor market.Actor, id market.DealID) (deal.Deal, deal.Offer, error) {
	d, err := deal.Find(ctx, p.DB, id)
	if err != nil {
		return d, deal.Offer{}, err
	}
	if err := right.Check(actor, right.DealView, right.Of(d.MerchantID)); err != nil {
		return d, deal.Offer{}, err
	}
	offer, _, err := p.load(ctx, p.DB, d)
	return d, offer, err
}

func changed(err error) error {
	if err != nil {
		return err
	}
	return deal.ErrChanged
}
