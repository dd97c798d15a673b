package enroll_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/answer"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// listed writes an entry of the register.
func (w *world) listed(key string, change func(*directory.Draft)) directory.EntryID {
	w.t.Helper()
	d := directory.Draft{Entry: directory.Entry{ID: directory.EntryID(directory.Prefix + key), Name: "두레국수",
		Branch: "연남점", CategoryID: "eat.korean", Industry: "백반/한정식", RegionID: mapo, DistrictID: mapo, Matched: "name",
		Address: "서울특별시 마포구 동교로 1", Floor: "1", LatitudeE7: 37_5600000, LongitudeE7: 126_9200000}}
	if change != nil {
		change(&d)
	}
	d.Seal()
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error {
		return directory.Insert(w.t.Context(), tx, []directory.Draft{d})
	}))
	return d.ID
}

// claims begins a registration from an entry and fills in the rest.
func (w *world) claims(owner market.AccountID, entry directory.EntryID, number string) enroll.Claimed {
	w.t.Helper()
	ctx := w.t.Context()
	got, err := w.e.Claim(ctx, w.actor(owner), enroll.ClaimCmd{EntryID: entry})
	w.must(err)
	actor := w.actor(owner)
	_, err = w.e.Save(ctx, actor, enroll.SaveCmd{
		MerchantID: got.MerchantID, Business: business(number), Profile: profile()})
	w.must(err)
	branches, err := merchant.Branches(ctx, w.d, got.MerchantID)
	w.must(err)
	b := branch(got.MerchantID)
	if len(branches) > 0 {
		b.ID = branches[0].ID
	}
	_, err = w.e.SaveBranch(ctx, actor, b)
	w.must(err)
	_, err = w.e.SaveBank(ctx, actor, got.MerchantID, bank())
	w.must(err)
	_, err = w.e.AddPicture(ctx, actor, got.MerchantID, photograph(w.t, 600, 400))
	w.must(err)
	return got
}

func (w *world) submit(owner market.AccountID, id market.MerchantID) {
	w.t.Helper()
	_, err := w.e.Submit(w.t.Context(), w.actor(owner), id)
	w.must(err)
}

// stands tells where a shop and its claims stand.
func (w *world) stands(id market.MerchantID) string {
	w.t.Helper()
	m, err := merchant.Find(w.t.Context(), w.d, id)
	w.must(err)
	list, err := directory.ClaimsOf(w.t.Context(), w.d, id)
	w.must(err)
	words := []string{string(m.State)}
	for _, c := range list {
		words = append(words, string(c.State))
	}
	return strings.Join(words, " ")
}

func (w *world) is(id market.MerchantID, want string) {
	w.t.Helper()
	if got := w.stands(id); got != want {
		w.t.Errorf("%s stands at %q, want %q", id, got, want)
	}
}

func (w *world) entry(id directory.EntryID) directory.Entry {
	w.t.Helper()
	e, err := directory.Find(w.t.Context(), w.d, id)
	w.must(err)
	return e
}

func TestAClaimFillsInTheRegistration(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		entry := w.listed("A1", nil)
		cmd := enroll.ClaimCmd{EntryID: entry, Key: "key_1"}
		got, err := w.e.Claim(ctx, w.actor(owner), cmd)
		w.must(err)
		m, err := merchant.Find(ctx, w.d, got.MerchantID)
		w.must(err)
		branches, err := merchant.Branches(ctx, w.d, m.ID)
		w.must(err)
		if m.Business.Name != "두레국수 연남점" || m.Profile.CategoryID != "eat.korean" || m.RegionID != mapo ||
			len(branches) != 1 {
			w.t.Fatalf("%+v %+v", m, branches)
		}
		if b := branches[0]; b.Name != "연남점" || b.Address != "서울특별시 마포구 동교로 1, 1층" || b.RegionID != mapo ||
			b.LatitudeE7 != 37_5600000 || !b.Hours.Never() {
			w.t.Errorf("%+v", b)
		}
		w.is(m.ID, "draft begun")
		// The same press again, with its key and without, is the same registration.
		for _, again := range []enroll.ClaimCmd{cmd, {EntryID: entry, Key: "key_2"}, {EntryID: entry}} {
			if once, err := w.e.Claim(ctx, w.actor(owner), again); err != nil || once != got {
				w.t.Errorf("%+v, %v", once, err)
			}
		}
		_, err = w.e.Claim(ctx, w.actor(owner), enroll.ClaimCmd{EntryID: w.listed("A2", nil), Key: "key_1"})
		w.wants(err, answer.ErrOtherBody)
		lines, err := audit.List(ctx, w.d, audit.Filter{Resource: string(m.ID)})
		w.must(err)
		if len(lines) != 2 || lines[0].Action != "merchant.claim" || !strings.Contains(lines[0].Detail, string(entry)) {
			w.t.Errorf("%+v", lines)
		}
	})
}

