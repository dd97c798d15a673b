package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/room"
)

// PlaceCmd asks to hold units of an option. Key is the idempotency key.
type PlaceCmd struct {
	Actor    market.Actor
	DealID   market.DealID
	OptionID market.OptionID
	Quantity int64
	PolicyID string
	Key      string
	Ticket   string        // of the waiting room, "" for none
	HoldFor  time.Duration // longer than the policy's time, for offers of the waiting list; 0 is the policy's
	turn     bool          // called by the waiting room
}

// Placed is a held order with its first attempt to pay.
type Placed struct {
	Order     order.Order
	PaymentID market.PaymentID
}

// Errors of keys, the same for every write.
var (
	ErrKeyMissing = fail.New(fail.Invalid, "idempotency.missing")
	ErrKeyReused  = fail.New(fail.Conflict, "idempotency.other_body")
)

const keyMax = 200

func (c PlaceCmd) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\x00%s\x00%s", c.Quantity, c.DealID, c.OptionID))
	return hex.EncodeToString(sum[:12])
}

func (c PlaceCmd) placeKey() order.PlaceKey {
	return order.PlaceKey{AccountID: c.Actor.AccountID, Key: c.Key}
}

func (c PlaceCmd) limitKey() order.LimitKey {
	return order.LimitKey{DealID: c.DealID, AccountID: c.Actor.AccountID}
}

// valid refuses what needs no look into the database.
func (c PlaceCmd) valid() error {
	if err := right.Check(c.Actor, right.OrderPlace, right.Mine(c.Actor.AccountID)); err != nil {
		return err
	}
	if !c.Actor.Confirmed {
		return order.ErrConfirmed
	}
	if c.Key == "" || len(c.Key) > keyMax {
		return ErrKeyMissing
	}
	return order.ValidQuantity(c.Quantity)
}

// Place holds units for some minutes.
func (c *Checkout) Place(ctx context.Context, cmd PlaceCmd) (Placed, error) {
	if err := cmd.valid(); err != nil {
		return Placed{}, err
	}
	if c.Admit != nil {
		var err error
		if cmd.turn, err = c.Admit(ctx, room.Arrival{Actor: cmd.Actor, DealID: cmd.DealID, OptionID: cmd.OptionID,
			Key: cmd.Key, Ticket: cmd.Ticket}); err != nil {
			return Placed{}, err
		}
	}
	return c.placing.Do(ctx, string(cmd.DealID), cmd)
}

// placing is the memory of one batch.
type placing struct {
	tx      *db.Tx
	sales   map[market.DealID]*deal.Sale
	limits  map[order.LimitKey]*order.Limit
	earlier map[order.PlaceKey]order.Order
	totals  deal.Changes
	people  map[order.LimitKey]order.LimitChange
	orders  []order.Order
	firsts  []payment.Payment
	turns   []string // places of a waiting room that were used
}

// PlaceBatch decides a batch of holds in arrival order and claims them together.
func (c *Checkout) PlaceBatch(ctx context.Context, tx *db.Tx, cmds []PlaceCmd) ([]lane.Answer[Placed], error) {
	p, err := loadPlacing(ctx, tx, cmds)
	if err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[Placed], len(cmds))
	for i, cmd := range cmds {
		answers[i].Value, answers[i].Err = p.decide(cmd, c.GatewayName)
	}
	if ok, err := order.ClaimLimits(ctx, tx, p.people); err != nil || !ok {
		return nil, again(err)
	}
	if err := order.Insert(ctx, tx, p.orders); err != nil {
		return nil, err
	}
	if err := payment.Insert(ctx, tx, p.firsts); err != nil {
		return nil, err
	}
	if err := room.Use(ctx, tx, p.turns); err != nil {
		return nil, err
	}
	applyLast(tx, p.totals)
	tx.AfterCommit(func() { c.remember(p) })
	version := db.Micros(tx.Now())
	for _, o := range p.orders {
		tx.Emit(event.Of(event.OrderHeld{OrderID: o.ID, DealID: o.DealID, AccountID: o.AccountID, Units: o.Quantity,
			Amount: o.Amount}, o.Version))
		tx.Touch("deal:"+string(o.DealID), version)
	}
	return answers, nil
}

// remember keeps what was placed for the payments that mostly follow.
func (c *Checkout) remember(p *placing) {
	for i, o := range p.orders {
		c.last.add(&guess{order: o, payment: p.firsts[i], limit: p.limits[limitKey(&o)]})
	}
}

// applyLast moves a deal's counters when all else of the transaction is written: every purchase wants that row.
func applyLast(tx *db.Tx, totals deal.Changes) {
	if len(totals) == 0 {
		return
	}
	tx.Last(func(ctx context.Context) error {
		ok, err := deal.Apply(ctx, tx, totals)
		if err == nil && !ok {
			err = lane.ErrAgain
		}
		return err
	})
}

