package merchant_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

func write(t *testing.T, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) error {
	t.Helper()
	return d.Write(context.Background(), func(tx *db.Tx) error { return fn(context.Background(), tx) })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const owner = market.AccountID("acc_owner")

// shop makes a draft with an owner.
func shop(t *testing.T, d *db.DB, name string) merchant.Merchant {
	t.Helper()
	var m merchant.Merchant
	must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error {
		m = merchant.Merchant{
			ID: market.MerchantID(tx.NewID("mer")), Business: merchant.Business{Name: name}, CreatedAt: tx.Now(),
		}
		if err := merchant.Insert(ctx, tx, m); err != nil {
			return err
		}
		return merchant.Join(ctx, tx, merchant.Member{
			MerchantID: m.ID, AccountID: owner, Role: market.RoleOwner, AddedBy: owner})
	}))
	return read(t, d, m.ID)
}

func read(t *testing.T, d *db.DB, id market.MerchantID) merchant.Merchant {
	t.Helper()
	m, err := merchant.Find(t.Context(), d, id)
	must(t, err)
	return m
}

func save(t *testing.T, d *db.DB, m merchant.Merchant) error {
	t.Helper()
	return write(t, d, func(ctx context.Context, tx *db.Tx) error { return merchant.Save(ctx, tx, m) })
}

func move(t *testing.T, d *db.DB, m merchant.Merchant, to merchant.State) error {
	t.Helper()
	return write(t, d, func(ctx context.Context, tx *db.Tx) error { return merchant.Move(ctx, tx, m, to, "까닭") })
}

func TestSaveKeepsEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		m := shop(t, d, "두레 국수")
		if m.State != merchant.Draft || m.Slug != string(m.ID) || m.Profile.Slug != "" {
			t.Fatalf("%+v", m)
		}
		m.Business = merchant.Business{
			Number: "1248100998", Name: "두레 국수", Representative: "김두레", Phone: "021234567", Email: "a@b.co",
		}
		m = m.Reprofile(merchant.Profile{
			Slug: "두레국수", Story: "국수", CategoryID: "food", More: []market.CategoryID{"x"}, Colour: "#112233",
			Pictures: []photo.Ref{"/art/noodle/1.svg"},
		})
		m.RegionID = "dong"
		m.Bank = merchant.Bank{Code: "004", Account: "12345678", Holder: "김두레"}
		m.NextBank, m.NextBankAt = merchant.Bank{Code: "088", Account: "87654321", Holder: "김"}, w.Clock.Now()
		must(t, save(t, d, m))
		again := read(t, d, m.ID)
		m.Version++
		if again.Profile.Story != "국수" || again.Slug != "두레국수" || again.Bank != m.Bank || again.NextBank != m.NextBank ||
			again.Business != m.Business || !slices.Equal(again.Profile.Pictures, m.Profile.Pictures) ||
			again.Version != m.Version || !again.NextBankAt.Equal(m.NextBankAt) || again.Profile.More[0] != "x" {
			t.Errorf("%+v\n%+v", m, again)
		}
		m.Version--
		if err := save(t, d, m); !errors.Is(err, merchant.ErrChanged) {
			t.Errorf("an older page overwrote a newer one: %v", err)
		}
		bySlug, err := merchant.FindBySlug(t.Context(), d, "두레국수")
		if err != nil || bySlug.ID != m.ID {
			t.Errorf("by slug: %v, %v", bySlug.ID, err)
		}
		if _, err := merchant.FindBySlug(t.Context(), d, "없는집"); !errors.Is(err, merchant.ErrNotFound) {
			t.Errorf("no such page: %v", err)
		}
		other := shop(t, d, "다른 국수")
		other.Slug = "두레국수"
		if err := save(t, d, other); !errors.Is(err, merchant.ErrSlugTaken) {
			t.Errorf("two shops share an address: %v", err)
		}
	})
}

func TestMoveLeavesTheStateItNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		m := shop(t, d, "두레 국수")
		must(t, move(t, d, m, merchant.Submitted))
		if err := move(t, d, m, merchant.Submitted); !errors.Is(err, merchant.ErrChanged) {
			t.Errorf("submitted twice: %v", err)
		}
		m = read(t, d, m.ID)
		if !m.SubmittedAt.Equal(w.Clock.Now()) || !m.ApprovedAt.IsZero() || m.ReturnReason != "까닭" {
			t.Errorf("%+v", m)
		}
		must(t, move(t, d, m, merchant.Approved))
		first := read(t, d, m.ID).ApprovedAt
		w.Clock.Advance(time.Hour)
		must(t, move(t, d, read(t, d, m.ID), merchant.Suspended))
		must(t, move(t, d, read(t, d, m.ID), merchant.Approved))
		if m = read(t, d, m.ID); !m.ApprovedAt.Equal(first) || !m.MaySell() {
			t.Errorf("%+v", m)
		}
	})
}

func TestANumberIsOneShopsOnceSubmitted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		var shops []merchant.Merchant
		for range 2 {
			m := shop(t, d, "두레 국수")
			m.Business.Number = "1248100998"
			must(t, save(t, d, m))
			shops = append(shops, read(t, d, m.ID))
		}
		must(t, move(t, d, shops[0], merchant.Submitted))
		if err := move(t, d, shops[1], merchant.Submitted); !errors.Is(err, merchant.ErrNumberTaken) {
			t.Errorf("two shops were submitted with one number: %v", err)
		}
		taken, err := merchant.NumberTaken(t.Context(), d, "1248100998", shops[1].ID)
		if !taken || err != nil {
			t.Error(taken, err)
		}
	})
}

func TestSettleFindsAFreeAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		var slugs []string
		for range 3 {
			m := shop(t, d, "두레 국수")
			must(t, write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
				m.Slug, err = merchant.Settle(ctx, tx, m)
				return err
			}))
			must(t, save(t, d, m))
			slugs = append(slugs, m.Slug)
		}
		if got := strings.Join(slugs, " "); got != "두레-국수 두레-국수-2 두레-국수-3" {
			t.Error(got)
		}
	})
}

func TestListAndCounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		var ids []market.MerchantID
		for _, name := range []string{"가", "나", "다"} {
			m := shop(t, d, name)
			ids = append(ids, m.ID)
			w.Clock.Advance(time.Minute)
			m.Business.Number = name
			must(t, save(t, d, m))
			must(t, move(t, d, read(t, d, m.ID), merchant.Submitted))
		}
		shop(t, d, "라")
		first, err := merchant.List(ctx, d, merchant.Submitted, merchant.Cursor{}, 2)
		if err != nil || len(first) != 2 || first[0].ID != ids[0] {
			t.Fatalf("%v, %v", first, err)
		}
		rest, err := merchant.List(ctx, d, merchant.Submitted, merchant.Cursor{At: first[1].SubmittedAt, ID: first[1].ID}, 2)
		if err != nil || len(rest) != 1 || rest[0].ID != ids[2] {
			t.Errorf("%v, %v", rest, err)
		}
		counts, err := merchant.Counts(ctx, d)
		if err != nil || counts[merchant.Submitted] != 3 || counts[merchant.Draft] != 1 {
			t.Errorf("%v, %v", counts, err)
		}
		some, err := merchant.ListByIDs(ctx, d, ids[:2])
		if err != nil || len(some) != 2 {
			t.Errorf("%v, %v", some, err)
		}
		for range merchant.DraftsMax {
			shop(t, d, "마")
		}
		if err := merchant.RoomForDraft(ctx, d, owner); !errors.Is(err, merchant.ErrManyDrafts) {
			t.Errorf("drafts without end: %v", err)
		}
	})
}

