package enroll_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

func TestFromTheFirstPageToAMember(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner, staff := w.account("kim@example.com", ""), w.account("adm@example.com", market.RoleSupport)
		id := w.registered(owner, "124-81-00998")
		if hits, err := w.index.Find(ctx, w.d, "국수", 10); err != nil || len(hits) != 0 {
			w.t.Errorf("a draft is found: %v, %v", hits, err)
		}
		m, err := w.e.Submit(ctx, w.actor(owner), id)
		w.must(err)
		if m.Slug != "두레-국수" || m.State != merchant.Submitted || m.RegionID != mapo {
			w.t.Errorf("%+v", m)
		}
		if _, err := w.e.Save(ctx, w.actor(owner), enroll.SaveCmd{
			MerchantID: id, Business: business("220-81-62517")}); !errors.Is(err, merchant.ErrSettled) {
			w.t.Errorf("the number changed under review: %v", err)
		}
		_, err = w.e.Return(ctx, w.actor(staff), id, "사진이 어두워요. 밝은 사진으로 바꿔 주세요.")
		w.must(err)
		if subjects, last := w.mails(); subjects != "shop_returned" || !strings.Contains(last.Text, "/office/shop/") {
			w.t.Errorf("the owner heard %s", subjects)
		}
		_, err = w.e.Save(ctx, w.actor(owner), enroll.SaveCmd{
			MerchantID: id, Business: business("220-81-62517"), Profile: &merchant.Profile{Slug: "다른주소", Story: "새 이야기",
				CategoryID: "eat.korean"}})
		w.must(err)
		if m, err = w.e.Submit(ctx, w.actor(owner), id); err != nil || m.Slug != "두레-국수" {
			w.t.Errorf("the address moved: %s, %v", m.Slug, err)
		}
		m, err = w.e.Approve(ctx, w.actor(staff), id)
		w.must(err)
		if !m.MaySell() || !m.Public() || m.ReturnReason != "" {
			w.t.Errorf("%+v", m)
		}
		if subjects, _ := w.mails(); subjects != "shop_approved" {
			w.t.Errorf("the owner heard %s", subjects)
		}
		for _, words := range []string{"국수", "ㄱㅅ", "마포", "한식"} {
			if hits, err := w.index.Find(ctx, w.d, words, 10); err != nil || len(hits) != 1 || hits[0].ID != string(id) {
				w.t.Errorf("%s finds %v, %v", words, hits, err)
			}
		}
		w.sees(id, "draft>submitted submitted>returned returned>submitted submitted>approved")
	})
}

// sees compares the feed's history of a shop.
func (w *world) sees(id market.MerchantID, want string) {
	w.t.Helper()
	steps, err := db.All(w.t.Context(), w.d, db.Scalar[string], `SELECT payload FROM kit_event
		WHERE aggregate = $1 AND kind = 'merchant.moved' ORDER BY version`, string(id))
	w.must(err)
	var got []string
	for _, payload := range steps {
		part := strings.Split(payload, `"`)
		got = append(got, part[7]+">"+part[11])
	}
	if strings.Join(got, " ") != want {
		w.t.Errorf("history %v", got)
	}
}

func TestSubmitTellsEverythingThatIsMissing(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		id, err := w.e.Begin(ctx, w.actor(owner), "")
		w.must(err)
		_, err = w.e.Submit(ctx, w.actor(owner), id)
		var fields []string
		for _, one := range fail.All(err) {
			fields = append(fields, one.Field)
		}
		if len(fields) != 10 || !slices.Contains(fields, "bank_account") || !slices.Contains(fields, "branch") {
			w.t.Errorf("%v", fields)
		}
	})
}

