package wishes

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
)

// Word is a question about a bid, or the seller's answer to one.
type Word struct {
	ID      string    `json:"id"`
	BidID   string    `json:"bid_id"`
	Answers string    `json:"answers,omitempty" doc:"The question's id; none for a question."`
	Words   string    `json:"words"`
	At      time.Time `json:"at"`
}

// Flag is why a member thinks that a bid should not win; members are not named.
type Flag struct {
	Reason string    `json:"reason" doc:"fake, terms, unclear, seller or other"`
	Words  string    `json:"words"`
	At     time.Time `json:"at"`
}

// BidPath names a bid in an address.
type BidPath struct {
	WishPath
	BidID string `path:"bid" maxLength:"40"`
}

func (b BidPath) bid() market.BidID { return market.BidID(b.BidID) }

type wordsOutput struct {
	Body struct {
		Words []Word `json:"words" doc:"The oldest first."`
	}
}

type votesOutput struct {
	Body struct {
		Voters int64  `json:"voters"`
		Flags  int64  `json:"flags"`
		Listed []Flag `json:"listed" doc:"The newest first."`
	}
}

type bidAskInput struct {
	Keyed
	BidPath
	Body struct {
		Words string `json:"words" maxLength:"2000"`
	}
}

type bidAnswerInput struct {
	Keyed
	BidPath
	Question string `path:"question" maxLength:"40"`
	Body     struct {
		MerchantID string `json:"merchant_id" maxLength:"40"`
		Words      string `json:"words" maxLength:"2000"`
	}
}

type wordOutput struct {
	Body Word
}

type bidVoteInput struct {
	Keyed
	BidPath
	Body struct {
		Flag  string `json:"flag,omitempty" enum:"fake,terms,unclear,seller,other" doc:"Without one the bid is fine."`
		Words string `json:"words,omitempty" maxLength:"2000"`
	}
}

func (p *part) voiceRoutes() {
	const at = "/wishes/{wish}/bids/{bid}"
	get(p, at+"/questions", "What was asked about a bid, and answered", p.words, open)
	post(p, at+"/questions", "Ask the seller in public", p.ask, created)
	post(p, at+"/questions/{question}/answer", "Answer a question as the seller, once", p.answer, created)
	get(p, at+"/votes", "How members voted on a bid", p.votes, open)
	post(p, at+"/votes", "Vote as a firm member; the newest vote counts", p.vote)
}

const (
	wordsMax = 500
	flagsMax = 200
)

// asks bounds how much one account says about bids.
func asks() limit.Rule { return limit.Rule{Name: "wish.words", Max: 30, Per: time.Hour} }

// judged looks whether a bid of this wish is there for everybody to speak about.
func judged(ctx context.Context, q db.Querier, in BidPath) error {
	if err := readable(ctx, q, in.wish()); err != nil {
		return err
	}
	a, err := bid.Find(ctx, q, in.wish())
	if err != nil {
		return err
	}
	b, err := bid.FindBid(ctx, q, in.bid())
	if err != nil {
		return err
	}
	if b.WishID != in.wish() {
		return bid.ErrNotFound
	}
	return a.MayJudge()
}

func wordOf(w voice.Word) Word {
	return Word{ID: w.ID, BidID: string(w.BidID), Answers: w.Answers, Words: w.Words, At: w.At}
}

func (p *part) words(ctx context.Context, in *BidPath) (*wordsOutput, error) {
	out := &wordsOutput{}
	out.Body.Words = []Word{}
	err := p.DB.Read(ctx, func(q *db.ReadTx) error {
		if err := judged(ctx, q, *in); err != nil {
			return err
		}
		list, err := voice.Words(ctx, q, in.bid(), wordsMax)
		for _, w := range list {
			out.Body.Words = append(out.Body.Words, wordOf(w))
		}
		return err
	})
	return out, err
}

func (p *part) votes(ctx context.Context, in *BidPath) (*votesOutput, error) {
	out := &votesOutput{}
	out.Body.Listed = []Flag{}
	err := p.DB.Read(ctx, func(q *db.ReadTx) error {
		if err := judged(ctx, q, *in); err != nil {
			return err
		}
		tallies, err := voice.Tallies(ctx, q, in.wish())
		if err != nil {
			return err
		}
		out.Body.Voters, out.Body.Flags = tallies[in.bid()].Voters, tallies[in.bid()].Flags
		list, err := voice.FlagsOf(ctx, q, in.bid(), flagsMax)
		for _, v := range list {
			out.Body.Listed = append(out.Body.Listed, Flag{Reason: string(v.Flag), Words: v.Words, At: v.At})
		}
		return err
	})
	return out, err
}

func (p *part) ask(ctx context.Context, in *bidAskInput) (*wordOutput, error) {
	cmd := asking{"api.ask", in.Key, []any{in.ID, in.BidID, in.Body}}
	return p.say(ctx, cmd, func(ctx context.Context) (voice.Word, error) {
		return p.Auction.Ask(ctx, p.Actor(ctx), in.wish(), voice.Word{BidID: in.bid(), Words: in.Body.Words})
	})
}

func (p *part) answer(ctx context.Context, in *bidAnswerInput) (*wordOutput, error) {
	cmd := asking{"api.answer", in.Key, []any{in.ID, in.BidID, in.Question, in.Body}}
	return p.say(ctx, cmd, func(ctx context.Context) (voice.Word, error) {
		return p.Auction.Answer(ctx, p.Actor(ctx), market.MerchantID(in.Body.MerchantID), voice.Word{BidID: in.bid(),
			Answers: in.Question, Words: in.Body.Words})
	})
}

// say writes words once under a key; only what is new counts towards what one may say.
func (p *part) say(ctx context.Context, cmd asking, write func(context.Context) (voice.Word, error),
) (*wordOutput, error) {
	out, err := once(ctx, p, cmd, func(ctx context.Context) (Word, error) {
		if err := p.Limits.Take(ctx, asks(), p.Actor(ctx).Key()); err != nil {
			return Word{}, err
		}
		w, err := write(ctx)
		return wordOf(w), err
	})
	return &wordOutput{Body: out}, err
}

func (p *part) vote(ctx context.Context, in *bidVoteInput) (*doneOutput, error) {
	cmd := asking{"api.vote", in.Key, []any{in.ID, in.BidID, in.Body}}
	out, err := once(ctx, p, cmd, func(ctx context.Context) (Done, error) {
		return Done{true}, p.Auction.Vote(ctx, p.Actor(ctx), in.wish(), voice.Vote{BidID: in.bid(),
			Flag: voice.Flag(in.Body.Flag), Words: in.Body.Words})
	})
	return &doneOutput{Body: out}, err
}
