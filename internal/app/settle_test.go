package app_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// TestFromUseToTheMerchantsAccount follows two uses of a Monday to the bank on Tuesday: net 17,274 each, of 19,900 at
// 12 % and VAT.
func TestFromUseToTheMerchantsAccount(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.at("09 12:00")
		first := s.use(list[0])
		s.use(list[1])
		s.same("after the use", s.money(), `2140=34548 2150=0 1160=0 1140=0 1100=79600 1110=1000000 1120=4000000`)
		s.at("10 00:05")
		s.same("before the run", s.statements(), ``)
		s.at("10 00:15")
		s.same("statement", s.statements(), `
			1 2026-03-09 issued net 34548 apart 0 seq 1-2
			  1 use 19900 = 2388 + 238 + 17274
			  2 use 19900 = 2388 + 238 + 17274`)
		// The gateway paid 4 × (19,900 − 482) on the first business day after the sale.
		s.same("issued", s.money(), `2140=0 2150=34548 1160=0 1140=0 1100=0 1110=1077672 1120=4000000`)
		if _, err := w.Redeem.Undo(w.Ctx, apptest.Staff(shop, "brn_1"), redeem.UndoCmd{RedemptionID: first.ID,
			Reason: "늦었음"}); !errors.Is(err, voucher.ErrStated) {
			w.T.Fatalf("undo after the statement: %v", err)
		}
		s.at("10 10:00")
		s.same("silence", firstLine(s.statements()), `1 2026-03-09 confirmed net 34548 apart 0 seq 1-2`)
		s.same("no payout yet", s.payouts(), ``)
		s.at("10 10:10")
		s.same("payout", s.payouts(), `2026-03-10 34548 confirmed - replaces=false`)
		s.same("statement is paid", firstLine(s.statements()), `1 2026-03-09 paid net 34548 apart 0 seq 1-2`)
		// Of the stated 5,252 only 3,324 may leave: the gateway's fee of 1,928 was taken from the buffer.
		s.same("at the end", s.money(), `2140=0 2150=0 1160=0 1140=0 1100=0 1110=1039800 1120=4003324`)
		b, err := w.Settle.Balances(w.Ctx, apptest.Owner(shop), shop)
		w.Must(err)
		if b != (settle.Balances{Sums: settlement.Sums{Paid: 34_548}}) {
			w.T.Fatalf("balances %+v", b)
		}
		s.sound()
	})
}

// TestWeekend: what is used on Friday and Saturday is paid on Monday, each on its own statement.
func TestWeekend(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.at("13 18:00")
		s.use(list[0])
		s.at("14 18:00")
		s.use(list[1])
		s.at("16 09:30")
		s.same("on Monday morning", s.statements(), `
			1 2026-03-13 issued net 17274 apart 0 seq 1-1
			  1 use 19900 = 2388 + 238 + 17274
			2 2026-03-14 issued net 17274 apart 0 seq 2-2
			  2 use 19900 = 2388 + 238 + 17274`)
		s.at("16 10:30")
		s.same("payout", s.payouts(), `2026-03-16 34548 confirmed - replaces=false`)
		s.sound()
	})
}

// TestDaysDown: after days without the platform one statement covers them all, and the merchant still has time.
func TestDaysDown(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.use(list[0])
		s.Clock.Advance(50 * time.Hour) // Wednesday, 02:01: nothing ran
		s.use(list[1])
		s.Clock.Advance(32 * time.Hour) // Thursday, 10:01: too late for today's objections
		s.run()
		s.same("one statement", s.statements(), `
			1 2026-03-11 issued net 34548 apart 0 seq 1-2
			  1 use 19900 = 2388 + 238 + 17274
			  2 use 19900 = 2388 + 238 + 17274`)
		s.at("12 23:30")
		s.same("not on the same day", s.payouts(), ``)
		s.at("13 10:30")
		s.same("payout", s.payouts(), `2026-03-13 34548 confirmed - replaces=false`)
		s.sound()
	})
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// object objects to the n-th line of the merchant's newest statement.
func (t *till) object(n int) string {
	t.T.Helper()
	list, err := t.Settle.Statements(t.Ctx, apptest.Owner(shop), shop, 0, 1)
	t.Must(err)
	lines, err := settlement.Lines(t.Ctx, t.DB, list[0].ID, 0, 100)
	t.Must(err)
	_, err = t.Settle.Object(t.Ctx, apptest.Owner(shop), settle.ObjectCmd{StatementID: list[0].ID,
		LineIDs: []string{lines[n].ID}, Reason: "두 번 찍힌 것 같아요"})
	t.Must(err)
	return lines[n].ID
}

