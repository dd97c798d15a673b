package voice_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
)

// TestMembersDecideWithAQuorum: a third of the firm members, rounded up, and half of those who voted.
func TestMembersDecideWithAQuorum(t *testing.T) {
	for _, c := range []struct {
		firm, voters, flags int64
		want                bool
	}{
		{30, 10, 5, true}, {30, 9, 9, false}, {30, 10, 4, false}, {31, 10, 10, false}, {31, 11, 6, true}, {31, 11, 5, false},
		{1, 1, 1, true}, {1, 1, 0, false}, {0, 0, 0, false}, {2, 0, 0, false}, {3, 1, 1, true}, {30, 30, 15, true},
		{30, 29, 14, false}, {30, 29, 15, true},
	} {
		if got := (voice.Tally{Voters: c.voters, Flags: c.flags}).Excludes(bidtest.Figures(), c.firm); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestAVoteIsAFirmMembers(t *testing.T) {
	for _, c := range []struct {
		vote voice.Vote
		firm bool
		want error
	}{
		{voice.Vote{}, true, nil},
		{voice.Vote{}, false, voice.ErrNotMember},
		{voice.Vote{Flag: voice.FlagFake}, true, nil},
		{voice.Vote{Flag: "dear"}, true, voice.ErrFlag},
		{voice.Vote{Flag: voice.FlagOther}, true, voice.ErrWords},
		{voice.Vote{Flag: voice.FlagOther, Words: "사진이 달라요"}, true, nil},
		{voice.Vote{Words: strings.Repeat("가", 501)}, true, voice.ErrWords},
	} {
		if _, err := c.vote.Parse(c.firm); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("%+v: %v, want %v", c.vote, err, c.want)
		}
	}
	if w, err := (voice.Word{Words: " 언제\r\n오나요? "}).Parse(); err != nil || w.Words != "언제\n오나요?" {
		t.Errorf("%+v %v", w, err)
	}
	if _, err := (voice.Word{Words: " "}).Parse(); !errors.Is(err, voice.ErrWords) {
		t.Error(err)
	}
}

func TestVoicesAreCountedOncePerMember(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		got := h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
		cast := func(who market.AccountID, b bid.Bid, flag voice.Flag) error {
			return h.Try(func(ctx context.Context, tx *db.Tx) error {
				return voice.Cast(ctx, tx, h.Wish, voice.Vote{BidID: b.ID, AccountID: who, Flag: flag, Words: "왜냐하면"})
			})
		}
		tally := func(b bid.Bid, voters, flags int64) {
			t.Helper()
			all, err := voice.Tallies(t.Context(), h.D, h.Wish)
			if err != nil || all[b.ID] != (voice.Tally{Voters: voters, Flags: flags}) {
				t.Errorf("%+v %v", all, err)
			}
		}
		for _, err := range []error{cast("acc_1", got[1], voice.FlagFake), cast("acc_2", got[1], ""),
			cast("acc_1", got[0], "")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		tally(got[1], 2, 1)
		tally(got[0], 1, 0)
		h.W.Clock.Advance(time.Second)
		if err := cast("acc_1", got[1], voice.FlagSeller); err != nil { // another reason, the same voice
			t.Error(err)
		}
		if err := cast("acc_3", got[1], voice.FlagTerms); err != nil {
			t.Error(err)
		}
		tally(got[1], 3, 2)
		flags, err := voice.FlagsOf(t.Context(), h.D, got[1].ID, 10)
		if err != nil || len(flags) != 2 || flags[0].Flag != voice.FlagSeller || flags[1].Words != "왜냐하면" {
			t.Errorf("%+v %v", flags, err)
		}
		mine, err := voice.VotesBy(t.Context(), h.D, h.Wish, "acc_1")
		if err != nil || len(mine) != 2 {
			t.Errorf("%+v %v", mine, err)
		}
		if a := h.Auction(); a.Version != 3 { // planned, opened, two bids in one batch
			t.Errorf("votes changed a running auction: %+v", a)
		}
		h.Do(func(ctx context.Context, tx *db.Tx) error { return voice.Unvote(ctx, tx, h.Wish, "acc_1") })
		tally(got[1], 2, 1)
		tally(got[0], 0, 0)
		var none bid.Bid
		if err := cast("acc_1", none, ""); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("on no bid: %v", err)
		}
	})
}

