package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/admin"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/ui"
)

type world struct {
	*requesttest.Browser
	t *testing.T
	d *db.DB
	w *dbtest.World
}

func open(t *testing.T) *world {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	f := requesttest.Frame(t, d)
	e := enroll.New(enroll.Deps{
		DB: d, Post: letter.Post{Mailer: &mail.Memory{}, Words: f.Bundle, DB: d},
		BankWait: func(time.Time) time.Duration { return time.Hour },
	})
	mux := http.NewServeMux()
	admin.Routes(mux, admin.Deps{Frame: f, DB: d, Enroll: e, Nav: func(_ ui.Loc, here string) []ui.NavItem {
		return []ui.NavItem{{Label: "가게", Href: here, Icon: "store", Here: true}}
	}})
	mux.Handle("/", f.Missing())
	return &world{Browser: requesttest.Open(t, f, mux), t: t, d: d, w: tw}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) account(email string, staff market.Role) market.AccountID {
	w.t.Helper()
	var id market.AccountID
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		id = market.AccountID(tx.NewID("acc"))
		return account.Insert(w.t.Context(), tx, account.Account{
			ID: id, Email: email, EmailKey: email, Name: "김두레", Locale: "ko", Staff: staff, ConfirmedAt: tx.Now(),
			CreatedAt: tx.Now(),
		})
	}))
	return id
}

// shop is a registration that was handed in, written straight by the noun.
func (w *world) shop(name string, owner market.AccountID) market.MerchantID {
	w.t.Helper()
	var id market.MerchantID
	ctx := w.t.Context()
	w.must(w.d.Write(ctx, func(tx *db.Tx) error {
		id = market.MerchantID(tx.NewID("mer"))
		m := merchant.Merchant{ID: id, CreatedAt: tx.Now()}
		if err := merchant.Insert(ctx, tx, m); err != nil {
			return err
		}
		m, err := merchant.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		m.Business = merchant.Business{
			Number: string(id)[20:30], Name: name, Representative: "김두레", Phone: "021234567", Email: "a@b.co",
		}
		m.Profile.Story = "이야기 <script>alert(1)</script>"
		m.Bank = merchant.Bank{Code: "004", Account: "123456789012", Holder: "김두레"}
		if err := merchant.Save(ctx, tx, m); err != nil {
			return err
		}
		m.Version++
		if err := merchant.Join(ctx, tx, merchant.Member{
			MerchantID: id, AccountID: owner, Role: market.RoleOwner, AddedBy: owner}); err != nil {
			return err
		}
		return merchant.Move(ctx, tx, m, merchant.Submitted, "")
	}))
	return id
}

func (w *world) see(a requesttest.Answer, status int, texts ...string) {
	w.t.Helper()
	if a.Status != status || !a.Has(texts...) {
		w.t.Fatalf("%d (to %s), want %d with %q in:\n%s", a.Status, a.Location, status, texts, a.Body)
	}
}

func (w *world) leads(a requesttest.Answer, to string) {
	w.t.Helper()
	if a.Status != http.StatusSeeOther || a.Location != to {
		w.t.Fatalf("%d to %s, want to %s", a.Status, a.Location, to)
	}
}