func (t *till) answer(line string, r settlement.Ruling) {
	t.T.Helper()
	t.Must(t.Settle.Answer(t.Ctx, apptest.Operator(), settle.AnswerCmd{LineID: line, Ruling: r}))
	t.run()
}

func TestObjectionFreezesItsLineOnly(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		for _, v := range list[:3] {
			s.use(v)
		}
		s.at("10 08:00")
		held, granted := s.object(0), s.object(1)
		s.same("apart", firstLine(s.statements()), `1 2026-03-09 issued net 51822 apart 34548 seq 1-3`)
		s.sound()
		s.at("10 10:30")
		s.same("the rest is paid", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
		b, err := w.Settle.Balances(w.Ctx, apptest.Owner(shop), shop)
		w.Must(err)
		if b.Frozen != 34_548 || b.Paid != 17_274 {
			w.T.Fatalf("%+v", b)
		}
		s.answer(held, settlement.Ruling{Outcome: settlement.Upheld, Reason: "기록과 맞습니다."})
		err = w.Settle.Answer(w.Ctx, apptest.Operator(), settle.AnswerCmd{LineID: held,
			Ruling: settlement.Ruling{Outcome: settlement.Upheld, Reason: "다시"}})
		if !errors.Is(err, settlement.ErrAnswered) {
			w.T.Fatalf("second answer: %v", err)
		}
		// The second line was not the guest's: the buyer gets 19,900 back, the merchant 3,000 for the trouble.
		s.answer(granted, settlement.Ruling{Outcome: settlement.Granted, Reason: "손님이 쓰지 않았습니다.", Refund: 19_900,
			Compensation: 3_000})
		s.same("taken from what is payable", s.money(),
			`2140=3000 2150=17274 1160=0 1140=0 1100=0 1110=1054448 1120=4005950`)
		s.sound()
		s.at("11 10:30")
		s.same("statements", s.statements(), `
			1 2026-03-09 paid net 51822 apart 34548 seq 1-3
			  1 use 19900 = 2388 + 238 + 17274
			  2 use 19900 = 2388 + 238 + 17274
			  3 use 19900 = 2388 + 238 + 17274
			2 2026-03-10 paid net -14274 apart -17274 seq 4-5
			  4 compensation 3000 = 0 + 0 + 3000
			  5 correction -19900 = -2388 + -238 + -17274`)
		s.same("payouts", s.payouts(), `
			2026-03-10 17274 confirmed - replaces=false
			2026-03-11 20274 confirmed - replaces=false`)
		s.sound()
	})
}

func with(id market.StatementID, reason string, lines ...string) settle.ObjectCmd {
	return settle.ObjectCmd{StatementID: id, LineIDs: lines, Reason: reason}
}

func TestObjectionIsRefused(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.use(list[0])
		s.at("10 08:00")
		line := s.object(0)
		stated, err := w.Settle.Statements(w.Ctx, apptest.Owner(shop), shop, 0, 1)
		w.Must(err)
		id := stated[0].ID
		for name, row := range map[string]struct {
			cmd  settle.ObjectCmd
			want error
		}{
			"again":        {with(id, "다시", line), settlement.ErrObjected},
			"no line":      {with(id, "다시"), settlement.ErrNothing},
			"foreign line": {with(id, "다시", "lin_x"), settlement.ErrNotFound},
			"no reason":    {with(id, " ", line), settlement.ErrReason},
		} {
			if _, err := w.Settle.Object(w.Ctx, apptest.Owner(shop), row.cmd); !errors.Is(err, row.want) {
				w.T.Errorf("%s: %v", name, err)
			}
		}
		cmd := settle.ObjectCmd{StatementID: id, LineIDs: []string{line}, Reason: "다시"}
		if _, err := w.Settle.Object(w.Ctx, apptest.Owner("mer_other"), cmd); !errors.Is(err, right.ErrHidden) {
			w.T.Errorf("another merchant: %v", err)
		}
		if _, err := w.Settle.Object(w.Ctx, apptest.Staff(shop, "brn_1"), cmd); !errors.Is(err, right.ErrForbidden) {
			w.T.Errorf("who only scans: %v", err)
		}
		s.at("10 10:01")
		if _, err := w.Settle.Object(w.Ctx, apptest.Owner(shop), cmd); !errors.Is(err, settlement.ErrLate) {
			w.T.Errorf("too late: %v", err)
		}
	})
}

