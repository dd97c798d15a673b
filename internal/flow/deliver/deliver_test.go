package deliver_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/deliver/delivertest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// agree holds every member's won against the book: paid = held + disputed + released + owed back (31), and the seller's
// pending money against the lines of its draft (27, 28).
func agree(t *testing.T, w *delivertest.World) {
	t.Helper()
	ctx := t.Context()
	balance := func(a ledger.Account, party string) int64 {
		won, err := ledger.Balance(ctx, w.D, a, party)
		if err != nil {
			t.Fatal(err)
		}
		return won
	}
	var net int64
	for i, id := range w.Orders {
		s := w.Share(i)
		is := s.Stands()
		held, frozen := balance(ledger.EscrowHeld, string(id)), balance(ledger.EscrowDisputed, string(id))
		owed := balance(ledger.RefundPayable, string(id))
		if held != is.Held || frozen != is.Frozen || owed != is.Refunded ||
			is.Held+is.Frozen+is.Released+is.Refunded != s.Paid {
			t.Errorf("member %d: book holds %d, froze %d, owes %d; the share says %+v", i, held, frozen, owed, is)
		}
		net += ledger.Earn(s.Released, delivertest.Rate).Net()
	}
	if pending := balance(ledger.Pending, string(delivertest.Seller)); pending != net {
		t.Errorf("pending %d, released net %d", pending, net)
	}
	draft, err := settlement.FindDraft(ctx, w.D, delivertest.Seller)
	if err != nil && !errors.Is(err, settlement.ErrNotFound) || draft.Net != net {
		t.Errorf("the draft has %d, released net %d: %v", draft.Net, net, err)
	}
}

func refuses(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

// TestParcelsToPayout walks one crowd: sent, moving, delivered; one member confirms, one keeps silent, one asks for
// more time, one never gets anything and one withdraws.
func TestParcelsToPayout(t *testing.T) {
	delivertest.Each(t, 5, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		if _, err := w.Deliver.Withdraw(ctx, w.Members[4], w.Orders[4]); err != nil {
			t.Fatal(err)
		}
		sent := w.Sent()
		out, err := w.Deliver.Ship(ctx, w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: sent})
		if err != nil || len(out.Sent) != 4 || len(out.Faults) != 1 {
			t.Fatalf("%+v %v", out, err)
		}
		again, err := w.Deliver.Ship(ctx, w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: sent[:4]})
		if err != nil || len(again.Sent) != 4 {
			t.Errorf("the same parcels again: %+v %v", again, err)
		}
		for i := range 3 {
			w.Tracker.Tell(delivertest.Parcel(i), parcel.Accepted, w.W.Clock.Now())
		}
		w.Run()
		w.W.Clock.Advance(26 * time.Hour)
		for i := range 3 {
			w.Tracker.Tell(delivertest.Parcel(i), parcel.Delivered, w.W.Clock.Now().Add(-time.Hour))
		}
		w.Run()
		for i := range 3 {
			if s := w.Share(i); s.State != escrow.Delivered {
				t.Fatalf("member %d: %s", i, s.State)
			}
		}
		if _, err := w.Deliver.Confirm(ctx, w.Members[0], w.Orders[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Deliver.Confirm(ctx, w.Members[0], w.Orders[0]); err != nil {
			t.Errorf("confirmed again: %v", err)
		}
		if _, err := w.Deliver.Wait(ctx, w.Members[2], w.Orders[2]); err != nil {
			t.Error(err)
		}
		_, err = w.Deliver.Wait(ctx, w.Members[2], w.Orders[2])
		refuses(t, "more time twice", err, escrow.ErrWaited)
		agree(t, w)
		w.W.Clock.Advance(8 * 24 * time.Hour)
		w.Run()
		agree(t, w)
		w.W.Clock.Advance(40 * 24 * time.Hour)
		w.Run()
		agree(t, w)
		for i, want := range []escrow.Outcome{escrow.OutConfirmed, escrow.OutSilence, escrow.OutSilence,
			escrow.OutUndelivered, escrow.OutWithdrawn} {
			if s := w.Share(i); s.Outcome != want {
				t.Errorf("member %d: %s, want %s", i, s.Outcome, want)
			}
		}
		one, err := wish.Find(ctx, w.D, w.Wish)
		if err != nil || one.State != wish.Done {
			t.Errorf("the wish is %s: %v", one.State, err)
		}
		letters(t, w)
	})
}

