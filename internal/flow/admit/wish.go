package admit

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/notice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/waitlist"
)

// WishCmd asks to be offered one unit of an option when one comes back.
type WishCmd struct {
	Actor    market.Actor
	DealID   market.DealID
	OptionID market.OptionID
}

// LetterOffer is the letter that tells of a unit that is held.
const LetterOffer = "mail.wait_offer"

// Wish puts somebody at the end of the waiting list; who waits already keeps the place.
func (a *Admit) Wish(ctx context.Context, cmd WishCmd) error {
	if err := mayBuy(cmd.Actor); err != nil {
		return err
	}
	_, err := a.wishing.Do(ctx, string(cmd.DealID), cmd)
	return err
}

// Unwish ends somebody's wait.
func (a *Admit) Unwish(ctx context.Context, actor market.Actor, id market.DealID) error {
	if err := right.Check(actor, right.OrderPlace, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error { return waitlist.Leave(ctx, tx, id, actor.AccountID) })
}

func (a *Admit) wishBatch(ctx context.Context, tx *db.Tx, cmds []WishCmd) ([]lane.Answer[struct{}], error) {
	var deals []market.DealID
	seen := map[market.DealID]bool{}
	for _, cmd := range cmds {
		if !seen[cmd.DealID] {
			seen[cmd.DealID] = true
			deals = append(deals, cmd.DealID)
		}
	}
	sales, err := deal.LoadSales(ctx, tx, deals)
	if err != nil {
		return nil, err
	}
	answers := make([]lane.Answer[struct{}], len(cmds))
	var list []waitlist.Entry
	twice := map[string]bool{}
	for i, cmd := range cmds {
		if answers[i].Err = a.mayWish(tx, sales[cmd.DealID], cmd); answers[i].Err != nil {
			continue
		}
		key := string(cmd.DealID) + ":" + string(cmd.Actor.AccountID)
		if !twice[key] {
			twice[key] = true
			list = append(list, waitlist.Entry{DealID: cmd.DealID, OptionID: cmd.OptionID, AccountID: cmd.Actor.AccountID})
		}
	}
	return answers, waitlist.Join(ctx, tx, list)
}

func (a *Admit) mayWish(tx *db.Tx, s *deal.Sale, cmd WishCmd) error {
	if s == nil {
		return deal.ErrNotFound
	}
	if _, own := cmd.Actor.Membership(s.Deal.MerchantID); own {
		return deal.ErrOwnPeople
	}
	if err := s.Deal.TakesHolds(tx.Now()); err != nil {
		return err
	}
	free, ok := s.FreeOf(cmd.OptionID)
	if !ok {
		return deal.ErrNoOption
	}
	known := a.known.Load()
	_, shut := known.rooms[cmd.DealID]
	return waitlist.MayJoin(free, shut || known.lines[line{cmd.DealID, cmd.OptionID}])
}

// offer holds the units that came back for those who wait longest, and tells them. A hold is made under the entry's own
// key: an offer that was cut short is made again and is the same. Those in the room come first.
func (a *Admit) offer(ctx context.Context, l waitlist.Line) (bool, error) {
	if _, shut := a.Doors()[l.DealID]; shut {
		return false, nil
	}
	sale, err := a.sale(ctx, a.DB, l.DealID)
	if err != nil {
		return false, err
	}
	switch err := sale.Deal.TakesHolds(a.DB.Clock().Now()); {
	case errors.Is(err, deal.ErrNotYet):
		return false, nil
	case err != nil:
		return true, a.DB.Write(ctx, func(tx *db.Tx) error { return waitlist.EndAll(ctx, tx, l.DealID) })
	}
	free, _ := sale.FreeOf(l.OptionID)
	n := waitlist.Offers(free, l.Waiting)
	if n == 0 || a.Hold == nil {
		return false, nil
	}
	entries, err := waitlist.First(ctx, a.DB, l, n)
	if err != nil {
		return false, err
	}
	return a.offerTo(ctx, sale, entries)
}

func (a *Admit) offerTo(ctx context.Context, sale *deal.Sale, entries []waitlist.Entry) (bool, error) {
	terms, err := deal.FindTerms(ctx, a.DB, sale.Deal.ID, sale.Deal.TermsVersion)
	if err != nil {
		return false, err
	}
	seller, err := catalog.FindSeller(ctx, a.DB, sale.Deal.MerchantID)
	if err != nil && fail.KindOf(err) != fail.NotFound {
		return false, err // worlds of tests have shops without a row
	}
	people := make([]account.Account, len(entries))
	cmds := make([]HoldCmd, len(entries))
	for i, e := range entries {
		if people[i], err = account.Find(ctx, a.DB, e.AccountID); err != nil && fail.KindOf(err) != fail.NotFound {
			return false, err
		}
		cmds[i] = HoldCmd{DealID: e.DealID, OptionID: e.OptionID, Key: e.HoldKey(), For: waitlist.OfferTime,
			Actor: market.Actor{AccountID: e.AccountID, Confirmed: !people[i].Blocked(), Locale: people[i].Locale}}
	}
	held := a.Hold(ctx, cmds)
	worked := false
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		worked = false
		var told []notice.Notice
		for i, e := range entries {
			o := held[i].Value
			outcome := waitlist.OutcomeLapsed
			if held[i].Err != nil {
				outcome = waitlist.Outcome(held[i].Err, deal.ErrSoldOut, deal.ErrFewerLeft, deal.ErrNotYet)
			} else if o.Holding() {
				outcome = ""
				ok, err := waitlist.Offer(ctx, tx, e.ID, o.ID)
				if err != nil {
					return err
				}
				if ok {
					worked = true
					told = append(told, notice.Notice{AccountID: e.AccountID, Kind: notice.WaitOffer,
						Subject: string(o.ID), Title: terms.Title, Sender: seller.Name})
					a.tell(tx, people[i], letter.Letter{Href: "/o/" + string(o.ID) + "/pay", Once: "wait:" + e.ID,
						Args: map[string]any{"Title": terms.Title, "Minutes": int64(waitlist.OfferTime.Minutes())}})
				}
			}
			if outcome != "" {
				worked = true
				if err := waitlist.End(ctx, tx, e.ID, outcome); err != nil {
					return err
				}
			}
		}
		tx.Touch("deal:"+string(sale.Deal.ID), db.Micros(tx.Now()))
		_, err := notice.Tell(ctx, tx, told)
		return err
	})
	return worked, err
}

// tell writes the letter and moves the pages of whoever got an offer.
func (a *Admit) tell(tx *db.Tx, to account.Account, l letter.Letter) {
	if to.ID == "" {
		return // worlds of tests have people without an account
	}
	l.To, l.Name, l.Locale, l.Key = to.Email, to.Name, to.Locale, LetterOffer
	letter.Send(tx, l)
	tx.Touch("account:"+string(to.ID), db.Micros(tx.Now()))
}
