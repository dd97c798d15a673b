package wallet_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/wallet"
)

const shop = market.MerchantID("mer_noodle")

// site is a world with the wallet's pages over it.
type site struct {
	*apptest.World
	browser *requesttest.Browser
	buyers  []market.Actor
	branch  market.BranchID
}

func open(t *testing.T) *site {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	s := &site{World: apptest.New(t, d, tw.Clock)}
	for n := range 3 {
		s.buyers = append(s.buyers, s.Account(apptest.Buyer(n+1), []string{"김나영", "이솔", "박한별"}[n]))
	}
	s.branch = s.Shop(shop, "할매손칼국수", "성수 본점")[0]
	s.Approve(shop)
	frame := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	wallet.Routes(mux, wallet.Deps{Frame: frame, Wallet: s.Wallet, Refunds: s.Refunds, Feedback: s.Feedback,
		PayHref: func(id market.OrderID) string { return "/o/" + string(id) + "/pay" }})
	s.browser = requesttest.Open(t, frame, mux)
	return s
}

func (s *site) as(n int) *requesttest.Browser {
	b := s.browser.Another()
	b.SignIn(s.DB, s.buyers[n].AccountID)
	return b
}

// sold opens a deal that the first person has bought two of, and others one each.
func (s *site) sold(people int, change func(*deal.Offer)) (deal.Deal, order.Order) {
	s.T.Helper()
	d, o := s.OnSale(shop, change)
	mine := s.Buy(s.buyers[0], d, o, 2)
	for _, other := range s.buyers[1:people] {
		s.Buy(other, d, o, 1)
	}
	s.Work()
	return d, mine
}

func (s *site) vouchers(id market.OrderID) []voucher.Voucher {
	s.T.Helper()
	list, err := voucher.OfOrder(s.Ctx, s.DB, id)
	s.Must(err)
	return list
}

var keyField = regexp.MustCompile(`name="key" value="([^"]+)"`)

func TestTheWalletFollowsAnOrderFromPaymentToUse(t *testing.T) {
	s := open(t)
	d, o := s.OnSale(shop, nil)
	mine := s.Buy(s.buyers[0], d, o, 2)
	b := s.as(0)
	page := b.Get("/orders/" + string(mine.ID))
	if page.Status != 200 || !page.Has("2명만 더 모이면 열려요", "39,800원", mine.Number(), "할매손칼국수", "123-45-67891") {
		t.Fatalf("%d %s", page.Status, page.Body)
	}
	one := s.vouchers(mine.ID)[0]
	if a := b.Get("/vouchers/" + string(one.ID)); !a.Has("2명", "더 모이면 열려요") || a.Has(s.Keys.Code(one.ID)[:4]+"-") {
		t.Errorf("before it opens: %s", a.Body)
	}
	for _, other := range s.buyers[1:] {
		s.Buy(other, d, o, 1)
	}
	s.Work()
	a := b.Get("/vouchers/" + string(one.ID))
	if !a.Has(voucher.Grouped(s.Keys.Code(one.ID)), "직원에게 보여 주세요", "3명 모여 열렸어요", "성수 본점", "따로 보관 중") {
		t.Errorf("active: %s", a.Body)
	}
	if a.Header.Get("Dure-Keep") != "page" || a.Header.Get("Cache-Control") != "no-store" ||
		!a.Has(`data-worker="/vouchers/worker.js"`) {
		t.Errorf("headers %v", a.Header)
	}
	_, err := s.Redeem.Do(s.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, s.branch), MerchantID: shop, BranchID: s.branch,
		Text: s.Keys.Face(one.ID), Units: 1, Nonce: "nonce-0001"})
	s.Must(err)
	s.Work()
	a = b.Get("/vouchers/" + string(one.ID))
	if !a.Has("다 썼어요", "성수 본점에서 썼어요", "어땠나요?") || a.Has(voucher.Grouped(s.Keys.Code(one.ID)), "따로 보관 중") {
		t.Errorf("used: %s", a.Body)
	}
	if part := b.Get("/vouchers/" + string(one.ID) + "/part"); part.Status != 200 ||
		part.Has("<html") || !part.Has("다 썼어요") {
		t.Errorf("part: %d %s", part.Status, part.Body)
	}
	if list := b.Get("/vouchers"); !list.Has("쓸 수 있는 이용권이 1장 있어요", "쓸 수 있음") {
		t.Errorf("list: %s", list.Body)
	}
	if list := b.Get("/vouchers?show=ended"); !list.Has("다 씀") {
		t.Errorf("ended: %s", list.Body)
	}
}

