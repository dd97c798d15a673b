package desk_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/stream"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// watched adds to a world what a real browser needs: files, the live stream, and a door to sign in by.
func watched(t *testing.T) *world {
	t.Helper()
	return openWith(t, func(w *world, f *request.Frame, mux *http.ServeMux) {
		hub, err := live.New(live.Options{IDs: w.DB.IDs(), Log: f.Log})
		if err != nil {
			t.Fatal(err)
		}
		hub.Attach(w.DB)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = hub.Run(ctx) // ends with the test
		}()
		t.Cleanup(func() { stop(); <-ended; hub.Close() })
		stream.Routes(mux, stream.Deps{Frame: f, DB: w.DB, Hub: hub})
		mux.Handle("GET "+asset.Prefix, asset.Handler())
		mux.Handle("GET "+art.Prefix, art.Handler())
		mux.Handle("GET /door", f.Handle(func(r *request.Request) error {
			opened := ""
			err := w.DB.Write(r.Context(), func(tx *db.Tx) error {
				a, err := account.Find(r.Context(), tx, "acc_owner")
				if err == nil {
					opened, err = account.Open(r.Context(), tx, a, "test", "192.0.2.1")
				}
				return err
			})
			if err != nil {
				return err
			}
			if err := r.Enter(session.Identity{SessionID: opened}); err != nil {
				return err
			}
			return r.Redirect("/office")
		}))
	})
}

func TestTheBoardMovesBeforeTheOwnersEyes(t *testing.T) {
	w := watched(t)
	w.buyers("김서연", "이하준", "박준", "최영희")
	d, o := w.OnSale(shop, nil)
	page := e2e.Browser(t, e2e.Options{Width: 1440})
	page.Goto(w.Address() + "/door")
	page.See("첫 손님을 기다리고 있어요")
	w.Buy(apptest.Buyer(1), d, o, 1)
	page.See("지금 1명이 함께하고 있어요", "김○연 님이 함께했어요")
	// The line drops and comes back: what happened meanwhile is there, without anything happening after.
	page.Evaluate(`window.dispatchEvent(new Event("pagehide")), true`, new(bool))
	first := w.Buy(apptest.Buyer(2), d, o, 1)
	w.Buy(apptest.Buyer(3), d, o, 1)
	w.use(first)
	page.Evaluate(`window.dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true})), true`, new(bool))
	page.See("지금 3명이 함께하고 있어요", "이○준 님이 썼어요", "+17,274", "17,274원")
	w.Buy(apptest.Buyer(4), d, o, 1)
	page.See("지금 4명이 함께하고 있어요")
}

func TestTheEditorReckonsAsOneTypes(t *testing.T) {
	w := watched(t)
	page := e2e.Browser(t, e2e.Options{Width: 1440})
	page.Allow("/office/deals") // a form that is refused answers 422
	page.Goto(w.Address() + "/door")
	page.Goto(w.Address() + "/office/deals/new")
	page.Fill("1번째 선택 이름", "두 그릇 세트")
	page.Fill("정가 (원)", "20000")
	page.Fill("모였을 때 값 (원)", "10000")
	page.See("8,680원")
	page.Fill("한 장에 드는 원가 (원)", "9000")
	page.See("팔수록 손해예요", "320원")
	page.Click("딜 내기")
	page.See("곳을 고쳐 주세요")
	page.Accessible()
	page.Fill("제목", "손칼국수 두 그릇에 만두 한 접시")
	page.Choose("업종", "먹거리 · 국수·냉면")
	page.Fill("정가는 무엇을 보고 정했나요", "가게 차림표")
	page.Click("딜 내기")
	page.See("기다리는 줄 1번째예요", "할인은 점수에 없어요")
	page.Accessible()
}
