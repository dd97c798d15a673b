package escrow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/escrow"
)

// disputed is a share that its member disputes on a day.
func disputed(t *testing.T, s escrow.Share, day int) (escrow.Share, escrow.Dispute) {
	t.Helper()
	next, d, err := working().Dispute(s, escrow.Different, rules, on(day))
	if err != nil {
		t.Fatal(err)
	}
	return next, d
}

func TestWhoMayDispute(t *testing.T) {
	for name, c := range map[string]struct {
		e    escrow.Escrow
		s    escrow.Share
		why  escrow.Reason
		day  int
		want string
	}{
		"not sent":            {working(), held(), escrow.NotSent, 12, ""},
		"on its way":          {working(), shipped(2), escrow.NotArrived, 12, ""},
		"arrived":             {working(), delivered(4), escrow.Broken, 5, ""},
		"the last moment":     {working(), delivered(4), escrow.Broken, 11, ""},
		"after the silence":   {working(), delivered(4), escrow.Broken, 12, "late"},
		"when it goes back":   {working(), held(), escrow.NotSent, 25, "late"},
		"while members pay":   {paying(), held(), escrow.NotSent, 2, "not_begun"},
		"without a reason":    {working(), held(), "", 2, "dispute_reason"},
		"a reason of no list": {working(), held(), "mood", 2, "dispute_reason"},
	} {
		got, d, err := c.e.Dispute(c.s, c.why, rules, on(c.day))
		if code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && (got.Stands().Frozen != 20_000 || d.Amount != 20_000 || got.DueAt != d.DueAt) {
			t.Errorf("%s: %+v %+v", name, got, d)
		}
	}
	if _, _, err := working().Dispute(mustEnd(t), escrow.Broken, rules, on(6)); code(err) != "state" {
		t.Errorf("a share that has ended: %v", err)
	}
}

