package deliver

import (
	"time"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// May is what a member may do about a share now, as the rules of the noun say.
type May struct {
	Confirm, Wait, Withdraw, Dispute, Address bool
	// In a dispute: answer the seller, take its offer, leave the share to it, add evidence.
	Reply, Take, GiveIn, More bool
}

// mayOf asks the rules what the member may do at an instant.
func mayOf(x Detail, who market.AccountID, now time.Time) (m May) {
	s, e, r := x.Share, x.Escrow, x.Rules
	ends := func(action escrow.Action) bool {
		_, err := e.Take(s, escrow.Act{OrderID: s.OrderID, Action: action, By: escrow.ByBuyer, AccountID: who}, r, now)
		return err == nil
	}
	m.Confirm, m.Withdraw = ends(escrow.ActConfirm), ends(escrow.ActWithdraw)
	_, err := s.Wait(who, r, now)
	m.Wait = err == nil
	_, _, err = e.Dispute(s, escrow.OtherCause, r, now)
	m.Dispute = err == nil
	m.Address = e.Parcel() && s.Changeable(who) == nil
	if x.Dispute == nil {
		return m
	}
	says := func(say escrow.Say) bool {
		_, err := x.Dispute.Hear(escrow.Word{OrderID: s.OrderID, Say: say, By: escrow.ByBuyer, AccountID: who, Words: "-"},
			r, now)
		return err == nil
	}
	m.Reply, m.Take, m.GiveIn, m.More = says(escrow.SayReply), says(escrow.SayTake), says(escrow.SayGiveIn),
		says(escrow.SayMore)
	return m
}
