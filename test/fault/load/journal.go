package load

import (
	"fmt"
	"sync"
)

// Step is one command of a purchase.
type Step struct {
	Asked    bool
	Answered bool   // with success; a refusal promises nothing
	ID       string // of the order, of the order paid, of the redemption
	Mark     int64  // what Client.Mark said when the answer had come in
}

// Purchase is what one buyer asked for and was promised.
type Purchase struct {
	Buyer, Item           int
	Order, Payment, Use   Step
	Voucher, Code, Refuse string // Refuse: the last refusal's code

	ticket string // of the waiting room
}

// Keys of a buyer's commands: the same for ever, as a program's own are.
func (p *Purchase) orderKey() string   { return fmt.Sprintf("fault-order-%07d", p.Buyer) }
func (p *Purchase) paymentKey() string { return fmt.Sprintf("fault-pay-%07d", p.Buyer) }
func (p *Purchase) useKey() string     { return fmt.Sprintf("fault-use-%07d", p.Buyer) }

// Journal is all that was asked and promised.
type Journal struct {
	mu   sync.Mutex
	list []*Purchase
}

// JournalOf is a journal of purchases that were begun elsewhere.
func JournalOf(list []*Purchase) *Journal { return &Journal{list: list} }

// next starts the purchase of the next buyer, nil when all have bought.
func (j *Journal) next(buyers, items int) *Purchase {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.list) == buyers {
		return nil
	}
	p := &Purchase{Buyer: len(j.list), Item: len(j.list) % items}
	j.list = append(j.list, p)
	return p
}

// All gives every purchase that was begun. Nobody may be buying meanwhile.
func (j *Journal) All() []*Purchase {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]*Purchase(nil), j.list...)
}

// Until gives what had been promised at a mark: later answers are taken back to mere questions.
func (j *Journal) Until(mark int64) []*Purchase {
	var out []*Purchase
	for _, p := range j.All() {
		then := *p
		for _, s := range []*Step{&then.Order, &then.Payment, &then.Use} {
			s.Answered = s.Answered && s.Mark <= mark
		}
		out = append(out, &then)
	}
	return out
}

// Count is how many steps were asked for, and how many of those were answered with success.
func (j *Journal) Count() (asked, answered int) {
	for _, p := range j.All() {
		for _, s := range []Step{p.Order, p.Payment, p.Use} {
			if s.Asked {
				asked++
			}
			if s.Answered {
				answered++
			}
		}
	}
	return asked, answered
}
