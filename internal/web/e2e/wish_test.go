package e2e_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestANewPersonBeginsAWishAndAnotherJoinsWithOneClick begins on a page that has nothing on sale: a new person writes
// what they want before they have an account, finds the words again after signing up, and sees somebody join and leave
// before their eyes. Who joins was signed out when they clicked.
func TestANewPersonBeginsAWishAndAnotherJoinsWithOneClick(t *testing.T) {
	w := begin(t)
	first := w.visitor(e2e.Options{})
	first.to("/")
	first.See("함께 사면 값이 내려가요. 무엇이 필요하세요?")
	first.Fill("사고 싶은 것", "조용한 무선 청소기")
	first.Click("시작하기")
	first.See("무엇을 사고 싶으세요?")
	first.Click("더 적기")
	first.Fill("중요한 점", "강아지 털이 잘 되면 좋겠어요")
	first.look("wish-new")
	first.to("/wanted/new?name=%EC%A1%B0%EC%9A%A9%ED%95%9C%20%EB%AC%B4%EC%84%A0%20%EC%B2%AD%EC%86%8C%EA%B8%B0")
	first.Click("더 적기")
	first.Fill("중요한 점", "강아지 털이 잘 되면 좋겠어요")
	first.Click("올리기")
	first.signUp("wisher", "나새봄")
	first.See("적어 두신 그대로예요")
	first.Click("올리기")
	first.See("올렸어요!", "조용한 무선 청소기", "관심 0 · 확정 1/30", "이 글을 이끌고 있어요")
	first.look("wish-new-posted")
	page := first.path()

	second := first.beside(e2e.Options{})
	second.to(page)
	second.See("29명 더 모이면", "결제가 아니에요.")
	second.Click("나도 함께할게요")
	second.Fill("이메일", mail4("second"))
	second.Fill("비밀번호", password)
	second.Press("Enter")
	second.See("확정으로 함께해요", "관심 0 · 확정 2/30")
	first.See("관심 0 · 확정 2/30", "28명") // by the stream: nothing was loaded again
	second.Click("나가기")
	second.See("나왔어요", "관심 0 · 확정 1/30")
	first.See("관심 0 · 확정 1/30")
	first.to("/wanted?mine=1")
	first.See("29명 더 필요해요")
	first.look("wish-mine")

	id := market.WishID(page[len("/w/"):])
	one, err := wish.Find(w.ctx, w.DB, id)
	w.must(err)
	if one.Firm != 1 || one.Details != "강아지 털이 잘 되면 좋겠어요" {
		t.Errorf("%+v", one)
	}
	plain := first.beside(e2e.Options{NoScript: true}).signIn("third")
	plain.to("/wanted")
	plain.Click("조용한 무선 청소기")
	plain.Click("지켜볼게요")
	plain.See("관심으로 지켜봐요", "관심 1 · 확정 1/30")
	plain.to("/wanted?mine=1")
	plain.See("조용한 무선 청소기", "관심으로 지켜보고 있어요")
	plain.NoSideways()
	plain.Screenshot("wish-mine-without-script")
}

// signUp comes in as somebody new, from the door to which a form has led.
func (p *person) signUp(part, name string) {
	p.w.t.Helper()
	p.Click("가입하기")
	p.See("이메일 하나면 돼요")
	p.Fill("이메일", mail4(part))
	p.Fill("부를 이름", name)
	p.Fill("비밀번호", password)
	p.Click("확인 메일 받기")
	p.See("메일함을 열어 주세요")
	p.w.work()
	p.to("/signup/confirm?t=" + p.w.mailed(part, "/signup/confirm?t="))
	p.Click("가입 마치기")
}