// again asks the lane to decide the batch anew when a guard answered nothing.
func again(err error) error {
	if err != nil {
		return err
	}
	return lane.ErrAgain
}

func loadPlacing(ctx context.Context, tx *db.Tx, cmds []PlaceCmd) (*placing, error) {
	p := &placing{tx: tx, totals: deal.Changes{}, people: map[order.LimitKey]order.LimitChange{}}
	var deals, limits, keys = set[market.DealID]{}, set[order.LimitKey]{}, set[order.PlaceKey]{}
	for _, cmd := range cmds {
		deals.add(cmd.DealID)
		limits.add(cmd.limitKey())
		keys.add(cmd.placeKey())
	}
	var err error
	if p.earlier, err = order.ByPlaceKeys(ctx, tx, keys.list); err != nil {
		return nil, err
	}
	if p.sales, err = deal.LoadSales(ctx, tx, deals.list); err != nil {
		return nil, err
	}
	p.limits, err = order.LoadLimits(ctx, tx, limits.list)
	return p, err
}

// set keeps the order of first arrival, so that the same batch makes the same statements.
type set[K comparable] struct {
	list []K
	seen map[K]bool
}

func (s *set[K]) add(k K) {
	if s.seen == nil {
		s.seen = map[K]bool{}
	}
	if !s.seen[k] {
		s.seen[k] = true
		s.list = append(s.list, k)
	}
}

func (p *placing) decide(cmd PlaceCmd, gatewayName string) (Placed, error) {
	if before, ok := p.earlier[cmd.placeKey()]; ok {
		if before.PlaceHash != cmd.hash() {
			return Placed{}, ErrKeyReused
		}
		return Placed{Order: before}, nil
	}
	sale, ok := p.sales[cmd.DealID]
	if !ok {
		return Placed{}, deal.ErrNotFound
	}
	d := &sale.Deal
	if _, own := cmd.Actor.Membership(d.MerchantID); own {
		return Placed{}, deal.ErrOwnPeople
	}
	now := p.tx.Now()
	if err := sale.MayHold(cmd.OptionID, cmd.Quantity, now); err != nil {
		return Placed{}, err
	}
	limit := p.limit(cmd.limitKey(), d.PerPerson)
	if err := limit.MayHold(cmd.Quantity, now); err != nil {
		return Placed{}, err
	}
	option, times := sale.Options[cmd.OptionID], holdTimes(now)
	times.TTL = max(times.TTL, cmd.HoldFor)
	o := order.Order{
		ID: market.OrderID(p.tx.NewID(market.PrefixOrder)), DealID: d.ID, OptionID: option.ID, MerchantID: d.MerchantID,
		AccountID: cmd.Actor.AccountID, Quantity: cmd.Quantity, UnitPrice: option.Price,
		Amount: order.Amount(option.Price, cmd.Quantity), State: order.Held, HoldUntil: times.HoldEnd(now, d.EndsAt),
		PlaceKey: cmd.Key, PlaceHash: cmd.hash(), TermsVersion: d.TermsVersion, PolicyID: cmd.PolicyID, CreatedAt: now,
		Version: 1,
	}
	first := payment.Payment{ID: market.PaymentID(p.tx.NewID(market.PrefixPayment)), OrderID: o.ID, DealID: o.DealID,
		AccountID: o.AccountID, Gateway: gatewayName, Amount: o.Amount, State: payment.Intent, CreatedAt: now, Version: 1}
	p.take(o, limit, sale)
	if cmd.turn {
		p.turns = append(p.turns, room.Key(o.DealID, o.AccountID))
	}
	p.orders, p.firsts = append(p.orders, o), append(p.firsts, first)
	p.earlier[cmd.placeKey()] = o
	return Placed{Order: o, PaymentID: first.ID}, nil
}

func (p *placing) limit(key order.LimitKey, perPerson int64) *order.Limit {
	l, ok := p.limits[key]
	if !ok {
		l = &order.Limit{DealID: key.DealID, AccountID: key.AccountID}
		p.limits[key] = l
	}
	l.PerPerson = perPerson
	return l
}

// take moves the numbers in memory, so that the next command of the batch sees them.
func (p *placing) take(o order.Order, limit *order.Limit, sale *deal.Sale) {
	limit.HeldUnits += o.Quantity
	sale.Deal.HeldUnits += o.Quantity
	sale.Options[o.OptionID].HeldUnits += o.Quantity
	p.totals.Add(o.DealID, o.OptionID, deal.Change{Held: o.Quantity, Opening: true})
	key := order.LimitKey{DealID: o.DealID, AccountID: o.AccountID}
	change := p.people[key]
	change.PerPerson, change.Held = limit.PerPerson, change.Held+o.Quantity
	p.people[key] = change
}