func mustEnd(t *testing.T) escrow.Share {
	t.Helper()
	s, err := working().Take(delivered(4), escrow.Act{Action: escrow.ActConfirm, By: escrow.ByBuyer, AccountID: buyer},
		rules, on(5))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func says(say escrow.Say, by escrow.By) escrow.Word {
	return escrow.Word{Say: say, By: by, AccountID: "acc_1", Words: "상자 안이 젖어 있었습니다."}
}

func offers(won int64) escrow.Word {
	w := says(escrow.SayAnswer, escrow.BySeller)
	w.Offered, w.Refunded = true, won
	return w
}

func ruling(won int64) escrow.Word {
	w := says(escrow.SayRule, escrow.ByOperator)
	w.Refunded = won
	return w
}

// TestOneDispute walks disputes about 20,000 won to their ends, a word a row: what is said, on which day, and what is
// then: whose turn it is, or how it ended and what of it went back.
func TestOneDispute(t *testing.T) {
	answer, reply := says(escrow.SayAnswer, escrow.BySeller), says(escrow.SayReply, escrow.ByBuyer)
	more, take := says(escrow.SayMore, escrow.ByBuyer), escrow.Word{Say: escrow.SayTake, By: escrow.ByBuyer}
	giveIn := func(by escrow.By) escrow.Word { return escrow.Word{Say: escrow.SayGiveIn, By: by} }
	silent := escrow.Word{Say: escrow.SayNone}
	dumb, short := answer, ruling(0)
	dumb.Words, short.Words = "", "아무 이유"
	type step struct {
		day  int
		word escrow.Word
		want string
	}
	for name, c := range map[string]struct {
		proven bool
		steps  []step
	}{
		"a silent seller loses": {true, []step{{8, silent, "seller"}, {9, answer, "late"},
			{9, silent, "seller_silent 20000"}}},
		"a silent member, delivered": {true, []step{{3, answer, "buyer"}, {10, silent, "buyer"},
			{11, silent, "buyer_silent 0"}}},
		"a silent member, not delivered": {false, []step{{3, answer, "buyer"}, {11, silent, "buyer_silent 20000"}}},
		"the operator decides": {true, []step{{3, answer, "buyer"}, {5, reply, "operator"}, {6, more, "operator"},
			{7, ruling(7_777), "ruled 7777"}}},
		"all to the member": {true, []step{{2, ruling(20_000), "ruled 20000"}}},
		"all to the seller": {true, []step{{2, ruling(0), "ruled 0"}}},
		"too much":          {true, []step{{2, ruling(20_001), "dispute_ruling"}, {2, ruling(-1), "dispute_ruling"}}},
		"without a reason":  {true, []step{{2, short, "dispute_note"}}},
		"the operator sleeps": {true, []step{{3, answer, "buyer"}, {5, reply, "operator"}, {61, silent, "operator"},
			{62, silent, "operator_silent 0"}}},
		"the operator sleeps, not delivered": {false, []step{{3, answer, "buyer"}, {5, reply, "operator"},
			{62, silent, "operator_silent 20000"}}},
		"an offer taken": {true, []step{{3, offers(5_000), "buyer"}, {4, take, "offer 5000"},
			{5, reply, "dispute_turn"}}},
		"an offer of nothing":  {true, []step{{3, offers(0), "buyer"}, {4, take, "offer 0"}}},
		"no offer":             {true, []step{{3, answer, "buyer"}, {4, take, "dispute_no_offer"}}},
		"an offer of too much": {true, []step{{3, offers(20_001), "dispute_offer"}, {3, offers(-1), "dispute_offer"}}},
		"an offer stands": {true, []step{{3, offers(5_000), "buyer"}, {4, reply, "operator"},
			{5, take, "offer 5000"}}},
		"the member gives in": {true, []step{{3, giveIn(escrow.ByBuyer), "buyer_gave_in 0"}}},
		"the seller gives in": {true, []step{{3, giveIn(escrow.BySeller), "seller_gave_in 20000"}}},
		"out of turn": {true, []step{{3, reply, "dispute_turn"}, {3, answer, "buyer"},
			{3, answer, "dispute_turn"}}},
		"nothing said":           {true, []step{{3, dumb, "dispute_words"}}},
		"more does not buy time": {true, []step{{8, more, "seller"}, {9, silent, "seller_silent 20000"}}},
		"an operator after time": {true, []step{{9, ruling(1), "ruled 1"}}},
		"over is over": {true, []step{{3, ruling(1), "ruled 1"}, {4, ruling(2), "dispute_turn"},
			{99, silent, "ruled 1"}}},
		"silence is nobody's say": {true, []step{{3, escrow.Word{Say: escrow.SayNone, By: escrow.BySeller}, "seller"}}},
	} {
		s, d := disputed(t, delivered(1), 1)
		for i, step := range c.steps {
			next, err := hear(d, step.word, c.proven, on(step.day))
			if err == nil && next != d {
				s = next.Settle(s, rules, on(step.day))
				d = next
			}
			if got := spell(d, err); got != step.want {
				t.Errorf("%s, step %d: %s, want %s", name, i+1, got, step.want)
			}
			if x := s.Stands(); x.Held+x.Frozen+x.Released+x.Refunded != s.Paid || x.Frozen > 0 && x.Released > 0 {
				t.Errorf("31, 32 %s, step %d: %+v", name, i+1, x)
			}
		}
	}
}

func hear(d escrow.Dispute, w escrow.Word, proven bool, now time.Time) (escrow.Dispute, error) {
	if w.Say == escrow.SayNone {
		next, _ := d.Overdue(proven, now)
		return next, nil
	}
	return d.Hear(w, rules, now)
}

func spell(d escrow.Dispute, err error) string {
	switch {
	case err != nil:
		return code(err)
	case d.Turn != escrow.TurnOver:
		return string(d.Turn)
	}
	return fmt.Sprintf("%s %d", d.Outcome, d.Refunded)
}

// TestDisputesAreShort: a slow pair of sides does not outlast the days of a dispute.
func TestDisputesAreShort(t *testing.T) {
	tight := rules
	tight.DisputeDays = 9
	_, d, err := working().Dispute(delivered(1), escrow.Fake, tight, on(1))
	if err != nil {
		t.Fatal(err)
	}
	if d, err = d.Hear(says(escrow.SayAnswer, escrow.BySeller), tight, on(7)); err != nil || !d.DueAt.Equal(d.Until) {
		t.Errorf("%+v %v", d, err)
	}
	if _, over := d.Overdue(true, kst("2026-03-11 00:00")); !over {
		t.Error("32 still open")
	}
}

func TestEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		v    escrow.Evidence
		want string
	}{
		"words":             {escrow.Evidence{Words: "젖었어요"}, ""},
		"with pictures":     {escrow.Evidence{Words: "젖었어요", Pictures: []string{"blob/a.jpg"}}, ""},
		"nothing":           {escrow.Evidence{Pictures: []string{"blob/a.jpg"}}, "dispute_words"},
		"a book":            {escrow.Evidence{Words: strings.Repeat("가", escrow.WordsMax+1)}, "dispute_words"},
		"an album":          {escrow.Evidence{Words: "x", Pictures: make([]string, 9)}, "dispute_pictures"},
		"a picture of none": {escrow.Evidence{Words: "x", Pictures: []string{""}}, "dispute_pictures"},
		"two in one":        {escrow.Evidence{Words: "x", Pictures: []string{"a\nb"}}, "dispute_pictures"},
	} {
		if err := c.v.Check(); code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