func TestForeignIDsLookLikeNothing(t *testing.T) {
	s := open(t)
	_, mine := s.sold(3, nil)
	one := s.vouchers(mine.ID)[0]
	for _, path := range []string{"/orders/" + string(mine.ID), "/orders/" + string(mine.ID) + "/refund",
		"/vouchers/" + string(one.ID), "/vouchers/" + string(one.ID) + "/part", "/vouchers/" + string(one.ID) + "/refund"} {
		missing := strings.NewReplacer(string(mine.ID), "ord_none", string(one.ID), "vch_none").Replace(path)
		foreign, none := s.as(1).Get(path), s.as(1).Get(missing)
		if foreign.Status != 404 || none.Status != 404 {
			t.Errorf("%s: %d, %s: %d", path, foreign.Status, missing, none.Status)
		}
		same := strings.NewReplacer(string(mine.ID), "ord_none", string(one.ID), "vch_none").Replace
		if same(foreign.Body) != none.Body && !foreign.Has("찾으시는 것이 없어요") {
			t.Errorf("%s tells that it is there", path)
		}
		guest := s.browser.Another().Get(path)
		if guest.Status != http.StatusSeeOther || guest.Location != "/signin?next="+url.QueryEscape(path) {
			t.Errorf("a guest at %s: %d %s", path, guest.Status, guest.Location)
		}
	}
	if a := s.as(1).Post("/vouchers/"+string(one.ID)+"/refund", "key", "k", "seen", "19900"); a.Status != 404 {
		t.Errorf("a foreign refund: %d", a.Status)
	}
	if list, err := payment.RefundsOf(s.Ctx, s.DB, mine.ID); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
}

func TestARefundIsSeenBeforeItIsAskedAndAskedOnce(t *testing.T) {
	s := open(t)
	_, mine := s.sold(3, nil)
	b := s.as(0)
	path := "/orders/" + string(mine.ID) + "/refund"
	page := b.Get(path)
	key := keyField.FindStringSubmatch(page.Body)
	if !page.Has("39,800원 돌려받아요", "이용권 1", "이용권 2", `name="seen" value="39800"`) || key == nil {
		t.Fatalf("%s", page.Body)
	}
	for _, bad := range [][]string{{}, {"key", key[1]}, {"seen", "39800"}, {"key", key[1], "seen", "x"}} {
		if a := b.Post(path, bad...); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", bad, a.Status)
		}
	}
	if a := b.Post(path, "key", key[1], "seen", "19900"); a.Status != http.StatusConflict || !a.Has("39,800원으로 바뀌었어요") {
		t.Errorf("another amount: %d %s", a.Status, a.Body)
	}
	for range 2 {
		if a := b.Post(path, "key", key[1], "seen", "39800"); a.Status != http.StatusSeeOther ||
			a.Location != "/orders/"+string(mine.ID) {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	list, err := payment.RefundsOf(s.Ctx, s.DB, mine.ID)
	s.Must(err)
	if len(list) != 1 || list[0].Amount != 39_800 {
		t.Fatalf("%+v", list)
	}
	if a := b.Get("/orders/" + string(mine.ID)); !a.Has("39,800원 환불하고 있어요", "환불을 시작했어요", "환불을 요청했어요") {
		t.Errorf("%s", a.Body)
	}
	one := s.vouchers(mine.ID)[0]
	if a := b.Get("/vouchers/" + string(one.ID)); !a.Has("환불하는 중") || a.Has(voucher.Grouped(s.Keys.Code(one.ID))) {
		t.Errorf("%s", a.Body)
	}
	s.Work()
	if a := b.Get("/orders/" + string(mine.ID)); !a.Has("39,800원 돌려드렸어요", "결제사로 돌려보냈어요") {
		t.Errorf("%s", a.Body)
	}
}

func TestOneVoucherGoesBackAndTheOtherStays(t *testing.T) {
	s := open(t)
	_, mine := s.sold(3, func(o *deal.Offer) { o.Options[0].Uses = 10 })
	list := s.vouchers(mine.ID)
	_, err := s.Redeem.Do(s.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, s.branch), MerchantID: shop, BranchID: s.branch,
		Text: s.Keys.Face(list[0].ID), Units: 3, Nonce: "nonce-0001"})
	s.Must(err)
	b := s.as(0)
	path := "/vouchers/" + string(list[0].ID) + "/refund"
	page := b.Get(path)
	if !page.Has("13,930원 돌려받아요", "10번 가운데 3번 썼어요") {
		t.Fatalf("%s", page.Body)
	}
	if a := b.Post(path, "key", "k", "seen", "13930"); a.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := b.Get("/vouchers/" + string(list[1].ID)); !a.Has("10번 가운데 10번") {
		t.Errorf("the other: %s", a.Body)
	}
	if a := b.Get(path); a.Status != http.StatusSeeOther {
		t.Errorf("looking again: %d", a.Status)
	}
}

