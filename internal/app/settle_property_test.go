package app_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// life is a merchant's random life: uses, undos, refunds by decision, objections, answers, bounces and nights.
type life struct {
	*till
	vouchers []voucher.Voucher
	uses     []voucher.Redemption
	lines    []string // under objection
	accounts int
	keys     int
}

// TestMerchantConservation lives random lives and checks after every step that no won of the merchant is lost or made
// (invariants 27, 28 and 30), and at the end that all of it came to the bank account or is still owed.
func TestMerchantConservation(t *testing.T) {
	const steps = 40
	draw := rapid.SliceOfN(rapid.IntRange(0, 9_999), steps, steps)
	for seed := range 12 {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			d, world := dbtest.SQLite(t)
			s := &till{World: apptest.New(t, d, world.Clock), uses: 9}
			s.begin()
			l := &life{till: s}
			l.vouchers = s.sell(1, 8)
			for _, n := range draw.Example(seed) {
				l.step(n%100, n/100)
				l.conserved()
			}
			for range 10 { // nights, until everything is answered and paid
				for len(l.lines) > 0 {
					l.reply(1)
				}
				s.until(s.Clock.Now().Add(26 * time.Hour))
				s.merchant(shop, l.account())
				l.release()
			}
			l.conserved()
			l.drained()
		})
	}
}

func (l *life) account() settlement.Account {
	l.accounts++
	return settlement.Account{BankCode: "004", Number: fmt.Sprintf("77700000%03d", l.accounts), Holder: "손칼국수"}
}

func (l *life) step(kind, n int) {
	l.T.Helper()
	switch {
	case kind < 40:
		v, err := voucher.Find(l.Ctx, l.DB, l.vouchers[n%len(l.vouchers)].ID)
		l.Must(err)
		if v.UnitsLeft() > 0 {
			l.uses = append(l.uses, l.use(v))
		}
	case kind < 48 && len(l.uses) > 0:
		x := l.uses[len(l.uses)-1]
		_, err := l.Redeem.Undo(l.Ctx, apptest.Staff(shop, "brn_1"), redeem.UndoCmd{RedemptionID: x.ID, Reason: "실수"})
		l.allow(err, voucher.ErrUndone, voucher.ErrStated, voucher.ErrUndoLate, voucher.ErrLaterUse)
	case kind < 62 && len(l.uses) > 0:
		x := l.uses[n%len(l.uses)]
		l.keys++
		_, err := l.Refunds.Grant(l.Ctx, apptest.Operator(), refund.GrantCmd{RedemptionID: x.ID,
			Won: []int64{0, 1, 700, 2_000}[n%4], Reason: "결정", Key: fmt.Sprint("k", l.keys)})
		l.allow(err, voucher.ErrUndone, voucher.ErrGiveBack)
	case kind < 70:
		l.protest(n)
	case kind < 76 && len(l.lines) > 0:
		l.reply(n)
	case kind < 79:
		// Above a small limit payouts wait: what they were promised must not be taken back from them.
		l.Must(l.Settle.SetPayoutLimit(l.Ctx, apptest.Operator(), []int64{0, 50_000_000}[n%2]))
		l.until(l.Clock.Now().Add(24 * time.Hour))
	case kind < 82:
		mode := []string{"bounce", "reject"}[n%2]
		l.fault(map[string]any{"target": "*", "steps": map[string]any{"execution": map[string]any{"mode": mode, "times": 1}}})
		l.merchant(shop, l.account())
	default:
		l.until(l.Clock.Now().Add(time.Duration(1+n%15) * time.Hour))
	}
	l.run()
}

func (l *life) allow(err error, refusals ...error) {
	l.T.Helper()
	for _, r := range refusals {
		if errors.Is(err, r) {
			return
		}
	}
	l.Must(err)
}

// protest objects to a line of the newest issued statement.
func (l *life) protest(n int) {
	l.T.Helper()
	list, err := l.Settle.Statements(l.Ctx, apptest.Owner(shop), shop, 0, 2)
	l.Must(err)
	for _, st := range list {
		lines, err := settlement.Lines(l.Ctx, l.DB, st.ID, 0, 100)
		l.Must(err)
		if st.Drafted() || len(lines) == 0 {
			continue
		}
		line := lines[n%len(lines)].ID
		_, err = l.Settle.Object(l.Ctx, apptest.Owner(shop), settle.ObjectCmd{StatementID: st.ID, LineIDs: []string{line},
			Reason: "틀렸어요"})
		l.allow(err, settlement.ErrLate, settlement.ErrObjected, settlement.ErrLineKind)
		if err == nil {
			l.lines = append(l.lines, line)
		}
		return
	}
}