// give gives a use back by the operator's decision.
func (t *till) give(x voucher.Redemption, won int64, key string) {
	t.T.Helper()
	_, err := t.Refunds.Grant(t.Ctx, apptest.Operator(), refund.GrantCmd{RedemptionID: x.ID, Won: won,
		Reason: "음식이 상했습니다.", Key: key})
	t.Must(err)
	t.run()
}

// TestGrantBeforeTheStatement takes pending money, and the use cannot be undone as well.
func TestGrantBeforeTheStatement(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		x := s.use(list[0])
		s.use(list[1])
		s.give(x, 5_000, "a")
		s.give(x, 5_000, "a") // sent twice: given back once
		s.give(x, 0, "b")
		s.same("money", s.money(), `2140=17274 2150=0 1160=0 1140=0 1100=79600 1110=1000000 1120=4000000`)
		if _, err := w.Redeem.Undo(w.Ctx, apptest.Staff(shop, "brn_1"), redeem.UndoCmd{RedemptionID: x.ID,
			Reason: "취소"}); !errors.Is(err, voucher.ErrStated) {
			w.T.Fatalf("undo after the refund: %v", err)
		}
		_, err := w.Refunds.Grant(w.Ctx, apptest.Operator(), refund.GrantCmd{RedemptionID: x.ID, Won: 1, Reason: "한 번 더",
			Key: "c"})
		if !errors.Is(err, voucher.ErrGiveBack) {
			w.T.Fatalf("more than the use: %v", err)
		}
		s.at("10 10:30")
		s.same("statements", s.statements(), `
			1 2026-03-09 paid net 17274 apart 0 seq 1-4
			  1 use 19900 = 2388 + 238 + 17274
			  2 correction -5000 = -600 + -59 + -4341
			  3 correction -14900 = -1788 + -179 + -12933
			  4 use 19900 = 2388 + 238 + 17274`)
		s.same("payouts", s.payouts(), `2026-03-10 17274 confirmed - replaces=false`)
		s.sound()
	})
}

// TestGrantAfterThePayout becomes a debt, which the next statements pay off before the merchant gets more.
func TestGrantAfterThePayout(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		x := s.use(list[0])
		s.at("10 10:30")
		s.give(x, 0, "a")
		s.same("a debt", s.money(), `2140=0 2150=0 1160=17274 1140=0 1100=0 1110=1059700 1120=4000698`)
		s.at("10 12:00")
		s.use(list[1])
		s.use(list[2])
		s.at("11 10:30")
		s.same("statements", s.statements(), `
			1 2026-03-09 paid net 17274 apart 0 seq 1-1
			  1 use 19900 = 2388 + 238 + 17274
			2 2026-03-10 paid net 17274 apart 0 seq 2-6
			  2 correction -19900 = -2388 + -238 + -17274
			  3 carried 17274 = 0 + 0 + 17274
			  4 use 19900 = 2388 + 238 + 17274
			  5 use 19900 = 2388 + 238 + 17274
			  6 netted -17274 = 0 + 0 + -17274`)
		s.same("payouts", s.payouts(), `
			2026-03-10 17274 confirmed - replaces=false
			2026-03-11 17274 confirmed - replaces=false`)
		if got := balance(w, ledger.MerchantReceivable, string(shop)); got != 0 {
			w.T.Fatalf("still owes %d", got)
		}
		s.sound()
	})
}