func TestStepsOutOfTurn(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		id := w.registered(owner, "124-81-00998")
		sys := market.System()
		_, err := w.e.Approve(ctx, sys, id)
		w.wants(err, merchant.ErrState)
		_, err = w.e.Suspend(ctx, sys, id, "까닭이 있어요")
		w.wants(err, merchant.ErrState)
		_, err = w.e.Return(ctx, sys, id, "음")
		w.wants(err, merchant.ErrReason)
		_, err = w.e.Approve(ctx, sys, "mer_nobody")
		w.wants(err, merchant.ErrNotFound)
		_, err = w.e.Submit(ctx, w.actor(owner), id)
		w.must(err)
		_, err = w.e.Submit(ctx, w.actor(owner), id)
		w.wants(err, merchant.ErrState)
	})
}

func TestSuspendedShopsStayVisible(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		id := w.approved(owner, "124-81-00998")
		m, err := w.e.Suspend(ctx, market.System(), id, "여러 번 손님을 돌려보냈어요.")
		w.must(err)
		if m.MaySell() || !m.Public() {
			w.t.Errorf("%+v", m)
		}
		w.wants(m.CheckSell(), merchant.ErrNotApproved)
		if subjects, _ := w.mails(); subjects != "shop_suspended" {
			w.t.Errorf("the owner heard %s", subjects)
		}
		m, err = w.e.Reinstate(ctx, market.System(), id)
		if err != nil || !m.MaySell() {
			w.t.Errorf("%+v, %v", m, err)
		}
	})
}

// TestForeignersChangeNothing asks every step as everybody who may not take it.
func TestForeignersChangeNothing(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner, other := w.account("kim@example.com", ""), w.account("lee@example.com", "")
		id := w.approved(owner, "124-81-00998")
		w.approved(other, "220-81-62517")
		b, err := merchant.Branches(ctx, w.d, id)
		w.must(err)
		steps := map[string]func(a market.Actor) error{
			"save": func(a market.Actor) error {
				_, err := w.e.Save(ctx, a, enroll.SaveCmd{MerchantID: id, Profile: profile()})
				return err
			},
			"save nonsense": func(a market.Actor) error { // the words are not judged for a stranger
				_, err := w.e.Save(ctx, a, enroll.SaveCmd{MerchantID: id, Business: &merchant.Business{Number: "1"}})
				return err
			},
			"bank":   func(a market.Actor) error { _, err := w.e.SaveBank(ctx, a, id, bank()); return err },
			"unbank": func(a market.Actor) error { _, err := w.e.CancelBank(ctx, a, id); return err },
			"branch": func(a market.Actor) error {
				next := branch(id)
				next.ID = b[0].ID
				_, err := w.e.SaveBranch(ctx, a, next)
				return err
			},
			"close":   func(a market.Actor) error { return w.e.CloseBranch(ctx, a, id, b[0].ID) },
			"picture": func(a market.Actor) error { _, err := w.e.AddPicture(ctx, a, id, nil); return err },
			"submit":  func(a market.Actor) error { _, err := w.e.Submit(ctx, a, id); return err },
			"approve": func(a market.Actor) error { _, err := w.e.Approve(ctx, a, id); return err },
			"return":  func(a market.Actor) error { _, err := w.e.Return(ctx, a, id, "x"); return err },
			"suspend": func(a market.Actor) error { _, err := w.e.Suspend(ctx, a, id, "x"); return err },
			"invite": func(a market.Actor) error {
				_, err := w.e.Invite(ctx, a, enroll.InviteCmd{MerchantID: id, Email: "x", Role: "owner"})
				return err
			},
			"remove": func(a market.Actor) error { return w.e.RemoveMember(ctx, a, id, owner) },
			"revoke": func(a market.Actor) error { return w.e.Revoke(ctx, a, id, "inv_x") },
			"claim": func(a market.Actor) error {
				_, err := w.e.Claim(ctx, a, enroll.ClaimCmd{MerchantID: id, EntryID: "dir_x"})
				return err
			},
			"withdraw": func(a market.Actor) error { return w.e.WithdrawClaim(ctx, a, enroll.ClaimStep{MerchantID: id}) },
			"grant":    func(a market.Actor) error { return w.e.GrantClaim(ctx, a, enroll.ClaimStep{MerchantID: id}) },
			"refuse":   func(a market.Actor) error { return w.e.RefuseClaim(ctx, a, enroll.ClaimStep{MerchantID: id}) },
			"release":  func(a market.Actor) error { return w.e.ReleaseClaim(ctx, a, enroll.ClaimStep{MerchantID: id}) },
		}
		for name, step := range steps {
			if err := step(w.actor(other)); fail.KindOf(err) != fail.NotFound {
				w.t.Errorf("%s by another owner: %v", name, err)
			}
			if err := step(market.Actor{}); fail.KindOf(err) != fail.Unauthenticated {
				w.t.Errorf("%s by a guest: %v", name, err)
			}
			// The same step on a shop that never was answers the same.
		}
		unknown := w.e.CloseBranch(ctx, w.actor(other), "mer_00000000000000000000000000", b[0].ID)
		known := w.e.CloseBranch(ctx, w.actor(other), id, b[0].ID)
		if unknown.Error() != known.Error() {
			w.t.Errorf("%v / %v", unknown, known)
		}
	})
}

