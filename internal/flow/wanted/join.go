package wanted

import (
	"context"
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// JoinCmd asks for a place in a wish, or to leave it. It names where the member wants to stand, so that asking twice is
// asking once; it needs no other key.
type JoinCmd struct {
	Actor  market.Actor
	WishID market.WishID
	Kind   wish.Kind
}

func (c JoinCmd) memberKey() wish.MemberKey {
	return wish.MemberKey{WishID: c.WishID, AccountID: c.Actor.AccountID}
}

// Joined is the member's place and the wish's numbers just after it.
type Joined struct {
	Member   wish.Member
	Firm     int64
	Watching int64
	Missing  int64 // firm members that are still needed
	Reached  bool  // the point is reached, now or before
}

// Join takes, changes or gives back a place.
func (w *Wanted) Join(ctx context.Context, cmd JoinCmd) (Joined, error) {
	if err := right.Check(cmd.Actor, right.WishJoin, right.Mine(cmd.Actor.AccountID)); err != nil {
		return Joined{}, err
	}
	if err := cmd.Kind.Valid(); err != nil {
		return Joined{}, err
	}
	return w.joining.Do(ctx, string(cmd.WishID), cmd)
}

// joining is the memory of one batch.
type joining struct {
	tx      *db.Tx
	wishes  map[market.WishID]*wish.Wish
	members map[wish.MemberKey]wish.Member
	steps   map[wish.MemberKey]wish.Step
	crowds  map[market.WishID]wish.Crowd
	left    []market.WishID // by their lead
	events  []event.WishMember
}

// JoinBatch decides a batch of places in arrival order and writes them together.
func (w *Wanted) JoinBatch(ctx context.Context, tx *db.Tx, cmds []JoinCmd) ([]lane.Answer[Joined], error) {
	j, err := loadJoining(ctx, tx, cmds)
	if err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[Joined], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = j.decide(cmd)
	}
	if ok, err := wish.PutMembers(ctx, tx, j.steps); err != nil || !ok {
		return nil, again(err)
	}
	for _, e := range j.events {
		tx.Emit(event.Of(e, j.wishes[e.WishID].Version))
	}
	if len(j.crowds) > 0 {
		tx.Last(func(ctx context.Context) error { return j.count(ctx) })
	}
	return answers, nil
}

// again asks the lane to decide the batch anew when a guard answered nothing.
func again(err error) error {
	if err != nil {
		return err
	}
	return lane.ErrAgain
}

func loadJoining(ctx context.Context, tx *db.Tx, cmds []JoinCmd) (*joining, error) {
	j := &joining{tx: tx, steps: map[wish.MemberKey]wish.Step{}, crowds: map[market.WishID]wish.Crowd{}}
	ids, keys := make([]market.WishID, len(cmds)), make([]wish.MemberKey, len(cmds))
	for i, cmd := range cmds {
		ids[i], keys[i] = cmd.WishID, cmd.memberKey()
	}
	var err error
	if j.wishes, err = wish.Load(ctx, tx, distinct(ids)); err != nil {
		return nil, err
	}
	j.members, err = wish.LoadMembers(ctx, tx, distinct(keys))
	return j, err
}

// distinct keeps the first of each, in order, so that the same batch makes the same statements.
func distinct[K comparable](all []K) []K {
	seen, out := make(map[K]bool, len(all)), make([]K, 0, len(all))
	for _, k := range all {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

func (j *joining) decide(cmd JoinCmd) (Joined, error) {
	one, ok := j.wishes[cmd.WishID]
	if !ok {
		return Joined{}, wish.ErrNotFound
	}
	key := cmd.memberKey()
	was, known := j.members[key]
	if !known {
		was = wish.Member{WishID: key.WishID, AccountID: key.AccountID}
	}
	now, change, err := one.Want(was, cmd.Kind, cmd.Actor.Confirmed, j.tx.Now())
	if err != nil {
		return Joined{}, err
	}
	if now.Kind != was.Kind && (known || now.Kind != wish.Away) {
		j.take(one, key, now, change)
	}
	return Joined{Member: now, Firm: one.Firm, Watching: one.Watching, Missing: one.Missing(),
		Reached: one.Missing() == 0 && !one.Rests(j.tx.Now())}, nil
}

// take moves the numbers in memory, so that the next command of the batch sees them.
func (j *joining) take(one *wish.Wish, key wish.MemberKey, now wish.Member, change wish.Change) {
	step, again := j.steps[key]
	if !again {
		step.Was = j.members[key].Kind
	}
	step.Now = now
	j.steps[key], j.members[key] = step, now
	crowd := j.crowds[one.ID].Add(change)
	j.crowds[one.ID] = crowd
	one.Firm, one.Watching = one.Firm+change.Firm, one.Watching+change.Watching
	if one.Vacates(now, change) {
		j.left = append(j.left, one.ID)
	}
	j.events = append(j.events, event.WishMember{WishID: one.ID, AccountID: key.AccountID, Member: string(now.Kind),
		Firm: change.Firm, Watching: change.Watching})
}

// count moves the wishes' numbers when all else of the transaction is written: everybody wants those rows.
func (j *joining) count(ctx context.Context) error {
	now := j.tx.Now()
	reached, ok, err := wish.Apply(ctx, j.tx, j.crowds)
	if err != nil || !ok {
		return again(err)
	}
	for _, id := range reached {
		one, err := wish.Find(ctx, j.tx, id) // as it is now: its lead may have asked for fewer
		if err != nil {
			return err
		}
		if err := announce(ctx, j.tx, one); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(j.crowds)) {
		j.tx.Touch("wish:"+string(id), db.Micros(now))
	}
	for _, id := range distinct(j.left) {
		if err := j.passOn(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// passOn gives a wish to the firm member who has been there longest, or to nobody until somebody comes.
func (j *joining) passOn(ctx context.Context, id market.WishID) error {
	one := j.wishes[id]
	next, err := wish.NextLead(ctx, j.tx, id)
	if err != nil || next == one.LeadID {
		return err
	}
	if ok, err := wish.SetLead(ctx, j.tx, id, one.LeadID, next); err != nil || !ok {
		return again(err)
	}
	j.tx.Emit(event.Of(event.WishLed{WishID: id, LeadID: next}, one.Version+2))
	return nil
}