func TestTheLineAndItsDecisions(t *testing.T) {
	w := open(t)
	owner := w.account("kim@example.com", "")
	first := w.shop("두레 국수", owner)
	w.w.Clock.Advance(time.Minute)
	second := w.shop("두레 <b>빵</b>", owner)
	w.SignIn(w.d, w.account("adm@example.com", market.RoleSupport))
	list := w.Get("/admin/merchants")
	w.see(list, 200, "심사를 기다리는 가게 2곳", "두레 &lt;b&gt;빵&lt;/b&gt;")
	if strings.Index(list.Body, "두레 국수") > strings.Index(list.Body, "빵") {
		t.Error("the longest waiting is not first")
	}
	at := "/admin/merchants/" + string(first)
	page := w.Get(at)
	w.see(page, 200, "국세청", "김두레", "kim@example.com", "&lt;script&gt;")
	if page.Has("123456789012") {
		t.Error("support sees the whole account number")
	}
	w.see(w.Post(at+"/return", "reason", "음"), 422, `id="f-reason-error"`, ">음</textarea>")
	w.leads(w.Post(at+"/return", "reason", "사진을 밝게 찍어 주세요."), "/admin/merchants")
	w.see(w.Get(at), 200, "사진을 밝게", "심사함")
	w.see(w.Post(at+"/approve"), 409, "지금 상태에서는")
	other := "/admin/merchants/" + string(second)
	w.leads(w.Post(other+"/approve"), "/admin/merchants")
	w.see(w.Get("/admin/merchants?state=approved"), 200, "빵", "승인했어요")
	w.leads(w.Post(other+"/suspend", "reason", "손님을 여러 번 돌려보냈습니다."), other)
	w.see(w.Get(other), 200, "판매 멈춤", "다시 팔게 하기")
	w.leads(w.Post(other+"/reinstate"), other)
	w.see(w.Get("/admin/merchants?state=nonsense&after=x&at=-5"), 200)
	w.see(w.Get("/admin/merchants/mer_nobody"), 404)
}

func TestPagesGoOn(t *testing.T) {
	w := open(t)
	owner := w.account("kim@example.com", "")
	for range 31 {
		w.shop("두레 국수", owner)
		w.w.Clock.Advance(time.Second)
	}
	w.SignIn(w.d, w.account("adm@example.com", market.RoleAdmin))
	list := w.Get("/admin/merchants")
	next := regexp.MustCompile(`href="(/admin/merchants\?after=[^"]+)"`).FindStringSubmatch(list.Body)
	if next == nil {
		t.Fatal("no next page")
	}
	rest := w.Get(strings.ReplaceAll(next[1], "&amp;", "&"))
	if n := strings.Count(rest.Body, "href=\"/admin/merchants/mer_"); rest.Status != 200 || n != 1 {
		t.Errorf("%d: %d shops on the second page", rest.Status, n)
	}
}

func TestOnlyTheOperatorIsHere(t *testing.T) {
	w := open(t)
	owner := w.account("kim@example.com", "")
	at := "/admin/merchants/" + string(w.shop("두레 국수", owner))
	finance := w.account("fin@example.com", market.RoleFinance)
	for name, c := range map[string]struct {
		who       market.AccountID
		look, act int
	}{
		"owner": {owner, 404, 403}, "stranger": {w.account("x@example.com", ""), 404, 404}, "finance": {finance, 200, 403},
	} {
		b := w.Another()
		b.SignIn(w.d, c.who)
		if a := b.Get("/admin/merchants"); a.Status != c.look {
			t.Errorf("%s, list: %d", name, a.Status)
		}
		if a := b.Get(at); a.Status != c.look {
			t.Errorf("%s, shop: %d", name, a.Status)
		}
		for _, act := range []string{"/approve", "/return", "/suspend", "/reinstate"} {
			if a := b.Post(at+act, "reason", "까닭이 있어요"); a.Status != c.act && a.Status != c.look {
				t.Errorf("%s%s: %d", name, act, a.Status)
			}
		}
	}
	b := w.Another()
	b.SignIn(w.d, finance)
	w.see(b.Get(at), 200, "123456789012")
	w.leads(w.Another().Get(at), "/signin?next="+strings.ReplaceAll(at, "/", "%2F"))
	for _, act := range []string{"/approve", "/return", "/suspend", "/reinstate"} {
		if a := b.Send(http.MethodPost, at+act, http.Header{"Origin": {"https://evil.example"}}, nil); a.Status != 403 {
			t.Errorf("%s from elsewhere: %d", act, a.Status)
		}
	}
}