func TestNobodyVotesOnWhatIsSealed(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		elsewhere := h.Taken(bidtest.Asks("a", 10_000))[0]
		h.Wish = "wsh_2"
		h.Open(bid.Sealed)
		sealed := h.Taken(bidtest.Asks("a", 9_000))[0]
		cast := func(wish market.WishID, b bid.Bid) error {
			return h.Try(func(ctx context.Context, tx *db.Tx) error {
				return voice.Cast(ctx, tx, wish, voice.Vote{BidID: b.ID, AccountID: "acc_1"})
			})
		}
		if err := cast(h.Wish, sealed); !errors.Is(err, bid.ErrHidden) {
			t.Errorf("a vote on what nobody sees: %v", err)
		}
		if err := cast(h.Wish, elsewhere); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("a bid of another wish: %v", err)
		}
		if err := cast("wsh_none", sealed); !errors.Is(err, bid.ErrNoAuction) {
			t.Errorf("no auction: %v", err)
		}
		h.Over()
		if before := h.Auction().Version; cast(h.Wish, sealed) != nil || h.Auction().Version != before+1 {
			t.Error("a vote while members choose is not put in order with the award")
		}
	})
}

func TestAQuestionIsAnsweredOnceAndByTheSeller(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		got := h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
		var asked voice.Word
		h.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			asked, err = voice.Ask(ctx, tx, h.Wish, voice.Word{BidID: got[0].ID, AccountID: "acc_1", Words: "언제 오나요?"})
			return err
		})
		answer := func(b bid.Bid, question string, who market.MerchantID) error {
			return h.Try(func(ctx context.Context, tx *db.Tx) error {
				_, err := voice.Answer(ctx, tx, who, voice.Word{BidID: b.ID, Answers: question, AccountID: "acc_9", Words: "내일요"})
				return err
			})
		}
		for _, err := range []error{answer(got[0], asked.ID, "mer_b"), answer(got[1], asked.ID, "mer_b"),
			answer(got[0], "bwd_none", "mer_a")} {
			if !errors.Is(err, bid.ErrNotFound) {
				t.Errorf("somebody else answered: %v", err)
			}
		}
		if err := answer(got[0], asked.ID, "mer_a"); err != nil {
			t.Error(err)
		}
		if err := answer(got[0], asked.ID, "mer_a"); !errors.Is(err, voice.ErrAnswered) {
			t.Errorf("answered twice: %v", err)
		}
		words, err := voice.Words(t.Context(), h.D, got[0].ID, 10)
		if err != nil || len(words) != 2 || words[0] != asked || words[1].Answers != asked.ID || words[1].Words != "내일요" {
			t.Errorf("%+v %v", words, err)
		}
		if err := answer(got[0], words[1].ID, "mer_a"); !errors.Is(err, bid.ErrNotFound) {
			t.Errorf("an answer to an answer: %v", err)
		}
	})
}

// TestTheVoicesOnAllBidsAreReadAtOnce: as FlagsOf and Words give them, a bid each.
func TestTheVoicesOnAllBidsAreReadAtOnce(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.InTheOpen)
		got := h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
		for i, b := range got {
			h.Do(func(ctx context.Context, tx *db.Tx) error {
				for _, who := range []market.AccountID{"acc_1", "acc_2"} {
					if err := voice.Cast(ctx, tx, h.Wish, voice.Vote{BidID: b.ID, AccountID: who, Flag: voice.FlagFake}); err != nil {
						return err
					}
				}
				_, err := voice.Ask(ctx, tx, h.Wish, voice.Word{BidID: b.ID, AccountID: "acc_1", Words: string(rune('가' + i))})
				return err
			})
		}
		words, err := voice.WordsIn(t.Context(), h.D, h.Wish, 10)
		if err != nil || len(words) != 2 || words[got[1].ID][0].Words != "각" {
			t.Errorf("%+v %v", words, err)
		}
		flags, err := voice.FlagsIn(t.Context(), h.D, h.Wish, 10)
		if err != nil || len(flags[got[0].ID]) != 2 || len(flags[got[1].ID]) != 2 {
			t.Errorf("%+v %v", flags, err)
		}
		if other, err := voice.WordsIn(t.Context(), h.D, "wsh_2", 10); err != nil || len(other) != 0 {
			t.Errorf("%+v %v", other, err)
		}
	})
}
