package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestAShopWritesADealWithItsWonBesideIt drafts a deal as an owner would, wrongly first, and hands it in.
func TestAShopWritesADealWithItsWonBesideIt(t *testing.T) {
	w := begin(t)
	owner := w.visitor(e2e.Options{}).signIn("second")
	enrol(owner)
	owner.to("/office")
	owner.See(owner.say("desk.head.first"))
	owner.look("board-first")
	owner.to("/office/deals/new")
	owner.See(owner.say("editor.head_new"), owner.say("editor.table.empty"))
	wrongFirst(owner)
	writeDeal(owner)
	owner.Click(owner.say("editor.submit"))
	owner.See(owner.say("desk.deal.place", "Place", int64(1)))
	owner.look("deal-submitted")
	id := handedIn(owner)
	sameWonInTheLine(owner, id)
}

// enrol registers a shop of one's own, wrongly first, and waits for the operator's yes.
func enrol(owner *person) {
	w := owner.w
	owner.to("/office/new")
	owner.Fill("상호", "여름빵집")
	owner.Click("시작하기")
	owner.Click("사업자 정보")
	owner.Fill("사업자등록번호", "123-45-67890")
	owner.Fill("대표자", "정여름")
	owner.Fill("가게 전화번호", "02-987-6543")
	owner.Fill("이메일", mail4("second"))
	owner.Click("저장")
	owner.See("사업자등록번호 열 자리를 다시 봐 주세요")
	owner.stand("shop-number-refused")
	owner.Fill("사업자등록번호", "220-81-62517")
	owner.Click("저장")
	owner.Click("지점과 여는 때")
	owner.Fill("주소", "서울 성동구 서울숲길 12")
	owner.Fill("동네", "성동구")
	owner.Fill("월요일 여는 때", "08:00")
	owner.Fill("월요일 닫는 때", "20:00")
	owner.Click("저장")
	owner.Click("가게 이야기")
	owner.Choose("분야", "카페·디저트 › 빵")
	owner.Fill("가게 이야기", "새벽마다 천연 발효종으로 굽습니다. 남은 빵은 저녁에 이웃과 나눠요.")
	owner.Click("저장")
	owner.Click("사진")
	owner.Upload("사진 올리기", noPicture(w.t))
	owner.Click("올리기")
	owner.See("사진을 읽지 못했어요")
	owner.stand("shop-photo-refused")
	owner.Upload("사진 올리기", photograph(w.t.(*testing.T)))
	owner.Click("올리기")
	owner.See("사진을 올렸어요")
	owner.Click("가게로 돌아가기")
	owner.Click("정산 계좌")
	owner.Choose("은행", "KB국민은행")
	owner.Fill("계좌번호", "90000000456")
	owner.Fill("예금주", "정여름")
	owner.Click("저장")
	owner.Click("등록 내기")
	owner.See("살펴보고 있어요")
	owner.look("shop-submitted")

	operator := owner.beside(e2e.Options{Width: 1440}).signIn("operator")
	operator.to("/admin/merchants")
	operator.Click("여름빵집")
	operator.See("220-81-62517", "천연 발효종")
	operator.look("console-shop")
	operator.Click("승인하기")
	operator.See("승인했어요")
}

// wrongFirst types what people type first, and a file that is no picture.
func wrongFirst(owner *person) {
	owner.Fill(owner.say("editor.title"), "칼")
	owner.Fill(owner.say("editor.option_name", "Number", 1), "두 그릇 세트")
	owner.Fill(owner.say("editor.list_price"), "9900")
	owner.Fill(owner.say("editor.price"), "19900")
	owner.Upload(owner.say("editor.pictures"), noPicture(owner.w.t))
	owner.Click(owner.say("editor.save"))
	owner.See("사진을 읽지 못했어요")
	owner.stand("editor-refused")
	owner.Click(owner.say("editor.submit"))
	owner.See("정가는 파는 값 19,900원보다 낮을 수 없어요", "업종을 골라 주세요")
}

// noPicture is a file that only calls itself a picture.
func noPicture(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shop.jpg")
	if err := os.WriteFile(path, []byte("this is no picture at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// writeDeal fills the form; what is left of a price stands beside it before anything is saved.
func writeDeal(owner *person) {
	owner.Fill(owner.say("editor.title"), "손칼국수 두 그릇과 만두 한 접시")
	owner.Fill(owner.say("editor.summary"), "둘이 먹는 따뜻한 점심")
	owner.Choose(owner.say("editor.category"), "국수·냉면")
	owner.Fill(owner.say("editor.list_price"), "32000")
	owner.Fill(owner.say("editor.price"), "19900")
	owner.Fill(owner.say("editor.quantity"), "40")
	owner.Fill(owner.say("editor.uses"), "1")
	owner.Fill(owner.say("editor.basis"), "가게 차림표")
	owner.Fill(owner.say("editor.cost"), "9000")
	owner.See("17,274원", "8,274원") // by the preview: what comes in, and what is left after the cost
	owner.Fill(owner.say("editor.threshold"), "3")
	owner.Fill(owner.say("editor.capacity"), "40")
	owner.Fill(owner.say("editor.per_person"), "2")
	owner.Fill(owner.say("editor.starts"), "2026-06-15")
	owner.Fill(owner.say("editor.ends"), "2026-06-28")
	owner.Fill(owner.say("editor.valid"), "365")
	owner.Upload(owner.say("editor.pictures"), photograph(owner.w.t.(*testing.T)))
	owner.Click(owner.say("editor.save"))
	owner.See(owner.say("editor.saved"))
	owner.See("17,274원")
	owner.look("editor")
}

// handedIn gives the deal's id from the address.
func handedIn(owner *person) market.DealID {
	path, _, _ := strings.Cut(owner.path(), "?")
	return market.DealID(strings.TrimPrefix(path, "/office/deals/"))
}

// sameWonInTheLine reads the same won on the operator's page, on a buyer's and through the API.
func sameWonInTheLine(owner *person, id market.DealID) {
	w := owner.w
	operator := owner.beside(e2e.Options{Width: 1440}).signIn("operator")
	operator.to("/admin/deals")
	operator.See("손칼국수 두 그릇과 만두 한 접시", "19,900")
	operator.Click("손칼국수 두 그릇과 만두 한 접시")
	operator.See("17,274", "19,900", "2,388", "238")
	_, err := w.Publish.Schedule(w.ctx, w.operator, publish.ScheduleCmd{DealID: id})
	w.must(err)
	w.work()
	buyer := owner.beside(e2e.Options{}).signIn("buyer")
	buyer.to("/d/" + string(id))
	buyer.See("19,900원", "32,000원", "곧 시작해요")
	buyer.look("deal-coming")
	var seen struct {
		Price int64 `json:"price"`
		State string
	}
	w.api("").get("/deals/"+string(id), &seen)
	if seen.Price != 19_900 || seen.State != "scheduled" {
		w.t.Errorf("the API says %+v", seen)
	}
}
