package console

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/settle/custody"
	"github.com/dure-commerce/dure/internal/flow/settle/interest"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func equation(owed, have int64) ledger.Segregation {
	return ledger.Segregation{Liabilities: owed, Assets: have, Required: owed}
}

func quietMoney(times int64) moneyView {
	v := moneyView{Key: "k", Now: storyNow(), Names: map[market.MerchantID]string{"mer_1": "할매손칼국수"}}
	v.Desk.Now, v.Desk.Sweepable = equation(48_215_000*times, 49_372_160*times), 311_200*times
	for i := range 3 {
		v.Days = append(v.Days, ledger.SegregationDay{Day: storyNow().AddDate(0, 0, -i-1).Format(time.DateOnly),
			Segregation: equation(47_000_000*times, 48_100_000*times)})
	}
	return v
}

func busyMoney(times int64, shop string) moneyView {
	v, now := quietMoney(times), storyNow()
	v.Names["mer_1"] = shop
	v.Owed = payment.InterestSum{Count: 3 * times, Won: 1_213 * times}
	v.Stuck = []payment.Refund{{ID: "ref_1", OrderID: "ord_01K9ZQ4X7Y2M8N3P5R6T7V8W9X", Amount: 19_900 * times,
		Cause: payment.CauseBuyer, State: payment.RefundStuck, DueAt: now.Add(-5 * time.Hour),
		LastError: "ALREADY_CANCELED_PAYMENT"},
		{ID: "ref_2", OrderID: "ord_01K9ZQ4X7Y2M8N3P5R6T7V8W9Z", Amount: 39_800 * times, Cause: payment.CauseFailedToTip,
			State: payment.RefundDecided, DueAt: now.Add(20 * time.Hour)}}
	held := settlement.Payout{ID: "out_1", MerchantID: "mer_1", Amount: 310_932 * times, State: settlement.PayoutHeld,
		HoldCode: settlement.HoldLimit, DueAt: now.Add(-10 * time.Hour)}
	late, due := held, held
	late.ID, late.State, late.HoldCode = "out_2", settlement.PayoutSent, ""
	due.ID, due.State, due.HoldCode, due.DueAt = "out_3", settlement.PayoutDue, "", now.Add(14*time.Hour)
	v.Desk.Held, v.Desk.Late, v.Due = []settlement.Payout{held}, []settlement.Payout{late}, []settlement.Payout{due}
	v.Desk.Differences = []settlement.Difference{{ID: "dif_1", Class: settlement.AmountDiffers, Day: "2026-11-18",
		Ours: 19_900 * times, Theirs: 18_900 * times, GatewayKey: "pay_7H2K9Q", SeenAt: now.Add(-9 * time.Hour)}}
	v.Desk.Unmatched = []settlement.Entry{{Day: "2026-11-18", Amount: 50_000 * times, Reference: "김하늘 입금",
		At: now.Add(-20 * time.Hour)}}
	return v
}

func shortMoney() moneyView {
	v := busyMoney(1, "할매손칼국수")
	v.Desk.Now = equation(48_215_000, 47_000_000)
	v.Days[0].Segregation = equation(48_215_000, 47_000_000)
	v.Desk.Check = check.Result{}.Next(storyNow().Add(-9*time.Hour), 2, []check.Fault{{Invariant: 3,
		Code: "balance_differs", Row: "2150 mer_1", Args: map[string]any{"Balance": int64(17_274), "Sum": int64(0)}}, {
		Invariant: 3, Code: "balance_differs", Row: "2150 mer_01K9ZQ4X7Y2M8N3P5R6T7V8W9X",
		Args: map[string]any{"Balance": int64(987_654_321_000), "Sum": int64(-12)}}})
	return v
}

func moneyStories() []ui.Story {
	money := func(name string, v moneyView) ui.Story {
		return story(name, "/admin/money", func(_ ui.Loc, p ui.Page) templ.Component { return moneyPage(p, v) })
	}
	owed := func(name string, v interestView) ui.Story {
		return story(name, "/admin/money", func(_ ui.Loc, p ui.Page) templ.Component { return interestPage(p, v) })
	}
	return []ui.Story{
		money("money", quietMoney(1)), money("money-busy", busyMoney(1, "할매손칼국수")),
		money("money-empty", moneyView{Key: "k", Now: storyNow(), Desk: custody.Desk{}}),
		money("money-huge", busyMoney(54_321, longName())), money("money-short", shortMoney()),
		story("money-error", "/admin/money", func(loc ui.Loc, p ui.Page) templ.Component {
			v := busyMoney(1, "할매손칼국수")
			v.Refused = loc.T("form.required")
			return moneyPage(p, v)
		}),
		owed("interest", storyInterest(1, "김나영")), owed("interest-empty", interestView{Now: storyNow()}),
		owed("interest-huge", storyInterest(54_321, "남궁 하늘빛나라별님이보우하사")),
	}
}