func TestANewAccountWaitsAndTheOwnersHear(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		id := w.approved(owner, "124-81-00998")
		old, next := merchant.Bank{Code: "004", Account: "123456789012", Holder: "김두레"}, bank()
		next.Code = "088"
		read := func() merchant.Merchant {
			m, err := merchant.Find(ctx, w.d, id)
			w.must(err)
			return m
		}
		_, err := w.e.SaveBank(ctx, w.actor(owner), id, next)
		w.must(err)
		subjects, last := w.mails()
		if subjects != "bank_pending" || strings.Contains(last.Text, "123456789012") || read().Bank != old {
			w.t.Errorf("told %s; %+v", subjects, read())
		}
		w.w.Clock.Advance(72*time.Hour - time.Second)
		w.mails()
		if read().Bank != old {
			w.t.Error("the account changed before its time")
		}
		_, err = w.e.CancelBank(ctx, w.actor(owner), id)
		w.must(err)
		w.w.Clock.Advance(time.Hour)
		w.mails()
		if read().Bank != old {
			w.t.Error("a cancelled account was taken")
		}
		_, err = w.e.SaveBank(ctx, w.actor(owner), id, next)
		w.must(err)
		w.w.Clock.Advance(time.Hour)
		third := next
		third.Account = "99999999"
		_, err = w.e.SaveBank(ctx, w.actor(owner), id, third) // a second wish begins its own wait
		w.must(err)
		w.mails()
		w.w.Clock.Advance(71*time.Hour + time.Minute)
		w.mails()
		if read().Bank != old {
			w.t.Error("the first wish's time was taken for the second's")
		}
		w.w.Clock.Advance(time.Hour)
		if subjects, _ := w.mails(); subjects != "bank_changed" || read().Bank.Account != "99999999" {
			w.t.Errorf("told %s; %+v", subjects, read().Bank)
		}
		w.must(w.d.Read(ctx, func(r *db.ReadTx) error {
			entries, err := audit.List(ctx, r, audit.Filter{Resource: string(id)})
			for _, e := range entries {
				if strings.Contains(e.Detail, "123456789012") || strings.Contains(e.Detail, "99999999") {
					w.t.Error("the audit log holds an account number")
				}
			}
			return err
		}))
	})
}

