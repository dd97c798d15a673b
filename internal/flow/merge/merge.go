package merge

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/merger"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Deps are what the journey works with.
type Deps struct {
	DB    *db.DB
	Index *search.Index // of wishes
	// Bring lets people look on at a wish, who have no place there.
	Bring func(ctx context.Context, tx *db.Tx, id market.WishID, who []market.AccountID) error
	// Stand gives the actor a place in a wish.
	Stand func(ctx context.Context, actor market.Actor, id market.WishID, kind wish.Kind) error
}

// Merge runs the journey.
type Merge struct{ Deps }

// New makes the journey.
func New(d Deps) *Merge { return &Merge{d} }

// Propose asks the lead of another wish to take in the people of the actor's own.
func (m *Merge) Propose(ctx context.Context, actor market.Actor, from, into market.WishID) (merger.Merger, error) {
	var out merger.Merger
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		one, other, err := both(ctx, tx, from, into)
		if err != nil {
			return err
		}
		if err := right.Check(actor, right.WishMerge, right.Mine(one.LeadID)); err != nil {
			return err
		}
		if err := one.MayMerge(other, tx.Now()); err != nil {
			return err
		}
		if other.LeadID == "" {
			return merger.ErrNobody
		}
		if out, err = merger.Ask(ctx, tx, merger.Merger{FromID: from, IntoID: into, AskedBy: actor.AccountID}); err != nil {
			return err
		}
		tx.Enqueue(db.Job{Kind: event.JobMergerLapse, Key: out.ID, Payload: event.WishJob{WishID: from}, Due: out.Until})
		touch(tx, from, into)
		return told(ctx, tx, other.LeadID, one)
	})
	return out, err
}

// both reads the two wishes.
func both(ctx context.Context, q db.Querier, from, into market.WishID) (one, other wish.Wish, err error) {
	if one, err = wish.Find(ctx, q, from); err != nil {
		return one, other, err
	}
	other, err = wish.Find(ctx, q, into)
	if fail.KindOf(err) == fail.NotFound {
		err = wish.ErrNotFound.On("into")
	}
	return one, other, err
}

func told(ctx context.Context, tx *db.Tx, who market.AccountID, one wish.Wish) error {
	_, err := notice.Tell(ctx, tx, []notice.Notice{{AccountID: who, Kind: notice.WishPropose, Title: one.Name,
		Subject: notice.WishSubject(one.ID, notice.WishPropose)}})
	tx.Touch("account:"+string(who), db.Micros(tx.Now()))
	return err
}

func touch(tx *db.Tx, ids ...market.WishID) {
	for _, id := range ids {
		tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
	}
}

// TakeBack ends the proposal of the actor's wish before it is answered.
func (m *Merge) TakeBack(ctx context.Context, actor market.Actor, from market.WishID) error {
	return m.decide(ctx, from, func(tx *db.Tx, is merger.Merger, one, _ wish.Wish) error {
		if err := right.Check(actor, right.WishMerge, right.Mine(one.LeadID)); err != nil {
			return err
		}
		_, err := merger.End(ctx, tx, is, merger.Ending{Action: merger.ActTakeBack, By: merger.ByAsker, Who: actor.AccountID})
		return err
	})
}

// Refuse ends a proposal as the lead of the wish that would take the people in.
func (m *Merge) Refuse(ctx context.Context, actor market.Actor, from market.WishID) error {
	return m.decide(ctx, from, func(tx *db.Tx, is merger.Merger, _, other wish.Wish) error {
		if err := right.Check(actor, right.WishMerge, right.Mine(other.LeadID)); err != nil {
			return err
		}
		_, err := merger.End(ctx, tx, is, merger.Ending{Action: merger.ActRefuse, By: merger.ByOther, Who: actor.AccountID})
		return err
	})
}

// Lapse ends a proposal that nobody answered in time; any other stays as it is.
func (m *Merge) Lapse(ctx context.Context, from market.WishID) error {
	return m.decide(ctx, from, func(tx *db.Tx, is merger.Merger, _, _ wish.Wish) error {
		if !is.Overdue(tx.Now()) {
			return nil
		}
		_, err := merger.End(ctx, tx, is, merger.Ending{Action: merger.ActLapse, By: merger.ByClock})
		return err
	})
}

func (m *Merge) decide(ctx context.Context, from market.WishID,
	fn func(tx *db.Tx, is merger.Merger, one, other wish.Wish) error,
) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		is, err := merger.Find(ctx, tx, from)
		if err != nil {
			return err
		}
		one, other, err := both(ctx, tx, is.FromID, is.IntoID)
		if err != nil {
			return err
		}
		touch(tx, is.FromID, is.IntoID)
		return fn(tx, is, one, other)
	})
}

