package fundtest_test

import (
	"context"
	"database/sql"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/escrow"
	sent "github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// office gives a browser of a seller on the pages of offers.
func (p *purse) office(n int) *requesttest.Browser {
	p.T.Helper()
	f, mux := requesttest.Frame(p.T, p.DB), http.NewServeMux()
	at := desk.Deps{Frame: f, DB: p.DB}
	tender.Routes(mux, tender.Deps{Frame: f, DB: p.DB, Auction: p.Auction, Deposits: p.Deposits, Enroll: p.Enroll,
		Announce: p.Announce, Media: p.Media, Maker: p.Maker, Shop: at.Shop,
		Page: func(r *request.Request, s report.Shop, title string) ui.Page {
			return at.Page(r, s, desk.AtWanted, title)
		}})
	b := requesttest.Open(p.T, f, mux)
	b.SignIn(p.DB, apptest.Owner(potter(n)).AccountID)
	return b
}

// said is what a seller's page says is left, in won, beside a row.
func (p *purse) said(row string) int64 {
	p.T.Helper()
	page := p.office(1).Get("/office/wanted/" + string(p.wish))
	_, rest, found := strings.Cut(page.Body, row)
	won := regexp.MustCompile(`<dd[^>]*>([0-9,]+)원</dd>`).FindStringSubmatch(rest)
	if page.Status != http.StatusOK || !found || won == nil {
		p.T.Fatalf("%d: %q is not on %s", page.Status, row, page.Body)
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(won[1], ",", ""), 10, 64)
	p.Must(err)
	return n
}

// served lets every paid share be sent, arrive and be confirmed, and the payout go.
func (p *purse) served() {
	p.T.Helper()
	shares, err := escrow.ListShares(p.Ctx, p.DB, p.wish, "", 100)
	p.Must(err)
	cmd := deliver.ShipCmd{WishID: p.wish}
	for i, s := range shares {
		cmd.Parcels = append(cmd.Parcels, escrow.Sent{OrderID: s.OrderID, Name: sent.Name{Carrier: "cj",
			Number: "6123456780" + strconv.Itoa(10+i)}})
	}
	done, err := p.Deliver.Ship(p.Ctx, apptest.Owner(potter(1)), cmd)
	p.Must(err)
	if len(done.Sent) != len(shares) {
		p.T.Fatalf("%+v", done)
	}
	for _, s := range shares {
		_, err := p.Deliver.Confirm(p.Ctx, market.Actor{AccountID: s.AccountID, Confirmed: true}, s.OrderID)
		p.Must(err)
	}
	p.days(10)
}

func (p *purse) paidOut() int64 {
	p.T.Helper()
	won, err := db.One(p.Ctx, p.DB, db.Scalar[int64], `SELECT CAST(coalesce(SUM(amount), 0) AS bigint) FROM payout
 WHERE merchant_id = $1 AND state = 'confirmed'`, string(potter(1)))
	p.Must(err)
	return won
}

// uneven is an offer whose commission never comes out in whole won, with a step that twelve people reach.
func uneven() []bid.Offer {
	return []bid.Offer{{Delivery: bid.Shipping, UnitPrice: 9_333, QuantityMin: 5,
		Steps: []bid.PriceStep{{From: 12, UnitPrice: 8_777}}}}
}

// TestWhatThePageSaysIsLeftIsPaidOut to the won, once the wish is fulfilled.
func TestWhatThePageSaysIsLeftIsPaidOut(t *testing.T) {
	payIn(t, uneven(), func(p *purse) {
		said, least := p.said("12개 · 한 개 8,777원"), p.said("5개 · 한 개 9,333원")
		if want := int64(12 * (8_777 - 1_053 - 105)); said != want || least != 5*(9_333-1_119-111) {
			p.T.Fatalf("the page says %d and %d", said, least)
		}
		p.capital()
		p.all(1, crowd)
		p.round()
		p.still()
		p.served()
		if paid := p.paidOut(); paid != said {
			t.Errorf("the page said %d, paid out are %d", said, paid)
		}
	})
}

// TestTheCommissionIsThatOfTheDayOfTheBid, whatever policy says when paying opens; a bid of which nothing was written
// down stands by the policy of that instant.
func TestTheCommissionIsThatOfTheDayOfTheBid(t *testing.T) {
	for _, c := range []struct {
		change string
		want   int64
	}{{`UPDATE bid_terms SET commission_bp = 733`, 733}, {`DELETE FROM bid_terms`, 1_200}} {
		choose(t, bid.InTheOpen, uneven(), func(p *purse) {
			p.Must(p.DB.Migrator(p.Ctx, func(pool *sql.DB) error {
				_, err := pool.ExecContext(context.WithoutCancel(p.Ctx), c.change)
				return err
			}))
			said := p.said("12개 · 한 개 8,777원")
			p.Pass(24 * time.Hour)
			if got := p.escrow(); got.CommissionBP != c.want || got.PolicyID != policy.At(p.Clock.Now()).ID {
				p.T.Fatalf("%s: %+v", c.change, got)
			}
			p.capital()
			p.all(1, crowd)
			p.round()
			p.still()
			p.served()
			if paid := p.paidOut(); paid != said {
				t.Errorf("%s: the page said %d, paid out are %d", c.change, said, paid)
			}
		})
	}
}