func TestBranches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		m, other := shop(t, d, "두레 국수"), shop(t, d, "다른 국수")
		b := merchant.Branch{
			MerchantID: m.ID, Name: "본점", Address: "서울 마포구 연남로 1", RegionID: "dong", LatitudeE7: 37_5665000,
			LongitudeE7: 126_9780000, Hours: noodles(t), Phone: "021234567", Directions: "2번 출구에서 왼쪽",
		}
		for range 2 {
			w.Clock.Advance(time.Second)
			must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error {
				b.ID = market.BranchID(tx.NewID("brn"))
				return merchant.InsertBranch(ctx, tx, b)
			}))
		}
		list, err := merchant.Branches(ctx, d, m.ID)
		if err != nil || len(list) != 2 || list[0].Directions != b.Directions ||
			!list[0].Hours.OpenAt(when(t, "2026-03-04 12:00"), kst) {
			t.Fatalf("%+v, %v", list, err)
		}
		if list[0].Cell() <= 0 || (merchant.Branch{}).Cell() != 0 {
			t.Errorf("cell %d", list[0].Cell())
		}
		near := list[0]
		near.LatitudeE7 += 100 // a metre further
		if diff := near.Cell() - list[0].Cell(); diff > 1<<20 || diff < -(1<<20) {
			t.Errorf("neighbours lie %d apart", diff)
		}
		if _, err := merchant.FindBranch(ctx, d, other.ID, list[0].ID); !errors.Is(err, merchant.ErrNotFound) {
			t.Errorf("another shop's branch: %v", err)
		}
		stolen := list[0]
		stolen.MerchantID = other.ID
		if err := write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return merchant.SaveBranch(ctx, tx, stolen)
		}); !errors.Is(err, merchant.ErrNotFound) {
			t.Errorf("another shop's branch was written: %v", err)
		}
		shut := func(branch market.BranchID) error {
			return write(t, d, func(ctx context.Context, tx *db.Tx) error {
				return merchant.CloseBranch(ctx, tx, m.ID, branch)
			})
		}
		var both sync.WaitGroup
		var errs [2]error
		both.Go(func() { errs[0] = shut(list[0].ID) })
		both.Go(func() { errs[1] = shut(list[1].ID) })
		both.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs[:]...), merchant.ErrLastBranch) {
			t.Errorf("both branches closed at once: %v", errs)
		}
		byID, err := merchant.BranchesByIDs(ctx, d, []market.BranchID{list[0].ID, list[1].ID})
		if err != nil || len(byID) != 2 {
			t.Errorf("closed branches are forgotten: %v, %v", byID, err)
		}
	})
}

func TestBranchParse(t *testing.T) {
	good, err := merchant.Branch{Name: "본점", Address: "서울 마포구 연남로 1", RegionID: "dong"}.Parse()
	if err != nil || good.Name != "본점" {
		t.Errorf("%v", err)
	}
	_, err = merchant.Branch{
		Name: "", Address: "짧음", Phone: "x", Directions: strings.Repeat("가", 301), LatitudeE7: 48_8566000,
		LongitudeE7: 2_3522000, Hours: merchant.Hours{Week: [7]merchant.Day{{{From: 5, To: 1}}}},
	}.Parse()
	for _, want := range []error{
		merchant.ErrBranchName, merchant.ErrAddress, merchant.ErrPhone, merchant.ErrDirections, merchant.ErrRegion,
		merchant.ErrPlace, merchant.ErrHours,
	} {
		if !errors.Is(err, want) {
			t.Errorf("%v is not told in %v", want, err)
		}
	}
	if merchant.RoomForBranch(make([]merchant.Branch, merchant.BranchesMax)) == nil {
		t.Error("branches without end")
	}
}

// people is a shop whose invitations are written, mailed and accepted step by step.
type people struct {
	t *testing.T
	d *db.DB
	m merchant.Merchant
}

func (p people) invite() (id string) {
	p.t.Helper()
	must(p.t, write(p.t, p.d, func(ctx context.Context, tx *db.Tx) error {
		id = tx.NewID(merchant.PrefixInvitation)
		return merchant.Invite(ctx, tx, merchant.Invitation{
			ID: id, MerchantID: p.m.ID, Email: "kim@example.com", Role: market.RoleScan, BranchID: "brn_1",
			InvitedBy: owner, ExpiresAt: merchant.InvitedUntil(tx.Now())})
	}))
	return id
}

func (p people) mailed(id, hash string) error {
	p.t.Helper()
	return write(p.t, p.d, func(ctx context.Context, tx *db.Tx) error {
		_, err := merchant.Mailed(ctx, tx, id, hash)
		return err
	})
}

func (p people) accept(hash string, who market.AccountID) error {
	p.t.Helper()
	return write(p.t, p.d, func(ctx context.Context, tx *db.Tx) error {
		_, err := merchant.Accept(ctx, tx, hash, who)
		return err
	})
}