// Agree merges: the wish ends in favour of the actor's, whose bids and people stay as they are. Its own bids are free,
// and its people are asked.
func (m *Merge) Agree(ctx context.Context, actor market.Actor, from market.WishID) error {
	return m.decide(ctx, from, func(tx *db.Tx, is merger.Merger, one, other wish.Wish) error {
		if err := right.Check(actor, right.WishMerge, right.Mine(other.LeadID)); err != nil {
			return err
		}
		if is.Overdue(tx.Now()) {
			return merger.ErrOver
		}
		agreed := merger.Ending{Action: merger.ActAgree, By: merger.ByOther, Who: actor.AccountID}
		if _, err := merger.End(ctx, tx, is, agreed); err != nil {
			return err
		}
		if err := one.MayMerge(other, tx.Now()); err != nil {
			return err
		}
		if ok, err := wish.Merge(ctx, tx, one, other.ID); err != nil || !ok {
			return changed(err)
		}
		if _, err := bid.Cancel(ctx, tx, one.ID, bid.ByLead, bid.VoidNoWish); err != nil {
			return err
		}
		if err := m.Index.Remove(ctx, tx, string(one.ID)); err != nil {
			return err
		}
		tx.Emit(event.Of(event.WishMerged{WishID: one.ID, IntoID: other.ID}, one.Version+1))
		tx.Enqueue(db.Job{Kind: event.JobWishBring, Key: string(one.ID), Payload: event.WishJob{WishID: one.ID}})
		return nil
	})
}

// changed asks to look again where a guard answered nothing.
func changed(err error) error {
	if err == nil {
		err = merger.ErrAgain
	}
	return err
}

// People are read many at once beside the writer, and brought over in chunks that hold it for a moment only.
const (
	batch = 1_024
	chunk = 64
)

// Bring lets the people of a merged wish look on at the other. Running again changes nothing.
func (m *Merge) Bring(ctx context.Context, from market.WishID) error {
	one, err := wish.Find(ctx, m.DB, from)
	if err != nil || one.MergedInto == "" {
		return err
	}
	after := market.AccountID("")
	for {
		list, err := wish.Comers(ctx, m.DB, from, after, batch)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(list, chunk) {
			err := m.DB.Write(ctx, func(tx *db.Tx) error { return m.Deps.Bring(ctx, tx, one.MergedInto, part) })
			if err != nil {
				return err
			}
		}
		if len(list) < batch {
			return nil
		}
		after = list[len(list)-1]
	}
}

// Answer is what a member of a merged wish says to coming over: yes makes a firm place in the other, no leaves it. The
// newest answer counts, as long as the other takes members.
func (m *Merge) Answer(ctx context.Context, actor market.Actor, from market.WishID, a merger.Answer) error {
	view, err := m.Look(ctx, actor, from)
	if err != nil {
		return err
	}
	if !view.Asked {
		return merger.ErrAnswer
	}
	// Who leaves has been there: a place that was given back is left alone by Bring, which may still be on its way.
	steps := map[merger.Answer][]wish.Kind{merger.Yes: {wish.Firm}, merger.No: {wish.Watching, wish.Away}}[a]
	if len(steps) == 0 {
		return merger.ErrAnswer
	}
	for _, kind := range steps {
		if err := m.Stand(ctx, actor, view.Into.ID, kind); err != nil {
			return err
		}
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error { return merger.PutAnswer(ctx, tx, from, actor.AccountID, a) })
}

// View is a wish's merging as one person stands before it.
type View struct {
	From, Into wish.Wish
	Merger     merger.Merger // the newest proposal; none when its id is ""
	Leads      bool          // the actor speaks for the wish that would go over
	LeadsOther bool          // the actor speaks for the one that would take it in
	Asked      bool          // the actor belongs to a wish that has merged
	Answered   merger.Answer
	Own        wish.Kind // the actor's place in the other wish
}

// Look reads a wish's merging.
func (m *Merge) Look(ctx context.Context, actor market.Actor, from market.WishID) (View, error) {
	var v View
	err := m.DB.Read(ctx, func(q *db.ReadTx) (err error) {
		v = View{}
		if v.From, err = wish.Find(ctx, q, from); err != nil {
			return err
		}
		v.Leads = actor.SignedIn() && v.From.LeadID == actor.AccountID
		if v.Merger, err = merger.Find(ctx, q, from); fail.KindOf(err) == fail.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if v.Into, err = wish.Find(ctx, q, v.Merger.IntoID); err != nil || !actor.SignedIn() {
			return err
		}
		v.LeadsOther = v.Into.LeadID == actor.AccountID
		return v.ask(ctx, q, actor)
	})
	return v, err
}

// ask reads what the actor was asked, and said.
func (v *View) ask(ctx context.Context, q db.Querier, actor market.Actor) error {
	own, err := wish.FindMember(ctx, q, wish.MemberKey{WishID: v.From.ID, AccountID: actor.AccountID})
	if err != nil {
		return err
	}
	v.Asked = v.From.MergedInto != "" && own.Belongs()
	there, err := wish.FindMember(ctx, q, wish.MemberKey{WishID: v.Into.ID, AccountID: actor.AccountID})
	if err != nil {
		return err
	}
	v.Own = there.Kind
	v.Answered, err = merger.FindAnswer(ctx, q, v.From.ID, actor.AccountID)
	return err
}
