package policy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Wanted is how a wish gathers, how sellers bid for it, and how its money waits.
type Wanted struct {
	Gather WantedGather `json:"gather"`
	Bid    WantedBid    `json:"bid"`
	Filter WantedFilter `json:"filter"`
	Again  WantedAgain  `json:"again"`
	Pay    WantedPay    `json:"pay"`
	Escrow WantedEscrow `json:"escrow"`
}

// WantedGather is how many people a wish needs and how long it looks for them.
type WantedGather struct {
	Threshold  int64            `json:"threshold"`  // firm members, where the category says nothing else
	Categories []WantedCategory `json:"categories"` // categories with a number of their own; those below them follow
	Days       int              `json:"days"`       // a wish whose author names no end
	DaysMax    int              `json:"days_max"`
	OpenMax    int64            `json:"open_max"` // wishes of one author that gather at once
}

// WantedCategory is a category's own number of people.
type WantedCategory struct {
	ID        market.CategoryID `json:"id"`
	Threshold int64             `json:"threshold"`
}

// WantedBid is how an auction runs (decision 41).
type WantedBid struct {
	Hours         int               `json:"hours"` // from the announcement to the close
	StepBP        money.BasisPoints `json:"step_bp"`
	StepMin       money.Won         `json:"step_min"`
	ExtendMinutes int               `json:"extend_minutes"` // a bid in the last so many minutes extends by as many
	ExtendsMax    int64             `json:"extends_max"`
	OutlierBP     money.BasisPoints `json:"outlier_bp"` // of the median: a bid below it is marked
	DepositBP     money.BasisPoints `json:"deposit_bp"` // of the bid's least sum
	DepositMin    money.Won         `json:"deposit_min,omitempty"`
	DepositMax    money.Won         `json:"deposit_max"`
	// DepositFree is the least sum below which a bid asks for none.
	DepositFree money.Won `json:"deposit_free,omitempty"`
	// DepositHours is how long a deposit waits for a bid.
	DepositHours int `json:"deposit_hours,omitempty"`
	// DepositFaultBP is the part of a winner's units of which more must have failed by its fault for its deposit to be
	// kept. What is kept goes to the members who had paid and were not served, in equal parts.
	DepositFaultBP money.BasisPoints `json:"deposit_fault_bp,omitempty"`
}

// WantedFilter is what members may decide about bids (decision 40).
type WantedFilter struct {
	Hours      int   `json:"hours"`
	QuorumPart int64 `json:"quorum_part"` // one firm member in so many must have voted
	FlagsPart  int64 `json:"flags_part"`  // one voter in so many must have flagged
}

// WantedAgain is how a wish gathers on when its offers came to nothing (rule 61).
type WantedAgain struct {
	RoundsMax    int64 `json:"rounds_max"`    // after so many it is over
	PauseHours   int   `json:"pause_hours"`   // in which members look and leave before sellers are asked anew
	LeastHours   int   `json:"least_hours"`   // that must be left of its time
	ThresholdMin int64 `json:"threshold_min"` // below which its lead may not set the number it needs
}

// WantedPay is how long firm members have to pay, and sellers to answer (decision 42).
type WantedPay struct {
	Hours        int   `json:"hours"`
	RemindHours  []int `json:"remind_hours"` // before the end
	ShortHours   int   `json:"short_hours"`  // for a seller whose payers are too few
	ConsentHours int   `json:"consent_hours"`
}

// WantedEscrow is how long money waits for what was promised.
type WantedEscrow struct {
	ConfirmDays     int `json:"confirm_days"` // after delivery evidence, without a word of the buyer
	ConfirmDaysMax  int `json:"confirm_days_max"`
	UndeliveredDays int `json:"undelivered_days"` // after the promised day: everybody is paid back
	EvidenceDays    int `json:"evidence_days"`    // for each side of a dispute
	DisputeDays     int `json:"dispute_days"`     // at most
	AddressDays     int `json:"address_days"`     // after delivery the seller no longer sees where it went
}

// ThresholdOf gives how many firm members a wish of a category needs.
func (g WantedGather) ThresholdOf(id market.CategoryID) int64 {
	for _, c := range g.Categories {
		if id == c.ID || strings.HasPrefix(string(id), string(c.ID)+".") {
			return c.Threshold
		}
	}
	return g.Threshold
}

func (w Wanted) check() error {
	err := errors.Join(
		positive("wanted.gather.threshold", int(w.Gather.Threshold)),
		positive("wanted.gather.days", w.Gather.Days),
		within(w.Gather.DaysMax >= w.Gather.Days, "wanted.gather.days_max"),
		positive("wanted.gather.open_max", int(w.Gather.OpenMax)),
		positive("wanted.bid.hours", w.Bid.Hours),
		rate("wanted.bid.step_bp", w.Bid.StepBP),
		positive("wanted.bid.step_min", int(w.Bid.StepMin)),
		positive("wanted.bid.extend_minutes", w.Bid.ExtendMinutes),
		within(w.Bid.ExtendsMax >= 0 && w.Bid.DepositMax >= 0, "wanted.bid"),
		rate("wanted.bid.outlier_bp", w.Bid.OutlierBP),
		rate("wanted.bid.deposit_bp", w.Bid.DepositBP),
		rate("wanted.bid.deposit_fault_bp", w.Bid.DepositFaultBP),
		within(w.Bid.DepositMin >= 0 && w.Bid.DepositMin <= w.Bid.DepositMax && w.Bid.DepositFree >= 0,
			"wanted.bid.deposit_min"),
		within((w.Bid.DepositBP > 0) == (w.Bid.DepositHours > 0), "wanted.bid.deposit_hours"),
		positive("wanted.filter.hours", w.Filter.Hours),
		positive("wanted.filter.quorum_part", int(w.Filter.QuorumPart)),
		positive("wanted.filter.flags_part", int(w.Filter.FlagsPart)),
		positive("wanted.again.rounds_max", int(w.Again.RoundsMax)),
		positive("wanted.again.pause_hours", w.Again.PauseHours),
		within(w.Again.LeastHours > w.Again.PauseHours, "wanted.again.least_hours"),
		within(w.Again.ThresholdMin > 1, "wanted.again.threshold_min"),
		positive("wanted.pay.hours", w.Pay.Hours),
		falling("wanted.pay.remind_hours", w.Pay.RemindHours),
		positive("wanted.pay.short_hours", w.Pay.ShortHours),
		positive("wanted.pay.consent_hours", w.Pay.ConsentHours),
		w.Escrow.check())
	for i, c := range w.Gather.Categories {
		err = errors.Join(err, positive(fmt.Sprintf("wanted.gather.categories.%d", i), int(c.Threshold)))
	}
	return err
}

func (e WantedEscrow) check() error {
	return errors.Join(
		positive("wanted.escrow.confirm_days", e.ConfirmDays),
		within(e.ConfirmDaysMax >= e.ConfirmDays, "wanted.escrow.confirm_days_max"),
		positive("wanted.escrow.undelivered_days", e.UndeliveredDays),
		positive("wanted.escrow.evidence_days", e.EvidenceDays),
		within(e.DisputeDays >= 2*e.EvidenceDays, "wanted.escrow.dispute_days"),
		positive("wanted.escrow.address_days", e.AddressDays))
}
