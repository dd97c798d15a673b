package feedback_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	flow "github.com/dure-commerce/dure/internal/flow/feedback"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

const shop = market.MerchantID("mer_noodle")

// tipped sells one voucher to each of three people and gives them.
func tipped(w *apptest.World) (deal.Deal, []voucher.Voucher) {
	w.T.Helper()
	d, o := w.OnSale(shop, nil)
	var out []voucher.Voucher
	for n := range 3 {
		paid := w.Buy(apptest.Buyer(n+1), d, o, 1)
		list, err := voucher.OfOrder(w.Ctx, w.DB, paid.ID)
		w.Must(err)
		out = append(out, list...)
	}
	w.Work()
	return d, out
}

func use(w *apptest.World, v voucher.Voucher, nonce string) voucher.Redemption {
	w.T.Helper()
	used, err := w.Redeem.Do(w.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, "brn_1"), MerchantID: shop, BranchID: "brn_1",
		Text: w.Keys.Face(v.ID), Units: 1, Nonce: nonce})
	w.Must(err)
	return used.Redemption
}

func tally(w *apptest.World, subject string) feedback.Tally {
	w.T.Helper()
	t, err := feedback.FindTally(w.Ctx, w.DB, subject)
	w.Must(err)
	return t
}

func subjects(d deal.Deal) []string {
	return []string{"deal:" + string(d.ID), "merchant:" + string(shop), "region:dong_1104068"}
}

func TestAUseAsksItsGuestOnce(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, list := tipped(w)
		use(w, list[0], "nonce-0001")
		w.Work()
		asks, err := w.Feedback.Mine(w.Ctx, apptest.Buyer(1))
		w.Must(err)
		if len(asks) != 1 || asks[0].VoucherID != list[0].ID || asks[0].DealID != d.ID {
			t.Fatalf("asked %+v", asks)
		}
		id := asks[0].ID
		if _, err := w.Feedback.Find(w.Ctx, apptest.Buyer(2), id); !errors.Is(err, right.ErrHidden) {
			t.Errorf("somebody else finds the question: %v", err)
		}
		if _, err := w.Feedback.Find(w.Ctx, apptest.Buyer(2), "ask_none"); !errors.Is(err, right.ErrHidden) {
			t.Errorf("a question that is not there: %v", err)
		}
		for _, bad := range []feedback.Answer{{}, {Satisfaction: 6}, {Satisfaction: 3, WouldReturn: "maybe"},
			{Satisfaction: 3, Comment: strings.Repeat("길", 1001)}} {
			if _, err := w.Feedback.Give(w.Ctx, apptest.Buyer(1), id, bad); err == nil {
				t.Errorf("%+v was taken", bad)
			}
		}
		given, err := w.Feedback.Give(w.Ctx, apptest.Buyer(1), id, feedback.Answer{Satisfaction: 5, WouldReturn: feedback.Yes,
			SameTreatment: feedback.No, Comment: "국물이 좋았어요"})
		w.Must(err)
		if given.State != feedback.Answered || given.WouldReturn != feedback.Yes || given.SameTreatment != feedback.No {
			t.Errorf("kept %+v", given)
		}
		if _, err := w.Feedback.Give(w.Ctx, apptest.Buyer(1), id, feedback.Answer{Satisfaction: 1}); !errors.Is(err,
			feedback.ErrClosed) {
			t.Errorf("a second answer: %v", err)
		}
		w.Work()
		for _, subject := range subjects(d) {
			want := feedback.Tally{Asked: 1, Answered: 1, Sum: 5, WouldReturn: 1, Treated: 1, Visits: 1}
			if got := tally(w, subject); got != want {
				t.Errorf("%s: %+v", subject, got)
			}
		}
		if left, err := w.Feedback.Mine(w.Ctx, apptest.Buyer(1)); err != nil || len(left) != 0 {
			t.Errorf("asked again: %+v %v", left, err)
		}
	})
}

func TestAnUndoneUseCountsNowhere(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, list := tipped(w)
		first := use(w, list[0], "nonce-0001")
		w.Work()
		// The answer and the undo meet before the feed has seen either.
		_, err := w.Feedback.Give(w.Ctx, apptest.Buyer(1), feedback.AskOf(first.ID), feedback.Answer{Satisfaction: 4})
		w.Must(err)
		_, err = w.Redeem.Undo(w.Ctx, apptest.Staff(shop, "brn_1"), redeem.UndoCmd{RedemptionID: first.ID})
		w.Must(err)
		w.Work()
		for _, subject := range subjects(d) {
			if got := tally(w, subject); got != (feedback.Tally{}) {
				t.Errorf("%s still counts %+v", subject, got)
			}
		}
		second := use(w, list[0], "nonce-0002")
		_, err = w.Redeem.Undo(w.Ctx, apptest.Staff(shop, "brn_1"), redeem.UndoCmd{RedemptionID: second.ID})
		w.Must(err)
		w.Work()
		_, err = w.Feedback.Give(w.Ctx, apptest.Buyer(1), feedback.AskOf(second.ID), feedback.Answer{Satisfaction: 4})
		if !errors.Is(err, feedback.ErrClosed) {
			t.Errorf("an answer about an undone use: %v", err)
		}
	})
}