// What the register says wrongly is left for the owner, and never stops the claim.
func TestAClaimOnAPoorEntry(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		for key, change := range map[string]func(*directory.Draft){
			"unmatched": func(d *directory.Draft) { d.Matched, d.RegionID = "province", "province_11" },
			"no address": func(d *directory.Draft) {
				d.Address, d.LotAddress = "", ""
			},
			"abroad":     func(d *directory.Draft) { d.LatitudeE7 = 1 },
			"gone":       func(d *directory.Draft) { d.RegionID = "neighbourhood_gone" },
			"other kind": func(d *directory.Draft) { d.CategoryID = "no.such" },
			"long": func(d *directory.Draft) {
				d.Name, d.Address = strings.Repeat("두레", 50), strings.Repeat("긴길 ", 60)
			},
			"emoji": func(d *directory.Draft) { d.Name, d.Branch = "🍜🍜", "" },
		} {
			owner := w.account(strings.ReplaceAll(key, " ", "")+"@example.com", "")
			id := w.listed(strings.ReplaceAll(key, " ", "-"), change)
			got, err := w.e.Claim(ctx, w.actor(owner), enroll.ClaimCmd{EntryID: id})
			if err != nil {
				w.t.Errorf("%s: %v", key, err)
				continue
			}
			branches, err := merchant.Branches(ctx, w.d, got.MerchantID)
			w.must(err)
			if wanted := map[string]int{"other kind": 1, "long": 1, "emoji": 1}[key]; len(branches) != wanted {
				w.t.Errorf("%s: %+v", key, branches)
			}
			w.is(got.MerchantID, "draft begun")
		}
	})
}

func TestApprovalGivesTheEntry(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner, staff := w.account("kim@example.com", ""), w.account("adm@example.com", market.RoleSupport)
		entry := w.listed("A1", nil)
		mine := w.claims(owner, entry, "124-81-00998")
		w.submit(owner, mine.MerchantID)
		w.is(mine.MerchantID, "submitted asked")
		if e := w.entry(entry); e.State != directory.Unclaimed {
			w.t.Errorf("a claim holds the entry before it is granted: %+v", e)
		}
		_, err := w.e.Approve(ctx, w.actor(staff), mine.MerchantID)
		w.must(err)
		w.is(mine.MerchantID, "approved granted")
		if e := w.entry(entry); e.MerchantID != mine.MerchantID {
			w.t.Errorf("%+v", e)
		}
		late := w.account("lee@example.com", "")
		_, err = w.e.Claim(ctx, w.actor(late), enroll.ClaimCmd{EntryID: entry})
		w.wants(err, directory.ErrClaimed)
		if drafts, err := merchant.Counts(ctx, w.d); err != nil || drafts[merchant.Draft] != 0 {
			w.t.Errorf("a refused claim left a registration behind: %v, %v", drafts, err)
		}
	})
}

// TestTwoCompetingClaims lets two operators approve two registrations of one shop at the same moment.
func TestTwoCompetingClaims(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		one, two := w.account("kim@example.com", ""), w.account("lee@example.com", "")
		begun := w.account("cho@example.com", "")
		staff := w.actor(w.account("adm@example.com", market.RoleSupport))
		entry := w.listed("A1", nil)
		a, b := w.claims(one, entry, "124-81-00998"), w.claims(two, entry, "220-81-62517")
		w.submit(one, a.MerchantID)
		w.submit(two, b.MerchantID)
		draft, err := w.e.Claim(ctx, w.actor(begun), enroll.ClaimCmd{EntryID: entry})
		w.must(err)
		w.mails()
		errs := make(chan error, 2)
		for _, id := range []market.MerchantID{a.MerchantID, b.MerchantID} {
			go func() {
				_, err := w.e.Approve(context.WithoutCancel(ctx), staff, id)
				errs <- err
			}()
		}
		first, second := <-errs, <-errs
		if (first == nil) == (second == nil) {
			w.t.Fatalf("%v and %v", first, second)
		}
		refused := errors.Join(first, second)
		if !errors.Is(refused, directory.ErrClaimed) && !errors.Is(refused, merchant.ErrState) &&
			!errors.Is(refused, merchant.ErrChanged) && !errors.Is(refused, directory.ErrClaimState) {
			w.t.Errorf("the later operator heard %v", refused)
		}
		winner, loser := a.MerchantID, b.MerchantID
		if w.stands(winner) != "approved granted" {
			winner, loser = loser, winner
		}
		w.is(winner, "approved granted")
		w.is(loser, "returned refused")
		w.is(draft.MerchantID, "draft refused")
		if e := w.entry(entry); e.MerchantID != winner {
			w.t.Errorf("%+v", e)
		}
		subjects, last := w.mails()
		if strings.Count(subjects, "claim_lost") != 2 || strings.Count(subjects, "shop_approved") != 1 ||
			strings.Contains(subjects, "shop_returned") || last.To == "" {
			w.t.Errorf("mailed: %s", subjects)
		}
		m, err := merchant.Find(ctx, w.d, loser)
		w.must(err)
		if m.ReturnReason != "enroll.claim.lost_reason" {
			w.t.Errorf("no reason for the registration: %q", m.ReturnReason)
		}
		w.sees(loser, "draft>submitted submitted>returned")
		// Another shop after all: it goes on without the entry.
		owner := map[market.MerchantID]market.AccountID{a.MerchantID: one, b.MerchantID: two}[loser]
		w.submit(owner, loser)
		_, err = w.e.Approve(ctx, staff, loser)
		w.must(err)
		w.is(loser, "approved refused")
	})
}

