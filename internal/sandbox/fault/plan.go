package fault

import (
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

// ErrPlan says that a plan names an unknown step, mode or extra, or a number out of range.
var ErrPlan = fail.New(fail.Invalid, "sandbox.fault_plan")

// Mode is what goes wrong in a step.
type Mode string

// The modes. "Before" means that the step did not happen, "After" that it did and only the answer suffers.
const (
	None          Mode = ""
	Decline       Mode = "decline"
	Slow          Mode = "slow"
	ErrorBefore   Mode = "error_before"
	ErrorAfter    Mode = "error_after"
	TimeoutBefore Mode = "timeout_before"
	TimeoutAfter  Mode = "timeout_after"
	Temporary     Mode = "temporary" // PROVIDER_ERROR: nothing happened, try again
	Reject        Mode = "reject"    // execution only: the bank finds the account unusable
	Bounce        Mode = "bounce"    // execution only: completed, then returned on the next business day
)

// Step is an outside step that can go wrong.
type Step string

// The steps.
const (
	Prepare   Step = "prepare"
	Authorize Step = "authorize"
	Confirm   Step = "confirm"
	Lookup    Step = "lookup"
	Cancel    Step = "cancel"
	Transfer  Step = "transfer"
	Execution Step = "execution"
	Statement Step = "statement"
)

var (
	answerModes = []Mode{Slow, ErrorBefore, ErrorAfter, TimeoutBefore, TimeoutAfter, Temporary}
	modesOf     = map[Step][]Mode{
		Prepare:   answerModes,
		Authorize: answerModes,
		Confirm:   append([]Mode{Decline}, answerModes...),
		Lookup:    answerModes,
		Cancel:    append([]Mode{Decline}, answerModes...),
		Transfer:  append([]Mode{Decline}, answerModes...),
		Statement: answerModes,
		Execution: {Reject, Bounce},
	}
)

// The extra notices a plan may add to each genuine one.
const (
	ExtraForged  = "forged"  // another amount, signed with a wrong secret
	ExtraAltered = "altered" // signed well, then changed
	ExtraStale   = "stale"   // signed well, ten minutes too old
)

// Everything is the target of a plan for all orders and transfers that have none of their own.
const Everything = "*"

// Fault is one thing going wrong. Times counts down to the end of it; 0 lasts until the plan is replaced.
type Fault struct {
	Mode  Mode `json:"mode"`
	Times int  `json:"times,omitempty"`
}

// Webhook says how notices are sent. Copies counts all of them; 0 and 1 mean one.
type Webhook struct {
	Copies       int    `json:"copies,omitempty"`
	DelaySeconds int64  `json:"delaySeconds,omitempty"`
	Drop         bool   `json:"drop,omitempty"`
	Reorder      bool   `json:"reorder,omitempty"` // the first of each pair waits until the second is out
	Extra        string `json:"extra,omitempty"`
}

// Settlement says how the settlement file differs from the truth: no row, an amount off by AddWon, and an extra
// row of ExtraWon for a payment that does not exist.
type Settlement struct {
	Omit     bool  `json:"omit,omitempty"`
	AddWon   int64 `json:"addWon,omitempty"`
	ExtraWon int64 `json:"extraWon,omitempty"`
}

// Plan is everything that goes wrong for one target: an order id, a transfer reference, or Everything.
type Plan struct {
	Target     string         `json:"target"`
	Steps      map[Step]Fault `json:"steps,omitempty"`
	Webhook    Webhook        `json:"webhook,omitzero"`
	Settlement Settlement     `json:"settlement,omitzero"`
}

// Plans is the set of plans in force.
type Plans struct{ table *record.Table[Plan] }

// NewPlans registers the plans with a store.
func NewPlans(s *record.Store) *Plans {
	return &Plans{table: record.NewTable[Plan](s, "fault", nil)}
}

// Set replaces the plan of a target; ErrPlan says what is wrong with it.
func (p *Plans) Set(tx *record.Tx, plan Plan) error {
	if plan.Target == "" {
		plan.Target = Everything
	}
	if err := plan.check(); err != nil {
		return err
	}
	p.table.Put(tx, plan.Target, plan)
	return nil
}

func (plan Plan) check() error {
	for step, f := range plan.Steps {
		modes, ok := modesOf[step]
		if !ok {
			return ErrPlan.With("Step", step)
		}
		if !slices.Contains(modes, f.Mode) || f.Times < 0 {
			return ErrPlan.With("Step", step, "Mode", f.Mode, "Times", f.Times)
		}
	}
	w := plan.Webhook
	if w.Copies < 0 || w.Copies > 100 || w.DelaySeconds < 0 || len(plan.Target) > 200 {
		return ErrPlan.With("Copies", w.Copies, "DelaySeconds", w.DelaySeconds)
	}
	if w.Extra != "" && !slices.Contains([]string{ExtraForged, ExtraAltered, ExtraStale}, w.Extra) {
		return ErrPlan.With("Extra", w.Extra)
	}
	return nil
}

// Clear removes the plan of a target, or all plans for "".
func (p *Plans) Clear(tx *record.Tx, target string) {
	if target != "" {
		p.table.Delete(tx, target)
		return
	}
	for _, key := range p.table.Keys() {
		p.table.Delete(tx, key)
	}
}

// List gives all plans in the order of their targets.
func (p *Plans) List() []Plan {
	out := make([]Plan, 0, p.table.Len())
	for _, key := range p.table.Keys() {
		plan, _ := p.table.Get(key)
		out = append(out, plan)
	}
	return out
}

// Take gives the fault that the step meets now, by the target's own plan or else the one for Everything, and
// counts it down.
func (p *Plans) Take(tx *record.Tx, step Step, target string) Mode {
	if p.table.Len() == 0 {
		return None
	}
	for _, key := range [...]string{target, Everything} {
		plan, ok := p.table.Get(key)
		f, planned := plan.Steps[step]
		if !ok || !planned {
			continue
		}
		if f.Times > 0 {
			plan.Steps = maps.Clone(plan.Steps)
			if f.Times--; f.Times == 0 {
				delete(plan.Steps, step)
			} else {
				plan.Steps[step] = f
			}
			p.table.Put(tx, key, plan)
		}
		return f.Mode
	}
	return None
}

// WebhookOf gives how notices about the target are sent.
func (p *Plans) WebhookOf(target string) Webhook {
	for _, key := range [...]string{target, Everything} {
		if plan, ok := p.table.Get(key); ok && plan.Webhook != (Webhook{}) {
			return plan.Webhook
		}
	}
	return Webhook{}
}

// SettlementOf gives how the settlement rows of the order differ from the truth.
func (p *Plans) SettlementOf(target string) Settlement {
	for _, key := range [...]string{target, Everything} {
		if plan, ok := p.table.Get(key); ok && plan.Settlement != (Settlement{}) {
			return plan.Settlement
		}
	}
	return Settlement{}
}

// PayoutDifference gives by how many won the payment into the custody account differs from the settlement file's sum;
// the target is the payment's own reference, "settlement:" and its day.
func (p *Plans) PayoutDifference(ref string) int64 {
	plan, _ := p.table.Get(ref)
	return plan.Settlement.AddWon
}
