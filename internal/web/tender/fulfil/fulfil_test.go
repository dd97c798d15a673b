package fulfil_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/korean"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

func number(id market.OrderID) string { return order.Order{ID: id}.Number() }

// settled gives every member an address.
func (w *world) settled(ids []market.OrderID) {
	w.T.Helper()
	for i, id := range ids {
		w.Must(w.Deliver.PutAddress(w.Ctx, apptest.Buyer(100+i), id, address.Address{Name: "김두레", Phone: "010-1234-5678",
			Postcode: "14547", Line: "경기도 부천시 길주로 210", Detail: "=3층"}))
	}
}

// TestAddressesAreForTheWinnerAlone: on asking, and each look is written down.
func TestAddressesAreForTheWinnerAlone(t *testing.T) {
	w := open(t)
	id, orders := w.served(3)
	w.settled(orders)
	at := "/office/wanted/" + string(id) + "/fulfil"
	b := w.owner(potter)
	for name, reader := range map[string]market.AccountID{"a loser": apptest.Owner(other).AccountID,
		"a member": apptest.Buyer(101).AccountID, "a stranger": "acc_stranger"} {
		rival := w.as(reader)
		want(t, name, rival.Get(at), 404)
		for _, rest := range []string{"/addresses", "/sheet.csv", "/sheet", "/ship", "/back", "/answer"} {
			got := rival.Post(at+rest, "order", string(orders[0]), "carrier", "cj", "number", "612345678901", "act", "take",
				"rows", "x")
			if want(t, name+rest, got, 404); got.Has("길주로") {
				t.Errorf("%s reads an address at %s", name, rest)
			}
		}
	}
	want(t, "scanning staff", w.as(apptest.Staff(potter, "").AccountID).Get(at), 403)
	want(t, "the operator", w.as(apptest.Operator().AccountID).Post(at+"/addresses"), 403)
	if got := b.Get(at); got.Has("길주로") || got.Has("010-1234") || !got.Has("3명에게 보낼 차례", number(orders[0])) {
		t.Errorf("the board: %d", got.Status)
	}
	want(t, "the addresses", b.Post(at+"/addresses"), 200, "경기도 부천시 길주로 210", "010-1234-5678")
	got := b.Post(at + "/sheet.csv")
	want(t, "the sheet", got, 200, "\ufeff주문번호,택배사,송장번호", "'=3층", number(orders[2]))
	looks, err := audit.List(w.Ctx, w.DB, audit.Filter{Resource: string(id), Limit: 10})
	w.Must(err)
	if len(looks) != 2 {
		t.Errorf("%d looks are written down", len(looks))
	}
}

// TestASheetIsLookedAtFirst: a file as Korean Excel saves it, with bad lines, is shown before anything is noted.
func TestASheetIsLookedAtFirst(t *testing.T) {
	w := open(t)
	id, orders := w.served(4)
	w.settled(orders)
	at := "/office/wanted/" + string(id) + "/fulfil"
	b := w.owner(potter)
	text := "주문번호,택배사,송장번호\r\n" + number(orders[0]) + ",CJ대한통운,612345678901\r\n" +
		number(orders[1]) + ",한진택배,6.12346E+11\r\n" + number(orders[2]) + ",,\r\nZZZZ-ZZZZ,로젠,12345678901\r\n"
	file, err := korean.EUCKR.NewEncoder().String(text)
	w.Must(err)
	got := b.Upload(at+"/sheet", "sheet", "parcels.csv", []byte(file))
	want(t, "looked at", got, 200, "1건을 보낼 수 있어요", "3번째 줄", "뒷자리가 사라졌어요", "5번째 줄", "비워 둔 1줄")
	if s, err := escrow.FindShare(w.Ctx, w.DB, orders[0]); err != nil || s.State != escrow.Held {
		t.Errorf("sent before the yes: %v %v", s.State, err)
	}
	_, rows, _ := strings.Cut(got.Body, `name="rows" value="`)
	rows, _, _ = strings.Cut(rows, `"`)
	if sent := b.Post(at+"/sheet", "rows", rows); sent.Status != 303 {
		t.Fatalf("sent: %d %s", sent.Status, sent.Body)
	}
	want(t, "the board", b.Get(at), 200, "1건을 적어 두었어요", "CJ대한통운 612345678901", "3명에게 보낼 차례")
	want(t, "no file", b.Post(at+"/sheet"), 422)
	want(t, "no sheet", b.Upload(at+"/sheet", "sheet", "x.csv", []byte("이것은 표가 아니에요")), 422)

	one := []string{"order", string(orders[1])}
	ship := func(carrier, number string) requesttest.Answer {
		return b.Post(at+"/ship", append(one, "carrier", carrier, "number", number)...)
	}
	want(t, "a wrong number", ship("cj", "12"), 422, `value="12"`)
	want(t, "a number in use", ship("cj", "612345678901"), 409)
	if got := ship("hanjin", "512345678901"); got.Status != 303 {
		t.Errorf("sent: %d", got.Status)
	}
	if got := b.Post(at+"/back", "order", string(orders[3])); got.Status != 303 {
		t.Errorf("paid back: %d %s", got.Status, got.Body)
	}
	want(t, "the money", b.Get(at), 200, "돌려 드린 돈", "판매자가 돌려 드렸어요")
}

