package wanted

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/record"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/gone"
	"github.com/dure-commerce/dure/internal/web/wanted/joined"
	"github.com/dure-commerce/dure/internal/web/wanted/round"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// view is everything a wish's page is made of, read in one view of the database.
type view struct {
	Wish         wish.Wish
	Auction      bid.Auction
	Offers       []offer // as they stand, or as they were decided
	Before       []round.Offer
	Sealed       []bid.Commitment
	Faults       []award.Fault
	Own          wish.Member
	Actor        market.Actor
	Author, Lead string // names, not whole
	Into         wish.Wish
	Pasts        []wish.Past   // rounds that came to nothing
	Joined       []joined.Wish // that have merged into this one
	Refused      round.Refused
	Kind, Where  string
	Shares       []escrow.Tally
	ChosenBy     time.Time // when members have had their time to look
	PayUntil     time.Time
	PaidUp       time.Time // when paying was over
	Figures      policy.Wanted
	Rules        bid.Rules
	BidHref      string
	EmbedHref    string
	QR           string
	Pays         bool // there are pages on which shares are paid
	Now          time.Time
}

// offer is one bid with what is said about it.
type offer struct {
	award.Line
	Seller   merchant.Merchant
	Verified bool         // by the register, or by the operator
	Facts    record.Facts // what its shares say of it
	Branch   string
	Words    []voice.Word
	Flags    []voice.Vote
	Mine     *voice.Vote                 // the reader's own voice
	Askers   map[market.AccountID]string // names, not whole
	Seal     bid.Seal
	Shop     bool // the reader belongs to its seller
	Quantity int64
}

// Bounds of what one page shows.
const (
	wordsShown = 500
	flagsShown = 500
)

// load reads a wish's page from one consistent view.
func (d Deps) load(ctx context.Context, actor market.Actor, lang string, id market.WishID) (view, error) {
	v := view{Actor: actor, Now: d.DB.Clock().Now()}
	v.Figures, v.Rules = policy.At(v.Now).Wanted, auction.Figures(v.Now)
	err := d.DB.Read(ctx, func(q *db.ReadTx) (err error) {
		if v.Wish, err = wish.Find(ctx, q, id); err != nil {
			return err
		}
		if v.Auction, err = bid.Find(ctx, q, id); err != nil && !errors.Is(err, bid.ErrNoAuction) {
			return err
		}
		if err := v.people(ctx, q); err != nil {
			return err
		}
		if v.Where, v.Kind, err = stage.NamesOf(ctx, q, lang, v.Wish); err != nil {
			return err
		}
		if v.Shares, err = escrow.Tallies(ctx, q, id); err != nil {
			return err
		}
		if err := v.paying(ctx, q); err != nil {
			return err
		}
		if v.Pasts, err = wish.Pasts(ctx, q, id); err != nil {
			return err
		}
		if v.Joined, err = joined.Read(ctx, q, id); err != nil {
			return err
		}
		if v.Wish.MergedInto != "" {
			if v.Into, err = wish.Find(ctx, q, v.Wish.MergedInto); err != nil {
				return err
			}
		}
		return d.offers(ctx, q, &v)
	})
	if !v.Auction.ClosedAt.IsZero() {
		v.ChosenBy = auction.ChoosingEnds(v.Auction.ClosedAt)
	}
	v.links(d)
	return v, err
}

// rounds is what is said of the rounds of the wish, and asked of its lead.
func (v view) rounds() round.View {
	return round.View{Wish: v.Wish, Pasts: v.Pasts, Offers: v.Before, Rules: wanted.Rounds(v.Now), Leads: v.leads(),
		Firm: v.Own.Counts(), Href: v.href(), Now: v.Now, Refused: v.Refused}
}

// paying reads until when members pay, and until when a seller may say that fewer will do.
func (v *view) paying(ctx context.Context, q db.Querier) error {
	c, err := collect.Find(ctx, q, v.Wish.ID)
	if errors.Is(err, collect.ErrNotFound) {
		return nil
	}
	v.PayUntil, v.PaidUp = c.Until, c.EndedAt
	if c.State == collect.Asking {
		v.PayUntil = c.AnswerBy
	}
	return err
}

// links are addresses beside the wish's own.
func (v *view) links(d Deps) {
	v.BidHref, v.Pays = "/office/wanted/"+string(v.Wish.ID), d.Pays
	if d.BidHref != nil {
		v.BidHref = d.BidHref(v.Wish.ID)
	}
	if d.EmbedHref != nil {
		v.EmbedHref = d.EmbedHref(v.Wish.ID)
	}
}

// people reads the reader's own place, and who speaks for the wish.
func (v *view) people(ctx context.Context, q db.Querier) error {
	if v.Actor.SignedIn() {
		own, err := wish.FindMember(ctx, q, wish.MemberKey{WishID: v.Wish.ID, AccountID: v.Actor.AccountID})
		if err != nil {
			return err
		}
		v.Own = own
	}
	names, err := masked(ctx, q, []market.AccountID{v.Wish.AuthorID, v.Wish.LeadID})
	v.Author, v.Lead = names[v.Wish.AuthorID], names[v.Wish.LeadID]
	return err
}

// masked reads people's names as strangers may see them.
func masked(ctx context.Context, q db.Querier, ids []market.AccountID) (map[market.AccountID]string, error) {
	list, err := account.ListByIDs(ctx, q, ids)
	out := make(map[market.AccountID]string, len(list))
	for _, a := range list {
		out[a.ID] = account.Masked(a.Name)
	}
	return out, err
}

func (d Deps) viewOf(r *request.Request) (view, error) {
	return d.load(r.Context(), r.Actor, r.Loc.Lang(), market.WishID(r.PathValue("wish")))
}

func (d Deps) show(r *request.Request) error {
	v, err := d.viewOf(r)
	if err != nil {
		return err
	}
	if v.Wish.TakenDown() {
		return gone.Show(r, d.DB, v.Wish)
	}
	v.QR = d.code(stage.Href(v.Wish.ID), r.Loc)
	return r.Render(wishPage(v.frame(r.Page(v.Wish.Name)), v))
}

// frame puts what the wish says of itself around its page.
func (v view) frame(page ui.Page) ui.Page {
	page.Title = v.Wish.Name
	page.Description, page.Canonical, page.Picture = v.share(page.Loc), stage.Href(v.Wish.ID), v.cardHref()
	page.NoIndex = v.Wish.State == wish.Closed || v.Wish.State == wish.Merged
	page.Back = "/wanted"
	page.Embed = "/oembed?" + url.Values{"url": {page.Base + stage.Href(v.Wish.ID)}}.Encode()
	if !v.Wish.State.Terminal() {
		page.LiveTopics = []string{"wish:" + string(v.Wish.ID)}
	}
	return page
}

// part answers one live region and nothing else.
func (d Deps) part(r *request.Request) error {
	parts := map[string]func(view) templ.Component{"state": statePart, "meter": meterPart, "act": actPart,
		"offers": offersPart, "way": wayPart}
	part, known := parts[r.PathValue("part")]
	if !known {
		return request.ErrNoPage
	}
	v, err := d.viewOf(r)
	if err == nil {
		err = v.Wish.Readable()
	}
	if err != nil {
		return err
	}
	return r.Render(ui.Fragment(r.Loc, part(v)))
}