func TestStatesOfAnOrderInPlainWords(t *testing.T) {
	s := open(t)
	d, o := s.OnSale(shop, nil)
	placed, err := s.Place(s.buyers[0], d, o, 1)
	s.Must(err)
	b := s.as(0)
	path := "/orders/" + string(placed.Order.ID)
	if a := b.Get(path); !a.Has("자리를 맡아 두었어요", `href="/o/`+string(placed.Order.ID)+`/pay"`) {
		t.Errorf("held: %s", a.Body)
	}
	s.Pass(11 * time.Minute)
	if a := b.Get(path); !a.Has("시간이 지나 자리를 놓았어요", "결제된 돈은 없어요") {
		t.Errorf("lapsed: %s", a.Body)
	}
	paid := s.Buy(s.buyers[0], d, o, 1)
	s.Clock.Set(d.EndsAt)
	s.Pass(0)
	s.Pass(time.Minute)
	if a := b.Get("/orders/" + string(paid.ID)); !a.Has("덜 모여서 그대로 돌려드려요", "19,900원 돌려드렸어요") {
		t.Errorf("failed to tip: %s", a.Body)
	}
	if a := b.Get("/orders"); !a.Has("시간 지남", "환불") {
		t.Errorf("list: %s", a.Body)
	}
	if a := s.as(1).Get("/orders"); !a.Has("아직 주문이 없어요") {
		t.Errorf("empty: %s", a.Body)
	}
}

func TestFeedbackIsAskedOnceAndSaidBesideItsField(t *testing.T) {
	s := open(t)
	_, mine := s.sold(3, nil)
	one := s.vouchers(mine.ID)[0]
	used, err := s.Redeem.Do(s.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, s.branch), MerchantID: shop, BranchID: s.branch,
		Text: s.Keys.Face(one.ID), Units: 1, Nonce: "nonce-0001"})
	s.Must(err)
	s.Work()
	ask := "/feedback/ask_" + strings.TrimPrefix(string(used.Redemption.ID), "red_")
	b := s.as(0)
	if a := b.Get("/feedback"); !a.Has("1곳이 이야기를 기다려요", ask) {
		t.Errorf("%s", a.Body)
	}
	if a := b.Get(ask + "?satisfaction=4"); !a.Has(`value="4" checked`, "다른 손님과 같은 대접을 받았나요?") {
		t.Errorf("%s", a.Body)
	}
	if a := s.as(1).Get(ask); a.Status != 404 {
		t.Errorf("somebody else: %d", a.Status)
	}
	if a := b.Post(ask, "comment", "국물이 좋았어요"); a.Status != 422 || !a.Has("얼굴 하나를 골라 주세요", "국물이 좋았어요") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := b.Post(ask, "satisfaction", "5", "would_return", "yes", "same_treatment", "no"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Work()
	if a := b.Get(ask); !a.Has("들려줘서 고마워요", "5.0", "대답 1개") {
		t.Errorf("%s", a.Body)
	}
	if a := b.Post(ask, "satisfaction", "1"); a.Status != 409 {
		t.Errorf("twice: %d", a.Status)
	}
	if a := b.Get("/vouchers/" + string(one.ID)); a.Has("어땠나요?") {
		t.Error("asked again")
	}
}

func TestShopsAnswerBesideTheirGuests(t *testing.T) {
	s := open(t)
	owner := s.Account(apptest.Owner(shop), "김순자")
	d, _ := s.sold(3, nil)
	s.Clock.Set(d.EndsAt.Add(time.Minute))
	s.Pass(time.Minute)
	b := s.browser.Another()
	b.SignIn(s.DB, owner.AccountID)
	page := b.Get("/feedback")
	found := regexp.MustCompile(`/feedback/fbm_[a-z0-9]+/shop`).FindString(page.Body)
	if found == "" || !page.Has("가게로서") {
		t.Fatalf("%s", page.Body)
	}
	if a := s.as(0).Get(found); a.Status != 404 {
		t.Errorf("a buyer: %d", a.Status)
	}
	if a := b.Post(found, "satisfaction", "2", "would_repeat", "no"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.Work()
	if a := b.Get(found); !a.Has("2.0", "가게 만족", "손님 만족") {
		t.Errorf("%s", a.Body)
	}
}

func TestTheWorkerIsServedInItsOwnScope(t *testing.T) {
	s := open(t)
	a := s.browser.Get("/vouchers/worker.js")
	if a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/javascript") ||
		a.Header.Get("Cache-Control") != "no-cache" || !a.Has("Dure-Keep") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}
