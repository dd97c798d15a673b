package hook

import (
	"encoding/json"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

// reorderWait is how long the first notice of a pair waits for the second when a plan asks for disorder.
const reorderWait = 90 * time.Second

// ladder is the waiting time before each further try, in minutes.
var ladder = [...]int64{1, 4, 16, 64, 256, 1024, 4096}

// State is where a delivery stands. Received ones are deleted.
type State string

// The states of a delivery.
const (
	Waiting State = "waiting"
	Failed  State = "failed"  // all tries used up
	Dropped State = "dropped" // a plan said not to send it
)

// Delivery is one notice on its way. Several deliveries may carry one notice.
type Delivery struct {
	ID         string    `json:"id"`
	Notice     string    `json:"notice"`
	Kind       string    `json:"kind"`
	Subject    string    `json:"subject"`
	Body       string    `json:"body"`
	State      State     `json:"state"`
	Due        time.Time `json:"due"`
	Attempt    int       `json:"attempt"`
	Extra      string    `json:"extra,omitempty"` // one of fault's extras: tried once
	LastStatus int       `json:"lastStatus,omitempty"`
	CreatedAt  time.Time `json:"createdAt"`
}

// Outbox holds the notices that wait to be sent.
type Outbox struct {
	plans     *fault.Plans
	table     *record.Table[Delivery]
	due       record.Queue
	inFlight  map[string]bool
	waitingOf map[string]int // by subject
	off       bool
}

// NewOutbox registers the outbox with a store. off throws every notice away: there is nobody to tell.
func NewOutbox(s *record.Store, plans *fault.Plans, off bool) *Outbox {
	o := &Outbox{plans: plans, off: off, inFlight: map[string]bool{}, waitingOf: map[string]int{}}
	o.due.Due = o.dueAt
	o.table = record.NewTable(s, "webhook", o.watch)
	return o
}

func (o *Outbox) watch(key string, before, after *Delivery) {
	if before != nil && before.State == Waiting {
		if o.waitingOf[before.Subject]--; o.waitingOf[before.Subject] == 0 {
			delete(o.waitingOf, before.Subject)
		}
	}
	if after != nil && after.State == Waiting {
		o.waitingOf[after.Subject]++
		o.due.Push(after.Due, key)
	}
}

// seoul is the wall clock of notices; it has had no daylight saving since 1988.
var seoul = time.FixedZone("KST", 9*60*60)

type envelope struct {
	EventType string `json:"eventType"`
	CreatedAt string `json:"createdAt"`
	Data      any    `json:"data"`
}

// Tell writes a notice about a subject (an order id or a transfer reference), as the plan in force says.
func (o *Outbox) Tell(tx *record.Tx, kind, subject string, data any) {
	if o.off {
		return
	}
	body, err := json.Marshal(envelope{kind, tx.Now().In(seoul).Format("2006-01-02T15:04:05.000000"), data})
	if err != nil {
		return // data is one of our own wire types: plain texts, numbers and lists
	}
	plan := o.plans.WebhookOf(subject)
	d := Delivery{
		Notice: tx.NewID("whk"), Kind: kind, Subject: subject, Body: string(body), State: Waiting,
		Due: tx.Now().Add(time.Duration(plan.DelaySeconds) * time.Second), CreatedAt: tx.Now(),
	}
	if plan.Drop {
		d.State = Dropped
	}
	if plan.Reorder && o.waitingOf[subject] == 0 {
		d.Due = d.Due.Add(reorderWait)
	}
	for range max(1, plan.Copies) {
		o.put(tx, d)
	}
	if plan.Extra != "" {
		d.Extra, d.State, d.Due = plan.Extra, Waiting, tx.Now()
		if plan.Extra == fault.ExtraForged {
			d.Notice = tx.NewID("whk")
		}
		o.put(tx, d)
	}
}

func (o *Outbox) put(tx *record.Tx, d Delivery) {
	d.ID = tx.NewID("dlv")
	o.table.Put(tx, d.ID, d)
}

// List gives the deliveries not yet received, oldest first, at most limit; state "" means all.
func (o *Outbox) List(state State, limit int) []Delivery {
	out := []Delivery{}
	for _, key := range o.table.Keys() {
		if d, _ := o.table.Get(key); (state == "" || d.State == state) && len(out) < limit {
			out = append(out, d)
		}
	}
	return out
}

// Resend makes every delivery about the subject that was not received due now and gives their number.
func (o *Outbox) Resend(tx *record.Tx, subject string) int {
	n := 0
	for _, key := range o.table.Keys() {
		d, _ := o.table.Get(key)
		if d.Subject != subject || o.inFlight[key] {
			continue
		}
		d.State, d.Due = Waiting, tx.Now()
		o.table.Put(tx, key, d)
		n++
	}
	return n
}

// claim takes the next due delivery and marks it as in flight, which is known to this process only: after a
// crash it is simply sent again.
func (o *Outbox) claim(now time.Time) (Delivery, bool) {
	key, ok := o.due.Take(now)
	if !ok {
		return Delivery{}, false
	}
	d, _ := o.table.Get(key)
	o.inFlight[key] = true
	return d, true
}

func (o *Outbox) dueAt(key string) (time.Time, bool) {
	d, ok := o.table.Get(key)
	return d.Due, ok && d.State == Waiting && !o.inFlight[key]
}

// settle records what became of a sent delivery: received for 200, else the next rung of the ladder.
func (o *Outbox) settle(tx *record.Tx, key string, status int, minute time.Duration) {
	delete(o.inFlight, key)
	d, ok := o.table.Get(key)
	if !ok {
		return
	}
	if status == 200 || d.Extra != "" {
		o.table.Delete(tx, key)
		return
	}
	d.LastStatus = status
	if d.Attempt >= len(ladder) {
		d.State = Failed
	} else {
		d.Due = tx.Now().Add(time.Duration(ladder[d.Attempt]) * minute)
		d.Attempt++
	}
	o.table.Put(tx, key, d)
}

// Left is the number of deliveries not yet received.
func (o *Outbox) Left() int { return o.table.Len() }