func TestAReturnedRegistrationHoldsNothing(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		one, two := w.account("kim@example.com", ""), w.account("lee@example.com", "")
		staff := w.actor(w.account("adm@example.com", market.RoleSupport))
		entry := w.listed("A1", nil)
		a := w.claims(one, entry, "124-81-00998")
		w.submit(one, a.MerchantID)
		_, err := w.e.Return(ctx, staff, a.MerchantID, "사진이 어두워요.")
		w.must(err)
		w.is(a.MerchantID, "returned begun")
		b := w.claims(two, entry, "220-81-62517")
		w.submit(two, b.MerchantID)
		_, err = w.e.Approve(ctx, staff, b.MerchantID)
		w.must(err)
		w.is(b.MerchantID, "approved granted")
		w.is(a.MerchantID, "returned refused")
		w.submit(one, a.MerchantID)
		w.is(a.MerchantID, "submitted refused")
	})
}

// A shop that is a member already claims a place of its own; that is for the operator to decide.
func TestAMemberClaims(t *testing.T) {
	each(t, func(w *world) {
		ctx := w.t.Context()
		owner := w.account("kim@example.com", "")
		staff := w.actor(w.account("adm@example.com", market.RoleSupport))
		id := w.approved(owner, "124-81-00998")
		entry := w.listed("A1", nil)
		claim := func() enroll.ClaimStep {
			got, err := w.e.Claim(ctx, w.actor(owner), enroll.ClaimCmd{EntryID: entry, MerchantID: id})
			w.must(err)
			return enroll.ClaimStep{MerchantID: id, ClaimID: got.ClaimID}
		}
		s := claim()
		w.is(id, "approved asked")
		if err := w.e.GrantClaim(ctx, w.actor(owner), s); fail.KindOf(err) != fail.Forbidden {
			w.t.Errorf("an owner granted a claim: %v", err)
		}
		w.wants(w.e.RefuseClaim(ctx, staff, s), directory.ErrReason)
		s.Reason, s.Key = "간판이 달라요.", "key_1"
		w.must(w.e.RefuseClaim(ctx, staff, s))
		w.must(w.e.RefuseClaim(ctx, staff, s)) // the same press again
		if subjects, _ := w.mails(); subjects != "claim_refused" {
			w.t.Errorf("mailed: %s", subjects)
		}
		s = claim()
		w.must(w.e.WithdrawClaim(ctx, w.actor(owner), s))
		s = claim()
		w.must(w.e.GrantClaim(ctx, staff, s))
		w.is(id, "approved refused withdrawn granted")
		s.Reason = "다른 가게였어요."
		w.must(w.e.ReleaseClaim(ctx, staff, s))
		lines, err := audit.List(ctx, w.d, audit.Filter{Resource: string(id), Limit: 6})
		w.must(err)
		var acts []string
		for _, line := range lines {
			acts = append(acts, strings.TrimPrefix(line.Action, "merchant."))
		}
		if got := strings.Join(acts, " "); got != "claim_release claim_grant claim claim_withdraw claim claim_refuse" {
			w.t.Errorf("the log says %s", got)
		}
		if subjects, _ := w.mails(); subjects != "claim_granted claim_released" {
			w.t.Errorf("mailed: %s", subjects)
		}
		if e := w.entry(entry); e.State != directory.Unclaimed {
			w.t.Errorf("%+v", e)
		}
		w.wants(w.e.GrantClaim(ctx, staff, s), directory.ErrClaimState)
		s.ClaimID = "clm_nobody"
		w.wants(w.e.GrantClaim(ctx, staff, s), directory.ErrNoClaim)
	})
}

func TestARegistrationIsNotGrantedBeforeItsApproval(t *testing.T) {
	each(t, func(w *world) {
		owner := w.account("kim@example.com", "")
		staff := w.actor(w.account("adm@example.com", market.RoleSupport))
		got := w.claims(owner, w.listed("A1", nil), "124-81-00998")
		w.submit(owner, got.MerchantID)
		s := enroll.ClaimStep{MerchantID: got.MerchantID, ClaimID: got.ClaimID}
		w.wants(w.e.GrantClaim(w.t.Context(), staff, s), merchant.ErrNotApproved)
	})
}