func (p people) leave(who market.AccountID) error {
	p.t.Helper()
	return write(p.t, p.d, func(ctx context.Context, tx *db.Tx) error { return merchant.Leave(ctx, tx, p.m.ID, who) })
}

func (p people) wants(err, want error) {
	p.t.Helper()
	if !errors.Is(err, want) {
		p.t.Errorf("got %v, want %v", err, want)
	}
}

func TestInvitations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		p := people{t, d, shop(t, d, "두레 국수")}
		w.Clock.Advance(time.Second)
		first := p.invite()
		p.wants(p.accept("", "acc_kim"), merchant.ErrInvitation) // never mailed
		must(t, p.mailed(first, "h0"))
		must(t, p.mailed(first, "h1"))
		p.wants(p.accept("h0", "acc_kim"), merchant.ErrInvitation) // an older link
		must(t, p.accept("h1", "acc_kim"))
		p.wants(p.accept("h1", "acc_lee"), merchant.ErrInvitation)
		second := p.invite()
		must(t, p.mailed(second, "h2"))
		p.wants(p.accept("h2", "acc_kim"), merchant.ErrMember)
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return merchant.Revoke(ctx, tx, p.m.ID, second) }))
		p.wants(p.accept("h2", "acc_lee"), merchant.ErrInvitation)
		third := p.invite()
		must(t, p.mailed(third, "h3"))
		found, err := merchant.FindInvitation(t.Context(), d, "h3", w.Clock.Now())
		if err != nil || found.ID != third {
			t.Errorf("%+v, %v", found, err)
		}
		w.Clock.Advance(merchant.InvitationDays * 24 * time.Hour)
		p.wants(p.accept("h3", "acc_lee"), merchant.ErrInvitation)
		p.wants(p.mailed(third, "h4"), merchant.ErrInvitation)
		for range merchant.InvitationsMax {
			p.invite()
		}
		p.wants(write(t, d, func(ctx context.Context, tx *db.Tx) error {
			return merchant.Invite(ctx, tx, merchant.Invitation{ID: "x", MerchantID: p.m.ID, Role: market.RoleScan})
		}), merchant.ErrManyInvitations)
		_, err = merchant.Invitation{Email: "x", Role: market.RoleOwner}.Parse()
		p.wants(err, merchant.ErrRole)
		p.wants(err, merchant.ErrInviteEmail)
	})
}

func TestPeopleComeAndGo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		p := people{t, d, shop(t, d, "두레 국수")}
		w.Clock.Advance(time.Second)
		must(t, p.mailed(p.invite(), "h1"))
		must(t, p.accept("h1", "acc_kim"))
		list, err := merchant.Members(t.Context(), d, p.m.ID)
		if err != nil || len(list) != 2 || list[1].Role != market.RoleScan || list[1].BranchID != "brn_1" {
			t.Errorf("%+v, %v", list, err)
		}
		must(t, p.leave("acc_kim"))
		p.wants(p.leave("acc_kim"), merchant.ErrNoMember)
		p.wants(p.leave(owner), merchant.ErrLastOwner)
		mine, err := merchant.OfAccount(t.Context(), d, owner)
		if err != nil || len(mine) != 1 {
			t.Errorf("%v, %v", mine, err)
		}
	})
}

func TestFollowers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		m := shop(t, d, "두레 국수")
		for range 2 {
			must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return merchant.Follow(ctx, tx, "acc_1", m.ID) }))
		}
		n, err := merchant.Followers(ctx, d, m.ID)
		if n != 1 || err != nil {
			t.Error(n, err)
		}
		shops, err := merchant.Followed(ctx, d, "acc_1", 10)
		if err != nil || len(shops) != 1 || shops[0] != m.ID {
			t.Error(shops, err)
		}
		must(t, write(t, d, func(ctx context.Context, tx *db.Tx) error { return merchant.Unfollow(ctx, tx, "acc_1", m.ID) }))
		if follows, err := merchant.Follows(ctx, d, "acc_1", m.ID); follows || err != nil {
			t.Error(follows, err)
		}
	})
}
