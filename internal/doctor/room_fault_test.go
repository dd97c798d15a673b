package doctor_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// TestDoctorNamesFaultsOfRooms: a drawn room and a called line are whole; each thing that is bent is named.
func TestDoctorNamesFaultsOfRooms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, world *dbtest.World) {
		w := apptest.New(t, d, world.Clock)
		of := w.Scheduled(noodles, func(o *deal.Offer) { o.Capacity, o.Options[0].Quantity = 30, 30 })
		w.Clock.Set(of.StartsAt.Add(-time.Minute))
		for n := range 50 {
			_, err := w.Admit.Join(w.Ctx, admit.JoinCmd{Actor: apptest.Buyer(n), DealID: of.ID})
			w.Must(err)
		}
		w.Clock.Set(of.StartsAt)
		w.Work()
		w.Clock.Advance(time.Second)
		_, err := w.Admit.RunOnce(w.Ctx)
		w.Must(err)
		found := func() (codes []string) {
			report, err := doctor.Check(w.Ctx, d, doctor.Options{Only: []string{"rooms", "waitlist"}})
			w.Must(err)
			for _, a := range report.Answers {
				for _, f := range a.Findings {
					if !slices.Contains(codes, f.Code) {
						codes = append(codes, f.Code)
					}
				}
			}
			return codes
		}
		if codes := found(); len(codes) > 0 {
			t.Fatalf("a whole room: %v", codes)
		}
		for _, c := range []struct{ code, bend, mend string }{
			{"room_calls", `UPDATE room SET called = called - 1`, `UPDATE room SET called = called + 1`},
			{"room_last", `UPDATE room_place SET number = 99 WHERE number = 50`,
				`UPDATE room_place SET number = 50 WHERE number = 99`},
			{"draw_commitment", `UPDATE room SET commitment = 'x' || commitment`,
				`UPDATE room SET commitment = substr(commitment, 2)`},
			{"draw_list", `UPDATE room_place SET mark = 'x' || mark WHERE lot = 7`,
				`UPDATE room_place SET mark = substr(mark, 2) WHERE lot = 7`},
			{"draw_order", `UPDATE room_place SET lot = lot + 100 WHERE lot = 3`,
				`UPDATE room_place SET lot = 3 WHERE lot = 103`},
			{"offer_order", `INSERT INTO waitlist (id, deal_id, option_id, account_id, state, order_id, at)
 VALUES ('wai_1', 'dea_1', 'opt_1', 'acc_1', 'offered', 'ord_1', 0)`, `DELETE FROM waitlist`},
		} {
			write(t, d, c.bend)
			if codes := found(); !slices.Contains(codes, c.code) {
				t.Errorf("%s is not found: %v", c.code, fmt.Sprint(codes))
			}
			write(t, d, c.mend)
		}
		if codes := found(); len(codes) > 0 {
			t.Errorf("mended: %v", codes)
		}
	})
}