// letters looks at who was told what: each word once.
func letters(t *testing.T, w *delivertest.World) {
	t.Helper()
	kinds, err := db.All(t.Context(), w.D, db.Scalar[string],
		`SELECT kind || ' ' || count(*) FROM notice GROUP BY kind ORDER BY kind`)
	want := "share_delivered 3, share_refunded 2, share_released 3, share_shipped 4"
	if got := strings.Join(kinds, ", "); err != nil || got != want {
		t.Errorf("told %s, want %s: %v", got, want, err)
	}
	mails, err := db.One(t.Context(), w.D, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE kind = 'mail.send'`)
	if err != nil || mails != 12 {
		t.Errorf("%d letters: %v", mails, err)
	}
}

// TestASheetTwice: a bad line refuses itself alone, and the same file again changes nothing.
func TestASheetTwice(t *testing.T) {
	delivertest.Each(t, 4, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		file := []byte("주문번호,택배사,송장번호\n" +
			string(w.Orders[0]) + ",CJ대한통운,6123-4567-8901\n" +
			string(w.Orders[1]) + ",우체국,12\n" +
			string(w.Orders[2]) + ",롯데,306123456789\n" +
			string(w.Orders[0]) + ",한진,412345678901\n")
		for round := range 2 {
			out, err := w.Deliver.ShipSheet(ctx, w.Owner, w.Wish, file)
			if err != nil || len(out.Sent) != 2 || len(out.Faults) != 2 || out.Faults[0].Line != 3 || out.Faults[1].Line != 5 {
				t.Fatalf("round %d: %+v %v", round, out, err)
			}
		}
		n, err := db.One(ctx, w.D, db.Scalar[int64], `SELECT count(*) FROM escrow_shipment`)
		if err != nil || n != 2 {
			t.Errorf("%d shipments: %v", n, err)
		}
		stranger := market.Actor{AccountID: "acc_x", Confirmed: true}
		_, err = w.Deliver.ShipSheet(ctx, stranger, w.Wish, file)
		refuses(t, "a stranger's sheet", err, right.ErrHidden)
	})
}

// TestServedAtABranch: the member's code releases the share at the branch, once, and no other shop's or branch's does.
func TestServedAtABranch(t *testing.T) {
	delivertest.Each(t, 2, escrow.AtBranch, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		page, err := w.Deliver.Share(ctx, w.Members[0], w.Orders[0])
		if err != nil || page.Pass == nil {
			t.Fatalf("no pass: %v", err)
		}
		at := deliver.ServeCmd{MerchantID: delivertest.Seller, BranchID: delivertest.Branch, Text: page.Pass.Code}
		look, err := w.Deliver.LookServe(ctx, w.Owner, at)
		if err != nil || look.Refusal != nil || look.Wish == "" {
			t.Errorf("%+v %v", look, err)
		}
		elsewhere := at
		elsewhere.BranchID = "brn_other"
		_, err = w.Deliver.Serve(ctx, w.Owner, elsewhere)
		refuses(t, "another branch", err, deliver.ErrBranch)
		wrong := at
		wrong.Text = page.Pass.Code[:len(page.Pass.Code)-1] + "0"
		if wrong.Text == at.Text {
			wrong.Text = page.Pass.Code[:len(page.Pass.Code)-1] + "1"
		}
		_, err = w.Deliver.Serve(ctx, w.Owner, wrong)
		refuses(t, "a wrong code", err, deliver.ErrPass)
		_, err = w.Deliver.Serve(ctx, w.Members[0], at)
		refuses(t, "the member himself", err, right.ErrHidden)
		for round, text := range []string{page.Pass.Code, page.Pass.Face, strings.ToLower(page.Pass.Code)} {
			at.Text = text
			done, err := w.Deliver.Serve(ctx, w.Owner, at)
			if err != nil || done.Again != (round > 0) {
				t.Errorf("round %d: %+v %v", round, done, err)
			}
		}
		if s := w.Share(0); s.Outcome != escrow.OutUsed || s.Released != delivertest.Price {
			t.Errorf("%+v", s)
		}
		if page, err = w.Deliver.Share(ctx, w.Members[0], w.Orders[0]); err != nil || page.Pass != nil {
			t.Errorf("a pass of a share that was handed over: %v", err)
		}
		agree(t, w)
	})
}

// TestDisputes: each ends in its own way, and the other shares go on.
func TestDisputes(t *testing.T) {
	delivertest.Each(t, 5, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		if _, err := w.Deliver.Ship(ctx, w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: w.Sent()}); err != nil {
			t.Fatal(err)
		}
		for i := range w.Orders {
			w.Tracker.Tell(delivertest.Parcel(i), parcel.Delivered, w.W.Clock.Now())
		}
		w.Run()
		open := func(i int) {
			t.Helper()
			_, err := w.Deliver.OpenDispute(ctx, w.Members[i], deliver.DisputeCmd{OrderID: w.Orders[i],
				Reason: escrow.Broken, Words: "모서리가 깨져 있어요"})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 4 {
			open(i)
		}
		open(0) // again: the same dispute
		agree(t, w)
		say := func(actor market.Actor, cmd deliver.SayCmd) {
			t.Helper()
			if _, err := w.Deliver.Speak(ctx, actor, cmd); err != nil {
				t.Fatal(err)
			}
		}
		offer := deliver.SayCmd{Say: escrow.SayAnswer, Words: "절반을 돌려드릴게요", AsSeller: true, Offered: true, Refunded: 10_000}
		for i := range 3 {
			offer.OrderID = w.Orders[i]
			say(w.Owner, offer)
		}
		say(w.Members[0], deliver.SayCmd{OrderID: w.Orders[0], Say: escrow.SayTake})
		say(w.Members[1], deliver.SayCmd{OrderID: w.Orders[1], Say: escrow.SayReply, Words: "그걸로는 모자라요"})
		_, err := w.Deliver.Decide(ctx, w.Owner, deliver.DecideCmd{OrderID: w.Orders[1], Refunded: 1})
		if err == nil {
			t.Error("the seller decides")
		}
		_, err = w.Deliver.Decide(ctx, w.Staff, deliver.DecideCmd{OrderID: w.Orders[1], Refunded: 15_000,
			Note: "사진으로 파손을 확인했어요. 배송비는 뺐어요."})
		if err != nil {
			t.Fatal(err)
		}
		agree(t, w)
		w.W.Clock.Advance(9 * 24 * time.Hour)
		w.Run()
		agree(t, w)
		for i, want := range []escrow.Outcome{escrow.OutOffer, escrow.OutRuled, escrow.OutBuyerSilent,
			escrow.OutSellerSilent, escrow.OutSilence} {
			if s := w.Share(i); s.Outcome != want {
				t.Errorf("member %d: %s, want %s", i, s.Outcome, want)
			}
		}
		if s := w.Share(1); s.Refunded != 15_000 || s.Released != delivertest.Price-15_000 {
			t.Errorf("ruled %+v", s)
		}
	})
}

// TestOneMoment: a confirmation, a dispute, a gift back and the clock meet on one share; one is heard.
func TestOneMoment(t *testing.T) {
	const members = 15
	delivertest.Each(t, members, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		if _, err := w.Deliver.Ship(ctx, w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: w.Sent()}); err != nil {
			t.Fatal(err)
		}
		for i := range w.Orders {
			w.Tracker.Tell(delivertest.Parcel(i), parcel.Delivered, w.W.Clock.Now())
		}
		w.Run()
		// What the race may leave out on one engine is done once before it.
		alone := []func() error{
			func() error { _, err := w.Deliver.Confirm(ctx, w.Members[0], w.Orders[0]); return err },
			func() error { _, err := w.Deliver.GiveBack(ctx, w.Owner, w.Orders[1]); return err },
			func() error { return dispute(ctx, w, 2) },
		}
		for _, act := range alone {
			if err := act(); err != nil {
				t.Fatal(err)
			}
		}
		w.W.Clock.Set(w.Share(3).DueAt.Add(-time.Microsecond))
		var all sync.WaitGroup
		for i := len(alone); i < members; i++ {
			for _, act := range []func(){
				func() { _, _ = w.Deliver.Confirm(ctx, w.Members[i], w.Orders[i]) },
				func() { _, _ = w.Deliver.GiveBack(ctx, w.Owner, w.Orders[i]) },
				func() { _ = dispute(ctx, w, i) },
			} {
				all.Go(act)
			}
		}
		all.Go(func() {
			w.W.Clock.Advance(time.Microsecond)
			for range 5 {
				if _, err := w.Deliver.SweepOnce(ctx); err != nil {
					t.Error(err)
				}
			}
		})
		all.Wait()
		w.Run()
		agree(t, w)
		for i := range members {
			if s := w.Share(i); s.State == escrow.Delivered {
				t.Errorf("member %d: nobody was heard", i)
			}
		}
		left, err := escrow.Due(ctx, w.D, w.W.Clock.Now(), 10)
		if err != nil || len(left) != 0 {
			t.Errorf("%+v %v", left, err)
		}
	})
}

func dispute(ctx context.Context, w *delivertest.World, i int) error {
	_, err := w.Deliver.OpenDispute(ctx, w.Members[i], deliver.DisputeCmd{OrderID: w.Orders[i], Reason: escrow.Broken,
		Words: "깨졌어요"})
	return err
}

// TestCarriersAreAskedWithCare: one call for many parcels, a silent carrier less and less, and nothing about shares
// that have ended.
func TestCarriersAreAskedWithCare(t *testing.T) {
	delivertest.Each(t, 60, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		if _, err := w.Deliver.Ship(ctx, w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: w.Sent()}); err != nil {
			t.Fatal(err)
		}
		w.Run()
		if calls, parcels := w.Tracker.Calls(); calls != 2 || parcels != 60 {
			t.Errorf("%d calls about %d parcels", calls, parcels)
		}
		w.Tracker.Down(true)
		for range 48 {
			w.W.Clock.Advance(30 * time.Minute)
			w.Run()
		}
		if calls, _ := w.Tracker.Calls(); calls > 2+2*9 {
			t.Errorf("a silent carrier was called %d times in a day", calls)
		}
		w.Tracker.Down(false)
		w.Tracker.Tell(delivertest.Parcel(0), parcel.Delivered, w.W.Clock.Now())
		w.W.Clock.Advance(7 * time.Hour)
		w.Run()
		if s := w.Share(0); s.State != escrow.Delivered {
			t.Errorf("heard after the silence: %s", s.State)
		}
		if _, err := w.Deliver.Confirm(ctx, w.Members[0], w.Orders[0]); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			w.W.Clock.Advance(25 * time.Hour)
			w.Run()
		}
		_, before := w.Tracker.Calls()
		w.W.Clock.Advance(25 * time.Hour)
		w.Run()
		if _, after := w.Tracker.Calls(); after-before != 59 {
			t.Errorf("%d parcels asked about", after-before)
		}
	})
}

// TestTwoNodesAskOnce: of two nodes one asks about a parcel.
func TestTwoNodesAskOnce(t *testing.T) {
	delivertest.Each(t, 30, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		if _, err := w.Deliver.Ship(t.Context(), w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: w.Sent()}); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := w.Deliver.TrackOnce(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if _, parcels := w.Tracker.Calls(); parcels != 30 {
			t.Errorf("%d parcels asked about", parcels)
		}
	})
}

// TestAddresses: the seller alone sees them, each look is written down, and they are erased when their time is over.
func TestAddresses(t *testing.T) {
	delivertest.Each(t, 2, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		home := address.Address{Name: "김두레", Phone: "01012345678", Postcode: "04001", Line: "서울 마포구 월드컵로 1", Detail: "3층"}
		if err := w.Deliver.PutAddress(ctx, w.Members[0], w.Orders[0], home); err != nil {
			t.Fatal(err)
		}
		refuses(t, "another's address", w.Deliver.PutAddress(ctx, w.Members[1], w.Orders[0], home), right.ErrHidden)
		cmd := deliver.MembersCmd{WishID: w.Wish, Addresses: true}
		list, _, err := w.Deliver.Members(ctx, w.Owner, cmd)
		if err != nil || len(list) != 2 || list[0].Address == nil || list[1].Address != nil {
			t.Fatalf("%+v %v", list, err)
		}
		for _, actor := range []market.Actor{w.Members[1], w.Staff} {
			if _, _, err := w.Deliver.Members(ctx, actor, cmd); err == nil {
				t.Errorf("%s sees addresses", actor.AccountID)
			}
		}
		if page, err := w.Deliver.Share(ctx, w.Owner, w.Orders[0]); err != nil || page.Address != nil || page.Pass != nil {
			t.Errorf("the seller's page shows an address without a note: %+v %v", page.Address, err)
		}
		looks, err := db.One(ctx, w.D, db.Scalar[int64], `SELECT count(*) FROM audit WHERE action = 'share.address'`)
		if err != nil || looks != 1 {
			t.Errorf("%d looks written down: %v", looks, err)
		}
		w.W.Clock.Advance(60 * 24 * time.Hour)
		w.Run()
		left, err := db.One(ctx, w.D, db.Scalar[int64], `SELECT count(*) FROM escrow_address`)
		if err != nil || left != 0 {
			t.Errorf("%d addresses left: %v", left, err)
		}
	})
}

// TestReminders: before silence releases its member is told, once for each time that is meant.
func TestReminders(t *testing.T) {
	delivertest.Each(t, 1, escrow.ByParcel, func(t *testing.T, w *delivertest.World) {
		ctx := t.Context()
		if _, err := w.Deliver.Ship(ctx, w.Owner, deliver.ShipCmd{WishID: w.Wish, Parcels: w.Sent()}); err != nil {
			t.Fatal(err)
		}
		w.Tracker.Tell(delivertest.Parcel(0), parcel.Delivered, w.W.Clock.Now())
		w.Run()
		if _, err := w.Deliver.Wait(ctx, w.Members[0], w.Orders[0]); err != nil {
			t.Fatal(err)
		}
		jobs, err := db.All(ctx, w.D, db.Scalar[string],
			`SELECT payload FROM kit_job WHERE kind = 'share.remind' ORDER BY id`)
		if err != nil || len(jobs) != 2 {
			t.Fatalf("%v %v", jobs, err)
		}
		due := db.Micros(w.Share(0).DueAt)
		for _, at := range []int64{due - 1, due, due} {
			if err := w.Deliver.RemindSilence(ctx, shareJob(w, at)); err != nil {
				t.Fatal(err)
			}
		}
		told, err := db.One(ctx, w.D, db.Scalar[int64], `SELECT count(*) FROM notice WHERE kind = 'share_silence'`)
		if err != nil || told != 1 {
			t.Errorf("told %d times: %v", told, err)
		}
	})
}

func shareJob(w *delivertest.World, due int64) event.ShareJob {
	return event.ShareJob{OrderID: w.Orders[0], Due: due}
}