func TestADeclinedQuestionIsNeverPutAgain(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, list := tipped(w)
		x := use(w, list[1], "nonce-0001")
		w.Work()
		_, err := w.Feedback.Decline(w.Ctx, apptest.Buyer(2), feedback.AskOf(x.ID))
		w.Must(err)
		w.Must(w.Feed.Rebuild(w.Ctx, flow.Projection, w.Feedback.Reset))
		w.Work()
		asks, err := w.Feedback.Mine(w.Ctx, apptest.Buyer(2))
		w.Must(err)
		if len(asks) != 0 {
			t.Errorf("asked again: %+v", asks)
		}
		if got := tally(w, "deal:"+string(d.ID)); got != (feedback.Tally{Asked: 1, Visits: 1}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestMerchantsAreAskedAboutCampaignAndMonth(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, list := tipped(w)
		use(w, list[0], "nonce-0001")
		w.Work()
		if asks, err := w.Feedback.Shops(w.Ctx, apptest.Owner(shop)); err != nil || len(asks) != 0 {
			t.Fatalf("asked before anything has ended: %+v %v", asks, err)
		}
		w.Clock.Set(d.EndsAt.Add(time.Minute))
		w.Pass(time.Minute)
		asks, err := w.Feedback.Shops(w.Ctx, apptest.Owner(shop))
		w.Must(err)
		if len(asks) != 1 || asks[0].Deal() != d.ID {
			t.Fatalf("after the campaign: %+v", asks)
		}
		for who, actor := range map[string]market.Actor{"scanner": apptest.Staff(shop, "brn_1"),
			"another shop": apptest.Owner("mer_other"), "guest": apptest.Buyer(1)} {
			if _, err := w.Feedback.GiveShop(w.Ctx, actor, asks[0].ID, feedback.ShopAnswer{Satisfaction: 1}); err == nil {
				t.Errorf("%s answered for the shop", who)
			}
		}
		_, err = w.Feedback.GiveShop(w.Ctx, apptest.Owner(shop), asks[0].ID,
			feedback.ShopAnswer{Satisfaction: 2, WouldRepeat: feedback.No, Comment: "손이 모자랐어요"})
		w.Must(err)
		w.Clock.Advance(31 * 24 * time.Hour)
		w.Work()
		months, err := w.Feedback.Shops(w.Ctx, apptest.Owner(shop))
		w.Must(err)
		if len(months) != 1 || months[0].Deal() != "" {
			t.Fatalf("after the month: %+v", months)
		}
		_, err = w.Feedback.GiveShop(w.Ctx, apptest.Owner(shop), months[0].ID, feedback.ShopAnswer{Satisfaction: 4})
		w.Must(err)
		w.Work()
		for subject, want := range map[string]feedback.Tally{
			"deal:" + string(d.ID):     {Asked: 1, Visits: 1, ShopAnswered: 1, ShopSum: 2},
			"merchant:" + string(shop): {Asked: 1, Visits: 1, ShopAnswered: 2, ShopSum: 6},
			"region:dong_1104068":      {Asked: 1, Visits: 1, ShopAnswered: 1, ShopSum: 2},
		} {
			if got := tally(w, subject); got != want {
				t.Errorf("%s: %+v", subject, got)
			}
		}
	})
}

func TestBuiltAgainTheFoldsAreTheSame(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, list := tipped(w)
		for i, v := range list {
			x := use(w, v, "nonce-000"+string(rune('1'+i)))
			w.Work()
			if i == 2 {
				_, err := w.Redeem.Undo(w.Ctx, apptest.Staff(shop, "brn_1"), redeem.UndoCmd{RedemptionID: x.ID})
				w.Must(err)
				continue
			}
			_, err := w.Feedback.Give(w.Ctx, apptest.Buyer(i+1), feedback.AskOf(x.ID), feedback.Answer{
				Satisfaction: int64(i + 3), SameTreatment: feedback.Yes})
			w.Must(err)
		}
		w.Work()
		before := rows(w)
		if len(before) < 6 || tally(w, "deal:"+string(d.ID)).Sum != 7 {
			t.Fatalf("%v", before)
		}
		w.Must(w.Feed.Rebuild(w.Ctx, flow.Projection, w.Feedback.Reset))
		if emptied := rows(w); len(emptied) != 0 {
			t.Fatalf("not emptied: %v", emptied)
		}
		w.Work()
		if after := rows(w); strings.Join(after, "\n") != strings.Join(before, "\n") {
			t.Errorf("before:\n%s\nafter:\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
	})
}

func rows(w *apptest.World) []string {
	w.T.Helper()
	var out []string
	for _, text := range []string{
		`SELECT subject || ' ' || buyers_asked || ' ' || buyers_answered || ' ' || buyers_sum || ' ' || treated_same || ' ' ||
 visits FROM feedback_tally ORDER BY subject`,
		`SELECT redemption_id || ' ' || satisfaction || ' ' || CASE WHEN undone THEN 'undone' ELSE 'stands' END
 FROM feedback_fold ORDER BY redemption_id`,
	} {
		list, err := db.All(w.Ctx, w.DB, db.Scalar[string], text)
		w.Must(err)
		out = append(out, list...)
	}
	return out
}
