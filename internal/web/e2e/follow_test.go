package e2e_test

import (
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/web/e2e"
)

// TestAFollowerIsToldThatADealBegins follows a shop, hears of its next deal at the bell and by letter, and ends the
// letters by the link in one, signed out and without script.
func TestAFollowerIsToldThatADealBegins(t *testing.T) {
	w := begin(t)
	buyer := w.visitor(e2e.Options{}).signIn("buyer")
	buyer.to("/notices")
	buyer.See("아직 온 알림이 없어요")
	buyer.look("notices-none")
	buyer.to("/m/noodle")
	buyer.See("알림과 이메일로 알려 드려요")
	buyer.Click("단골 맺기")
	buyer.See("이제 할매손칼국수 단골이에요", "이메일 끄기")
	buyer.look("shop-followed")

	d := submitted(w)
	_, err := w.Publish.Schedule(w.ctx, w.operator, publish.ScheduleCmd{DealID: d.ID})
	w.must(err)
	w.at(seoul(15, 0, 1))
	buyer.to("/")
	buyer.See("1") // at the bell
	buyer.to("/notices")
	buyer.See("손칼국수 두 그릇과 만두 한 접시", "단골로 맺은 가게예요")
	buyer.look("notices")
	buyer.Click("손칼국수 두 그릇과 만두 한 접시")
	buyer.See("함께하기")

	list, err := mail.NewBox(w.DB).To(w.ctx, mail4("buyer"), 1)
	w.must(err)
	if len(list) != 1 || !strings.HasPrefix(list[0].Subject, "(광고) 할매손칼국수") {
		t.Fatalf("letters: %+v", list)
	}
	_, link, _ := strings.Cut(list[0].Text, "/letters/off?")
	link, _, _ = strings.Cut(link, "\n")
	reader := buyer.beside(e2e.Options{NoScript: true})
	reader.to("/letters/off?" + strings.TrimSpace(link))
	reader.See("할매손칼국수 소식을 이메일로 그만 받을까요?")
	reader.Click("그만 받기")
	reader.See("이메일로 더 보내지 않아요")
	buyer.to("/m/noodle")
	buyer.See("이메일은 보내지 않아요", "단골이에요")
	buyer.Click("이메일 켜기")
	buyer.See("이메일로도 알려 드려요")
}

// TestAHomeIsChosenWithoutScript chooses the own neighbourhood from one's own page, and finds it on another device.
func TestAHomeIsChosenWithoutScript(t *testing.T) {
	w := begin(t)
	buyer := w.visitor(e2e.Options{NoScript: true}).signIn("buyer")
	buyer.to("/me")
	buyer.See("우리 동네", "전국")
	buyer.Click("우리 동네 전국")
	buyer.See("동네 고르기")
	buyer.to("/regions?q=%EC%84%B1%EB%8F%99%EA%B5%AC")
	buyer.See("서울특별시 성동구")
	buyer.Click(buyer.say("storefront.regions.pick_name", "Name", "서울특별시 성동구"))
	buyer.See("이제 우리 동네는 성동구예요")
	other := buyer.beside(e2e.Options{}).signIn("buyer")
	other.to("/me")
	other.See("우리 동네", "성동구")
	other.look("me")
}