func TestPicturesAreMadeAnewOrRefused(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		id, err := w.e.Begin(ctx, w.actor(owner), "두레 국수")
		w.must(err)
		actor := w.actor(owner)
		whole := photograph(w.t, 600, 400)
		for name, c := range map[string]struct {
			file []byte
			want error
		}{
			"svg":       {[]byte(`<svg onload="alert(1)"/>`), picture.ErrUnknown},
			"nothing":   {nil, picture.ErrUnknown},
			"truncated": {whole[:len(whole)/2], picture.ErrBroken},
			"html":      {[]byte("<html><script>"), picture.ErrUnknown},
			"huge":      {make([]byte, picture.BytesMaxDefault+1), picture.ErrTooLarge},
		} {
			if _, err := w.e.AddPicture(ctx, actor, id, c.file); !errors.Is(err, c.want) {
				w.t.Errorf("%s: %v", name, err)
			}
		}
		for i := range merchant.PicturesMax {
			_, err := w.e.AddPicture(ctx, actor, id, photograph(w.t, 300+i, 200))
			w.must(err)
		}
		_, err = w.e.AddPicture(ctx, actor, id, photograph(w.t, 200, 200))
		w.wants(err, merchant.ErrPictures)
		m, err := merchant.Find(ctx, w.d, id)
		w.must(err)
		last := m.Profile.Pictures[merchant.PicturesMax-1]
		if m, err = w.e.PictureFirst(ctx, actor, id, last); err != nil || m.Profile.Pictures[0] != last {
			w.t.Errorf("%v", err)
		}
		if m, err = w.e.RemovePicture(ctx, actor, id, last); err != nil || slices.Contains(m.Profile.Pictures, last) {
			w.t.Errorf("%v", err)
		}
	})
}

func TestTakenNumbersAndAddressesAreToldByField(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		first, second := w.account("kim@example.com", ""), w.account("lee@example.com", "")
		w.approved(first, "124-81-00998")
		id, err := w.e.Begin(ctx, w.actor(second), "두레 국수")
		w.must(err)
		_, err = w.e.Save(ctx, w.actor(second), enroll.SaveCmd{MerchantID: id, Business: business("124-81-00998")})
		w.wants(err, merchant.ErrNumberTaken)
		_, err = w.e.Save(ctx, w.actor(second), enroll.SaveCmd{MerchantID: id, Profile: &merchant.Profile{Slug: "두레-국수"}})
		w.wants(err, merchant.ErrSlugTaken)
		_, err = w.e.Save(ctx, w.actor(second), enroll.SaveCmd{
			MerchantID: id, Profile: &merchant.Profile{CategoryID: "no.such"}})
		w.wants(err, merchant.ErrCategory)
		for range merchant.DraftsMax - 1 {
			_, err := w.e.Begin(ctx, w.actor(second), "x")
			w.must(err)
		}
		_, err = w.e.Begin(ctx, w.actor(second), "x")
		w.wants(err, merchant.ErrManyDrafts)
		other := w.registered(first, "220-81-62517")
		m, err := w.e.Submit(ctx, w.actor(first), other)
		if err != nil || m.Slug != "두레-국수-2" {
			w.t.Errorf("%s, %v", m.Slug, err)
		}
	})
}

func TestFollow(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner, fan := w.account("kim@example.com", ""), w.account("fan@example.com", "")
		draft, err := w.e.Begin(ctx, w.actor(owner), "x")
		w.must(err)
		w.wants(w.e.Follow(ctx, w.actor(fan), draft, true), merchant.ErrNotFound)
		id := w.approved(owner, "124-81-00998")
		for _, follows := range []bool{true, true, false, false, true} {
			w.must(w.e.Follow(ctx, w.actor(fan), id, follows))
		}
		n, err := merchant.Followers(ctx, w.d, id)
		told, err2 := db.One(ctx, w.d, db.Scalar[int64], `SELECT count(*) FROM kit_event WHERE kind = 'merchant.followed'`)
		if n != 1 || told != 3 || errors.Join(err, err2) != nil {
			w.t.Errorf("%d followers, told %d times, %v", n, told, errors.Join(err, err2))
		}
		w.wants(w.e.Follow(ctx, market.Actor{}, id, true), right.ErrSignIn)
	})
}