// release lets every payout go that waits.
func (l *life) release() {
	l.T.Helper()
	held, err := settlement.Payouts(l.Ctx, l.DB, settlement.PayoutHeld, "", 100)
	l.Must(err)
	for _, p := range held {
		_, err := l.Settle.Release(l.Ctx, apptest.Operator(), p.ID)
		l.Must(err)
	}
	l.run()
}

// reply answers the oldest objection.
func (l *life) reply(n int) {
	l.T.Helper()
	line := l.lines[0]
	l.lines = l.lines[1:]
	ruling := settlement.Ruling{Outcome: settlement.Upheld, Reason: "기록과 맞습니다."}
	if n%3 == 0 {
		ruling = settlement.Ruling{Outcome: settlement.Granted, Reason: "보상합니다.", Compensation: 1_234}
	}
	l.Must(l.Settle.Answer(l.Ctx, apptest.Operator(), settle.AnswerCmd{LineID: line, Ruling: ruling}))
}

// conserved checks the merchant's money: what was earned less what was taken back is pending, payable, on its way or
// paid, less what is owed; lines and uses are one to one, in a sequence without gaps.
func (l *life) conserved() {
	l.T.Helper()
	l.sound()
	earned := l.sum(`SELECT CAST(COALESCE(SUM(CASE WHEN p.side = 'C' THEN p.amount ELSE -p.amount END), 0) AS bigint)
 FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
 WHERE e.rule IN ('R5', 'R6', 'R9', 'R10', 'R12', 'R13b', 'R26') AND p.account IN ('2140', '2150', '1160')`)
	way := l.sum(`SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM payout WHERE state = 'sent'`)
	paid := l.sum(`SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM payout WHERE state = 'confirmed'`)
	standing := balance(l.World, ledger.Pending, string(shop)) + balance(l.World, ledger.Payable, string(shop)) -
		balance(l.World, ledger.MerchantReceivable, string(shop))
	if earned != standing+way+paid {
		l.T.Fatalf("earned %d, standing %d, on its way %d, paid %d", earned, standing, way, paid)
	}
	for what, text := range map[string]string{
		"lines without a use": `SELECT COUNT(*) FROM statement_line WHERE kind = 'use'
 AND source_id NOT IN (SELECT id FROM redemption WHERE state = 'accepted' AND statement_id IS NOT NULL)`,
		"uses without a line": `SELECT COUNT(*) FROM redemption WHERE statement_id IS NOT NULL
 AND id NOT IN (SELECT source_id FROM statement_line WHERE kind = 'use')`,
		"gaps": `SELECT COALESCE(MAX(seq), 0) - COUNT(*) FROM statement_line`,
	} {
		if n := l.sum(text); n != 0 {
			l.T.Fatalf("%d %s", n, what)
		}
	}
}

// drained checks the end: nothing is pending, payable or on its way, and the bank's accounts of the merchant have it.
func (l *life) drained() {
	l.T.Helper()
	var there int64
	for n := range l.accounts + 1 {
		number := fmt.Sprintf("77700000%03d", n)
		there += l.payee(number)
	}
	there += l.payee("12345678901")
	paid := l.sum(`SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM payout WHERE state = 'confirmed'`)
	lines := l.sum(`SELECT CAST(COALESCE(SUM(net), 0) AS bigint) FROM statement_line`)
	left := balance(l.World, ledger.Pending, string(shop)) + balance(l.World, ledger.Payable, string(shop))
	if there != paid || lines != paid+left {
		l.T.Fatalf("at the bank %d, paid %d, lines %d, left %d", there, paid, lines, left)
	}
	if owed := balance(l.World, ledger.MerchantReceivable, string(shop)); left > 0 && owed == 0 {
		l.T.Fatalf("%d was never paid:\n%s%s", left, l.statements(), l.payouts())
	}
}

func (l *life) sum(text string) int64 {
	l.T.Helper()
	n, err := db.One(l.Ctx, l.DB, db.Scalar[int64], text)
	l.Must(err)
	return n
}