// TestADisputeIsAnsweredAndDecided: both sides speak, the operator decides in won, and the sums lose none.
func TestADisputeIsAnsweredAndDecided(t *testing.T) {
	w := open(t)
	id, orders := w.served(2)
	w.settled(orders)
	_, err := w.Deliver.OpenDispute(w.Ctx, apptest.Buyer(100), deliver.DisputeCmd{OrderID: orders[0],
		Reason: escrow.NotSent, Words: "아직 보내지 않으셨어요."})
	w.Must(err)
	at := "/office/wanted/" + string(id) + "/disputes/" + string(orders[0])
	b, admin := w.owner(potter), w.as(apptest.Operator().AccountID)
	want(t, "the board", b.Get("/office/wanted/"+string(id)+"/fulfil"), 200, "보내지 않아요", "분쟁 중인 돈")
	want(t, "another shop", w.owner(other).Get(at), 404)
	want(t, "the member", w.as(apptest.Buyer(100).AccountID).Get(at), 404)
	want(t, "no dispute", b.Get("/office/wanted/"+string(id)+"/disputes/"+string(orders[1])), 404)
	want(t, "the case", b.Get(at), 200, "아직 보내지 않으셨어요.", "우리 답을 기다리고 있어요")
	want(t, "nothing said", b.Post(at, "act", "answer", "words", "", "offer", "500"), 422, `value="500"`)
	want(t, "too much", b.Post(at, "act", "answer", "words", "내일 보내요.", "offer", "999999999"), 422, "내일 보내요.")
	if got := b.Post(at, "act", "answer", "words", "내일 보내요.", "offer", "500"); got.Status != 303 {
		t.Fatalf("answered: %d %s", got.Status, got.Body)
	}
	_, err = w.Deliver.Speak(w.Ctx, apptest.Buyer(100), deliver.SayCmd{OrderID: orders[0], Say: escrow.SayReply,
		Words: "더 기다릴 수 없어요."})
	w.Must(err)
	want(t, "the queue", admin.Get("/admin/disputes"), 200, "1건이 판단을 기다려요", "보내지 않아요")
	to := "/admin/disputes/" + string(orders[0])
	want(t, "both sides", admin.Get(to), 200, "아직 보내지 않으셨어요.", "내일 보내요.", "더 기다릴 수 없어요.", "연남 공방")
	x, err := escrow.FindDispute(w.Ctx, w.DB, orders[0])
	w.Must(err)
	want(t, "reckoned", admin.Post(to, "refunded", "1,000", "act", "look"), 200, "1,000원", "수수료")
	want(t, "too much", admin.Post(to, "refunded", "999,999,999", "note", "양쪽 말을 모두 보고 정했습니다.", "act", "decide"), 422,
		"999,999,999")
	want(t, "no reason", admin.Post(to, "refunded", "1000", "note", "음", "act", "decide"), 422, `id="f-note-error"`)
	want(t, "finance", w.as("acc_finance").Post(to, "refunded", "0", "note", "양쪽 말을 모두 보고 정했습니다.", "act", "decide"), 403)
	want(t, "the seller", b.Post(to, "refunded", "0", "note", "양쪽 말을 모두 보고 정했습니다.", "act", "decide"), 404)
	if again, err := escrow.FindDispute(w.Ctx, w.DB, orders[0]); err != nil || again != x {
		t.Errorf("moved before the decision: %+v %v", again, err)
	}
	got := admin.Post(to, "refunded", "1,000", "note", "양쪽 말을 모두 보고 정했습니다.", "act", "decide")
	if got.Status != 303 {
		t.Fatalf("decided: %d %s", got.Status, got.Body)
	}
	s, err := escrow.FindShare(w.Ctx, w.DB, orders[0])
	w.Must(err)
	if s.Refunded != 1_000 || s.Released != s.Amount-1_000 {
		t.Errorf("%+v", s)
	}
	want(t, "both read why", b.Get(at), 200, "양쪽 말을 모두 보고 정했습니다.")
	want(t, "the queue afterwards", admin.Get("/admin/disputes"), 200, "기다리는 분쟁이 없어요")
}
