package app_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/doctor"
)

// asked gives what doctor finds about interest and what is owed back, sorted.
func (t *till) asked() string {
	t.T.Helper()
	only := []string{"interests", "interest_transfers", "owed_back"}
	report, err := doctor.Check(t.Ctx, t.DB, doctor.Options{Only: only})
	t.Must(err)
	var out []string
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			out = append(out, fmt.Sprintf("%d %s", f.Invariant, f.Code))
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// TestDoctorFindsLostInterest plants each fault in a world with one interest that is asked for and one that is paid.
func TestDoctorFindsLostInterest(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		s := newTill(w)
		list := s.sell(1, 4)
		s.lateRefund(1, list[0], "24 12:00")
		s.lateRefund(2, list[1], "31 12:00")
		w.Must(w.Custody.Interest.Name(w.Ctx, apptest.Buyer(1), purse))
		s.at("31 16:00")
		s.same("sound", s.asked(), ``)
		asked, paid := ` WHERE state = 'asked'`, ` WHERE state = 'paid'`
		for _, row := range []struct{ do, undo, want string }{
			{`UPDATE interest SET refund_id = 'ref_x'` + asked, `UPDATE interest SET refund_id = (SELECT f.id FROM refund f
 WHERE f.order_id = interest.order_id)` + asked, `83 interest_lost`},
			{`UPDATE interest SET amount = amount + 1` + asked, `UPDATE interest SET amount = amount - 1` + asked,
				`83 interest_entry, 83 interest_lost, 84 owed_back_differs`},
			{`UPDATE interest SET state = 'sent'` + paid, `UPDATE interest SET state = 'paid' WHERE state = 'sent'`,
				`83 interest_booking`},
			{`UPDATE interest SET state = 'due'` + paid, `UPDATE interest SET state = 'paid' WHERE state = 'due'`,
				`83 interest_booking, 84 owed_back_differs`},
			{`UPDATE refund SET state = 'sent' WHERE state <> 'decided'`,
				`UPDATE refund SET state = 'accepted' WHERE state = 'sent'`, `84 owed_back_differs, 84 owed_back_differs`},
		} {
			s.exec(row.do)
			s.same(row.do, s.asked(), row.want)
			s.exec(row.undo)
			s.same(row.undo, s.asked(), ``)
		}
	})
}
