package e2e_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestAStrangerRegistersAndBids comes to a wish on a phone without an account, and has offered a few forms later: an
// address, three facts about a business, a price. What is typed is weighed before it is sent.
func TestAStrangerRegistersAndBids(t *testing.T) {
	w := begin(t)
	one, err := w.Wanted.Post(w.ctx, w.buyer, wanted.PostCmd{Draft: wish.Draft{Name: "백자 달항아리, 손바닥만 한 것",
		Details: "선물할 거라 상자에 담겨 오면 좋겠어요.", TopPrice: 20_000}, Key: "post"})
	w.must(err)
	potter := w.visitor(e2e.Options{})
	potter.to("/w/" + string(one.ID))
	potter.Click("제안하기")
	potter.Click("가입하기")
	potter.Fill("이메일", mail4("potter"))
	potter.Fill("부를 이름", "정도예")
	potter.Fill("비밀번호", password)
	potter.Click("확인 메일 받기")
	potter.See("메일함을 열어 주세요")
	w.work()
	potter.to("/signup/confirm?t=" + w.mailed("potter", "/signup/confirm?t="))
	potter.Click("가입 마치기")

	potter.See("세 가지만 적으면 바로 제안할 수 있어요")
	potter.Fill("상호", "연남 공방")
	potter.Fill("사업자등록번호", "123-45-67890")
	potter.Fill("연락처", "010-1234-5678")
	potter.Click("등록하고 제안하러 가기")
	potter.See("사업자등록번호 열 자리를 다시 봐 주세요")
	potter.stand("tender-enlist-refused")
	potter.Fill("사업자등록번호", "220-81-62517")
	potter.Click("등록하고 제안하러 가기")
	potter.See("등록했어요", "아직 확인되지 않은 판매자예요", "아직 아무도 제안하지 않았어요")
	offersInTheBrowser(potter)

	a, err := bid.Find(w.ctx, w.DB, one.ID)
	w.must(err)
	bids, err := bid.Bids(w.ctx, w.DB, one.ID)
	w.must(err)
	known, err := catalog.Bidders(w.ctx, w.DB, one.ID, []market.MerchantID{bids[0].MerchantID})
	w.must(err)
	m, err := merchant.Find(w.ctx, w.DB, bids[0].MerchantID)
	w.must(err)
	if a.LowestPrice != 15_900 || len(bids) != 1 || known[m.ID].Verified || m.CheckSell() == nil {
		t.Errorf("%+v %+v", a, known)
	}
	potter.to("/w/" + string(one.ID))
	potter.See("연남 공방", "15,900원")
}

// offersInTheBrowser fills the form, wrongly first; what it would come to stands there before it is sent.
func offersInTheBrowser(p *person) {
	p.Fill("한 개 값", "30000")
	p.Fill("모두 받는 날", "2026-07-20")
	p.See("20,000원까지예요") // by the preview
	p.Click("단계 더하기")
	p.Fill("이 수량부터", "40")
	p.Click("이 값으로 제안하기")
	p.See("고쳐 주세요")
	p.stand("tender-offer-refused")
	p.Click("1번째 단계 빼기")
	p.Until("the row is gone", func() bool {
		var left int
		p.Evaluate("document.querySelectorAll('[name^=step_from]').length", &left)
		return left == 0
	})
	p.Fill("한 개 값", "15,900")
	p.See("지금 1위가 돼요", "477,000원")
	p.stand("tender-offer")
	p.Click("이 값으로 제안하기")
	p.See("제안했어요", "지금 우리가 1위예요", "제안 거두기")
	p.look("tender-offered")
}