func storyInterest(times int64, name string) interestView {
	now := storyNow()
	v := interestView{Now: now, Names: map[market.AccountID]string{"acc_1": name},
		Owed: interest.Owed{Late: now.Add(-48 * time.Hour), Sum: payment.InterestSum{Count: 5 * times, Won: 2_425 * times}}}
	for n, i := range []payment.Interest{
		{State: payment.InterestAsked}, {State: payment.InterestAsked, LastError: "ACCOUNT_CLOSED"},
		{State: payment.InterestDue}, {State: payment.InterestSent, SentAt: now.Add(-time.Minute)},
		{State: payment.InterestSent, SentAt: now.Add(-90 * time.Hour)},
	} {
		i.ID, i.AccountID, i.Amount, i.OrderID = "itr_1", "acc_1", 485*times, "ord_01K9ZQ4X7Y2M8N3P5R6T7V8W9X"
		i.OwedAt = now.AddDate(0, 0, -n*40-1)
		v.List = append(v.List, i)
	}
	v.List[2].AccountID = "acc_01K9ZQ4X7Y2M8N3P5R6T7V8W9Z" // an account that is gone
	return v
}

func workStories() []ui.Story {
	work := func(name string, jobs ...queue.StuckJob) ui.Story {
		return story(name, "/admin/work", func(_ ui.Loc, p ui.Page) templ.Component {
			return workPage(p, workView{Jobs: jobs, Key: "k", Now: storyNow()})
		})
	}
	written := func(name string, v auditView) ui.Story {
		v.Now = storyNow()
		return story(name, "/admin/audit", func(_ ui.Loc, p ui.Page) templ.Component { return auditPage(p, v) })
	}
	job := queue.StuckJob{ID: "job_1", Kind: "mail.send", Key: "mai_1", Attempts: 12,
		Stuck: storyNow().Add(-3 * time.Hour), LastError: "dial tcp 192.0.2.7:25: connection refused"}
	long := queue.StuckJob{ID: "job_2", Kind: "refund.send", Key: "ref_01K9ZQ4X7Y2M8N3P5R6T7V8W9X", Attempts: 987_654,
		Stuck: storyNow().Add(-300 * time.Hour), LastError: strings.Repeat("gateway answered 500; ", 12)}
	return []ui.Story{
		work("work", job), work("work-empty"), work("work-long", long, job),
		written("audit", auditView{Rows: storyAudit("차림표와 값이 다릅니다."), Names: map[string]string{"acc_1": "나누리"}}),
		written("audit-empty", auditView{}),
		written("audit-long", auditView{Rows: storyAudit(strings.Repeat("손님을 여러 번 돌려보냈습니다. ", 12)),
			After: "/admin/audit?before=x", Names: map[string]string{"acc_1": "남궁 하늘빛나라별님이보우하사"}}),
	}
}

func storyAudit(reason string) []audit.Entry {
	now := storyNow()
	return []audit.Entry{
		{ID: "aud_5", Actor: "acc_1", Action: "deal.schedule", Resource: "dea_01K9ZQ4X7Y2M8N3P5R6T7V8W9X",
			At: now.Add(-time.Minute), Address: "203.0.113.7"},
		{ID: "aud_4", Actor: "acc_1", Action: "merchant.suspend", Resource: "mer_01K9ZQ4X7Y2M8N3P5R6T7V8W9X",
			At: now.Add(-time.Hour), Detail: `"` + reason + `"`, Address: "2001:db8:85a3::8a2e:370:7334"},
		{ID: "aud_3", Actor: "system", Action: "statement.confirm", Resource: "stm_01K9ZQ4X7Y2M8N3P5R6T7V8W9X",
			At: now.Add(-9 * time.Hour), Detail: `["lin_1","lin_2","lin_3"]`},
		{ID: "aud_2", Actor: "acc_01K9ZQ4X7Y2M8N3P5R6T7V8W9Z", Action: "account.enter",
			Resource: "acc_01K9ZQ4X7Y2M8N3P5R6T7V8W9Z", At: now.Add(-30 * time.Hour), Address: "198.51.100.20"},
	}
}
